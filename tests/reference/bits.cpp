// The static model and the interpreter compute the same bits: bits FOLDER
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstring>
#include <inlay/inlay.hpp>
#include <inlay/pass/optimize.hpp>
#include <inlay/program/interpret-inl.hpp>
#include <inlay/program/lower.hpp>
#include <iostream>
#include <lenet.onnx.hpp>
#include <string>

#include "files.hpp"

namespace {

inline constexpr auto lenet = inlay::onnx(lenet_onnx, {{"batch", 1}});

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: bits FOLDER\n", 2;
  std::string const folder = argv[1];

  // The interpreter has the network from the file, the static model from this program.
  auto const bytes = reference::read_file(folder + "/lenet.onnx");
  inlay::dimension_value const batch[] = {{"batch", 1}};
  auto const program =
      inlay::lower(inlay::optimize(inlay::bind_dimensions(inlay::read_onnx(bytes), batch)));
  if (program.failure) return std::cerr << program.failure.text.view() << '\n', 1;
  inlay::model<lenet> const model;
  inlay::model<lenet>::context context;

  int different = 0;
  auto const images = reference::read_images(folder, 50);
  for (auto const& pixels : images) {
    float interpreted[10];
    void const* const inputs[] = {pixels.data()};
    void* const outputs[] = {interpreted};
    inlay::interpret(program, inputs, outputs);
    auto const computed = model(context, pixels);
    if (std::memcmp(computed.data(), interpreted, sizeof interpreted) != 0) ++different;
  }
  std::cout << different << " of " << images.size() << " images differ\n";
  return different == 0 ? 0 : 1;
}
