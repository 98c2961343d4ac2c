// Multidirectional broadcasting, as ONNX and numpy define it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/result.hpp"
#include "inlay/graph/rule.hpp"

namespace inlay::inline INLAY_VERSION {

/// The shape that `a` and `b` both broadcast to.   {3, 1} and {2, 1, 4} → {2, 3, 4}
constexpr result<shape> broadcast(shape const& a, shape const& b) {
  shape const& longer = a.size() >= b.size() ? a : b;
  shape const& shorter = a.size() >= b.size() ? b : a;
  shape to = longer;
  int const missing = longer.size() - shorter.size();
  for (int i = 0; i < shorter.size(); ++i) {
    auto& extent = to[i + missing];
    if (extent == shorter[i] || shorter[i] == 1) continue;
    if (extent != 1) {
      return make_error(rule::shapes_must_broadcast, "the shapes ", a, " and ", b,
                        " do not broadcast: ", longer[i + missing], " and ", shorter[i],
                        " stand on the same axis");
    }
    extent = shorter[i];
  }
  return to;
}

}  // namespace inlay::inline INLAY_VERSION
