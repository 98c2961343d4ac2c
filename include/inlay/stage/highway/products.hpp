// Sums of four products of bytes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "inlay/stage/highway/control.hpp"
#include "inlay/stage/scalar.hpp"

INLAY_BEGIN_TARGET

/// Four elements of `T`, a byte each, in every lane of 32 bits.
template <class T, class Words> struct highway_quads {
  Words words;
};

struct highway_products : highway_control {
  /// Whether one instruction multiplies and adds them.
#if (defined(__AVX512VNNI__) && defined(__AVX512VL__) && HWY_STATIC_TARGET <= HWY_AVX3) || \
    (defined(__AVXVNNI__) && HWY_STATIC_TARGET <= HWY_AVX2) ||                             \
    (HWY_ARCH_ARM_A64 && defined(__ARM_FEATURE_DOTPROD) && HWY_STATIC_TARGET < HWY_EMU128)
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
    return highway_quads<std::remove_const_t<T>, decltype(words)>{words};
  }
  /// The same four in every lane.
  template <class T, class... Index>
  INLAY_INLINE static auto broadcast_quads(tensor<T> const& t, Index... i) {
    auto const* from = t.data + offset(t.strides, std::index_sequence_for<Index...>{}, i...);
    auto const words = in_register(hn::Set(highway_tag<std::int32_t>{}, word_at(from)));
    return highway_quads<std::remove_const_t<T>, decltype(words)>{words};
  }
  /// c and the four products of each lane. The sum wraps, and nothing before it does.
  template <class A, class B, class V>
  INLAY_INLINE static V add_products(highway_quads<std::uint8_t, A> const& a,
                                     highway_quads<std::int8_t, B> const& b, V const& c) {
    [[maybe_unused]] constexpr int lanes = highway_tools::lanes_in<V>;
#if HWY_STATIC_TARGET == HWY_SCALAR
    return highway_tools::by_lane<std::int32_t>(&add_products_of_words, a.words, b.words, c);
#elif defined(__AVX512VNNI__) && defined(__AVX512VL__) && HWY_STATIC_TARGET <= HWY_AVX3
    if constexpr (lanes == 16) return V{_mm512_dpbusd_epi32(c.raw, a.words.raw, b.words.raw)};
    else if constexpr (lanes == 8) return V{_mm256_dpbusd_epi32(c.raw, a.words.raw, b.words.raw)};
    else return V{_mm_dpbusd_epi32(c.raw, a.words.raw, b.words.raw)};
#elif defined(__AVXVNNI__) && HWY_STATIC_TARGET <= HWY_AVX2
    if constexpr (lanes == 8) return V{_mm256_dpbusd_avx_epi32(c.raw, a.words.raw, b.words.raw)};
    else return V{_mm_dpbusd_avx_epi32(c.raw, a.words.raw, b.words.raw)};
#elif HWY_ARCH_ARM_A64 && defined(__ARM_FEATURE_DOTPROD) && HWY_STATIC_TARGET < HWY_EMU128
    // a - 128 is signed; 128 times the other factor makes up for it, in two halves.
    hn::CappedTag<std::int8_t, 4 * lanes> const d;
    auto const left = hn::Xor(hn::BitCast(d, a.words), hn::Set(d, std::int8_t{-128}));
    auto const right = hn::BitCast(d, b.words);
    auto const half = hn::Set(d, std::int8_t{64});
    if constexpr (lanes == 4) {
      auto const twice = vdotq_s32(vdotq_s32(c.raw, half.raw, right.raw), half.raw, right.raw);
      return V(vdotq_s32(twice, left.raw, right.raw));
    } else {
      auto const twice = vdot_s32(vdot_s32(c.raw, half.raw, right.raw), half.raw, right.raw);
      return V(vdot_s32(twice, left.raw, right.raw));
    }
#else
    // Bytes 0 and 2 of a lane, then 1 and 3, as integers of 16 bits, which their products fit into.
    hn::CappedTag<std::int16_t, 2 * lanes> const d;
    hn::CappedTag<std::uint16_t, 2 * lanes> const u;
    auto const left = hn::BitCast(d, a.words);
    auto const right = hn::BitCast(d, b.words);
    auto const left_even = hn::And(left, hn::Set(d, std::int16_t{0xff}));
    auto const left_odd = hn::BitCast(d, hn::ShiftRight<8>(hn::BitCast(u, left)));
    auto const right_even = hn::ShiftRight<8>(hn::ShiftLeft<8>(right));
    auto const right_odd = hn::ShiftRight<8>(right);
    auto const even = add_pairs(left_even, right_even, c);
    return add_pairs(left_odd, right_odd, even);
#endif
  }

 private:
  /// c and the two products of each lane, of which none needs more than 16 bits.
  template <class Halves, class V>
  INLAY_INLINE static V add_pairs(Halves const& a, Halves const& b, V const& c) {
#if HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_AVX3
    if constexpr (highway_tools::lanes_in<V> == 16) {
      return hn::Add(c, V{_mm512_madd_epi16(a.raw, b.raw)});
    }
#endif
#if HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_AVX2
    if constexpr (highway_tools::lanes_in<V> == 8)
      return hn::Add(c, V{_mm256_madd_epi16(a.raw, b.raw)});
#endif
#if HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_SSSE3
    if constexpr (highway_tools::lanes_in<V> <= 4)
      return hn::Add(c, V{_mm_madd_epi16(a.raw, b.raw)});
#else
    hn::DFromV<V> const d;
    auto const products = hn::BitCast(d, hn::Mul(a, b));
    auto const upper = hn::ShiftRight<16>(products);
    auto const lower = hn::ShiftRight<16>(hn::ShiftLeft<16>(products));
    return hn::Add(c, hn::Add(lower, upper));
#endif
  }
  /// The same as add_products, of one lane.
  static std::int32_t add_products_of_words(std::int32_t a, std::int32_t b, std::int32_t c) {
    quad<std::uint8_t> left;
    quad<std::int8_t> right;
    std::memcpy(left.element, &a, sizeof a);
    std::memcpy(right.element, &b, sizeof b);
    return scalar::add_products(left, right, c);
  }

  template <class T> INLAY_INLINE static std::int32_t word_at(T const* from) {
    static_assert(sizeof(T) == 1);
    std::int32_t word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
  }
  template <class T, class J>
  INLAY_INLINE static auto load_words(T const* from, index stride, J j) {
    constexpr int lanes = most_of(J{});
    hn::CappedTag<std::int32_t, lanes> const d;
    auto const* words = reinterpret_cast<std::int32_t const*>(from);
    if constexpr (std::same_as<J, full<lanes, index>>) {
      if (stride == 4) return in_register(hn::LoadU(d, words));
    } else if constexpr (has_masks<std::int32_t>()) {
      if (stride == 4) {
        return hn::MaskedLoad(hn::FirstN(d, static_cast<std::size_t>(j.count)), d, words);
      }
    }
    highway_tools::lane_array<std::int32_t, lanes> copy{};
    for (index i = 0; i < count_of(j); ++i) copy.lane[i] = word_at(from + i * stride);
    return hn::Load(d, copy.lane);
  }
};

INLAY_END_TARGET
