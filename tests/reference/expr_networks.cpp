// Networks as expressions beside ONNX files: expr_networks FOLDER
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compares the graphs that must be those of FOLDER/NAME.onnx, as they are read and as they are
// optimized, and writes the others to FOLDER/NAME.written.onnx. Prints what is wrong, and ends with
// 1 then.
#include "expr_networks.hpp"

#include <cstdio>
#include <fstream>
#include <string>

#include "files.hpp"
#include "inlay/frontend/onnx/read.hpp"
#include "inlay/frontend/onnx/write.hpp"
#include "inlay/pass/optimize.hpp"
#include "same_graph.hpp"

namespace {

int mistakes = 0;

void complain(std::string const& name, inlay::string_view what) {
  std::printf("%s: %s\n", name.c_str(), std::string(what.data(), what.size()).c_str());
  ++mistakes;
}

void compare(std::string const& name, inlay::graph const& ours, inlay::graph const& file) {
  auto const difference = inlay_test::difference_of(ours, file);
  if (!difference.empty()) complain(name, difference.view());
  auto const optimized =
      inlay_test::difference_of(inlay::optimize<false>(ours), inlay::optimize<false>(file));
  if (!optimized.empty()) complain(name + ", optimized", optimized.view());
}

void write(std::string const& path, std::string const& name, inlay::graph const& g) {
  auto const bytes = inlay::write_onnx(g);
  if (!bytes) return complain(name, bytes.failure().text.view());
  std::ofstream file(path, std::ios::binary);
  file.write(bytes->data(), static_cast<std::streamsize>(bytes->size()));
}

}  // namespace

int main(int, char** argv) {
  std::string const folder = argv[1];
  reference::each_equal([&](char const* name, auto const& network) {
    auto const bytes = reference::read_file(folder + "/" + name + ".onnx");
    auto const file = inlay::infer_types(inlay::read_onnx(bytes));
    if (file.failure) return complain(name, file.failure.text.view());
    compare(name, network.with(file)(), file);
  });
  reference::each_composition([&](char const* name, auto const& network) {
    auto const g = network();
    if (g.failure) return complain(name, g.failure.text.view());
    write(folder + "/" + name + ".written.onnx", name, g);
  });
  return mistakes == 0 ? 0 : 1;
}
