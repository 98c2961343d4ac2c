// What the readers of one file share. They are templates over it, as passes are over the graph: who
// includes them pays for what a file makes use of.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/frontend/onnx/notes.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/builder.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// The graphs of a file have at most so many nodes, initializers, inputs, outputs and other parts
/// together: an empty node takes two bytes of the file and a hundred of memory.
inline constexpr std::size_t max_parts = std::size_t{1} << 20;

/// Of what has no name, an attribute's tensor, graph or type or an output that nothing reads, a
/// graph has at most so many: each takes two bytes of the file and more than a hundred of memory.
inline constexpr std::size_t max_nameless = std::size_t{1} << 18;

/// A graph that an attribute holds. It is read when all other parts of its node are, so that the
/// operands and attributes of each node stand together.
struct late_graph {
  std::uint32_t attribute = 0;  // in `graph::attributes`
  string_view bytes;
  int depth = 0;
};

/// The inputs of the graph so far that are constants.
struct default_inputs {
  std::size_t count = 0;
  std::size_t first_place = 0;  // among all inputs
  std::size_t first_note = 0;
  value_id last = 0;
  bool is_usual = true;  // they stand in the order of the constants, and say nothing more
};

template <class Builder> struct reading {
  Builder& b;
  onnx_format::notes notes{};
  std::size_t parts = 0;     // of all graphs so far
  std::size_t nameless = 0;  // tensors so far
  onnx_format::default_inputs defaults{};
  vector<string_view> outputs{};  // of the nodes that are being read
  vector<late_graph> late{};      // of the nodes that are being read
};

/// Takes note of a tensor without a name: an error where there are too many.
constexpr void count_nameless(auto& r) {
  if (++r.nameless <= max_nameless) return;
  r.b.unfinished().fail(make_error(rule::a_graph_must_have_at_most_262144_nameless_parts,
                                   "the graph has more than 262144 tensors without a name"));
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
