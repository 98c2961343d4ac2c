// Applies an operator's element function everywhere.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/pack.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// y[i] = Operator::element(x0[i], x1[i], …).
/// *Shapes*: all of the same rank, at least 1; an input that repeats along an axis has a stride of
/// 0 there.
template <class Operator, class T, stage S, class... Input>
INLAY_INLINE constexpr void elementwise(S& s, tensor<T> const& y, Input const&... x) {
  int const outer = y.extents.size() - 1;
  s.loop_nest(y.extents, outer, [&](auto at) {
    // Braces evaluate from left to right.
    auto const rows = pack{s.slice(x, at, outer)...};
    auto const results = s.slice(y, at, outer);
    s.template loop_lanes<T>(results.extents[0], [&](auto j) {
      auto const read = [&](auto const&... row) { return pack{s.load_or_broadcast(row, j)...}; };
      auto const elements = apply_pack(read, rows);
      auto const compute = [&](auto const&... element) {
        return Operator::template element<T>(s, element...);
      };
      auto const result = apply_pack(compute, elements);
      s.store(results, j, result);
    });
  });
}

INLAY_END_TARGET
