// Files as bytes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tensor_file.hpp"

#include <cstdint>
#include <fstream>
#include <inlay/frontend/onnx/load.hpp>

#include "mistake.hpp"

std::string text_of(inlay::tensor_type const& type) {
  inlay::sentence s;
  s << type.element << " ";
  if (type.has_shape) s << type.shape;
  else s << "of any shape";
  return std::string(s.view());
}

std::string read_file(std::filesystem::path const& path) {
  using files = inlay::detail::files_of_system;
  auto const file = files::open(path, inlay::file_access::copy, INT64_MAX);
  if (!file) throw mistake(std::string(file.failure().text.view()));
  return std::string(file->view());
}

void write_file(std::filesystem::path const& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw mistake("cannot write '" + path.string() + "'");
}
