// What a kernel reads: a tensor, or what element operators make of several.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// Whether an input of a kernel is a tensor. Else it is a reader: it has `extents` as that has,
/// `inner(s, at, axes)` is what `slice` is of a tensor, and `read(s, j)`, of the only axis left, is
/// what `load` is. A kernel reads each element of it once, in order. One that `reads_rows` is slow
/// to start, and wants to be read along whole rows.
template <class X> inline constexpr bool is_tensor = requires(X const& x) { x.data; };
template <class X> inline constexpr bool reads_rows = requires { requires X::reads_rows; };

/// What starts at `at` along the first `axes` axes, which it no longer has.
template <stage S, class X>
INLAY_INLINE constexpr auto inner_of(S& s, X const& x, typename S::index const* at, int axes) {
  if constexpr (is_tensor<X>) return s.slice(x, at, axes);
  else return x.inner(s, at, axes);
}
/// Row `number` along the last axis: a tensor has one other axis, a reader any number.
template <stage S, class X>
INLAY_INLINE constexpr auto row_of(S& s, X const& x, typename S::index number) {
  if constexpr (is_tensor<X>) {
    return s.slice(x, &number, 1);
  } else {
    typename S::index at[max_rank]{};
    int const outer = x.extents.size() - 1;
    for (int axis = outer - 1; axis > 0; --axis) {
      auto const whole = number / x.extents[axis];
      at[axis] = number - whole * x.extents[axis];
      number = whole;
    }
    at[0] = number;
    return x.inner(s, at, outer);
  }
}
/// The elements at `j` of a row, which has one axis.
template <stage S, class X, class J> INLAY_INLINE constexpr auto read(S& s, X const& row, J j) {
  if constexpr (is_tensor<X>) return s.load(row, j);
  else return row.read(s, j);
}

/// A row that a kernel reads several times: what it reads first is kept where its results will be,
/// unless it is that of a tensor.
template <class X, class T, class Memory> struct kept_row {
  X const& from;
  tensor<T, Memory> const& to;

  /// The first time, in order.
  template <stage S, class J> INLAY_INLINE constexpr auto first(S& s, J j) const {
    auto const x = read(s, from, j);
    if constexpr (!is_tensor<X>) s.store(to, j, x);
    return x;
  }
  template <stage S, class J> INLAY_INLINE constexpr auto again(S& s, J j) const {
    if constexpr (is_tensor<X>) return s.load(from, j);
    else return s.load(to, j);
  }
};
template <class X, class T, class Memory>
kept_row(X const&, tensor<T, Memory> const&) -> kept_row<X, T, Memory>;

INLAY_END_TARGET
