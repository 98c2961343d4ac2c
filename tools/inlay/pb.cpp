// ONNX's TensorProto.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/onnx/load.hpp>
#include <inlay/frontend/onnx/tensor.hpp>
#include <inlay/graph/builder.hpp>

#include "mistake.hpp"
#include "options.hpp"
#include "tensor_file.hpp"

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
