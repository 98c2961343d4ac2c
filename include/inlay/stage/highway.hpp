// The stage that computes with vectors of the machine it is compiled for, through Highway.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

// Before Highway: it takes AVX2 and AVX-512 for given only where the instructions for encryption
// are, which -march=x86-64-v3 leaves out and we have no use for; and it calls it an error that a
// machine has all of AVX-512 unless it is asked to use it.
#if defined(__SSE4_2__) && !(defined(__AES__) && defined(__PCLMUL__))
#define HWY_DISABLE_PCLMUL_AES
#endif
#if defined(__AVX512VNNI__) && defined(__VAES__) && defined(__VPCLMULQDQ__)
#define HWY_WANT_AVX3_DL
#endif
#include <hwy/highway.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/core/pack.hpp"
#include "inlay/stage/host.hpp"
#include "inlay/stage/scalar.hpp"
#include "inlay/stage/stage.hpp"

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && \
    defined(__AVX512VL__) && HWY_STATIC_TARGET > HWY_AVX3
#warning "AVX-512 is on, but not used: include inlay/stage/highway.hpp before hwy/highway.h"
#elif defined(__AVX2__) && defined(__FMA__) && defined(__BMI2__) && defined(__F16C__) && \
    HWY_STATIC_TARGET > HWY_AVX2
#warning "AVX2 is on, but not used: include inlay/stage/highway.hpp before hwy/highway.h"
#elif defined(__AVX2__) && HWY_STATIC_TARGET > HWY_AVX2
#warning "AVX2 is on, but not used: it needs -mfma -mbmi2 -mf16c too, as -march=x86-64-v3 has"
#endif

INLAY_BEGIN_TARGET

namespace hn = hwy::HWY_NAMESPACE;

/// Whether the machine multiplies and adds with one rounding.
#if (HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_AVX2) || HWY_ARCH_ARM_A64 || HWY_ARCH_PPC
inline constexpr bool has_fused_multiply_add = true;
#else
inline constexpr bool has_fused_multiply_add = false;
#endif

/// How `fma` is computed by a machine that has no such instruction: `exact` asks the C library,
/// lane by lane; `twice` rounds the product and the sum.
enum class rounding { exact, twice };

/// Vectors are as long as the machine's, loops run over as many elements as they hold, and what is
/// left of a loop is one partial position.
template <rounding Rounding> struct highway_stage : host {
  /// Whether every result has the bits that the scalar stage computes.
  static constexpr bool same_bits = has_fused_multiply_add || Rounding == rounding::exact;

  /// How many elements a vector holds.
  template <class T>
  static constexpr int width = static_cast<int>(hn::MaxLanes(hn::ScalableTag<T>{}));
  template <class T, int Lanes = width<T>> using tag = hn::CappedTag<T, Lanes>;
  template <class T> using vec = hn::Vec<hn::ScalableTag<T>>;
  template <class T> using lanes = full<width<T>, index>;
  /// How many vectors the machine holds.
#if (HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_AVX3) || HWY_ARCH_ARM_A64 || HWY_ARCH_PPC
  static constexpr int registers = 32;
#else
  static constexpr int registers = 16;
#endif
  template <class T, bool Whole> INLAY_INLINE static auto lanes_from(index at, index end) {
    if constexpr (Whole || width<T> == 1) {
      return lanes<T>{at};
    } else {
      auto const left = end - at;
      return partial<width<T>, index>{at, smaller(left < 0 ? 0 : left, width<T>)};
    }
  }

  // Numbers. All vectors of one call have as many elements, as many as a position of theirs.

  template <class T> INLAY_INLINE static vec<T> splat(T x) {
    return hn::Set(hn::ScalableTag<T>{}, x);
  }

  template <class V> INLAY_INLINE static V add(V const& a, V const& b) { return hn::Add(a, b); }
  template <class V> INLAY_INLINE static V subtract(V const& a, V const& b) {
    return hn::Sub(a, b);
  }
  template <class V> INLAY_INLINE static V multiply(V const& a, V const& b) {
    using T = hn::TFromV<V>;
    if constexpr (std::integral<T> && (sizeof(T) == 1 || sizeof(T) == 8)) {
      return by_lane(a, b, a, [](T x, T y, T) { return scalar::multiply(x, y); });
    } else if constexpr (std::floating_point<T> && has_fused_multiply_add) {
      // GCC would fuse the product into an addition that follows. Adding -0 changes no product.
#if defined(__clang__)
      return hn::Mul(a, b);
#else
      return hn::MulAdd(a, b, hn::Set(hn::DFromV<V>{}, T{-0.0f}));
#endif
    } else {
      return hn::Mul(a, b);
    }
  }
  template <class V> INLAY_INLINE static V divide(V const& a, V const& b) { return hn::Div(a, b); }
  template <class V> INLAY_INLINE static V sqrt(V const& x) { return hn::Sqrt(x); }
  template <class V> INLAY_INLINE static V fma(V const& a, V const& b, V const& c) {
    using T = hn::TFromV<V>;
    if constexpr (std::integral<T>) {
      auto const product = multiply(a, b);
      return hn::Add(product, c);
    } else if constexpr (has_fused_multiply_add) {
      return hn::MulAdd(a, b, c);
    } else if constexpr (Rounding == rounding::exact) {
      return by_lane(a, b, c, [](T x, T y, T z) { return scalar::fma(x, y, z); });
    } else {
      return hn::Add(hn::Mul(a, b), c);
    }
  }

  // Not with Ne(a, a), which Highway 1.0.3 calls false for what is not a number, on AVX2.
  template <class V> INLAY_INLINE static V max(V const& a, V const& b) {
    if constexpr (std::integral<hn::TFromV<V>>) return hn::Max(a, b);
    else return hn::IfThenElse(hn::Or(hn::Gt(a, b), hn::IsNaN(a)), a, b);
  }
  template <class V> INLAY_INLINE static V min(V const& a, V const& b) {
    if constexpr (std::integral<hn::TFromV<V>>) return hn::Min(a, b);
    else return hn::IfThenElse(hn::Or(hn::Lt(a, b), hn::IsNaN(a)), a, b);
  }

  /// The nearest integer, halves to even. |x| must be below 2^22, or 2^31 for doubles.
  template <class V> INLAY_INLINE static auto round_to_integer(V const& x) {
    using T = hn::TFromV<V>;
    hn::DFromV<V> const d;
    hn::Rebind<std::int32_t, hn::DFromV<V>> const integers;
    // As in the scalar stage: the addition itself rounds.
    if constexpr (std::same_as<T, float>) {
      auto const magic = hn::Set(d, 0x1.8p23f);
      auto const shifted = hn::Add(x, magic);
      return hn::Sub(hn::BitCast(integers, shifted), hn::BitCast(integers, magic));
    } else {
      auto const magic = hn::Set(d, 0x1.8p52);
      auto const shifted = hn::Add(x, magic);
      auto const whole = hn::Sub(shifted, magic);
      return hn::DemoteTo(integers, whole);
    }
  }
  /// Of 32-bit integers, to numbers.
  template <std::floating_point To, class V> INLAY_INLINE static auto convert(V const& n) {
    hn::Rebind<To, hn::DFromV<V>> const d;
    if constexpr (std::same_as<To, float>) return hn::ConvertTo(d, n);
    else return hn::PromoteTo(d, n);
  }
  /// n / 2, rounded down.
  template <class V> INLAY_INLINE static V half(V const& n) { return hn::ShiftRight<1>(n); }
  /// 2^n, for exponents of normal numbers.
  template <std::floating_point T, class V> INLAY_INLINE static auto power_of_two(V const& n) {
    hn::Rebind<T, hn::DFromV<V>> const d;
    if constexpr (std::same_as<T, float>) {
      auto const biased = hn::Add(n, hn::Set(hn::DFromV<V>{}, 127));
      return hn::BitCast(d, hn::ShiftLeft<23>(biased));
    } else {
      hn::Rebind<std::int64_t, hn::DFromV<V>> const wide;
      auto const biased = hn::Add(hn::PromoteTo(wide, n), hn::Set(wide, std::int64_t{1023}));
      return hn::BitCast(d, hn::ShiftLeft<52>(biased));
    }
  }

  // Memory.

  template <class T, class... Index> INLAY_INLINE static auto load(tensor<T> const& t, Index... i) {
    constexpr std::make_index_sequence<sizeof...(Index)> axes;
    auto const j = along_lanes(i...);
    return load_lanes(t.data + offset(t.strides, axes, i...), stride_of(t.strides, axes, i...), j);
  }
  template <class T, class... Index>
  INLAY_INLINE static auto broadcast(tensor<T> const& t, Index... i) {
    return in_register(splat<std::remove_const_t<T>>(
        t.data[offset(t.strides, std::index_sequence_for<Index...>{}, i...)]));
  }
  template <class T, class J> INLAY_INLINE static auto load_or_broadcast(tensor<T> const& t, J j) {
    return load(t, j);
  }
  template <class T, class... Rest>
  INLAY_INLINE static void store(tensor<T> const& t, Rest const&... rest) {
    store_last(t, std::make_index_sequence<sizeof...(Rest) - 1>{}, rest...);
  }

  // Control.

  template <class T, class Body> INLAY_INLINE static void loop_lanes(index n, Body&& body) {
    constexpr int step = width<T>;
    index j = 0;
    for (; j + step <= n; j += step) body(full<step, index>{j});
    if constexpr (step > 1) {
      if (j < n) body(partial<step, index>{j, n - j});
    }
  }
  template <class T, class At, class Combine>
  INLAY_INLINE static auto reduce_lanes(index n, T const& identity, At&& at, Combine&& combine) {
    constexpr int step = width<T> < reduction_lanes ? width<T> : reduction_lanes;
    constexpr int vectors = reduction_lanes / step;
    tag<T, step> const d;
    hn::Vec<tag<T, step>> lane[vectors];
    for (auto& x : lane) x = hn::Set(d, identity);
    index j = 0;
    for (; j + reduction_lanes <= n; j += reduction_lanes) {
      for (int v = 0; v < vectors; ++v) {
        auto const x = at(full<step, index>{j + v * step});
        lane[v] = combine(lane[v], x);
      }
    }
    for (int v = 0; v < vectors && j < n; ++v, j += step) {
      if (j + step <= n) {
        auto const x = at(full<step, index>{j});
        lane[v] = combine(lane[v], x);
      } else if constexpr (step > 1) {
        auto const count = n - j;
        auto const x = at(partial<step, index>{j, count});
        auto const combined = combine(lane[v], x);
        lane[v] = hn::IfThenElse(hn::FirstN(d, static_cast<std::size_t>(count)), combined, lane[v]);
      }
    }
    for (int half = vectors / 2; half > 0; half /= 2) {
      for (int v = 0; v < half; ++v) lane[v] = combine(lane[v], lane[v + half]);
    }
    // The last steps of the tree; what the upper lanes hold is of no account.
    alignas(64) T ends[2 * step]{};
    for (int half = step / 2; half > 0; half /= 2) {
      hn::Store(lane[0], d, ends);
      auto const upper = hn::LoadU(d, ends + half);
      lane[0] = combine(lane[0], upper);
    }
    return splat<T>(hn::GetLane(lane[0]));
  }

 private:
  // Loads and stores that skip lanes without touching their memory.
  template <class T> static constexpr bool has_masks() {
#if HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_AVX3
    return true;
#elif HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_AVX2
    return sizeof(T) >= 4;
#else
    return false;
#endif
  }

  /// Calls `f` with the elements of three vectors.
  template <class V, class F>
  INLAY_INLINE static V by_lane(V const& a, V const& b, V const& c, F const& f) {
    using T = hn::TFromV<V>;
    hn::DFromV<V> const d;
    constexpr auto count = hn::MaxLanes(hn::DFromV<V>{});
    alignas(64) T x[count];
    alignas(64) T y[count];
    alignas(64) T z[count];
    hn::Store(a, d, x);
    hn::Store(b, d, y);
    hn::Store(c, d, z);
    for (std::size_t i = 0; i < count; ++i) x[i] = f(x[i], y[i], z[i]);
    return hn::Load(d, x);
  }

  template <class Index> static constexpr bool is_position = !std::integral<Index>;
  template <class... Index> static constexpr auto along_lanes(Index... i) {
    static_assert((0 + ... + is_position<Index>) == 1, "one index is a position along lanes");
    auto const arguments = pack<Index...>(i...);
    return get<position_of<Index...>()>(arguments);
  }
  template <class... Index> static constexpr std::size_t position_of() {
    constexpr bool is[] = {is_position<Index>...};
    std::size_t i = 0;
    while (!is[i]) ++i;
    return i;
  }
  template <std::size_t... Axis, class... Index>
  static constexpr index stride_of(shape const& strides, std::index_sequence<Axis...>, Index...) {
    return (index{0} + ... + (is_position<Index> ? strides.extents[Axis] : 0));
  }

  template <class T, int Lanes>
  INLAY_INLINE static auto load_lanes(T const* from, index stride, full<Lanes, index>) {
    tag<T, Lanes> const d;
    if (stride == 1) return in_register(hn::LoadU(d, from));
    if (stride == 0) return hn::Set(d, *from);
    return gather(d, from, stride, Lanes);
  }
  /// GCC would load a vector again for each operation that it is an operand of.
  template <class V> INLAY_INLINE static V in_register(V x) {
#if HWY_ARCH_X86 && !defined(__clang__) && HWY_STATIC_TARGET != HWY_SCALAR && \
    HWY_STATIC_TARGET != HWY_EMU128
    __asm__("" : "+v"(x.raw));
#endif
    return x;
  }
  template <class T, int Lanes>
  INLAY_INLINE static auto load_lanes(T const* from, index stride, partial<Lanes, index> j) {
    tag<T, Lanes> const d;
    if (stride == 0) return hn::Set(d, *from);
    if constexpr (has_masks<T>()) {
      if (stride == 1) {
        return hn::MaskedLoad(hn::FirstN(d, static_cast<std::size_t>(j.count)), d, from);
      }
    }
    return gather(d, from, stride, j.count);
  }
  template <class D, class T>
  INLAY_INLINE static hn::Vec<D> gather(D d, T const* from, index stride, index count) {
    alignas(64) T copy[hn::MaxLanes(D{})]{};
    for (index i = 0; i < count; ++i) copy[i] = from[i * stride];
    return hn::Load(d, copy);
  }

  template <class T, class V, int Lanes>
  INLAY_INLINE static void store_lanes(T* to, index stride, full<Lanes, index>, V const& x) {
    if (stride == 1) hn::StoreU(x, hn::DFromV<V>{}, to);
    else scatter(to, stride, Lanes, x);
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
    scatter(to, stride, j.count, x);
  }
  template <class T, class V>
  INLAY_INLINE static void scatter(T* to, index stride, index count, V const& x) {
    alignas(64) T copy[hn::MaxLanes(hn::DFromV<V>{})];
    hn::Store(x, hn::DFromV<V>{}, copy);
    for (index i = 0; i < count; ++i) to[i * stride] = copy[i];
  }

  template <class T, std::size_t... Axis, class... Rest>
  INLAY_INLINE static void store_last(tensor<T> const& t, std::index_sequence<Axis...> axes,
                                      Rest const&... rest) {
    auto const arguments = pack<Rest...>(rest...);
    auto* const to = t.data + offset(t.strides, axes, get<Axis>(arguments)...);
    auto const stride = stride_of(t.strides, axes, get<Axis>(arguments)...);
    auto const j = along_lanes(get<Axis>(arguments)...);
    store_lanes(to, stride, j, get<sizeof...(Axis)>(arguments));
  }
};

/// As fast as the machine is; `same_bits` says whether that changes a bit.
using highway = highway_stage<rounding::twice>;
/// The bits of the scalar stage on every machine.
using exact_highway = highway_stage<rounding::exact>;

static_assert(stage<highway>);

INLAY_END_TARGET
