// What softmax, reductions and poolings have in common: columns side by side, each down its own
// way.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <type_traits>

#include "inlay/kernel/product-inl.hpp"
#include "inlay/kernel/write_tile-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// The positions of neighbouring vectors, of as many elements as one of `Lane`.
template <class Position, int Count, class Lane> struct column_positions {
  using lane = Lane;
  static constexpr int count = Count;
  Position in_all[Count];
};

/// Calls `body(v)` with the numbers of the vectors, each a constant.
template <class Columns, class Body> INLAY_INLINE constexpr void each_column(Body const& body) {
  if constexpr (Columns::count == 1) body(std::integral_constant<int, 0>{});
  else unroll<Columns::count>(body);
}

template <class Lane, stage S, class Body>
INLAY_INLINE constexpr void loop_single_columns(S& s, typename S::index count, Body const& body) {
  s.template loop_lanes<Lane>(count, [&](auto j) INLAY_INLINE_LAMBDA {
    body(column_positions<decltype(j), 1, Lane>{{j}});
  });
}

/// Calls `body(columns)` for vectors of columns that cover `count` columns, `Vectors` at a time
/// where there are so many, else `otherwise()`: a row gives whole cache lines then, and many rows
/// are on their way at once. The last ones may overlap those before.
template <class T, int Vectors, stage S, class Body, class Otherwise>
INLAY_INLINE constexpr void loop_columns_of(S& s, typename S::index count, Body const& body,
                                            Otherwise const& otherwise) {
  constexpr int width = S::template width<T>;
  if constexpr (width == 1) {
    loop_single_columns<T>(s, count, body);
  } else {
    s.if_at_most(Vectors * width, count, [&](auto has_all) INLAY_INLINE_LAMBDA {
      if constexpr (!has_all.value) {
        otherwise();
      } else {
        s.loop_tiles(count, Vectors * width, [&](auto first) INLAY_INLINE_LAMBDA {
          using position = decltype(s.template lanes_from<T, true>(first, first));
          column_positions<position, Vectors, T> columns{};
          unroll<Vectors>([&](auto v) INLAY_INLINE_LAMBDA {
            columns.in_all[v] = s.template lanes_from<T, true>(first + v * width, count);
          });
          body(columns);
        });
      }
    });
  }
}
/// The same; where there are not so many, one at a time.
template <class T, int Vectors, stage S, class Body>
INLAY_INLINE constexpr void loop_columns_of(S& s, typename S::index count, Body const& body) {
  loop_columns_of<T, Vectors>(
      s, count, body, [&]() INLAY_INLINE_LAMBDA { loop_single_columns<T>(s, count, body); });
}

/// As many vectors as `Columns` has positions, all alike.
template <class Columns, class T, stage S>
INLAY_INLINE constexpr auto equal_columns(S& s, T const& x) {
  auto const one = s.template splat<T, typename Columns::lane>(x);
  tile_sums<std::remove_const_t<decltype(one)>, Columns::count> all;
  for (auto& v : all.at) v = one;
  return all;
}

/// Stores what the epilogue makes of `results`, one for each column of a row; `place_of(strides)`
/// is the row's place in a tensor.
template <stage S, class Results, class Columns, class Vectors, class PlaceOf>
INLAY_INLINE constexpr void write_columns(S& s, Results const& to, Columns const& columns,
                                          Vectors const& results, PlaceOf const& place_of) {
  constexpr tile_shape row{1, Columns::count};
  auto const as_it_is = [](auto, auto, auto const& x) INLAY_INLINE_LAMBDA { return x; };
  if constexpr (Columns::count == 1) {
    write_tile<row>(s, to, columns, results.at[0], place_of, as_it_is);
  } else {
    write_tile<row>(s, to, columns, results, place_of, as_it_is);
  }
}
/// A row that starts `start` elements behind where a tensor does, with columns so far apart.
template <class Index> INLAY_INLINE constexpr auto row_at(Index start, Index column) {
  using rows = tile_rows<Index, 1, 1>;
  return tile_place<rows, Index>{{{start}, 0}, column};
}

INLAY_END_TARGET
