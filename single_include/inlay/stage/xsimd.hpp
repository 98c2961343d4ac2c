// What computes with the machine's vectors; beside it, xsimd.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Generated from include/ by tools/amalgamate.py; `python3 tools/amalgamate.py` writes it again.
#pragma once

#if !defined(INLAY_VERSION_MAJOR)
#include "../inlay.hpp"
#endif

// The stage that computes with vectors of the machine it is compiled for, through xsimd.

// First: it says what is missing.
// xsimd, as it is for the machine that this translation unit is compiled for.

#if !__has_include(<xsimd/xsimd.hpp>)
#error "inlay/stage/xsimd.hpp needs the headers of xsimd (Debian's libxsimd-dev)"
#endif
#include <xsimd/xsimd.hpp>

// What stages do whose machine has no fused multiply-add.

INLAY_BEGIN_TARGET

/// How `fma` is computed by a machine that has no such instruction: `exact` asks the C library,
/// lane by lane; `twice` rounds the product and the sum.
enum class rounding { exact, twice };

INLAY_END_TARGET

#if XSIMD_VERSION_MAJOR * 100 + XSIMD_VERSION_MINOR < 801
#error "inlay/stage/xsimd.hpp needs xsimd 8.1 or newer, and this one is older"
#endif
#if !defined(__SSE2__) && !defined(__aarch64__)
#error "inlay/stage/xsimd.hpp needs SSE2, AVX, AVX-512 or 64-bit NEON: the flags name none"
#endif

INLAY_BEGIN_TARGET

/// Tools of the xsimd stage. Compilers know vectors, too, which they convert and shuffle where
/// xsimd does not: `compiled` ones.
namespace xsimd_tools {

#if defined(__aarch64__)
using architecture = ::xsimd::neon64;
#else
using architecture = ::xsimd::default_arch;
#endif

/// The bytes of a vector.
inline constexpr int most_bytes = static_cast<int>(sizeof(::xsimd::batch<float, architecture>));
inline constexpr int least_bytes = 16;

/// Whether the machine multiplies and adds with one rounding.
#if defined(__FMA__) || defined(__aarch64__)
inline constexpr bool has_fused_multiply_add = true;
#else
inline constexpr bool has_fused_multiply_add = false;
#endif

template <class T, int Lanes> struct compiled_vector {
  typedef T type __attribute__((vector_size(sizeof(T) * Lanes)));
};
template <class T, int Lanes> using compiled = typename compiled_vector<T, Lanes>::type;

/// Signed or unsigned integers of as many bytes.
template <class T>
using signed_like = std::conditional_t<
    sizeof(T) == 1, std::int8_t,
    std::conditional_t<sizeof(T) == 2, std::int16_t,
                       std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>>>;
template <class T> using unsigned_like = std::make_unsigned_t<signed_like<T>>;

}  // namespace xsimd_tools

/// `Lanes` elements of `T`, as the first ones of a batch if 16 bytes are more than they need: what
/// the others are is of no account.
template <class T, int Lanes> struct xsimd_vector {
  using element = T;
  static constexpr int lanes = Lanes;
  /// How many elements the batch has.
  static constexpr int room = Lanes * static_cast<int>(sizeof(T)) < xsimd_tools::least_bytes
                                  ? xsimd_tools::least_bytes / static_cast<int>(sizeof(T))
                                  : Lanes;
  using batch_type =
      std::conditional_t<room * sizeof(T) == xsimd_tools::most_bytes,
                         ::xsimd::batch<T, xsimd_tools::architecture>,
                         ::xsimd::make_sized_batch_t<T, static_cast<std::size_t>(room)>>;
  using compiled = xsimd_tools::compiled<T, room>;
  using bits = xsimd_tools::compiled<xsimd_tools::unsigned_like<T>, room>;

  batch_type batch;
};

/// How many elements of `T` a vector holds.
template <class T>
inline constexpr int xsimd_width = xsimd_tools::most_bytes / static_cast<int>(sizeof(lane_of<T>));
template <class T, int Most>
inline constexpr int xsimd_width<narrow<T, Most>> = xsimd_width<T> < Most ? xsimd_width<T> : Most;

/// Which vector has `Lanes` elements of `T`.
template <class T, int Lanes = xsimd_width<T>> using xsimd_vec = xsimd_vector<lane_of<T>, Lanes>;

namespace xsimd_tools {

template <class To, class V> using same_lanes = xsimd_vector<To, V::lanes>;

/// The same element in each lane.
template <class V> INLAY_INLINE inline V set(typename V::element x) {
  return {typename V::batch_type(x)};
}
template <class V> INLAY_INLINE inline typename V::compiled compile(V const& x) {
  return __builtin_bit_cast(typename V::compiled, x.batch.data);
}
template <class V> INLAY_INLINE inline typename V::bits bits(V const& x) {
  return __builtin_bit_cast(typename V::bits, x.batch.data);
}
/// A vector from the bits of its batch.
template <class V, class Bits> INLAY_INLINE inline V from_bits(Bits const& x) {
  using register_type = typename V::batch_type::register_type;
  return {typename V::batch_type(__builtin_bit_cast(register_type, x))};
}

/// `Count` elements of two vectors behind each other: the one at `at(lane)` for each lane.
template <int Count, class V, class At>
INLAY_INLINE inline auto shuffle(V const& a, V const& b, At const&) {
  return [&]<int... Lane>(std::integer_sequence<int, Lane...>) INLAY_INLINE_LAMBDA {
    return __builtin_shufflevector(a, b, At{}(Lane)...);
  }(std::make_integer_sequence<int, Count>{});
}
/// The first `Count` of `Size` elements, or those and some more.
template <int Count, int Size, class V> INLAY_INLINE inline auto resize(V const& x) {
  if constexpr (Count == Size) return x;
  else return shuffle<Count>(x, x, [](int lane) { return lane < Size ? lane : -1; });
}
/// Elements as those of type `To`. Integers become smaller by halves, for which there are
/// instructions.
template <class To, class From, int Count, class V> INLAY_INLINE inline auto cast(V const& x) {
  if constexpr (std::is_integral_v<To> && std::is_integral_v<From> &&
                sizeof(To) < sizeof(From) / 2) {
    using half = std::conditional_t<sizeof(From) == 8, std::uint32_t, std::uint16_t>;
    auto const halved = __builtin_convertvector(x, compiled<half, Count>);
    return cast<To, half, Count>(halved);
  } else {
    return __builtin_convertvector(x, compiled<To, Count>);
  }
}
/// The same of a vector.
template <class To, class V> INLAY_INLINE inline auto convert(V const& x) {
  using W = same_lanes<To, V>;
  constexpr int count = V::room < W::room ? V::room : W::room;
  auto const converted = cast<To, typename V::element, count>(resize<count, V::room>(compile(x)));
  return from_bits<W>(resize<W::room, count>(converted));
}

template <class T, int Lanes> struct lane_array {
  alignas(64) T lane[Lanes];
};
template <class V> INLAY_INLINE inline auto in_memory(V const& x) {
  lane_array<typename V::element, V::room> copy;
  x.batch.store_aligned(copy.lane);
  return copy;
}
/// f of the elements of vectors, one lane after the other.
template <class To, class F, class First, class... Rest>
INLAY_INLINE inline auto by_lane(F const& f, First const& first, Rest const&... rest) {
  using W = same_lanes<To, First>;
  auto const apply = [&](auto const&... x) {
    lane_array<To, W::room> y{};
    for (int i = 0; i < First::lanes; ++i) y.lane[i] = f(x.lane[i]...);
    return W{W::batch_type::load_aligned(y.lane)};
  };
  return apply(in_memory(first), in_memory(rest)...);
}

}  // namespace xsimd_tools

INLAY_END_TARGET

// Its parts.
// Between the types of elements of xsimd's batches.

// Comparisons of xsimd's batches, what is chosen by them, and the bits of integers.

// Instructions that xsimd 8.1 has not, or not for all sizes of registers, or whose operands it
// takes in an order that depends on its version.

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

// Arithmetic on xsimd's batches.

INLAY_BEGIN_TARGET

/// All vectors of one call have as many elements, as many as a position of theirs.
template <rounding Rounding> struct xsimd_numbers {
  /// Whether one instruction rounds to whole numbers, which keep their sign.
#if defined(__SSE4_1__) || defined(__aarch64__)
  static constexpr bool has_whole_numbers = true;
#else
  static constexpr bool has_whole_numbers = false;
#endif
  /// Whether every result has the bits that the scalar stage computes.
  static constexpr bool same_bits =
      xsimd_tools::has_fused_multiply_add || Rounding == rounding::exact;

  template <class T, class Lane = T> INLAY_INLINE static auto splat(T x) {
    return xsimd_tools::set<xsimd_vec<T, xsimd_width<Lane>>>(static_cast<lane_of<T>>(x));
  }
  template <class V, class T> INLAY_INLINE static V splat_like(V const&, T x) {
    return xsimd_tools::set<V>(static_cast<typename V::element>(x));
  }
  template <class T, class Lane = T> INLAY_INLINE static auto splat_index(host::index i) {
    return xsimd_tools::set<xsimd_vec<T, xsimd_width<Lane>>>(static_cast<lane_of<T>>(i));
  }

  template <class V> INLAY_INLINE static V add(V const& a, V const& b) {
    return {a.batch + b.batch};
  }
  template <class V> INLAY_INLINE static V subtract(V const& a, V const& b) {
    return {a.batch - b.batch};
  }
  template <class V> INLAY_INLINE static V multiply(V const& a, V const& b) {
    using T = typename V::element;
    if constexpr (std::integral<T>) {
      // As the compiler's, since xsimd has no products of bytes and of 64 bits.
      return xsimd_tools::from_bits<V>(xsimd_tools::bits(a) * xsimd_tools::bits(b));
    } else {
      // GCC would fuse the product into an addition that follows. Adding -0 changes no product.
#if !defined(__clang__)
      if constexpr (xsimd_tools::has_fused_multiply_add) {
        return fma(a, b, xsimd_tools::set<V>(T{-0.0f}));
      }
#endif
      return {a.batch * b.batch};
    }
  }
  template <class V> INLAY_INLINE static V divide(V const& a, V const& b) {
    using T = typename V::element;
    if constexpr (std::integral<T>) {
      return xsimd_tools::by_lane<T>([](T x, T y) { return scalar::divide(x, y); }, a, b);
    } else {
      // The compiler's: of NEON, xsimd 8.1 multiplies by an estimate.
      return xsimd_tools::from_bits<V>(xsimd_tools::compile(a) / xsimd_tools::compile(b));
    }
  }
  template <class V> INLAY_INLINE static V sqrt(V const& x) { return {xsimd_tools::root(x.batch)}; }
  template <class V> INLAY_INLINE static V fma(V const& a, V const& b, V const& c) {
    using T = typename V::element;
    if constexpr (std::integral<T>) {
      auto const product = multiply(a, b);
      return add(product, c);
    } else {
#if defined(__FMA__) || defined(__aarch64__)
      return {xsimd_tools::fuse(a.batch.data, b.batch.data, c.batch.data)};
#else
      if constexpr (Rounding == rounding::twice) return {a.batch * b.batch + c.batch};
      else
        return xsimd_tools::by_lane<T>([](T x, T y, T z) { return scalar::fma(x, y, z); }, a, b, c);
#endif
    }
  }

  // Extremes of integers and their absolute values are the compiler's: xsimd 8.1 has none of 64
  // bytes that compile.
  template <class V> INLAY_INLINE static V max(V const& a, V const& b) {
    if constexpr (std::integral<typename V::element>) {
      auto const x = xsimd_tools::compile(a);
      auto const y = xsimd_tools::compile(b);
      return xsimd_tools::from_bits<V>(x > y ? x : y);
    } else {
      return unless_number(a, V{xsimd_tools::larger(a.batch.data, b.batch.data)});
    }
  }
  template <class V> INLAY_INLINE static V min(V const& a, V const& b) {
    if constexpr (std::integral<typename V::element>) {
      auto const x = xsimd_tools::compile(a);
      auto const y = xsimd_tools::compile(b);
      return xsimd_tools::from_bits<V>(x < y ? x : y);
    } else {
      return unless_number(a, V{xsimd_tools::smaller(a.batch.data, b.batch.data)});
    }
  }
  template <class V> INLAY_INLINE static V abs(V const& x) {
    using T = typename V::element;
    if constexpr (std::unsigned_integral<T>) return x;
    else if constexpr (std::integral<T>) return max(x, negate(x));
    else return {::xsimd::abs(x.batch)};
  }
  template <class V> INLAY_INLINE static V negate(V const& x) {
    if constexpr (std::integral<typename V::element>) {
      return subtract(xsimd_tools::set<V>(0), x);
    } else {
      // Not xsimd's, which takes a number from 0 for AVX-512, so that a zero keeps its sign.
      return xsimd_tools::from_bits<V>(-xsimd_tools::compile(x));
    }
  }

  template <class V> INLAY_INLINE static V copy_sign(V const& x, V const& sign) {
    using T = xsimd_tools::unsigned_like<typename V::element>;
    constexpr T first = T{1} << (8 * sizeof(T) - 1);
    return xsimd_tools::from_bits<V>((xsimd_tools::bits(x) & (first - 1)) |
                                     (xsimd_tools::bits(sign) & first));
  }
  template <class V> INLAY_INLINE static V nearest(V const& x) {
    using T = typename V::element;
    if constexpr (has_whole_numbers) return {xsimd_tools::nearest(x.batch)};
    else return xsimd_tools::by_lane<T>([](T y) { return scalar::nearest(y); }, x);
  }
  template <class V> INLAY_INLINE static V floor(V const& x) {
    using T = typename V::element;
    if constexpr (has_whole_numbers) return {xsimd_tools::floor(x.batch)};
    else return xsimd_tools::by_lane<T>([](T y) { return scalar::floor(y); }, x);
  }
  template <class V> INLAY_INLINE static V ceil(V const& x) {
    using T = typename V::element;
    if constexpr (has_whole_numbers) return {xsimd_tools::ceil(x.batch)};
    else return xsimd_tools::by_lane<T>([](T y) { return scalar::ceil(y); }, x);
  }

  /// n / 2, rounded down.
  template <class V> INLAY_INLINE static V half(V const& n) {
    return xsimd_tools::from_bits<V>(xsimd_tools::compile(n) >> 1);
  }
  /// The n with 2^n ≤ |x| < 2^(n+1); of 0 one below that of every other number, of what is not
  /// finite one above.
  template <class V> INLAY_INLINE static auto exponent(V const& x) {
    using T = typename V::element;
    constexpr T least = sizeof(T) == 4 ? T{0x1p-126f} : T{0x1p-1022};
    constexpr T scale = sizeof(T) == 4 ? T{0x1p24f} : T{0x1p54};
    constexpr int digits = sizeof(T) == 4 ? 23 : 52;
    using integers = xsimd_tools::same_lanes<xsimd_tools::signed_like<T>, V>;
    constexpr xsimd_tools::unsigned_like<T> bias = sizeof(T) == 4 ? 127 : 1023;
    constexpr xsimd_tools::unsigned_like<T> tiny_bias = sizeof(T) == 4 ? 127 + 24 : 1023 + 54;
    auto const magnitude = xsimd_tools::compile(abs(x));
    auto const is_tiny = magnitude < least;
    auto const scaled = is_tiny ? magnitude * scale : magnitude;
    auto const field = __builtin_bit_cast(typename V::bits, scaled) >> digits;
    auto const tiny = __builtin_bit_cast(typename V::bits, is_tiny) & (tiny_bias - bias);
    return xsimd_tools::convert<std::int32_t>(
        xsimd_tools::from_bits<integers>(field - bias - tiny));
  }
  /// 2^n, for exponents of normal numbers.
  template <std::floating_point T, class V> INLAY_INLINE static auto power_of_two(V const& n) {
    using integer = xsimd_tools::signed_like<T>;
    constexpr integer bias = sizeof(T) == 4 ? 127 : 1023;
    constexpr int digits = sizeof(T) == 4 ? 23 : 52;
    auto const wide = xsimd_tools::compile(xsimd_tools::convert<integer>(n));
    return xsimd_tools::from_bits<xsimd_tools::same_lanes<T, V>>((wide + bias) << digits);
  }

 private:
  /// a where it is not a number, else b.
  template <class V> INLAY_INLINE static V unless_number(V const& a, V const& b) {
    auto const x = xsimd_tools::compile(a);
    return xsimd_tools::from_bits<V>(x != x ? x : xsimd_tools::compile(b));
  }
};

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// What instructions do not exist for everywhere is computed by the scalar stage, lane by lane.
template <rounding Rounding> struct xsimd_conversions : xsimd_bits, xsimd_numbers<Rounding> {
  /// The nearest integer, halves to even. |x| must be below 2^22, or 2^31 for doubles.
  template <class V> INLAY_INLINE static auto round_to_integer(V const& x) {
    using T = typename V::element;
    using integers = xsimd_tools::same_lanes<std::int32_t, V>;
    // As in the scalar stage: the addition itself rounds.
    if constexpr (std::same_as<T, float>) {
      auto const magic = xsimd_tools::set<V>(0x1.8p23f);
      auto const shifted = xsimd_tools::bits(numbers::add(x, magic));
      return xsimd_tools::from_bits<integers>(shifted - xsimd_tools::bits(magic));
    } else {
      auto const magic = xsimd_tools::set<V>(0x1.8p52);
      auto const shifted = numbers::add(x, magic);
      return xsimd_tools::convert<std::int32_t>(numbers::subtract(shifted, magic));
    }
  }

  /// To another type of element.
  template <class To, class V> INLAY_INLINE static auto convert(V const& x) {
    using From = typename V::element;
    if constexpr (std::same_as<To, bool>) {
      return to_bools(is_true(x));
    } else if constexpr (std::same_as<To, From>) {
      return x;
    } else if constexpr (std::integral<To> && std::integral<From>) {
      return xsimd_tools::convert<To>(x);
    } else if constexpr (std::floating_point<To> && std::integral<From>) {
      return to_real<To>(x);
    } else if constexpr (std::floating_point<To>) {
      return xsimd_tools::convert<To>(x);
    } else if constexpr (std::same_as<From, float> && std::same_as<To, std::int32_t>) {
      // 2^31 is no integer: it is converted as the float below it, and then is the integer below.
      auto const least = xsimd_tools::set<V>(-0x1p31f);
      auto const most = xsimd_tools::set<V>(0x1.fffffep30f);
      auto const near = numbers::min(numbers::max(number_or_zero(x), least), most);
      auto const whole = xsimd_tools::convert<To>(near);
      auto const last = xsimd_tools::set<xsimd_tools::same_lanes<To, V>>(largest_value<To>());
      return select(less(most, x), last, whole);
    } else if constexpr (std::same_as<From, float> && sizeof(To) < 4) {
      auto const whole = xsimd_tools::convert<std::int32_t>(within<To>(number_or_zero(x)));
      return xsimd_tools::convert<To>(whole);
    } else {
      return xsimd_tools::by_lane<To>([](From y) { return scalar::convert<To>(y); }, x);
    }
  }

  /// To the nearest integer that there is, halves to even.
  template <std::integral To, class V> INLAY_INLINE static auto round(V const& x) {
    return convert<To>(numbers::nearest(x));
  }

  /// An integer of 32 bits as the nearest one that there is.
  template <std::integral To, class V> INLAY_INLINE static auto saturate(V const& n) {
    static_assert(std::same_as<typename V::element, std::int32_t> && sizeof(To) < 4);
    return xsimd_tools::convert<To>(within<To>(n));
  }

 private:
  using numbers = xsimd_numbers<Rounding>;

  template <class V> INLAY_INLINE static V number_or_zero(V const& x) {
    return select(is_nan(x), xsimd_tools::set<V>(0), x);
  }
  /// The nearest number that an integer of less than 32 bits can be near to.
  template <class To, class V> INLAY_INLINE static V within(V const& x) {
    using From = typename V::element;
    auto const least = xsimd_tools::set<V>(static_cast<From>(least_value<To>()));
    auto const most = xsimd_tools::set<V>(static_cast<From>(largest_value<To>()));
    return numbers::min(numbers::max(x, least), most);
  }
  template <class To, class V> INLAY_INLINE static auto to_real(V const& n) {
    using From = typename V::element;
    if constexpr (sizeof(From) < 4) {
      return to_real<To>(xsimd_tools::convert<std::int32_t>(n));
    } else if constexpr (sizeof(From) == sizeof(To) ||
                         (std::same_as<From, std::int32_t> && sizeof(To) == 8)) {
      return xsimd_tools::convert<To>(n);
    } else {
      // Rounded once: a double between would round twice.
      return xsimd_tools::by_lane<To>([](From y) { return scalar::convert<To>(y); }, n);
    }
  }
};

INLAY_END_TARGET

// Sums of four products of bytes.

#include <cstring>

// Loops along the lanes of xsimd's batches.

// Loops along the lanes of a machine's vectors.

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

// Loads and stores of xsimd's batches.

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

INLAY_BEGIN_TARGET

struct xsimd_reduction : xsimd_memory {
  template <class T> static constexpr int width = xsimd_width<T>;
  template <class T, int Lanes> using vec = xsimd_vec<T, Lanes>;

  template <class T, int Lanes> INLAY_INLINE static auto set(lane_of<T> x) {
    return xsimd_tools::set<vec<T, Lanes>>(x);
  }
  template <class T, int Lanes, class V>
  INLAY_INLINE static V choose(index count, V const& a, V const& b) {
    auto const is_first = xsimd_tools::first_lanes<V>(count);
    return xsimd_tools::from_bits<V>(is_first ? xsimd_tools::compile(a) : xsimd_tools::compile(b));
  }
  template <class T, int Lanes, class V, class Combine>
  INLAY_INLINE static auto combine_all(V const& x, Combine const& combine) {
    return xsimd_tools::set<xsimd_vec<T>>(combine_lanes(x, combine));
  }

 private:
  /// What the upper lanes hold is of no account.
  template <class V, class Combine>
  INLAY_INLINE static auto combine_lanes(V const& x, [[maybe_unused]] Combine const& combine) {
    auto const all = xsimd_tools::compile(x);
    if constexpr (V::lanes == 1) {
      return all[0];
    } else {
      using half = xsimd_vector<typename V::element, V::lanes / 2>;
      auto const lower = xsimd_tools::shuffle<half::room>(
          all, all, [](int lane) { return lane < half::lanes ? lane : -1; });
      auto const upper = xsimd_tools::shuffle<half::room>(
          all, all, [](int lane) { return lane < half::lanes ? lane + half::lanes : -1; });
      return combine_lanes(
          combine(xsimd_tools::from_bits<half>(lower), xsimd_tools::from_bits<half>(upper)),
          combine);
    }
  }
};

using xsimd_control = vector_control<xsimd_reduction>;

INLAY_END_TARGET

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

// Blocks of rows that become columns, by shuffles of xsimd's batches.

INLAY_BEGIN_TARGET

struct xsimd_transpose {
 private:
  // Sixteen bits are moved as they are.
  template <class T>
  using moved = std::conditional_t<sixteen_bit_float<T>, std::uint16_t, lane_of<T>>;

 public:
  /// How many rows and columns `transpose_block` takes: as many rows as a vector has elements, and
  /// as many columns as 16 bytes have, which is as far as shuffles reach.
  template <class T> static constexpr int block_rows = xsimd_width<moved<T>>;
  template <class T>
  static constexpr int block_columns = xsimd_tools::least_bytes / static_cast<int>(sizeof(T));

  /// y[j + c, i + r] = x[i + r, j + c] for all r and c of a block. Rows are contiguous.
  template <class T>
  INLAY_INLINE static void transpose_block(tensor<T const> const& x, tensor<T> const& y,
                                           std::int64_t i, std::int64_t j) {
    auto const* from = reinterpret_cast<moved<T> const*>(x.data + (i * x.strides[0] + j));
    auto* to = reinterpret_cast<moved<T>*>(y.data + (j * y.strides[0] + i));
    transpose_vectors(from, x.strides[0], to, y.strides[0]);
  }

 private:
  template <class T>
  INLAY_INLINE static void transpose_vectors(T const* from, std::int64_t from_stride, T* to,
                                             std::int64_t to_stride) {
    constexpr int n = block_columns<T>;
    constexpr int width = block_rows<T>;
    xsimd_tools::compiled<T, width> rows[n];
    _Pragma("GCC unroll 16") for (int r = 0; r < n; ++r) {
      rows[r] = load_blocks<width>(from + r * from_stride, n * from_stride);
    }
    // Each round spreads the rows over twice as many lanes.
    _Pragma("GCC unroll 4") for (int round = 1; round < n; round *= 2) {
      xsimd_tools::compiled<T, width> spread[n];
      _Pragma("GCC unroll 8") for (int r = 0; r < n / 2; ++r) {
        spread[2 * r] = interleave<0, width>(rows[r], rows[r + n / 2]);
        spread[2 * r + 1] = interleave<n / 2, width>(rows[r], rows[r + n / 2]);
      }
      _Pragma("GCC unroll 16") for (int r = 0; r < n; ++r) rows[r] = spread[r];
    }
    _Pragma("GCC unroll 16") for (int r = 0; r < n; ++r) {
      auto const row = xsimd_tools::from_bits<xsimd_vec<T>>(rows[r]);
      row.batch.store_unaligned(to + r * to_stride);
    }
  }
  /// In turns from two vectors, half of the elements of each 16 bytes: those from `First` on.
  template <int First, int Width, class Compiled>
  INLAY_INLINE static auto interleave(Compiled const& a, Compiled const& b) {
    constexpr int n = xsimd_tools::least_bytes / static_cast<int>(sizeof(a[0]));
    return xsimd_tools::shuffle<Width>(a, b, [](int lane) {
      return (lane % 2 == 0 ? 0 : Width) + lane / n * n + First + lane % n / 2;
    });
  }
  /// 16 bytes from each of the rows `stride` apart.
  template <int Width, class T>
  INLAY_INLINE static auto load_blocks(T const* from, std::int64_t stride) {
    if constexpr (Width * sizeof(T) == xsimd_tools::least_bytes) {
      xsimd_tools::compiled<T, Width> block;
      std::memcpy(&block, from, sizeof block);
      return block;
    } else {
      constexpr std::int64_t rows = Width * sizeof(T) / (2 * xsimd_tools::least_bytes);
      auto const low = load_blocks<Width / 2>(from, stride);
      auto const high = load_blocks<Width / 2>(from + rows * stride, stride);
      return xsimd_tools::shuffle<Width>(low, high, [](int lane) { return lane; });
    }
  }
};

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// Vectors are as long as those of the best architecture of xsimd that the compiler's flags name.
template <rounding Rounding>
struct xsimd_stage : xsimd_products, xsimd_conversions<Rounding>, xsimd_transpose {
  template <class T> using vec = xsimd_vec<T>;
  /// How many vectors the machine holds.
#if defined(__AVX512F__) || defined(__aarch64__)
  static constexpr int registers = 32;
#else
  static constexpr int registers = 16;
#endif
};

/// As fast as the machine is; `same_bits` says whether that changes a bit. Beside `using namespace
/// inlay` the library's own namespace is `::xsimd`.
using xsimd = xsimd_stage<rounding::twice>;
/// The bits of the scalar stage on every machine.
using exact_xsimd = xsimd_stage<rounding::exact>;

static_assert(stage<xsimd>);

INLAY_END_TARGET
