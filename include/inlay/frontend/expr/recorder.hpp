// A network's expressions become a graph while they are evaluated.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/builder.hpp"
#include "inlay/graph/shared_text.hpp"
#include "inlay/graph/text_buffer.hpp"
#include "inlay/op/list.hpp"
#include "inlay/pass/infer_types.hpp"

namespace inlay::inline INLAY_VERSION::expr {

/// A name as layers take it: a literal, or whatever has characters: a string, or a `"conv1"_name`
/// of frontend/hana.hpp.
struct name {
  string_view text;

  constexpr name(char const* characters) : text(characters) {}
  constexpr name(string_view characters) : text(characters) {}
  template <class Text>
    requires requires(Text const& t) { t.c_str(); }
  constexpr name(Text const& t) : text(t.c_str(), length_of(t.c_str())) {}

 private:
  // GCC 12 knows no length of an array that a template is.
  static constexpr std::size_t length_of(char const* characters) {
    std::size_t length = 0;
    while (characters[length] != '\0') ++length;
    return length;
  }
};

/// What was recorded, and which of its names no literal holds.
struct recording {
  /// Whose name it is: that of a node, or of a value.
  struct named {
    bool is_node = false;
    std::uint32_t index = 0;
  };

  graph result;
  vector<named> names;
  vector<shared_text> owners;  // of the characters of those names

  constexpr std::size_t text_size() {
    std::size_t size = 0;
    for (auto const& n : names) size += text_of(n).size();
    return size;
  }
  constexpr void copy_text(char* to) {
    for (auto const& n : names) {
      for (auto const c : text_of(n)) *to++ = c;
    }
  }
  /// The names stand there from now on, one after the other.
  constexpr void move_text(char const* to) {
    for (auto const& n : names) {
      auto& text = text_of(n);
      text = string_view(to, text.size());
      to += text.size();
    }
  }

 private:
  constexpr string_view& text_of(named const& n) {
    return n.is_node ? result.nodes[n.index].name : result.values[n.index].name;
  }
};

/// The first operator set that has all of ONNX's own operators: what files of networks are written
/// for.
inline constexpr std::int64_t opset_of_networks = [] {
  int newest = 0;
  for (auto const* const entry : inlay::detail::table::entries) {
    if (entry->domain.empty() && entry->since > newest) newest = entry->since;
  }
  return newest;
}();

/// Where expressions are recorded. Each node gets its types at once, so that layers know the shapes
/// of what they are applied to. A mistake is kept as the graph's first error, and what follows is
/// recorded all the same.
class recorder {
 public:
  constexpr recorder() : builder_({}, opset_of_networks), types_(builder_.unfinished()) {}
  recorder(recorder const&) = delete;
  recorder& operator=(recorder const&) = delete;

  constexpr graph& unfinished() { return builder_.unfinished(); }
  constexpr void fail(error const& e) { unfinished().fail(e); }
  constexpr tensor_type const& type_of(value_id id) { return unfinished().values[id].type; }
  constexpr std::int64_t symbol(string_view text) { return builder_.symbol(text); }

  /// An input of the network. All of them come before anything else.
  constexpr value_id input(tensor_type const& type) { return builder_.input({}, type); }
  constexpr void end_inputs() { types_.check_inputs(); }

  /// An input behind those of the network, whose name is that of the open scopes and its own.
  ///   in "encoder", "fc" and "weight" → "encoder.fc.weight"
  constexpr value_id parameter(string_view layer, string_view own, tensor_type const& type) {
    auto const text = keep(scope_.view(), layer, layer.empty() ? "" : ".", own);
    auto const id = builder_.input(text, type);
    recorded_.names.push_back({false, id});
    if (!inlay::contains(stored_types{}, type.element)) {
      fail(make_error(rule::the_element_type_must_be_supported, "parameter '", text,
                      "': element type ", type.element, " is not supported"));
    }
    return id;
  }

  template <class T> constexpr value_id constant(shape const& s, span<T const> elements) {
    return builder_.constant({}, s, elements);
  }

  /// A node of that name in the open scopes; one without a name has none. Returns its first
  /// output; the others are the values after it.
  constexpr value_id add(operator_id op, string_view own, span<value_id const> inputs,
                         span<named_attribute const> attributes, std::uint32_t outputs = 1) {
    auto& g = unfinished();
    string_view text;
    if (!own.empty()) {
      text = keep(scope_.view(), own, "", "");
      recorded_.names.push_back({true, static_cast<std::uint32_t>(g.nodes.size())});
    }
    auto const& entry = entry_of<graph>(op);
    auto const id = builder_.add(op, entry.name, text, inputs, attributes, outputs, entry.domain);
    if (!g.failure) types_.infer_outputs(g.nodes.back());
    return id;
  }

  /// Gives a value a name, in no scope.
  constexpr void name_value(value_id id, string_view own) {
    builder_.rename(id, keep(own, "", "", ""));
    recorded_.names.push_back({false, id});
  }
  /// The same for a literal.
  constexpr void name_port(value_id id, string_view literal) { builder_.rename(id, literal); }

  /// From here on names begin with that of the scope and a dot.
  constexpr void open_scope(string_view own) { scope_.append(own, "."); }
  constexpr void open_scope(std::int64_t index) {
    text_buffer digits;
    digits << index;
    scope_.append(digits.view(), ".");
  }
  constexpr std::size_t scope_size() const { return scope_.size(); }
  constexpr void close_scope(std::size_t size_before) { scope_.truncate(size_before); }

  constexpr void output(value_id id) { builder_.output(id); }

  constexpr recording finish() {
    auto& g = unfinished();
    if (!g.failure) types_.finish();
    recorded_.result = builder_.finish();
    return std::move(recorded_);
  }

 private:
  /// The names of the open scopes, each with a dot behind it.
  class scope_text {
   public:
    constexpr string_view view() const { return {text_.data(), text_.size()}; }
    constexpr std::size_t size() const { return text_.size(); }
    constexpr void append(string_view a, string_view b) {
      text_.append(a.data(), a.size());
      text_.append(b.data(), b.size());
    }
    constexpr void truncate(std::size_t size) { text_.truncate(size); }

   private:
    vector<char> text_;
  };

  /// A copy of the parts, one after the other, which stays where it is.
  constexpr string_view keep(string_view a, string_view b, string_view c, string_view d) {
    auto const size = a.size() + b.size() + c.size() + d.size();
    shared_text kept(size);
    auto* const text = kept.data();
    auto* at = text;
    for (auto const& part : {a, b, c, d}) {
      for (auto const character : part) *at++ = character;
    }
    recorded_.owners.push_back(kept);
    return {text, size};
  }

  builder builder_;
  inlay::detail::type_inference<graph> types_;
  recording recorded_;
  scope_text scope_;
};

}  // namespace inlay::inline INLAY_VERSION::expr
