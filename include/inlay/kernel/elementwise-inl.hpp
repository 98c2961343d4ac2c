// Applies an operator's element function everywhere.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/pack.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// y[i] = compute(x0[i], x1[i], …), as many elements at a time as a vector of `Lane` holds: the
/// largest type of all that is computed.
/// *Shapes*: all of the same rank, at least 1; an input that repeats along an axis has a stride of
/// 0 there.
template <class Lane, stage S, class Compute, class T, class Memory, class... Input>
INLAY_INLINE constexpr void each_element(S& s, Compute const& compute, tensor<T, Memory> const& y,
                                         tensor<Input const, Memory> const&... x) {
  int const outer = y.extents.size() - 1;
  s.loop_nest(y.extents, outer, [&](auto at) INLAY_INLINE_LAMBDA {
    // Braces evaluate from left to right.
    auto const rows = pack{s.slice(x, at, outer)...};
    auto const row = s.slice(y, at, outer);
    s.template loop_lanes<Lane>(row.extents[0], [&](auto j) INLAY_INLINE_LAMBDA {
      auto const read = [&](auto const&... input)
                            INLAY_INLINE_LAMBDA { return pack{s.load_or_broadcast(input, j)...}; };
      auto const elements = apply_pack(read, rows);
      auto const result = apply_pack(compute, elements);
      s.store(row, j, result);
    });
  });
}

/// y[i] = Operator::element(x0[i], x1[i], …) for elements of `T`, with these parameters.
template <class Operator, class T, class Memory, stage S, class... Input>
INLAY_INLINE constexpr void elementwise(S& s, element_words const& words,
                                        tensor<T, Memory> const& y,
                                        tensor<Input const, Memory> const&... x) {
  auto const compute = [&](auto const&... element) INLAY_INLINE_LAMBDA {
    return compute_element<Operator, element_form<T>>(s, words.of, element...);
  };
  each_element<T>(s, compute, y, x...);
}

INLAY_END_TARGET
