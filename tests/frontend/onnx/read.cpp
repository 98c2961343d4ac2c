// The recipe of a network that a constant holds, and its dimensions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/frontend/onnx/read.hpp"

#include <doctest/doctest.h>

#include <string>

#include "protobuf.hpp"

namespace {

using inlay::dimension_value;

// A file as an array with a closing zero: x [batch, 2] → Relu → y, written by hand.
constexpr char relu_file[] =
    "\x08\x08"  // IR version 8
    "\x3a\x2f"  // graph, 47 bytes
    "\x0a\x0c"
    "\x0a\x01x"
    "\x12\x01y"
    "\x22\x04Relu"  // node
    "\x5a\x1a"
    "\x0a\x01x"
    "\x12\x15"
    "\x0a\x13"
    "\x08\x01"
    "\x12\x0f"  // input, float32
    "\x0a\x07"
    "\x12\x05"
    "batch"
    "\x0a\x04"
    "\x08\x02"
    "\x1a\x00"  // [batch, 2]
    "\x62\x03"
    "\x0a\x01y"  // output
    "\x42\x04"
    "\x0a\x00"
    "\x10\x11";  // opset 17

constexpr auto relu = inlay::onnx(relu_file);
constexpr auto relu_of_4 = inlay::onnx(relu_file, {{"batch", 4}});

constexpr inlay::shape input_shape(inlay::onnx_network const& network) {
  auto const g = network();
  return g.failure ? inlay::shape{} : g.values[g.inputs[0]].type.shape;
}
static_assert(relu.bytes.size() == sizeof(relu_file) - 1);
static_assert(input_shape(relu) == inlay::shape{-1, 2});
static_assert(input_shape(relu_of_4) == inlay::shape{4, 2});

TEST_CASE("the constant network and the file read at run time are the same graph") {
  auto const g = inlay::read_onnx({relu_file, sizeof(relu_file) - 1});
  CHECK_FALSE(g.failure);
  CHECK(g.values[g.inputs[0]].type.shape == input_shape(relu));
}

TEST_CASE("a dimension that the model does not have is an error") {
  auto const g = inlay::onnx(relu_file, {{"batch", 1}, {"height", 3}})();
  CHECK(g.failure.broken == inlay::rule::the_dimension_must_be_in_the_model);
  CHECK(std::string(g.failure.text.view()) ==
        "the model has no dimension 'height'; it has 'batch'");
}

TEST_CASE("more than 8 dimensions cannot be given") {
  auto const d = dimension_value{"batch", 1};
  auto const g = inlay::onnx(relu_file, {d, d, d, d, d, d, d, d, d})();
  CHECK(std::string(g.failure.text.view()) == "9 dimensions are given values; at most 8 can be");
}

TEST_CASE("an error of the file comes before one of the dimensions") {
  auto const g = inlay::onnx("", {{"height", 3}})();
  CHECK(std::string(g.failure.text.view()) == "the file holds no graph of ONNX");
}

}  // namespace
