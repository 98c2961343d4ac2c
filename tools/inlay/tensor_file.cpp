// Files as bytes, and TensorProto.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tensor_file.hpp"

#include <cstdint>
#include <fstream>
#include <inlay/frontend/onnx/load.hpp>
#include <inlay/frontend/onnx/tensor.hpp>
#include <inlay/graph/builder.hpp>

#include "command.hpp"
#include "options.hpp"

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

tensor read_pb(std::filesystem::path const& path) {
  namespace format = inlay::onnx_format;
  auto const bytes = read_file(path);
  inlay::builder b;
  auto& g = b.unfinished();
  format::message const m(format::source{bytes, &g.failure}, bytes, "a tensor");
  auto const t = format::read_tensor(m);
  auto const id = format::add_tensor(b, m, t, {});
  if (g.failure) throw mistake(sentence_of(path.string(), g.failure.text.view()));
  if (t.is_external) throw mistake(path.string() + ": its elements stand in another file");
  auto const& type = g.values[id].type;
  if (type.element == inlay::element_type::string) {
    throw mistake(path.string() + ": it holds texts, which are not supported");
  }
  return {std::string(t.name), type, std::string(g.bytes_of(g.constants.back()))};
}
