// Highway, as it is for the machine that this translation unit is compiled for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

// Before Highway: it takes AVX2 and AVX-512 for given only where the instructions for encryption
// are, which -march=x86-64-v3 leaves out and we have no use for; and it calls it an error that a
// machine has all of AVX-512 unless it is asked to use it. Without the headers of the standard
// library that its dispatch at run time needs, it costs a quarter less; its emulated vectors need
// them. Its checks in debug builds call functions of its library, which nobody needs to link.
#if defined(__SSE4_2__) && !(defined(__AES__) && defined(__PCLMUL__))
#define HWY_DISABLE_PCLMUL_AES
#endif
#if defined(__AVX512VNNI__) && defined(__VAES__) && defined(__VPCLMULQDQ__)
#define HWY_WANT_AVX3_DL
#endif
#if !defined(HWY_IS_DEBUG_BUILD)
#define HWY_IS_DEBUG_BUILD 0
#endif
#if defined(__SSSE3__) && !defined(HWY_NO_LIBCXX) && !defined(HIGHWAY_HWY_BASE_H_)
#define HWY_NO_LIBCXX
#include <hwy/highway.h>
#undef HWY_NO_LIBCXX
#else
#include <hwy/highway.h>
#endif

#include <cstdint>

#include "inlay/core/small_types.hpp"
#include "inlay/stage/stage.hpp"

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && \
    defined(__AVX512VL__) && HWY_STATIC_TARGET > HWY_AVX3
#warning "AVX-512 is on, but not used: include inlay/stage/highway.hpp before hwy/highway.h"
#elif defined(__AVX2__) && defined(__FMA__) && defined(__BMI2__) && defined(__F16C__) && \
    HWY_STATIC_TARGET > HWY_AVX2
#warning "AVX2 is on, but not used: include inlay/stage/highway.hpp before hwy/highway.h"
#elif defined(__AVX2__) && HWY_STATIC_TARGET > HWY_AVX2
#warning "AVX2 is on, but not used: it needs -mfma -mbmi2 -mf16c too, as -march=x86-64-v3 has"
#elif defined(__aarch64__) && (HWY_STATIC_TARGET == HWY_SCALAR || HWY_STATIC_TARGET == HWY_EMU128)
#warning "NEON is on, but not used: it needs -march=armv8-a+crypto"
#endif

INLAY_BEGIN_TARGET

namespace hn = hwy::HWY_NAMESPACE;

/// Whether vectors are arrays that loops go over, for want of any that we know.
inline constexpr bool has_emulated_vectors =
    HWY_STATIC_TARGET == HWY_SCALAR || HWY_STATIC_TARGET == HWY_EMU128;

/// Whether the machine multiplies and adds with one rounding.
#if (HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_AVX2) || HWY_ARCH_ARM_A64 || defined(__FMA__) || \
    defined(__FP_FAST_FMAF)
inline constexpr bool has_fused_multiply_add = true;
#else
inline constexpr bool has_fused_multiply_add = false;
#endif

/// How many elements of `T` a vector holds.
template <class T>
inline constexpr int highway_width = static_cast<int>(hn::MaxLanes(hn::ScalableTag<lane_of<T>>{}));
template <class T, int Most>
inline constexpr int highway_width<narrow<T, Most>> =
    highway_width<T> < Most ? highway_width<T> : Most;

/// Which vector has `Lanes` elements of `T`.
template <class T, int Lanes = highway_width<T>>
using highway_tag = hn::CappedTag<lane_of<T>, Lanes>;

namespace highway_tools {

template <class V> using lane_type = hn::TFromV<V>;
template <class To, class V> using same_lanes = hn::Rebind<To, hn::DFromV<V>>;
template <class V> inline constexpr int lanes_in = static_cast<int>(hn::MaxLanes(hn::DFromV<V>{}));

template <class T, int Lanes> struct lane_array {
  alignas(64) T lane[Lanes];
};
template <class V> INLAY_INLINE inline auto in_memory(V const& x) {
  lane_array<lane_type<V>, lanes_in<V>> copy;
  hn::Store(x, hn::DFromV<V>{}, copy.lane);
  return copy;
}
/// f of the elements of vectors, one lane after the other.
template <class To, class F, class First, class... Rest>
INLAY_INLINE inline auto by_lane(F const& f, First const& first, Rest const&... rest) {
  auto const apply = [&](auto const&... x) {
    lane_array<To, lanes_in<First>> y;
    for (int i = 0; i < lanes_in<First>; ++i) y.lane[i] = f(x.lane[i]...);
    return hn::Load(same_lanes<To, First>{}, y.lane);
  };
  return apply(in_memory(first), in_memory(rest)...);
}

}  // namespace highway_tools

INLAY_END_TARGET
