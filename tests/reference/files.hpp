// The files that the reference tests read.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace reference {

/// The bytes of a file. Where there is none, the program says so and ends.
inline std::string read_file(std::string const& path) {
  auto* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) {
    std::fprintf(stderr, "there is no file %s\n", path.c_str());
    std::exit(1);
  }
  std::string bytes;
  char part[1 << 12];
  while (auto const count = std::fread(part, 1, sizeof part, file)) bytes.append(part, count);
  std::fclose(file);
  return bytes;
}

/// The pixels of an image, from 0 to 1.
using image = std::array<float, 28 * 28>;

/// The first images in the folder of the LeNet example.   *Errors*: throws when there are fewer.
inline std::vector<image> read_images(std::string const& folder, std::size_t count) {
  constexpr std::size_t header = 16;
  auto const bytes = read_file(folder + "/images.idx3-ubyte");
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
