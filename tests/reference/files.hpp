// The files that the reference tests read.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace reference {

/// The bytes of a file.   *Errors*: throws when there is none.
inline std::string read_file(std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("there is no file " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The pixels of an image, from 0 to 1.
using image = std::array<float, 28 * 28>;

/// The first images in the folder of the LeNet example.   *Errors*: throws when there are fewer.
inline std::vector<image> read_images(std::filesystem::path const& folder, std::size_t count) {
  constexpr std::size_t header = 16;
  auto const bytes = read_file(folder / "images.idx3-ubyte");
  std::vector<image> images(count);
  auto at = header;
  for (auto& pixels : images) {
    for (auto& pixel : pixels) {
      pixel = static_cast<float>(static_cast<unsigned char>(bytes.at(at++))) / 255.0f;
    }
  }
  return images;
}

}  // namespace reference
