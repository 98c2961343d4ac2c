// What reductions start from, what they add, and what they make of that.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>

#include "inlay/core/least_value.hpp"
#include "inlay/kernel/logarithm-inl.hpp"
#include "inlay/kernel/math-inl.hpp"
#include "inlay/kernel/reduction.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// A sweep over elements starts from `identity` and combines what `element` makes of them. One that
/// `reads_result` knows what stands in the output, and `close`s with it.
///
/// What is reduced to is a word and no type: ten types would be ten times the code where a program
/// is interpreted. Where a kernel is compiled for its step, the word is a constant.
struct reduction_sweep {
  static constexpr bool reads_result = false;
  reduced_to to;

  template <class T> constexpr T identity() const {
    switch (to) {
      case reduced_to::product: return T{1};
      case reduced_to::largest: return least_value<T>();
      case reduced_to::smallest: return largest_value<T>();
      default: return T{0};
    }
  }
  /// A square is rounded before it is added.
  template <class T, class S, class V>
  INLAY_INLINE constexpr V element(S& s, V const& x, vec<S, T> const&) const {
    switch (to) {
      case reduced_to::sum_of_squares:
      case reduced_to::root_of_squares: return s.multiply(x, x);
      case reduced_to::sum_of_magnitudes: {
        if constexpr (sizeof(T) >= 4 && !std::unsigned_integral<T>) {
          auto const zero = s.template splat<T>(0);
          auto const negated = s.subtract(zero, x);
          return s.max(x, negated);
        } else {
          return x;
        }
      }
      default: return x;
    }
  }
  template <class S, class V> INLAY_INLINE constexpr V combine(S& s, V const& a, V const& b) const {
    switch (to) {
      case reduced_to::product: return s.multiply(a, b);
      case reduced_to::largest: return s.max(a, b);
      case reduced_to::smallest: return s.min(a, b);
      default: return s.add(a, b);
    }
  }
};

/// What is made of `all` that `count` elements have come to.
template <std::floating_point T, class S>
INLAY_INLINE constexpr vec<S, T> finish_reduction(S& s, reduced_to to, vec<S, T> const& all,
                                                  typename S::index count) {
  switch (to) {
    case reduced_to::mean: {
      auto const divisor = s.template splat_index<T>(count);
      return s.divide(all, divisor);
    }
    case reduced_to::root_of_squares: return s.sqrt(all);
    case reduced_to::log_of_sum: return log<T>(s, all);
    default: return all;
  }
}
constexpr bool is_finished(reduced_to to) {
  return to == reduced_to::mean || to == reduced_to::root_of_squares ||
         to == reduced_to::log_of_sum;
}

/// log(sum of exp(x)) = log(sum of exp(x - m)) + m, where m is the largest x, which stands in the
/// output: no sum overflows.
struct exponential_sweep {
  static constexpr bool reads_result = true;

  template <class T> constexpr T identity() const { return T{0}; }
  template <class T, class S, class V>
  INLAY_INLINE constexpr V element(S& s, V const& x, vec<S, T> const& largest) const {
    auto const shift = shift_of<T>(s, largest);
    auto const difference = s.subtract(x, shift);
    return exp<T>(s, difference);
  }
  template <class S, class V> INLAY_INLINE constexpr V combine(S& s, V const& a, V const& b) const {
    return s.add(a, b);
  }
  template <class T, class S>
  INLAY_INLINE constexpr vec<S, T> close(S& s, vec<S, T> const& sum,
                                         vec<S, T> const& largest) const {
    auto const shift = shift_of<T>(s, largest);
    auto const logarithm = log<T>(s, sum);
    return s.add(logarithm, shift);
  }

 private:
  /// The largest x, if it is finite, else the largest finite number of its sign.
  template <class T, class S>
  INLAY_INLINE static constexpr vec<S, T> shift_of(S& s, vec<S, T> const& largest) {
    auto const most = s.template splat<T>(log_constants<T>::most);
    auto const least = s.template splat<T>(-log_constants<T>::most);
    auto const below = s.min(largest, most);
    return s.max(below, least);
  }
};

INLAY_END_TARGET
