// What the readers of one file share.
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

struct reading {
  builder& b;
  onnx_format::notes notes{};
  std::size_t parts = 0;  // of all graphs so far
  onnx_format::default_inputs defaults{};
  vector<string_view> outputs{};  // of the nodes that are being read
  vector<late_graph> late{};      // of the nodes that are being read
};

}  // namespace inlay::inline INLAY_VERSION::onnx_format
