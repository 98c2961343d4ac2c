// Applies an operator's element function everywhere.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/pack.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// y[i] = Operator::element(x0[i], x1[i], …), with these parameters.
/// y may be `results`.
/// *Shapes*: all of the same rank, at least 1; an input that repeats along an axis has a stride of
/// 0 there.
template <class Operator, class T, stage S, class Results, class... Input>
INLAY_INLINE constexpr void elementwise(S& s, element_words const& words, Results const& y,
                                        Input const&... x) {
  auto const& to = results_to(y);
  auto const& extents = to.y.extents;
  int const outer = extents.size() - 1;
  s.loop_nest(extents, outer, [&](auto at) {
    // Braces evaluate from left to right.
    auto const rows = pack{s.slice(x, at, outer)...};
    auto const row = to.seen([&](auto const& t) { return s.slice(t, at, outer); });
    write_row(s, row, [&](auto j) INLAY_INLINE_LAMBDA {
      auto const read = [&](auto const&... input) {
        return pack{s.load_or_broadcast(input, j)...};
      };
      auto const elements = apply_pack(read, rows);
      auto const compute = [&](auto const&... element) {
        return compute_element<Operator, T>(s, words.of, element...);
      };
      return apply_pack(compute, elements);
    });
  });
}

INLAY_END_TARGET
