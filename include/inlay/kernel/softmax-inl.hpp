// Softmax along one axis.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/least_value.hpp"
#include "inlay/kernel/columns-inl.hpp"
#include "inlay/kernel/logarithm-inl.hpp"
#include "inlay/kernel/math-inl.hpp"
#include "inlay/kernel/reader-inl.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/kernel/softmax.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// What becomes of exponentials and their sum. Each is divided by the sum by way of the sum's
/// reciprocal r, in fewer cycles than a machine divides in: q = a · r, then q + (a - q · sum) · r,
/// fused, which is the quotient rounded once but for rare last bits.
template <class T, stage S> struct exponential_shares {
  using vector = vec<S, T>;
  static constexpr bool keeps_exponentials = true;
  vector minus_sum;
  vector reciprocal;

  INLAY_INLINE static constexpr exponential_shares of(S& s, vector const& sum) {
    auto const zero = s.template splat<T>(0);
    auto const one = s.template splat<T>(1);
    auto const minus_sum = s.subtract(zero, sum);
    auto const reciprocal = s.divide(one, sum);
    return {minus_sum, reciprocal};
  }
  /// Of an exponential.
  INLAY_INLINE constexpr vector finish(S& s, vector const& power, vector const&) const {
    auto const quotient = s.multiply(power, reciprocal);
    auto const rest = s.fma(quotient, minus_sum, power);
    return s.fma(rest, reciprocal, quotient);
  }
};

/// The same for their logarithms.
template <class T, stage S> struct exponential_logarithms {
  using vector = vec<S, T>;
  static constexpr bool keeps_exponentials = false;
  vector logarithm;

  INLAY_INLINE static constexpr exponential_logarithms of(S& s, vector const& sum) {
    auto const logarithm = log<T>(s, sum);
    return {logarithm};
  }
  /// Of an element of the input.
  INLAY_INLINE constexpr vector finish(S& s, vector const& x, vector const& largest) const {
    auto const difference = s.subtract(x, largest);
    return s.subtract(difference, logarithm);
  }
};

/// Along rows [outer, n] whose elements lie next to each other.
template <class Shares, stage S, class X, class Results>
INLAY_INLINE constexpr void normalize_rows(S& s, X const& x, Results const& to) {
  using T = typename Results::element;
  auto const n = to.y.extents[1];
  s.loop(to.y.extents[0], [&](auto o) INLAY_INLINE_LAMBDA {
    auto const from = row_of(s, x, o);
    auto const row = to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, &o, 1); });
    auto const& y = row.y;
    kept_row const elements{from, y};
    auto const largest = s.template reduce_lanes<T>(
        n, least_value<T>(), [&](auto j) INLAY_INLINE_LAMBDA { return elements.first(s, j); },
        [&](auto const& a, auto const& b) INLAY_INLINE_LAMBDA { return s.max(a, b); });
    auto const sum = s.template reduce_lanes<T>(
        n, T{0},
        [&](auto j) INLAY_INLINE_LAMBDA {
          auto const a = elements.again(s, j);
          auto const difference = s.subtract(a, largest);
          auto const power = exp_of_nonpositive<T>(s, difference);
          if constexpr (Shares::keeps_exponentials) s.store(y, j, power);
          return power;
        },
        [&](auto const& a, auto const& b) INLAY_INLINE_LAMBDA { return s.add(a, b); });
    auto const shares = Shares::of(s, sum);
    write_row(s, row, [&](auto j) INLAY_INLINE_LAMBDA {
      if constexpr (Shares::keeps_exponentials) {
        auto const power = s.load(y, j);
        return shares.finish(s, power, largest);
      } else {
        auto const a = elements.again(s, j);
        return shares.finish(s, a, largest);
      }
    });
  });
}

template <class Shares, int Count> struct column_shares {
  Shares at[Count];
};

/// Down columns that lie side by side.
template <class Shares, class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void normalize_columns(S& s, tensor<T const, Memory> const& x,
                                              Results const& to) {
  using index = typename S::index;
  index const begin{0};
  auto const& y = to.y;
  auto const end = x.extents[1];
  s.loop(x.extents[0], [&](auto o) INLAY_INLINE_LAMBDA {
    loop_columns_of<T, 4>(s, x.extents[2], [&](auto const& columns) INLAY_INLINE_LAMBDA {
      using positions = std::remove_cvref_t<decltype(columns)>;
      constexpr int count = positions::count;
      auto const lowest = equal_columns<positions>(s, least_value<T>());
      auto const zero = equal_columns<positions>(s, T{0});
      auto const largest = s.fold(begin, end, lowest, [&](auto j, auto all) INLAY_INLINE_LAMBDA {
        each_column<positions>([&](auto v) INLAY_INLINE_LAMBDA {
          auto const a = s.load(x, o, j, columns.in_all[v]);
          all.at[v] = s.max(all.at[v], a);
        });
        return all;
      });
      auto const sums = s.fold(begin, end, zero, [&](auto j, auto all) INLAY_INLINE_LAMBDA {
        each_column<positions>([&](auto v) INLAY_INLINE_LAMBDA {
          auto const a = s.load(x, o, j, columns.in_all[v]);
          auto const difference = s.subtract(a, largest.at[v]);
          auto const power = exp_of_nonpositive<T>(s, difference);
          if constexpr (Shares::keeps_exponentials) s.store(y, o, j, columns.in_all[v], power);
          all.at[v] = s.add(all.at[v], power);
        });
        return all;
      });
      auto const& from = [&]() -> auto const& {
        if constexpr (Shares::keeps_exponentials) return y;
        else return x;
      }();
      column_shares<Shares, count> shares;
      each_column<positions>([&](auto v)
                                 INLAY_INLINE_LAMBDA { shares.at[v] = Shares::of(s, sums.at[v]); });
      s.loop(end, [&](auto j) INLAY_INLINE_LAMBDA {
        auto results = largest;
        each_column<positions>([&](auto v) INLAY_INLINE_LAMBDA {
          auto const a = s.load(from, o, j, columns.in_all[v]);
          results.at[v] = shares.at[v].finish(s, a, largest.at[v]);
        });
        write_columns(s, to, columns, results, [&](auto const& by) INLAY_INLINE_LAMBDA {
          return row_at<index>(o * by[0] + j * by[1], by[2]);
        });
      });
    });
  });
}

/// [outer, n, 1] → [outer, n]
template <class T, class Memory>
INLAY_INLINE constexpr tensor<T, Memory> without_inner(tensor<T, Memory> const& x) {
  return {x.data, {x.extents[0], x.extents[1]}, {x.strides[0], x.strides[1]}};
}

/// A reader is of rows [outer…, n].
template <class Shares, stage S, class X, class Results>
INLAY_INLINE constexpr void normalize(S& s, X const& x, Results const& to) {
  auto const as_rows = [](auto const& t) INLAY_INLINE_LAMBDA { return without_inner(t); };
  if constexpr (!is_tensor<X>) {
    normalize_rows<Shares>(s, x, to.seen(as_rows));
  } else {
    s.if_at_most(x.extents[2], 1, [&](auto are_rows) INLAY_INLINE_LAMBDA {
      if constexpr (are_rows.value) normalize_rows<Shares>(s, as_rows(x), to.seen(as_rows));
      else normalize_columns<Shares>(s, x, to);
    });
  }
}

/// *Order*: where inner is 1, the sum is a reduction along lanes (see `reduction_lanes`), from +0;
/// else j ascending, from +0. Then see `exponential_shares`.
/// *Shapes*: x and y [outer, axis, inner]; of a reader [outer…, axis], where inner is 1.
template <stage S, class X, class Results>
INLAY_INLINE constexpr void run(S& s, softmax_normalization const&, X const& x, Results const& y) {
  auto const& to = results_to(y);
  using T = typename std::remove_cvref_t<decltype(to)>::element;
  normalize<exponential_shares<T, S>>(s, x, to);
}

/// *Order*: the sum as that of a softmax; its logarithm is taken from the difference.
/// *Shapes*: those of a softmax.
template <stage S, class X, class Results>
INLAY_INLINE constexpr void run(S& s, log_softmax_normalization const&, X const& x,
                                Results const& y) {
  auto const& to = results_to(y);
  using T = typename std::remove_cvref_t<decltype(to)>::element;
  normalize<exponential_logarithms<T, S>>(s, x, to);
}

INLAY_END_TARGET
