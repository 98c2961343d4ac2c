// Writes small models for the fuzzer to start from: seeds FOLDER
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "../frontend/onnx/protobuf.hpp"
#include "inlay/frontend/onnx/write.hpp"
#include "inlay/graph/builder.hpp"
#include "inlay/op/list.hpp"

namespace {

using namespace inlay;

void write(std::string const& name, std::string_view bytes) {
  std::ofstream(name + ".onnx", std::ios::binary) << bytes;
}

/// One node of each operator, on an image of 4 x 4 or what the nodes before made of it.
graph every_operator() {
  builder b("every", 13);
  auto const x = b.input("x", {element_type::float32, {1, 2, 4, 4}});
  auto const w = b.constant<float>("w", {2, 1, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  auto const bias = b.constant<float>("b", {2}, {1, 2});
  auto const to = b.constant<std::int64_t>("shape", {2}, {1, -1});
  auto const m = b.constant<float>("m", {2, 2}, {1, 2, 3, 4});
  auto const c = apply<op::conv>(
      b, "conv", {x, w, bias},
      {{"group", 2}, {"pads", {0, 1, 1, 0}}, {"strides", {1, 1}}, {"dilations", {1, 1}}});
  auto const p = apply<op::max_pool>(b, "pool", {c},
                                     {{"kernel_shape", {2, 2}},
                                      {"strides", {4, 4}},
                                      {"ceil_mode", 1},
                                      {"auto_pad", "SAME_UPPER"}});
  auto const f = apply<op::flatten>(b, "flat", {apply<op::relu>(b, "relu", {p})}, {{"axis", 1}});
  auto const r = apply<op::reshape>(b, "reshape", {f, to}, {{"allowzero", 0}});
  auto const product = apply<op::matmul>(b, "matmul", {r, m});
  auto const g = apply<op::gemm>(b, "gemm", {product, m, bias}, {{"alpha", 0.5f}, {"transB", 1}});
  auto const sum = apply<op::add>(b, "add", {g, bias});
  b.output(
      apply<op::softmax>(b, "softmax", {apply<op::identity>(b, "same", {sum})}, {{"axis", -1}}),
      "y");
  return b.finish();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: seeds FOLDER\n", 2;
  auto const folder = std::string(argv[1]) + "/";
  auto const every = write_onnx(every_operator());
  if (!every) return std::cerr << every.failure().text.view() << '\n', 1;
  write(folder + "every", {every->data(), every->size()});
  write(folder + "relu", protobuf::model(protobuf::relu_graph()).view());
  write(folder + "tensor", protobuf::model_of_tensor(protobuf::tensor("w")).view());
}
