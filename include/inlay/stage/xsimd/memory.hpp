// Loads and stores of xsimd's batches.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "inlay/core/pack.hpp"
#include "inlay/core/small_types.hpp"
#include "inlay/stage/vector_positions.hpp"
#include "inlay/stage/xsimd/instructions.hpp"

INLAY_BEGIN_TARGET

/// Bits in vectors of uint16, numbers in vectors of float.
template <sixteen_bit_float T> struct xsimd_half {
  template <class V> INLAY_INLINE static auto to_float(V const& bits) {
    using floats = xsimd_tools::same_lanes<float, V>;
    if constexpr (std::same_as<T, bfloat16>) {
      auto const words = xsimd_tools::convert<std::uint32_t>(bits);
      return xsimd_tools::from_bits<floats>(xsimd_tools::bits(words) << 16);
    } else {
#if defined(__F16C__)
      [[maybe_unused]] constexpr int room = floats::room;
#if defined(__AVX512F__)
      if constexpr (room == 16) return floats{_mm512_cvtph_ps(bits.batch)};
      else
#endif
          if constexpr (room == 8)
        return floats{_mm256_cvtph_ps(bits.batch)};
      else return floats{_mm_cvtph_ps(bits.batch)};
#elif defined(__aarch64__)
      return floats{vcvt_f32_f16(vreinterpret_f16_u16(vget_low_u16(bits.batch)))};
#else
      return xsimd_tools::by_lane<float>(
          [](std::uint16_t x) { return static_cast<float>(T::from_bits(x)); }, bits);
#endif
    }
  }
  /// Rounded to the nearest, halves to even; what is too large becomes infinity.
  template <class V> INLAY_INLINE static auto from_float(V const& x) {
    using halves [[maybe_unused]] = xsimd_tools::same_lanes<std::uint16_t, V>;
    if constexpr (std::same_as<T, bfloat16>) {
      using words = xsimd_tools::same_lanes<std::uint32_t, V>;
      auto const bits = xsimd_tools::bits(x);
      auto const number = xsimd_tools::compile(x);
      auto const high = bits >> 16;
      // A half more, but for a half beside an even number.
      auto const rounded = (bits + (high & 1) + 0x7fff) >> 16;
      auto const nearest = number != number ? high | 0x40 : rounded;
      return xsimd_tools::convert<std::uint16_t>(xsimd_tools::from_bits<words>(nearest));
    } else {
#if defined(__F16C__)
      constexpr int nearest = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
#if defined(__AVX512F__)
      if constexpr (V::room == 16) return halves{_mm512_cvtps_ph(x.batch, nearest)};
      else
#endif
          if constexpr (V::room == 8)
        return halves{_mm256_cvtps_ph(x.batch, nearest)};
      else return halves{_mm_cvtps_ph(x.batch, nearest)};
#elif defined(__aarch64__)
      auto const bits = vreinterpret_u16_f16(vcvt_f16_f32(x.batch));
      return halves{vcombine_u16(bits, bits)};
#else
      return xsimd_tools::by_lane<std::uint16_t>([](float y) { return T(y).bits(); }, x);
#endif
    }
  }
};

struct xsimd_memory : vector_positions {
  template <class T, class... Index> INLAY_INLINE static auto load(tensor<T> const& t, Index... i) {
    constexpr std::make_index_sequence<sizeof...(Index)> axes;
    auto const j = along_lanes(i...);
    return load_elements(t.data + offset(t.strides, axes, i...), stride_of(t.strides, axes, i...),
                         j);
  }
  template <class Lane = void, class T, class... Index>
  INLAY_INLINE static auto broadcast(tensor<T> const& t, Index... i) {
    constexpr int lanes = xsimd_width<std::conditional_t<std::is_void_v<Lane>, T, Lane>>;
    auto const element = static_cast<lane_of<T>>(
        t.data[offset(t.strides, std::index_sequence_for<Index...>{}, i...)]);
    return xsimd_tools::set<xsimd_vec<T, lanes>>(element);
  }
  template <class T, class J> INLAY_INLINE static auto load_or_broadcast(tensor<T> const& t, J j) {
    return load(t, j);
  }
  template <class T, class... Rest>
  INLAY_INLINE static void store(tensor<T> const& t, Rest const&... rest) {
    store_last(t, std::make_index_sequence<sizeof...(Rest) - 1>{}, rest...);
  }
  /// The elements t[n], as many as there are at `j`.
  template <class T, class V, class J>
  INLAY_INLINE static auto gather(tensor<T> const& t, V const& n, J j) {
    using Element = std::remove_const_t<T>;
    constexpr int lanes = V::lanes;
    if constexpr (xsimd_gathered<Element, V>::exists && std::same_as<J, full<lanes, index>>) {
      if (t.strides[0] == 1) return xsimd_gathered<Element, V>::load(t.data, n);
    }
    auto const at = xsimd_tools::in_memory(n);
    xsimd_tools::lane_array<Element, lanes> copy{};
    for (index i = 0; i < count_of(j); ++i) copy.lane[i] = t.data[at.lane[i] * t.strides[0]];
    return load_elements(static_cast<Element const*>(copy.lane), 1, full<lanes, index>{});
  }

  /// GCC would load or compute it again for each operation.
  template <class V> INLAY_INLINE static V in_register(V x) {
#if defined(__x86_64__) && !defined(__clang__)
    __asm__("" : "+v"(x.batch.data));
#endif
    return x;
  }

 protected:
  template <class T, class J> using vector_at = xsimd_vector<T, most_of(J{})>;

  /// All elements from `from` on, which are contiguous, and no byte behind them.
  template <class V> INLAY_INLINE static V load_whole(typename V::element const* from) {
    if constexpr (V::lanes == V::room) {
      return {V::batch_type::load_unaligned(from)};
    } else {
      word_of<V> word;
      std::memcpy(&word, from, sizeof word);
      return xsimd_tools::from_bits<V>(words_of<V>{word});
    }
  }
  template <class V> INLAY_INLINE static void store_whole(typename V::element* to, V const& x) {
    if constexpr (V::lanes == V::room) {
      x.batch.store_unaligned(to);
    } else {
      word_of<V> const word = __builtin_bit_cast(words_of<V>, x.batch.data)[0];
      std::memcpy(to, &word, sizeof word);
    }
  }

  template <class T, int Lanes>
  INLAY_INLINE static auto load_lanes(T const* from, index stride, full<Lanes, index>) {
    using V = xsimd_vector<T, Lanes>;
    if (stride == 1) return load_whole<V>(from);
    if (stride == 0) return xsimd_tools::set<V>(*from);
    return load_apart<V>(from, stride, Lanes);
  }
  template <class T, int Lanes>
  INLAY_INLINE static auto load_lanes(T const* from, index stride, partial<Lanes, index> j) {
    using V = xsimd_vector<T, Lanes>;
    if (stride == 0) return xsimd_tools::set<V>(*from);
    if constexpr (xsimd_masked<V>::exists) {
      if (stride == 1) return xsimd_masked<V>::load(from, j.count);
    }
    return load_apart<V>(from, stride, j.count);
  }
  template <class T, class V, int Lanes>
  INLAY_INLINE static void store_lanes(T* to, index stride, full<Lanes, index>, V const& x) {
    if (stride == 1) store_whole(to, x);
    else store_apart(to, stride, Lanes, x);
  }
  template <class T, class V, int Lanes>
  INLAY_INLINE static void store_lanes(T* to, index stride, partial<Lanes, index> j, V const& x) {
    if constexpr (xsimd_masked<V>::exists) {
      if (stride == 1) return xsimd_masked<V>::store(to, j.count, x);
    }
    store_apart(to, stride, j.count, x);
  }

 private:
  /// A vector that its batch has more room than, as an integer.
  template <class V>
  using word_of = std::conditional_t<
      V::lanes * sizeof(typename V::element) == 8, std::uint64_t,
      std::conditional_t<V::lanes * sizeof(typename V::element) == 4, std::uint32_t,
                         std::conditional_t<V::lanes * sizeof(typename V::element) == 2,
                                            std::uint16_t, std::uint8_t>>>;
  template <class V>
  using words_of = xsimd_tools::compiled<word_of<V>, xsimd_tools::least_bytes / sizeof(word_of<V>)>;

  template <class T, class J>
  INLAY_INLINE static auto load_elements(T const* from, index stride, J j) {
    if constexpr (sixteen_bit_float<T>) {
      auto const* bits = reinterpret_cast<std::uint16_t const*>(from);
      return xsimd_half<std::remove_const_t<T>>::to_float(load_lanes(bits, stride, j));
    } else {
      return load_lanes(reinterpret_cast<lane_of<T> const*>(from), stride, j);
    }
  }
  template <class T, std::size_t... Axis, class... Rest>
  INLAY_INLINE static void store_last(tensor<T> const& t, std::index_sequence<Axis...> axes,
                                      Rest const&... rest) {
    // References: GCC would store a vector that is copied into a pack.
    pack<Rest const&...> const arguments(rest...);
    auto* const to = t.data + offset(t.strides, axes, get<Axis>(arguments)...);
    auto const stride = stride_of(t.strides, axes, get<Axis>(arguments)...);
    auto const j = along_lanes(get<Axis>(arguments)...);
    auto const& x = get<sizeof...(Axis)>(arguments);
    if constexpr (sixteen_bit_float<T>) {
      auto* const bits = reinterpret_cast<std::uint16_t*>(to);
      store_lanes(bits, stride, j, xsimd_half<T>::from_float(x));
    } else {
      store_lanes(reinterpret_cast<lane_of<T>*>(to), stride, j, x);
    }
  }

  // No more than there are lanes, lest GCC thinks of more.
  template <class V>
  INLAY_INLINE static V load_apart(typename V::element const* from, index stride, index count) {
    xsimd_tools::lane_array<typename V::element, V::room> copy{};
    auto const end = smaller(count, V::lanes);
    for (index i = 0; i < end; ++i) copy.lane[i] = from[i * stride];
    return {V::batch_type::load_aligned(copy.lane)};
  }
  template <class V>
  INLAY_INLINE static void store_apart(typename V::element* to, index stride, index count,
                                       V const& x) {
    auto const copy = xsimd_tools::in_memory(x);
    auto const end = smaller(count, V::lanes);
    for (index i = 0; i < end; ++i) to[i * stride] = copy.lane[i];
  }
};

INLAY_END_TARGET
