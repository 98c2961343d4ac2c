// A graph becomes the bytes of an ONNX file.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "inlay/core/result.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/frontend/onnx/write_model.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/verify.hpp"
#include "inlay/pass/convert_opset.hpp"
#include "inlay/pass/infer_types.hpp"

namespace inlay::inline INLAY_VERSION {

namespace onnx_format {

/// What a file must say of each output; one that was read comes back as it was.
constexpr graph with_output_types(graph g) {
  if (g.ir_version != 0) return g;
  bool has_types = true;
  bool has_elements = true;
  for (auto const id : g.outputs) {
    auto const& t = g.values[id].type;
    has_types = has_types && t.has_shape && t.element != element_type::undefined;
    has_elements = has_elements && t.element != element_type::undefined;
  }
  if (has_types) return g;
  auto typed = infer_types(convert_opset(g));
  // Shapes that cannot be inferred are left out.
  if (!has_elements) g.failure = typed.failure;
  for (auto const id : g.outputs) g.values[id].type = typed.values[id].type;
  // The dimensions of the inputs stay, and those of the outputs come behind them.
  g.symbols = std::move(typed.symbols);
  g.dimensions = std::move(typed.dimensions);
  g.dimension_terms = std::move(typed.dimension_terms);
  return g;
}

}  // namespace onnx_format

/// The ONNX file of a graph, which `read_onnx` reads back as the same graph. Values without a name
/// get new ones where the file needs them. A file that was read is not written for an older IR
/// version.
/// *Errors*: that of the graph; no opset; an output of a graph that no file held, whose type is
/// neither declared nor can be inferred; an attribute whose value the graph did not keep; a name
/// that stands for two values in one body; 20 bodies one in another; 2 GiB.
/// *Costs*: linear.
constexpr result<vector<char>> write_onnx(graph g) {
  g = verify(std::move(g));
  if (g.opset == 0 && g.operator_sets.empty()) {
    g.fail(make_error(rule::the_opset_must_be_supported,
                      "the graph does not say which opset it uses"));
  }
  if (!g.failure) g = onnx_format::with_output_types(std::move(g));
  if (g.failure) return g.failure;
  return onnx_format::model_writer(g).write();
}

}  // namespace inlay::inline INLAY_VERSION
