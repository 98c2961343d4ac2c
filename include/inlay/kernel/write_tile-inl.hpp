// Where the sums of a tile go: through the epilogue, into a tensor.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/kernel/product-inl.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// A tile in one tensor: where its rows begin, and how far its columns are apart, in elements.
template <class Rows, class Index> struct tile_place {
  Rows rows;
  Index column;
};

/// Stores what the epilogue makes of the sums of a tile: of `finish(row, columns, sum)`, where
/// `place_of(strides)` is the tile's place in a tensor.
template <tile_shape Tile, stage S, class Results, class Columns, class Sums, class PlaceOf,
          class Finish>
INLAY_INLINE constexpr void write_tile(S& s, Results const& to, Columns const& columns,
                                       Sums const& sums, PlaceOf const& place_of,
                                       Finish const& finish) {
  decltype(place_of(to.y.strides)) places[Results::tensors];
  if constexpr (requires { to.tape.is_short(); }) {
    for (int t = 0; t <= to.count(); ++t) places[t] = place_of(to.strides(t));
  } else {
    unroll<Results::tensors>([&](auto t)
                                 INLAY_INLINE_LAMBDA { places[t] = place_of(to.strides(t)); });
  }
  auto finished = sums;
  each_sum<Tile>(finished, [&](auto i, auto v, auto& sum)
                               INLAY_INLINE_LAMBDA { sum = finish(i, columns.in_all[v], sum); });
  if constexpr (requires { to.tape.is_short(); }) {
    if (goes_by_strips(to)) {
      return to.tape.template write_tile<Tile>(s, to, columns, finished, places);
    }
  }
  auto const tape = tape_of(s, to);
  each_sum<Tile>(finished, [&](auto i, auto v, auto const& x) INLAY_INLINE_LAMBDA {
    auto const at = [&](auto t, int number, auto const& access) INLAY_INLINE_LAMBDA {
      t.strides = {1, places[number].column};
      return access(t, places[number].rows[i], columns.in_all[v]);
    };
    write(s, to, tape, x, at);
  });
}

INLAY_END_TARGET
