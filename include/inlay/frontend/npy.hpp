// NumPy's .npy: a line of Python that describes the array, then its elements.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/element_type.hpp"
#include "inlay/core/error.hpp"
#include "inlay/core/result.hpp"
#include "inlay/core/shape.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/graph/rule.hpp"

namespace inlay::inline INLAY_VERSION {

/// An array as it stands in a file.
struct npy_array {
  element_type element = element_type::undefined;
  inlay::shape shape;
  bool is_fortran = false;     // the first axis is the innermost one
  bool is_big_endian = false;  // the bytes of each element are in the opposite order
  string_view elements;
};

namespace npy_format {

struct numpy_type {
  string_view name;  // without the order of bytes
  element_type element;
};
inline constexpr numpy_type numpy_types[] = {
    {"f4", element_type::float32},   {"f8", element_type::float64},
    {"f2", element_type::float16},   {"b1", element_type::boolean},
    {"i1", element_type::int8},      {"i2", element_type::int16},
    {"i4", element_type::int32},     {"i8", element_type::int64},
    {"u1", element_type::uint8},     {"u2", element_type::uint16},
    {"u4", element_type::uint32},    {"u8", element_type::uint64},
    {"c8", element_type::complex64}, {"c16", element_type::complex128}};

inline constexpr string_view magic("\x93NUMPY", 6);

/// {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
/// After an error it is at its end.
class header_reader {
 public:
  constexpr explicit header_reader(string_view text) : rest_(text) {}

  constexpr error const& failure() const { return failure_; }

  /// The array, but for its elements.
  constexpr npy_array read() {
    npy_array a;
    bool has_type = false;
    bool has_order = false;
    bool has_shape = false;
    string_view type;
    expect("{");
    while (!failure_ && !take("}")) {
      auto const key = quoted();
      expect(":");
      if (key == "descr" && !has_type) {
        type = quoted();
        has_type = true;
      } else if (key == "fortran_order" && !has_order) {
        a.is_fortran = take("True");
        if (!a.is_fortran) expect("False");
        has_order = true;
      } else if (key == "shape" && !has_shape) {
        read_extents(a.shape);
        has_shape = true;
      } else {
        fail();
      }
      if (take(",")) continue;
      expect("}");
      break;
    }
    blanks();
    if (!has_type || !has_order || !has_shape || !rest_.empty()) fail();
    if (!failure_) set_type(a, type);
    return a;
  }

 private:
  constexpr void fail() {
    if (!failure_) {
      failure_ = make_error(rule::the_text_must_follow_the_grammar,
                            "the header of the array is not NumPy's");
    }
    rest_ = {};
  }
  constexpr void blanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }
  constexpr bool take(string_view token) {
    blanks();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  constexpr void expect(string_view token) {
    if (!take(token)) fail();
  }
  constexpr string_view quoted() {
    char quote = '\'';
    if (!take("'")) {
      quote = '"';
      expect("\"");
    }
    auto const end = rest_.find(quote);
    if (end == string_view::npos) {
      fail();
      return {};
    }
    auto const text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return text;
  }
  constexpr void read_extents(shape& s) {
    expect("(");
    while (!failure_ && !take(")")) {
      auto const extent = number();
      if (s.size() == max_rank) {
        failure_ = make_error(rule::a_shape_must_have_at_most_8_axes,
                              "the array has more than 8 axes; at most 8 are supported");
        return;
      }
      s.push_back(extent);
      if (take(",")) continue;
      expect(")");
      break;
    }
  }
  constexpr std::int64_t number() {
    blanks();
    std::int64_t read = 0;
    bool has_digit = false;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
      has_digit = checked_multiply(read, 10, read);
      read += rest_[0] - '0';
      if (!has_digit || read < 0) break;
      rest_.remove_prefix(1);
    }
    if (!has_digit || read < 0) fail();
    return read;
  }
  constexpr void set_type(npy_array& a, string_view type) {
    a.is_big_endian = type.starts_with(">");
    bool const has_order =
        a.is_big_endian || type.starts_with("<") || type.starts_with("|") || type.starts_with("=");
    for (auto const& known : numpy_types) {
      if (has_order && known.name == type.substr(1)) a.element = known.element;
    }
    if (a.element == element_type::undefined) {
      failure_ = make_error(rule::the_element_type_must_be_supported, "elements of NumPy's type '",
                            type, "' are not supported");
    }
  }

  string_view rest_;
  error failure_;
};

}  // namespace npy_format

/// The array in the bytes of a .npy file.
/// *Source*: numpy.org/doc/stable/reference/generated/numpy.lib.format.html
constexpr result<npy_array> read_npy(string_view bytes) {
  auto const cut_off = [] {
    return make_error(rule::the_file_must_not_be_truncated, "the array is cut off");
  };
  if (!bytes.starts_with(npy_format::magic)) {
    return make_error(rule::the_text_must_follow_the_grammar, "it is no .npy array");
  }
  auto const at = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  if (bytes.size() < 10) return cut_off();
  auto const version = at(6);
  if (version < 1 || version > 3) {
    return make_error(rule::the_text_must_follow_the_grammar, "version ", version,
                      " of .npy is not supported");
  }
  std::size_t const first = version == 1 ? 10 : 12;
  if (bytes.size() < first) return cut_off();
  auto size = at(8) | at(9) << 8;
  if (version > 1) size |= at(10) << 16 | at(11) << 24;
  if (size > bytes.size() - first) return cut_off();
  npy_format::header_reader header(bytes.substr(first, size));
  auto a = header.read();
  if (header.failure()) return header.failure();
  a.elements = bytes.substr(first + size);
  if (!is_in_memory(a.shape) ||
      static_cast<std::uint64_t>(bytes_of(a.element, elements_of(a.shape))) != a.elements.size()) {
    return make_error(rule::a_tensor_must_hold_as_many_bytes_as_its_shape, "an array of ",
                      a.element, " ", a.shape, " does not have ", a.elements.size(), " bytes");
  }
  return a;
}

/// Calls `put` with the bytes of an array's elements, row-major and little-endian.
template <class Put> constexpr void put_elements(npy_array const& a, Put const& put) {
  auto const size = static_cast<std::size_t>(bits_of(a.element) / 8);
  bool const is_complex =
      a.element == element_type::complex64 || a.element == element_type::complex128;
  auto const part = is_complex ? size / 2 : size;
  auto const strides = [&] {
    shape s = contiguous_strides(a.shape);
    std::int64_t next = 1;
    for (int axis = 0; a.is_fortran && axis < s.size(); ++axis) {
      s[axis] = next;
      next *= a.shape[axis];
    }
    return s;
  }();
  std::int64_t index[max_rank]{};
  auto const count = elements_of(a.shape);
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t at = 0;
    for (int axis = 0; axis < a.shape.size(); ++axis) at += index[axis] * strides[axis];
    auto const first = static_cast<std::size_t>(at) * size;
    for (std::size_t b = 0; b < size; ++b) {
      auto const within = b % part;
      put(a.elements[first + b - within + (a.is_big_endian ? part - 1 - within : within)]);
    }
    int axis = a.shape.size() - 1;
    while (axis >= 0 && ++index[axis] == a.shape[axis]) index[axis--] = 0;
  }
}

}  // namespace inlay::inline INLAY_VERSION
