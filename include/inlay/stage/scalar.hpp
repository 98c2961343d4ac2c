// The stage that computes one element at a time: in constant expressions, on the smallest machines,
// and as the reference.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/core/pack.hpp"
#include "inlay/stage/root.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// Vectors are single elements, indices are integers, and a line computes as it is reached.
struct scalar {
  template <class T> using vec = T;
  using index = std::int64_t;
  template <class T> using lanes = full<1, index>;

  // Numbers.

  template <class T> INLAY_INLINE static constexpr T splat(T x) { return x; }

  template <class T> INLAY_INLINE static constexpr T add(T const& a, T const& b) {
    if constexpr (std::integral<T>) return wrap<T>(bits(a) + bits(b));
    else return a + b;
  }
  template <class T> INLAY_INLINE static constexpr T subtract(T const& a, T const& b) {
    if constexpr (std::integral<T>) return wrap<T>(bits(a) - bits(b));
    else return a - b;
  }
  template <class T> INLAY_INLINE static constexpr T multiply(T const& a, T const& b) {
    if constexpr (std::integral<T>) {
      return wrap<T>(bits(a) * bits(b));
    } else {
      // A compiler may fuse this product into an addition that follows; that would change the sum's
      // last bit.
#if defined(__clang__)
#pragma clang fp contract(off)
      return a * b;
#elif defined(__FMA__) || defined(__FP_FAST_FMAF)
      // A barrier would be lost when loops become vectors. Adding -0 changes no product.
      if (!std::is_constant_evaluated()) return fma(a, b, T{-0.0f});
      return a * b;
#else
      return a * b;
#endif
    }
  }
  template <std::floating_point T> INLAY_INLINE static constexpr T divide(T const& a, T const& b) {
    return a / b;
  }
  /// Rounded once; not a number below zero, but -0 for -0.
  template <std::floating_point T> INLAY_INLINE static constexpr T sqrt(T const& x) {
    if (std::is_constant_evaluated()) return square_root(x);
#if defined(__clang__)
    return __builtin_elementwise_sqrt(x);
#else
    if constexpr (std::same_as<T, float>) return __builtin_sqrtf(x);
    else return __builtin_sqrt(x);
#endif
  }

  /// a·b + c, rounded once; exact in a constant expression too. Where the machine has no such
  /// instruction the compiler calls the C library's, which is exact as well.
  template <class T> INLAY_INLINE static constexpr T fma(T const& a, T const& b, T const& c) {
    if constexpr (std::integral<T>) {
      return wrap<T>(bits(a) * bits(b) + bits(c));
    } else {
#if defined(__clang__)
      return __builtin_elementwise_fma(a, b, c);
#else
      // Negating twice changes nothing but this: GCC 12 takes no element of a constant array here.
      if constexpr (std::same_as<T, float>) return __builtin_fmaf(-(-a), -(-b), -(-c));
      else return __builtin_fma(-(-a), -(-b), -(-c));
#endif
    }
  }

  template <class T> INLAY_INLINE static constexpr T max(T const& a, T const& b) {
    if constexpr (std::floating_point<T>) return a > b || a != a ? a : b;
    else return a > b ? a : b;
  }
  template <class T> INLAY_INLINE static constexpr T min(T const& a, T const& b) {
    if constexpr (std::floating_point<T>) return a < b || a != a ? a : b;
    else return a < b ? a : b;
  }

  /// The nearest integer, halves to even. |x| must be below 2^22.
  INLAY_INLINE static constexpr std::int32_t round_to_integer(float const& x) {
    // Adding 1.5·2^23 leaves no bits for a fraction, so the addition itself rounds.
    float const shifted = x + 0x1.8p23f;
    return std::bit_cast<std::int32_t>(shifted) - std::bit_cast<std::int32_t>(0x1.8p23f);
  }
  /// The nearest integer, halves to even. |x| must be below 2^31.
  INLAY_INLINE static constexpr std::int32_t round_to_integer(double const& x) {
    double const shifted = x + 0x1.8p52;
    return static_cast<std::int32_t>(std::bit_cast<std::int64_t>(shifted) -
                                     std::bit_cast<std::int64_t>(0x1.8p52));
  }
  template <class To, class From> INLAY_INLINE static constexpr To convert(From const& x) {
    return static_cast<To>(x);
  }
  /// n / 2, rounded down.
  INLAY_INLINE static constexpr std::int32_t half(std::int32_t const& n) { return n >> 1; }
  /// 2^n, for exponents of normal numbers.
  template <std::floating_point T>
  INLAY_INLINE static constexpr T power_of_two(std::int32_t const& n) {
    if constexpr (std::same_as<T, float>) return std::bit_cast<float>((n + 127) << 23);
    else return std::bit_cast<double>((std::int64_t{n} + 1023) << 52);
  }

  // Memory.

  template <class T, class... Index>
  INLAY_INLINE static constexpr std::remove_const_t<T> load(tensor<T> const& t, Index... i) {
    return t.data[offset(t.strides, std::index_sequence_for<Index...>{}, i...)];
  }
  template <class T, class... Index>
  INLAY_INLINE static constexpr std::remove_const_t<T> broadcast(tensor<T> const& t, Index... i) {
    return t.data[offset(t.strides, std::index_sequence_for<Index...>{}, i...)];
  }
  template <class T, class... Rest>
  INLAY_INLINE static constexpr void store(tensor<T> const& t, Rest const&... rest) {
    store_last(t, std::make_index_sequence<sizeof...(Rest) - 1>{}, rest...);
  }
  template <class T>
  INLAY_INLINE static constexpr std::remove_const_t<T> load_or_broadcast(tensor<T> const& t,
                                                                         full<1, index> j) {
    return t.data[j.at * t.strides[0]];
  }
  /// The tensor that starts at `at` along the first `axes` axes, which it no longer has.
  template <class T>
  INLAY_INLINE static constexpr tensor<T> slice(tensor<T> const& t, index const* at, int axes) {
    tensor<T> part{t.data, {}, {}};
    for (int i = 0; i < t.extents.size(); ++i) {
      if (i < axes) {
        part.data += at[i] * t.strides[i];
      } else {
        part.extents.push_back(t.extents[i]);
        part.strides.push_back(t.strides[i]);
      }
    }
    return part;
  }

  // Indices.

  /// a / b rounded up, or 0 where a is negative.
  INLAY_INLINE static constexpr index divide_up(index a, index b) {
    return a <= 0 ? 0 : (a + b - 1) / b;
  }
  INLAY_INLINE static constexpr index smaller(index a, index b) { return a < b ? a : b; }
  INLAY_INLINE static constexpr full<1, index> shift(full<1, index> j, index by) {
    return {j.at + by};
  }

  // Control.

  template <class Body> INLAY_INLINE static constexpr void loop(index n, Body&& body) {
    for (index i = 0; i < n; ++i) body(i);
  }
  template <class Body>
  INLAY_INLINE static constexpr void loop_nest(shape const& extents, int axes, Body&& body) {
    index at[max_rank]{};
    for (;;) {
      for (int i = 0; i < axes; ++i) {
        if (extents[i] == 0) return;
      }
      body(static_cast<index const*>(at));
      int axis = axes - 1;
      while (axis >= 0 && ++at[axis] == extents[axis]) at[axis--] = 0;
      if (axis < 0) return;
    }
  }
  template <class T, class Body>
  INLAY_INLINE static constexpr void loop_lanes(index n, Body&& body) {
    for (index j = 0; j < n; ++j) body(full<1, index>{j});
  }
  template <class V, class Body>
  INLAY_INLINE static constexpr V fold(index begin, index end, V initial, Body&& body) {
    for (index i = begin; i < end; ++i) initial = body(i, initial);
    return initial;
  }
  template <class T, class At, class Combine>
  INLAY_INLINE static constexpr T reduce_lanes(index n, T const& identity, At&& at,
                                               Combine&& combine) {
    T lane[reduction_lanes]{};
    for (auto& x : lane) x = identity;
    for (index j = 0; j < n; ++j) {
      T const x = at(full<1, index>{j});
      lane[j % reduction_lanes] = combine(lane[j % reduction_lanes], x);
    }
    for (int width = reduction_lanes / 2; width > 0; width /= 2) {
      for (int l = 0; l < width; ++l) lane[l] = combine(lane[l], lane[l + width]);
    }
    return lane[0];
  }

 private:
  // Integers are computed as unsigned ones of at least 32 bits, which wrap.
  template <class T> static constexpr auto bits(T x) {
    if constexpr (sizeof(T) <= 4) return static_cast<std::uint32_t>(x);
    else return static_cast<std::uint64_t>(x);
  }
  template <class T, class U> static constexpr T wrap(U x) { return static_cast<T>(x); }

  static constexpr index position(index i) { return i; }
  static constexpr index position(full<1, index> j) { return j.at; }
  template <std::size_t... Axis, class... Index>
  INLAY_INLINE static constexpr index offset(shape const& strides, std::index_sequence<Axis...>,
                                             Index... i) {
    return (index{0} + ... + (position(i) * strides.extents[Axis]));
  }
  template <class T, std::size_t... Axis, class... Rest>
  INLAY_INLINE static constexpr void store_last(tensor<T> const& t,
                                                std::index_sequence<Axis...> axes,
                                                Rest const&... rest) {
    auto const arguments = pack<Rest...>(rest...);
    t.data[offset(t.strides, axes, get<Axis>(arguments)...)] = get<sizeof...(Axis)>(arguments);
  }
};

static_assert(stage<scalar>);

INLAY_END_TARGET
