// Instructions that xsimd 8.1 has not, or not for all sizes of registers, or whose operands it
// takes in an order that depends on its version.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/stage/xsimd/target.hpp"

INLAY_BEGIN_TARGET

namespace xsimd_tools {

// root(x) is rounded once; nearest(x), halves to even, floor(x) and ceil(x) keep the sign of x;
// fuse(a, b, c) is a·b + c, rounded once; larger(a, b) is a where a > b, else b; smaller(a, b) is a
// where a < b, else b; is_any(m) is whether m has a bit.

#if defined(__SSE2__)

template <class Batch> INLAY_INLINE inline Batch root(Batch const& x) { return ::xsimd::sqrt(x); }
template <class Batch> INLAY_INLINE inline Batch nearest(Batch const& x) {
  return ::xsimd::nearbyint(x);
}
template <class Batch> INLAY_INLINE inline Batch floor(Batch const& x) { return ::xsimd::floor(x); }
template <class Batch> INLAY_INLINE inline Batch ceil(Batch const& x) { return ::xsimd::ceil(x); }

INLAY_INLINE inline __m128 larger(__m128 a, __m128 b) { return _mm_max_ps(a, b); }
INLAY_INLINE inline __m128d larger(__m128d a, __m128d b) { return _mm_max_pd(a, b); }
INLAY_INLINE inline __m128 smaller(__m128 a, __m128 b) { return _mm_min_ps(a, b); }
INLAY_INLINE inline __m128d smaller(__m128d a, __m128d b) { return _mm_min_pd(a, b); }
#if defined(__SSE4_1__)
INLAY_INLINE inline bool is_any(__m128i m) { return _mm_testz_si128(m, m) == 0; }
#else
INLAY_INLINE inline bool is_any(__m128i m) { return _mm_movemask_epi8(m) != 0; }
#endif

#if defined(__AVX__)
INLAY_INLINE inline __m256 larger(__m256 a, __m256 b) { return _mm256_max_ps(a, b); }
INLAY_INLINE inline __m256d larger(__m256d a, __m256d b) { return _mm256_max_pd(a, b); }
INLAY_INLINE inline __m256 smaller(__m256 a, __m256 b) { return _mm256_min_ps(a, b); }
INLAY_INLINE inline __m256d smaller(__m256d a, __m256d b) { return _mm256_min_pd(a, b); }
INLAY_INLINE inline bool is_any(__m256i m) { return _mm256_testz_si256(m, m) == 0; }
#endif

#if defined(__AVX512F__)
INLAY_INLINE inline __m512 larger(__m512 a, __m512 b) { return _mm512_max_ps(a, b); }
INLAY_INLINE inline __m512d larger(__m512d a, __m512d b) { return _mm512_max_pd(a, b); }
INLAY_INLINE inline __m512 smaller(__m512 a, __m512 b) { return _mm512_min_ps(a, b); }
INLAY_INLINE inline __m512d smaller(__m512d a, __m512d b) { return _mm512_min_pd(a, b); }
INLAY_INLINE inline bool is_any(__m512i m) { return _mm512_test_epi32_mask(m, m) != 0; }
INLAY_INLINE inline __m512 fuse(__m512 a, __m512 b, __m512 c) { return _mm512_fmadd_ps(a, b, c); }
INLAY_INLINE inline __m512d fuse(__m512d a, __m512d b, __m512d c) {
  return _mm512_fmadd_pd(a, b, c);
}
#endif

#if defined(__FMA__)
INLAY_INLINE inline __m128 fuse(__m128 a, __m128 b, __m128 c) { return _mm_fmadd_ps(a, b, c); }
INLAY_INLINE inline __m128d fuse(__m128d a, __m128d b, __m128d c) { return _mm_fmadd_pd(a, b, c); }
INLAY_INLINE inline __m256 fuse(__m256 a, __m256 b, __m256 c) { return _mm256_fmadd_ps(a, b, c); }
INLAY_INLINE inline __m256d fuse(__m256d a, __m256d b, __m256d c) {
  return _mm256_fmadd_pd(a, b, c);
}
#endif

#else

INLAY_INLINE inline float32x4_t root(float32x4_t x) { return vsqrtq_f32(x); }
INLAY_INLINE inline float64x2_t root(float64x2_t x) { return vsqrtq_f64(x); }
INLAY_INLINE inline float32x4_t nearest(float32x4_t x) { return vrndnq_f32(x); }
INLAY_INLINE inline float64x2_t nearest(float64x2_t x) { return vrndnq_f64(x); }
INLAY_INLINE inline float32x4_t floor(float32x4_t x) { return vrndmq_f32(x); }
INLAY_INLINE inline float64x2_t floor(float64x2_t x) { return vrndmq_f64(x); }
INLAY_INLINE inline float32x4_t ceil(float32x4_t x) { return vrndpq_f32(x); }
INLAY_INLINE inline float64x2_t ceil(float64x2_t x) { return vrndpq_f64(x); }

INLAY_INLINE inline float32x4_t larger(float32x4_t a, float32x4_t b) { return a > b ? a : b; }
INLAY_INLINE inline float64x2_t larger(float64x2_t a, float64x2_t b) { return a > b ? a : b; }
INLAY_INLINE inline float32x4_t smaller(float32x4_t a, float32x4_t b) { return a < b ? a : b; }
INLAY_INLINE inline float64x2_t smaller(float64x2_t a, float64x2_t b) { return a < b ? a : b; }
INLAY_INLINE inline bool is_any(uint32x4_t m) { return vmaxvq_u32(m) != 0; }
INLAY_INLINE inline float32x4_t fuse(float32x4_t a, float32x4_t b, float32x4_t c) {
  return vfmaq_f32(c, a, b);
}
INLAY_INLINE inline float64x2_t fuse(float64x2_t a, float64x2_t b, float64x2_t c) {
  return vfmaq_f64(c, a, b);
}

#endif

// load_where(m, from) and store_where(m, to, x) touch the elements whose first bit in m is set.
// gather_words(from, n) reads from[n].

#if defined(__AVX__)
INLAY_INLINE inline __m128 load_where(__m128i m, float const* from) {
  return _mm_maskload_ps(from, m);
}
INLAY_INLINE inline __m128d load_where(__m128i m, double const* from) {
  return _mm_maskload_pd(from, m);
}
INLAY_INLINE inline __m256 load_where(__m256i m, float const* from) {
  return _mm256_maskload_ps(from, m);
}
INLAY_INLINE inline __m256d load_where(__m256i m, double const* from) {
  return _mm256_maskload_pd(from, m);
}
INLAY_INLINE inline void store_where(__m128i m, float* to, __m128 x) { _mm_maskstore_ps(to, m, x); }
INLAY_INLINE inline void store_where(__m128i m, double* to, __m128d x) {
  _mm_maskstore_pd(to, m, x);
}
INLAY_INLINE inline void store_where(__m256i m, float* to, __m256 x) {
  _mm256_maskstore_ps(to, m, x);
}
INLAY_INLINE inline void store_where(__m256i m, double* to, __m256d x) {
  _mm256_maskstore_pd(to, m, x);
}
#endif

#if defined(__AVX512F__)
INLAY_INLINE inline __m512 load_where(__m512i m, float const* from) {
  return _mm512_maskz_loadu_ps(_mm512_test_epi32_mask(m, m), from);
}
INLAY_INLINE inline __m512d load_where(__m512i m, double const* from) {
  return _mm512_maskz_loadu_pd(_mm512_test_epi64_mask(m, m), from);
}
INLAY_INLINE inline void store_where(__m512i m, float* to, __m512 x) {
  _mm512_mask_storeu_ps(to, _mm512_test_epi32_mask(m, m), x);
}
INLAY_INLINE inline void store_where(__m512i m, double* to, __m512d x) {
  _mm512_mask_storeu_pd(to, _mm512_test_epi64_mask(m, m), x);
}
INLAY_INLINE inline __m512i gather_words(int const* from, __m512i n) {
  return _mm512_i32gather_epi32(n, from, 4);
}
#endif

#if defined(__AVX2__)
INLAY_INLINE inline __m128i gather_words(int const* from, __m128i n) {
  return _mm_i32gather_epi32(from, n, 4);
}
INLAY_INLINE inline __m256i gather_words(int const* from, __m256i n) {
  return _mm256_i32gather_epi32(from, n, 4);
}
#endif
/// Which of the lanes of a batch are the first `count`: -1 there, 0 elsewhere.
template <class V> INLAY_INLINE inline auto first_lanes(std::int64_t count) {
  using integer = signed_like<typename V::element>;
  using integers = compiled<integer, V::room>;
  auto const order = []<integer... Lane>(std::integer_sequence<integer, Lane...>)
                         INLAY_INLINE_LAMBDA {
                           return integers{Lane...};
                         }(std::make_integer_sequence<integer, V::room>{});
  return __builtin_bit_cast(integers, order < static_cast<integer>(count));
}

}  // namespace xsimd_tools

/// Vectors of type `V`, of which some lanes are loaded or stored.
template <class V> struct xsimd_masked {
  using element = typename V::element;
#if defined(__AVX__)
  /// Whether instructions do without touching the memory of the others.
  static constexpr bool exists = sizeof(element) >= 4 && V::lanes == V::room;

  /// The first `count` elements, and zeros.
  INLAY_INLINE static V load(element const* from, std::int64_t count) {
    auto const* const numbers = reinterpret_cast<real const*>(from);
    return xsimd_tools::from_bits<V>(xsimd_tools::load_where(first(count), numbers));
  }
  INLAY_INLINE static void store(element* to, std::int64_t count, V const& x) {
    using batch_type = typename xsimd_tools::same_lanes<real, V>::batch_type;
    auto const y = __builtin_bit_cast(typename batch_type::register_type, x.batch.data);
    xsimd_tools::store_where(first(count), reinterpret_cast<real*>(to), y);
  }

 private:
  using real = std::conditional_t<sizeof(element) == 8, double, float>;
  INLAY_INLINE static auto first(std::int64_t count) {
    using integer = xsimd_tools::signed_like<element>;
    using batch_type = typename xsimd_tools::same_lanes<integer, V>::batch_type;
    return __builtin_bit_cast(typename batch_type::register_type,
                              xsimd_tools::first_lanes<V>(count));
  }
#else
  static constexpr bool exists = false;
#endif
};

/// Elements of `T` at indices of type `V`.
template <class T, class V> struct xsimd_gathered {
#if defined(__AVX2__)
  /// Whether one instruction reads them.
  static constexpr bool exists = sizeof(T) == 4 && V::lanes == V::room;

  INLAY_INLINE static auto load(T const* from, V const& n) {
    auto const* const words = reinterpret_cast<int const*>(from);
    using elements = xsimd_tools::same_lanes<T, V>;
    return xsimd_tools::from_bits<elements>(xsimd_tools::gather_words(words, n.batch.data));
  }
#else
  static constexpr bool exists = false;
#endif
};

INLAY_END_TARGET
