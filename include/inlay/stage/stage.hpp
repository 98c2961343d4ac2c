// What a kernel is written against: the operations whose meaning a stage gives.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>

#include "inlay/core/config.hpp"
#include "inlay/core/shape.hpp"

namespace inlay::inline INLAY_VERSION {

/// Memory as a kernel sees it: where it starts, its extents, its strides in elements. An optional
/// operand that is left out has a null pointer.
template <class T, class Pointer = T*> struct tensor {
  using element = T;
  Pointer data{};
  shape extents;
  shape strides;
};

/// A position along lanes where `Lanes` elements are there to be read or written.
template <int Lanes, class Index> struct full {
  Index at;
  constexpr explicit operator Index() const { return at; }
};

/// The same where only the first `count` of them are there, from none to all.
template <int Lanes, class Index> struct partial {
  Index at;
  Index count;
  constexpr explicit operator Index() const { return at; }
};

/// The vector of `T` that stage `S` computes with.
template <class S, class T> using vec = typename S::template vec<T>;

/// The number of logical lanes of a reduction: whatever a machine has, the sum of elements is the
/// same tree. Lane `l` combines elements l, l + 32, l + 64, … in this order, starting from the
/// identity; then lanes l and l + 16 are combined, l and l + 8, … l and l + 1.
inline constexpr int reduction_lanes = 32;

/// A stage gives each line of a kernel its meaning: compute it, vectorise it, emit it.
///
/// `width<T>` is how many elements a vector holds, `registers` how many vectors the machine does.
///
/// *Numbers*: `add subtract multiply divide sqrt` round once, `fma(a, b, c)` is a·b + c rounded
/// once, `max(a, b)` is a where a > b or a is not a number, else b; `min` likewise. Integers wrap.
/// *Memory*: `load(t, i…)` reads the vector that starts there, where one index is a position along
/// lanes; what lies beyond a partial one is neither read nor written. `broadcast(t, i…)` reads one
/// element into every lane; `load_or_broadcast(t, j)` does the one or the other as the only axis of
/// `t` has a stride; `store(t, i…, x)` writes; `slice(t, at, axes)` fixes the indices of the first
/// axes.
/// *Indices* are integers that may be computed with: `+ - * /`, `divide_up`, `smaller`,
/// `larger`, `shift`. `workspace<T, Size>` is memory while the kernel runs.
/// *Control*: `loop(n, body)` calls `body(i)`; `loop_nest(extents, axes, body)` calls
/// `body(indices)` over the first axes; `loop_lanes<T>(n, body)` calls `body(j)` with positions
/// along lanes; `loop_tiles(n, size, body)` calls `body(i)` for runs of `size` that cover n, at
/// least `size`, of which the last may overlap the one before; `if_at_most(a, b, body)` calls
/// `body(c)` with whether a ≤ b as a constant; `lanes_from<T, Whole>(at, end)` is a position of
/// which all elements are there if `Whole`, else those before `end`; `fold(begin, end, initial,
/// body)` carries `acc = body(i, acc)`; `reduce_lanes<T>(n, identity, at, combine)` combines at(0)
/// … at(n-1) in the order that `reduction_lanes` fixes.
///
/// A kernel writes one stage call per statement, with its arguments named first: compilers evaluate
/// nested arguments in different orders, and a stage that emits code would emit different programs.
template <class S>
concept stage = requires(S& s, vec<S, float> x, vec<S, std::int32_t> n, tensor<float> t,
                         typename S::index i, typename S::template lanes<float> j) {
  { s.template splat<float>(1.0f) } -> std::same_as<vec<S, float>>;
  { s.add(x, x) } -> std::same_as<vec<S, float>>;
  { s.subtract(x, x) } -> std::same_as<vec<S, float>>;
  { s.multiply(x, x) } -> std::same_as<vec<S, float>>;
  { s.divide(x, x) } -> std::same_as<vec<S, float>>;
  { s.sqrt(x) } -> std::same_as<vec<S, float>>;
  { s.fma(x, x, x) } -> std::same_as<vec<S, float>>;
  { s.max(x, x) } -> std::same_as<vec<S, float>>;
  { s.min(x, x) } -> std::same_as<vec<S, float>>;
  { s.round_to_integer(x) } -> std::same_as<vec<S, std::int32_t>>;
  { s.template convert<float>(n) } -> std::same_as<vec<S, float>>;
  { s.template power_of_two<float>(n) } -> std::same_as<vec<S, float>>;
  { s.half(n) } -> std::same_as<vec<S, std::int32_t>>;
  { s.load(t, i, j) } -> std::same_as<vec<S, float>>;
  { s.broadcast(t, i, i) } -> std::same_as<vec<S, float>>;
  s.store(t, i, j, x);
};

}  // namespace inlay::inline INLAY_VERSION
