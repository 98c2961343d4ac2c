// Weights in the format of safetensors, in the compiler and at run time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "inlay/core/bytes.hpp"
#include "inlay/core/checked.hpp"
#include "inlay/core/element_type.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/graph/builder.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

namespace safetensors_format {

struct dtype_name {
  string_view name;
  element_type element;
};
inline constexpr dtype_name dtypes[] = {
    {"F32", element_type::float32},       {"F64", element_type::float64},
    {"F16", element_type::float16},       {"BF16", element_type::bfloat16},
    {"I64", element_type::int64},         {"I32", element_type::int32},
    {"I16", element_type::int16},         {"I8", element_type::int8},
    {"U64", element_type::uint64},        {"U32", element_type::uint32},
    {"U16", element_type::uint16},        {"U8", element_type::uint8},
    {"BOOL", element_type::boolean},      {"F8_E4M3", element_type::float8e4m3fn},
    {"F8_E5M2", element_type::float8e5m2}};

/// What the header says of a tensor.
struct entry {
  string_view name;
  element_type element = element_type::undefined;
  inlay::shape shape{};
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  bool has_type = false;
  bool has_shape = false;
  bool has_place = false;
};

/// The header: one JSON object of objects, of texts without escapes and natural numbers. After an
/// error it is at its end.
class header_reader {
 public:
  constexpr header_reader(string_view header, std::size_t data_size)
      : all_(header), rest_(header), data_size_(data_size) {}

  constexpr error const& failure() const { return failure_; }

  /// Calls `visit(entry)` with each tensor.
  template <class Visit> constexpr void read(Visit&& visit) {
    expect('{');
    for (bool is_first = true; !failure_ && !take('}'); is_first = false) {
      if (!is_first) expect(',');
      auto const name = text();
      expect(':');
      if (name == "__metadata__") skip_metadata();
      else read_entry(name, visit);
    }
    if (!failure_ && (blanks(), !rest_.empty())) fail("something stands behind it");
  }

 private:
  constexpr void fail(string_view what) {
    if (failure_) return;
    auto const at = all_.size() - rest_.size();
    failure_ =
        make_error(rule::the_text_must_follow_the_grammar, "the header of the safetensors: ", what);
    failure_.offset = static_cast<std::int64_t>(at) + 8;
    rest_ = {};
  }
  constexpr void blanks() {
    while (!rest_.empty() &&
           (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\t' || rest_[0] == '\r')) {
      rest_.remove_prefix(1);
    }
  }
  constexpr bool take(char c) {
    blanks();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  constexpr void expect(char c) {
    if (take(c)) return;
    char const wanted[] = {'\'', c,   '\'', ' ', 'i', 's', ' ', 'e',
                           'x',  'p', 'e',  'c', 't', 'e', 'd'};
    fail(string_view(wanted, sizeof wanted));
  }
  constexpr string_view text() {
    expect('"');
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      if (rest_[i] == '\\') {
        fail("a text with an escape is not supported");
        return {};
      }
      if (rest_[i] != '"') continue;
      auto const read = rest_.substr(0, i);
      rest_.remove_prefix(i + 1);
      return read;
    }
    fail("a text does not end");
    return {};
  }
  constexpr std::uint64_t number() {
    blanks();
    std::uint64_t read = 0;
    bool has_digit = false;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
      if (read > (std::uint64_t{1} << 58)) fail("a number is too large");
      else read = read * 10 + static_cast<std::uint64_t>(rest_[0] - '0');
      has_digit = true;
      if (!rest_.empty()) rest_.remove_prefix(1);
    }
    if (!has_digit) fail("a number is expected");
    return read;
  }
  constexpr void skip_metadata() {
    expect('{');
    for (bool is_first = true; !failure_ && !take('}'); is_first = false) {
      if (!is_first) expect(',');
      text();
      expect(':');
      text();
    }
  }

  template <class Visit> constexpr void read_entry(string_view name, Visit& visit) {
    entry e;
    e.name = name;
    expect('{');
    for (bool is_first = true; !failure_ && !take('}'); is_first = false) {
      if (!is_first) expect(',');
      auto const key = text();
      expect(':');
      if (key == "dtype" && !e.has_type) read_type(e);
      else if (key == "shape" && !e.has_shape) read_shape(e);
      else if (key == "data_offsets" && !e.has_place) read_place(e);
      else fail("a tensor has a dtype, a shape and data_offsets, each once");
    }
    if (!e.has_type || !e.has_shape || !e.has_place) {
      fail("a tensor has a dtype, a shape and data_offsets, each once");
    }
    if (!failure_) check(e);
    if (!failure_) visit(e);
  }
  constexpr void read_type(entry& e) {
    auto const name = text();
    for (auto const& known : dtypes) {
      if (known.name == name) e.element = known.element;
    }
    e.has_type = true;
    if (failure_ || e.element != element_type::undefined) return;
    failure_ = make_error(rule::the_element_type_must_be_supported, "the tensor '", e.name,
                          "' has the dtype '", name, "', which is not supported");
  }
  constexpr void read_shape(entry& e) {
    expect('[');
    e.has_shape = true;
    for (bool is_first = true; !failure_ && !take(']'); is_first = false) {
      if (!is_first) expect(',');
      auto const extent = number();
      if (e.shape.size() == max_rank) {
        failure_ = make_error(rule::a_shape_must_have_at_most_8_axes, "the tensor '", e.name,
                              "' has more than 8 axes");
        return;
      }
      e.shape.push_back(static_cast<std::int64_t>(extent));
    }
  }
  constexpr void read_place(entry& e) {
    expect('[');
    e.first = number();
    expect(',');
    e.end = number();
    expect(']');
    e.has_place = true;
  }
  constexpr void check(entry const& e) {
    if (!is_in_memory(e.shape)) {
      failure_ = make_error(rule::a_tensor_must_fit_in_memory, "the tensor '", e.name,
                            "' of shape ", e.shape, " is too large");
    } else if (e.first > e.end || e.end > data_size_) {
      failure_ = make_error(rule::the_file_must_not_be_truncated, "the tensor '", e.name,
                            "' stands from byte ", e.first, " to ", e.end, " of ", data_size_);
    } else if (static_cast<std::uint64_t>(bytes_of(e.element, elements_of(e.shape))) !=
               e.end - e.first) {
      failure_ =
          make_error(rule::a_tensor_must_hold_as_many_bytes_as_its_shape, "the tensor '", e.name,
                     "', ", e.element, " of shape ", e.shape, ", has ", e.end - e.first, " bytes");
    }
  }

  string_view all_;
  string_view rest_;
  std::size_t data_size_;
  error failure_;
};

}  // namespace safetensors_format

/// The tensors of a safetensors file as constants of a graph, under their names; the bytes must
/// outlive it. `net.with(read_safetensors(bytes))` is a network with these weights.
/// *Errors*: `failure` of the graph; names with escapes are not supported.
/// *Costs*: linear in the header; elements are not touched.
/// *Source*: github.com/huggingface/safetensors, README, Format.
template <class Graph = graph> constexpr Graph read_safetensors(string_view bytes) {
  basic_builder<Graph> b;
  auto& g = b.unfinished();
  auto const header_size = bytes.size() < 8 ? 0 : read_little_endian<std::uint64_t>(bytes, 0);
  if (bytes.size() < 8 || header_size > bytes.size() - 8) {
    g.fail(make_error(rule::the_file_must_not_be_truncated,
                      "the safetensors end within their header, after ", bytes.size(), " bytes"));
    return b.finish();
  }
  auto const data = bytes.substr(8 + static_cast<std::size_t>(header_size));
  safetensors_format::header_reader header(bytes.substr(8, static_cast<std::size_t>(header_size)),
                                           data.size());
  header.read([&](safetensors_format::entry const& e) {
    b.constant(
        e.name, {e.element, e.shape},
        data.substr(static_cast<std::size_t>(e.first), static_cast<std::size_t>(e.end - e.first)));
  });
  g.fail(header.failure());
  return b.finish();
}

}  // namespace inlay::inline INLAY_VERSION
