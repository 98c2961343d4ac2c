// What a window looks at.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <type_traits>

#include "inlay/kernel/window.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// The part of a window that lies on the input: its elements [begin, end), where element k looks at
/// input first + k·dilation.
template <class Index> struct taps {
  Index first;
  Index begin;
  Index end;
};

/// size 3, stride 2, pad 1, output 0 of 5 inputs → first -1, elements [1, 3)
template <stage S, class Index>
INLAY_INLINE constexpr taps<Index> taps_of(S& s, window_along<Index> const& w, Index output,
                                           Index inputs) {
  auto const first = output * w.stride - w.pad;
  auto const begin = s.divide_up(-first, w.dilation);
  auto const reached = s.divide_up(inputs - first, w.dilation);
  auto const end = s.smaller(reached, w.size);
  return {first, begin, end};
}

/// Whether the windows of all outputs are known to lie on the input as a whole.
template <stage S>
INLAY_INLINE constexpr bool are_inside(S& s, window_along<typename S::index> const& w,
                                       typename S::index inputs, typename S::index outputs) {
  auto const known_inputs = s.known(inputs, -1);
  auto const known_outputs = s.known(outputs, -1);
  constexpr std::int64_t none = INT64_MIN;
  window_axis const known{w.size, w.stride, w.dilation, s.known(w.pad, none)};
  return known_inputs >= 0 && known_outputs >= 0 && known.pad != none &&
         is_inside(known, known_inputs, known_outputs);
}

/// `whole_outputs`: outputs [begin, end), whose windows lie on the input as a whole.
template <stage S>
INLAY_INLINE constexpr taps<typename S::index> windows_inside(
    S& s, window_along<typename S::index> const& w, typename S::index inputs,
    typename S::index outputs) {
  auto const end = s.divide_up(inputs + (w.pad - (w.size - 1) * w.dilation), w.stride);
  auto const last = s.smaller(end, outputs);
  auto const begin = s.smaller(s.divide_up(w.pad, w.stride), last);
  return {0, begin, last};
}

/// Folds over the elements of a window in order: `body(k, true, sums)` for those on the input, with
/// `false` for those on the padding.
template <stage S, class Index, class Sums, class Body>
INLAY_INLINE constexpr Sums fold_taps(S& s, taps<Index> const& taps, std::int64_t size,
                                      Sums const& initial, Body const& body) {
  auto const begin = s.smaller(taps.begin, size);
  auto const end = s.larger(taps.end, begin);
  auto const before = s.fold(Index{0}, begin, initial, [&](auto k, auto sums) INLAY_INLINE_LAMBDA {
    return body(k, std::false_type{}, sums);
  });
  auto const inside = s.fold(begin, end, before, [&](auto k, auto sums) INLAY_INLINE_LAMBDA {
    return body(k, std::true_type{}, sums);
  });
  return s.fold(end, Index{size}, inside, [&](auto k, auto sums) INLAY_INLINE_LAMBDA {
    return body(k, std::false_type{}, sums);
  });
}

/// What an output looks at; without comparisons where all windows lie on the input as a whole.
template <stage S, class Index>
INLAY_INLINE constexpr taps<Index> taps_at(S& s, window_along<Index> const& w, Index output,
                                           Index inputs, bool is_inside) {
  if (is_inside) return {output * w.stride - w.pad, 0, w.size};
  return taps_of(s, w, output, inputs);
}

INLAY_END_TARGET
