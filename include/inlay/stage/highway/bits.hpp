// Comparisons of Highway's vectors, what is chosen by them, and the bits of integers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>

#include "inlay/stage/highway/target.hpp"

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
