// A stage that computes as the scalar one does, and lets kernels do nothing else.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <type_traits>

#include "inlay/stage/scalar.hpp"

namespace inlay_test {

using namespace inlay;

/// A number that only a stage can compute with.
template <class T> struct hidden {
  T value{};
};

/// Vectors are numbers without operators, and every operation takes names only: an argument that is
/// itself a call does not compile, since compilers evaluate nested arguments in different orders.
struct strict {
  template <class T> using vec = hidden<T>;
  using index = std::int64_t;
  using memory = host_memory;
  template <class T> using lanes = full<1, index>;
  template <class T> using mask = hidden<bool>;
  template <class T> static constexpr int width = 1;
  static constexpr int registers = 16;

  template <class T, class Lane = T> static constexpr hidden<T> splat(T x) { return {x}; }
  template <class V, class T> static constexpr V splat_like(V&, T x) { return {x}; }
  template <class T, class Lane = T> static constexpr hidden<T> splat_index(index i) {
    return {static_cast<T>(i)};
  }

  template <class A, class B> static constexpr auto divide(A& a, B& b) {
    return make(scalar::divide(a.value, b.value));
  }
  // Kernels carry accumulators that are not const beside factors that are.
  template <class A, class B, class C> static constexpr auto fma(A& a, B& b, C& c) {
    return make(scalar::fma(a.value, b.value, c.value));
  }
  template <class A, class B> static constexpr auto add(A& a, B& b) {
    return make(scalar::add(a.value, b.value));
  }
  template <class A, class B> static constexpr auto multiply(A& a, B& b) {
    return make(scalar::multiply(a.value, b.value));
  }
  template <class A, class B> static constexpr auto subtract(A& a, B& b) {
    return make(scalar::subtract(a.value, b.value));
  }
  template <class A, class B> static constexpr auto max(A& a, B& b) {
    return make(scalar::max(a.value, b.value));
  }
  template <class A, class B> static constexpr auto min(A& a, B& b) {
    return make(scalar::min(a.value, b.value));
  }
  template <class A, class B> static constexpr auto copy_sign(A& x, B& sign) {
    return make(scalar::copy_sign(x.value, sign.value));
  }
  template <class A> static constexpr auto nearest(A& x) { return make(scalar::nearest(x.value)); }
  template <class A> static constexpr auto floor(A& x) { return make(scalar::floor(x.value)); }
  template <class A> static constexpr auto ceil(A& x) { return make(scalar::ceil(x.value)); }
  template <class A> static constexpr auto sqrt(A& x) { return make(scalar::sqrt(x.value)); }
  template <class A> static constexpr auto round_to_integer(A& x) {
    return make(scalar::round_to_integer(x.value));
  }
  template <class To, class A> static constexpr auto convert(A& x) {
    return make(scalar::convert<To>(x.value));
  }
  template <class A> static constexpr auto abs(A& x) { return make(scalar::abs(x.value)); }
  template <class A> static constexpr auto negate(A& x) { return make(scalar::negate(x.value)); }
  template <class To, class A> static constexpr auto round(A& x) {
    return make(scalar::round<To>(x.value));
  }
  template <class To, class A> static constexpr auto saturate(A& n) {
    return make(scalar::saturate<To>(n.value));
  }
  template <class A, class B> static constexpr auto equal(A& a, B& b) {
    return make(scalar::equal(a.value, b.value));
  }
  template <class A, class B> static constexpr auto less(A& a, B& b) {
    return make(scalar::less(a.value, b.value));
  }
  template <class A, class B> static constexpr auto less_or_equal(A& a, B& b) {
    return make(scalar::less_or_equal(a.value, b.value));
  }
  template <class A> static constexpr auto is_nan(A& x) { return make(scalar::is_nan(x.value)); }
  template <class A> static constexpr auto is_true(A& x) { return make(scalar::is_true(x.value)); }
  template <class M> static constexpr auto to_bools(M& m) { return make(m.value); }
  template <class M, class A, class B> static constexpr auto select(M& m, A& a, B& b) {
    return make(scalar::select(m.value, a.value, b.value));
  }
  template <class M, class A, class B>
  static constexpr std::remove_const_t<B> select_rare(M& m, A const& a, B& b) {
    if (m.value) return a();
    return b;
  }
  template <class A, class B> static constexpr auto bit_and(A& a, B& b) {
    return make(scalar::bit_and(a.value, b.value));
  }
  template <class A, class B> static constexpr auto bit_or(A& a, B& b) {
    return make(scalar::bit_or(a.value, b.value));
  }
  template <class A, class B> static constexpr auto bit_xor(A& a, B& b) {
    return make(scalar::bit_xor(a.value, b.value));
  }
  template <class A> static constexpr auto bit_not(A& x) { return make(scalar::bit_not(x.value)); }
  template <int By, class A> static constexpr auto shift_left(A& x) {
    return make(scalar::shift_left<By>(x.value));
  }
  template <int By, class A> static constexpr auto shift_right(A& x) {
    return make(scalar::shift_right<By>(x.value));
  }
  template <class A> static constexpr auto exponent(A& x) {
    return make(scalar::exponent(x.value));
  }
  template <class A> static constexpr auto half(A& n) { return make(scalar::half(n.value)); }
  template <class T, class A> static constexpr auto power_of_two(A& n) {
    return make(scalar::power_of_two<T>(n.value));
  }

  // Indices may be computed where they are used: they are integers in every stage.
  template <class T, class... Index> static constexpr auto load(tensor<T> const& t, Index... i) {
    return make(scalar::load(t, i...));
  }
  template <class T, class... Index> static constexpr auto load(tensor<T>&&, Index...) = delete;
  template <class Lane = void, class T, class... Index>
  static constexpr auto broadcast(tensor<T> const& t, Index... i) {
    return make(scalar::broadcast(t, i...));
  }
  template <class Lane = void, class T, class... Index>
  static constexpr auto broadcast(tensor<T>&&, Index...) = delete;
  template <class T, class... Rest>
  static constexpr void store(tensor<T> const& t, index i, Rest&... rest) {
    store_rest(t, shape{i}, rest...);
  }
  template <class T, class X>
  static constexpr void store(tensor<T> const& t, full<1, index> const& j, X& x) {
    scalar::store(t, j, x.value);
  }
  template <class T>
  static constexpr auto load_or_broadcast(tensor<T> const& t, full<1, index> const& j) {
    return make(scalar::load_or_broadcast(t, j));
  }
  template <class T, class N>
  static constexpr auto gather(tensor<T> const& t, N& n, full<1, index> const& j) {
    return make(scalar::gather(t, n.value, j));
  }
  template <class A> static constexpr auto in_register(A& x) { return make(x.value); }
  template <class T> static constexpr int block_rows = 1;
  template <class T> static constexpr int block_columns = 1;
  template <class T>
  static constexpr void transpose_block(tensor<T const> const& x, tensor<T> const& y, index i,
                                        index j) {
    scalar::transpose_block(x, y, i, j);
  }
  template <class T, int Size> using workspace = scalar::workspace<T, Size>;
  static constexpr bool has_quad_products = false;
  template <class T>
  static constexpr tensor<T> slice(tensor<T> const& t, index const* at, int axes) {
    return scalar::slice(t, at, axes);
  }

  static constexpr index divide_up(index a, index b) { return scalar::divide_up(a, b); }
  static constexpr index smaller(index a, index b) { return scalar::smaller(a, b); }
  template <class... Index>
  static constexpr index index_of(tensor<std::int64_t const> const& t, index count, Index... i) {
    return scalar::index_of(t, count, i...);
  }
  static constexpr index larger(index a, index b) { return scalar::larger(a, b); }
  static constexpr std::int64_t known(index i, std::int64_t otherwise) {
    return scalar::known(i, otherwise);
  }
  static constexpr full<1, index> shift(full<1, index> j, index by) { return scalar::shift(j, by); }

  template <class T, bool Whole> static constexpr full<1, index> lanes_from(index at, index end) {
    return scalar::lanes_from<T, Whole>(at, end);
  }
  template <class Body> static constexpr void loop_tiles(index n, index size, Body&& body) {
    scalar::loop_tiles(n, size, body);
  }

  template <class Body> static constexpr auto if_at_most(index a, index b, Body&& body) {
    return scalar::if_at_most(a, b, body);
  }
  template <class Body> static constexpr void loop(index n, Body&& body) { scalar::loop(n, body); }
  template <class Body>
  static constexpr void loop_nest(shape const& extents, int axes, Body&& body) {
    scalar::loop_nest(extents, axes, body);
  }
  template <class T, class Body> static constexpr void loop_lanes(index n, Body&& body) {
    scalar::loop_lanes<T>(n, body);
  }
  template <class V, class Body>
  static constexpr V fold(index begin, index end, V initial, Body&& body) {
    return scalar::fold(begin, end, initial, body);
  }
  template <class T, class At, class Combine>
  static constexpr hidden<T> reduce_lanes(index n, T const& identity, At&& at, Combine&& combine) {
    hidden<T> const start{identity};
    return scalar::reduce_lanes<hidden<T>>(n, start, at, combine);
  }

 private:
  template <class T> static constexpr hidden<T> make(T x) { return {x}; }

  static constexpr index position(index i) { return i; }
  static constexpr index position(full<1, index> j) { return j.at; }
  template <class T, class Index, class... Rest>
    requires(sizeof...(Rest) > 0)
  static constexpr void store_rest(tensor<T> const& t, shape at, Index& i, Rest&... rest) {
    at.push_back(position(i));
    store_rest(t, at, rest...);
  }
  template <class T, class X>
  static constexpr void store_rest(tensor<T> const& t, shape const& at, X& x) {
    index offset = 0;
    for (int i = 0; i < at.size(); ++i) offset += at[i] * t.strides[i];
    t.data[offset] = x.value;
  }
};
static_assert(stage<strict>);

// What makes it strict: a nested call is refused, and so is a number that no stage made.
template <class S, class X>
concept takes_nested_calls = requires(S s, X x) { s.add(s.add(x, x), x); } || requires(S s, X x) {
  s.fma(x, s.multiply(x, x), x);
} || requires(S s, X x) { s.max(x, s.min(x, x)); };
static_assert(!takes_nested_calls<strict, hidden<float>>);
static_assert(takes_nested_calls<scalar, float>);
template <class X>
concept has_operators = requires(X x) { x + x; } || requires(X x) { x * 2; };
static_assert(!has_operators<hidden<float>>);

/// A tensor in an array, contiguous.
template <class T> constexpr tensor<T> dense(T* data, shape const& s) {
  return {data, s, contiguous_strides(s)};
}

/// Small integers in an array, the same as in the numpy expressions of these tests:
/// ((i·7 + seed·13) mod 11) - 5. Sums of their products are exact.
template <class T, std::size_t N> struct pattern {
  T elements[N]{};
  constexpr explicit pattern(int seed) {
    for (std::size_t i = 0; i < N; ++i) {
      elements[i] = static_cast<T>((static_cast<int>(i) * 7 + seed * 13) % 11 - 5);
    }
  }
};

}  // namespace inlay_test
