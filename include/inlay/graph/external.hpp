// Constants whose elements stand in another file.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

/// Whether the elements of a constant stand in another file that has not been read.
constexpr bool is_unresolved(graph const& g, value_id id) {
  if (g.externals.empty() || !g.is_constant(id)) return false;
  auto const& v = g.values[id];
  auto const& c = g.constants[v.constant];
  if (c.external >= g.externals.size() || !g.bytes_of(c).empty()) return false;
  for (auto const extent : v.type.shape) {
    if (extent == 0) return false;
  }
  return true;
}

/// What is wrong when the elements of such a constant are needed.
constexpr error missing_elements(graph const& g, value_id id) {
  auto const& v = g.values[id];
  return make_error(rule::external_data_must_be_read, "the elements of '", v.name,
                    "' stand in the file '", g.externals[g.constants[v.constant].external].location,
                    "', which has not been read");
}

}  // namespace inlay::inline INLAY_VERSION
