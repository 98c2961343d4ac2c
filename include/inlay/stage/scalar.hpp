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
#include "inlay/stage/host.hpp"
#include "inlay/stage/root.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// Vectors are single elements, indices are integers, and a line computes as it is reached.
struct scalar : host {
  template <class T> using vec = T;
  template <class T> using lanes = full<1, index>;
  template <class T> static constexpr int width = 1;
  static constexpr int registers = 16;
  template <class T, bool Whole>
  INLAY_INLINE static constexpr full<1, index> lanes_from(index at, index) {
    return {at};
  }

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

  // Control.

  template <class T, class Body>
  INLAY_INLINE static constexpr void loop_lanes(index n, Body&& body) {
    for (index j = 0; j < n; ++j) body(full<1, index>{j});
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
