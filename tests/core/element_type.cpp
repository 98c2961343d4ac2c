// The element types are ONNX's, by number, by name and by size.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/element_type.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace {
using namespace inlay;

struct onnx_type {
  std::string_view name;  // what our messages print
  int number;             // TensorProto.DataType
  int bits;               // of numpy's or ml_dtypes' type; 0 for those of no fixed size
};

// onnx 1.23.2: for name, n in onnx.TensorProto.DataType.items(): name, n,
// tensor_dtype_to_np_dtype(n)
constexpr onnx_type onnx_types[] = {
    {"undefined", 0, 0},       {"float32", 1, 32},
    {"uint8", 2, 8},           {"int8", 3, 8},
    {"uint16", 4, 16},         {"int16", 5, 16},
    {"int32", 6, 32},          {"int64", 7, 64},
    {"string", 8, 0},          {"bool", 9, 8},
    {"float16", 10, 16},       {"float64", 11, 64},
    {"uint32", 12, 32},        {"uint64", 13, 64},
    {"complex64", 14, 64},     {"complex128", 15, 128},
    {"bfloat16", 16, 16},      {"float8e4m3fn", 17, 8},
    {"float8e4m3fnuz", 18, 8}, {"float8e5m2", 19, 8},
    {"float8e5m2fnuz", 20, 8}, {"uint4", 21, 4},
    {"int4", 22, 4},           {"float4e2m1", 23, 4},
    {"float8e8m0", 24, 8},     {"uint2", 25, 2},
    {"int2", 26, 2},           {"float6e2m3", 27, 6},
    {"float6e3m2", 28, 6},
};

constexpr bool table_is_onnx() {
  int expected = 0;
  for (auto const& t : onnx_types) {
    if (t.number != expected++) return false;
    auto const e = static_cast<element_type>(t.number);
    if (name_of(e) != t.name || bits_of(e) != t.bits) return false;
  }
  return expected == element_type_count;
}
static_assert(table_is_onnx());

// The enumerators themselves, as onnx.TensorProto names them.
static_assert(static_cast<int>(element_type::undefined) == 0);
static_assert(static_cast<int>(element_type::float32) == 1);
static_assert(static_cast<int>(element_type::uint8) == 2);
static_assert(static_cast<int>(element_type::int8) == 3);
static_assert(static_cast<int>(element_type::uint16) == 4);
static_assert(static_cast<int>(element_type::int16) == 5);
static_assert(static_cast<int>(element_type::int32) == 6);
static_assert(static_cast<int>(element_type::int64) == 7);
static_assert(static_cast<int>(element_type::string) == 8);
static_assert(static_cast<int>(element_type::boolean) == 9);
static_assert(static_cast<int>(element_type::float16) == 10);
static_assert(static_cast<int>(element_type::float64) == 11);
static_assert(static_cast<int>(element_type::uint32) == 12);
static_assert(static_cast<int>(element_type::uint64) == 13);
static_assert(static_cast<int>(element_type::complex64) == 14);
static_assert(static_cast<int>(element_type::complex128) == 15);
static_assert(static_cast<int>(element_type::bfloat16) == 16);
static_assert(static_cast<int>(element_type::float8e4m3fn) == 17);
static_assert(static_cast<int>(element_type::float8e4m3fnuz) == 18);
static_assert(static_cast<int>(element_type::float8e5m2) == 19);
static_assert(static_cast<int>(element_type::float8e5m2fnuz) == 20);
static_assert(static_cast<int>(element_type::uint4) == 21);
static_assert(static_cast<int>(element_type::int4) == 22);
static_assert(static_cast<int>(element_type::float4e2m1) == 23);
static_assert(static_cast<int>(element_type::float8e8m0) == 24);
static_assert(static_cast<int>(element_type::uint2) == 25);
static_assert(static_cast<int>(element_type::int2) == 26);
static_assert(static_cast<int>(element_type::float6e2m3) == 27);
static_assert(static_cast<int>(element_type::float6e3m2) == 28);

// Small elements are packed: onnx.proto, "two 4-bit elements in a byte", "four 2-bit elements".
static_assert(bytes_of(element_type::float32, 3) == 12);
static_assert(bytes_of(element_type::complex128, 2) == 32);
static_assert(bytes_of(element_type::int4, 3) == 2);
static_assert(bytes_of(element_type::int4, 4) == 2);
static_assert(bytes_of(element_type::uint2, 5) == 2);
static_assert(bytes_of(element_type::float6e2m3, 4) == 3);
static_assert(bytes_of(element_type::float6e3m2, 5) == 4);
static_assert(bytes_of(element_type::int8, 0) == 0);
static_assert(bytes_of(element_type::string, 7) == 0);

// A C++ type and back, the size as the compiler has it.
template <class... T> constexpr bool round_trip(type_list<T...>) {
  return (std::is_same_v<stored_type<element_of<T>>, T> && ...) &&
         (std::is_same_v<stored_type<element_of<T const>>, T> && ...) &&
         ((bits_of(element_of<T>) == 8 * static_cast<int>(sizeof(T))) && ...);
}
static_assert(round_trip(stored_types{}));
static_assert(stored_types::size == 11);

static_assert(element_of<long double> == element_type::undefined);
static_assert(element_of<char*> == element_type::undefined);

static_assert(contains(stored_types{}, element_type::boolean));
static_assert(!contains(stored_types{}, element_type::float16));
static_assert(!contains(stored_types{}, element_type::undefined));

}  // namespace

TEST_CASE("the element types are those of onnx.TensorProto") { CHECK(table_is_onnx()); }
