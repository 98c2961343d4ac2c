// What a kernel is written against: the operations whose meaning a stage gives.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "inlay/core/config.hpp"
#include "inlay/core/shape.hpp"
#include "inlay/core/small_types.hpp"

namespace inlay::inline INLAY_VERSION {

/// The memory of the machine that runs a stage: pointers are pointers.
struct host_memory {
  template <class T> using pointer = T*;
  using numbers = shape;  // one an axis
};

/// Memory as a kernel sees it: where it starts, its extents, its strides in elements. An optional
/// operand that is left out has a null pointer.
template <class T, class Memory = host_memory> struct tensor {
  using element = T;
  typename Memory::template pointer<T> data{};
  typename Memory::numbers extents;
  typename Memory::numbers strides;
};

/// A tensor in the memory that stage `S` computes on.
template <class S, class T> using tensor_of = tensor<T, typename S::memory>;

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

/// What a stage computes with where tensors hold elements of `T`: floats of 16 bits are widened
/// when they are loaded and rounded when they are stored, to the nearest, halves to even.
template <class T>
using computed_type =
    std::conditional_t<sixteen_bit_float<std::remove_const_t<T>>, float, std::remove_const_t<T>>;

/// What a vector holds where tensors hold elements of `T`: the same, and bytes of truths.
template <class T>
using lane_of =
    std::conditional_t<std::is_same_v<std::remove_cv_t<T>, bool>, std::uint8_t, computed_type<T>>;

/// Four elements of a byte each, which products of bytes take together.
template <class T> struct quad {
  T element[4];
};

/// Stands for `T` where vectors of it shall hold `Most` elements, if the machine's hold more.
template <class T, int Most> struct narrow {};

/// A stage gives each line of a kernel its meaning: compute it, vectorise it, emit it.
///
/// `width<T>` is how many elements a vector holds, `registers` how many vectors the machine does.
/// All vectors of one call have as many elements, as many as a position of theirs: one of bytes
/// that is loaded at a position of floats has as many as one of floats. `splat<T, Lane>`,
/// `splat_index<T, Lane>` and `broadcast<Lane>` have as many as one of `Lane`, a type or `narrow`
/// of one. `splat_like(x, a)` has as many as x. `splat_index<T>(i)` is the nearest number to an
/// index.
///
/// *Numbers*: `add subtract multiply divide sqrt` round once, `fma(a, b, c)` is a·b + c rounded
/// once, `max(a, b)` is a where a > b or a is not a number, else b; `min` likewise. Integers wrap,
/// in `abs` and `negate` too; `divide` takes them toward zero, and is zero where b is. `nearest`
/// (halves to even), `floor` and `ceil` are whole numbers with the sign of x, `copy_sign(x, a)` is
/// x with the sign of a.
/// *Conversions*: `convert<To>` keeps the value where `To` has it: integers wrap, reals round to
/// the nearest, halves to even; a real becomes an integer toward zero, or the nearest one that
/// there is, or 0 where it is not a number; a truth is what is not 0. `round<To>` likewise, but to
/// the nearest integer, halves to even; `saturate<To>(n)` is the nearest one to an integer of 32
/// bits. *Choices*: `equal less less_or_equal is_nan is_true` give masks, one truth a lane;
/// `select(m, a, b)` is a where m holds, else b, of elements of any size;
/// `select_rare(m, a, b)` likewise of what a() computes, which is not called where m holds nowhere;
/// `to_bools(m)` are elements of a tensor of bool, which vectors hold as bytes. *Bits* of integers:
/// `bit_and bit_or bit_xor bit_not`, `shift_left<By>`, `shift_right<By>`, which keeps the sign.
/// *Memory*: `load(t, i…)` reads the vector that starts there, where one index is a position along
/// lanes; what lies beyond a partial one is neither read nor written. `broadcast(t, i…)` reads one
/// element into every lane; `load_or_broadcast(t, j)` does the one or the other as the only axis of
/// `t` has a stride; `store(t, i…, x)` writes; `gather(t, n, j)` reads t[n], for the lanes of j;
/// `slice(t, at, axes)` fixes the indices of the first axes. `in_register(x)` is x, for many
/// operations to use: not to be loaded again for each. `transpose_block(x, y, i, j)` has
/// y[j + c, i + r] = x[i + r, j + c] for `block_rows<T>` and `block_columns<T>`; rows of both are
/// contiguous.
/// *Indices* are integers that may be computed with: `+ - * /`, `divide_up`, `smaller`,
/// `larger`, `shift`; extents and strides are some. `known(i, otherwise)` is an index as a number,
/// or `otherwise` where only the code that is written knows it. `index_of(t, n, i…)` is an element
/// of a tensor of int64 as an index of an axis of n elements, at least one: it counts from the end
/// if it is negative, and the nearest one is meant where there is none. `workspace<T, Size>(s)` is
/// memory while the kernel runs.
/// *Control*: `loop(n, body)` calls `body(i)`; `loop_nest(extents, axes, body)` calls
/// `body(indices)` over the first axes; `loop_lanes<T>(n, body)` calls `body(j)` with positions
/// along lanes; `loop_tiles(n, size, body)` calls `body(i)` for runs of `size` that cover n, at
/// least `size`, of which the last may overlap the one before; `if_at_most(a, b, body)` is
/// `body(c)`, where c is whether a ≤ b, as a constant; `lanes_from<T, Whole>(at, end)` is a
/// position of which all elements are there if `Whole`, else those before `end`; `fold(begin, end,
/// initial, body)` carries `acc = body(i, acc)`; `reduce_lanes<T>(n, identity, at, combine)`
/// combines at(0) … at(n-1) in the order that `reduction_lanes` fixes.
/// *Products of bytes*: `load_quads(t, i…)` reads the four elements along the last axis of `t`,
/// which has no index, at each position; `broadcast_quads(t, i…)` the same four into every lane;
/// `add_products(a, b, c)` adds to c the four products of unsigned with signed bytes, exactly, but
/// that the sum wraps. `has_quad_products` says whether one instruction does.
///
/// A kernel writes one stage call per statement, with its arguments named first: compilers evaluate
/// nested arguments in different orders, and a stage that emits code would emit different programs.
template <class S>
concept stage = requires(S& s, vec<S, float> x, vec<S, std::int32_t> n, tensor_of<S, float> t,
                         typename S::index i, typename S::template lanes<float> j,
                         typename S::template mask<float> m) {
  { s.template splat<float>(1.0f) } -> std::same_as<vec<S, float>>;
  { s.splat_like(x, 1.0f) } -> std::same_as<vec<S, float>>;
  { s.template splat_index<float>(i) } -> std::same_as<vec<S, float>>;
  { s.add(x, x) } -> std::same_as<vec<S, float>>;
  { s.subtract(x, x) } -> std::same_as<vec<S, float>>;
  { s.multiply(x, x) } -> std::same_as<vec<S, float>>;
  { s.divide(x, x) } -> std::same_as<vec<S, float>>;
  { s.sqrt(x) } -> std::same_as<vec<S, float>>;
  { s.fma(x, x, x) } -> std::same_as<vec<S, float>>;
  { s.max(x, x) } -> std::same_as<vec<S, float>>;
  { s.min(x, x) } -> std::same_as<vec<S, float>>;
  { s.abs(x) } -> std::same_as<vec<S, float>>;
  { s.negate(x) } -> std::same_as<vec<S, float>>;
  { s.copy_sign(x, x) } -> std::same_as<vec<S, float>>;
  { s.nearest(x) } -> std::same_as<vec<S, float>>;
  { s.floor(x) } -> std::same_as<vec<S, float>>;
  { s.ceil(x) } -> std::same_as<vec<S, float>>;
  { s.exponent(x) } -> std::same_as<vec<S, std::int32_t>>;
  { s.half(n) } -> std::same_as<vec<S, std::int32_t>>;
  { s.template power_of_two<float>(n) } -> std::same_as<vec<S, float>>;
  // Conversions.
  { s.round_to_integer(x) } -> std::same_as<vec<S, std::int32_t>>;
  { s.template convert<float>(n) } -> std::same_as<vec<S, float>>;
  { s.template round<std::int32_t>(x) } -> std::same_as<vec<S, std::int32_t>>;
  s.template saturate<std::int8_t>(n);
  // Choices and bits.
  { s.equal(x, x) } -> std::same_as<typename S::template mask<float>>;
  { s.less(x, x) } -> std::same_as<typename S::template mask<float>>;
  { s.less_or_equal(x, x) } -> std::same_as<typename S::template mask<float>>;
  { s.is_nan(x) } -> std::same_as<typename S::template mask<float>>;
  { s.select(m, x, x) } -> std::same_as<vec<S, float>>;
  { s.select_rare(m, static_cast<vec<S, float> (*)()>(nullptr), x) } -> std::same_as<vec<S, float>>;
  s.to_bools(m);
  { s.bit_and(n, n) } -> std::same_as<vec<S, std::int32_t>>;
  { s.bit_or(n, n) } -> std::same_as<vec<S, std::int32_t>>;
  { s.bit_xor(n, n) } -> std::same_as<vec<S, std::int32_t>>;
  { s.bit_not(n) } -> std::same_as<vec<S, std::int32_t>>;
  { s.template shift_left<1>(n) } -> std::same_as<vec<S, std::int32_t>>;
  { s.template shift_right<1>(n) } -> std::same_as<vec<S, std::int32_t>>;
  // Memory.
  { s.load(t, i, j) } -> std::same_as<vec<S, float>>;
  { s.broadcast(t, i, i) } -> std::same_as<vec<S, float>>;
  { s.load_or_broadcast(t, j) } -> std::same_as<vec<S, float>>;
  { s.gather(t, n, j) } -> std::same_as<vec<S, float>>;
  { s.in_register(x) } -> std::same_as<vec<S, float>>;
  { s.slice(t, &i, 1) } -> std::same_as<tensor_of<S, float>>;
  s.store(t, i, j, x);
  requires S::template block_rows<float> >= 1 && S::template block_columns<float> >= 1;
  requires std::constructible_from<typename S::template workspace<float, 1>, S&>;
  // Indices and control.
  { s.divide_up(i, i) } -> std::same_as<typename S::index>;
  { s.smaller(i, i) } -> std::same_as<typename S::index>;
  { s.larger(i, i) } -> std::same_as<typename S::index>;
  { s.known(i, std::int64_t{}) } -> std::same_as<std::int64_t>;
  { s.index_of(tensor_of<S, std::int64_t const>{}, i, i) } -> std::same_as<typename S::index>;
  s.shift(j, i);
  s.template lanes_from<float, false>(i, i);
  requires S::template width<float> >= 1 && S::registers >= 1;
  s.loop(i, [](auto) {});
  s.loop_nest(t.extents, 1, [](auto) {});
  s.loop_tiles(i, i, [](auto) {});
  s.if_at_most(i, i, [](auto) {});
  s.template loop_lanes<float>(i, [](auto) {});
  {
    s.fold(i, i, x, [](auto, auto acc) { return acc; })
  } -> std::same_as<vec<S, float>>;
  { S::has_quad_products } -> std::convertible_to<bool>;
};

}  // namespace inlay::inline INLAY_VERSION
