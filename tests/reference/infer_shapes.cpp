// Prints what is inferred of a model: infer_shapes IN.onnx
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A line a value that has a name: `name: float32[batch, 3*height + 1]`. Then `nodes` and how many
// are left, or `error` and the sentence.
#include <iostream>

#include "files.hpp"
#include "inlay/frontend/onnx/read.hpp"
#include "inlay/graph/print.hpp"
#include "inlay/pass/optimize.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: infer_shapes IN.onnx\n", 3;
  auto const bytes = reference::read_file(argv[1]);
  auto const g = inlay::optimize(inlay::read_onnx(bytes));
  for (auto const& v : g.values) {
    if (!v.name.empty()) std::cout << v.name << ": " << inlay::print(g, v.type).view() << '\n';
  }
  if (g.failure) std::cout << "error " << g.failure.text.view() << '\n';
  else std::cout << "nodes " << g.nodes.size() << '\n';
}
