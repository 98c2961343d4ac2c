// Multidirectional broadcasting, as ONNX and numpy define it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/result.hpp"
#include "inlay/graph/dimension_algebra.hpp"
#include "inlay/graph/rule.hpp"

namespace inlay::inline INLAY_VERSION {

/// The shape that `a` and `b` both broadcast to.   {3, 1} and {2, 1, 4} → {2, 3, 4}
/// Extents without a value are computed with `dimensions`; without it they equal only themselves.
/// *Errors*: two extents that provably do not broadcast.
constexpr result<shape> broadcast(shape const& a, shape const& b,
                                  dimension_algebra* dimensions = nullptr) {
  shape const& longer = a.size() >= b.size() ? a : b;
  shape const& shorter = a.size() >= b.size() ? b : a;
  shape to = longer;
  int const missing = longer.size() - shorter.size();
  for (int i = 0; i < shorter.size(); ++i) {
    auto& extent = to[i + missing];
    if (extent == shorter[i] || shorter[i] == 1) continue;
    if (extent != 1) {
      if (dimensions != nullptr && (extent < 0 || shorter[i] < 0)) {
        auto const x = dimensions->of(extent);
        auto const y = dimensions->of(shorter[i]);
        if (dimensions->can_broadcast(x, y)) {
          extent = dimensions->extent_of(dimensions->broadcast(x, y));
          continue;
        }
      }
      return make_error(rule::shapes_must_broadcast, "the shapes ", a, " and ", b,
                        " do not broadcast: ", shape{longer[i + missing]}, " and ",
                        shape{shorter[i]}, " stand on the same axis");
    }
    extent = shorter[i];
  }
  return to;
}

}  // namespace inlay::inline INLAY_VERSION
