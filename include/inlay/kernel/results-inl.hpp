// Where the results of a kernel go: through element operators, into a tensor.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// No element operators: a result is stored as it is.
struct no_tape {
  template <class T, stage S, class V, class Other>
  INLAY_INLINE static constexpr V apply(S&, V const& x, Other const&) {
    return x;
  }
};

/// Nothing is made of whole rows.
struct no_ending {
  template <class T, stage S> INLAY_INLINE static constexpr void apply(S&, tensor<T> const&) {}
};

/// The tensor that a kernel writes, and `Others` that its epilogue reads. `tape.apply<T>(s, x,
/// other)` makes of a result x what is stored, where `other(k)` is the element of tensor number k
/// at the same indices. All have the extents of y, and strides of their own. `ending.apply(s,
/// rows)` changes rows [m, n] of y once they are stored, and is for kernels that compute whole
/// rows.
template <class T, class Tape = no_tape, int Others = 0, class Ending = no_ending> struct results {
  tensor<T> y;
  Tape tape{};
  Ending ending{};
  tensor<T const> others[Others == 0 ? 1 : Others]{};

  using element = T;
  static constexpr int tensors = 1 + Others;

  /// All tensors seen in another way: f(y), f(others[k]).
  template <class F> INLAY_INLINE constexpr results seen(F const& f) const {
    results r{f(y), tape, ending};
    if constexpr (Others > 0) {
      for (int k = 0; k < Others; ++k) r.others[k] = f(others[k]);
    }
    return r;
  }
};

template <class T> INLAY_INLINE constexpr results<T> results_to(tensor<T> const& y) { return {y}; }
template <class T, class Tape, int Others, class Ending>
INLAY_INLINE constexpr auto const& results_to(results<T, Tape, Others, Ending> const& to) {
  return to;
}

/// Stores what the epilogue makes of x. `at(t, number, access)` calls `access(t, i…)` with the
/// indices of x in tensor t, whose number is 0 for the one that is written.
template <stage S, class Results, class V, class At>
INLAY_INLINE constexpr void write(S& s, Results const& to, V const& x, At const& at) {
  using T = typename Results::element;
  auto const load = [&](auto const& t, auto... i) INLAY_INLINE_LAMBDA { return s.load(t, i...); };
  auto const other = [&](auto k) INLAY_INLINE_LAMBDA { return at(to.others[k], k + 1, load); };
  auto const result = to.tape.template apply<T>(s, x, other);
  at(to.y, 0, [&](auto const& t, auto... i) INLAY_INLINE_LAMBDA { s.store(t, i..., result); });
}
/// The same where all tensors have the same indices.
template <stage S, class Results, class V, class... Index>
INLAY_INLINE constexpr void write_at(S& s, Results const& to, V const& x, Index... i) {
  write(s, to, x, [&](auto const& t, auto, auto const& access) INLAY_INLINE_LAMBDA {
    return access(t, i...);
  });
}

INLAY_END_TARGET
