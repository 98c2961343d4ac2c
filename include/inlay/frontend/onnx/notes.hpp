// What a file says of its parts that no pass needs, on the way to the graph's annotations.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/index_table.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/nesting.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// What stands in the key of an annotation before the file's own words.
enum class note_prefix : std::uint8_t {
  none,
  metadata,
  quantization,
  doc_string,
  denotation,
  dimension_denotation,
  input
};
/// Indexed by note_prefix.
inline constexpr string_view note_prefixes[] = {
    "",      "metadata:", "quantization:", "doc_string:", "denotation:", "dimension_denotation:",
    "input:"};

/// An annotation whose key is a prefix, `metadata:` for one, then numbers, if there are any, and a
/// text of the file, with colons between them. While a body is read, its nodes and the body itself
/// are noted as `node` and `graph`, counted in the body.
struct note {
  annotated what = annotated::model;
  note_prefix prefix = note_prefix::none;
  std::int8_t second = -1;  // number, if any
  std::uint32_t index = 0;
  string_view key;
  string_view text;
  std::int32_t first = -1;  // number, if any

  constexpr bool has_numbers() const { return first >= 0; }
};

/// The name that this library writes as a file's producer; it is not kept.
inline constexpr string_view own_producer = "inlay";

/// A StringStringEntryProto.
struct text_entry {
  string_view key;
  string_view text;
};
constexpr text_entry read_text_entry(message m) {
  text_entry e;
  while (m.next()) {
    if (m.number() == 1) e.key = m.bytes();
    if (m.number() == 2) e.text = m.bytes();
  }
  return e;
}

class notes {
  // Before its use: Clang instantiates no template of a class that it has not parsed yet.

  /// Visits all notes, ordered by `what` and `index`, those of one thing as they came.
  template <class Visit> constexpr void each_in_order(graph const& g, Visit&& visit) const {
    constexpr auto kinds = detail::annotated_kinds;
    detail::annotated_counts const counts(g);
    std::size_t first[kinds + 1]{};
    for (std::size_t k = 0; k < kinds; ++k) first[k + 1] = first[k] + counts.of[k];
    constexpr std::uint32_t none = 0xffff'ffff;
    vector<std::uint32_t> heads(first[kinds], none);
    vector<std::uint32_t> next(notes_.size(), none);
    for (auto i = static_cast<std::uint32_t>(notes_.size()); i-- > 0;) {
      auto& head = heads[first[static_cast<std::size_t>(notes_[i].what)] + notes_[i].index];
      next[i] = head;
      head = i;
    }
    for (auto i : heads) {
      for (; i != none; i = next[i]) visit(notes_[i]);
    }
  }

 public:
  static constexpr std::size_t most = std::size_t{1} << 20;

  constexpr std::size_t size() const { return notes_.size(); }

  constexpr void add(annotated what, std::size_t index, note_prefix prefix, string_view key,
                     string_view text, std::int64_t first = -1, std::int64_t second = -1) {
    if (notes_.size() == most) {
      are_too_many_ = true;
      return;
    }
    notes_.push_back({what, prefix, static_cast<std::int8_t>(second),
                      static_cast<std::uint32_t>(index), key, text,
                      static_cast<std::int32_t>(first)});
  }
  /// An entry of `metadata_props`, which the current field of `m` holds.
  constexpr void add_metadata(message const& m, annotated what, std::size_t index) {
    auto const e = read_text_entry({m, "an entry of metadata"});
    add(what, index, note_prefix::metadata, e.key, e.text);
  }

  /// The last notes that have two numbers and no key yet get this one: what is said of the types of
  /// an attribute may come before its name.
  constexpr void set_open_keys(string_view key) {
    for (auto i = notes_.size(); i-- > 0;) {
      auto& n = notes_[i];
      if (n.second < 0 || !n.key.empty()) break;
      n.key = key;
    }
  }

  constexpr void truncate(std::size_t size) { notes_.truncate(size); }

  constexpr void set_model_version(std::int64_t version) { model_version_ = version; }

  /// The notes from `first` on that were taken of a body as if it were the graph belong to that
  /// body, or to the function (`what` and `index`) whose body it is.
  constexpr void end_body(std::size_t first, body const& b, annotated what, std::size_t index) {
    for (auto i = first; i < notes_.size(); ++i) {
      auto& n = notes_[i];
      if (n.what == annotated::graph) {
        n.what = what;
        n.index = static_cast<std::uint32_t>(index);
      } else if (n.what == annotated::node) {
        n.what = annotated::body_node;
        n.index += b.nodes.first;
      }
    }
  }

  /// Becomes the graph's annotations, sorted by what they say something of. Of what is said twice
  /// of a value, in two places of the file, the first counts.
  constexpr void finish(graph& g) const {
    if (notes_.empty() && model_version_ == 0) return;
    if (are_too_many_) {
      g.fail(make_error(rule::a_graph_must_have_at_most_1048576_parts,
                        "the file has more than 1048576 documentations and other remarks"));
      return;
    }
    sentence version;
    version << model_version_;
    std::size_t size = version.view().size();
    for (auto const& n : notes_) {
      if (n.prefix == note_prefix::none) continue;
      size += prefix_of(n).size() + n.key.size();
      if (n.has_numbers()) size += size_of_numbers;
    }
    g.names = shared_text(size);
    auto* at = g.names.data();
    char const* const first = at;
    auto const keep = [&](string_view text) {
      for (auto const c : text) *at++ = c;
    };
    if (model_version_ != 0) {
      keep(version.view());
      g.annotations.push_back(
          {annotated::model, 0, "model_version", string_view(first, version.view().size())});
    }
    g.annotations.reserve(g.annotations.size() + notes_.size());
    index_table values;
    each_in_order(g, [&](note const& n) {
      auto key = n.key;
      auto* const from = at;
      if (n.prefix != note_prefix::none) {
        keep(prefix_of(n));
        if (n.has_numbers()) keep(numbers_of(n).view());
        keep(n.key);
        key = string_view(from, static_cast<std::size_t>(at - from));
      }
      if (n.what == annotated::value && !is_new(g, n.index, key, values)) {
        at = from;
        return;
      }
      g.annotations.push_back({n.what, n.index, key, n.text});
    });
  }

 private:
  static constexpr std::size_t size_of_numbers = 10 + 1 + 3 + 1;

  static constexpr string_view prefix_of(note const& n) {
    return note_prefixes[static_cast<std::size_t>(n.prefix)];
  }
  static constexpr sentence numbers_of(note const& n) {
    sentence numbers;
    numbers << n.first;
    if (n.second >= 0) numbers << ":" << int{n.second};
    if (!n.key.empty()) numbers << ":";
    return numbers;
  }

  constexpr bool is_new(graph const& g, std::uint32_t id, string_view key,
                        index_table& values) const {
    auto const hash = hash_word(hash_text(key), id);
    auto const is_same = [&](std::uint32_t i) {
      auto const& a = g.annotations[i];
      return a.index == id && a.key == key;
    };
    if (values.find(hash, is_same) != index_table::absent) return false;
    values.insert(hash, static_cast<std::uint32_t>(g.annotations.size()));
    return true;
  }

  vector<note> notes_;
  bool are_too_many_ = false;
  std::int64_t model_version_ = 0;
};

}  // namespace inlay::inline INLAY_VERSION::onnx_format
