// Writes small models, and one as text, for the fuzzer to start from: seeds FOLDER
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "../frontend/onnx/protobuf.hpp"
#include "inlay/frontend/onnx/read.hpp"
#include "inlay/frontend/onnx/write.hpp"
#include "inlay/graph/builder.hpp"
#include "inlay/graph/print.hpp"
#include "inlay/op/list.hpp"

namespace {

using namespace inlay;

void write(std::string const& name, std::string_view bytes) {
  std::ofstream(name, std::ios::binary) << bytes;
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

using protobuf::message;

message graph_attribute(std::string_view name, message const& g) {
  return message().text(1, name).sub(6, g).integer(20, 5);
}
message entry(std::string_view key, std::string_view value) {
  return message().text(1, key).text(2, value);
}

/// An If with two branches, one inside the other, that define names again.
message branches() {
  auto const inner = message()
                         .sub(1, protobuf::node("Relu", "", "x", "t"))
                         .text(2, "inner")
                         .sub(12, protobuf::output("t"));
  auto const outer = message()
                         .sub(1, message().text(1, "x").text(2, "t").text(4, "If").sub(
                                     5, graph_attribute("then_branch", inner)))
                         .text(2, "outer")
                         .sub(5, protobuf::tensor("w"))
                         .sub(12, protobuf::output("t"));
  auto const choice = message()
                          .text(1, "x")
                          .text(2, "y")
                          .text(4, "If")
                          .sub(5, graph_attribute("then_branch", outer))
                          .sub(5, graph_attribute("else_branch", inner));
  return protobuf::model(message()
                             .sub(1, choice)
                             .text(2, "g")
                             .sub(11, protobuf::input("x"))
                             .sub(12, protobuf::input("y")));
}

/// Two functions, one of which calls the other, with attributes given and by default.
message functions() {
  auto const axis = message().text(1, "axis").integer(20, 2).text(21, "along");
  auto const inner = message()
                         .text(1, "Inner")
                         .text(4, "a")
                         .text(5, "b")
                         .sub(7, protobuf::node("Softmax", "", "a", "b").sub(5, axis))
                         .sub(9, message().text(1, "").integer(2, 17))
                         .text(10, "local")
                         .sub(11, message().text(1, "along").integer(3, 1).integer(20, 2));
  auto const call = protobuf::node("Inner", "", "a", "b").text(7, "local");
  auto const outer = message()
                         .text(1, "Outer")
                         .text(4, "a")
                         .text(5, "b")
                         .text(6, "along")
                         .sub(7, message(call).sub(5, axis).text(8, "plain"))
                         .text(8, "calls")
                         .text(10, "local")
                         .sub(12, protobuf::input("b"))
                         .sub(14, entry("k", "v"));
  auto const x = message().text(1, "x").sub(
      2,
      message().sub(1, message().integer(1, 1).sub(2, message().sub(1, message().integer(1, 2)))));
  auto const g = message()
                     .sub(1, protobuf::node("Outer", "", "x", "y").text(7, "local").text(6, "doc"))
                     .text(2, "g")
                     .sub(11, x)
                     .sub(12, protobuf::output("y"));
  return protobuf::model(g, 17, 10)
      .sub(8, message().text(1, "local").integer(2, 1))
      .text(3, "1.0")
      .integer(5, 3)
      .sub(14, entry("license", "none"))
      .sub(25, outer)
      .sub(25, message(inner).text(13, "plain"))
      .sub(25, inner);
}

/// Texts, a sparse tensor, containers, and what is said of values.
message kinds() {
  auto const texts = message().integer(1, 2).integer(2, 8).text(6, "a").text(6, "b").text(8, "s");
  auto const indices = message().integer(1, 2).integer(2, 7).integer(7, 0).integer(7, 3);
  auto const sparse = message().sub(1, protobuf::tensor("z")).sub(2, indices).integer(3, 4);
  auto const pair = message().sub(1, message().integer(1, 1));
  auto const of = [](std::string_view name, message const& type) {
    return message().text(1, name).sub(2, type);
  };
  auto const odd = protobuf::node("Odd", "", "q", "y")
                       .text(1, "s")
                       .sub(5, message().text(1, "t").sub(14, pair).integer(20, 13))
                       .sub(5, message().text(1, "p").sub(22, sparse).integer(20, 11));
  return protobuf::model(
      message()
          .sub(1, odd)
          .text(2, "g")
          .sub(5, texts)
          .sub(11, of("q", message().sub(4, message().sub(1, pair))))
          .sub(11, of("o", message().sub(9, message().sub(1, pair))))
          .sub(11, of("m", message().sub(5, message().integer(1, 8).sub(2, pair))))
          .sub(11, of("p", message().sub(7, message().text(2, "n"))))
          .sub(12, of("y", pair).text(3, "doc"))
          .sub(13, of("y", message().sub(8, message().integer(1, 1))))
          .sub(14, message().text(1, "q").sub(2, entry("SCALE_TENSOR", "z")))
          .sub(15, sparse));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: seeds FOLDER\n", 2;
  auto const folder = std::string(argv[1]) + "/";
  auto const every = write_onnx(every_operator());
  if (!every) return std::cerr << every.failure().text.view() << '\n', 1;
  write(folder + "every.onnx", {every->data(), every->size()});
  write(folder + "every.txt", print(every_operator(), with_elements).view());
  write(folder + "relu.onnx", protobuf::model(protobuf::relu_graph()).view());
  auto const write_both = [&](std::string const& name, std::string_view bytes) {
    write(folder + name + ".onnx", bytes);
    write(folder + name + ".txt", print(read_onnx(bytes), with_elements).view());
  };
  write_both("branches", branches().view());
  write_both("functions", functions().view());
  write_both("kinds", kinds().view());
  write(folder + "tensor.onnx", protobuf::model_of_tensor(protobuf::tensor("w")).view());
}
