// Reductions over any axes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "inlay/kernel/columns-inl.hpp"
#include "inlay/kernel/reader-inl.hpp"
#include "inlay/kernel/reduction.hpp"
#include "inlay/kernel/reduction_rules-inl.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// Part `number` of x along its first three axes, the last one of them fastest.
template <stage S, class X, class Index>
INLAY_INLINE constexpr X part_of(S& s, X const& x, Index number) {
  auto const& e = x.extents;
  auto const a = number / (e[1] * e[2]);
  auto const inner = number - a * (e[1] * e[2]);
  auto const b = inner / e[2];
  Index const at[] = {a, b, inner - b * e[2]};
  return inner_of(s, x, at, 3);
}

/// Combines all of x [a, b, c, n] into y [1].
template <class X, class T, class Memory, stage S, class Sweep>
INLAY_INLINE constexpr void reduce_rows(S& s, Sweep const& sweep, X const& x,
                                        tensor<T, Memory> const& y) {
  auto const& e = x.extents;
  typename S::index const first{0};
  auto const identity = sweep.template identity<T>();
  auto const start = s.template splat<T>(identity);
  auto result = start;
  if constexpr (Sweep::reads_result) result = s.broadcast(y, first);
  auto const all =
      s.fold(first, e[0] * e[1] * e[2], start, [&](auto number, auto before) INLAY_INLINE_LAMBDA {
        auto const row = part_of(s, x, number);
        auto const of_row = s.template reduce_lanes<T>(
            e[3], identity,
            [&](auto j) INLAY_INLINE_LAMBDA {
              auto const loaded = read(s, row, j);
              return sweep.template element<T>(s, loaded, result);
            },
            [&](auto const& p, auto const& q)
                INLAY_INLINE_LAMBDA { return sweep.combine(s, p, q); });
        return sweep.combine(s, before, of_row);
      });
  if constexpr (Sweep::reads_result) result = sweep.template close<T>(s, all, result);
  else result = all;
  s.template loop_lanes<T>(1, [&](auto j) INLAY_INLINE_LAMBDA { s.store(y, j, result); });
}

/// Combines all of x [a, b, c, n, columns] into y [columns], for some of the columns.
template <class X, class T, class Memory, stage S, class Sweep, class Columns>
INLAY_INLINE constexpr void reduce_columns(S& s, Sweep const& sweep, X const& x,
                                           tensor<T, Memory> const& y, Columns const& columns) {
  auto const& e = x.extents;
  typename S::index const first{0};
  auto const start = equal_columns<Columns>(s, sweep.template identity<T>());
  auto results = start;
  if constexpr (Sweep::reads_result) {
    each_column<Columns>([&](auto v)
                             INLAY_INLINE_LAMBDA { results.at[v] = s.load(y, columns.in_all[v]); });
  }
  auto const all =
      s.fold(first, e[0] * e[1] * e[2], start, [&](auto number, auto before) INLAY_INLINE_LAMBDA {
        auto const rows = part_of(s, x, number);
        return s.fold(first, e[3], before, [&](auto i, auto sums) INLAY_INLINE_LAMBDA {
          auto const row = inner_of(s, rows, &i, 1);
          each_column<Columns>([&](auto v) INLAY_INLINE_LAMBDA {
            auto const loaded = read(s, row, columns.in_all[v]);
            auto const added = sweep.template element<T>(s, loaded, results.at[v]);
            sums.at[v] = sweep.combine(s, sums.at[v], added);
          });
          return sums;
        });
      });
  each_column<Columns>([&](auto v) INLAY_INLINE_LAMBDA {
    auto result = all.at[v];
    if constexpr (Sweep::reads_result) {
      result = sweep.template close<T>(s, all.at[v], results.at[v]);
    }
    s.store(y, columns.in_all[v], result);
  });
}

/// The same for all columns, a row after the other, with what there is of them in y.
template <class X, class T, class Memory, stage S, class Sweep>
INLAY_INLINE constexpr void reduce_columns_by_rows(S& s, Sweep const& sweep, X const& x,
                                                   tensor<T, Memory> const& y) {
  auto const& e = x.extents;
  auto const start = s.template splat<T>(sweep.template identity<T>());
  s.template loop_lanes<T>(y.extents[0], [&](auto j) INLAY_INLINE_LAMBDA { s.store(y, j, start); });
  s.loop(e[0] * e[1] * e[2], [&](auto number) INLAY_INLINE_LAMBDA {
    auto const rows = part_of(s, x, number);
    s.loop(e[3], [&](auto i) INLAY_INLINE_LAMBDA {
      auto const row = inner_of(s, rows, &i, 1);
      s.template loop_lanes<T>(y.extents[0], [&](auto j) INLAY_INLINE_LAMBDA {
        auto const loaded = read(s, row, j);
        auto const added = sweep.template element<T>(s, loaded, start);
        auto const before = s.load(y, j);
        auto const all = sweep.combine(s, before, added);
        s.store(y, j, all);
      });
    });
  });
}

template <class X, class T, class Memory, stage S, class Sweep>
INLAY_INLINE constexpr void run_sweep(S& s, Sweep const& sweep, X const& x,
                                      tensor<T, Memory> const& y) {
  int const kept = y.extents.size() - 1;
  bool const along_lanes = x.extents.size() == kept + 4;
  s.loop_nest(y.extents, kept, [&](auto at) INLAY_INLINE_LAMBDA {
    auto const from = inner_of(s, x, at, kept);
    auto const to = s.slice(y, at, kept);
    if (along_lanes) return reduce_rows(s, sweep, from, to);
    if constexpr (reads_rows<X>) return reduce_columns_by_rows(s, sweep, from, to);
    auto const reduce = [&](auto const& columns)
                            INLAY_INLINE_LAMBDA { reduce_columns(s, sweep, from, to, columns); };
    // What overlaps would be read again after it has been written.
    if constexpr (Sweep::reads_result) loop_single_columns<T>(s, to.extents[0], reduce);
    else loop_columns_of<T, is_tensor<X> ? 8 : 4>(s, to.extents[0], reduce);
  });
}

/// Whether a tensor [kept…, 1] has rows along the last axis but one.
template <class Numbers> INLAY_INLINE constexpr bool has_inner_axis(Numbers const& y) {
  return y.size() > 1 && y.back() == 1;
}

/// Stores what `finish` and then the epilogue make of what a sweep has stored in y, row by row; in
/// one go where no other tensor is read.
template <stage S, class Results, class Finish>
INLAY_INLINE constexpr void finish_results(S& s, Results const& to, Finish const& finish) {
  auto const write = [&](auto const& row) INLAY_INLINE_LAMBDA {
    write_row(s, row, [&](auto j) INLAY_INLINE_LAMBDA {
      auto const all = s.load(row.y, j);
      return finish(all);
    });
  };
  auto const& extents = to.y.extents;
  if (to.count() == 0) {
    return write(to.seen([](auto t) INLAY_INLINE_LAMBDA {
      t.extents = {elements_of(t.extents)};
      t.strides = {1};
      return t;
    }));
  }
  int const outer = extents.size() - (has_inner_axis(extents) ? 2 : 1);
  s.loop_nest(extents, outer, [&](auto at) INLAY_INLINE_LAMBDA {
    write(to.seen([&](auto const& t) INLAY_INLINE_LAMBDA {
      auto row = s.slice(t, at, outer);
      row.extents = {row.extents[0]};
      row.strides = {row.strides[0]};
      return row;
    }));
  });
}

/// *Order*: from the identity. Where the last axis of more than one element is reduced, its
/// elements are combined along lanes (see `reduction_lanes`), and then what has come of such rows,
/// one after the other, c fastest; else the elements themselves, n fastest.
/// *Shapes*: y [kept…, 1] and x [kept…, a, b, c, n]; or y [kept…, columns] and
/// x [kept…, a, b, c, n, columns]; y contiguous.
template <stage S, class X, class Results>
INLAY_INLINE constexpr void run(S& s, reduction const& k, X const& x, Results const& y) {
  auto const& to = results_to(y);
  using T = typename std::remove_cvref_t<decltype(to)>::element;
  run_sweep(s, reduction_sweep{k.to}, x, to.y);
  if constexpr (std::floating_point<T>) {
    if (is_finished(k.to)) {
      auto const count = elements_of(x.extents) / elements_of(to.y.extents);
      return finish_results(s, to, [&](auto const& all) INLAY_INLINE_LAMBDA {
        return finish_reduction<T>(s, k.to, all, count);
      });
    }
  }
  if (has_tape(to)) finish_results(s, to, [](auto const& all) INLAY_INLINE_LAMBDA { return all; });
}

/// *Order* and *Shapes*: those of the largest element, and then of the sum.
template <class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, log_sum_exp_reduction const&,
                                tensor<T const, Memory> const& x, Results const& y) {
  auto const& to = results_to(y);
  run_sweep(s, reduction_sweep{reduced_to::largest}, x, to.y);
  run_sweep(s, exponential_sweep{}, x, to.y);
  if (has_tape(to)) finish_results(s, to, [](auto const& all) INLAY_INLINE_LAMBDA { return all; });
}

INLAY_END_TARGET
