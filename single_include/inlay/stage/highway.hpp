// What computes with the machine's vectors; beside it, Highway.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Generated from include/ by tools/amalgamate.py; `python3 tools/amalgamate.py` writes it again.
#pragma once

#if !defined(INLAY_VERSION_MAJOR)
#include "../inlay.hpp"
#endif

// The stage that computes with vectors of the machine it is compiled for, through Highway.

// First: it must come before Highway.
// Highway, as it is for the machine that this translation unit is compiled for.

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

// Its parts.
// Between the types of elements of Highway's vectors.

// Comparisons of Highway's vectors, what is chosen by them, and the bits of integers.

INLAY_BEGIN_TARGET

/// Whether something holds, for each lane of the vectors that `Tag` names.
template <class Tag> struct highway_mask {
  hn::Mask<Tag> lanes;
};

struct highway_bits {
  template <class T> using mask = highway_mask<highway_tag<T>>;

  // Comparisons.

  template <class V> INLAY_INLINE static auto equal(V const& a, V const& b) {
    return make<V>(hn::Eq(a, b));
  }
  template <class V> INLAY_INLINE static auto less(V const& a, V const& b) {
    return make<V>(hn::Lt(a, b));
  }
  template <class V> INLAY_INLINE static auto less_or_equal(V const& a, V const& b) {
    if constexpr (std::integral<hn::TFromV<V>>) return make<V>(hn::Not(hn::Lt(b, a)));
    else return make<V>(hn::Le(a, b));
  }
  template <class V> INLAY_INLINE static auto is_nan(V const& x) { return make<V>(hn::IsNaN(x)); }
  /// A mask from truths.
  template <class V> INLAY_INLINE static auto is_true(V const& x) {
    return make<V>(hn::Gt(x, hn::Zero(hn::DFromV<V>{})));
  }
  /// Truths from a mask.
  template <class Tag> INLAY_INLINE static auto to_bools(highway_mask<Tag> const& m) {
    hn::Rebind<std::uint8_t, Tag> const bytes;
    return hn::IfThenElseZero(for_lanes(bytes, m), hn::Set(bytes, std::uint8_t{1}));
  }
  /// a where `m` holds, else b.
  template <class Tag, class V>
  INLAY_INLINE static V select(highway_mask<Tag> const& m, V const& a, V const& b) {
    return hn::IfThenElse(for_lanes(hn::DFromV<V>{}, m), a, b);
  }
  /// The same of what a() computes, which is called if `m` holds somewhere.
  template <class Tag, class A, class V>
  INLAY_INLINE static V select_rare(highway_mask<Tag> const& m, A const& a, V const& b) {
    if (hn::AllFalse(Tag{}, m.lanes)) return b;
    auto const rare = a();
    return select(m, rare, b);
  }

  // Bits.

  template <class V> INLAY_INLINE static V bit_and(V const& a, V const& b) { return hn::And(a, b); }
  template <class V> INLAY_INLINE static V bit_or(V const& a, V const& b) { return hn::Or(a, b); }
  template <class V> INLAY_INLINE static V bit_xor(V const& a, V const& b) { return hn::Xor(a, b); }
  template <class V> INLAY_INLINE static V bit_not(V const& x) { return hn::Not(x); }
  template <int By, class V> INLAY_INLINE static V shift_left(V const& x) {
    return hn::ShiftLeft<By>(x);
  }
  template <int By, class V> INLAY_INLINE static V shift_right(V const& x) {
    return hn::ShiftRight<By>(x);
  }

 private:
  template <class V, class Mask> INLAY_INLINE static highway_mask<hn::DFromV<V>> make(Mask m) {
    return {m};
  }
  /// The same for lanes of another size.
  template <class To, class From>
  INLAY_INLINE static hn::Mask<To> for_lanes(To to, highway_mask<From> const& m) {
    constexpr auto wanted = sizeof(hn::TFromD<To>);
    constexpr auto given = sizeof(hn::TFromD<From>);
    if constexpr (wanted == given) {
      return hn::RebindMask(to, m.lanes);
    } else {
      // All bits of a lane say the same, so that any size is a sign extension or a part.
      auto const lanes = hn::VecFromMask(From{}, m.lanes);
      auto const resized = [&] {
        if constexpr (wanted > given) {
          hn::RebindToSigned<From> const integers;
          return widen<hwy::MakeSigned<hn::TFromD<To>>>(hn::BitCast(integers, lanes));
        } else {
          hn::RebindToUnsigned<From> const integers;
          hn::RebindToUnsigned<To> const narrow;
          return hn::TruncateTo(narrow, hn::BitCast(integers, lanes));
        }
      }();
      return hn::RebindMask(to, hn::MaskFromVec(resized));
    }
  }

 public:
  /// Integers as wider ones of the same sign, one doubling after the other.
  template <class To, class V> INLAY_INLINE static auto widen(V const& x) {
    if constexpr (sizeof(To) == sizeof(hn::TFromV<V>)) {
      return x;
    } else {
      using next = hwy::MakeWide<hn::TFromV<V>>;
      return widen<To>(hn::PromoteTo(highway_tools::same_lanes<next, V>{}, x));
    }
  }
};

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// What instructions do not exist for everywhere is computed by the scalar stage, lane by lane.
struct highway_conversions : highway_bits {
  /// The nearest integer, halves to even. |x| must be below 2^22, or 2^31 for doubles.
  template <class V> INLAY_INLINE static auto round_to_integer(V const& x) {
    using T = hn::TFromV<V>;
    hn::DFromV<V> const d;
    highway_tools::same_lanes<std::int32_t, V> const integers;
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

  /// To another type of element.
  template <class To, class V> INLAY_INLINE static auto convert(V const& x) {
    using From = hn::TFromV<V>;
    if constexpr (std::same_as<To, bool>) {
      auto const zero = hn::Zero(hn::DFromV<V>{});
      auto const is_zero = equal(x, zero);
      return to_bools(highway_mask<hn::DFromV<V>>{hn::Not(is_zero.lanes)});
    } else if constexpr (std::same_as<To, From>) {
      return x;
    } else if constexpr (std::integral<To> && std::integral<From>) {
      return resize<To>(x);
    } else if constexpr (std::floating_point<To> && std::integral<From>) {
      return to_real<To>(x);
    } else if constexpr (std::floating_point<To>) {
      highway_tools::same_lanes<To, V> const d;
      if constexpr (sizeof(To) > sizeof(From)) {
        return hn::PromoteTo(d, x);
      } else if constexpr (has_emulated_vectors) {  // where Highway never makes an infinity
        return highway_tools::by_lane<To>([](From y) { return scalar::convert<To>(y); }, x);
      } else {
        return hn::DemoteTo(d, x);
      }
    } else if constexpr (std::same_as<To, std::int32_t> && is_fast<From>) {
      return hn::ConvertTo(highway_tools::same_lanes<std::int32_t, V>{}, number_or_zero(x));
    } else if constexpr (sizeof(To) < 4 && is_fast<From>) {
      highway_tools::same_lanes<std::int32_t, V> const words;
      auto const whole = hn::ConvertTo(words, within<To>(x));
      return hn::DemoteTo(highway_tools::same_lanes<To, V>{}, whole);
    } else {
      return highway_tools::by_lane<To>([](From y) { return scalar::convert<To>(y); }, x);
    }
  }

  /// To the nearest integer that there is, halves to even.
  template <std::integral To, class V> INLAY_INLINE static auto round(V const& x) {
    using From = hn::TFromV<V>;
    if constexpr (is_fast<From> && std::same_as<To, std::int32_t>) {
      return hn::NearestInt(number_or_zero(x));
    } else if constexpr (is_fast<From> && sizeof(To) < 4) {
      return hn::DemoteTo(highway_tools::same_lanes<To, V>{}, hn::NearestInt(within<To>(x)));
    } else {
      return highway_tools::by_lane<To>([](From y) { return scalar::round<To>(y); }, x);
    }
  }

  /// An integer of 32 bits as the nearest one that there is.
  template <std::integral To, class V> INLAY_INLINE static auto saturate(V const& n) {
    static_assert(std::same_as<hn::TFromV<V>, std::int32_t> && sizeof(To) < 4);
    return hn::DemoteTo(highway_tools::same_lanes<To, V>{}, n);
  }

 private:
  template <class From>
  static constexpr bool is_fast = std::same_as<From, float> && !has_emulated_vectors;

  template <class V> INLAY_INLINE static V number_or_zero(V const& x) {
    return hn::IfThenZeroElse(hn::IsNaN(x), x);
  }
  /// The nearest number that an integer of less than 32 bits can be near to.
  template <class To, class V> INLAY_INLINE static V within(V const& x) {
    using From = hn::TFromV<V>;
    hn::DFromV<V> const d;
    auto const least = hn::Set(d, static_cast<From>(least_value<To>()));
    auto const most = hn::Set(d, static_cast<From>(largest_value<To>()));
    return hn::Min(hn::Max(number_or_zero(x), least), most);
  }
  template <class To, class V> INLAY_INLINE static auto resize(V const& n) {
    using From = hn::TFromV<V>;
    highway_tools::same_lanes<To, V> const d;
    if constexpr (sizeof(To) >= sizeof(From)) {
      return hn::BitCast(d, widen<To>(n));
    } else {
      hn::RebindToUnsigned<hn::DFromV<V>> const bits;
      hn::RebindToUnsigned<decltype(d)> const narrow;
      return hn::BitCast(d, hn::TruncateTo(narrow, hn::BitCast(bits, n)));
    }
  }
  template <class To, class V> INLAY_INLINE static auto to_real(V const& n) {
    using From = hn::TFromV<V>;
    highway_tools::same_lanes<To, V> const d;
    if constexpr (sizeof(From) < 4) {
      return to_real<To>(resize<std::int32_t>(n));
    } else if constexpr (sizeof(From) == sizeof(To) && !has_emulated_vectors) {
      return hn::ConvertTo(d, n);
    } else if constexpr (std::same_as<From, std::int32_t> && sizeof(To) == 8) {
      return hn::PromoteTo(d, n);
    } else {
      // Rounded once: a double between would round twice.
      return highway_tools::by_lane<To>([](From y) { return scalar::convert<To>(y); }, n);
    }
  }
};

INLAY_END_TARGET

// Arithmetic on Highway's vectors.

// What stages do whose machine has no fused multiply-add.

INLAY_BEGIN_TARGET

/// How `fma` is computed by a machine that has no such instruction: `exact` asks the C library,
/// lane by lane; `twice` rounds the product and the sum.
enum class rounding { exact, twice };

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// All vectors of one call have as many elements, as many as a position of theirs.
template <rounding Rounding> struct highway_numbers {
  /// Whether one instruction yields a where a > b, or a < b, and b everywhere else.
  static constexpr bool has_ordered_max = HWY_ARCH_X86 && !has_emulated_vectors;
  /// Whether one instruction rounds to whole numbers, which keep their sign.
  static constexpr bool has_whole_numbers = (HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_SSE4) ||
                                            (HWY_ARCH_ARM_A64 && !has_emulated_vectors);
  /// Whether every result has the bits that the scalar stage computes.
  static constexpr bool same_bits = has_fused_multiply_add || Rounding == rounding::exact;

  template <class T, class Lane = T> INLAY_INLINE static auto splat(T x) {
    return hn::Set(highway_tag<T, highway_width<Lane>>{}, static_cast<lane_of<T>>(x));
  }
  template <class V, class T> INLAY_INLINE static V splat_like(V const&, T x) {
    return hn::Set(hn::DFromV<V>{}, static_cast<hn::TFromV<V>>(x));
  }
  template <class T, class Lane = T> INLAY_INLINE static auto splat_index(host::index i) {
    return hn::Set(highway_tag<T, highway_width<Lane>>{}, static_cast<lane_of<T>>(i));
  }

  template <class V> INLAY_INLINE static V add(V const& a, V const& b) { return hn::Add(a, b); }
  template <class V> INLAY_INLINE static V subtract(V const& a, V const& b) {
    return hn::Sub(a, b);
  }
  template <class V> INLAY_INLINE static V multiply(V const& a, V const& b) {
    using T = hn::TFromV<V>;
    constexpr bool is_integer = std::integral<T>;
    if constexpr ((is_integer && (sizeof(T) == 1 || sizeof(T) == 8)) ||
                  (!is_integer && has_emulated_vectors)) {
      return highway_tools::by_lane<T>([](T x, T y) { return scalar::multiply(x, y); }, a, b);
    } else if constexpr (!is_integer && has_fused_multiply_add) {
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
  template <class V> INLAY_INLINE static V divide(V const& a, V const& b) {
    using T = hn::TFromV<V>;
    if constexpr (std::integral<T>) {
      return highway_tools::by_lane<T>([](T x, T y) { return scalar::divide(x, y); }, a, b);
    } else {
      return hn::Div(a, b);
    }
  }
  template <class V> INLAY_INLINE static V sqrt(V const& x) { return hn::Sqrt(x); }
  template <class V> INLAY_INLINE static V fma(V const& a, V const& b, V const& c) {
    using T = hn::TFromV<V>;
    if constexpr (std::integral<T>) {
      auto const product = multiply(a, b);
      return hn::Add(product, c);
    } else if constexpr (has_fused_multiply_add && !has_emulated_vectors) {
      return hn::MulAdd(a, b, c);
    } else if constexpr (has_fused_multiply_add || Rounding == rounding::exact) {
      return highway_tools::by_lane<T>([](T x, T y, T z) { return scalar::fma(x, y, z); }, a, b, c);
    } else {
      return hn::Add(hn::Mul(a, b), c);
    }
  }

  // Not with Ne(a, a), which Highway 1.0.3 calls false for what is not a number, on AVX2.
  template <class V> INLAY_INLINE static V max(V const& a, V const& b) {
    if constexpr (std::integral<hn::TFromV<V>>) return hn::Max(a, b);
    else if constexpr (has_ordered_max) return unless_number(a, hn::Max(a, b));
    else return hn::IfThenElse(hn::Or(hn::Gt(a, b), hn::IsNaN(a)), a, b);
  }
  template <class V> INLAY_INLINE static V min(V const& a, V const& b) {
    if constexpr (std::integral<hn::TFromV<V>>) return hn::Min(a, b);
    else if constexpr (has_ordered_max) return unless_number(a, hn::Min(a, b));
    else return hn::IfThenElse(hn::Or(hn::Lt(a, b), hn::IsNaN(a)), a, b);
  }
  template <class V> INLAY_INLINE static V abs(V const& x) {
    if constexpr (std::unsigned_integral<hn::TFromV<V>>) return x;
    else return hn::Abs(x);
  }
  template <class V> INLAY_INLINE static V negate(V const& x) {
    if constexpr (std::integral<hn::TFromV<V>>) return hn::Sub(hn::Zero(hn::DFromV<V>{}), x);
    else return hn::Neg(x);
  }

  template <class V> INLAY_INLINE static V copy_sign(V const& x, V const& sign) {
    return hn::CopySign(x, sign);
  }
  template <class V> INLAY_INLINE static V nearest(V const& x) {
    using T = hn::TFromV<V>;
    if constexpr (has_whole_numbers) return hn::Round(x);
    else return highway_tools::by_lane<T>([](T y) { return scalar::nearest(y); }, x);
  }
  template <class V> INLAY_INLINE static V floor(V const& x) {
    using T = hn::TFromV<V>;
    if constexpr (has_whole_numbers) return hn::Floor(x);
    else return highway_tools::by_lane<T>([](T y) { return scalar::floor(y); }, x);
  }
  template <class V> INLAY_INLINE static V ceil(V const& x) {
    using T = hn::TFromV<V>;
    if constexpr (has_whole_numbers) return hn::Ceil(x);
    else return highway_tools::by_lane<T>([](T y) { return scalar::ceil(y); }, x);
  }

  /// n / 2, rounded down.
  template <class V> INLAY_INLINE static V half(V const& n) { return hn::ShiftRight<1>(n); }
  /// The n with 2^n ≤ |x| < 2^(n+1); of 0 one below that of every other number, of what is not
  /// finite one above.
  template <class V> INLAY_INLINE static auto exponent(V const& x) {
    using T = hn::TFromV<V>;
    hn::DFromV<V> const d;
    highway_tools::same_lanes<std::int32_t, V> const integers;
    constexpr T least = sizeof(T) == 4 ? T{0x1p-126f} : T{0x1p-1022};
    constexpr T scale = sizeof(T) == 4 ? T{0x1p24f} : T{0x1p54};
    constexpr T bias = sizeof(T) == 4 ? T{127} : T{1023};
    constexpr T tiny_bias = sizeof(T) == 4 ? T{127 + 24} : T{1023 + 54};
    auto const magnitude = hn::Abs(x);
    auto const is_tiny = hn::Lt(magnitude, hn::Set(d, least));
    auto const scaled = hn::IfThenElse(is_tiny, hn::Mul(magnitude, hn::Set(d, scale)), magnitude);
    auto const less = hn::IfThenElse(is_tiny, hn::Set(d, tiny_bias), hn::Set(d, bias));
    if constexpr (std::same_as<T, float>) {
      auto const field = hn::ShiftRight<23>(hn::BitCast(integers, scaled));
      return hn::Sub(field, hn::ConvertTo(integers, less));
    } else {
      // As the last digits of 2^52 the field is a number.
      highway_tools::same_lanes<std::uint64_t, V> const wide;
      auto const two_to_52 = hn::Set(d, 0x1p52);
      auto const field = hn::ShiftRight<52>(hn::BitCast(wide, scaled));
      auto const shifted = hn::BitCast(d, hn::Or(field, hn::BitCast(wide, two_to_52)));
      return hn::DemoteTo(integers, hn::Sub(hn::Sub(shifted, two_to_52), less));
    }
  }
  /// 2^n, for exponents of normal numbers.
  template <std::floating_point T, class V> INLAY_INLINE static auto power_of_two(V const& n) {
    highway_tools::same_lanes<T, V> const d;
    if constexpr (std::same_as<T, float>) {
      auto const biased = hn::Add(n, hn::Set(hn::DFromV<V>{}, 127));
      return hn::BitCast(d, hn::ShiftLeft<23>(biased));
    } else {
      highway_tools::same_lanes<std::int64_t, V> const wide;
      auto const biased = hn::Add(hn::PromoteTo(wide, n), hn::Set(wide, std::int64_t{1023}));
      return hn::BitCast(d, hn::ShiftLeft<52>(biased));
    }
  }

 private:
  /// a where it is not a number, else b.
  template <class V> INLAY_INLINE static V unless_number(V const& a, V const& b) {
#if HWY_ARCH_X86 && !defined(__clang__) && HWY_STATIC_TARGET != HWY_SCALAR && \
    HWY_STATIC_TARGET != HWY_EMU128
    // GCC sees through this where a is a constant, and not through an intrinsic function.
    return V{a.raw != a.raw ? a.raw : b.raw};
#else
    return hn::IfThenElse(hn::IsNaN(a), a, b);
#endif
  }
};

INLAY_END_TARGET

// Sums of four products of bytes.

#include <cstring>

// Loops along the lanes of Highway's vectors.

// Loads and stores of Highway's vectors.

// Floats of 16 bits, as floats and back.

INLAY_BEGIN_TARGET

/// Whether instructions convert between float16 and float.
#if (HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_AVX2 && !defined(HWY_DISABLE_F16C)) || \
    (HWY_ARCH_ARM_A64 && HWY_STATIC_TARGET < HWY_EMU128)
inline constexpr bool has_float16_conversions = true;
#else
inline constexpr bool has_float16_conversions = false;
#endif

/// Bits in vectors of uint16, numbers in vectors of float.
template <sixteen_bit_float T> struct highway_half;

template <> struct highway_half<bfloat16> {
  template <class V> INLAY_INLINE static auto to_float(V const& bits) {
    highway_tools::same_lanes<std::uint32_t, V> const words;
    return hn::BitCast(highway_tools::same_lanes<float, V>{},
                       hn::ShiftLeft<16>(hn::PromoteTo(words, bits)));
  }
  /// Rounded to the nearest, halves to even.
  template <class V> INLAY_INLINE static auto from_float(V const& x) {
    highway_tools::same_lanes<std::uint32_t, V> const words;
    auto const bits = hn::BitCast(words, x);
    auto const high = hn::ShiftRight<16>(bits);
    // A half more, but for a half beside an even number.
    auto const odd = hn::And(high, hn::Set(words, 1u));
    auto const more = hn::Add(odd, hn::Set(words, 0x7fffu));
    auto const rounded = hn::ShiftRight<16>(hn::Add(bits, more));
    auto const not_a_number = hn::Or(high, hn::Set(words, 0x40u));
    auto const is_nan = hn::RebindMask(words, hn::IsNaN(x));
    return hn::TruncateTo(highway_tools::same_lanes<std::uint16_t, V>{},
                          hn::IfThenElse(is_nan, not_a_number, rounded));
  }
};

template <> struct highway_half<float16> {
  template <class V> INLAY_INLINE static auto to_float(V const& bits) {
    highway_tools::same_lanes<float, V> const d;
    if constexpr (has_float16_conversions) {
      return hn::PromoteTo(d, hn::BitCast(highway_tools::same_lanes<hwy::float16_t, V>{}, bits));
    } else {
      highway_tools::same_lanes<std::int32_t, V> const words;
      auto const word =
          hn::BitCast(words, hn::PromoteTo(highway_tools::same_lanes<std::uint32_t, V>{}, bits));
      auto const sign = hn::ShiftLeft<16>(hn::And(word, hn::Set(words, 0x8000)));
      auto const magnitude = hn::And(word, hn::Set(words, 0x7fff));
      // With the exponent of a float, so that a power of two makes up for the other bias; exact
      // where there is no leading one, too.
      auto const shifted = hn::BitCast(d, hn::ShiftLeft<13>(magnitude));
      auto const number = hn::BitCast(words, hn::Mul(shifted, hn::Set(d, 0x1p112f)));
      auto const special = hn::Or(number, hn::Set(words, 0x7f800000));
      auto const is_special = hn::Gt(magnitude, hn::Set(words, 0x7bff));
      return hn::BitCast(d, hn::Or(sign, hn::IfThenElse(is_special, special, number)));
    }
  }
  /// Rounded to the nearest, halves to even; what is too large becomes infinity.
  template <class V> INLAY_INLINE static auto from_float(V const& x) {
    highway_tools::same_lanes<std::uint16_t, V> const halves;
    if constexpr (has_float16_conversions) {
      return hn::BitCast(halves, hn::DemoteTo(highway_tools::same_lanes<hwy::float16_t, V>{}, x));
    } else {
      highway_tools::same_lanes<std::int32_t, V> const words;
      auto const word = hn::BitCast(words, x);
      auto const sign = hn::And(hn::ShiftRight<16>(word), hn::Set(words, 0x8000));
      auto const magnitude = hn::And(word, hn::Set(words, 0x7fffffff));
      // A half more, but for a half beside an even number; then the other bias.
      auto const odd = hn::And(hn::ShiftRight<13>(magnitude), hn::Set(words, 1));
      auto const more = hn::Add(odd, hn::Set(words, 0xfff - (112 << 23)));
      auto const normal = hn::ShiftRight<13>(hn::Add(magnitude, more));
      // Behind 0.5 floats are as far apart as the smallest of 16 bits: the addition rounds.
      highway_tools::same_lanes<float, V> const d;
      auto const half = hn::Set(d, 0.5f);
      auto const sum = hn::Add(hn::BitCast(d, magnitude), half);
      auto const tiny = hn::Sub(hn::BitCast(words, sum), hn::BitCast(words, half));
      auto const is_tiny = hn::Lt(magnitude, hn::Set(words, 0x38800000));
      auto const is_large = hn::Gt(magnitude, hn::Set(words, 0x477fefff));
      auto const is_nan = hn::Gt(magnitude, hn::Set(words, 0x7f800000));
      auto const finite = hn::IfThenElse(is_tiny, tiny, normal);
      auto const number = hn::IfThenElse(is_large, hn::Set(words, 0x7c00), finite);
      auto const result = hn::IfThenElse(is_nan, hn::Set(words, 0x7e00), number);
      highway_tools::same_lanes<std::uint32_t, V> const bits;
      return hn::TruncateTo(halves, hn::BitCast(bits, hn::Or(sign, result)));
    }
  }
};

INLAY_END_TARGET

// Positions along the lanes of a machine's vectors.

INLAY_BEGIN_TARGET

/// What stages of vectors share, whichever library computes with these. Of several indices one is a
/// position.
struct vector_positions : host {
 protected:
  template <class Index> static constexpr bool is_position = !std::integral<Index>;
  template <class First, class... Rest>
  INLAY_INLINE static constexpr auto along_lanes(First first, Rest... rest) {
    if constexpr (is_position<First>) {
      static_assert((0 + ... + is_position<Rest>) == 0, "one index is a position along lanes");
      return first;
    } else {
      return along_lanes(rest...);
    }
  }
  template <std::size_t... Axis, class... Index>
  static constexpr index stride_of(shape const& strides, std::index_sequence<Axis...>, Index...) {
    return (index{0} + ... + (is_position<Index> ? strides.extents[Axis] : 0));
  }

  /// How many elements a vector has there, and how many of them are read or written.
  template <int Lanes> static constexpr int most_of(full<Lanes, index>) { return Lanes; }
  template <int Lanes> static constexpr int most_of(partial<Lanes, index>) { return Lanes; }
  template <int Lanes> static constexpr index count_of(full<Lanes, index>) { return Lanes; }
  template <int Lanes> static constexpr index count_of(partial<Lanes, index> j) { return j.count; }
};

INLAY_END_TARGET

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

// Loops along the lanes of a machine's vectors.

INLAY_BEGIN_TARGET

/// Loops run over as many elements as a vector holds, and what is left is one partial position.
/// `Vectors` are those of a library, in memory and in a reduction:
///
///     width<T>                          how many elements a vector of `T`s holds
///     vec<T, Lanes>                     the vector of so many
///     set<T, Lanes>(x)                  x in all lanes
///     choose<T, Lanes>(count, a, b)     the first `count` lanes of a, the others of b
///     combine_all<T, Lanes>(x, combine) in all lanes: the halves of x combined, the halves of that
template <class Vectors> struct vector_control : Vectors {
  using index = host::index;
  template <class T> static constexpr int width = Vectors::template width<T>;
  template <class T> using lanes = full<width<T>, index>;

  template <class T, bool Whole> INLAY_INLINE static auto lanes_from(index at, index end) {
    if constexpr (Whole || width<T> == 1) {
      return lanes<T>{at};
    } else {
      auto const left = end - at;
      return partial<width<T>, index>{at, Vectors::smaller(left < 0 ? 0 : left, width<T>)};
    }
  }
  template <class T, class Body> INLAY_INLINE static void loop_lanes(index n, Body&& body) {
    constexpr int step = width<T>;
    index j = 0;
    for (; j + step <= n; j += step) body(full<step, index>{j});
    if constexpr (step > 1) {
      if (j < n) body(partial<step, index>{j, n - j});
    }
  }
  template <class T, class Identity, class At, class Combine>
  INLAY_INLINE static auto reduce_lanes(index n, Identity const& identity, At&& at,
                                        Combine&& combine) {
    constexpr int step = width<T> < reduction_lanes ? width<T> : reduction_lanes;
    constexpr int vectors = reduction_lanes / step;
    typename Vectors::template vec<T, step> lane[vectors];
    for (auto& x : lane) x = Vectors::template set<T, step>(static_cast<lane_of<T>>(identity));
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
        lane[v] = Vectors::template choose<T, step>(count, combined, lane[v]);
      }
    }
    for (int half = vectors / 2; half > 0; half /= 2) {
      for (int v = 0; v < half; ++v) lane[v] = combine(lane[v], lane[v + half]);
    }
    return Vectors::template combine_all<T, step>(lane[0], combine);
  }
};

INLAY_END_TARGET

INLAY_BEGIN_TARGET

struct highway_reduction : highway_memory {
  template <class T> static constexpr int width = highway_width<T>;
  template <class T, int Lanes> using vec = hn::Vec<highway_tag<T, Lanes>>;

  template <class T, int Lanes> INLAY_INLINE static auto set(lane_of<T> x) {
    return hn::Set(highway_tag<T, Lanes>{}, x);
  }
  template <class T, int Lanes, class V>
  INLAY_INLINE static V choose(index count, V const& a, V const& b) {
    highway_tag<T, Lanes> const d;
    return hn::IfThenElse(hn::FirstN(d, static_cast<std::size_t>(count)), a, b);
  }
  template <class T, int Lanes, class V, class Combine>
  INLAY_INLINE static auto combine_all(V const& x, Combine const& combine) {
    auto const all = combine_lanes(highway_tag<T, Lanes>{}, x, combine);
    return hn::Set(highway_tag<T>{}, hn::GetLane(all));
  }

 private:
  /// Halves of a vector, then what shuffles reach within 16 bytes. What the upper lanes hold is of
  /// no account.
  template <class D, class Combine>
  INLAY_INLINE static auto combine_lanes([[maybe_unused]] D d, hn::Vec<D> x,
                                         [[maybe_unused]] Combine const& combine) {
#if HWY_STATIC_TARGET == HWY_SCALAR
    return x;
#else
    constexpr int lanes = static_cast<int>(hn::MaxLanes(D{}));
    using Lane = hn::TFromD<D>;
    if constexpr (lanes * sizeof(Lane) > 16) {
      hn::Half<D> const half;
      auto const lower = hn::LowerHalf(half, x);
      auto const upper = hn::UpperHalf(half, x);
      return combine_lanes(half, combine(lower, upper), combine);
    } else if constexpr (lanes == 4 && sizeof(Lane) == 4) {
      auto const pairs = combine(x, hn::Shuffle1032(x));
      return combine(pairs, hn::Shuffle2301(pairs));
    } else if constexpr (lanes == 2 && sizeof(Lane) == 8) {
      return combine(x, hn::Shuffle01(x));
    } else {
      alignas(64) Lane ends[2 * lanes]{};
      for (int half = lanes / 2; half > 0; half /= 2) {
        hn::Store(x, d, ends);
        x = combine(x, hn::LoadU(d, ends + half));
      }
      return x;
    }
#endif
  }
};

using highway_control = vector_control<highway_reduction>;

INLAY_END_TARGET

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

// Blocks of rows that become columns, by shuffles of Highway's vectors.

INLAY_BEGIN_TARGET

struct highway_transpose {
 private:
  // Sixteen bits are moved as they are.
  template <class T>
  using moved = std::conditional_t<sixteen_bit_float<T>, std::uint16_t, lane_of<T>>;
  static constexpr bool has_shuffles = HWY_STATIC_TARGET != HWY_SCALAR;

 public:
  /// How many rows and columns `transpose_block` takes: as many rows as a vector has elements, and
  /// as many columns as 16 bytes have, which is as far as shuffles reach.
  template <class T> static constexpr int block_rows = highway_width<moved<T>>;
  template <class T>
  static constexpr int block_columns = has_shuffles ? 16 / static_cast<int>(sizeof(T)) : 1;

  /// y[j + c, i + r] = x[i + r, j + c] for all r and c of a block. Rows are contiguous.
  template <class T>
  INLAY_INLINE static void transpose_block(tensor<T const> const& x, tensor<T> const& y,
                                           std::int64_t i, std::int64_t j) {
    auto const* from = reinterpret_cast<moved<T> const*>(x.data + (i * x.strides[0] + j));
    auto* to = reinterpret_cast<moved<T>*>(y.data + (j * y.strides[0] + i));
#if HWY_STATIC_TARGET == HWY_SCALAR
    *to = *from;
#else
    transpose_vectors(from, x.strides[0], to, y.strides[0]);
#endif
  }

#if HWY_STATIC_TARGET != HWY_SCALAR
 private:
  template <class T>
  INLAY_INLINE static void transpose_vectors(T const* from, std::int64_t from_stride, T* to,
                                             std::int64_t to_stride) {
    constexpr int n = block_columns<T>;
    hn::ScalableTag<T> const d;
    hn::Vec<hn::ScalableTag<T>> rows[n];
    _Pragma("GCC unroll 16") for (int r = 0; r < n; ++r) {
      rows[r] = load_blocks(d, from + r * from_stride, n * from_stride);
    }
    // Each round spreads the rows over twice as many lanes.
    _Pragma("GCC unroll 4") for (int round = 1; round < n; round *= 2) {
      hn::Vec<hn::ScalableTag<T>> spread[n];
      _Pragma("GCC unroll 8") for (int r = 0; r < n / 2; ++r) {
        spread[2 * r] = hn::InterleaveLower(d, rows[r], rows[r + n / 2]);
        spread[2 * r + 1] = hn::InterleaveUpper(d, rows[r], rows[r + n / 2]);
      }
      _Pragma("GCC unroll 16") for (int r = 0; r < n; ++r) rows[r] = spread[r];
    }
    _Pragma("GCC unroll 16") for (int r = 0; r < n; ++r) {
      hn::StoreU(rows[r], d, to + r * to_stride);
    }
  }
  /// 16 bytes from each of the rows `stride` apart.
  template <class D, class T>
  INLAY_INLINE static hn::Vec<D> load_blocks(D d, T const* from, std::int64_t stride) {
    if constexpr (hn::MaxLanes(D{}) * sizeof(T) <= 16) {
      return hn::LoadU(d, from);
    } else {
      hn::Half<D> const half;
      constexpr auto rows = static_cast<std::int64_t>(hn::MaxLanes(D{}) * sizeof(T) / 32);
      auto const low = load_blocks(half, from, stride);
      auto const high = load_blocks(half, from + rows * stride, stride);
      return hn::Combine(d, high, low);
    }
  }
#endif
};

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// Vectors are as long as the machine's.
template <rounding Rounding>
struct highway_stage : highway_products,
                       highway_conversions,
                       highway_numbers<Rounding>,
                       highway_transpose {
  template <class T> using vec = hn::Vec<highway_tag<T>>;
  /// How many vectors the machine holds.
#if (HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_AVX3) || HWY_ARCH_ARM_A64 || HWY_ARCH_PPC
  static constexpr int registers = 32;
#else
  static constexpr int registers = 16;
#endif
};

/// As fast as the machine is; `same_bits` says whether that changes a bit.
using highway = highway_stage<rounding::twice>;
/// The bits of the scalar stage on every machine.
using exact_highway = highway_stage<rounding::exact>;

static_assert(stage<highway>);

INLAY_END_TARGET
