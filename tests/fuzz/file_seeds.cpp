// Writes small arrays, archives and pictures for the fuzzers to start from: file_seeds FOLDER
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stb/stb_image_write.h>
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "../../tools/inlay/tensor_file.hpp"

namespace {

using inlay::element_type;

tensor make_tensor(char const* name, element_type e, inlay::shape const& s) {
  auto const bytes = inlay::bytes_of(e, inlay::elements_of(s));
  std::string elements;
  for (std::int64_t i = 0; i < bytes; ++i) elements += static_cast<char>(i);
  return {name, {e, s}, elements};
}

/// The same with the first axis innermost and the most significant byte first, as version 2.
std::string foreign_array() {
  std::string const header = "{'descr': '>i4', 'fortran_order': True, 'shape': (2, 3), }\n";
  std::string bytes("\x93NUMPY\2\0", 8);
  bytes += static_cast<char>(header.size());
  return bytes.append(3, '\0') + header + std::string(24, '\1');
}

/// An archive of one array, deflated.
std::string deflated_archive() {
  auto const array = format_npy(make_tensor("x", element_type::float32, {2, 3}));
  std::string packed(array.size() + 100, '\0');
  z_stream stream{};
  ::deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(array.data()));
  stream.avail_in = static_cast<uInt>(array.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  ::deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  ::deflateEnd(&stream);

  std::string bytes;
  auto const put = [&](std::uint64_t number, int count) {
    for (int i = 0; i < count; ++i) bytes += static_cast<char>(number >> 8 * i);
  };
  auto const checksum = ::crc32_z(0, reinterpret_cast<Bytef const*>(array.data()), array.size());
  auto const put_sizes = [&] {
    put(checksum, 4);
    put(packed.size(), 4);
    put(array.size(), 4);
    put(5, 2);  // the name
    put(0, 2);
  };
  put(0x04034b50, 4);  // the version, flags, deflated, the time
  put(20, 4);
  put(8, 2);
  put(0, 4);
  put_sizes();
  bytes += "x.npy" + packed;
  auto const list = bytes.size();
  put(0x02014b50, 4);
  put(20, 2);
  put(20, 4);
  put(8, 2);
  put(0, 4);
  put_sizes();
  put(0, 14);
  bytes += "x.npy";
  auto const size = bytes.size() - list;
  put(0x06054b50, 4);
  put(0, 4);
  put(1, 2);
  put(1, 2);
  put(size, 4);
  put(list, 4);
  put(0, 2);
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: file_seeds FOLDER\n", 2;
  std::filesystem::path const folder = argv[1];
  for (auto const* const name : {"array", "archive", "picture"}) {
    std::filesystem::create_directories(folder / name);
  }
  std::vector<tensor> const tensors{make_tensor("x", element_type::float32, {2, 3}),
                                    make_tensor("", element_type::int64, {}),
                                    make_tensor("b", element_type::boolean, {0, 2, 1})};
  for (auto const& t : tensors) write_npy(folder / "array" / (t.name + ".npy"), t);
  write_file(folder / "array" / "foreign.npy", foreign_array());
  write_npz(folder / "archive" / "stored.npz", tensors);
  write_file(folder / "archive" / "deflated.npz", deflated_archive());
  std::vector<std::uint8_t> pixels;
  for (int i = 0; i < 9 * 7 * 4; ++i) pixels.push_back(static_cast<std::uint8_t>(i * 37));
  for (int channels = 1; channels <= 4; ++channels) {
    auto const name = (folder / "picture" / std::to_string(channels)).string();
    ::stbi_write_png((name + ".png").c_str(), 9, 7, channels, pixels.data(), 9 * channels);
    ::stbi_write_jpg((name + ".jpg").c_str(), 9, 7, channels, pixels.data(), 80);
    // What picture.cpp takes for the width, the height and the channels of the tensor.
    for (auto const& file : {name + ".png", name + ".jpg"}) {
      write_file(file, read_file(file) + "\10\11" + (channels == 1 ? "\2" : "\6"));
    }
  }
}
