// Tensors as constants: views where the file allows it, decoded elements, and what is refused.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/frontend/onnx/tensor.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "inlay/frontend/onnx/read.hpp"
#include "protobuf.hpp"

namespace {

using namespace std::string_view_literals;
using protobuf::message;
using protobuf::model_of_tensor;

/// The bytes of the only constant of a model of this tensor.
constexpr bool holds(message const& t, std::string_view bytes) {
  auto const file = model_of_tensor(t);
  auto const g = inlay::read_onnx(file.view());
  return !g.failure && g.constants.size() == 1 && g.bytes_of(g.constants[0]) == bytes;
}
/// [n] of an element type, without elements.
constexpr message tensor(std::int64_t n, std::int64_t element) {
  return message().integer(1, n).integer(2, element).text(8, "w");
}

constexpr auto one_and_two = "\0\0\x80\x3f\0\0\0\x40"sv;
static_assert(holds(tensor(2, 1).text(9, one_and_two), one_and_two), "raw");
static_assert(holds(tensor(2, 1).text(4, one_and_two), one_and_two), "packed");
static_assert(holds(tensor(2, 1).real(4, 1).real(4, 2), one_and_two), "unpacked");
static_assert(holds(tensor(1, 14).real(4, 1).real(4, 2), one_and_two), "complex64");
static_assert(holds(tensor(2, 6).text(5, "\x05\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
                    "\x05\0\0\0\xff\xff\xff\xff"sv));
static_assert(holds(tensor(2, 7).integer(7, -2).integer(7, 3),
                    "\xfe\xff\xff\xff\xff\xff\xff\xff\x03\0\0\0\0\0\0\0"sv));
static_assert(holds(tensor(1, 12).integer(11, 0xffff'ffff), "\xff\xff\xff\xff"));
static_assert(holds(tensor(2, 3).integer(5, -1).integer(5, 255), "\xff\xff"), "int8, both forms");
static_assert(holds(tensor(2, 10).integer(5, 0x3c00).integer(5, 1), "\0\x3c\x01\0"sv), "float16");
static_assert(holds(tensor(3, 22).integer(5, 0x21).integer(5, 3), "\x21\x03"), "int4 in pairs");
static_assert(holds(tensor(3, 25).integer(5, 0x21), "\x21"), "uint2 in fours");
static_assert(holds(tensor(5, 27).text(5, "\x01\x02\x03\x3f\x05"), "\x81\x30\xfc\x05"),
              "6-bit types, one an entry, are packed as raw_data has them");
static_assert(holds(tensor(0, 1), ""), "no elements need no field");

constexpr bool holds_texts() {
  auto const file = model_of_tensor(tensor(2, 8).text(6, "a").text(6, ""));
  auto const g = inlay::read_onnx(file.view());
  if (g.failure) return false;
  auto const& c = g.constants[0];
  return c.texts.count == 2 && g.texts[c.texts.first] == "a" && g.texts[c.texts.first + 1].empty();
}
static_assert(holds_texts());
static_assert(holds(message().integer(2, 2).text(8, "w").text(9, "z"), "z"), "a scalar");
static_assert(holds(message().text(1, "\x02\x01").integer(2, 2).text(8, "w").text(9, "zy"), "zy"),
              "packed extents");

TEST_CASE("raw bytes are a view of the file, decoded ones stand in the graph") {
  auto const file = model_of_tensor(protobuf::tensor("w"));
  auto const g = inlay::read_onnx(file.view());
  REQUIRE_FALSE(g.failure);
  CHECK(g.storage.empty());
  CHECK(g.constants[0].bytes.data() > file.view().data());
  CHECK(g.constants[0].bytes.data() < file.view().data() + file.view().size());

  auto const unpacked = model_of_tensor(tensor(2, 1).real(4, 1).real(4, 2));
  CHECK(inlay::read_onnx(unpacked.view()).storage.size() == 8);
}

void check(message const& t, inlay::rule broken, std::string_view text) {
  auto const file = model_of_tensor(t);
  auto const g = inlay::read_onnx(file.view());
  CHECK(std::string(g.failure.text.view()) == text);
  CHECK(g.failure.broken == broken);
  CHECK(g.failure.offset == 6);  // of the tensor's message
}

TEST_CASE("a tensor holds as many bytes as its shape") {
  using enum inlay::rule;
  check(tensor(3, 1).text(9, one_and_two), a_tensor_must_hold_as_many_bytes_as_its_shape,
        "tensor 'w' (float32 3) must hold 12 bytes, not 8");
  check(tensor(3, 1), a_tensor_must_hold_as_many_bytes_as_its_shape,
        "tensor 'w' (float32 3) must hold 12 bytes, not 0");
  check(tensor(3, 1).real(4, 1), a_tensor_must_hold_as_many_bytes_as_its_shape,
        "tensor 'w' (float32 3) must hold 12 bytes, not 4");
  check(tensor(std::int64_t{1} << 62, 1), a_tensor_must_fit_in_memory,
        "tensor 'w' (float32 4611686018427387904) has 2^63 bits or more");
  check(tensor(std::int64_t{1} << 62, 2).integer(1, 4), a_tensor_must_fit_in_memory,
        "tensor 'w' (uint8 4611686018427387904x4) has 2^63 bits or more");
  check(tensor(std::int64_t{1} << 59, 2).text(9, "z"),
        a_tensor_must_hold_as_many_bytes_as_its_shape,
        "tensor 'w' (uint8 576460752303423488) must hold 576460752303423488 bytes, not 1");
  check(tensor(-2, 1), an_extent_must_not_be_negative, "tensor 'w' has the extent -2");
  auto many_axes = tensor(1, 1);
  for (int i = 0; i < 8; ++i) many_axes.integer(1, 1);
  check(many_axes, a_shape_must_have_at_most_8_axes,
        "tensor 'w' has 9 axes; at most 8 are supported");
}

TEST_CASE("elements stand in one field that their type may stand in") {
  using enum inlay::rule;
  check(tensor(2, 1).text(9, one_and_two).real(4, 1),
        a_tensor_must_hold_its_elements_in_the_field_of_its_type,
        "tensor 'w' has elements in two fields");
  check(tensor(2, 2).real(4, 1).real(4, 2),
        a_tensor_must_hold_its_elements_in_the_field_of_its_type,
        "tensor 'w': elements of type uint8 cannot stand in field 4");
  check(tensor(1, 8).text(9, "z"), a_tensor_must_hold_its_elements_in_the_field_of_its_type,
        "tensor 'w': elements of type string cannot stand in field 9");
  check(tensor(2, 8).text(6, "z"), a_tensor_must_hold_as_many_bytes_as_its_shape,
        "tensor 'w' (string 2) must hold 2 texts, not 1");
  check(tensor(1, 1).text(6, "z"), a_tensor_must_hold_its_elements_in_the_field_of_its_type,
        "tensor 'w': elements of type float32 cannot stand in field 6");
  check(tensor(2, 2).integer(5, 1).integer(5, 256), an_element_must_fit_its_type,
        "tensor 'w': the element 256 does not fit its type, uint8");
  check(tensor(1, 3).integer(5, -129), an_element_must_fit_its_type,
        "tensor 'w': the element -129 does not fit its type, int8");
}

TEST_CASE("what is not supported says so") {
  using enum inlay::rule;
  check(tensor(1, 99), the_element_type_must_be_supported,
        "tensor 'w': ONNX has no element type 99");
  check(tensor(1, 0), the_element_type_must_be_supported, "tensor 'w': ONNX has no element type 0");
  check(tensor(2, 1).sub(3, message().integer(1, 0)), segments_are_not_supported,
        "tensor 'w' is a segment of a larger one; segments are not supported");
}

}  // namespace
