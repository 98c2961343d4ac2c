// LeNet as expressions is LeNet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <fstream>
#include <inlay/frontend/expr.hpp>
#include <inlay/frontend/onnx/read.hpp>
#include <inlay/pass/optimize.hpp>
#include <iterator>
#include <string>

#include "same_graph.hpp"

namespace {

using namespace inlay;

inline constexpr auto lenet = network([](input<float, batch, 1, 28, 28> image) {
  image.named("image");
  auto x = max_pool<2>(relu(conv<8, 5>(image, "conv1")));
  x = max_pool<2>(relu(conv<16, 5>(x, "conv2")));
  return softmax(dense<10>(flatten(x), "fc")).named("probabilities");
});

constexpr bool has_parameters_behind_its_input() {
  auto const g = lenet();
  constexpr string_view names[] = {"image",      "conv1.weight", "conv1.bias", "conv2.weight",
                                   "conv2.bias", "fc.weight",    "fc.bias"};
  if (g.failure || g.inputs.size() != 7) return false;
  for (std::size_t i = 0; i < 7; ++i) {
    if (g.values[g.inputs[i]].name != names[i]) return false;
  }
  return g.values[g.inputs[3]].type.shape == shape{16, 8, 5, 5} &&
         g.values[g.inputs[5]].type.shape == shape{10, 256} &&
         g.values[g.outputs[0]].name == string_view("probabilities");
}
static_assert(has_parameters_behind_its_input());
static_assert(lenet.input_count == 1);

std::string lenet_file() {
  std::ifstream file(INLAY_SOURCE_DIR "/examples/lenet/lenet.onnx", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("LeNet with the weights of its ONNX file is the graph in that file") {
  auto const bytes = lenet_file();
  auto const file = infer_types(read_onnx(bytes));
  REQUIRE(!file.failure);
  CHECK(inlay_test::difference_of(lenet.with(file)(), file).view() == "");
  dimension_value const one[] = {{"batch", 1}};
  auto const wanted = optimize<false>(bind_dimensions(read_onnx(bytes), one));
  auto const got = optimize<false>(lenet.with(file).with_dimensions({{"batch", 1}})());
  CHECK(inlay_test::difference_of(got, wanted).view() == "");
  CHECK(inlay_test::difference_of(lenet(), file).view() != "");
}

}  // namespace
