// Handwritten digits with their labels, from the files beside this one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <array>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace digits {

using image = std::array<float, 28 * 28>;  // 0 is paper, 1 is ink

struct collection {
  std::vector<image> images;
  std::vector<int> labels;
};

inline std::vector<unsigned char> read_file(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The IDX files of the MNIST database: 16 bytes of header before the pixels, 8 before the labels.
inline collection read(std::string const& folder) {
  auto const pixels = read_file(folder + "/images.idx3-ubyte");
  auto const labels = read_file(folder + "/labels.idx1-ubyte");
  collection d;
  for (std::size_t at = 16; at + 28 * 28 <= pixels.size(); at += 28 * 28) {
    image x{};
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(pixels[at + i]) / 255.0f;
    d.images.push_back(x);
  }
  if (labels.size() > 8) d.labels.assign(labels.begin() + 8, labels.end());
  return d;
}

}  // namespace digits
