// Loads and stores of Highway's vectors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/core/pack.hpp"
#include "inlay/stage/highway/half.hpp"
#include "inlay/stage/vector_positions.hpp"

INLAY_BEGIN_TARGET

struct highway_memory : vector_positions {
  template <class T, class... Index> INLAY_INLINE static auto load(tensor<T> const& t, Index... i) {
    constexpr std::make_index_sequence<sizeof...(Index)> axes;
    auto const j = along_lanes(i...);
    return load_elements(t.data + offset(t.strides, axes, i...), stride_of(t.strides, axes, i...),
                         j);
  }
  template <class Lane = void, class T, class... Index>
  INLAY_INLINE static auto broadcast(tensor<T> const& t, Index... i) {
    constexpr int lanes = highway_width<std::conditional_t<std::is_void_v<Lane>, T, Lane>>;
    auto const element = static_cast<lane_of<T>>(
        t.data[offset(t.strides, std::index_sequence_for<Index...>{}, i...)]);
    return hn::Set(highway_tag<T, lanes>{}, element);
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
    constexpr int lanes = highway_tools::lanes_in<V>;
#if HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_AVX2
    highway_tag<T, lanes> const d;
    if constexpr (sizeof(T) == 4 && std::same_as<J, full<lanes, index>>) {
      if (t.strides[0] == 1) return hn::GatherIndex(d, t.data, n);
    }
#endif
    auto const at = highway_tools::in_memory(n);
    highway_tools::lane_array<Element, lanes> copy{};
    for (index i = 0; i < count_of(j); ++i) copy.lane[i] = t.data[at.lane[i] * t.strides[0]];
    return load_elements(static_cast<Element const*>(copy.lane), 1, full<lanes, index>{});
  }

  /// GCC would load or compute it again for each operation.
  template <class V> INLAY_INLINE static V in_register(V x) {
#if HWY_ARCH_X86 && !defined(__clang__) && HWY_STATIC_TARGET != HWY_SCALAR && \
    HWY_STATIC_TARGET != HWY_EMU128
    __asm__("" : "+v"(x.raw));
#endif
    return x;
  }

 protected:
  /// Loads and stores that skip lanes without touching their memory.
  template <class T> static constexpr bool has_masks() {
#if HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_AVX3
    return true;
#elif HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_AVX2
    return sizeof(T) >= 4;
#else
    return false;
#endif
  }

  template <class T, int Lanes>
  INLAY_INLINE static auto load_lanes(T const* from, index stride, full<Lanes, index>) {
    hn::CappedTag<T, Lanes> const d;
    if (stride == 1) return hn::LoadU(d, from);
    if (stride == 0) return hn::Set(d, *from);
    return load_apart(d, from, stride, Lanes);
  }
  template <class T, int Lanes>
  INLAY_INLINE static auto load_lanes(T const* from, index stride, partial<Lanes, index> j) {
    hn::CappedTag<T, Lanes> const d;
    if (stride == 0) return hn::Set(d, *from);
    if constexpr (has_masks<T>()) {
      if (stride == 1) {
        return hn::MaskedLoad(hn::FirstN(d, static_cast<std::size_t>(j.count)), d, from);
      }
    }
    return load_apart(d, from, stride, j.count);
  }
  template <class T, class V, int Lanes>
  INLAY_INLINE static void store_lanes(T* to, index stride, full<Lanes, index>, V const& x) {
    if (stride == 1) hn::StoreU(x, hn::DFromV<V>{}, to);
    else store_apart(to, stride, Lanes, x);
  }
  template <class T, class V, int Lanes>
  INLAY_INLINE static void store_lanes(T* to, index stride, partial<Lanes, index> j, V const& x) {
    if constexpr (has_masks<T>()) {
      if (stride == 1) {
        hn::DFromV<V> const d;
        hn::BlendedStore(x, hn::FirstN(d, static_cast<std::size_t>(j.count)), d, to);
        return;
      }
    }
    store_apart(to, stride, j.count, x);
  }

 private:
  template <class T, class J>
  INLAY_INLINE static auto load_elements(T const* from, index stride, J j) {
    if constexpr (sixteen_bit_float<T>) {
      auto const* bits = reinterpret_cast<std::uint16_t const*>(from);
      return highway_half<T>::to_float(load_lanes(bits, stride, j));
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
      store_lanes(bits, stride, j, highway_half<T>::from_float(x));
    } else {
      store_lanes(reinterpret_cast<lane_of<T>*>(to), stride, j, x);
    }
  }

  template <class D, class T>
  INLAY_INLINE static hn::Vec<D> load_apart(D d, T const* from, index stride, index count) {
    alignas(64) T copy[hn::MaxLanes(D{})]{};
    for (index i = 0; i < count; ++i) copy[i] = from[i * stride];
    return hn::Load(d, copy);
  }
  template <class T, class V>
  INLAY_INLINE static void store_apart(T* to, index stride, index count, V const& x) {
    alignas(64) T copy[hn::MaxLanes(hn::DFromV<V>{})];
    hn::Store(x, hn::DFromV<V>{}, copy);
    for (index i = 0; i < count; ++i) to[i * stride] = copy[i];
  }
};

INLAY_END_TARGET
