// Sums of four products of bytes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "inlay/stage/xsimd/control.hpp"

INLAY_BEGIN_TARGET

/// Four elements of `T`, a byte each, in every lane of 32 bits.
template <class T, class Words> struct xsimd_quads {
  Words words;
};

struct xsimd_products : xsimd_control {
  /// Whether one instruction multiplies and adds them.
#if (defined(__AVX512VNNI__) && defined(__AVX512VL__)) || defined(__AVXVNNI__) || \
    (defined(__aarch64__) && defined(__ARM_FEATURE_DOTPROD))
  static constexpr bool has_quad_products = true;
#else
  static constexpr bool has_quad_products = false;
#endif

  /// The four elements along the last axis of `t`, which are contiguous, at each position.
  template <class T, class... Index>
  INLAY_INLINE static auto load_quads(tensor<T> const& t, Index... i) {
    constexpr std::make_index_sequence<sizeof...(Index)> axes;
    auto const words = load_words(t.data + offset(t.strides, axes, i...),
                                  stride_of(t.strides, axes, i...), along_lanes(i...));
    return xsimd_quads<std::remove_const_t<T>, std::remove_const_t<decltype(words)>>{words};
  }
  /// The same four in every lane.
  template <class T, class... Index>
  INLAY_INLINE static auto broadcast_quads(tensor<T> const& t, Index... i) {
    auto const* from = t.data + offset(t.strides, std::index_sequence_for<Index...>{}, i...);
    using V = xsimd_vec<std::int32_t>;
    return xsimd_quads<std::remove_const_t<T>, V>{in_register(xsimd_tools::set<V>(word_at(from)))};
  }
  /// c and the four products of each lane. The sum wraps, and nothing before it does.
  template <class V>
  INLAY_INLINE static V add_products(xsimd_quads<std::uint8_t, V> const& a,
                                     xsimd_quads<std::int8_t, V> const& b, V const& c) {
    auto const& x = a.words.batch.data;
    auto const& y = b.words.batch.data;
    [[maybe_unused]] auto const& z = c.batch.data;
#if defined(__AVX512VNNI__) && defined(__AVX512VL__)
    if constexpr (V::lanes == 16) return {_mm512_dpbusd_epi32(z, x, y)};
    else if constexpr (V::lanes == 8) return {_mm256_dpbusd_epi32(z, x, y)};
    else return {_mm_dpbusd_epi32(z, x, y)};
#elif defined(__AVXVNNI__)
    if constexpr (V::lanes == 8) return {_mm256_dpbusd_avx_epi32(z, x, y)};
    else return {_mm_dpbusd_avx_epi32(z, x, y)};
#elif defined(__aarch64__) && defined(__ARM_FEATURE_DOTPROD)
    // a - 128 is signed; 128 times the other factor makes up for it, in two halves.
    auto const left = veorq_s8(vreinterpretq_s8_s32(x), vdupq_n_s8(-128));
    auto const right = vreinterpretq_s8_s32(y);
    auto const half = vdupq_n_s8(64);
    auto const twice = vdotq_s32(vdotq_s32(z, half, right), half, right);
    return {vdotq_s32(twice, left, right)};
#else
    // Bytes 0 and 2 of a lane, then 1 and 3, as integers of 16 bits, which their products fit into.
    using halves = xsimd_tools::compiled<std::int16_t, 2 * V::room>;
    using bits = xsimd_tools::compiled<std::uint16_t, 2 * V::room>;
    auto const left = __builtin_bit_cast(bits, x);
    auto const right = __builtin_bit_cast(bits, y);
    auto const even = __builtin_bit_cast(halves, right << 8) >> 8;
    auto const odd = __builtin_bit_cast(halves, right) >> 8;
    auto const sum = add_pairs(__builtin_bit_cast(halves, left & 0xff), even, c);
    return add_pairs(__builtin_bit_cast(halves, left >> 8), odd, sum);
#endif
  }

 private:
  /// c and the two products of each lane, of which none needs more than 16 bits.
  template <class Halves, class V>
  INLAY_INLINE static V add_pairs(Halves const& a, Halves const& b, V const& c) {
    auto const plus = [&](auto const& products) {
      return xsimd_tools::from_bits<V>(__builtin_bit_cast(typename V::bits, products) +
                                       xsimd_tools::bits(c));
    };
#if defined(__AVX512BW__)
    if constexpr (sizeof a == 64) {
      return plus(
          _mm512_madd_epi16(__builtin_bit_cast(__m512i, a), __builtin_bit_cast(__m512i, b)));
    } else
#endif
#if defined(__AVX2__)
        if constexpr (sizeof a == 32) {
      return plus(
          _mm256_madd_epi16(__builtin_bit_cast(__m256i, a), __builtin_bit_cast(__m256i, b)));
    } else
#endif
#if defined(__SSE2__)
        if constexpr (sizeof a == 16) {
      return plus(_mm_madd_epi16(__builtin_bit_cast(__m128i, a), __builtin_bit_cast(__m128i, b)));
    } else
#endif
    {
      auto const products = __builtin_bit_cast(typename V::bits, a * b);
      auto const upper = __builtin_bit_cast(typename V::compiled, products) >> 16;
      auto const lower = __builtin_bit_cast(typename V::compiled, products << 16) >> 16;
      return plus(upper + lower);
    }
  }

  template <class T> INLAY_INLINE static std::int32_t word_at(T const* from) {
    static_assert(sizeof(T) == 1);
    std::int32_t word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
  }
  template <class T, class J>
  INLAY_INLINE static auto load_words(T const* from, index stride, J j) {
    using V = xsimd_vector<std::int32_t, most_of(J{})>;
    auto const* words = reinterpret_cast<std::int32_t const*>(from);
    if constexpr (std::same_as<J, full<V::lanes, index>>) {
      if (stride == 4) return in_register(load_whole<V>(words));
    } else if constexpr (xsimd_masked<V>::exists) {
      if (stride == 4) return xsimd_masked<V>::load(words, j.count);
    }
    xsimd_tools::lane_array<std::int32_t, V::room> copy{};
    for (index i = 0; i < count_of(j); ++i) copy.lane[i] = word_at(from + i * stride);
    return V{V::batch_type::load_aligned(copy.lane)};
  }
};

INLAY_END_TARGET
