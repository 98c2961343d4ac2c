// Comparisons of xsimd's batches, what is chosen by them, and the bits of integers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>

#include "inlay/stage/xsimd/instructions.hpp"

INLAY_BEGIN_TARGET

/// Whether something holds, for each lane of vectors of type `V`: -1, or 0. As the compiler has it:
/// choosing by masks of AVX-512 does not compile in xsimd 8.1.
template <class V> struct xsimd_mask {
  xsimd_tools::compiled<xsimd_tools::signed_like<typename V::element>, V::room> lanes;
};

struct xsimd_bits {
  template <class T> using mask = xsimd_mask<xsimd_vec<T>>;

  // Comparisons.

  template <class V> INLAY_INLINE static auto equal(V const& a, V const& b) {
    return make<V>(xsimd_tools::compile(a) == xsimd_tools::compile(b));
  }
  template <class V> INLAY_INLINE static auto less(V const& a, V const& b) {
    return make<V>(xsimd_tools::compile(a) < xsimd_tools::compile(b));
  }
  template <class V> INLAY_INLINE static auto less_or_equal(V const& a, V const& b) {
    return make<V>(xsimd_tools::compile(a) <= xsimd_tools::compile(b));
  }
  template <class V> INLAY_INLINE static auto is_nan(V const& x) {
    auto const number = xsimd_tools::compile(x);
    return make<V>(number != number);
  }
  /// A mask from truths.
  template <class V> INLAY_INLINE static auto is_true(V const& x) {
    return make<V>(xsimd_tools::compile(x) != typename V::element{0});
  }
  /// Truths from a mask.
  template <class V> INLAY_INLINE static auto to_bools(xsimd_mask<V> const& m) {
    using bytes = xsimd_tools::same_lanes<std::uint8_t, V>;
    return bit_and(as_integers<std::uint8_t>(m), xsimd_tools::set<bytes>(1));
  }
  /// a where `m` holds, else b.
  template <class M, class V>
  INLAY_INLINE static V select(xsimd_mask<M> const& m, V const& a, V const& b) {
    using T = typename V::element;
    if constexpr (sizeof(T) == sizeof(typename M::element)) {
      return xsimd_tools::from_bits<V>(m.lanes ? xsimd_tools::compile(a) : xsimd_tools::compile(b));
    } else {
      auto const resized = xsimd_tools::compile(as_integers<xsimd_tools::signed_like<T>>(m));
      return select(xsimd_mask<V>{resized}, a, b);
    }
  }
  /// The same of what a() computes, which is called if `m` holds somewhere.
  template <class M, class A, class V>
  INLAY_INLINE static V select_rare(xsimd_mask<M> const& m, A const& a, V const& b) {
    using words = typename xsimd_vector<std::uint32_t, sizeof m.lanes / 4>::batch_type;
    if (!xsimd_tools::is_any(__builtin_bit_cast(typename words::register_type, m.lanes))) return b;
    auto const rare = a();
    return select(m, rare, b);
  }

  // Bits.

  template <class V> INLAY_INLINE static V bit_and(V const& a, V const& b) {
    return {a.batch & b.batch};
  }
  template <class V> INLAY_INLINE static V bit_or(V const& a, V const& b) {
    return {a.batch | b.batch};
  }
  template <class V> INLAY_INLINE static V bit_xor(V const& a, V const& b) {
    return {a.batch ^ b.batch};
  }
  template <class V> INLAY_INLINE static V bit_not(V const& x) { return {~x.batch}; }
  // As the compiler's, since xsimd 8.1 has none of bytes on all machines.
  template <int By, class V> INLAY_INLINE static V shift_left(V const& x) {
    return xsimd_tools::from_bits<V>(xsimd_tools::bits(x) << By);
  }
  template <int By, class V> INLAY_INLINE static V shift_right(V const& x) {
    return xsimd_tools::from_bits<V>(xsimd_tools::compile(x) >> By);
  }

 private:
  /// From what a comparison of the compiler's vectors gives: integers that it has its own name for.
  template <class V, class Truths> INLAY_INLINE static xsimd_mask<V> make(Truths const& truths) {
    return {__builtin_bit_cast(decltype(xsimd_mask<V>::lanes), truths)};
  }
  /// As integers of another size. All bits of a lane say the same, so that any size is a sign
  /// extension or a part.
  template <class To, class V> INLAY_INLINE static auto as_integers(xsimd_mask<V> const& m) {
    using T = xsimd_tools::signed_like<typename V::element>;
    using integers = xsimd_tools::same_lanes<T, V>;
    return xsimd_tools::convert<To>(xsimd_tools::from_bits<integers>(m.lanes));
  }
};

INLAY_END_TARGET
