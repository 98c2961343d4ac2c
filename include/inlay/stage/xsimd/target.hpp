// xsimd, as it is for the machine that this translation unit is compiled for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#if !__has_include(<xsimd/xsimd.hpp>)
#error "inlay/stage/xsimd.hpp needs the headers of xsimd (Debian's libxsimd-dev)"
#endif
#include <xsimd/xsimd.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/core/small_types.hpp"
#include "inlay/stage/rounding.hpp"
#include "inlay/stage/stage.hpp"

#if XSIMD_VERSION_MAJOR * 100 + XSIMD_VERSION_MINOR < 801
#error "inlay/stage/xsimd.hpp needs xsimd 8.1 or newer, and this one is older"
#endif
#if !defined(__SSE2__) && !defined(__aarch64__)
#error "inlay/stage/xsimd.hpp needs SSE2, AVX, AVX-512 or 64-bit NEON: the flags name none"
#endif

INLAY_BEGIN_TARGET

/// Tools of the xsimd stage. Compilers know vectors, too, which they convert and shuffle where
/// xsimd does not: `compiled` ones.
namespace xsimd_tools {

#if defined(__aarch64__)
using architecture = ::xsimd::neon64;
#else
using architecture = ::xsimd::default_arch;
#endif

/// The bytes of a vector.
inline constexpr int most_bytes = static_cast<int>(sizeof(::xsimd::batch<float, architecture>));
inline constexpr int least_bytes = 16;

/// Whether the machine multiplies and adds with one rounding.
#if defined(__FMA__) || defined(__aarch64__)
inline constexpr bool has_fused_multiply_add = true;
#else
inline constexpr bool has_fused_multiply_add = false;
#endif

template <class T, int Lanes> struct compiled_vector {
  typedef T type __attribute__((vector_size(sizeof(T) * Lanes)));
};
template <class T, int Lanes> using compiled = typename compiled_vector<T, Lanes>::type;

/// Signed or unsigned integers of as many bytes.
template <class T>
using signed_like = std::conditional_t<
    sizeof(T) == 1, std::int8_t,
    std::conditional_t<sizeof(T) == 2, std::int16_t,
                       std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>>>;
template <class T> using unsigned_like = std::make_unsigned_t<signed_like<T>>;

}  // namespace xsimd_tools

/// `Lanes` elements of `T`, as the first ones of a batch if 16 bytes are more than they need: what
/// the others are is of no account.
template <class T, int Lanes> struct xsimd_vector {
  using element = T;
  static constexpr int lanes = Lanes;
  /// How many elements the batch has.
  static constexpr int room = Lanes * static_cast<int>(sizeof(T)) < xsimd_tools::least_bytes
                                  ? xsimd_tools::least_bytes / static_cast<int>(sizeof(T))
                                  : Lanes;
  using batch_type =
      std::conditional_t<room * sizeof(T) == xsimd_tools::most_bytes,
                         ::xsimd::batch<T, xsimd_tools::architecture>,
                         ::xsimd::make_sized_batch_t<T, static_cast<std::size_t>(room)>>;
  using compiled = xsimd_tools::compiled<T, room>;
  using bits = xsimd_tools::compiled<xsimd_tools::unsigned_like<T>, room>;

  batch_type batch;
};

/// How many elements of `T` a vector holds.
template <class T>
inline constexpr int xsimd_width = xsimd_tools::most_bytes / static_cast<int>(sizeof(lane_of<T>));
template <class T, int Most>
inline constexpr int xsimd_width<narrow<T, Most>> = xsimd_width<T> < Most ? xsimd_width<T> : Most;

/// Which vector has `Lanes` elements of `T`.
template <class T, int Lanes = xsimd_width<T>> using xsimd_vec = xsimd_vector<lane_of<T>, Lanes>;

namespace xsimd_tools {

template <class To, class V> using same_lanes = xsimd_vector<To, V::lanes>;

/// The same element in each lane.
template <class V> INLAY_INLINE inline V set(typename V::element x) {
  return {typename V::batch_type(x)};
}
template <class V> INLAY_INLINE inline typename V::compiled compile(V const& x) {
  return __builtin_bit_cast(typename V::compiled, x.batch.data);
}
template <class V> INLAY_INLINE inline typename V::bits bits(V const& x) {
  return __builtin_bit_cast(typename V::bits, x.batch.data);
}
/// A vector from the bits of its batch.
template <class V, class Bits> INLAY_INLINE inline V from_bits(Bits const& x) {
  using register_type = typename V::batch_type::register_type;
  return {typename V::batch_type(__builtin_bit_cast(register_type, x))};
}

/// `Count` elements of two vectors behind each other: the one at `at(lane)` for each lane.
template <int Count, class V, class At>
INLAY_INLINE inline auto shuffle(V const& a, V const& b, At const&) {
  return [&]<int... Lane>(std::integer_sequence<int, Lane...>) INLAY_INLINE_LAMBDA {
    return __builtin_shufflevector(a, b, At{}(Lane)...);
  }(std::make_integer_sequence<int, Count>{});
}
/// The first `Count` of `Size` elements, or those and some more.
template <int Count, int Size, class V> INLAY_INLINE inline auto resize(V const& x) {
  if constexpr (Count == Size) return x;
  else return shuffle<Count>(x, x, [](int lane) { return lane < Size ? lane : -1; });
}
/// Elements as those of type `To`. Integers become smaller by halves, for which there are
/// instructions.
template <class To, class From, int Count, class V> INLAY_INLINE inline auto cast(V const& x) {
  if constexpr (std::is_integral_v<To> && std::is_integral_v<From> &&
                sizeof(To) < sizeof(From) / 2) {
    using half = std::conditional_t<sizeof(From) == 8, std::uint32_t, std::uint16_t>;
    auto const halved = __builtin_convertvector(x, compiled<half, Count>);
    return cast<To, half, Count>(halved);
  } else {
    return __builtin_convertvector(x, compiled<To, Count>);
  }
}
/// The same of a vector.
template <class To, class V> INLAY_INLINE inline auto convert(V const& x) {
  using W = same_lanes<To, V>;
  constexpr int count = V::room < W::room ? V::room : W::room;
  auto const converted = cast<To, typename V::element, count>(resize<count, V::room>(compile(x)));
  return from_bits<W>(resize<W::room, count>(converted));
}

template <class T, int Lanes> struct lane_array {
  alignas(64) T lane[Lanes];
};
template <class V> INLAY_INLINE inline auto in_memory(V const& x) {
  lane_array<typename V::element, V::room> copy;
  x.batch.store_aligned(copy.lane);
  return copy;
}
/// f of the elements of vectors, one lane after the other.
template <class To, class F, class First, class... Rest>
INLAY_INLINE inline auto by_lane(F const& f, First const& first, Rest const&... rest) {
  using W = same_lanes<To, First>;
  auto const apply = [&](auto const&... x) {
    lane_array<To, W::room> y{};
    for (int i = 0; i < First::lanes; ++i) y.lane[i] = f(x.lane[i]...);
    return W{W::batch_type::load_aligned(y.lane)};
  };
  return apply(in_memory(first), in_memory(rest)...);
}

}  // namespace xsimd_tools

INLAY_END_TARGET
