// Writes what LeNet makes of the first images of the example, as ten float32 an image:
// lenet_probabilities FOLDER OUTPUT COUNT
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#if defined(INLAY_WITH_HIGHWAY)
#include <inlay/stage/highway.hpp>
#elif defined(INLAY_WITH_XSIMD)
#include <inlay/stage/xsimd.hpp>
#endif
//
#include <cstdio>
#include <cstdlib>
#include <inlay/inlay.hpp>
#include <lenet.onnx.hpp>

#include "files.hpp"

namespace {

#if defined(INLAY_WITH_HIGHWAY)
using stage = inlay::exact_highway;
#elif defined(INLAY_WITH_XSIMD)
using stage = inlay::exact_xsimd;
#else
using stage = inlay::scalar;
#endif

inline constexpr auto lenet = inlay::onnx(lenet_onnx, {{"batch", 1}});

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fputs("usage: lenet_probabilities FOLDER OUTPUT COUNT\n", stderr), 2;
  auto const images = reference::read_images(argv[1], std::strtoul(argv[3], nullptr, 10));
  auto* const file = std::fopen(argv[2], "wb");
  if (file == nullptr) return std::fprintf(stderr, "cannot write %s\n", argv[2]), 1;
  inlay::model<lenet, stage> const model;
  inlay::model<lenet, stage>::context context;
  for (auto const& pixels : images) {
    auto const probabilities = model(context, pixels);
    std::fwrite(probabilities.data(), sizeof(float), 10, file);
  }
  bool const is_written = std::ferror(file) == 0;
  if (std::fclose(file) == 0 && is_written) return 0;
  return std::fprintf(stderr, "cannot write %s\n", argv[2]), 1;
}
