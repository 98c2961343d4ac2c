// Reads a model and writes it again: rewrite IN.onnx OUT.onnx
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exits with 1 where the model cannot be read, with 2 where it cannot be written, and prints the
// sentence that says why.
#include <fstream>
#include <iostream>

#include "files.hpp"
#include "inlay/frontend/onnx/read.hpp"
#include "inlay/frontend/onnx/write.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return std::cerr << "usage: rewrite IN.onnx OUT.onnx\n", 3;
  auto const bytes = reference::read_file(argv[1]);
  auto const graph = inlay::read_onnx(bytes);
  if (graph.failure) return std::cout << graph.failure.text.view() << '\n', 1;
  auto const written = inlay::write_onnx(graph);
  if (!written) return std::cout << written.failure().text.view() << '\n', 2;
  std::ofstream file(argv[2], std::ios::binary);
  file.write(written->data(), static_cast<std::streamsize>(written->size()));
  return file.flush() ? 0 : 3;
}
