// The element types of tensors: every one that ONNX has, with ONNX's numbers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "inlay/core/config.hpp"
#include "inlay/core/string_view.hpp"

namespace inlay::inline INLAY_VERSION {

/// The type of a tensor's elements. The values are those of ONNX's TensorProto.DataType.
enum class element_type : std::uint8_t {
  undefined = 0,
  float32 = 1,
  uint8 = 2,
  int8 = 3,
  uint16 = 4,
  int16 = 5,
  int32 = 6,
  int64 = 7,
  string = 8,
  boolean = 9,
  float16 = 10,
  float64 = 11,
  uint32 = 12,
  uint64 = 13,
  complex64 = 14,
  complex128 = 15,
  bfloat16 = 16,
  float8e4m3fn = 17,
  float8e4m3fnuz = 18,
  float8e5m2 = 19,
  float8e5m2fnuz = 20,
  uint4 = 21,
  int4 = 22,
  float4e2m1 = 23,
  float8e8m0 = 24,
  uint2 = 25,
  int2 = 26,
  float6e2m3 = 27,
  float6e3m2 = 28,
};

inline constexpr int element_type_count = 29;

struct element_traits {
  string_view name;
  int bits;  // of one element; 0 where the size is not fixed
};

/// Indexed by the enumerators' values.
inline constexpr element_traits element_table[element_type_count] = {
    {"undefined", 0},      {"float32", 32},     {"uint8", 8},          {"int8", 8},
    {"uint16", 16},        {"int16", 16},       {"int32", 32},         {"int64", 64},
    {"string", 0},         {"bool", 8},         {"float16", 16},       {"float64", 64},
    {"uint32", 32},        {"uint64", 64},      {"complex64", 64},     {"complex128", 128},
    {"bfloat16", 16},      {"float8e4m3fn", 8}, {"float8e4m3fnuz", 8}, {"float8e5m2", 8},
    {"float8e5m2fnuz", 8}, {"uint4", 4},        {"int4", 4},           {"float4e2m1", 4},
    {"float8e8m0", 8},     {"uint2", 2},        {"int2", 2},           {"float6e2m3", 6},
    {"float6e3m2", 6},
};

constexpr string_view name_of(element_type e) {
  return element_table[static_cast<std::size_t>(e)].name;
}

/// Bits of one element; 0 for `undefined` and `string`.
constexpr int bits_of(element_type e) { return element_table[static_cast<std::size_t>(e)].bits; }

/// Bytes of `count` elements, packed as ONNX packs those smaller than a byte.
constexpr std::int64_t bytes_of(element_type e, std::int64_t count) {
  auto const bits = static_cast<std::int64_t>(bits_of(e));
  return bits % 8 == 0 ? count * (bits / 8) : (count * bits + 7) / 8;
}

/// The element type of a C++ type; `undefined` for the types that have none.
template <class T> inline constexpr element_type element_of = element_type::undefined;
template <class T> inline constexpr element_type element_of<T const> = element_of<T>;
template <> inline constexpr element_type element_of<float> = element_type::float32;
template <> inline constexpr element_type element_of<double> = element_type::float64;
template <> inline constexpr element_type element_of<std::int8_t> = element_type::int8;
template <> inline constexpr element_type element_of<std::int16_t> = element_type::int16;
template <> inline constexpr element_type element_of<std::int32_t> = element_type::int32;
template <> inline constexpr element_type element_of<std::int64_t> = element_type::int64;
template <> inline constexpr element_type element_of<std::uint8_t> = element_type::uint8;
template <> inline constexpr element_type element_of<std::uint16_t> = element_type::uint16;
template <> inline constexpr element_type element_of<std::uint32_t> = element_type::uint32;
template <> inline constexpr element_type element_of<std::uint64_t> = element_type::uint64;
template <> inline constexpr element_type element_of<bool> = element_type::boolean;

/// A list of C++ element types, in the order in which pools and tables hold them.
template <class... T> struct type_list {
  static constexpr std::size_t size = sizeof...(T);
};

/// The element types that a program stores and computes with.
using stored_types = type_list<float, double, std::int8_t, std::int16_t, std::int32_t, std::int64_t,
                               std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t, bool>;

namespace detail {
template <class T> struct type_tag {
  using type = T;
};
template <element_type E, class List> struct find_type;
template <element_type E, class First, class... Rest>
struct find_type<E, type_list<First, Rest...>>
    : std::conditional_t<element_of<First> == E, type_tag<First>,
                         find_type<E, type_list<Rest...>>> {};
template <element_type E> struct find_type<E, type_list<>> {};
}  // namespace detail

/// The C++ type of an element type that has one.
template <element_type E> using stored_type = typename detail::find_type<E, stored_types>::type;

/// Whether `e` is the element type of one of the list's C++ types.
template <class... T> constexpr bool contains(type_list<T...>, element_type e) {
  // As numbers: each comparison of enumerators costs Clang a search for operators.
  auto const number = static_cast<int>(e);
  return ((number == static_cast<int>(element_of<T>)) || ...);
}

/// Calls `visit` with an element of the type of the list that `e` stands for, if there is one.
template <class... T, class Visit>
constexpr void with_type(element_type e, type_list<T...>, Visit&& visit) {
  static_cast<void>(((e == element_of<T> && (visit(T{}), true)) || ...));
}

}  // namespace inlay::inline INLAY_VERSION
