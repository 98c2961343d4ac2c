// Constants whose elements stand in other files: read, given their elements, written, refused.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/frontend/onnx/external.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

#include "inlay/frontend/onnx/read.hpp"
#include "inlay/frontend/onnx/write.hpp"
#include "inlay/pass/optimize.hpp"
#include "inlay/program/lower.hpp"
#include "protobuf.hpp"

namespace {

using namespace inlay;
using namespace std::string_view_literals;
using protobuf::message;

constexpr message entry(std::string_view key, std::string_view text) {
  return message().text(1, key).text(2, text);
}
/// A tensor [2] of float32 whose elements stand in another file.
constexpr message external_tensor() {
  return message().integer(1, 2).integer(2, 1).text(8, "w").integer(14, 1);
}
constexpr message tensor_at(std::string_view location, std::string_view offset,
                            std::string_view length) {
  return external_tensor()
      .sub(13, entry("location", location))
      .sub(13, entry("offset", offset))
      .sub(13, entry("length", length));
}
/// x [batch, 2] → Add w → y.
constexpr message model_of(message const& tensor, std::string_view type = "Add") {
  return protobuf::model(message()
                             .sub(5, tensor)
                             .sub(11, protobuf::input("x"))
                             .sub(1, message().text(1, "x").text(1, "w").text(2, "y").text(4, type))
                             .sub(12, protobuf::output("y")));
}

constexpr auto one_and_two = "\0\0\x80\x3f\0\0\0\x40"sv;
constexpr inlay::string_view weights = "????\0\0\x80\x3f\0\0\0\x40?"sv;

constexpr result<inlay::string_view> find_file(std::string_view location) {
  if (location == "weights.bin") return weights;
  return make_error(rule::the_file_must_hold_a_graph, "there is no '", location, "'");
}

constexpr bool reads_and_resolves() {
  auto const file = model_of(tensor_at("weights.bin", "4", "8").sub(13, entry("checksum", "5f")));
  auto g = read_onnx(file.view());
  if (g.failure || g.externals.size() != 1 || g.constants.size() != 1) return false;
  auto const& e = g.externals[0];
  if (e.location != "weights.bin" || e.offset != 4 || e.length != 8 || e.checksum != "5f" ||
      !is_unresolved(g, 0) || !g.bytes_of(g.constants[0]).empty()) {
    return false;
  }
  g = resolve_external(std::move(g), find_file);
  return !g.failure && g.bytes_of(g.constants[0]) == one_and_two && !is_unresolved(g, 0) &&
         g.constants[0].bytes.data() == weights.data() + 4 && g.constants[0].external == 0;
}
static_assert(reads_and_resolves());

// The last entry of a key counts; keys that the format does not know mean nothing; without an
// offset the elements begin where the file does, and without a length they go to its end.
constexpr bool takes_the_last() {
  auto const tensor = tensor_at("a", "1", "2")
                          .sub(13, entry("location", "b"))
                          .sub(13, entry("offset", "3"))
                          .sub(13, entry("basepath", "/"))
                          .sub(13, entry("length", "9223372036854775807"));
  auto const file = model_of(tensor);
  auto const e = read_onnx(file.view()).externals[0];
  auto const least = external_tensor().sub(13, entry("location", "c"));
  auto const shortest = model_of(least);
  auto const d = read_onnx(shortest.view()).externals[0];
  return e.location == "b" && e.offset == 3 && e.length == INT64_MAX && d.location == "c" &&
         d.offset == 0 && d.length == -1;
}
static_assert(takes_the_last());

constexpr bool goes_to_the_end() {
  auto const file =
      model_of(external_tensor().sub(13, entry("location", "w")).sub(13, entry("offset", "4")));
  auto const to_end = [](std::string_view) -> result<inlay::string_view> {
    return weights.substr(0, 12);
  };
  auto const g = resolve_external(read_onnx(file.view()), to_end);
  return !g.failure && g.bytes_of(g.constants[0]) == one_and_two;
}
static_assert(goes_to_the_end());

// What is written is read back with the same files, resolved or not.
constexpr bool comes_back(bool is_resolved) {
  auto const file = model_of(tensor_at("weights.bin", "4", "8").sub(13, entry("checksum", "5f")));
  auto g = bind_dimensions(read_onnx(file.view()), {});
  for (auto& v : g.values) v.type = {element_type::float32, {2}};
  if (is_resolved) g = resolve_external(std::move(g), find_file);
  auto const written = write_onnx(g);
  if (!written) return false;
  auto const back = read_onnx({written->data(), written->size()});
  auto const& e = back.externals[0];
  return !back.failure && back.externals.size() == 1 && e.location == "weights.bin" &&
         e.offset == 4 && e.length == 8 && e.checksum == "5f" &&
         back.bytes_of(back.constants[0]).empty();
}
static_assert(comes_back(false) && comes_back(true));

// A tensor without elements needs no file.
constexpr bool nothing_is_there() {
  auto const file = model_of(message().integer(1, 0).integer(2, 1).text(8, "w").integer(14, 1).sub(
      13, entry("location", "none")));
  auto const g = read_onnx(file.view());
  return !g.failure && !is_unresolved(g, 0);
}
static_assert(nothing_is_there());

/// What reading or resolving says of this tensor.
std::string failure_of(message const& tensor) {
  auto const g = resolve_external(read_onnx(model_of(tensor).view()), find_file);
  return std::string(g.failure.text.view());
}

TEST_CASE("a place that is no place is refused") {
  CHECK(failure_of(external_tensor()) ==
        "tensor 'w': its elements stand in another file, which it does not name");
  for (auto const* const number : {"", "-1", "+1", "0x10", " 1", "1_0", "9223372036854775808",
                                   "99999999999999999999999999", "١"}) {
    CHECK(failure_of(tensor_at("weights.bin", number, "8")) ==
          "tensor 'w': the offset of its elements in the file 'weights.bin' is no decimal number "
          "below 2^63");
    CHECK(failure_of(tensor_at("weights.bin", "4", number)) ==
          "tensor 'w': the length of its elements in the file 'weights.bin' is no decimal number "
          "below 2^63");
  }
  CHECK(failure_of(tensor_at("weights.bin", "0000004", "08")).empty());
}

TEST_CASE("elements lie in their file, and are as many as the tensor has") {
  CHECK(failure_of(tensor_at("other.bin", "4", "8")) == "tensor 'w': there is no 'other.bin'");
  CHECK(failure_of(tensor_at("weights.bin", "14", "8")) ==
        "tensor 'w': its elements begin at byte 14 of the file 'weights.bin', which has 13 bytes");
  CHECK(failure_of(tensor_at("weights.bin", "6", "8")) ==
        "tensor 'w': its elements have 8 bytes from byte 6 of the file 'weights.bin', which has 13 "
        "bytes");
  CHECK(failure_of(tensor_at("weights.bin", "4", "9223372036854775807")) ==
        "tensor 'w': its elements have 9223372036854775807 bytes from byte 4 of the file "
        "'weights.bin', which has 13 bytes");
  CHECK(failure_of(tensor_at("weights.bin", "4", "4")) ==
        "tensor 'w': it must hold 8 bytes, not the 4 from byte 4 of the file 'weights.bin'");
  CHECK(failure_of(external_tensor().sub(13, entry("location", "weights.bin"))) ==
        "tensor 'w': it must hold 8 bytes, not the 13 from byte 0 of the file 'weights.bin'");
}

TEST_CASE("a program of elements that have not been read is refused, and so is a shape of them") {
  dimension_value const one[] = {{"batch", 1}};
  auto const add = model_of(tensor_at("weights.bin", "4", "8"));
  auto const lowered = [&](auto resolve) {
    return lower(optimize(bind_dimensions(resolve(read_onnx(add.view())), one)));
  };
  auto const p = lowered([](graph g) { return g; });
  CHECK(p.failure.text.view() ==
        "the elements of 'w' stand in the file 'weights.bin', which has not been read");
  CHECK(p.steps.empty());
  CHECK_FALSE(lowered([](graph g) { return resolve_external(std::move(g), find_file); }).failure);

  auto const list = message().integer(1, 2).integer(2, 7).text(8, "w").integer(14, 1);
  auto const reshape = model_of(message(list).sub(13, entry("location", "shape.bin")), "Reshape");
  CHECK(lower(optimize(bind_dimensions(read_onnx(reshape.view()), one))).failure.text.view() ==
        "node 0 (Reshape): the elements of 'w' stand in the file 'shape.bin', which has not been "
        "read");
}

}  // namespace
