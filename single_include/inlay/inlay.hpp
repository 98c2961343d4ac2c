// Inlay in one file: networks that are constants, and the reader of ONNX.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Generated from include/ by tools/amalgamate.py; `python3 tools/amalgamate.py` writes it again.
#pragma once

// What every program with a network inside includes. Where the network comes from is included with
// it: a header that inlay_embed writes brings the reader of ONNX files.

// Views of tensors in somebody else's memory.

#include <cstddef>
#include <cstdint>
#include <type_traits>

// The version, the namespaces and the few attributes that depend on the compiler.

#define INLAY_VERSION_MAJOR 0
#define INLAY_VERSION_MINOR 1
#define INLAY_VERSION_PATCH 0

/// Everything lives in `namespace inlay::inline INLAY_VERSION`, so that two versions in one program
/// do not share symbols. A translation unit that shares nothing with others, since it is compiled
/// for another machine than they are, has a name of its own.
///
/// INLAY_USER_OPERATORS, where it is defined, is the name of a program's own operators: those of
/// `my_operators` are in `my_operators.hpp`, which the compiler finds as it finds other headers.
/// With other operators a graph means something else, so the namespace has that name behind it.
#define INLAY_JOIN_NAMES(a, b) INLAY_JOIN_EXPANDED(a, b)
#define INLAY_JOIN_EXPANDED(a, b) a##_##b
#define INLAY_HEADER(name) INLAY_QUOTE(name.hpp)
#define INLAY_QUOTE(text) #text
#if defined(INLAY_USER_OPERATORS)
#define INLAY_OPERATOR_LIST INLAY_USER_OPERATORS
#else
#define INLAY_OPERATOR_LIST library_operators
#endif
#if !defined(INLAY_VERSION) && !defined(INLAY_USER_OPERATORS)
#define INLAY_VERSION v0_1
#elif !defined(INLAY_VERSION)
#define INLAY_VERSION INLAY_JOIN_NAMES(v0_1, INLAY_USER_OPERATORS)
#endif

/// Kernels and executors live one namespace deeper, named after the instruction set that the
/// translation unit is compiled for. Without it the linker would keep one of two inline functions
/// compiled with different flags, and the program would crash on the older machine.
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define INLAY_TARGET_SET x86_64_v4
#elif defined(__AVX512F__)
#define INLAY_TARGET_SET x86_64_avx512f
#elif defined(__AVX2__) && defined(__BMI2__) && defined(__F16C__)
#define INLAY_TARGET_SET x86_64_v3
#elif defined(__AVX2__)
#define INLAY_TARGET_SET x86_64_avx2
#elif defined(__AVX__)
#define INLAY_TARGET_SET x86_64_avx
#elif defined(__SSE4_2__)
#define INLAY_TARGET_SET x86_64_v2
#elif defined(__x86_64__)
#define INLAY_TARGET_SET x86_64
#elif defined(__ARM_FEATURE_SVE)
#define INLAY_TARGET_SET aarch64_sve
#elif defined(__aarch64__)
#define INLAY_TARGET_SET aarch64
#else
#define INLAY_TARGET_SET generic
#endif

#if defined(__FMA__) || defined(__FP_FAST_FMAF)
#define INLAY_TARGET_FMA fused
#else
#define INLAY_TARGET_FMA emulated
#endif

#define INLAY_BEGIN_TARGET                \
  namespace inlay::inline INLAY_VERSION { \
  inline namespace INLAY_TARGET_SET {     \
  inline namespace INLAY_TARGET_FMA {
#define INLAY_END_TARGET \
  }                      \
  }                      \
  }

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define INLAY_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#define INLAY_SANITIZED 1
#endif
#endif

/// On a stage's functions: a kernel is fast only if every one of them is inlined. Empty where it
/// would only cost compile time, as it does where INLAY_WITHOUT_INLINING is defined before all
/// headers: in a source whose only kernels are scalar ones. The second one stands behind the
/// parameters of a lambda, where C++20 has no place for the first.
#if defined(__OPTIMIZE__) && !defined(INLAY_SANITIZED) && !defined(INLAY_WITHOUT_INLINING)
#define INLAY_INLINE [[gnu::always_inline]]
#define INLAY_INLINE_LAMBDA __attribute__((always_inline))
#else
#define INLAY_INLINE
#define INLAY_INLINE_LAMBDA
#endif

/// In front of a function that calls code which no C++ compiler made: Clang's sanitizer of
/// undefined behaviour would look in front of that for what its type is.
#if defined(__clang__)
#define INLAY_CALLS_CODE __attribute__((no_sanitize("function")))
#else
#define INLAY_CALLS_CODE
#endif

/// In front of a function that kernels are inlined into. Where windows overlap, GCC would keep the
/// elements of one round for the next ones, in registers that there are not.
#if defined(__OPTIMIZE__) && defined(__GNUC__) && !defined(__clang__)
#define INLAY_KERNEL __attribute__((optimize("no-predictive-commoning")))
#else
#define INLAY_KERNEL
#endif

// The element types of tensors: every one that ONNX has, with ONNX's numbers.

// Characters in somebody else's memory.

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Containers of characters: std::string, std::string_view, inlay::vector<char>.
template <class T>
concept has_characters = requires(T const& t, char const* characters) {
  typename T::value_type;
  characters = t.data();
  t.size();
};

/// std::string_view, without its header.
template <class T>
concept is_std_string_view = has_characters<T> && requires(T t) {
  typename T::traits_type;
  t.remove_prefix(1);
};

}  // namespace detail

/// What std::string_view is, and converted from and to it, in a tenth of the time that its header
/// takes to include, and with comparisons that take few steps of constant evaluation.
class string_view {
 public:
  using value_type = char;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  constexpr string_view() = default;
  constexpr string_view(char const* characters, std::size_t size)
      : data_(characters), size_(size) {}
  /// Up to the first zero.
  constexpr string_view(char const* text) : data_(text), size_(__builtin_strlen(text)) {}
  template <detail::has_characters Text>
  constexpr string_view(Text const& text) : data_(text.data()), size_(text.size()) {}
  template <detail::is_std_string_view View> constexpr operator View() const {
    return View(data_, size_);
  }

  constexpr char const* data() const { return data_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr char const* begin() const { return data_; }
  constexpr char const* end() const { return data_ + size_; }
  constexpr char operator[](std::size_t i) const { return data_[i]; }
  constexpr char front() const { return data_[0]; }
  constexpr char back() const { return data_[size_ - 1]; }

  constexpr void remove_prefix(std::size_t count) {
    data_ += count;
    size_ -= count;
  }
  constexpr void remove_suffix(std::size_t count) { size_ -= count; }
  /// At most `count` characters from the one at `from`, which is at most size().
  constexpr string_view substr(std::size_t from, std::size_t count = npos) const {
    auto const rest = size_ - from;
    return {data_ + from, count < rest ? count : rest};
  }
  /// Where `character` stands first, or npos.
  constexpr std::size_t find(char character) const {
    for (std::size_t i = 0; i < size_; ++i) {
      if (data_[i] == character) return i;
    }
    return npos;
  }
  constexpr bool starts_with(string_view text) const {
    return size_ >= text.size_ && is_equal(data_, text.data_, text.size_);
  }

  friend constexpr bool operator==(string_view a, string_view b) {
    return a.size_ == b.size_ && is_equal(a.data_, b.data_, a.size_);
  }
  template <detail::has_characters Text>
  friend constexpr bool operator==(string_view a, Text const& b) {
    return a == string_view(b.data(), b.size());
  }

  /// To a std::ostream.
  template <class Stream>
    requires requires { typename Stream::traits_type; }
  friend Stream& operator<<(Stream& stream, string_view text) {
    stream.write(text.data_, static_cast<std::ptrdiff_t>(text.size_));
    return stream;
  }

 private:
  // Clang has a built-in function that counts as one step, and GCC is quickest with a plain loop.
  static constexpr bool is_equal(char const* a, char const* b, std::size_t size) {
#if defined(__clang__)
    return __builtin_memcmp(a, b, size) == 0;
#else
    for (auto const* const end = a + size; a != end; ++a, ++b) {
      if (*a != *b) return false;
    }
    return true;
#endif
  }

  char const* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// The type of a tensor's elements. The values are those of ONNX's TensorProto.DataType.
enum class element_type : std::uint8_t {
  undefined = 0,
  float32 = 1,
  uint8 = 2,
  int8 = 3,
  uint16 = 4,
  int16 = 5,
  int32 = 6,
  int64 = 7,
  string = 8,
  boolean = 9,
  float16 = 10,
  float64 = 11,
  uint32 = 12,
  uint64 = 13,
  complex64 = 14,
  complex128 = 15,
  bfloat16 = 16,
  float8e4m3fn = 17,
  float8e4m3fnuz = 18,
  float8e5m2 = 19,
  float8e5m2fnuz = 20,
  uint4 = 21,
  int4 = 22,
  float4e2m1 = 23,
  float8e8m0 = 24,
  uint2 = 25,
  int2 = 26,
  float6e2m3 = 27,
  float6e3m2 = 28,
};

inline constexpr int element_type_count = 29;

struct element_traits {
  string_view name;
  int bits;  // of one element; 0 where the size is not fixed
};

/// Indexed by the enumerators' values.
inline constexpr element_traits element_table[element_type_count] = {
    {"undefined", 0},      {"float32", 32},     {"uint8", 8},          {"int8", 8},
    {"uint16", 16},        {"int16", 16},       {"int32", 32},         {"int64", 64},
    {"string", 0},         {"bool", 8},         {"float16", 16},       {"float64", 64},
    {"uint32", 32},        {"uint64", 64},      {"complex64", 64},     {"complex128", 128},
    {"bfloat16", 16},      {"float8e4m3fn", 8}, {"float8e4m3fnuz", 8}, {"float8e5m2", 8},
    {"float8e5m2fnuz", 8}, {"uint4", 4},        {"int4", 4},           {"float4e2m1", 4},
    {"float8e8m0", 8},     {"uint2", 2},        {"int2", 2},           {"float6e2m3", 6},
    {"float6e3m2", 6},
};

constexpr string_view name_of(element_type e) {
  return element_table[static_cast<std::size_t>(e)].name;
}

/// Bits of one element; 0 for `undefined` and `string`.
constexpr int bits_of(element_type e) { return element_table[static_cast<std::size_t>(e)].bits; }

/// Bytes of `count` elements, packed as ONNX packs those smaller than a byte.
constexpr std::int64_t bytes_of(element_type e, std::int64_t count) {
  auto const bits = static_cast<std::int64_t>(bits_of(e));
  return bits % 8 == 0 ? count * (bits / 8) : (count * bits + 7) / 8;
}

/// The element type of a C++ type; `undefined` for the types that have none.
template <class T> inline constexpr element_type element_of = element_type::undefined;
template <class T> inline constexpr element_type element_of<T const> = element_of<T>;
template <> inline constexpr element_type element_of<float> = element_type::float32;
template <> inline constexpr element_type element_of<double> = element_type::float64;
template <> inline constexpr element_type element_of<std::int8_t> = element_type::int8;
template <> inline constexpr element_type element_of<std::int16_t> = element_type::int16;
template <> inline constexpr element_type element_of<std::int32_t> = element_type::int32;
template <> inline constexpr element_type element_of<std::int64_t> = element_type::int64;
template <> inline constexpr element_type element_of<std::uint8_t> = element_type::uint8;
template <> inline constexpr element_type element_of<std::uint16_t> = element_type::uint16;
template <> inline constexpr element_type element_of<std::uint32_t> = element_type::uint32;
template <> inline constexpr element_type element_of<std::uint64_t> = element_type::uint64;
template <> inline constexpr element_type element_of<bool> = element_type::boolean;

/// A list of C++ element types, in the order in which pools and tables hold them.
template <class... T> struct type_list {
  static constexpr std::size_t size = sizeof...(T);
};

/// The element types that a program stores and computes with.
using stored_types = type_list<float, double, std::int8_t, std::int16_t, std::int32_t, std::int64_t,
                               std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t, bool>;

namespace detail {
template <class T> struct type_tag {
  using type = T;
};
template <element_type E, class List> struct find_type;
template <element_type E, class First, class... Rest>
struct find_type<E, type_list<First, Rest...>>
    : std::conditional_t<element_of<First> == E, type_tag<First>,
                         find_type<E, type_list<Rest...>>> {};
template <element_type E> struct find_type<E, type_list<>> {};
}  // namespace detail

/// The C++ type of an element type that has one.
template <element_type E> using stored_type = typename detail::find_type<E, stored_types>::type;

/// Whether `e` is the element type of one of the list's C++ types.
template <class... T> constexpr bool contains(type_list<T...>, element_type e) {
  // As numbers: each comparison of enumerators costs Clang a search for operators.
  auto const number = static_cast<int>(e);
  return ((number == static_cast<int>(element_of<T>)) || ...);
}

/// Calls `visit` with an element of the type of the list that `e` stands for, if there is one.
template <class... T, class Visit>
constexpr void with_type(element_type e, type_list<T...>, Visit&& visit) {
  static_cast<void>(((e == element_of<T> && (visit(T{}), true)) || ...));
}

}  // namespace inlay::inline INLAY_VERSION

// Shapes and strides: small arrays of extents, outermost first.

#include <initializer_list>

// Arithmetic on counts from files: an overflow is seen, never wrapped.

namespace inlay::inline INLAY_VERSION {

/// `into = a * b`; false, and `into` unspecified, when the product does not fit.
[[nodiscard]] constexpr bool checked_multiply(std::int64_t a, std::int64_t b, std::int64_t& into) {
  return !__builtin_mul_overflow(a, b, &into);
}

/// `into = a + b`; false, and `into` unspecified, when the sum does not fit.
[[nodiscard]] constexpr bool checked_add(std::int64_t a, std::int64_t b, std::int64_t& into) {
  return !__builtin_add_overflow(a, b, &into);
}

/// a · b for counts that only inform: the largest number where it does not fit.
constexpr std::int64_t saturating_multiply(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  return checked_multiply(a, b, product) ? product : INT64_MAX;
}

/// a + b likewise.
constexpr std::int64_t saturating_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return checked_add(a, b, sum) ? sum : INT64_MAX;
}

/// `a` / `b` rounded up, or 0 where `a` is negative.   divide_up(65, 64) → 2
INLAY_INLINE constexpr std::int64_t divide_up(std::int64_t a, std::int64_t b) {
  return a <= 0 ? 0 : (a + b - 1) / b;
}

/// `a` rounded up to a multiple of `b`.   round_up(65, 64) → 128
INLAY_INLINE constexpr std::int64_t round_up(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b * b;
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// The most axes that a tensor can have.
inline constexpr int max_rank = 8;

/// At most `max_rank` numbers, one an axis, outermost first: a tensor's extents or its strides.
/// An extent below zero stands for a dimension whose value is not known yet: symbol `-1 - extent`
/// of the graph.
struct shape {
  std::int64_t extents[max_rank]{};
  std::uint8_t rank = 0;

  INLAY_INLINE constexpr shape() = default;
  // At most `max_rank`. Without a loop: compilers see at once what constants become of constants.
  INLAY_INLINE constexpr shape(std::initializer_list<std::int64_t> list)
      : rank(static_cast<std::uint8_t>(list.size())) {
    auto const* const from = list.begin();
    switch (rank) {
      case 8: extents[7] = from[7]; [[fallthrough]];
      case 7: extents[6] = from[6]; [[fallthrough]];
      case 6: extents[5] = from[5]; [[fallthrough]];
      case 5: extents[4] = from[4]; [[fallthrough]];
      case 4: extents[3] = from[3]; [[fallthrough]];
      case 3: extents[2] = from[2]; [[fallthrough]];
      case 2: extents[1] = from[1]; [[fallthrough]];
      case 1: extents[0] = from[0]; [[fallthrough]];
      case 0: break;
      default: __builtin_unreachable();
    }
  }

  constexpr int size() const { return rank; }
  constexpr std::int64_t& operator[](int axis) { return extents[axis]; }
  constexpr std::int64_t operator[](int axis) const { return extents[axis]; }
  constexpr std::int64_t const* begin() const { return extents; }
  constexpr std::int64_t const* end() const { return extents + rank; }
  constexpr std::int64_t back() const { return extents[rank - 1]; }

  /// Adds an innermost axis. There must be room: `size() < max_rank`.
  INLAY_INLINE constexpr void push_back(std::int64_t extent) { extents[rank++] = extent; }

  // Without a loop: constant evaluation counts statements. Extents behind the last axis are 0.
  friend constexpr bool operator==(shape const& a, shape const& b) {
    auto const& x = a.extents;
    auto const& y = b.extents;
    return a.rank == b.rank && x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3] &&
           x[4] == y[4] && x[5] == y[5] && x[6] == y[6] && x[7] == y[7];
  }
};

/// The product of the extents [first, last) into `count`; false when one has no value, or when a
/// product on the way passes 2^63.
[[nodiscard]] constexpr bool count_elements(shape const& s, int first, int last,
                                            std::int64_t& count) {
  count = 1;
  for (int i = first; i < last; ++i) {
    if (s[i] < 0 || !checked_multiply(count, s[i], count)) return false;
  }
  return true;
}

/// Whether a tensor of this shape can be: the product of its extents, without those of 0, is at
/// most 2^42. Then no size and no stride of it overflows.
constexpr bool is_in_memory(shape const& s) {
  std::int64_t count = 1;
  for (auto const extent : s) {
    if (extent < 0) return false;
    if (extent != 0 && !checked_multiply(count, extent, count)) return false;
  }
  return count <= std::int64_t{1} << 42;
}

/// Whether an extent has no value, in one expression.
constexpr bool has_symbol(shape const& s) {
  auto const& x = s.extents;
  return (x[0] | x[1] | x[2] | x[3] | x[4] | x[5] | x[6] | x[7]) < 0;
}

/// The number of elements of a verified shape: every extent is known, and every product of the
/// first so many fits. Without a loop, as shapes are made.
constexpr std::int64_t elements_of(shape const& s) {
  auto const& x = s.extents;
  std::int64_t count = 1;
  if (s.rank > 0) count *= x[0];
  if (s.rank > 1) count *= x[1];
  if (s.rank > 2) count *= x[2];
  if (s.rank > 3) count *= x[3];
  if (s.rank > 4) count *= x[4];
  if (s.rank > 5) count *= x[5];
  if (s.rank > 6) count *= x[6];
  if (s.rank > 7) count *= x[7];
  return count;
}

/// The strides of a tensor without gaps, in elements.   {2, 3, 4} → {12, 4, 1}
constexpr shape contiguous_strides(shape const& s) {
  shape strides = s;
  std::int64_t step = 1;
  for (int i = s.size() - 1; i >= 0; --i) {
    strides[i] = step;
    step *= s[i];
  }
  return strides;
}

/// The strides of images [n, c, h, w] without gaps, the channels of a pixel next to each other.
///   {2, 3, 4, 5} → {60, 1, 15, 3}
constexpr shape channels_last_strides(shape const& s) {
  return {s[1] * s[2] * s[3], 1, s[1] * s[3], s[1]};
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

namespace detail {
template <class T> struct flatten_array {
  using element = T;
  static constexpr std::size_t count = 1;
};
template <class T, std::size_t N> struct flatten_array<T[N]> {
  using element = typename flatten_array<T>::element;
  static constexpr std::size_t count = N * flatten_array<T>::count;
};
}  // namespace detail

/// `T`s in row-major order, whose extents are part of the type: `view<float const, 1, 28, 28>`.
template <class T, std::int64_t... Extents> class view {
 public:
  using element = T;
  static constexpr int rank = sizeof...(Extents);
  static constexpr std::int64_t size() { return (Extents * ... * 1); }
  static constexpr inlay::shape shape() { return {Extents...}; }
  static_assert(rank <= max_rank && size() >= 0);

  /// Of no tensor.
  constexpr view() = default;
  constexpr explicit view(T* data) : data_(data) {}
  template <class U>
    requires(std::is_convertible_v<U (*)[], T (*)[]>)
  constexpr view(view<U, Extents...> other) : data_(other.data()) {}

  constexpr T* data() const { return data_; }
  constexpr T* begin() const { return data_; }
  constexpr T* end() const { return data_ + size(); }
  /// The element at a flat index.
  constexpr T& operator[](std::int64_t i) const { return data_[i]; }
  /// The element at one index an axis.
  template <class... Index>
    requires(sizeof...(Index) == sizeof...(Extents))
  constexpr T& operator()(Index... index) const {
    std::int64_t flat = 0;
    ((flat = flat * Extents + static_cast<std::int64_t>(index)), ...);
    return data_[flat];
  }

 private:
  T* data_ = nullptr;
};

/// `T`s whose extents and strides are known when the program runs.
template <class T> class view<T> {
 public:
  using element = T;

  /// Of no tensor.
  constexpr view() = default;
  /// Row-major, without gaps.
  constexpr view(T* data, inlay::shape const& shape)
      : view(data, shape, contiguous_strides(shape)) {}
  /// `strides`: one an axis, in elements.
  constexpr view(T* data, inlay::shape const& shape, inlay::shape const& strides)
      : data_(data), shape_(shape), strides_(strides) {}
  template <class U, std::int64_t... Extents>
    requires(sizeof...(Extents) > 0 && std::is_convertible_v<U (*)[], T (*)[]>)
  constexpr view(view<U, Extents...> other) : view(other.data(), other.shape()) {}

  constexpr T* data() const { return data_; }
  constexpr inlay::shape const& shape() const { return shape_; }
  constexpr inlay::shape const& strides() const { return strides_; }
  /// Whether the elements stand in row-major order without gaps.
  constexpr bool is_contiguous() const {
    std::int64_t step = 1;
    for (int i = shape_.size() - 1; i >= 0; --i) {
      if (shape_[i] != 1 && strides_[i] != step) return false;
      step *= shape_[i];
    }
    return true;
  }

 private:
  T* data_ = nullptr;
  inlay::shape shape_;
  inlay::shape strides_;
};

}  // namespace inlay::inline INLAY_VERSION

// A network that is a constant, ready to run.

#include <utility>

// Pointers to elements of several types in one array.

namespace inlay::inline INLAY_VERSION {

/// A pointer to elements of one of the types. In a constant expression, too, where no `void*`
/// becomes another pointer again.
template <class First, class... Rest> union any_pointer {
  constexpr any_pointer() : first_(nullptr) {}
  constexpr any_pointer(First* p) : first_(p) {}
  template <class T> constexpr any_pointer(T* p) : rest_(p) {}

  /// The pointer, which must be one of this type.
  template <class T> INLAY_INLINE constexpr T* as() const {
    if constexpr (std::is_same_v<T, First>) return first_;
    else return rest_.template as<T>();
  }

 private:
  First* first_;
  any_pointer<Rest...> rest_;
};

template <class Only> union any_pointer<Only> {
  constexpr any_pointer(Only* p) : only_(p) {}
  template <class T> INLAY_INLINE constexpr T* as() const {
    static_assert(std::is_same_v<T, Only>, "it never points to elements of this type");
    return only_;
  }

 private:
  Only* only_;
};

namespace detail {
template <class... T> any_pointer<T const...> find_input_pointer(type_list<T...>);
template <class... T> any_pointer<T...> find_output_pointer(type_list<T...>);
}  // namespace detail

/// Where an input of a program is, and where an output of it goes.
using input_pointer = decltype(detail::find_input_pointer(stored_types{}));
using output_pointer = decltype(detail::find_output_pointer(stored_types{}));

}  // namespace inlay::inline INLAY_VERSION

// Values of several types together: a std::tuple that costs little to include.

namespace inlay::inline INLAY_VERSION {

namespace detail {

template <std::size_t I, class T> struct packed {
  T value{};
};

template <class Indices, class... T> struct pack_base;
template <std::size_t... I, class... T>
struct pack_base<std::index_sequence<I...>, T...> : packed<I, T>... {
  constexpr pack_base() = default;
  INLAY_INLINE constexpr explicit pack_base(T const&... x) : packed<I, T>{x}... {}
};
template <> struct pack_base<std::index_sequence<>> {};

}  // namespace detail

/// One value of each type: `auto const [a, b] = pack{1, 2.0f};`
template <class... T> struct pack : detail::pack_base<std::index_sequence_for<T...>, T...> {
  using detail::pack_base<std::index_sequence_for<T...>, T...>::pack_base;
};
template <class... T> pack(T...) -> pack<T...>;

/// Value `I` of a pack.
template <std::size_t I, class T> INLAY_INLINE constexpr T& get(detail::packed<I, T>& x) {
  return x.value;
}
template <std::size_t I, class T>
INLAY_INLINE constexpr T const& get(detail::packed<I, T> const& x) {
  return x.value;
}

/// `f` of the values of a pack.
template <class F, class... T>
INLAY_INLINE constexpr decltype(auto) apply_pack(F&& f, pack<T...> const& x) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) INLAY_INLINE_LAMBDA -> decltype(auto) {
    return f(get<I>(x)...);
  }(std::index_sequence_for<T...>{});
}

}  // namespace inlay::inline INLAY_VERSION

// What structured bindings ask for.
template <class... T>
struct std::tuple_size<inlay::pack<T...>> : std::integral_constant<std::size_t, sizeof...(T)> {};
template <std::size_t I, class... T> struct std::tuple_element<I, inlay::pack<T...>> {
  template <class U> static U type_of(inlay::detail::packed<I, U> const&);
  using type = decltype(type_of(std::declval<inlay::pack<T...> const&>()));
};

// A value or the error that stands in its place.

// What can be wrong, as a value: a rule, the sentence that says what and where, the place in the
// file.

#include <concepts>

namespace inlay::inline INLAY_VERSION {

/// Text of at most 255 characters without a heap, so that a constant expression may keep it.
/// What does not fit is cut, and the text ends in "...".
class sentence {
 public:
  static constexpr std::size_t capacity = 255;

  constexpr string_view view() const {
    // With a size of another type a compiler first tries whether it is an iterator.
    return {characters_, static_cast<std::size_t>(size_)};
  }
  constexpr bool empty() const { return size_ == 0; }

  constexpr void append(string_view text) {
    for (auto const character : text.substr(0, capacity + 1)) push_back(character);
  }
  constexpr void append(char const* text) { append(string_view(text)); }
  constexpr void append(sentence const& other) { append(other.view()); }
  constexpr void append(element_type e) { append(name_of(e)); }
  // Before its use: Clang instantiates no template of a class that it has not parsed yet.
  template <std::integral Integer> constexpr void append(Integer number) {
    append_integer(number < 0, static_cast<std::uint64_t>(number));
  }
  /// Extents as `2x3x4`; one without a value is `?`.
  constexpr void append(shape const& s) {
    if (s.size() == 0) append("scalar");
    for (int i = 0; i < s.size(); ++i) {
      if (i != 0) push_back('x');
      if (s[i] < 0) push_back('?');
      else append(s[i]);
    }
  }
  /// The same as `append`. A call costs a compiler much less than an operator.
  template <class Part> constexpr sentence& operator<<(Part const& part) {
    append(part);
    return *this;
  }

  friend constexpr bool operator==(sentence const& a, sentence const& b) {
    return a.view() == b.view();
  }

 private:
  constexpr void append_integer(bool is_negative, std::uint64_t number) {
    char digits[20]{};
    int count = 0;
    if (is_negative) number = 0 - number;
    do {
      digits[count++] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    if (is_negative) push_back('-');
    while (count != 0) push_back(digits[--count]);
  }
  constexpr void push_back(char character) {
    if (size_ < capacity) {
      // A name from a file may hold anything; a message holds one printable line.
      auto const byte = static_cast<unsigned char>(character);
      characters_[size_++] = byte < 0x20 || byte == 0x7f ? '?' : character;
    } else {
      for (std::size_t i = capacity - 3; i < capacity; ++i) characters_[i] = '.';
    }
  }

  char characters_[capacity]{};
  std::uint8_t size_ = 0;
};

/// Which rule a model, a call or a file breaks: a clause. Listed in graph/rule.hpp.
enum class rule : std::uint16_t;

/// The first thing that is wrong. `error{}` stands for nothing.
struct error {
  rule broken{};
  sentence text;
  std::int64_t offset = -1;  // in the file, in bytes; -1 where there is none

  constexpr explicit operator bool() const { return broken != rule{}; }
};

/// An error whose sentence is the rest of the arguments, one after the other.
template <class... Part> constexpr error make_error(rule broken, Part... part) {
  error e{broken, {}};
  (e.text.append(part), ...);
  return e;
}

}  // namespace inlay::inline INLAY_VERSION

#if defined(__cpp_exceptions)
#include <new>  // std::exception too, as the base of std::bad_alloc, for less than <exception>
#endif

namespace inlay::inline INLAY_VERSION {

#if defined(__cpp_exceptions)
/// What `result::value` throws.
class failure : public std::exception {
 public:
  explicit failure(error e) : error_(e) { *text_copy(error_.text.view()) = '\0'; }
  char const* what() const noexcept override { return text_; }
  error const& reason() const noexcept { return error_; }

 private:
  char* text_copy(string_view text) {
    char* end = text_;
    for (auto const character : text) *end++ = character;
    return end;
  }

  error error_;
  char text_[sentence::capacity + 1]{};
};
#endif

/// A `T`, which has a default, or the error because of which there is none.
template <class T> class [[nodiscard]] result {
 public:
  constexpr result(T value) : value_(std::move(value)) {}
  constexpr result(error const& e) : error_(e) {}

  constexpr explicit operator bool() const { return !error_; }
  constexpr error const& failure() const { return error_; }

  /// The value, which must be there.
  constexpr T& operator*() { return value_; }
  constexpr T const& operator*() const { return value_; }
  constexpr T* operator->() { return &value_; }
  constexpr T const* operator->() const { return &value_; }

  /// The value.   *Errors*: throws `inlay::failure` when there is none, or aborts where exceptions
  /// are off.
  constexpr T& value() & {
    check();
    return value_;
  }
  constexpr T const& value() const& {
    check();
    return value_;
  }
  constexpr T value() && {
    check();
    return std::move(value_);
  }

 private:
  constexpr void check() const {
    if (!error_) return;
#if defined(__cpp_exceptions)
    throw inlay::failure(error_);
#else
    __builtin_abort();
#endif
  }

  T value_{};
  error error_{};
};

}  // namespace inlay::inline INLAY_VERSION

// An array that grows.

namespace inlay::inline INLAY_VERSION {

/// What std::vector is, for element types that can be default constructed, in a quarter of its
/// compile time and without the parts that are no constant expressions in some libraries.
template <class T> class vector {
 public:
  using value_type = T;

  constexpr vector() = default;
  constexpr vector(std::size_t size, T const& value) {
    reserve(size);
    while (size_ < size) data_[size_++] = value;
  }
  constexpr vector(std::initializer_list<T> list) { append(list.begin(), list.size()); }
  constexpr vector(vector const& other) { append(other.data_, other.size_); }
  constexpr vector(vector&& other) noexcept { swap(other); }
  constexpr vector& operator=(vector other) noexcept {
    swap(other);
    return *this;
  }
  constexpr ~vector() { delete[] data_; }

  constexpr T* data() { return data_; }
  constexpr T const* data() const { return data_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr T* begin() { return data_; }
  constexpr T* end() { return data_ + size_; }
  constexpr T const* begin() const { return data_; }
  constexpr T const* end() const { return data_ + size_; }
  constexpr T& operator[](std::size_t i) { return data_[i]; }
  constexpr T const& operator[](std::size_t i) const { return data_[i]; }
  constexpr T& back() { return data_[size_ - 1]; }
  constexpr T const& back() const { return data_[size_ - 1]; }

  /// The new element must not be one of this vector's own.
  constexpr void push_back(T const& value) {
    if (size_ == capacity_) grow(size_ + 1);
    data_[size_++] = value;
  }
  constexpr void append(T const* values, std::size_t count) {
    if (size_ + count > capacity_) grow(size_ + count);
    for (std::size_t i = 0; i < count; ++i) data_[size_ + i] = values[i];
    size_ += count;
  }
  constexpr void pop_back() { --size_; }
  constexpr void clear() { size_ = 0; }
  /// Leaves the first `size` elements; there must be as many.
  constexpr void truncate(std::size_t size) { size_ = size; }
  constexpr void reserve(std::size_t capacity) {
    if (capacity > capacity_) reallocate(capacity);
  }
  constexpr void swap(vector& other) noexcept {
    // Not with std::swap, whose constraints cost more than all of this class.
    auto* const data = data_;
    auto const size = size_;
    auto const capacity = capacity_;
    data_ = other.data_;
    size_ = other.size_;
    capacity_ = other.capacity_;
    other.data_ = data;
    other.size_ = size;
    other.capacity_ = capacity;
  }

 private:
  constexpr void grow(std::size_t least) {
    auto const doubled = capacity_ * 2;
    // GCC 12 warns of vectors of elements in less room than one takes, which it does not have.
    constexpr std::size_t first = sizeof(T) < 16 ? 64 / sizeof(T) : 4;
    reallocate(least > doubled ? (least > first ? least : first) : doubled);
  }
  constexpr void reallocate(std::size_t capacity) {
    auto* const larger = new T[capacity]{};
    for (std::size_t i = 0; i < size_; ++i) larger[i] = static_cast<T&&>(data_[i]);
    delete[] data_;
    data_ = larger;
    capacity_ = capacity;
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace inlay::inline INLAY_VERSION

// The static executor: a network's program as straight code.

// Constants out of values that hold heap memory, which constant evaluation cannot keep.

// A run of elements in somebody else's array.

namespace inlay::inline INLAY_VERSION {

/// What std::span is, without its constraints: those cost each element type 20 ms of compile time.
template <class T> class span {
 public:
  constexpr span() = default;
  constexpr span(T* data, std::size_t size) : data_(data), size_(size) {}
  template <std::size_t N> constexpr span(T (&array)[N]) : data_(array), size_(N) {}
  /// Anything with data() and size().
  template <class Container>
    requires requires(Container&& c) { c.data(); }
  constexpr span(Container&& c) : data_(c.data()), size_(c.size()) {}

  constexpr T* data() const { return data_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr T* begin() const { return data_; }
  constexpr T* end() const { return data_ + size_; }
  constexpr T& operator[](std::size_t i) const { return data_[i]; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// The elements of a vector of `N`.
template <class T, std::size_t N> struct frozen_vector {
  T elements[N == 0 ? 1 : N]{};

  static constexpr std::size_t size() { return N; }
  constexpr T const* data() const { return elements; }
  constexpr T const* begin() const { return elements; }
  constexpr T const* end() const { return elements + N; }
  constexpr T const& operator[](std::size_t i) const { return elements[i]; }
};

namespace detail {
template <auto Member> struct member_constant {};
}  // namespace detail

/// The members of a class that are vectors. A struct that derives from it has a short name.
template <auto... Member> struct member_list {
  static constexpr std::size_t size = sizeof...(Member);

  template <auto Wanted> static constexpr std::size_t index_of() {
    std::size_t i = 0;
    static_cast<void>(
        ((std::is_same_v<detail::member_constant<Wanted>, detail::member_constant<Member>> ||
          (++i, false)) ||
         ...));
    return i;
  }
};

/// How many elements each of the vectors has.
template <class Members> struct member_sizes {
  std::size_t of[Members::size]{};

  template <auto Wanted> constexpr std::size_t& get() {
    return of[Members::template index_of<Wanted>()];
  }
};

/// Expects empty vectors.
template <class Members> struct nothing_expected {
  static constexpr member_sizes<Members> sizes{};
};

namespace detail {

template <class T, class M> M type_of_member(M T::*);
template <auto Member>
using element_of_member = typename decltype(type_of_member(Member))::value_type;

template <class Sized, auto... Member, std::size_t... I>
auto make_arrays(member_list<Member...>, std::index_sequence<I...>)
    -> pack<frozen_vector<element_of_member<Member>, Sized::sizes.of[I]>...>;

/// Arrays of as many elements as `Sized::sizes` says, one for each vector.
template <class Members, class Sized>
using arrays_of =
    decltype(make_arrays<Sized>(Members{}, std::make_index_sequence<Members::size>{}));

constexpr void copy_elements(auto const& from, auto& to) {
  for (std::size_t i = 0; i < from.size(); ++i) to.elements[i] = from[i];
}
template <auto... Member, std::size_t... I>
constexpr void copy_members(auto const& from, auto& to, member_list<Member...>,
                            std::index_sequence<I...>) {
  (copy_elements(from.*Member, inlay::get<I>(to)), ...);
}

template <class Members, auto... Member>
constexpr member_sizes<Members> sizes_of(auto const& x, member_list<Member...>) {
  return {{(x.*Member).size()...}};
}

/// What `make()` returns, in a constant expression only. Compilers try whether the initializer of a
/// variable, or an argument, happens to be a constant: of a whole network in vain, and at length.
template <class Make> constexpr auto call_in_constant(Make const& make) {
  if (!__builtin_is_constant_evaluated()) __builtin_unreachable();
  return make();
}

}  // namespace detail

/// What `Make()` returns, as constants: its facts (the base class `Facts`), and an array for each
/// of its vectors. One constant evaluation measures, a second one copies; but if every vector has
/// at most as many elements as `Expected::sizes` says, the first one copies as well.
template <auto const& Make, class Facts, class Members, class Expected = nothing_expected<Members>>
class frozen {
  using indices = std::make_index_sequence<Members::size>;

  struct made_value {
    Facts facts;
    member_sizes<Members> sizes;
    bool fits = true;
    detail::arrays_of<Members, Expected> arrays;
  };
  static constexpr made_value made = [] {
    auto const x = detail::call_in_constant(Make);
    made_value m{x, detail::sizes_of<Members>(x, Members{}), true, {}};
    for (std::size_t i = 0; i < Members::size; ++i) {
      m.fits = m.fits && m.sizes.of[i] <= Expected::sizes.of[i];
    }
    if (m.fits) detail::copy_members(x, m.arrays, Members{}, indices{});
    return m;
  }();

 public:
  static constexpr Facts facts = made.facts;
  static constexpr member_sizes<Members> sizes = made.sizes;

  /// The elements of a member: `get<&program::steps>()`.
  template <auto Wanted> static constexpr auto get() {
    constexpr auto index = Members::template index_of<Wanted>();
    return span(inlay::get<index>(arrays()).elements, sizes.of[index]);
  }

 private:
  // A class, so that it is made only where it is asked for.
  struct exact {
    static constexpr auto arrays = [] {
      detail::arrays_of<Members, frozen> copies;
      detail::copy_members(detail::call_in_constant(Make), copies, Members{}, indices{});
      return copies;
    }();
  };
  static constexpr auto const& arrays() {
    if constexpr (made.fits) return made.arrays;
    else return exact::arrays;
  }
};

}  // namespace inlay::inline INLAY_VERSION

// A graph as a constant, and back.

// The graph: a plain value that frontends build and passes rewrite, in the compiler and at run
// time.

// Dimensions that follow from others, as a graph holds them. All plain data.

// What a graph is made of: values, nodes, attributes, constants. All plain data.

namespace inlay::inline INLAY_VERSION {

/// A run of elements in one of the graph's arrays.
struct range {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// A value is named by its index in `graph::values`; an optional input that is left out is
/// `no_value`.
using value_id = std::uint32_t;
inline constexpr value_id no_value = 0xffff'ffff;

/// An operator, opaque to the graph. `op/list.hpp` gives each its number; 0 is one that is not
/// listed.
enum class operator_id : std::uint16_t { unlisted = 0 };

/// What is known of a tensor before it exists.
struct tensor_type {
  element_type element = element_type::undefined;
  bool has_shape = false;
  inlay::shape shape{};

  constexpr tensor_type() = default;
  constexpr tensor_type(element_type e, inlay::shape const& s)
      : element(e), has_shape(true), shape(s) {}

  friend constexpr bool operator==(tensor_type const& a, tensor_type const& b) {
    return a.element == b.element && a.has_shape == b.has_shape && a.shape == b.shape;
  }
};

/// What holds tensors, or stands for one.
enum class container_kind : std::uint8_t { sequence, optional, map, sparse_tensor, opaque };

namespace detail {
/// Indexed by container_kind.
inline constexpr string_view container_names[] = {"sequence", "optional", "map", "sparse_tensor",
                                                  "opaque"};

/// The most layers around a tensor, and the most bodies around a node.
inline constexpr int max_nesting = 64;
}  // namespace detail

inline constexpr std::uint32_t not_contained = 0xffff'ffff;

/// One layer around a tensor type: sequence(optional(tensor(float32))) are two, the outer one with
/// `inner` the index of the other in `graph::containers`. An inner layer stands before its outer
/// one.
struct container {
  container_kind kind = container_kind::sequence;
  element_type key = element_type::undefined;  // of a map
  std::uint32_t inner = not_contained;
  string_view domain;  // of an opaque type
  string_view name;    // of an opaque type
};

/// A type that an attribute holds: a tensor's, inside the containers around it.
struct contained_type {
  tensor_type tensor;
  std::uint32_t container = not_contained;  // index in `graph::containers`, of the outermost
};

inline constexpr std::uint32_t not_constant = 0xffff'ffff;

/// One tensor in single static assignment: an input, a constant, or the result of one node.
struct value {
  string_view name;
  tensor_type type;
  std::uint32_t constant = not_constant;    // index in `graph::constants`
  std::uint32_t container = not_contained;  // index in `graph::containers`, of the outermost
};

inline constexpr std::uint32_t not_external = 0xffff'ffff;

/// A constant's elements, little-endian: a view of the file, or a run of its owner's storage. Those
/// of a tensor of strings are in `graph::texts`; those of a sparse tensor are two other constants.
struct constant {
  string_view bytes;
  std::size_t stored_at = 0;
  std::size_t stored_size = 0;
  std::uint32_t external = not_external;  // index in `graph::externals`, of those of another file
  range texts{};                          // of a tensor of strings
  value_id sparse_values = no_value;      // [n], the elements that are not zero
  value_id sparse_indices = no_value;     // int64 [n] into the flat tensor, or [n, rank]

  constexpr string_view bytes_in(char const* storage) const {
    return stored_size == 0 ? bytes : string_view(storage + stored_at, stored_size);
  }
};

/// Where the elements of a constant are that stand in another file.
struct external_data {
  string_view location;  // relative to the folder of the model
  std::int64_t offset = 0;
  std::int64_t length = -1;  // to the end of the file
  string_view checksum;
};

enum class attribute_kind : std::uint8_t {
  integer,
  real,
  text,
  tensor,
  graph,
  integers,
  reals,
  texts,
  tensors,
  graphs,
  sparse_tensor,
  sparse_tensors,
  type,
  types,
  other
};

/// One named argument of a node. The values are a run of the graph's array of that kind, also for a
/// single one. Tensors, sparse tensors and graphs are runs of `graph::integers`, which index
/// `graph::values` or `graph::bodies`; types are a run of `graph::types`.
struct attribute {
  string_view name;
  attribute_kind kind = attribute_kind::integer;
  range values;
  string_view reference{};  // in a function: the attribute of its caller that this one is
};

/// One operator applied to values.
struct node {
  operator_id op = operator_id::unlisted;
  string_view type;          // the operator's name: "Conv"
  string_view domain;        // empty for ONNX's own operators
  string_view name;          // of this node; may be empty
  range inputs;              // in `graph::operands`
  range outputs;             // in `graph::operands`
  range attributes;          // in `graph::attributes`
  std::int64_t offset = -1;  // in the file it was read from
};

/// A graph inside a graph: what an attribute of a node holds (`If`, `Loop`, `Scan`), or what a
/// function does. Its nodes may read the values of the graphs around it that are defined before the
/// node that holds it; all values of all graphs share one numbering. Its nodes stand together;
/// those of a body inside it stand before them.
struct body {
  string_view name;
  range nodes;      // in `graph::body_nodes`
  range inputs;     // in `graph::operands`
  range outputs;    // in `graph::operands`
  range constants;  // in `graph::operands`: the initializers that only it sees
};

/// The version of a set of operators.
struct operator_set {
  string_view domain;  // empty for ONNX's own operators
  std::int64_t version = 0;
};

/// An operator that the model itself defines.
struct function {
  string_view name;
  string_view domain;
  string_view overload;
  std::uint32_t body = 0;    // index in `graph::bodies`
  range attributes;          // in `graph::texts`: names of attributes without a default
  range default_attributes;  // in `graph::attributes`
  range operator_sets;       // in `graph::operator_sets`
};

/// What an annotation says something of.
enum class annotated : std::uint8_t { model, graph, node, body, body_node, function, value };

/// Something said of a part of the graph that no pass needs: the producer's name, a documentation,
/// an entry of `metadata_props`, the overload that a node calls. Entries of `metadata_props` have
/// their key behind a colon: `metadata:license`. So has what is said of an attribute, of the node
/// or function: `doc_string:axis`.
///
/// `input:2` of a constant: in the file it is an input too, the third, which a caller may give
/// another value. Passes and executors take the constant, its default, for what it is; what they
/// make of such a graph no longer asks the caller. The text is the input's message where that says
/// more than the constant, such as an axis of any extent. Before IR version 4 all constants with a
/// name are inputs, and noted only where they stand in another order, or before other inputs.
///
/// `denotation` of a value is of its type, `denotation:1` of the type inside that, and
/// `dimension_denotation:0` of its first axis. Of the types that an attribute holds, the place
/// among them comes first and the attribute last: `dimension_denotation:0:1:type`.
struct annotation {
  annotated what = annotated::model;
  std::uint32_t index = 0;  // of the node, body, function or value
  string_view key;
  string_view text;
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// A product has at most so many factors: as many as a tensor has axes.
inline constexpr int max_factors = max_rank;

/// A coefficient times symbols: 3·n·m. Without a symbol it is a number.
struct dimension_term {
  std::int64_t coefficient = 0;
  std::uint32_t factors[max_factors]{};  // indices in `graph::symbols`, ascending
  std::uint8_t degree = 0;               // how many factors there are

  friend constexpr bool operator==(dimension_term const&, dimension_term const&) = default;
};

enum class dimension_kind : std::uint8_t {
  free,       // any value
  sum,        // the sum of the left terms
  quotient,   // the left sum divided by the right one, rounded down
  broadcast,  // what the left and the right sum broadcast to: of two that differ, one is 1
};

/// How a symbol follows from symbols before it.
struct dimension_definition {
  dimension_kind kind = dimension_kind::free;
  range left;   // in `graph::dimension_terms`
  range right;  // in `graph::dimension_terms`
};

/// An expression has at most so many symbols and numbers. One that would have more is a dimension
/// of which nothing is known.
inline constexpr std::uint32_t max_expression_size = 64;

/// All expressions of a graph have together at most so many terms, as above.
inline constexpr std::size_t max_dimension_terms = std::size_t{1} << 20;

}  // namespace inlay::inline INLAY_VERSION

// The rules that models, files and calls keep. Compilers print them, so each reads as a clause.

namespace inlay::inline INLAY_VERSION {

enum class rule : std::uint16_t {
  none = 0,

  // files
  the_file_must_be_readable,
  the_file_must_be_smaller_than_2_gib,
  the_file_must_not_be_truncated,
  a_field_must_have_the_wire_type_of_the_format,
  a_field_must_have_a_number_of_the_format,
  a_number_must_fit_in_64_bits,
  messages_must_nest_at_most_64_deep,
  the_file_must_hold_a_graph,
  a_graph_must_have_at_most_1048576_parts,
  a_graph_must_have_at_most_262144_nameless_parts,
  the_ir_version_must_be_supported,
  the_opset_must_be_supported,
  a_name_must_not_be_empty,
  an_input_must_be_a_tensor,
  an_attribute_must_have_a_value,
  an_attribute_must_hold_what_its_type_says,
  a_tensor_must_hold_as_many_bytes_as_its_shape,
  a_tensor_must_hold_its_elements_in_the_field_of_its_type,
  an_element_must_fit_its_type,
  external_data_must_have_a_location,
  external_data_must_have_decimal_numbers,
  external_data_must_lie_in_its_file,
  external_data_must_be_read,
  external_data_must_stay_beneath_the_model,
  segments_are_not_supported,
  sparse_tensors_are_not_supported,
  the_text_must_follow_the_grammar,

  // graphs
  a_name_must_be_defined_once,
  a_name_must_be_defined_before_it_is_used,
  a_graph_must_have_an_output,
  a_shape_must_have_at_most_8_axes,
  an_extent_must_not_be_negative,
  a_tensor_must_fit_in_memory,
  the_arena_must_fit_in_memory,
  every_dimension_must_have_a_value,
  a_dimension_must_be_a_number_or_an_expression,
  an_index_must_be_in_range,
  a_body_must_be_held_once,
  bodies_must_nest_at_most_64_deep,
  nodes_of_a_body_must_stand_behind_those_of_bodies_in_it,
  a_function_must_be_defined_once,
  only_attributes_in_functions_may_refer_to_others,
  a_reference_must_name_an_attribute_of_its_function,
  a_container_must_stand_behind_what_it_holds,
  containers_must_nest_at_most_64_deep,
  keys_of_a_map_must_be_integers_or_strings,
  sparse_and_opaque_types_must_be_innermost,
  a_tensor_of_strings_must_hold_as_many_texts_as_its_shape,
  a_sparse_tensor_must_hold_its_values_and_their_indices,

  // operators
  the_operator_must_be_supported,
  the_form_of_the_operator_must_be_supported,
  the_element_type_must_be_supported,
  the_number_of_inputs_must_match_the_operator,
  the_number_of_outputs_must_match_the_operator,
  an_attribute_must_have_the_type_of_the_operator,
  an_attribute_must_be_in_range,
  element_types_of_the_inputs_must_agree,
  the_rank_must_match_the_operator,
  the_axis_must_be_within_the_rank,
  columns_of_left_must_equal_rows_of_right,
  channels_of_the_input_must_match_the_weights,
  channels_must_divide_into_the_groups,
  the_window_must_fit_into_the_padded_input,
  the_bias_must_have_one_element_a_channel,
  the_statistics_must_have_one_element_a_channel,
  the_window_must_have_the_shape_of_the_weights,
  shapes_must_broadcast,
  the_number_of_elements_must_stay,
  the_shape_must_be_a_constant,
  the_declared_type_must_equal_the_inferred,

  // calls
  the_input_must_have_the_shape_of_the_model,
  the_dimension_must_be_in_the_model,
  the_value_of_a_dimension_must_be_at_least_1,
  at_most_8_dimensions_can_be_given,
  every_input_of_the_model_must_be_given,
  an_input_must_be_given_once,
  the_input_must_be_in_the_model,
  the_input_must_have_the_element_type_of_the_model,
  there_must_be_memory_for_the_model,
  the_code_must_be_compiled,
  the_cache_must_be_a_folder_of_the_user,

  // networks as expressions
  a_parameter_must_be_among_the_weights,
  a_weight_must_have_the_type_of_its_parameter,
  a_parameter_must_be_in_the_network,

  // what a file may hold besides tensors and nodes
  an_input_must_have_a_type,
  indices_of_a_sparse_tensor_must_be_in_range,
  functions_must_be_called_as_they_are_declared,
  functions_must_not_call_themselves,
  calls_must_nest_at_most_64_deep,
  functions_must_come_to_at_most_262144_nodes,
};

/// Whether a file that breaks the rule may be right, and asks for more than there is.
constexpr bool is_about_support(rule broken) {
  switch (broken) {
    case rule::messages_must_nest_at_most_64_deep:
    case rule::the_ir_version_must_be_supported:
    case rule::the_opset_must_be_supported:
    case rule::an_input_must_be_a_tensor:
    case rule::segments_are_not_supported:
    case rule::sparse_tensors_are_not_supported:
    case rule::a_shape_must_have_at_most_8_axes:
    case rule::the_operator_must_be_supported:
    case rule::the_form_of_the_operator_must_be_supported:
    case rule::the_element_type_must_be_supported:
    case rule::the_shape_must_be_a_constant: return true;
    default: return false;
  }
}

}  // namespace inlay::inline INLAY_VERSION

// Characters whose views stay valid while any copy of their owner lives.

namespace inlay::inline INLAY_VERSION {

/// A block of characters that is written once, at a fixed place. Copies share it, from several
/// threads too, and the last one frees it; so a graph may be copied though its names are views.
class shared_text {
 public:
  constexpr shared_text() = default;
  constexpr explicit shared_text(std::size_t capacity) : block_(new block{1, new char[capacity]}) {}
  constexpr shared_text(shared_text const& other) : block_(other.block_) {
    if (block_ != nullptr) count(1);
  }
  constexpr shared_text(shared_text&& other) noexcept : block_(other.block_) {
    other.block_ = nullptr;
  }
  constexpr shared_text& operator=(shared_text other) noexcept {
    auto* const mine = block_;
    block_ = other.block_;
    other.block_ = mine;
    return *this;
  }
  constexpr ~shared_text() {
    if (block_ == nullptr || count(-1) != 0) return;
    delete[] block_->characters;
    delete block_;
  }

  constexpr bool empty() const { return block_ == nullptr; }
  /// Uninitialized at first.
  constexpr char* data() { return block_ == nullptr ? nullptr : block_->characters; }

 private:
  struct block {
    long owners = 1;
    char* characters = nullptr;
  };

  constexpr long count(long change) {
    if (std::is_constant_evaluated()) return block_->owners += change;
    return __atomic_add_fetch(&block_->owners, change, __ATOMIC_ACQ_REL);
  }

  block* block_ = nullptr;
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// What there is of a graph besides its arrays.
struct graph_facts {
  string_view name;
  std::int64_t opset = 0;       // version of ONNX's own operators
  std::int64_t ir_version = 0;  // of the file it was read from
  range operator_sets;          // in `graph::operator_sets`: the versions of other domains
  error failure;                // the first
};

/// Nodes in an order in which each reads only what stands before it, over values in single static
/// assignment. Names and constants are views: the file or the literals they come from must outlive
/// the graph. A graph carries its first error; a pass leaves such a graph as it is.
struct graph : graph_facts {
  vector<value> values;
  vector<node> nodes;
  vector<value_id> inputs;
  vector<value_id> outputs;

  // What values and nodes refer to by index.
  vector<value_id> operands;
  vector<attribute> attributes;
  vector<std::int64_t> integers;
  vector<float> reals;
  vector<string_view> texts;
  vector<constant> constants;
  vector<external_data> externals;
  vector<string_view> symbols;              // names of dimensions without a value
  vector<dimension_definition> dimensions;  // of the first symbols, how they follow from others
  vector<dimension_term> dimension_terms;
  vector<container> containers;
  vector<contained_type> types;
  vector<node> body_nodes;
  vector<body> bodies;
  vector<function> functions;
  vector<operator_set> operator_sets;  // of other domains first, then those of functions
  vector<annotation> annotations;
  vector<char> storage;  // bytes of constants that no file holds
  shared_text names;     // characters of names that no file holds

  /// Keeps `e` if it is the first.
  constexpr void fail(error const& e) {
    if (!failure) failure = e;
  }

  constexpr span<value_id const> inputs_of(node const& n) const {
    return {operands.data() + n.inputs.first, n.inputs.count};
  }
  constexpr span<value_id const> outputs_of(node const& n) const {
    return {operands.data() + n.outputs.first, n.outputs.count};
  }
  constexpr span<attribute const> attributes_of(node const& n) const {
    return {attributes.data() + n.attributes.first, n.attributes.count};
  }

  constexpr bool is_constant(value_id id) const {
    return id != no_value && values[id].constant != not_constant;
  }
  /// The elements of a constant, little-endian.
  constexpr string_view bytes_of(constant const& c) const { return c.bytes_in(storage.data()); }
};

/// What `freeze` keeps of a graph.
struct graph_arrays
    : member_list<&graph::values, &graph::nodes, &graph::inputs, &graph::outputs, &graph::operands,
                  &graph::attributes, &graph::integers, &graph::reals, &graph::texts,
                  &graph::constants, &graph::externals, &graph::symbols, &graph::dimensions,
                  &graph::dimension_terms, &graph::containers, &graph::types, &graph::body_nodes,
                  &graph::bodies, &graph::functions, &graph::operator_sets, &graph::annotations,
                  &graph::storage> {};

namespace detail {

constexpr sentence label_of_node(node const& n, std::size_t index) {
  sentence label;
  label << "node " << index;
  if (!n.name.empty()) label << " '" << n.name << "'";
  label << " (" << n.type << ")";
  return label;
}

constexpr sentence label_of_body(graph const& g, std::size_t index) {
  sentence label;
  for (auto const& f : g.functions) {
    if (f.body == index) return label << "function '" << f.name << "'";
  }
  auto const name = index < g.bodies.size() ? g.bodies[index].name : string_view();
  if (name.empty()) return label << "body " << index;
  return label << "body '" << name << "'";
}

/// Of a node in a body, which its place in `graph::body_nodes` tells.
constexpr sentence label_of_body_node(graph const& g, std::size_t index) {
  for (std::size_t i = 0; i < g.bodies.size(); ++i) {
    auto const& nodes = g.bodies[i].nodes;
    if (index < nodes.first || index - nodes.first >= nodes.count) continue;
    auto label = label_of_node(g.body_nodes[index], index - nodes.first);
    return label << " of " << label_of_body(g, i);
  }
  return label_of_node(g.body_nodes[index], index);
}

}  // namespace detail

/// How messages call a node: `node 2 'fc' (MatMul)`, in a body `node 0 (Neg) of body 'then'`.
/// *Costs*: linear in the bodies' nodes, if there are any; so only where there is something to say.
constexpr sentence label_of(graph const& g, node const& n) {
  // Pointers into several arrays may be compared for equality only.
  for (std::size_t i = 0; i < g.body_nodes.size(); ++i) {
    if (&n == &g.body_nodes[i]) return detail::label_of_body_node(g, i);
  }
  return detail::label_of_node(n, static_cast<std::size_t>(&n - g.nodes.data()));
}

/// The first error of a node: its label, then what the rule says of it.
constexpr void fail(graph& g, node const& n, error const& e) {
  if (g.failure) return;
  auto located = make_error(e.broken, label_of(g, n), ": ", e.text);
  located.offset = n.offset;
  g.fail(located);
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// How large the graph of a network is likely to be at most: `expected_sizes()` of its type, if
/// that says so.
template <auto const& Network> struct expected_graph : nothing_expected<graph_arrays> {};
template <auto const& Network>
  requires requires { std::remove_cvref_t<decltype(Network)>::expected_sizes(); }
struct expected_graph<Network> {
  static constexpr member_sizes<graph_arrays> sizes =
      std::remove_cvref_t<decltype(Network)>::expected_sizes();
};

/// The graph that `Network()` builds, as arrays of constants; quick to make if it is no larger than
/// the graph `Expected`.
template <auto const& Network, class Expected = nothing_expected<graph_arrays>>
using frozen_graph = frozen<Network, graph_facts, graph_arrays, Expected>;

namespace detail {
template <class Frozen, auto... Member> constexpr graph thaw(member_list<Member...>) {
  graph g;
  static_cast<graph_facts&>(g) = Frozen::facts;
  auto const fill = [](auto& to, auto const& from) { to.append(from.data(), from.size()); };
  (fill(g.*Member, Frozen::template get<Member>()), ...);
  return g;
}
}  // namespace detail

/// The graph that was frozen, or only some of its members.
template <class Frozen, class Members = graph_arrays> constexpr graph thaw() {
  return detail::thaw<Frozen>(Members{});
}

}  // namespace inlay::inline INLAY_VERSION

// The operators: the one list. Everything that goes through all of them starts here.

// Builds a graph node by node. Every frontend goes through it.

// A hash table from keys to indices of an array that somebody else holds.

// The hash functions of a running program, which a file cannot foresee.

namespace inlay::inline INLAY_VERSION::detail {

/// Two numbers of this process. With them, whoever writes a file of names that have one hash under
/// a function that everyone knows has nothing to go by.
struct hash_key {
  std::uint64_t added = 0;
  std::uint64_t factor = 0;
};

/// A bijection that spreads every bit.   *Source*: Steele, Lea, Flood: SplitMix, 2014.
constexpr std::uint64_t scatter(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58'476d'1ce4'e5b9;
  x = (x ^ x >> 27) * 0x94d0'49bb'1331'11eb;
  return x ^ x >> 31;
}

/// A key of where the system has put this program, its stack and its heap: at random, on all that
/// read files of strangers.
inline hash_key make_hash_key() {
  char on_stack = 0;
  auto const* const on_heap = new char(0);
  auto const stack = reinterpret_cast<std::uintptr_t>(&on_stack);
  auto const heap = reinterpret_cast<std::uintptr_t>(on_heap);
  auto const code = reinterpret_cast<std::uintptr_t>(&make_hash_key);
  delete on_heap;
  auto const added = scatter(scatter(scatter(stack) + heap) + code);
  return {added, scatter(added + 0x9e37'79b9'7f4a'7c15) | 1};
}

inline hash_key const& key_of_process() {
  static hash_key const key = make_hash_key();
  return key;
}

/// The halves of a · b, one on the other, in steps that every machine has.
constexpr std::uint64_t fold_product(std::uint64_t a, std::uint64_t b) {
  auto const low = [](std::uint64_t x) { return x & 0xffff'ffff; };
  auto const cross = low(a) * (b >> 32) + (low(a) * low(b) >> 32);
  auto const other = (a >> 32) * low(b) + low(cross);
  auto const high = (a >> 32) * (b >> 32) + (cross >> 32) + (other >> 32);
  return high ^ a * b;
}

/// `hash` of what came before, then `word`.   *Source*: the step of wyhash, Wang Yi, 2019.
inline std::uint64_t hash_word_keyed(std::uint64_t hash, std::uint64_t word) {
  auto const& key = key_of_process();
  return fold_product(hash ^ word ^ key.added, key.factor);
}

inline std::uint64_t hash_text_keyed(string_view text) {
  std::uint64_t hash = text.size();
  while (!text.empty()) {
    auto const size = text.size() < 8 ? text.size() : 8;
    std::uint64_t word = 0;
    __builtin_memcpy(&word, text.data(), size);
    hash = hash_word_keyed(hash, word);
    text.remove_prefix(size);
  }
  return hash_word_keyed(hash, 0);
}

}  // namespace inlay::inline INLAY_VERSION::detail

namespace inlay::inline INLAY_VERSION {

inline constexpr std::uint64_t hash_prime = 0x0000'0100'0000'01b3;

/// `hash` of what came before, then `word`: FNV-1a over words in a constant expression, where it
/// takes one statement; in a running program, where the words may be made to collide, a function
/// with a key.   *Source*: Fowler, Noll, Vo.
constexpr std::uint64_t hash_word(std::uint64_t hash, std::uint64_t word) {
  return __builtin_is_constant_evaluated() ? (hash ^ word) * hash_prime
                                           : detail::hash_word_keyed(hash, word);
}

inline constexpr std::uint64_t hash_seed = 0xcbf2'9ce4'8422'2325;

/// The hash of all of a shape's extents, in one expression: constant evaluation counts statements.
constexpr std::uint64_t hash_shape(std::uint64_t hash, shape const& s) {
  if (!__builtin_is_constant_evaluated()) {
    hash = detail::hash_word_keyed(hash, s.rank);
    for (auto const extent : s) {
      hash = detail::hash_word_keyed(hash, static_cast<std::uint64_t>(extent));
    }
    return hash;
  }
  using word = std::uint64_t;
  auto const& x = s.extents;
  return ((((((((hash * hash_prime ^ s.rank) * hash_prime ^ word(x[0])) * hash_prime ^ word(x[1])) *
                  hash_prime ^
              word(x[2])) *
                 hash_prime ^
             word(x[3])) *
                hash_prime ^
            word(x[4])) *
               hash_prime ^
           word(x[5])) *
              hash_prime ^
          word(x[6])) *
             hash_prime ^
         word(x[7]);
}

/// The hash of a name: FNV-1a in a constant expression, four characters a statement; with a key in
/// a running program.
constexpr std::uint64_t hash_text(string_view text) {
  if (!__builtin_is_constant_evaluated()) return detail::hash_text_keyed(text);
  using byte = unsigned char;
  auto hash = hash_seed;
  auto const* at = text.data();
  auto const* const end = at + text.size();
  for (; end - at >= 4; at += 4) {
    hash = ((((hash ^ byte(at[0])) * hash_prime ^ byte(at[1])) * hash_prime ^ byte(at[2])) *
                hash_prime ^
            byte(at[3])) *
           hash_prime;
  }
  for (; at != end; ++at) hash = hash_word(hash, byte(*at));
  return hash;
}

/// Open addressing; grows at half full. Both operations take constant time on average, in a
/// constant expression too; in a running program whatever the keys are, since their hashes cannot
/// be foreseen. The distance to the next slot is a key's own (double hashing): keys that want the
/// same slot get out of each other's way.
class index_table {
 public:
  static constexpr std::uint32_t absent = 0xffff'ffff;

  /// The index stored under a key with this hash for which `equal(index)` holds, or `absent`.
  template <class Equal> constexpr std::uint32_t find(std::uint64_t hash, Equal&& equal) const {
    if (slots_.empty()) return absent;
    auto const mask = slots_.size() - 1;
    for (auto i = hash ^ hash >> 32;; i += hash * distance >> 32 | 1) {
      auto const& slot = slots_[i & mask];
      if (slot.index == absent) return absent;
      if (slot.hash == hash && equal(slot.index)) return slot.index;
    }
  }

  /// Makes room for so many indices.
  constexpr void reserve(std::size_t count) {
    while (slots_.size() < count * 2) grow();
  }

  /// Stores an index. Its key must be absent.
  constexpr void insert(std::uint64_t hash, std::uint32_t index) {
    if ((used_ + 1) * 2 > slots_.size()) grow();
    place({hash, index});
    ++used_;
  }

 private:
  struct entry {
    std::uint64_t hash = 0;
    std::uint32_t index = absent;
  };

  static constexpr std::uint64_t distance = 0x9e37'79b9'7f4a'7c15;  // 2^64 over the golden ratio

  // The slots are those of `find`. One function of both, called with what ends the search, would
  // take 7 % more steps of constant evaluation.
  constexpr void place(entry const& s) {
    auto const mask = slots_.size() - 1;
    auto i = s.hash ^ s.hash >> 32;
    while (slots_[i & mask].index != absent) i += s.hash * distance >> 32 | 1;
    slots_[i & mask] = s;
  }
  constexpr void grow() {
    vector<entry> old(slots_.empty() ? 32 : slots_.size() * 2, entry{});
    old.swap(slots_);
    for (auto const& s : old) {
      if (s.index != absent) place(s);
    }
  }

  vector<entry> slots_;
  std::size_t used_ = 0;
};

}  // namespace inlay::inline INLAY_VERSION

// Which value a name stands for, in a graph and in the bodies inside it.

namespace inlay::inline INLAY_VERSION {

/// The names of a graph, and above them those of each body that is open: a name is looked for from
/// the innermost body outwards, and may be defined again in an inner one. The body of a function
/// sees no names around it. Values are given as the array that the ids index.
class name_scopes {
 public:
  constexpr void reserve(std::size_t count) { outermost_.reserve(count); }

  constexpr void open(bool is_function) {
    // Tables that were open before keep their memory for those that come.
    if (depth_ == inner_.size()) inner_.push_back({});
    inner_[depth_++] = scope{{}, is_function};
  }
  constexpr void close() { --depth_; }

  /// The value of that name, or `no_value`.
  constexpr value_id find(vector<value> const& values, string_view name, std::uint64_t hash) const {
    if (depth_ == 0) {
      // One call less: constant evaluation counts statements.
      return outermost_.find(hash, [&](value_id id) { return values[id].name == name; });
    }
    for (auto i = depth_; i > 0; --i) {
      auto const found = find_in(inner_[i - 1].names, values, name, hash);
      if (found != no_value || inner_[i - 1].is_function) return found;
    }
    return find_in(outermost_, values, name, hash);
  }
  /// The same, but only in the body that is open, or in the graph where none is.
  constexpr value_id find_here(vector<value> const& values, string_view name,
                               std::uint64_t hash) const {
    auto const& names = depth_ == 0 ? outermost_ : inner_[depth_ - 1].names;
    return names.find(hash, [&](value_id id) { return values[id].name == name; });
  }

  /// A name that `find_here` does not find.
  constexpr void insert(std::uint64_t hash, value_id id) {
    if (depth_ == 0) outermost_.insert(hash, id);
    else inner_[depth_ - 1].names.insert(hash, id);
  }

 private:
  struct scope {
    index_table names;
    bool is_function = false;
  };

  static constexpr value_id find_in(index_table const& names, vector<value> const& values,
                                    string_view name, std::uint64_t hash) {
    static_assert(index_table::absent == no_value);
    return names.find(hash, [&](value_id id) { return values[id].name == name; });
  }

  index_table outermost_;
  vector<scope> inner_;
  std::size_t depth_ = 0;  // of `inner_`
};

}  // namespace inlay::inline INLAY_VERSION

// Constants whose elements no file holds.

// Numbers as little-endian bytes, as files hold them.

#include <bit>

namespace inlay::inline INLAY_VERSION {

namespace detail {
template <class T> struct object_bytes {
  char bytes[sizeof(T)];
};
inline constexpr bool is_little_endian = std::endian::native == std::endian::little;

/// Without a loop, whose steps a compiler counts: constants of networks are read so.
template <class T, std::size_t... I>
constexpr T from_bytes(char const* from, std::index_sequence<I...>) {
  return std::bit_cast<T>(object_bytes<T>{{from[is_little_endian ? I : sizeof...(I) - 1 - I]...}});
}
}  // namespace detail

/// Element `index` of little-endian `T`s. There must be that many bytes.
template <class T> constexpr T read_little_endian(string_view bytes, std::size_t index) {
  if constexpr (std::is_same_v<T, bool>) return bytes[index] != 0;
  else
    return detail::from_bytes<T>(bytes.data() + index * sizeof(T),
                                 std::make_index_sequence<sizeof(T)>{});
}

/// `count` little-endian numbers, so many bytes from one to the next.
template <class T> constexpr void read_each(char const* from, std::size_t step, T* to, int count) {
  // No pointer passes the end of the bytes.
  for (int i = 0; i < count; ++i) {
    to[i] = read_little_endian<T>({from + static_cast<std::size_t>(i) * step, sizeof(T)}, 0);
  }
}

namespace detail {
/// In one statement, of few expressions: those are what Clang counts, and GCC.
template <class T, std::size_t... Byte, std::size_t... I>
constexpr void read_run(char const* from, std::size_t step, T* to, std::index_sequence<Byte...>,
                        std::index_sequence<I...>) {
  static_cast<void>(
      ((to[I] = __builtin_bit_cast(
            T, (object_bytes<T>{{from[is_little_endian ? Byte : sizeof...(Byte) - 1 - Byte]...}})),
        from += I + 1 < sizeof...(I) ? step : 0),
       ...));
}
}  // namespace detail

/// The same of `Count`, which a compiler reads in few steps.
template <int Count, class T> constexpr void read_run(char const* from, std::size_t step, T* to) {
  if constexpr (std::is_same_v<T, bool>) read_each(from, step, to, Count);
  else
    __builtin_is_constant_evaluated()
        ? detail::read_run(from, step, to, std::make_index_sequence<sizeof(T)>{},
                           std::make_index_sequence<std::size_t{Count}>{})
        : read_each(from, step, to, Count);
}

/// Calls `put` with each byte of `x`, the least significant first.
template <class T, class Put> constexpr void write_little_endian(T x, Put&& put) {
  auto const parts = std::bit_cast<detail::object_bytes<T>>(x);
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    put(parts.bytes[detail::is_little_endian ? i : sizeof(T) - 1 - i]);
  }
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// A new constant with the elements that `write(put)` hands to `put`, one after the other, each of
/// the element type that the constant has. Returns its index in `graph::constants`.
template <class Graph, class Write>
constexpr std::uint32_t store_constant(Graph& g, Write&& write) {
  constant c;
  c.stored_at = g.storage.size();
  write([&](auto element) {
    write_little_endian(element, [&](char byte) { g.storage.push_back(byte); });
  });
  c.stored_size = g.storage.size() - c.stored_at;
  g.constants.push_back(c);
  return static_cast<std::uint32_t>(g.constants.size() - 1);
}

/// A new constant with these elements.
template <class Graph, class T>
constexpr std::uint32_t store_elements(Graph& g, span<T const> elements) {
  return store_constant(g, [&](auto put) {
    for (auto const e : elements) put(e);
  });
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// An attribute as a caller writes it: `{"axis", 1}`, `{"strides", {2, 2}}`, `{"alpha", 0.5f}`.
struct named_attribute {
  string_view name;
  attribute_kind kind = attribute_kind::integer;
  std::int64_t integer = 0;
  float real = 0;
  string_view text{};
  span<std::int64_t const> integers{};

  constexpr named_attribute() = default;
  constexpr named_attribute(string_view n, int x)
      : name(n), kind(attribute_kind::integer), integer(x) {}
  constexpr named_attribute(string_view n, std::int64_t x)
      : name(n), kind(attribute_kind::integer), integer(x) {}
  constexpr named_attribute(string_view n, float x)
      : name(n), kind(attribute_kind::real), real(x) {}
  constexpr named_attribute(string_view n, char const* x)
      : name(n), kind(attribute_kind::text), text(x) {}
  constexpr named_attribute(string_view n, std::initializer_list<std::int64_t> x)
      : name(n), kind(attribute_kind::integers), integers(x.begin(), x.size()) {}
  constexpr named_attribute(string_view n, span<std::int64_t const> x)
      : name(n), kind(attribute_kind::integers), integers(x) {}
};

namespace detail {

/// Moves what stands in `from` behind `first` to the end of `to`.
template <class T> constexpr range move_from(vector<T>& from, std::size_t first, vector<T>& to) {
  range const moved{static_cast<std::uint32_t>(to.size()),
                    static_cast<std::uint32_t>(from.size() - first)};
  to.append(from.data() + first, moved.count);
  from.truncate(first);
  return moved;
}

}  // namespace detail

/// A graph under construction. A mistake is kept as the graph's first error, and what follows is
/// built all the same.
template <class Graph> class basic_builder {
 public:
  constexpr explicit basic_builder(string_view name = {}, std::int64_t opset = 0) {
    graph_.name = name;
    graph_.opset = opset;
  }

  constexpr Graph& unfinished() { return graph_; }
  constexpr Graph finish() { return std::move(graph_); }

  /// Appends `elements` to one of the graph's arrays.
  template <class Vector, class T> constexpr range append(Vector& to, span<T> elements) {
    range r{static_cast<std::uint32_t>(to.size()), static_cast<std::uint32_t>(elements.size())};
    for (auto const& e : elements) to.push_back(e);
    return r;
  }

  /// Makes room, where the numbers are known before.
  constexpr void reserve(std::size_t nodes, std::size_t values) {
    graph_.nodes.reserve(nodes);
    graph_.values.reserve(values);
    names_.reserve(values);
  }

  /// From here on inputs, constants, nodes and outputs belong to a body: a graph inside the graph,
  /// or inside the body that is open already. It sees the names around it and may define them
  /// again; that of a function sees none.
  constexpr void begin_body(string_view name = {}, bool is_function = false) {
    open_.push_back({name, open_nodes_.size(), open_inputs_.size(), open_outputs_.size(),
                     open_constants_.size()});
    names_.open(is_function);
  }

  /// Ends the body that was begun last; returns its index in `graph::bodies`.
  constexpr std::uint32_t end_body() {
    auto const& from = open_.back();
    body b;
    b.name = from.name;
    b.nodes = detail::move_from(open_nodes_, from.nodes, graph_.body_nodes);
    b.inputs = detail::move_from(open_inputs_, from.inputs, graph_.operands);
    b.outputs = detail::move_from(open_outputs_, from.outputs, graph_.operands);
    b.constants = detail::move_from(open_constants_, from.constants, graph_.operands);
    names_.close();
    open_.pop_back();
    graph_.bodies.push_back(b);
    return static_cast<std::uint32_t>(graph_.bodies.size() - 1);
  }

  constexpr bool is_in_body() const { return !open_.empty(); }
  /// The name of the open body; there must be one.
  constexpr string_view body_name() const { return open_.back().name; }
  /// How many nodes the open body, or the graph, has so far.
  constexpr std::size_t nodes_here() const {
    return open_.empty() ? graph_.nodes.size() : open_nodes_.size() - open_.back().nodes;
  }

  /// A node whose operands and attributes stand in the graph already.
  constexpr void add_node(node const& n) {
    (open_.empty() ? graph_.nodes : open_nodes_).push_back(n);
  }

  /// A new value. A name that is taken is an error; an empty name is not looked up.
  constexpr value_id add_value(string_view name, tensor_type const& type) {
    auto const id = static_cast<value_id>(graph_.values.size());
    if (!name.empty()) define(name, id);
    graph_.values.push_back({name, type});
    return id;
  }
  /// Gives a value another name, which must not be empty. One that is taken is an error.
  constexpr void rename(value_id id, string_view name) {
    if (graph_.values[id].name == name) return;
    define(name, id);
    graph_.values[id].name = name;
  }

  /// The value of that name, or `no_value`.
  constexpr value_id find(string_view name) const {
    return names_.find(graph_.values, name, hash_text(name));
  }
  /// The same, without the names around the body that is open.
  constexpr value_id find_here(string_view name) const {
    return names_.find_here(graph_.values, name, hash_text(name));
  }

  constexpr value_id input(string_view name, tensor_type const& type) {
    auto const id = add_value(name, type);
    (open_.empty() ? graph_.inputs : open_inputs_).push_back(id);
    return id;
  }

  /// A constant whose little-endian bytes outlive the graph.
  constexpr value_id constant(string_view name, tensor_type const& type, string_view bytes) {
    auto const id = attached_constant(name, type, bytes);
    if (!open_.empty()) open_constants_.push_back(id);
    return id;
  }
  /// The same for what an attribute or another constant holds: no initializer of a body.
  constexpr value_id attached_constant(string_view name, tensor_type const& type,
                                       string_view bytes) {
    auto const id = add_value(name, type);
    graph_.values[id].constant = static_cast<std::uint32_t>(graph_.constants.size());
    graph_.constants.push_back({bytes});
    return id;
  }

  /// A constant whose elements are copied into the graph.
  template <class T>
  constexpr value_id constant(string_view name, shape const& s, span<T const> elements) {
    auto const id = add_value(name, {element_of<T>, s});
    graph_.values[id].constant = store_elements(graph_, elements);
    if (!open_.empty()) open_constants_.push_back(id);
    return id;
  }
  template <class T>
  constexpr value_id constant(string_view name, shape const& s, std::initializer_list<T> elements) {
    return constant(name, s, span<T const>(elements.begin(), elements.size()));
  }

  /// A node; returns its first output, and the others are the values after it.
  constexpr value_id add(operator_id op, string_view type, string_view name,
                         std::initializer_list<value_id> inputs,
                         std::initializer_list<named_attribute> attributes = {},
                         std::uint32_t outputs = 1) {
    return add(op, type, name, span<value_id const>(inputs.begin(), inputs.size()),
               span<named_attribute const>(attributes.begin(), attributes.size()), outputs);
  }
  constexpr value_id add(operator_id op, string_view type, string_view name,
                         span<value_id const> inputs, span<named_attribute const> attributes,
                         std::uint32_t outputs = 1, string_view domain = {}) {
    node n;
    n.op = op;
    n.type = type;
    n.domain = domain;
    n.name = name;
    n.inputs = append(graph_.operands, inputs);
    n.attributes.first = static_cast<std::uint32_t>(graph_.attributes.size());
    for (auto const& a : attributes) add_attribute(a);
    n.attributes.count = static_cast<std::uint32_t>(graph_.attributes.size()) - n.attributes.first;
    n.outputs.first = static_cast<std::uint32_t>(graph_.operands.size());
    n.outputs.count = outputs;
    auto const first = static_cast<value_id>(graph_.values.size());
    for (std::uint32_t i = 0; i < outputs; ++i) graph_.operands.push_back(add_value({}, {}));
    add_node(n);
    return first;
  }

  constexpr void output(value_id id, string_view name = {}) {
    if (!name.empty()) graph_.values[id].name = name;
    (open_.empty() ? graph_.outputs : open_outputs_).push_back(id);
  }

  /// A dimension without a value, as an extent. The same name is the same dimension.
  constexpr std::int64_t symbol(string_view name) {
    auto const hash = hash_text(name);
    auto const found =
        symbols_.find(hash, [&](std::uint32_t i) { return graph_.symbols[i] == name; });
    if (found != index_table::absent) return -1 - static_cast<std::int64_t>(found);
    symbols_.insert(hash, static_cast<std::uint32_t>(graph_.symbols.size()));
    graph_.symbols.push_back(name);
    return -static_cast<std::int64_t>(graph_.symbols.size());
  }
  /// A dimension without a value or a name, which equals no other.
  constexpr std::int64_t nameless_symbol() {
    graph_.symbols.push_back({});
    return -static_cast<std::int64_t>(graph_.symbols.size());
  }

 private:
  /// A body that is not ended yet, and where its parts begin in the arrays of what is open.
  struct open_body {
    string_view name;
    std::size_t nodes = 0;
    std::size_t inputs = 0;
    std::size_t outputs = 0;
    std::size_t constants = 0;
  };

  constexpr void define(string_view name, value_id id) {
    auto const hash = hash_text(name);
    if (names_.find_here(graph_.values, name, hash) != no_value) {
      graph_.fail(
          make_error(rule::a_name_must_be_defined_once, "the name '", name, "' is defined twice"));
    } else {
      names_.insert(hash, id);
    }
  }

  constexpr void add_attribute(named_attribute const& a) {
    range values;
    switch (a.kind) {
      case attribute_kind::integer: values = append(graph_.integers, span(&a.integer, 1)); break;
      case attribute_kind::real: values = append(graph_.reals, span(&a.real, 1)); break;
      case attribute_kind::text: values = append(graph_.texts, span(&a.text, 1)); break;
      default: values = append(graph_.integers, a.integers); break;
    }
    graph_.attributes.push_back({a.name, a.kind, values});
  }

  Graph graph_;
  name_scopes names_;
  index_table symbols_;
  vector<open_body> open_;
  vector<node> open_nodes_;
  vector<value_id> open_inputs_;
  vector<value_id> open_outputs_;
  vector<value_id> open_constants_;
};
using builder = basic_builder<graph>;

}  // namespace inlay::inline INLAY_VERSION

// Activations, element by element.

// The exponential function as a polynomial in stage operations: the same bits in every stage.

// Polynomials, and sums and products of twice the digits, in stage operations.

// What a kernel is written against: the operations whose meaning a stage gives.

// ONNX's small numbers, by ONNX's names.

// A power of two in a byte, the scale of a block of smaller numbers.

#include <compare>

// Floating-point numbers of 4 to 16 bits: what their bits mean, and rounding to them.

namespace inlay::inline INLAY_VERSION {

/// What a format has beside the finite numbers.
enum class special_values : std::uint8_t {
  ieee,  // infinities, and what is not a number, share the largest exponent
  fn,    // no infinity; all bits beside the sign set is not a number
  fnuz,  // no infinity, no -0: its bits are not a number
  none,
};

/// What a number past the largest one becomes: that one, or infinity, or, without infinity, not a
/// number. ONNX: Cast's attribute `saturate`.
enum class overflow : std::uint8_t { to_largest, to_special };

/// A sign, an exponent and a mantissa, from the highest bit to the lowest. Numbers are rounded
/// once, to the nearest; of two, to the even one. By default those of 16 bits overflow to infinity,
/// the smaller to the largest number.
/// *Source*: ONNX Cast-25; its table says what infinities become, also for older versions.
template <int ExponentBits, int MantissaBits, special_values Special> class small_float {
 public:
  static constexpr int width = 1 + ExponentBits + MantissaBits;
  using storage = std::conditional_t<(width > 8), std::uint16_t, std::uint8_t>;
  static constexpr overflow default_overflow =
      width > 8 ? overflow::to_special : overflow::to_largest;

  small_float() = default;
  explicit constexpr small_float(double x, overflow past = default_overflow)
      : bits_(rounded(x, past)) {}
  explicit constexpr small_float(float x, overflow past = default_overflow)
      : small_float(static_cast<double>(x), past) {}
  template <std::integral Integer>
  explicit constexpr small_float(Integer x, overflow past = default_overflow)
      : small_float(odd_double(x), past) {}

  /// Bits above the `width` lowest are dropped.
  static constexpr small_float from_bits(storage bits) {
    small_float x;
    x.bits_ = static_cast<storage>(bits & (2 * sign_bit - 1));
    return x;
  }
  constexpr storage bits() const { return bits_; }
  static constexpr small_float largest() { return from_bits(static_cast<storage>(last)); }

  explicit constexpr operator float() const {
    auto const magnitude = bits_ & (sign_bit - 1);
    auto const sign = (bits_ & sign_bit) << (32 - width);
    return std::bit_cast<float>(sign | magnitude_of_float(magnitude));
  }
  explicit constexpr operator double() const {
    return static_cast<double>(static_cast<float>(*this));
  }

  constexpr bool is_nan() const {
    auto const magnitude = bits_ & (sign_bit - 1);
    if (Special == special_values::ieee) return magnitude > last + 1;
    if (Special == special_values::fn) return magnitude > last;
    return Special == special_values::fnuz && bits_ == sign_bit;
  }

  friend constexpr bool operator==(small_float a, small_float b) {
    return static_cast<float>(a) == static_cast<float>(b);
  }
  friend constexpr std::partial_ordering operator<=>(small_float a, small_float b) {
    return static_cast<float>(a) <=> static_cast<float>(b);
  }

 private:
  static constexpr std::uint32_t one = 1;
  static constexpr std::uint32_t sign_bit = one << (width - 1);
  static constexpr int bias = (1 << (ExponentBits - 1)) - (Special == special_values::fnuz ? 0 : 1);
  static constexpr int least_exponent = 1 - bias;  // of numbers with all bits of mantissa
  static constexpr std::uint32_t last =            // the bits of the largest number
      Special == special_values::ieee ? sign_bit - (one << MantissaBits) - 1
      : Special == special_values::fn ? sign_bit - 2
                                      : sign_bit - 1;

  constexpr std::uint32_t magnitude_of_float(std::uint32_t magnitude) const {
    constexpr std::uint32_t infinity = 0xffu << 23;
    if (Special == special_values::ieee && magnitude > last) {
      return infinity + ((magnitude - last - 1) << (23 - MantissaBits));
    }
    if (is_nan()) return infinity | one << 22;
    if constexpr (bias != 127) {
      constexpr auto exponent = static_cast<std::uint32_t>(least_exponent - MantissaBits + 127);
      auto const units = static_cast<float>(magnitude) * std::bit_cast<float>(exponent << 23);
      if (magnitude >> MantissaBits == 0) return std::bit_cast<std::uint32_t>(units);
    }
    return (magnitude << (23 - MantissaBits)) + (static_cast<std::uint32_t>(127 - bias) << 23);
  }

  static constexpr storage rounded(double x, overflow past) {
    auto const source = std::bit_cast<std::uint64_t>(x);
    auto const sign = source >> 63 != 0 ? sign_bit : 0;
    // Numbers below 2^-1022 lack the leading one, but they become zero with it or without it.
    auto const fraction = source & ((std::uint64_t{1} << 52) - 1);
    auto const significand = fraction | std::uint64_t{1} << 52;
    auto const exponent = static_cast<int>(source >> 52 & 0x7ff) - 1023;
    if (exponent == 1024 && fraction != 0) return static_cast<storage>(not_a_number(sign));
    auto const kept = exponent > least_exponent ? exponent : least_exponent;
    // A carry out of the mantissa goes to the exponent, and so gives the bits of the next number.
    auto magnitude = static_cast<std::uint64_t>(kept - least_exponent) << MantissaBits;
    if (auto const dropped = 52 - MantissaBits + kept - exponent; dropped <= 53) {
      auto const rest = significand & ((std::uint64_t{1} << dropped) - 1);
      auto const half = std::uint64_t{1} << (dropped - 1);
      magnitude += significand >> dropped;
      magnitude += rest > half || (rest == half && magnitude % 2 == 1) ? 1 : 0;
    }
    if (magnitude > last) {  // the next is infinity, or, without infinity, not a number
      auto const has_next = Special != special_values::none && past == overflow::to_special;
      magnitude = has_next ? last + 1 : last;
    }
    if (Special == special_values::fnuz && magnitude == 0) return 0;
    return static_cast<storage>(sign | magnitude);
  }

  /// Without one it is zero of the other sign, as in ml_dtypes 0.6.0 and so in ONNX's cases.
  static constexpr std::uint32_t not_a_number(std::uint32_t sign) {
    if (Special == special_values::none) return sign ^ sign_bit;
    auto const quiet = Special == special_values::ieee ? one << (MantissaBits - 1) : 0;
    return sign | (last + 1) | quiet;
  }

  /// An integer as a double. One that does not fit becomes an odd neighbour, so that rounding that
  /// to fewer bits rounds the integer itself.
  template <std::integral Integer> static constexpr double odd_double(Integer x) {
    if constexpr (sizeof(Integer) < 8) {
      return static_cast<double>(x);
    } else {
      auto const above = x >> 53;
      if (above == 0 || above == static_cast<Integer>(-1)) return static_cast<double>(x);
      auto const rest = static_cast<Integer>(x % 2048 != 0 ? 1 : 0);
      return 2048 * static_cast<double>((x >> 11) | rest);
    }
  }

  storage bits_;
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// Which power of two a number becomes. ONNX: Cast's attribute `round_mode`.
enum class power_rounding : std::uint8_t {
  up,
  down,
  nearest,  // the larger of two
};

/// From 2^-127, whose bits are 0, to 2^127; all bits set is not a number. What lies outside, be it
/// zero or negative, becomes the nearer end, or, with overflow::to_special, not a number.
/// *Source*: ONNX Cast-24, its table; where that is silent, ONNX Runtime 1.31.1.
class float8e8m0 {
 public:
  static constexpr int width = 8;
  using storage = std::uint8_t;

  float8e8m0() = default;
  explicit constexpr float8e8m0(double x, power_rounding rounding = power_rounding::up,
                                overflow past = overflow::to_largest)
      : bits_(rounded(x, rounding, past)) {}
  explicit constexpr float8e8m0(float x, power_rounding rounding = power_rounding::up,
                                overflow past = overflow::to_largest)
      : float8e8m0(static_cast<double>(x), rounding, past) {}

  static constexpr float8e8m0 from_bits(storage bits) {
    float8e8m0 x;
    x.bits_ = bits;
    return x;
  }
  constexpr storage bits() const { return bits_; }
  constexpr bool is_nan() const { return bits_ == not_a_number; }

  explicit constexpr operator float() const {
    constexpr std::uint32_t least = 1u << 22;  // 2^-127 as a float, which has no leading one
    constexpr std::uint32_t quiet = 0x1ffu << 22;
    if (is_nan()) return std::bit_cast<float>(quiet);
    return std::bit_cast<float>(bits_ == 0 ? least : static_cast<std::uint32_t>(bits_) << 23);
  }
  explicit constexpr operator double() const {
    return static_cast<double>(static_cast<float>(*this));
  }

  friend constexpr bool operator==(float8e8m0 a, float8e8m0 b) {
    return a.bits_ == b.bits_ && !a.is_nan();
  }
  friend constexpr std::partial_ordering operator<=>(float8e8m0 a, float8e8m0 b) {
    return static_cast<float>(a) <=> static_cast<float>(b);
  }

 private:
  static constexpr storage largest = 254;
  static constexpr storage not_a_number = 255;

  static constexpr storage rounded(double x, power_rounding rounding, overflow past) {
    if (x != x) return not_a_number;
    if (x < 0x1p-127) return past == overflow::to_largest ? storage{0} : not_a_number;
    if (x > 0x1p127) return past == overflow::to_largest ? largest : not_a_number;
    auto const source = std::bit_cast<std::uint64_t>(x);
    auto const fraction = source & ((std::uint64_t{1} << 52) - 1);
    auto const half = std::uint64_t{1} << 51;
    auto const is_up = (rounding == power_rounding::up && fraction != 0) ||
                       (rounding == power_rounding::nearest && fraction >= half);
    return static_cast<storage>((source >> 52) - 1023 + 127 + (is_up ? 1 : 0));
  }

  storage bits_;
};

}  // namespace inlay::inline INLAY_VERSION

// Integers of 2 and 4 bits, and elements that share a byte.

namespace inlay::inline INLAY_VERSION {

/// An integer of a few bits, to be stored; computing is done in `int`.
template <int Width, bool IsSigned> class small_integer {
 public:
  static constexpr int width = Width;
  static constexpr int lowest = IsSigned ? -(1 << (Width - 1)) : 0;
  static constexpr int largest = lowest + (1 << Width) - 1;
  using storage = std::uint8_t;

  small_integer() = default;
  /// Higher bits are dropped: 9 becomes -7 as an int4.   *Source*: ONNX Cast-25
  template <std::integral Integer>
  explicit constexpr small_integer(Integer x) : small_integer(from_bits(static_cast<storage>(x))) {}
  /// Rounds toward zero, then drops higher bits; infinity and what is not a number become 0. ONNX
  /// leaves undefined what is out of range; its cases have what ml_dtypes 0.6.0 computes, as here.
  template <std::floating_point Float>
  explicit constexpr small_integer(Float x)
      : small_integer(x > Float{-0x1p63} && x < Float{0x1p63} ? static_cast<std::int64_t>(x) : 0) {}

  /// Bits above the `width` lowest are dropped.
  static constexpr small_integer from_bits(storage bits) {
    auto const kept = bits & ((1 << Width) - 1);
    small_integer x;
    x.value_ = static_cast<number>(kept > largest ? kept - (1 << Width) : kept);
    return x;
  }
  constexpr storage bits() const { return static_cast<storage>(value_ & ((1 << Width) - 1)); }
  constexpr int value() const { return value_; }
  explicit constexpr operator int() const { return value_; }
  explicit constexpr operator float() const { return value_; }

  friend bool operator==(small_integer, small_integer) = default;
  friend auto operator<=>(small_integer, small_integer) = default;

 private:
  using number = std::conditional_t<IsSigned, std::int8_t, std::uint8_t>;
  number value_;
};

/// Element `index` of elements of `T::width` bits that follow each other without gaps, the first in
/// the lowest bits. There must be that many bytes.
template <class T> constexpr T read_packed(string_view bytes, std::size_t index) {
  static_assert(T::width <= 8);
  auto const position = index * static_cast<std::size_t>(T::width);
  auto const in_byte = static_cast<int>(position % 8);
  auto value = static_cast<unsigned>(static_cast<unsigned char>(bytes[position / 8])) >> in_byte;
  if (in_byte + T::width > 8) {
    auto const next = static_cast<unsigned>(static_cast<unsigned char>(bytes[position / 8 + 1]));
    value |= next << (8 - in_byte);
  }
  return T::from_bits(static_cast<typename T::storage>(value));
}

/// Calls `put` with each byte of `count` elements as read_packed finds them; unused bits are 0.
///   int4 1, 2, 3 → 0x21, 0x03
template <class T, class Put>
constexpr void write_packed(T const* elements, std::size_t count, Put&& put) {
  static_assert(T::width <= 8);
  unsigned held = 0;
  int filled = 0;
  for (std::size_t i = 0; i < count; ++i) {
    held |= static_cast<unsigned>(elements[i].bits()) << filled;
    filled += T::width;
    if (filled < 8) continue;
    put(static_cast<char>(held & 0xff));
    held >>= 8;
    filled -= 8;
  }
  if (filled > 0) put(static_cast<char>(held));
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

using float16 = small_float<5, 10, special_values::ieee>;
using bfloat16 = small_float<8, 7, special_values::ieee>;
using float8e4m3fn = small_float<4, 3, special_values::fn>;
using float8e4m3fnuz = small_float<4, 3, special_values::fnuz>;
using float8e5m2 = small_float<5, 2, special_values::ieee>;
using float8e5m2fnuz = small_float<5, 2, special_values::fnuz>;
using float6e2m3 = small_float<2, 3, special_values::none>;
using float6e3m2 = small_float<3, 2, special_values::none>;
using float4e2m1 = small_float<2, 1, special_values::none>;

/// The types that compute. Sums, products and quotients of two as doubles round to 11 bits as the
/// exact results do.
template <class T>
concept sixteen_bit_float = std::same_as<T, float16> || std::same_as<T, bfloat16>;

template <sixteen_bit_float T> constexpr T operator+(T a, T b) {
  return T(static_cast<double>(a) + static_cast<double>(b));
}
template <sixteen_bit_float T> constexpr T operator-(T a, T b) {
  return T(static_cast<double>(a) - static_cast<double>(b));
}
template <sixteen_bit_float T> constexpr T operator*(T a, T b) {
  return T(static_cast<double>(a) * static_cast<double>(b));
}
template <sixteen_bit_float T> constexpr T operator/(T a, T b) {
  return T(static_cast<double>(a) / static_cast<double>(b));
}
template <sixteen_bit_float T> constexpr T operator-(T a) {
  return T::from_bits(static_cast<std::uint16_t>(a.bits() ^ 0x8000));
}

using int4 = small_integer<4, true>;
using uint4 = small_integer<4, false>;
using int2 = small_integer<2, true>;
using uint2 = small_integer<2, false>;

template <> inline constexpr element_type element_of<float16> = element_type::float16;
template <> inline constexpr element_type element_of<bfloat16> = element_type::bfloat16;
template <> inline constexpr element_type element_of<float8e4m3fn> = element_type::float8e4m3fn;
template <> inline constexpr element_type element_of<float8e4m3fnuz> = element_type::float8e4m3fnuz;
template <> inline constexpr element_type element_of<float8e5m2> = element_type::float8e5m2;
template <> inline constexpr element_type element_of<float8e5m2fnuz> = element_type::float8e5m2fnuz;
template <> inline constexpr element_type element_of<float8e8m0> = element_type::float8e8m0;
template <> inline constexpr element_type element_of<float6e2m3> = element_type::float6e2m3;
template <> inline constexpr element_type element_of<float6e3m2> = element_type::float6e3m2;
template <> inline constexpr element_type element_of<float4e2m1> = element_type::float4e2m1;
template <> inline constexpr element_type element_of<int4> = element_type::int4;
template <> inline constexpr element_type element_of<uint4> = element_type::uint4;
template <> inline constexpr element_type element_of<int2> = element_type::int2;
template <> inline constexpr element_type element_of<uint2> = element_type::uint2;

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// The memory of the machine that runs a stage: pointers are pointers.
struct host_memory {
  template <class T> using pointer = T*;
  using numbers = shape;  // one an axis
};

/// Memory as a kernel sees it: where it starts, its extents, its strides in elements. An optional
/// operand that is left out has a null pointer.
template <class T, class Memory = host_memory> struct tensor {
  using element = T;
  typename Memory::template pointer<T> data{};
  typename Memory::numbers extents;
  typename Memory::numbers strides;
};

/// A tensor in the memory that stage `S` computes on.
template <class S, class T> using tensor_of = tensor<T, typename S::memory>;

/// A position along lanes where `Lanes` elements are there to be read or written.
template <int Lanes, class Index> struct full {
  Index at;
  constexpr explicit operator Index() const { return at; }
};

/// The same where only the first `count` of them are there, from none to all.
template <int Lanes, class Index> struct partial {
  Index at;
  Index count;
  constexpr explicit operator Index() const { return at; }
};

/// The vector of `T` that stage `S` computes with.
template <class S, class T> using vec = typename S::template vec<T>;

/// The number of logical lanes of a reduction: whatever a machine has, the sum of elements is the
/// same tree. Lane `l` combines elements l, l + 32, l + 64, … in this order, starting from the
/// identity; then lanes l and l + 16 are combined, l and l + 8, … l and l + 1.
inline constexpr int reduction_lanes = 32;

/// What a stage computes with where tensors hold elements of `T`: floats of 16 bits are widened
/// when they are loaded and rounded when they are stored, to the nearest, halves to even.
template <class T>
using computed_type =
    std::conditional_t<sixteen_bit_float<std::remove_const_t<T>>, float, std::remove_const_t<T>>;

/// What a vector holds where tensors hold elements of `T`: the same, and bytes of truths.
template <class T>
using lane_of =
    std::conditional_t<std::is_same_v<std::remove_cv_t<T>, bool>, std::uint8_t, computed_type<T>>;

/// Four elements of a byte each, which products of bytes take together.
template <class T> struct quad {
  T element[4];
};

/// Stands for `T` where vectors of it shall hold `Most` elements, if the machine's hold more.
template <class T, int Most> struct narrow {};

/// A stage gives each line of a kernel its meaning: compute it, vectorise it, emit it.
///
/// `width<T>` is how many elements a vector holds, `registers` how many vectors the machine does.
/// All vectors of one call have as many elements, as many as a position of theirs: one of bytes
/// that is loaded at a position of floats has as many as one of floats. `splat<T, Lane>`,
/// `splat_index<T, Lane>` and `broadcast<Lane>` have as many as one of `Lane`, a type or `narrow`
/// of one. `splat_like(x, a)` has as many as x. `splat_index<T>(i)` is the nearest number to an
/// index.
///
/// *Numbers*: `add subtract multiply divide sqrt` round once, `fma(a, b, c)` is a·b + c rounded
/// once, `max(a, b)` is a where a > b or a is not a number, else b; `min` likewise. Integers wrap,
/// in `abs` and `negate` too; `divide` takes them toward zero, and is zero where b is. `nearest`
/// (halves to even), `floor` and `ceil` are whole numbers with the sign of x, `copy_sign(x, a)` is
/// x with the sign of a.
/// *Conversions*: `convert<To>` keeps the value where `To` has it: integers wrap, reals round to
/// the nearest, halves to even; a real becomes an integer toward zero, or the nearest one that
/// there is, or 0 where it is not a number; a truth is what is not 0. `round<To>` likewise, but to
/// the nearest integer, halves to even; `saturate<To>(n)` is the nearest one to an integer of 32
/// bits. *Choices*: `equal less less_or_equal is_nan is_true` give masks, one truth a lane;
/// `select(m, a, b)` is a where m holds, else b, of elements of any size;
/// `select_rare(m, a, b)` likewise of what a() computes, which is not called where m holds nowhere;
/// `to_bools(m)` are elements of a tensor of bool, which vectors hold as bytes. *Bits* of integers:
/// `bit_and bit_or bit_xor bit_not`, `shift_left<By>`, `shift_right<By>`, which keeps the sign.
/// *Memory*: `load(t, i…)` reads the vector that starts there, where one index is a position along
/// lanes; what lies beyond a partial one is neither read nor written. `broadcast(t, i…)` reads one
/// element into every lane; `load_or_broadcast(t, j)` does the one or the other as the only axis of
/// `t` has a stride; `store(t, i…, x)` writes; `gather(t, n, j)` reads t[n], for the lanes of j;
/// `slice(t, at, axes)` fixes the indices of the first axes. `in_register(x)` is x, for many
/// operations to use: not to be loaded again for each. `transpose_block(x, y, i, j)` has
/// y[j + c, i + r] = x[i + r, j + c] for `block_rows<T>` and `block_columns<T>`; rows of both are
/// contiguous.
/// *Indices* are integers that may be computed with: `+ - * /`, `divide_up`, `smaller`,
/// `larger`, `shift`; extents and strides are some. `known(i, otherwise)` is an index as a number,
/// or `otherwise` where only the code that is written knows it. `index_of(t, n, i…)` is an element
/// of a tensor of int64 as an index of an axis of n elements, at least one: it counts from the end
/// if it is negative, and the nearest one is meant where there is none. `workspace<T, Size>(s)` is
/// memory while the kernel runs.
/// *Control*: `loop(n, body)` calls `body(i)`; `loop_nest(extents, axes, body)` calls
/// `body(indices)` over the first axes; `loop_lanes<T>(n, body)` calls `body(j)` with positions
/// along lanes; `loop_tiles(n, size, body)` calls `body(i)` for runs of `size` that cover n, at
/// least `size`, of which the last may overlap the one before; `if_at_most(a, b, body)` is
/// `body(c)`, where c is whether a ≤ b, as a constant; `lanes_from<T, Whole>(at, end)` is a
/// position of which all elements are there if `Whole`, else those before `end`; `fold(begin, end,
/// initial, body)` carries `acc = body(i, acc)`; `reduce_lanes<T>(n, identity, at, combine)`
/// combines at(0) … at(n-1) in the order that `reduction_lanes` fixes.
/// *Products of bytes*: `load_quads(t, i…)` reads the four elements along the last axis of `t`,
/// which has no index, at each position; `broadcast_quads(t, i…)` the same four into every lane;
/// `add_products(a, b, c)` adds to c the four products of unsigned with signed bytes, exactly, but
/// that the sum wraps. `has_quad_products` says whether one instruction does.
///
/// A kernel writes one stage call per statement, with its arguments named first: compilers evaluate
/// nested arguments in different orders, and a stage that emits code would emit different programs.
template <class S>
concept stage = requires(S& s, vec<S, float> x, vec<S, std::int32_t> n, tensor_of<S, float> t,
                         typename S::index i, typename S::template lanes<float> j,
                         typename S::template mask<float> m) {
  { s.template splat<float>(1.0f) } -> std::same_as<vec<S, float>>;
  { s.splat_like(x, 1.0f) } -> std::same_as<vec<S, float>>;
  { s.template splat_index<float>(i) } -> std::same_as<vec<S, float>>;
  { s.add(x, x) } -> std::same_as<vec<S, float>>;
  { s.subtract(x, x) } -> std::same_as<vec<S, float>>;
  { s.multiply(x, x) } -> std::same_as<vec<S, float>>;
  { s.divide(x, x) } -> std::same_as<vec<S, float>>;
  { s.sqrt(x) } -> std::same_as<vec<S, float>>;
  { s.fma(x, x, x) } -> std::same_as<vec<S, float>>;
  { s.max(x, x) } -> std::same_as<vec<S, float>>;
  { s.min(x, x) } -> std::same_as<vec<S, float>>;
  { s.abs(x) } -> std::same_as<vec<S, float>>;
  { s.negate(x) } -> std::same_as<vec<S, float>>;
  { s.copy_sign(x, x) } -> std::same_as<vec<S, float>>;
  { s.nearest(x) } -> std::same_as<vec<S, float>>;
  { s.floor(x) } -> std::same_as<vec<S, float>>;
  { s.ceil(x) } -> std::same_as<vec<S, float>>;
  { s.exponent(x) } -> std::same_as<vec<S, std::int32_t>>;
  { s.half(n) } -> std::same_as<vec<S, std::int32_t>>;
  { s.template power_of_two<float>(n) } -> std::same_as<vec<S, float>>;
  // Conversions.
  { s.round_to_integer(x) } -> std::same_as<vec<S, std::int32_t>>;
  { s.template convert<float>(n) } -> std::same_as<vec<S, float>>;
  { s.template round<std::int32_t>(x) } -> std::same_as<vec<S, std::int32_t>>;
  s.template saturate<std::int8_t>(n);
  // Choices and bits.
  { s.equal(x, x) } -> std::same_as<typename S::template mask<float>>;
  { s.less(x, x) } -> std::same_as<typename S::template mask<float>>;
  { s.less_or_equal(x, x) } -> std::same_as<typename S::template mask<float>>;
  { s.is_nan(x) } -> std::same_as<typename S::template mask<float>>;
  { s.select(m, x, x) } -> std::same_as<vec<S, float>>;
  { s.select_rare(m, static_cast<vec<S, float> (*)()>(nullptr), x) } -> std::same_as<vec<S, float>>;
  s.to_bools(m);
  { s.bit_and(n, n) } -> std::same_as<vec<S, std::int32_t>>;
  { s.bit_or(n, n) } -> std::same_as<vec<S, std::int32_t>>;
  { s.bit_xor(n, n) } -> std::same_as<vec<S, std::int32_t>>;
  { s.bit_not(n) } -> std::same_as<vec<S, std::int32_t>>;
  { s.template shift_left<1>(n) } -> std::same_as<vec<S, std::int32_t>>;
  { s.template shift_right<1>(n) } -> std::same_as<vec<S, std::int32_t>>;
  // Memory.
  { s.load(t, i, j) } -> std::same_as<vec<S, float>>;
  { s.broadcast(t, i, i) } -> std::same_as<vec<S, float>>;
  { s.load_or_broadcast(t, j) } -> std::same_as<vec<S, float>>;
  { s.gather(t, n, j) } -> std::same_as<vec<S, float>>;
  { s.in_register(x) } -> std::same_as<vec<S, float>>;
  { s.slice(t, &i, 1) } -> std::same_as<tensor_of<S, float>>;
  s.store(t, i, j, x);
  requires S::template block_rows<float> >= 1 && S::template block_columns<float> >= 1;
  requires std::constructible_from<typename S::template workspace<float, 1>, S&>;
  // Indices and control.
  { s.divide_up(i, i) } -> std::same_as<typename S::index>;
  { s.smaller(i, i) } -> std::same_as<typename S::index>;
  { s.larger(i, i) } -> std::same_as<typename S::index>;
  { s.known(i, std::int64_t{}) } -> std::same_as<std::int64_t>;
  { s.index_of(tensor_of<S, std::int64_t const>{}, i, i) } -> std::same_as<typename S::index>;
  s.shift(j, i);
  s.template lanes_from<float, false>(i, i);
  requires S::template width<float> >= 1 && S::registers >= 1;
  s.loop(i, [](auto) {});
  s.loop_nest(t.extents, 1, [](auto) {});
  s.loop_tiles(i, i, [](auto) {});
  s.if_at_most(i, i, [](auto) {});
  s.template loop_lanes<float>(i, [](auto) {});
  {
    s.fold(i, i, x, [](auto, auto acc) { return acc; })
  } -> std::same_as<vec<S, float>>;
  { S::has_quad_products } -> std::convertible_to<bool>;
};

}  // namespace inlay::inline INLAY_VERSION

INLAY_BEGIN_TARGET

/// c0 + c1·x + c2·x² + …, from the last one on (Horner).
template <class T, stage S, class V, std::size_t Count>
INLAY_INLINE constexpr V polynomial(S& s, V const& x, T const (&coefficients)[Count]) {
  auto p = s.splat_like(x, coefficients[Count - 1]);
  for (std::size_t i = Count - 1; i > 0; --i) {
    auto const c = s.splat_like(x, coefficients[i - 1]);
    p = s.fma(p, x, c);
  }
  return p;
}

/// A number of twice the digits: high + low, where |low| is at most half a unit in the last place
/// of `high`.   *Source*: T. J. Dekker, A floating-point technique for extending the available
/// precision, 1971. Its exactness needs a fused multiply-add of one rounding.
template <class V> struct two_words {
  V high;
  V low;
};

/// a + b, exactly, where b has no larger exponent than a, or a is 0.
template <stage S, class V>
INLAY_INLINE constexpr two_words<V> add_smaller(S& s, V const& a, V const& b) {
  auto const high = s.add(a, b);
  auto const added = s.subtract(high, a);
  auto const low = s.subtract(b, added);
  return {high, low};
}
/// a + b, exactly.   *Source*: D. E. Knuth, The Art of Computer Programming, volume 2, 4.2.2.
template <stage S, class V>
INLAY_INLINE constexpr two_words<V> add_exactly(S& s, V const& a, V const& b) {
  auto const high = s.add(a, b);
  auto const second = s.subtract(high, a);
  auto const first = s.subtract(high, second);
  auto const rest_of_b = s.subtract(b, second);
  auto const rest_of_a = s.subtract(a, first);
  auto const low = s.add(rest_of_a, rest_of_b);
  return {high, low};
}
/// a · b, exactly.
template <stage S, class V>
INLAY_INLINE constexpr two_words<V> multiply_exactly(S& s, V const& a, V const& b) {
  auto const high = s.multiply(a, b);
  auto const negated = s.negate(high);
  auto const low = s.fma(a, b, negated);
  return {high, low};
}
/// a · b, but for the product of both low words.
template <stage S, class V>
INLAY_INLINE constexpr two_words<V> multiply_words(S& s, two_words<V> const& a,
                                                   two_words<V> const& b) {
  auto const product = multiply_exactly(s, a.high, b.high);
  auto const partly = s.fma(a.high, b.low, product.low);
  auto const low = s.fma(a.low, b.high, partly);
  return {product.high, low};
}
template <stage S, class V>
INLAY_INLINE constexpr two_words<V> multiply_words(S& s, two_words<V> const& a, V const& b) {
  auto const product = multiply_exactly(s, a.high, b);
  auto const low = s.fma(a.low, b, product.low);
  return {product.high, low};
}

/// a / (1 + b) for b from 0 to 1, within 0.6 units in the last place.
template <class T, stage S, class V>
INLAY_INLINE constexpr V divide_by_more_than_one(S& s, V const& a, V const& b) {
  auto const one = s.splat_like(b, T{1});
  auto const denominator = add_smaller(s, one, b);
  auto const reciprocal = s.divide(one, denominator.high);
  auto const quotient = s.multiply(a, reciprocal);
  auto const negated = s.negate(quotient);
  auto const coarse_rest = s.fma(negated, denominator.high, a);
  auto const rest = s.fma(negated, denominator.low, coarse_rest);
  return s.fma(rest, reciprocal, quotient);
}

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// exp(x) = 2^n · exp(r) with |r| ≤ ln(2) / 2, where exp(r) = 1 + r + r²·(c0 + c1·r + …).
template <class T> struct exp_constants;

/// *Source*: Cephes, expf.c.
template <> struct exp_constants<float> {
  static constexpr float lowest = -104.0f;  // below, the result rounds to 0
  static constexpr float highest = 88.8f;   // above, it rounds to infinity
  static constexpr float log2_e = 1.44269504088896341f;
  static constexpr float ln2_high = 0.693359375f;
  static constexpr float ln2_low = -2.12194440e-4f;
  static constexpr float coefficients[] = {5.0000001201e-1f, 1.6666665459e-1f, 4.1665795894e-2f,
                                           8.3334519073e-3f, 1.3981999507e-3f, 1.9875691500e-4f};
};

/// *Source*: the Taylor series to r^13, whose remainder is below 2^-57.
template <> struct exp_constants<double> {
  static constexpr double lowest = -746.0;
  static constexpr double highest = 710.0;
  static constexpr double log2_e = 1.44269504088896340736;
  static constexpr double ln2_high = 6.93147180369123816490e-1;
  static constexpr double ln2_low = 1.90821492927058770002e-10;
  static constexpr double coefficients[] = {
      1.0 / 2,     1.0 / 6,      1.0 / 24,      1.0 / 120,      1.0 / 720,       1.0 / 5040,
      1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
};

/// x = n · ln(2) + rest, where what ln2_low takes from `coarse` is still to be taken.
template <class V, class Integers> struct exp_reduction {
  Integers n;
  V whole;
  V coarse;
};
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr auto reduce_exponent(S& s, V const& x) {
  using constants = exp_constants<T>;
  auto const log2_e = s.splat_like(x, constants::log2_e);
  auto const scaled = s.multiply(x, log2_e);
  auto const n = s.round_to_integer(scaled);
  auto const whole = s.template convert<T>(n);
  auto const minus_ln2_high = s.splat_like(x, -constants::ln2_high);
  auto const coarse = s.fma(whole, minus_ln2_high, x);
  return exp_reduction<std::remove_cv_t<V>, std::remove_cv_t<decltype(n)>>{n, whole, coarse};
}

/// x · 2^n, in two factors, since n may pass the exponents of normal numbers.
template <std::floating_point T, stage S, class V, class Integers>
INLAY_INLINE constexpr V scale_by_power(S& s, V const& x, Integers const& n) {
  auto const n0 = s.half(n);
  auto const n1 = s.subtract(n, n0);
  auto const scale0 = s.template power_of_two<T>(n0);
  auto const scale1 = s.template power_of_two<T>(n1);
  auto const partly = s.multiply(x, scale0);
  return s.multiply(partly, scale1);
}

/// e to the power of a number between `lowest` and `highest`.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V exp_within(S& s, V const& clamped) {
  using constants = exp_constants<T>;
  auto const [n, whole, coarse] = reduce_exponent<T>(s, clamped);
  auto const minus_ln2_low = s.splat_like(clamped, -constants::ln2_low);
  auto const r = s.fma(whole, minus_ln2_low, coarse);
  auto const p = polynomial<T>(s, r, constants::coefficients);
  auto const square = s.multiply(r, r);
  auto const one = s.splat_like(clamped, T{1});
  auto const linear = s.fma(p, square, r);
  auto const mantissa = s.add(linear, one);
  return scale_by_power<T>(s, mantissa, n);
}

/// e to the power of x, within 1.02 units in the last place; results below the normal numbers are
/// rounded once more. Not a number stays so.
template <std::floating_point T, stage S, class V> INLAY_INLINE constexpr V exp(S& s, V const& x) {
  auto const lowest = s.splat_like(x, exp_constants<T>::lowest);
  auto const highest = s.splat_like(x, exp_constants<T>::highest);
  auto const above = s.max(x, lowest);
  auto const clamped = s.min(above, highest);
  return exp_within<T>(s, clamped);
}

/// The same for numbers that are not above 0, in fewer operations.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V exp_of_nonpositive(S& s, V const& x) {
  auto const lowest = s.splat_like(x, exp_constants<T>::lowest);
  auto const clamped = s.max(x, lowest);
  return exp_within<T>(s, clamped);
}

/// e to the power of high + low as 2^n · m, with m in two words, within 0.1 units in the last
/// place. `low` is at most a unit in the last place of `high`, which is between `lowest` and
/// `highest`.
template <class V, class Integers> struct exp_parts {
  Integers n;
  two_words<V> mantissa;
};
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr auto exp_of_words(S& s, V const& high, V const& low) {
  using constants = exp_constants<T>;
  auto const [n, whole, coarse] = reduce_exponent<T>(s, high);
  auto const minus_ln2_low = s.splat_like(high, -constants::ln2_low);
  auto const fine = s.fma(whole, minus_ln2_low, low);
  // Where `coarse` is smaller, both are too small for the error to matter.
  auto const r = add_smaller(s, coarse, fine);
  auto const p = polynomial<T>(s, r.high, constants::coefficients);
  auto const square = s.multiply(r.high, r.high);
  auto const tail = s.fma(p, square, r.low);
  auto const one = s.splat_like(high, T{1});
  auto const sum = add_smaller(s, one, r.high);
  auto const rest = s.add(sum.low, tail);
  return exp_parts<std::remove_cv_t<V>, std::remove_cv_t<decltype(n)>>{n, {sum.high, rest}};
}

/// The number itself, within 0.6 units in the last place.
template <std::floating_point T, stage S, class V, class Integers>
INLAY_INLINE constexpr V exp_of_parts(S& s, exp_parts<V, Integers> const& parts) {
  auto const mantissa = s.add(parts.mantissa.high, parts.mantissa.low);
  return scale_by_power<T>(s, mantissa, parts.n);
}
/// The same times a factor of two words.
template <std::floating_point T, stage S, class V, class Integers>
INLAY_INLINE constexpr V exp_of_parts(S& s, exp_parts<V, Integers> const& parts,
                                      two_words<V> const& factor) {
  auto const product = multiply_words(s, parts.mantissa, factor);
  auto const mantissa = s.add(product.high, product.low);
  return scale_by_power<T>(s, mantissa, parts.n);
}

/// e to the power of x, less 1, for numbers that are not above 0: within 1.2 units in the last
/// place.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V exp_less_one(S& s, V const& x) {
  using constants = exp_constants<T>;
  // Below, the result rounds to -1.
  auto const lowest = s.splat_like(x, T{-40});
  auto const clamped = s.max(x, lowest);
  auto const [n, whole, coarse] = reduce_exponent<T>(s, clamped);
  auto const minus_ln2_low = s.splat_like(x, -constants::ln2_low);
  auto const r = s.fma(whole, minus_ln2_low, coarse);
  auto const p = polynomial<T>(s, r, constants::coefficients);
  auto const square = s.multiply(r, r);
  auto const linear = s.fma(p, square, r);
  auto const scale = s.template power_of_two<T>(n);
  auto const minus_one = s.splat_like(x, T{-1});
  auto const less = s.add(scale, minus_one);
  return s.fma(linear, scale, less);
}

INLAY_END_TARGET

// The hyperbolic tangent, the logistic function and its integral, in stage operations.

// The natural logarithm as a polynomial in stage operations: the same bits in every stage.

INLAY_BEGIN_TARGET

/// log(x) = n · ln(2) + log(1 + f) with x = 2^n · (1 + f), 1 + f in [√½, √2]; with
/// q = f / (2 + f), log(1 + f) = f - f²/2 + q · (f²/2 + q²·(c0 + c1·q² + …)).
template <class T> struct log_constants;

/// *Source*: FreeBSD, e_logf.c.
template <> struct log_constants<float> {
  static constexpr float least = 0x1p-149f;
  static constexpr float most = 0x1.fffffep127f;
  static constexpr float sqrt_2 = 1.41421356237309504880f;
  static constexpr float ln2_high = 6.9313812256e-01f;
  static constexpr float ln2_low = 9.0580006145e-06f;
  static constexpr float coefficients[] = {0xaaaaaa.0p-24f, 0xccce13.0p-25f, 0x91e9ee.0p-25f,
                                           0xf89e26.0p-26f};
};

/// *Source*: fdlibm, e_log.c.
template <> struct log_constants<double> {
  static constexpr double least = 0x1p-1074;
  static constexpr double most = 0x1.fffffffffffffp1023;
  static constexpr double sqrt_2 = 1.41421356237309504880;
  static constexpr double ln2_high = 6.93147180369123816490e-1;
  static constexpr double ln2_low = 1.90821492927058770002e-10;
  static constexpr double coefficients[] = {6.666666666666735130e-1, 3.999999999940941908e-1,
                                            2.857142874366239149e-1, 2.222219843214978396e-1,
                                            1.818357216161805012e-1, 1.531383769920937332e-1,
                                            1.479819860511658591e-1};
};

/// A number above 0 as 2^n · m, with m from √½ to √2.
template <class V, class Integers> struct log_reduction {
  Integers n;
  V mantissa;
};
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr auto reduce_logarithm(S& s, V const& x) {
  auto const exponent = s.exponent(x);
  auto const scale_down = [&](V const& y, auto const& n) INLAY_INLINE_LAMBDA {
    auto const negated = s.negate(n);
    return scale_by_power<T>(s, y, negated);
  };
  auto const from_one_to_two = scale_down(x, exponent);
  auto const sqrt_2 = s.splat_like(x, log_constants<T>::sqrt_2);
  auto const compared = s.multiply(from_one_to_two, sqrt_2);
  auto const step = s.exponent(compared);
  auto const n = s.add(exponent, step);
  auto const mantissa = scale_down(from_one_to_two, step);
  return log_reduction<std::remove_cv_t<V>, std::remove_cv_t<decltype(n)>>{n, mantissa};
}

/// n · ln(2) + log(1 + f), for 1 + f from √½ to √2 and a whole n.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V log_of_parts(S& s, V const& n, V const& f) {
  using constants = log_constants<T>;
  auto const two = s.splat_like(f, T{2});
  auto const denominator = s.add(f, two);
  auto const q = s.divide(f, denominator);
  auto const square = s.multiply(q, q);
  auto const p = polynomial<T>(s, square, constants::coefficients);
  auto const half = s.splat_like(f, T(0.5));
  auto const half_f = s.multiply(f, half);
  auto const half_square = s.multiply(half_f, f);
  auto const series = s.fma(p, square, half_square);
  auto const ln2_high = s.splat_like(f, constants::ln2_high);
  auto const ln2_low = s.splat_like(f, constants::ln2_low);
  auto const low = s.multiply(n, ln2_low);
  auto const correction = s.fma(q, series, low);
  auto const taken = s.subtract(half_square, correction);
  auto const fraction = s.subtract(f, taken);
  return s.fma(n, ln2_high, fraction);
}

/// The natural logarithm, within 0.9 units in the last place. Minus infinity of 0, not a number
/// below.
template <std::floating_point T, stage S, class V> INLAY_INLINE constexpr V log(S& s, V const& x) {
  using constants = log_constants<T>;
  auto const least = s.splat_like(x, constants::least);
  auto const most = s.splat_like(x, constants::most);
  auto const above = s.max(x, least);
  auto const clamped = s.min(above, most);
  auto const parts = reduce_logarithm<T>(s, clamped);
  auto const one = s.splat_like(x, T{1});
  auto const f = s.subtract(parts.mantissa, one);
  auto const n = s.template convert<T>(parts.n);
  auto const finite = log_of_parts<T>(s, n, f);
  auto const is_infinite = s.less(most, x);
  auto const of_large = s.select(is_infinite, x, finite);
  auto const minus_infinity = s.splat_like(x, static_cast<T>(-__builtin_inf()));
  auto const not_a_number = s.splat_like(x, static_cast<T>(__builtin_nan("")));
  auto const zero = s.splat_like(x, T{0});
  auto const is_negative = s.less(x, zero);
  auto const of_small = s.select(is_negative, not_a_number, minus_infinity);
  auto const is_small = s.less(x, least);
  return s.select(is_small, of_small, of_large);
}

/// The natural logarithm of 1 + x, for x from 0 to 1: within 1.2 units in the last place.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V log_of_one_plus(S& s, V const& x) {
  auto const half = s.splat_like(x, T(0.5));
  auto const minus_half = s.splat_like(x, T(-0.5));
  auto const last_small = s.splat_like(x, log_constants<T>::sqrt_2 - 1);
  auto const one = s.splat_like(x, T{1});
  auto const zero = s.splat_like(x, T{0});
  auto const is_small = s.less(x, last_small);
  auto const halved = s.fma(x, half, minus_half);
  auto const f = s.select(is_small, x, halved);
  auto const n = s.select(is_small, zero, one);
  return log_of_parts<T>(s, n, f);
}

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// tanh(x) = x + x³·(c0 + c1·x² + …) for |x| < 0.625, of the least relative error.
template <class T> struct tanh_constants;

template <> struct tanh_constants<float> {
  static constexpr float most = 10.0f;  // above, the result rounds to 1
  static constexpr float coefficients[] = {-0x1.555532p-2f, 0x1.1106f6p-3f, -0x1.b835a6p-5f,
                                           0x1.51f8f0p-6f, -0x1.750df8p-8f};
};
template <> struct tanh_constants<double> {
  static constexpr double most = 20.0;
  static constexpr double coefficients[] = {
      -0x1.55555555554ffp-2,  0x1.111111110acd9p-3,  -0x1.ba1ba1b5069b1p-5,  0x1.664f477ae177bp-6,
      -0x1.226e162c12019p-7,  0x1.d6cf280489419p-9,  -0x1.7d68a26255804p-10, 0x1.33660bcbb8270p-11,
      -0x1.df5535a173040p-13, 0x1.439075379f9bap-14, -0x1.0da5bef9b2fb5p-16};
};

/// The hyperbolic tangent: 1 - 2 / (exp(2·|x|) + 1), with the sign of x, where that is far from 0.
/// Within 1.35 units in the last place.
template <std::floating_point T, stage S, class V> INLAY_INLINE constexpr V tanh(S& s, V const& x) {
  using constants = tanh_constants<T>;
  auto const magnitude = s.abs(x);
  auto const square = s.multiply(x, x);
  auto const p = polynomial<T>(s, square, constants::coefficients);
  auto const scaled = s.multiply(p, square);
  auto const near = s.fma(scaled, magnitude, magnitude);
  auto const most = s.splat_like(x, constants::most);
  auto const clamped = s.min(magnitude, most);
  auto const twice = s.add(clamped, clamped);
  auto const power = exp_within<T>(s, twice);
  auto const one = s.splat_like(x, T{1});
  auto const two = s.splat_like(x, T{2});
  auto const denominator = s.add(power, one);
  auto const quotient = s.divide(two, denominator);
  auto const far = s.subtract(one, quotient);
  auto const last_near = s.splat_like(x, T(0.625));
  auto const is_near = s.less(magnitude, last_near);
  auto const result = s.select(is_near, near, far);
  return s.copy_sign(result, x);
}

/// 1 / (1 + exp(-x)), within 1.5 units in the last place.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V sigmoid(S& s, V const& x) {
  // As exp(x) / (1 + exp(x)) where x is negative: no power is above 1.
  auto const magnitude = s.abs(x);
  auto const negated = s.negate(magnitude);
  auto const lowest = s.splat_like(x, exp_constants<T>::lowest);
  auto const clamped = s.max(negated, lowest);
  auto const zero = s.splat_like(x, T{0});
  auto const parts = exp_of_words<T>(s, clamped, zero);
  auto const power = exp_of_parts<T>(s, parts);
  auto const one = s.splat_like(x, T{1});
  auto const is_negative = s.less(x, zero);
  auto const numerator = s.select(is_negative, power, one);
  return divide_by_more_than_one<T>(s, numerator, power);
}

/// log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)), within 1.65 units in the last place.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V softplus(S& s, V const& x) {
  auto const magnitude = s.abs(x);
  auto const negated = s.negate(magnitude);
  auto const power = exp_of_nonpositive<T>(s, negated);
  auto const logarithm = log_of_one_plus<T>(s, power);
  auto const zero = s.splat_like(x, T{0});
  auto const positive = s.max(x, zero);
  return s.add(positive, logarithm);
}

INLAY_END_TARGET

// What operators that compute element by element have in common.

// Multidirectional broadcasting, as ONNX and numpy define it.

// Arithmetic on the dimensions of a graph.

// Dividing sums of products of symbols.

// Sums of products of symbols: the numbers that extents are made of.

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Which product stands first: the one of more factors, then the one whose factors come first. It
/// stays first when both are multiplied by a third. Below 0 where it is a's, 0 where both are one.
constexpr int compare_factors(dimension_term const& a, dimension_term const& b) {
  if (a.degree != b.degree) return b.degree - a.degree;
  for (int i = 0; i < a.degree; ++i) {
    if (a.factors[i] != b.factors[i]) return a.factors[i] < b.factors[i] ? -1 : 1;
  }
  return 0;
}

/// a · b; false where it is too large.
constexpr bool multiply(dimension_term const& a, dimension_term const& b, dimension_term& to) {
  if (a.degree + b.degree > max_factors) return false;
  if (!checked_multiply(a.coefficient, b.coefficient, to.coefficient)) return false;
  to.degree = 0;
  for (int i = 0, k = 0; i < a.degree || k < b.degree;) {
    bool const from_a = k == b.degree || (i < a.degree && a.factors[i] <= b.factors[k]);
    to.factors[to.degree++] = from_a ? a.factors[i++] : b.factors[k++];
  }
  return true;
}

/// The factors of a without those of b, and a's coefficient; false where b has others.
constexpr bool cancel(dimension_term const& a, dimension_term const& b, dimension_term& to) {
  to = {a.coefficient, {}, 0};
  int k = 0;
  for (int i = 0; i < a.degree; ++i) {
    if (k < b.degree && a.factors[i] == b.factors[k]) ++k;
    else to.factors[to.degree++] = a.factors[i];
  }
  return k == b.degree;
}

}  // namespace detail

/// A number or a sum of terms in normal form: no two of the same factors, none of coefficient 0, in
/// the order of `compare_factors`. Equal sums are equal as polynomials. A sum that is too large to
/// be kept (a coefficient passes 64 bits, a product 8 factors, the sum 64 terms) is unknown, and so
/// is all that is computed from it.
class dimension_sum {
 public:
  constexpr dimension_sum() = default;
  constexpr dimension_sum(std::int64_t number) { add({number, {}, 0}); }
  constexpr explicit dimension_sum(dimension_term const& t) { add(t); }
  /// Terms in normal form.
  constexpr explicit dimension_sum(span<dimension_term const> terms) {
    terms_.append(terms.data(), terms.size());
  }
  static constexpr dimension_sum of_symbol(std::uint32_t symbol) {
    return dimension_sum(dimension_term{1, {symbol}, 1});
  }
  static constexpr dimension_sum unknown() {
    dimension_sum s;
    s.is_unknown_ = true;
    return s;
  }

  constexpr bool is_unknown() const { return is_unknown_; }
  constexpr bool is_number() const {
    return !is_unknown_ && (terms_.empty() || (terms_.size() == 1 && terms_[0].degree == 0));
  }
  /// Its constant term: all of it, where it is a number.
  constexpr std::int64_t number() const {
    return terms_.empty() || terms_.back().degree != 0 ? 0 : terms_.back().coefficient;
  }
  /// Whether it is one symbol and nothing else.
  constexpr bool is_symbol() const {
    return terms_.size() == 1 && terms_[0].degree == 1 && terms_[0].coefficient == 1;
  }
  constexpr span<dimension_term const> terms() const { return {terms_.data(), terms_.size()}; }

  constexpr void add(dimension_term const& t) {
    if (t.coefficient == 0 || is_unknown_) return;
    // So that each number has a negative.
    if (t.coefficient == INT64_MIN) return give_up();
    std::size_t at = terms_.size();
    while (at != 0 && detail::compare_factors(t, terms_[at - 1]) < 0) --at;
    if (at != 0 && detail::compare_factors(t, terms_[at - 1]) == 0) return add_to(at - 1, t);
    if (terms_.size() == max_expression_size) return give_up();
    terms_.push_back(dimension_term(t));
    for (auto i = terms_.size() - 1; i != at; --i) terms_[i] = terms_[i - 1];
    terms_[at] = t;
  }

  constexpr dimension_sum& operator+=(dimension_sum const& other) {
    if (other.is_unknown_) give_up();
    for (auto const& t : other.terms_) add(t);
    return *this;
  }
  friend constexpr dimension_sum operator+(dimension_sum a, dimension_sum const& b) {
    a += b;
    return a;
  }
  friend constexpr dimension_sum operator*(dimension_sum const& a, dimension_sum const& b) {
    dimension_sum product;
    if (a.is_unknown_ || b.is_unknown_) return unknown();
    // A limit on the work, too: terms that cancel count.
    if (a.terms_.size() * b.terms_.size() > max_expression_size) return unknown();
    for (auto const& x : a.terms_) {
      for (auto const& y : b.terms_) {
        dimension_term t;
        if (!detail::multiply(x, y, t)) return unknown();
        product.add(t);
      }
    }
    return product;
  }
  friend constexpr dimension_sum operator-(dimension_sum const& a) { return a * dimension_sum(-1); }
  friend constexpr dimension_sum operator-(dimension_sum const& a, dimension_sum const& b) {
    return a + -b;
  }

  /// The same polynomial. Nothing equals what is unknown.
  friend constexpr bool operator==(dimension_sum const& a, dimension_sum const& b) {
    if (a.is_unknown_ || b.is_unknown_ || a.terms_.size() != b.terms_.size()) return false;
    for (std::size_t i = 0; i < a.terms_.size(); ++i) {
      if (!(a.terms_[i] == b.terms_[i])) return false;
    }
    return true;
  }

 private:
  constexpr void give_up() {
    is_unknown_ = true;
    terms_.clear();
  }
  constexpr void add_to(std::size_t at, dimension_term const& t) {
    auto& sum = terms_[at].coefficient;
    if (!checked_add(sum, t.coefficient, sum) || sum == INT64_MIN) return give_up();
    if (sum != 0) return;
    for (auto i = at; i + 1 < terms_.size(); ++i) terms_[i] = terms_[i + 1];
    terms_.pop_back();
  }

  vector<dimension_term> terms_;
  bool is_unknown_ = false;
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION::detail {

/// a / b, rounded down, for b above 0.
constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

constexpr std::int64_t greatest_divisor(std::int64_t a, std::int64_t b) {
  while (b != 0) {
    auto const rest = a % b;
    a = b;
    b = rest;
  }
  return a < 0 ? -a : a;
}

/// A division as far as it can be done: quotient + floor(rest / divisor).
struct division {
  dimension_sum quotient;
  dimension_sum rest;
  dimension_sum divisor;
};

/// By a number other than 0. Coefficients of the rest are at least 0 and less than the divisor, and
/// have no divisor in common with it.   (7·n + 3) / 4 → n + floor((3·n + 3) / 4)
constexpr division divide_by_number(dimension_sum const& a, std::int64_t d) {
  if (d < 0) return divide_by_number(-a, -d);
  division result;
  std::int64_t common = d;
  for (auto t : a.terms()) {
    auto const all = t.coefficient;
    t.coefficient = floor_divide(all, d);
    result.quotient.add(t);
    t.coefficient = all - t.coefficient * d;
    result.rest.add(t);
    if (t.degree != 0) common = greatest_divisor(common, t.coefficient);
  }
  if (a.is_unknown()) result.quotient = dimension_sum::unknown();
  // What no symbol takes part in is less than the divisor.
  if (result.rest.is_number()) result.rest = {};
  result.divisor = d / common;
  if (common == 1 || result.rest.terms().empty()) return result;
  dimension_sum smaller;
  for (auto t : result.rest.terms()) {
    t.coefficient /= common;
    smaller.add(t);
  }
  result.rest = smaller;
  return result;
}

/// The factors that all terms of both have in common.
constexpr dimension_term common_factors(dimension_sum const& a, dimension_sum const& b) {
  auto common = a.terms()[0];
  common.coefficient = 1;
  auto const keep = [&](dimension_sum const& s) {
    for (auto const& t : s.terms()) {
      dimension_term both{1, {}, 0};
      for (int i = 0, k = 0; i < common.degree && k < t.degree;) {
        if (common.factors[i] == t.factors[k]) both.factors[both.degree++] = common.factors[i];
        bool const is_less = common.factors[i] <= t.factors[k];
        bool const is_more = t.factors[k] <= common.factors[i];
        i += is_less ? 1 : 0;
        k += is_more ? 1 : 0;
      }
      common = both;
    }
  };
  keep(a);
  keep(b);
  return common;
}

/// All terms without these factors, their coefficients divided by `coefficient`.
constexpr dimension_sum without(dimension_sum const& s, dimension_term const& factors,
                                std::int64_t coefficient) {
  dimension_sum smaller;
  for (auto const& t : s.terms()) {
    dimension_term left;
    static_cast<void>(cancel(t, factors, left));
    left.coefficient /= coefficient;
    smaller.add(left);
  }
  return smaller;
}

/// a / b term by term, as long as nothing is left over; otherwise unknown.
constexpr dimension_sum divide_exactly(dimension_sum a, dimension_sum const& b) {
  dimension_sum quotient;
  auto const lead = b.terms()[0];
  // What is subtracted comes behind, so that each round has a later term.
  for (std::uint32_t round = 0; round < max_expression_size; ++round) {
    if (a.is_unknown()) return a;
    if (a.terms().empty()) return quotient;
    auto const& first = a.terms()[0];
    dimension_term t;
    if (!cancel(first, lead, t) || first.coefficient % lead.coefficient != 0) break;
    t.coefficient = first.coefficient / lead.coefficient;
    quotient.add(t);
    a = a - dimension_sum(t) * b;
  }
  return dimension_sum::unknown();
}

constexpr bool is_below_zero(dimension_sum const& s) {
  std::int64_t sum = 0;
  for (auto const& t : s.terms()) sum = saturating_add(sum, t.coefficient);
  return sum < 0;
}

/// By a sum with symbols, of which nothing is known but that it is not 0. What all terms have in
/// common is cancelled; where the divisor becomes a number by that, the rest is still to be divided
/// by it. Nothing here depends on how symbols are numbered, or a text could not be read back.
/// n·c·h / (8·n) → floor(c·h / 8)
constexpr division divide_by_sum(dimension_sum a, dimension_sum b) {
  if (is_below_zero(b)) {
    a = -a;
    b = -b;
  }
  division result{{}, a, b};
  if (a.is_unknown() || b.is_unknown()) return {dimension_sum::unknown(), {}, {}};
  if (b.terms().size() == 1) {
    auto const by = b.terms()[0];
    result.rest = {};
    for (auto const& whole : a.terms()) {
      dimension_term t;
      bool const is_whole = cancel(whole, by, t) && whole.coefficient % by.coefficient == 0;
      t.coefficient = whole.coefficient / by.coefficient;
      if (is_whole) result.quotient.add(t);
      else result.rest.add(whole);
    }
  } else if (auto const exact = divide_exactly(a, b); !exact.is_unknown()) {
    return {exact, {}, b};
  }
  if (result.rest.terms().empty()) return result;
  std::int64_t common = 0;
  for (auto const& t : b.terms()) common = greatest_divisor(common, t.coefficient);
  for (auto const& t : result.rest.terms()) common = greatest_divisor(common, t.coefficient);
  auto const factors = common_factors(result.rest, b);
  result.rest = without(result.rest, factors, common);
  result.divisor = without(b, factors, common);
  return result;
}

/// Some order of two sums, the same one whenever they are compared.
constexpr bool stands_before(dimension_sum const& a, dimension_sum const& b) {
  if (a.terms().size() != b.terms().size()) return a.terms().size() < b.terms().size();
  for (std::size_t i = 0; i < a.terms().size(); ++i) {
    auto const& x = a.terms()[i];
    auto const& y = b.terms()[i];
    if (auto const order = compare_factors(x, y); order != 0) return order < 0;
    if (x.coefficient != y.coefficient) return x.coefficient < y.coefficient;
  }
  return false;
}

}  // namespace inlay::inline INLAY_VERSION::detail

namespace inlay::inline INLAY_VERSION {

/// Computes with extents that may be symbols. Each expression has one symbol of the graph: equal
/// expressions, as far as their normal forms show it, are equal extents.
///
///     (n + 2·1 - 3) / 1 + 1 → n        (4·n) / 2 → 2·n        n·m == m·n
///
/// Symbols are at least 0; the denominators of quotients are taken not to be 0.
/// *Costs*: bounded for each operation, by `max_expression_size`.
class dimension_algebra {
 public:
  constexpr dimension_algebra() = default;
  constexpr explicit dimension_algebra(graph& g) { attach(g); }

  /// Computes in this graph from now on, which must stay where it is.
  constexpr void attach(graph& g) {
    graph_ = &g;
    for (std::uint32_t i = 0; i < g.dimensions.size(); ++i) enlist(i);
  }
  constexpr bool is_attached() const { return graph_ != nullptr; }

  /// An extent as a sum.
  constexpr dimension_sum of(std::int64_t extent) const {
    if (extent >= 0) return dimension_sum(extent);
    auto const symbol = static_cast<std::uint32_t>(-1 - extent);
    if (kind_of(symbol) != dimension_kind::sum) return dimension_sum::of_symbol(symbol);
    return left_of(symbol);
  }

  /// A sum as an extent: a number that is not negative, or a symbol. What is unknown, or a negative
  /// number, becomes a new symbol without a name.
  constexpr std::int64_t extent_of(dimension_sum const& s) {
    if (s.is_number() && s.number() >= 0) return s.number();
    if (s.is_unknown() || s.is_number()) return new_symbol();
    if (s.is_symbol()) return -1 - static_cast<std::int64_t>(s.terms()[0].factors[0]);
    auto const symbol = intern(dimension_kind::sum, s, {});
    return symbol == none ? new_symbol() : -1 - static_cast<std::int64_t>(symbol);
  }

  /// a / b, rounded down; unknown where b is 0.
  constexpr dimension_sum divide_down(dimension_sum const& a, dimension_sum const& b) {
    using namespace detail;
    if (a.is_unknown() || b.is_unknown() || b.terms().empty()) return dimension_sum::unknown();
    // In a constant expression GCC 12 frees what a conditional expression has made.
    division d;
    if (b.is_number()) d = divide_by_number(a, b.number());
    else d = divide_by_sum(a, b);
    if (d.quotient.is_unknown() || d.rest.is_unknown() || d.divisor.is_unknown()) {
      return dimension_sum::unknown();
    }
    if (d.rest.terms().empty()) return d.quotient;
    if (!b.is_number() && d.divisor.is_number()) {
      return d.quotient + divide_down(d.rest, d.divisor);
    }
    if (unnest(d)) return d.quotient + divide_down(d.rest, d.divisor);
    return d.quotient + atom(dimension_kind::quotient, d.rest, d.divisor);
  }
  /// a / b, rounded up.
  constexpr dimension_sum divide_up(dimension_sum const& a, dimension_sum const& b) {
    if (!b.is_number()) return -divide_down(-a, b);
    if (b.number() < 0) return -divide_down(a, -b);
    return divide_down(a + (b - dimension_sum(1)), b);
  }

  /// What two extents on the same axis broadcast to; unknown where they provably do not.
  constexpr dimension_sum broadcast(dimension_sum const& a, dimension_sum const& b) {
    if (a == b || is_one(b)) return a;
    if (is_one(a)) return b;
    if (a.is_unknown() || b.is_unknown() || !can_broadcast(a, b)) return dimension_sum::unknown();
    // Of a number other than 1 and a symbol, the symbol is 1 or that number.
    if (a.is_number()) return a;
    if (b.is_number()) return b;
    if (is_part(a, b)) return b;
    if (is_part(b, a)) return a;
    bool const in_order = detail::stands_before(a, b);
    return atom(dimension_kind::broadcast, in_order ? a : b, in_order ? b : a);
  }
  /// Whether some values of the symbols might make them broadcast.
  constexpr bool can_broadcast(dimension_sum const& a, dimension_sum const& b) const {
    return can_be_one(a) || can_be_one(b) || can_equal(a, b);
  }

  /// Whether some values of the symbols might make them equal.
  constexpr bool can_equal(dimension_sum const& a, dimension_sum const& b) const {
    std::int64_t least = 0;
    if (least_of(a - b, least) && least > 0) return false;
    return !(least_of(b - a, least) && least > 0);
  }

  /// The least that a sum can be; false where nothing is known of it.
  constexpr bool least_of(dimension_sum const& s, std::int64_t& least) const {
    if (s.is_unknown()) return false;
    least = 0;
    for (auto const& t : s.terms()) {
      if (t.coefficient < 0 && t.degree != 0) return false;
      auto product = t.coefficient;
      for (int i = 0; i < t.degree; ++i) {
        std::int64_t factor = 0;
        if (!least_of_symbol(t.factors[i], factor) || (factor < 0 && t.degree != 1)) return false;
        if (!checked_multiply(product, factor, product)) return false;
      }
      if (!checked_add(least, product, least)) return false;
    }
    return true;
  }

  /// The operands of a symbol that has a definition.
  constexpr dimension_sum left_of(std::uint32_t symbol) const {
    return sum_in(graph_->dimensions[symbol].left);
  }
  constexpr dimension_sum right_of(std::uint32_t symbol) const {
    return sum_in(graph_->dimensions[symbol].right);
  }
  constexpr dimension_kind kind_of(std::uint32_t symbol) const {
    return symbol < graph_->dimensions.size() ? graph_->dimensions[symbol].kind
                                              : dimension_kind::free;
  }

 private:
  static constexpr std::uint32_t none = index_table::absent;

  static constexpr bool is_one(dimension_sum const& s) { return s.is_number() && s.number() == 1; }

  constexpr bool can_be_one(dimension_sum const& s) const {
    std::int64_t least = 0;
    return is_one(s) || (!s.is_number() && (!least_of(s, least) || least < 2));
  }

  /// Whether `whole` is the broadcast of `part` and another.
  constexpr bool is_part(dimension_sum const& part, dimension_sum const& whole) const {
    if (part == whole) return true;
    if (!whole.is_symbol()) return false;
    auto const symbol = whole.terms()[0].factors[0];
    if (kind_of(symbol) != dimension_kind::broadcast) return false;
    return is_part(part, left_of(symbol)) || is_part(part, right_of(symbol));
  }

  constexpr bool least_of_symbol(std::uint32_t symbol, std::int64_t& least) const {
    least = 0;
    if (kind_of(symbol) != dimension_kind::quotient) return true;
    if (!least_of(left_of(symbol), least)) return false;
    auto const divisor = right_of(symbol);
    if (divisor.is_number()) {
      least = detail::floor_divide(least, divisor.number());
      return true;
    }
    std::int64_t least_divisor = 0;
    bool const is_positive = least >= 0 && least_of(divisor, least_divisor) && least_divisor >= 0;
    least = 0;
    return is_positive;
  }

  /// floor((floor(x / e) + k) / d) is floor((x + k·e) / (d·e)).
  constexpr bool unnest(detail::division& d) const {
    auto const constant = d.rest.number();
    auto const first = d.rest - dimension_sum(constant);
    if (!d.divisor.is_number() || !first.is_symbol()) return false;
    auto const symbol = first.terms()[0].factors[0];
    if (kind_of(symbol) != dimension_kind::quotient) return false;
    auto const inner = right_of(symbol);
    auto const rest = left_of(symbol) + inner * dimension_sum(constant);
    auto const divisor = d.divisor * inner;
    if (!inner.is_number() || rest.is_unknown() || divisor.is_unknown()) return false;
    d.rest = rest;
    d.divisor = divisor;
    return true;
  }

  constexpr dimension_sum atom(dimension_kind kind, dimension_sum const& left,
                               dimension_sum const& right) {
    auto const symbol = intern(kind, left, right);
    if (symbol == none) return dimension_sum::unknown();
    return dimension_sum::of_symbol(symbol);
  }

  constexpr dimension_sum sum_in(range r) const {
    auto const& all = graph_->dimension_terms;
    return dimension_sum(span<dimension_term const>(all.data() + r.first, r.count));
  }

  static constexpr std::uint64_t hash_terms(std::uint64_t hash, dimension_sum const& s) {
    hash = hash_word(hash, s.terms().size());
    for (auto const& t : s.terms()) {
      hash = hash_word(hash, static_cast<std::uint64_t>(t.coefficient));
      for (int i = 0; i < t.degree; ++i) hash = hash_word(hash, t.factors[i]);
    }
    return hash;
  }
  static constexpr std::uint64_t hash_of(dimension_kind kind, dimension_sum const& left,
                                         dimension_sum const& right) {
    auto const hash = hash_word(hash_seed, static_cast<std::uint64_t>(kind));
    return hash_terms(hash_terms(hash, left), right);
  }

  /// How many symbols and numbers an expression has. A number of times a symbol stands for has them
  /// each time: it is its text that must not grow.
  constexpr std::uint32_t size_of(dimension_sum const& s) const {
    std::uint32_t size = 0;
    for (auto const& t : s.terms()) {
      ++size;
      for (int i = 0; i < t.degree; ++i) size += size_of(t.factors[i]);
    }
    return size;
  }
  constexpr std::uint32_t size_of(std::uint32_t symbol) const {
    return symbol < sizes_.size() ? sizes_[symbol] : 1;
  }

  constexpr void enlist(std::uint32_t symbol) {
    auto const kind = kind_of(symbol);
    std::uint32_t size = 1;
    if (kind != dimension_kind::free) {
      auto const left = left_of(symbol);
      auto const right = right_of(symbol);
      size += size_of(left) + size_of(right);
      // Two definitions alike stay two dimensions; the first is the one that is found.
      symbols_.insert(hash_of(kind, left, right), symbol);
    }
    while (sizes_.size() < symbol) sizes_.push_back(1);
    sizes_.push_back(size);
  }

  /// The symbol of an expression, or `none` where it is too large.
  constexpr std::uint32_t intern(dimension_kind kind, dimension_sum const& left,
                                 dimension_sum const& right) {
    auto const found = symbols_.find(hash_of(kind, left, right), [&](std::uint32_t i) {
      return graph_->dimensions[i].kind == kind && left_of(i) == left && right_of(i) == right;
    });
    if (found != index_table::absent) return found;
    auto& g = *graph_;
    auto const terms = left.terms().size() + right.terms().size();
    if (size_of(left) + size_of(right) > max_expression_size) return none;
    if (g.dimension_terms.size() + terms > max_dimension_terms) return none;
    // Symbols without a definition may have come since.
    while (g.dimensions.size() < g.symbols.size()) g.dimensions.push_back({});
    auto const symbol = static_cast<std::uint32_t>(g.symbols.size());
    auto const keep = [&](dimension_sum const& s) {
      range const r{static_cast<std::uint32_t>(g.dimension_terms.size()),
                    static_cast<std::uint32_t>(s.terms().size())};
      g.dimension_terms.append(s.terms().data(), s.terms().size());
      return r;
    };
    auto const kept_left = keep(left);
    g.symbols.push_back({});
    g.dimensions.push_back({kind, kept_left, keep(right)});
    enlist(symbol);
    return symbol;
  }

  constexpr std::int64_t new_symbol() {
    graph_->symbols.push_back({});
    return -static_cast<std::int64_t>(graph_->symbols.size());
  }

  graph* graph_ = nullptr;
  index_table symbols_;          // by definition
  vector<std::uint32_t> sizes_;  // of the first symbols
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// The shape that `a` and `b` both broadcast to.   {3, 1} and {2, 1, 4} → {2, 3, 4}
/// Extents without a value are computed with `dimensions`; without it they equal only themselves.
/// *Errors*: two extents that provably do not broadcast.
constexpr result<shape> broadcast(shape const& a, shape const& b,
                                  dimension_algebra* dimensions = nullptr) {
  shape const& longer = a.size() >= b.size() ? a : b;
  shape const& shorter = a.size() >= b.size() ? b : a;
  shape to = longer;
  int const missing = longer.size() - shorter.size();
  for (int i = 0; i < shorter.size(); ++i) {
    auto& extent = to[i + missing];
    if (extent == shorter[i] || shorter[i] == 1) continue;
    if (extent != 1) {
      if (dimensions != nullptr && (extent < 0 || shorter[i] < 0)) {
        auto const x = dimensions->of(extent);
        auto const y = dimensions->of(shorter[i]);
        if (dimensions->can_broadcast(x, y)) {
          extent = dimensions->extent_of(dimensions->broadcast(x, y));
          continue;
        }
      }
      return make_error(rule::shapes_must_broadcast, "the shapes ", a, " and ", b,
                        " do not broadcast: ", shape{longer[i + missing]}, " and ",
                        shape{shorter[i]}, " stand on the same axis");
    }
    extent = shorter[i];
  }
  return to;
}

}  // namespace inlay::inline INLAY_VERSION

// What an operator hands to its kernel: how each tensor lies in memory, and the kernel's
// parameters.

// Windows that slide over an axis.

namespace inlay::inline INLAY_VERSION {

/// A window that slides over one axis. Output `o` looks at the inputs o·stride - pad + k·dilation,
/// for k from 0 to size - 1, as far as they exist. The pad is an index of a stage.
template <class Index> struct window_along {
  std::int64_t size = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  Index pad = 0;  // in front of the first input

  /// How far behind the last input the last output looks.   size 3, pad 1; 5 inputs, 5 outputs → 1
  constexpr std::int64_t pad_behind(std::int64_t inputs, std::int64_t outputs) const {
    auto const last = (outputs - 1) * stride - pad + (size - 1) * dilation;
    return size == 0 || last < inputs ? 0 : last + 1 - inputs;
  }
  friend constexpr bool operator==(window_along const&, window_along const&) = default;
};
using window_axis = window_along<std::int64_t>;

/// The same window with another kind of pad.
template <class Index>
INLAY_INLINE constexpr window_along<Index> with_pad(window_axis const& w, Index const& pad) {
  return {w.size, w.stride, w.dilation, pad};
}

/// Where the pads of rows and of columns are among the words of a kernel, whose first members are
/// both windows.
inline constexpr int pad_words[] = {3, 7};

/// The size of a window that looks at a whole axis, however long.
inline constexpr std::int64_t whole_axis = std::int64_t{1} << 40;

/// Rows and columns around an image: in front of it, and behind.
struct image_border {
  std::int64_t before[2]{};
  std::int64_t after[2]{};

  constexpr bool is_empty() const { return (before[0] | before[1] | after[0] | after[1]) == 0; }
  /// The least border that holds this one and another.
  constexpr image_border with(image_border const& other) const {
    auto wider = *this;
    for (int i = 0; i < 2; ++i) {
      if (wider.before[i] < other.before[i]) wider.before[i] = other.before[i];
      if (wider.after[i] < other.after[i]) wider.after[i] = other.after[i];
    }
    return wider;
  }
  /// The shape with the border.   {1, 2, 3, 4} with 1 all around → {1, 2, 5, 6}
  constexpr shape around(shape const& image) const {
    return {image[0], image[1], before[0] + image[2] + after[0], before[1] + image[3] + after[1]};
  }
  /// Where the image begins in memory, in elements behind where the border does.
  constexpr std::int64_t offset(shape const& strides) const {
    return before[0] * strides[2] + before[1] * strides[3];
  }
  friend constexpr bool operator==(image_border const& a, image_border const& b) {
    return a.before[0] == b.before[0] && a.before[1] == b.before[1] && a.after[0] == b.after[0] &&
           a.after[1] == b.after[1];
  }
};

/// What windows need around images x [n, c, h, w] for outputs y [n, o, p, q].
constexpr image_border border_of(window_axis const& rows, window_axis const& columns,
                                 shape const& x, shape const& y) {
  return {{rows.pad, columns.pad}, {rows.pad_behind(x[2], y[2]), columns.pad_behind(x[3], y[3])}};
}

/// Outputs [begin, end), whose windows lie on the input as a whole.
struct output_range {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  INLAY_INLINE constexpr bool covers(std::int64_t outputs) const {
    return begin == 0 && end == outputs;
  }
};
/// size 3, stride 2, pad 1; 8 inputs, 4 outputs → [1, 4)
INLAY_INLINE constexpr output_range whole_outputs(window_axis const& w, std::int64_t inputs,
                                                  std::int64_t outputs) {
  auto const begin = divide_up(w.pad, w.stride);
  auto const end = divide_up(inputs + w.pad - (w.size - 1) * w.dilation, w.stride);
  auto const last = end < outputs ? end : outputs;
  return {begin < last ? begin : last, last};
}

/// Whether the windows of all outputs lie on the input as a whole.
INLAY_INLINE constexpr bool is_inside(window_axis const& w, std::int64_t inputs,
                                      std::int64_t outputs) {
  auto const whole = whole_outputs(w, inputs, outputs);
  return whole.begin == 0 && whole.end == outputs;
}

}  // namespace inlay::inline INLAY_VERSION

// What an operator sees of a node: the types of its inputs and its attributes.

// Constants whose elements stand in another file.

namespace inlay::inline INLAY_VERSION {

/// Whether the elements of a constant stand in another file that has not been read.
constexpr bool is_unresolved(graph const& g, value_id id) {
  if (g.externals.empty() || !g.is_constant(id)) return false;
  auto const& v = g.values[id];
  auto const& c = g.constants[v.constant];
  if (c.external >= g.externals.size() || !g.bytes_of(c).empty()) return false;
  for (auto const extent : v.type.shape) {
    if (extent == 0) return false;
  }
  return true;
}

/// What is wrong when the elements of such a constant are needed.
constexpr error missing_elements(graph const& g, value_id id) {
  auto const& v = g.values[id];
  return make_error(rule::external_data_must_be_read, "the elements of '", v.name,
                    "' stand in the file '", g.externals[g.constants[v.constant].external].location,
                    "', which has not been read");
}

}  // namespace inlay::inline INLAY_VERSION

// What is known of dimensions and shapes while the types of a graph are inferred.

namespace inlay::inline INLAY_VERSION {

/// An element of a tensor that shapes are computed with: a number, or a dimension without a value.
struct shape_element {
  std::int64_t value = 0;  // the number, or the extent below zero that stands for the dimension
  bool is_number = true;

  /// That of an extent.
  static constexpr shape_element of(std::int64_t extent) { return {extent, extent >= 0}; }
};

/// Tensors whose elements are known before any is computed, by value. At most 64 elements each:
/// more than the shapes of eight tensors have.
class shape_values {
 public:
  static constexpr std::int64_t most_elements = 64;

  constexpr bool has(value_id id) const {
    return id < of_value_.size() && of_value_[id].first != none;
  }
  /// The elements of a value that has them.
  constexpr span<shape_element const> operator[](value_id id) const {
    return {elements_.data() + of_value_[id].first, of_value_[id].count};
  }
  constexpr void set(value_id id, span<shape_element const> elements) {
    while (of_value_.size() <= id) of_value_.push_back({none, 0});
    of_value_[id] = {static_cast<std::uint32_t>(elements_.size()),
                     static_cast<std::uint32_t>(elements.size())};
    for (auto const& e : elements) elements_.push_back(e);
  }

 private:
  static constexpr std::uint32_t none = 0xffff'ffff;

  vector<range> of_value_;  // in `elements_`
  vector<shape_element> elements_;
};

/// What the rules of the operators share while a graph's types are inferred.
struct inference {
  dimension_algebra dimensions;
  shape_values values;

  /// How many elements were computed, of constants too; at most so many are.
  std::size_t elements = 0;
  static constexpr std::size_t most_elements = std::size_t{1} << 20;

  constexpr explicit inference(graph& g) : dimensions(g) {}
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// The operator sets that graphs may be written for.
inline constexpr std::int64_t oldest_opset = 7;
inline constexpr std::int64_t newest_opset = 28;

/// An attribute that an operator knows.
struct attribute_rule {
  string_view name;
  attribute_kind kind;
};

/// How many inputs or outputs an operator takes.
struct arity {
  int least;
  int most;
};

/// One node, read-only. Where types are inferred, extents may be dimensions without a value, and
/// computing with them needs what is `known`; elsewhere all of them are numbers.
class node_view {
 public:
  constexpr node_view(graph const& g, node const& n, inference* known = nullptr)
      : graph_(&g), node_(&n), inputs_(g.operands.data() + n.inputs.first), known_(known) {}

  /// The version of the operator set that the graph was written for; the newest where it does not
  /// say.
  constexpr std::int64_t opset() const { return graph_->opset == 0 ? newest_opset : graph_->opset; }

  /// The operator's name.
  constexpr string_view type() const { return node_->type; }
  constexpr int inputs() const { return static_cast<int>(node_->inputs.count); }
  constexpr int outputs() const { return static_cast<int>(node_->outputs.count); }
  constexpr bool has_input(int i) const { return i < inputs() && id_of(i) != no_value; }
  constexpr bool has_output(int i) const {
    return i < outputs() && graph_->outputs_of(*node_)[static_cast<std::size_t>(i)] != no_value;
  }
  constexpr tensor_type const& input(int i) const { return graph_->values[inputs_[i]].type; }
  constexpr shape const& input_shape(int i) const { return graph_->values[inputs_[i]].type.shape; }
  constexpr tensor_type const& output(int i) const {
    return graph_->values[graph_->outputs_of(*node_)[static_cast<std::size_t>(i)]].type;
  }

  constexpr bool has_attribute(string_view name) const { return find(name) != nullptr; }
  constexpr std::int64_t integer(string_view name, std::int64_t otherwise) const {
    auto const* const a = find(name);
    return a == nullptr ? otherwise : graph_->integers[a->values.first];
  }
  constexpr float real(string_view name, float otherwise) const {
    auto const* const a = find(name);
    return a == nullptr ? otherwise : graph_->reals[a->values.first];
  }
  constexpr string_view text(string_view name, string_view otherwise) const {
    auto const* const a = find(name);
    return a == nullptr ? otherwise : graph_->texts[a->values.first];
  }
  /// Empty where the attribute is left out.
  constexpr span<std::int64_t const> integers(string_view name) const {
    auto const* const a = find(name);
    if (a == nullptr) return {};
    return {graph_->integers.data() + a->values.first, a->values.count};
  }

  /// For computing with dimensions without a value; there while types are inferred.
  constexpr dimension_algebra* dimensions() const {
    return known_ == nullptr ? nullptr : &known_->dimensions;
  }
  constexpr dimension_sum sum_of(std::int64_t extent) const {
    return known_->dimensions.of(extent);
  }
  constexpr dimension_sum sum_of_element(shape_element const& e) const {
    return e.is_number ? dimension_sum(e.value) : sum_of(e.value);
  }
  constexpr std::int64_t extent_of(dimension_sum const& s) const {
    return known_->dimensions.extent_of(s);
  }
  /// Whether two extents might be one: false where they provably differ.
  constexpr bool can_equal(std::int64_t a, std::int64_t b) const {
    if (a == b) return true;
    return (a < 0 || b < 0) && known_->dimensions.can_equal(sum_of(a), sum_of(b));
  }
  /// The sum, the product, and the quotient rounded down or up, of extents. What does not fit is a
  /// dimension of which nothing is known.   5 / 2 → 2, or 3
  constexpr std::int64_t add(std::int64_t a, std::int64_t b) const {
    std::int64_t sum = 0;
    if (a >= 0 && b >= 0 && checked_add(a, b, sum)) return sum;
    return extent_of(sum_of(a) + sum_of(b));
  }
  constexpr std::int64_t multiply(std::int64_t a, std::int64_t b) const {
    std::int64_t product = 0;
    if (a >= 0 && b >= 0 && checked_multiply(a, b, product)) return product;
    return extent_of(sum_of(a) * sum_of(b));
  }
  constexpr std::int64_t divide_down(std::int64_t a, std::int64_t b) const {
    if (a >= 0 && b > 0) return a / b;
    return extent_of(known_->dimensions.divide_down(sum_of(a), sum_of(b)));
  }
  constexpr std::int64_t divide_up(std::int64_t a, std::int64_t b) const {
    if (a >= 0 && b > 0) return a / b + (a % b != 0 ? 1 : 0);
    return extent_of(known_->dimensions.divide_up(sum_of(a), sum_of(b)));
  }
  /// The product of the extents [first, last).
  constexpr dimension_sum product(shape const& s, int first, int last) const {
    dimension_sum all(1);
    for (int i = first; i < last; ++i) all = all * sum_of(s[i]);
    return all;
  }
  /// The product as an extent; false where it is a number that does not fit.
  [[nodiscard]] constexpr bool count(shape const& s, int first, int last,
                                     std::int64_t& into) const {
    if (!has_symbol(s)) return count_elements(s, first, last, into);
    into = extent_of(product(s, first, last));
    return true;
  }

  /// Whether the elements of an input of int64 or int32 are known before they are computed.
  constexpr bool has_elements(int i) const {
    if (!is_constant(i)) {
      return known_ != nullptr && has_input(i) && known_->values.has(id_of(i));
    }
    // Not while they are still in another file.
    return graph_->constants[graph_->values[id_of(i)].constant].external == not_external;
  }
  /// Element `index` of such an input.
  constexpr shape_element element(int i, std::size_t index) const {
    if (is_constant(i)) return {constant_integer(i, index), true};
    return known_->values[id_of(i)][index];
  }

  /// Whether the elements of an input are known.
  constexpr bool is_constant(int i) const {
    return has_input(i) && graph_->is_constant(id_of(i)) && !is_unresolved(*graph_, id_of(i));
  }
  /// Element `index` of an input that is a constant of int64 or int32.
  constexpr std::int64_t constant_integer(int i, std::size_t index) const {
    auto const& v = graph_->values[id_of(i)];
    auto const bytes = graph_->bytes_of(graph_->constants[v.constant]);
    if (v.type.element == element_type::int32) {
      return read_little_endian<std::int32_t>(bytes, index);
    }
    return read_little_endian<std::int64_t>(bytes, index);
  }

 private:
  constexpr value_id id_of(int i) const { return inputs_[i]; }
  constexpr attribute const* find(string_view name) const {
    if (node_->attributes.count == 0) return nullptr;
    for (auto const& a : graph_->attributes_of(*node_)) {
      if (a.name == name) return &a;
    }
    return nullptr;
  }

  graph const* graph_;
  node const* node_;
  value_id const* inputs_;
  inference* known_;
};

/// An axis counted from the end where it is negative, as ONNX counts; -1 where there is none such.
constexpr int axis_of(std::int64_t axis, int rank) {
  if (axis < -rank || axis >= rank) return -1;
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// How a kernel sees one tensor. `undefined` stands for an optional tensor that is left out.
struct layout {
  element_type element = element_type::undefined;
  shape extents;
  shape strides;  // in elements; 0 along an axis that repeats

  constexpr layout() = default;
  constexpr explicit layout(tensor_type const& t)
      : element(t.element), extents(t.shape), strides(contiguous_strides(t.shape)) {}
  constexpr layout(element_type e, shape const& s)
      : element(e), extents(s), strides(contiguous_strides(s)) {}

  friend constexpr bool operator==(layout const& a, layout const& b) {
    return a.element == b.element && a.extents == b.extents && a.strides == b.strides;
  }
};

namespace detail {
template <class Parameters> struct words_of {
  std::int64_t words[sizeof(Parameters) / 8];
};
}  // namespace detail

/// A kernel's parameters as words, so that programs of all operators look the same. `Parameters`
/// consists of members of 8 bytes.
template <class Parameters>
constexpr void append_words(vector<std::int64_t>& words, Parameters const& parameters) {
  if constexpr (!std::is_empty_v<Parameters>) {
    static_assert(sizeof(Parameters) % 8 == 0);
    auto const copy = std::bit_cast<detail::words_of<Parameters>>(parameters);
    for (auto const word : copy.words) words.push_back(word);
  }
}

/// The parameters back from their words.
template <class Parameters> constexpr Parameters from_words(std::int64_t const* words) {
  if constexpr (std::is_empty_v<Parameters>) {
    return {};
  } else {
    detail::words_of<Parameters> copy{};
    for (auto& word : copy.words) word = *words++;
    return std::bit_cast<Parameters>(copy);
  }
}

/// The parameters of an element function.
struct element_words {
  std::int64_t of[2]{};
  friend constexpr bool operator==(element_words const&, element_words const&) = default;
};

/// The element types of a step's operator: of the inputs, behind the conditions, and of the output.
struct element_types {
  element_type from = element_type::undefined;
  element_type to = element_type::undefined;
  friend constexpr bool operator==(element_types const&, element_types const&) = default;
};

/// One node on its way into the program. Inputs come first, then outputs, each as many as the
/// operator can have. An operator finds them as its type rule left them, and may look at them in
/// another way, or drop the last ones, which the kernel does not see then. They are contiguous, but
/// where the operator takes images with their channels last.
struct lowering {
  vector<layout> inputs;
  vector<layout> outputs;
  vector<std::int64_t> words;
  element_types types;
  std::int64_t multiply_adds = 0;
  image_border widest;  // what windows over first inputs of any extents may need around them
  std::uint32_t sized_words = 0;  // a bit each: other extents of the first input may change it

  constexpr void clear() {
    inputs.clear();
    outputs.clear();
    words.clear();
    types = {};
    multiply_adds = 0;
    widest = {};
    sized_words = 0;
  }
};

/// An input as if it had the shape of the output, which it broadcasts to: missing axes in front,
/// and a stride of 0 where it repeats.   {3, 1} to {2, 3, 4} → strides {0, 1, 0}
constexpr layout broadcast_to(layout const& x, shape const& to) {
  layout y = x;
  y.extents = to;
  y.strides = to;
  int const missing = to.size() - x.extents.size();
  for (int i = 0; i < to.size(); ++i) {
    bool const repeats = i < missing || (x.extents[i - missing] == 1 && to[i] != 1);
    y.strides[i] = repeats ? 0 : x.strides[i - missing];
  }
  return y;
}

/// Joins neighbouring axes of tensors of the same extents wherever one stride can step through
/// both, so that kernels loop over few axes; at least one is left.   {2, 3, 4} contiguous, all of
/// them → {24}
constexpr void join_axes(span<layout> tensors) {
  auto const extents = tensors[0].extents;
  vector<layout> joined;
  for (auto const& t : tensors) {
    joined.push_back(t);
    joined.back().extents = joined.back().strides = shape{};
  }
  for (int axis = 0; axis < extents.size(); ++axis) {
    if (extents[axis] == 1) continue;
    bool together = joined[0].extents.size() > 0;
    for (std::size_t i = 0; i < tensors.size() && together; ++i) {
      together = joined[i].strides.back() == tensors[i].strides[axis] * extents[axis];
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      auto& t = joined[i];
      if (together) {
        t.extents[t.extents.size() - 1] *= extents[axis];
        t.strides[t.strides.size() - 1] = tensors[i].strides[axis];
      } else {
        t.extents.push_back(extents[axis]);
        t.strides.push_back(tensors[i].strides[axis]);
      }
    }
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (joined[i].extents.size() == 0) {
      joined[i].extents.push_back(1);
      joined[i].strides.push_back(1);
    }
    tensors[i] = joined[i];
  }
}

/// Orders the axes of tensors of the same extents as the first one has them in memory, outermost
/// first.   strides {60, 1, 15, 3} → {60, 15, 3, 1}
constexpr void sort_axes(span<layout> tensors) {
  auto const& first = tensors[0].strides;
  for (int end = first.size(); end > 1; --end) {
    for (int axis = 1; axis < end; ++axis) {
      if (first[axis - 1] >= first[axis]) continue;
      for (auto& t : tensors) {
        auto const extent = t.extents[axis];
        t.extents[axis] = t.extents[axis - 1];
        t.extents[axis - 1] = extent;
        auto const stride = t.strides[axis];
        t.strides[axis] = t.strides[axis - 1];
        t.strides[axis - 1] = stride;
      }
    }
  }
}

/// Whether the elements of a tensor lie next to each other, in any order of its axes.
constexpr bool has_no_gaps(layout const& x) {
  std::int64_t last = 0;
  for (int i = 0; i < x.extents.size(); ++i) last += (x.extents[i] - 1) * x.strides[i];
  return last + 1 == elements_of(x.extents);
}

/// The lowering of every operator that computes element by element: inputs broadcast to the output.
constexpr void lower_elementwise(lowering& l) {
  auto& y = l.outputs[0];
  bool alike = has_no_gaps(y);
  for (auto const& x : l.inputs) {
    alike = alike && x.extents == y.extents && x.strides == y.strides;
  }
  if (alike) {
    // All of one shape and one order, without gaps: one axis.
    y = layout(y.element, {elements_of(y.extents)});
    for (auto& x : l.inputs) x = layout(x.element, y.extents);
    return;
  }
  vector<layout> tensors{y};
  for (auto const& x : l.inputs) tensors.push_back(broadcast_to(x, y.extents));
  sort_axes(tensors);
  join_axes(tensors);
  y = tensors[0];
  for (std::size_t i = 0; i < l.inputs.size(); ++i) l.inputs[i] = tensors[i + 1];
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {
namespace op {

using float_types = type_list<float, double>;
using arithmetic_types =
    type_list<float, double, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t,
              std::uint16_t, std::uint32_t, std::uint64_t>;
using signed_types =
    type_list<float, double, std::int8_t, std::int16_t, std::int32_t, std::int64_t>;

/// Operators of one input.
struct unary {
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};

  static constexpr result<tensor_type> infer(auto const& n) { return n.input(0); }
};

/// Operators of inputs that broadcast to the output.
struct broadcasting {
  static constexpr arity outputs{1, 1};

  static constexpr result<tensor_type> infer(auto const& n) {
    auto type = n.input(0);
    for (int i = 1; i < n.inputs(); ++i) {
      if (!n.has_input(i)) continue;
      auto const to = broadcast(type.shape, n.input_shape(i), n.dimensions());
      if (!to) return to.failure();
      type.shape = *to;
    }
    return type;
  }
};

/// Operators of two inputs.
struct binary : broadcasting {
  static constexpr arity inputs{2, 2};
};

}  // namespace op

namespace detail {

/// How many inputs the element function of an operator takes.
template <class Operator> constexpr int operands() {
  if constexpr (requires { Operator::operands; }) return Operator::operands;
  else return Operator::inputs.most;
}

template <class Operator> constexpr bool has_parameters() {
  return requires { typename Operator::parameters; };
}

/// The parameters that a node gives to the element function of its operator.
template <class Operator> constexpr element_words words_of_element(node_view const& n) {
  using parameters = typename Operator::parameters;
  static_assert(sizeof(parameters) <= sizeof(element_words));
  auto const held = std::bit_cast<words_of<parameters>>(Operator::read(n));
  element_words words;
  std::size_t i = 0;
  for (auto const word : held.words) words.of[i++] = word;
  return words;
}

}  // namespace detail

/// The types of an element function: of the operands, behind the conditions, and of the result.
template <class From, class To = From> struct element_form {
  using from = From;
  using to = To;
  static constexpr element_types types{element_of<From>, element_of<To>};
  /// The largest of them: as many elements of it as a vector holds are computed at a time.
  using widest = std::conditional_t<(sizeof(From) > sizeof(To)), From, To>;
};

namespace detail {

template <class... From, class To> constexpr auto forms_with(type_list<From...>, type_list<To>) {
  return type_list<element_form<From, To>...>{};
}
template <class... Type> constexpr auto forms_alike(type_list<Type...>) {
  return type_list<element_form<Type>...>{};
}
template <class Operator> constexpr auto find_forms() {
  if constexpr (requires { typename Operator::forms; }) return typename Operator::forms{};
  else if constexpr (requires { typename Operator::result_type; }) {
    return forms_with(typename Operator::types{}, type_list<typename Operator::result_type>{});
  } else {
    return forms_alike(typename Operator::types{});
  }
}

/// The forms that the element function of an operator has.
template <class Operator> using forms_of = decltype(find_forms<Operator>());

/// Whether the element function is a conversion, which has two types.
template <class Operator> constexpr bool converts() {
  return requires { requires Operator::converts; };
}
/// How many operands in front are truths, whatever the others are.
template <class Operator> constexpr int conditions() {
  if constexpr (requires { Operator::conditions; }) return Operator::conditions;
  else return 0;
}
template <class Operator, class Form, std::size_t Operand>
using operand_type = std::conditional_t<(static_cast<int>(Operand) < conditions<Operator>()), bool,
                                        typename Form::from>;

/// What holds the bits of a `T` that is not computed with.
template <class T>
using bits_of_size = std::conditional_t<
    sizeof(T) == 1, std::uint8_t,
    std::conditional_t<sizeof(T) == 2, std::uint16_t,
                       std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;
/// The same for integers and truths only.
template <class T>
using unsigned_of_size = std::conditional_t<std::is_integral_v<T>, bits_of_size<T>, T>;
/// The form whose code, as a loop over memory, does the same.
template <class Operator, class Form> constexpr auto find_coded_form() {
  if constexpr (requires { Operator::coded_form(Form{}); }) return Operator::coded_form(Form{});
  else return Form{};
}
template <class Operator, class Form>
using coded_form = decltype(find_coded_form<Operator, Form>());

}  // namespace detail

/// The element function of an operator, with the parameters that these words are.
template <class Operator, class Form, stage S, class... V>
constexpr auto compute_element(S& s, std::int64_t const* words, V const&... x) {
  using T = typename Form::from;
  if constexpr (detail::converts<Operator>()) {
    return Operator::template convert<T, typename Form::to>(s, x...);
  } else if constexpr (detail::has_parameters<Operator>()) {
    auto const parameters = from_words<typename Operator::parameters>(words);
    return Operator::template element<T>(s, parameters, x...);
  } else {
    return Operator::template element<T>(s, x...);
  }
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {
namespace op {

/// y = x · max(0, min(1, x / 6 + 1 / 2)).                                 ONNX: HardSwish, since 14
struct hard_swish : unary {
  static constexpr string_view name = "HardSwish";
  static constexpr int since = 14;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    auto const zero = s.splat_like(x, T{0});
    auto const one = s.splat_like(x, T{1});
    auto const sixth = s.splat_like(x, T{1} / T{6});
    auto const half = s.splat_like(x, T(0.5));
    auto const line = s.fma(x, sixth, half);
    auto const below = s.min(line, one);
    auto const share = s.max(below, zero);
    return s.multiply(x, share);
  }
};

/// y = x · tanh(ln(1 + exp(x))) = x · n / (n + 2), where n = exp(x) · (exp(x) + 2).
///                                                                             ONNX: Mish, since 18
struct mish : unary {
  static constexpr string_view name = "Mish";
  static constexpr int since = 18;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    // Above, the quotient rounds to 1.
    auto const most = s.splat_like(x, T{20});
    auto const two = s.splat_like(x, T{2});
    auto const clamped = s.min(x, most);
    auto const power = inlay::exp<T>(s, clamped);
    auto const more = s.add(power, two);
    auto const n = s.multiply(power, more);
    auto const denominator = s.add(n, two);
    auto const share = s.divide(n, denominator);
    return s.multiply(x, share);
  }
};

/// y = x, but slope · x below 0; the slope broadcasts to x.                    ONNX: PRelu, since 7
struct prelu : binary {
  static constexpr string_view name = "PRelu";
  static constexpr int since = 7;
  using types = type_list<float, double, std::int32_t, std::int64_t, std::uint32_t, std::uint64_t>;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input_shape(0);
    auto const both = broadcasting::infer(n);
    if (!both) return both;
    bool fits = (*both).shape.size() == x.size();
    for (int i = 0; fits && i < x.size(); ++i) fits = n.can_equal((*both).shape[i], x[i]);
    if (fits) return n.input(0);
    return make_error(rule::shapes_must_broadcast, "the slope of shape ", n.input_shape(1),
                      " does not broadcast to the input of shape ", x);
  }

  template <class T, stage S, class V>
  static constexpr V element(S& s, V const& x, V const& slope) {
    auto const zero = s.splat_like(x, T{0});
    auto const scaled = s.multiply(x, slope);
    auto const is_negative = s.less(x, zero);
    return s.select(is_negative, scaled, x);
  }
};

/// y = max(0, x); not a number stays so.                                        ONNX: Relu, since 6
struct relu : unary {
  static constexpr string_view name = "Relu";
  static constexpr int since = 6;
  using types = signed_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    auto const zero = s.splat_like(x, T{0});
    return s.max(zero, x);
  }
};

/// y = 1 / (1 + exp(-x)).                                                    ONNX: Sigmoid, since 6
struct sigmoid : unary {
  static constexpr string_view name = "Sigmoid";
  static constexpr int since = 6;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return inlay::sigmoid<T>(s, x);
  }
};

/// y = ln(1 + exp(x)).                                                      ONNX: Softplus, since 1
struct softplus : unary {
  static constexpr string_view name = "Softplus";
  static constexpr int since = 1;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return inlay::softplus<T>(s, x);
  }
};

/// y = x / (1 + |x|).                                                       ONNX: Softsign, since 1
struct softsign : unary {
  static constexpr string_view name = "Softsign";
  static constexpr int since = 1;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    auto const magnitude = s.abs(x);
    auto const one = s.splat_like(x, T{1});
    auto const denominator = s.add(magnitude, one);
    return s.divide(x, denominator);
  }
};

/// The hyperbolic tangent of x.                                                 ONNX: Tanh, since 6
struct tanh : unary {
  static constexpr string_view name = "Tanh";
  static constexpr int since = 6;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return inlay::tanh<T>(s, x);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Sums, products, quotients, and what is whole or larger, element by element.

namespace inlay::inline INLAY_VERSION {
namespace op {

/// y = |x|; integers wrap.                                                       ONNX: Abs, since 6
struct abs : unary {
  static constexpr string_view name = "Abs";
  static constexpr int since = 6;
  using types = arithmetic_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return s.abs(x);
  }
};

/// y = a + b; integers wrap.                                                     ONNX: Add, since 7
struct add : binary {
  static constexpr string_view name = "Add";
  static constexpr int since = 7;
  using types = arithmetic_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return s.add(a, b);
  }
};

/// The smallest whole number that is not below x.                               ONNX: Ceil, since 6
struct ceil : unary {
  static constexpr string_view name = "Ceil";
  static constexpr int since = 6;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return s.ceil(x);
  }
};

/// y = a / b; integers toward zero, and 0 where b is.                            ONNX: Div, since 7
struct div : binary {
  static constexpr string_view name = "Div";
  static constexpr int since = 7;
  using types = arithmetic_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return s.divide(a, b);
  }
};

/// The largest whole number that is not above x.                               ONNX: Floor, since 6
struct floor : unary {
  static constexpr string_view name = "Floor";
  static constexpr int since = 6;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return s.floor(x);
  }
};

/// y = x.                                                                   ONNX: Identity, since 1
struct identity : unary {
  static constexpr string_view name = "Identity";
  static constexpr int since = 1;
  using types = stored_types;

  template <class T>
  static constexpr element_form<inlay::detail::bits_of_size<T>> coded_form(element_form<T>) {
    return {};
  }
  template <class T, stage S, class V> static constexpr V element(S&, V const& x) { return x; }
};

/// y = a · b; integers wrap.                                                     ONNX: Mul, since 7
struct mul : binary {
  static constexpr string_view name = "Mul";
  static constexpr int since = 7;
  using types = arithmetic_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return s.multiply(a, b);
  }
};

/// y = -x; integers wrap.                                                        ONNX: Neg, since 6
struct neg : unary {
  static constexpr string_view name = "Neg";
  static constexpr int since = 6;
  using types = signed_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return s.negate(x);
  }
};

/// y = 1 / x.                                                             ONNX: Reciprocal, since 6
struct reciprocal : unary {
  static constexpr string_view name = "Reciprocal";
  static constexpr int since = 6;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    auto const one = s.splat_like(x, T{1});
    return s.divide(one, x);
  }
};

/// The nearest whole number, halves to even.                                  ONNX: Round, since 11
struct round : unary {
  static constexpr string_view name = "Round";
  static constexpr int since = 11;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return s.nearest(x);
  }
};

/// 1 above 0, -1 below; else x itself: 0, -0, or not a number.                  ONNX: Sign, since 9
struct sign : unary {
  static constexpr string_view name = "Sign";
  static constexpr int since = 9;
  using types = arithmetic_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    auto const zero = s.splat_like(x, T{0});
    auto const one = s.splat_like(x, T{1});
    auto const minus_one = s.splat_like(x, static_cast<T>(-1));
    auto const is_positive = s.less(zero, x);
    auto const is_negative = s.less(x, zero);
    auto const otherwise = s.select(is_negative, minus_one, x);
    return s.select(is_positive, one, otherwise);
  }
};

/// y = a - b; integers wrap.                                                     ONNX: Sub, since 7
struct sub : binary {
  static constexpr string_view name = "Sub";
  static constexpr int since = 7;
  using types = arithmetic_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return s.subtract(a, b);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// From one element type to another.

namespace inlay::inline INLAY_VERSION {

namespace detail {

inline constexpr attribute_rule cast_attributes[] = {{"round_mode", attribute_kind::text},
                                                     {"saturate", attribute_kind::integer},
                                                     {"to", attribute_kind::integer}};
inline constexpr attribute_rule cast_like_attributes[] = {{"round_mode", attribute_kind::text},
                                                          {"saturate", attribute_kind::integer}};

template <class... List> struct joined_lists;
template <class... A> struct joined_lists<type_list<A...>> {
  using type = type_list<A...>;
};
template <class... A, class... B, class... Rest>
struct joined_lists<type_list<A...>, type_list<B...>, Rest...>
    : joined_lists<type_list<A..., B...>, Rest...> {};

template <class From, class... To> constexpr auto forms_from(type_list<To...>) {
  return type_list<element_form<From, To>...>{};
}
template <class... T> constexpr auto all_pairs(type_list<T...> all) {
  return typename joined_lists<decltype(forms_from<T>(all))...>::type{};
}

/// Truths are bytes, 0 or 1. Of integers only those that grow need their sign, and integers of one
/// size are a copy of each other.
template <class From, class To> constexpr auto coded_conversion() {
  using bytes = unsigned_of_size<From>;
  using given = std::conditional_t<std::is_same_v<From, bool>, std::uint8_t, From>;
  if constexpr (std::is_same_v<From, To> || (std::is_same_v<From, bool> && sizeof(To) == 1)) {
    return element_form<bits_of_size<From>>{};
  } else if constexpr (std::is_same_v<To, bool>) {
    return element_form<bytes, bool>{};
  } else if constexpr (std::is_integral_v<From> && std::is_integral_v<To>) {
    using grown = std::conditional_t<(sizeof(To) > sizeof(From)), given, bytes>;
    return element_form<grown, unsigned_of_size<To>>{};
  } else {
    return element_form<given, To>{};
  }
}

}  // namespace detail

namespace op {

/// y = x as an element of type `to`: integers wrap, reals round to the nearest, halves to even; a
/// real becomes an integer toward zero, the nearest one that there is, or 0 where it is not a
/// number; a truth is what is not 0.                                            ONNX: Cast, since 6
struct cast : unary {
  static constexpr string_view name = "Cast";
  static constexpr int since = 6;
  using types = stored_types;
  using forms = decltype(inlay::detail::all_pairs(stored_types{}));
  static constexpr bool converts = true;
  static constexpr span<attribute_rule const> attributes = inlay::detail::cast_attributes;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const number = n.integer("to", 0);
    auto const to = number > 0 && number < element_type_count ? static_cast<element_type>(number)
                                                              : element_type::undefined;
    if (!contains(stored_types{}, to)) {
      if (to == element_type::undefined) {
        return make_error(rule::an_attribute_must_be_in_range, "attribute 'to' is ", number,
                          "; that is no element type");
      }
      return make_error(rule::the_element_type_must_be_supported, "a conversion to ", to,
                        " is not supported");
    }
    return tensor_type{to, n.input(0).shape};
  }

  template <class From, class To> static constexpr auto coded_form(element_form<From, To>) {
    return inlay::detail::coded_conversion<From, To>();
  }
  template <class From, class To, stage S, class V>
  static constexpr auto convert(S& s, V const& x) {
    return s.template convert<To>(x);
  }
};

/// y = x as an element of the type of the second input. `split_operators` makes a Cast of it.
///                                                                         ONNX: CastLike, since 15
struct cast_like : cast {
  static constexpr string_view name = "CastLike";
  static constexpr int since = 15;
  static constexpr arity inputs{2, 2};
  static constexpr int alike_inputs = 1;
  static constexpr int operands = 1;
  using forms = type_list<>;
  static constexpr span<attribute_rule const> attributes = inlay::detail::cast_like_attributes;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const to = n.input(1).element;
    if (!contains(stored_types{}, to)) {
      return make_error(rule::the_element_type_must_be_supported, "a conversion to ", to,
                        " is not supported");
    }
    return tensor_type{to, n.input(0).shape};
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// What is wrong with an operator of a program, as sentences of the compiler.

// What operators and their kernels are written with: what the header of a program's own includes.

// Where the results of a kernel go: through element operators, into a tensor.

INLAY_BEGIN_TARGET

/// No element operators: a result is stored as it is.
struct no_tape {
  template <class T, stage S, class V, class Other>
  INLAY_INLINE static constexpr V apply(S&, V const& x, Other const&) {
    return x;
  }
};

/// Nothing is made of whole rows.
struct no_ending {
  template <class T, class Memory, stage S>
  INLAY_INLINE static constexpr void apply(S&, tensor<T, Memory> const&) {}
};

/// Tensors of truths among those that an epilogue reads: which ones, a bit each, and where.
template <int Others, class Memory> struct result_conditions {
  std::uint32_t bits = 0;
  tensor<bool const, Memory> at[Others == 0 ? 1 : Others]{};
};
struct no_conditions {};

/// The tensor that a kernel writes, and at most `Others` that its epilogue reads: as many as
/// `tape.others()` says, if it does. `tape.apply<T>(s, x, other)` makes of a result x what is
/// stored, where `other(k)` is the element of tensor number k at the same indices. All have the
/// extents of y, and strides of their own. `ending.apply(s, rows)` changes rows [m, n] of y once
/// they are stored, and is for kernels that compute whole rows. Where it `has_conditions`, some of
/// the tensors hold truths: those are in `conditions`, at the same number, and `is_condition`.
/// A tape that is slow to start takes many results at a time, unless it `is_short()`: then its
/// `short_tape(s)` will do.
template <class T, class Tape = no_tape, int Others = 0, class Ending = no_ending,
          class Memory = host_memory, bool HasConditions = false>
struct results {
  tensor<T, Memory> y;
  Tape tape{};
  Ending ending{};
  tensor<T const, Memory> others[Others == 0 ? 1 : Others]{};
  std::conditional_t<HasConditions, result_conditions<Others, Memory>, no_conditions> conditions{};

  using element = T;
  static constexpr int tensors = 1 + Others;
  static constexpr bool has_conditions = HasConditions;

  INLAY_INLINE constexpr int count() const {
    if constexpr (requires { tape.others(); }) return tape.others();
    else return Others;
  }
  /// Of the others, whether number k holds truths.
  INLAY_INLINE constexpr bool is_condition(int k) const {
    if constexpr (HasConditions) return (conditions.bits >> k & 1) != 0;
    else return false;
  }
  INLAY_INLINE constexpr void set_condition(int k, tensor<bool const, Memory> const& t) {
    conditions.at[k] = t;
    conditions.bits |= 1u << k;
  }
  /// Of y (0), of the others (1, …).
  INLAY_INLINE constexpr auto const& strides(int tensor) const {
    if constexpr (HasConditions) {
      if (tensor > 0 && is_condition(tensor - 1)) return conditions.at[tensor - 1].strides;
    }
    return tensor == 0 ? y.strides : others[tensor - 1].strides;
  }
  /// All tensors seen in another way: f(y), f(others[k]).
  template <class F> INLAY_INLINE constexpr results seen(F const& f) const {
    results r{f(y), tape, ending};
    if constexpr (Others > 0) {
      for (int k = 0; k < count(); ++k) {
        if constexpr (HasConditions) {
          if (is_condition(k)) {
            r.set_condition(k, f(conditions.at[k]));
            continue;
          }
        }
        r.others[k] = f(others[k]);
      }
    }
    return r;
  }
};

/// Whether something may be made of results before they are stored.
template <class Results> INLAY_INLINE constexpr bool has_tape(Results const& to) {
  if constexpr (std::is_same_v<decltype(to.tape), no_tape>) return false;
  else if constexpr (requires { to.tape.is_empty(); }) return !to.tape.is_empty();
  else return true;
}
/// Whether results have to go to the tape many at a time.
template <class Results> INLAY_INLINE constexpr bool goes_by_strips(Results const& to) {
  if constexpr (requires { to.tape.is_short(); }) return !to.tape.is_short();
  else return false;
}

template <class T, class Memory>
INLAY_INLINE constexpr auto results_to(tensor<T, Memory> const& y) {
  return results<T, no_tape, 0, no_ending, Memory>{y};
}
template <class T, class Tape, int Others, class Ending, class Memory, bool HasConditions>
INLAY_INLINE constexpr auto const& results_to(
    results<T, Tape, Others, Ending, Memory, HasConditions> const& to) {
  return to;
}

/// What an epilogue reads beside a result, at the same indices.
template <class S, class Results, class At> struct other_elements {
  S& s;
  Results const& to;
  At const& at;

  static constexpr bool has_conditions = Results::has_conditions;
  INLAY_INLINE constexpr bool is_condition(int k) const { return to.is_condition(k); }
  template <class Number> INLAY_INLINE constexpr auto operator()(Number k) const {
    return at(to.others[k], k + 1, load());
  }
  /// Of tensor number k, if it holds truths.
  template <class Number> INLAY_INLINE constexpr auto condition(Number k) const {
    return at(to.conditions.at[k], k + 1, load());
  }

 private:
  INLAY_INLINE constexpr auto load() const {
    return [this](auto const& t, auto... i) INLAY_INLINE_LAMBDA { return s.load(t, i...); };
  }
};

template <class Other>
inline constexpr bool reads_conditions = requires { requires Other::has_conditions; };

/// Stores what a tape makes of x. `at(t, number, access)` calls `access(t, i…)` with the indices of
/// x in tensor t, whose number is 0 for the one that is written.
template <stage S, class Results, class Tape, class V, class At>
INLAY_INLINE constexpr void write(S& s, Results const& to, Tape const& tape, V const& x,
                                  At const& at) {
  using T = typename Results::element;
  other_elements<S, Results, At> const other{s, to, at};
  auto const result = tape.template apply<T>(s, x, other);
  at(to.y, 0, [&](auto const& t, auto... i) INLAY_INLINE_LAMBDA { s.store(t, i..., result); });
}
/// The tape of results that do not go by strips.
template <stage S, class Results> INLAY_INLINE constexpr auto tape_of(S& s, Results const& to) {
  if constexpr (requires { to.tape.is_short(); }) return to.tape.short_tape(s);
  else return to.tape;
}

/// Stores what the epilogue makes of a row: of `element_at(j)` at all positions along it, which is
/// the only axis of the tensors.
template <stage S, class Results, class At>
INLAY_INLINE constexpr void write_row(S& s, Results const& to, At const& element_at) {
  using T = typename Results::element;
  if constexpr (requires { to.tape.is_short(); }) {
    if (goes_by_strips(to)) return to.tape.write_row(s, to, element_at);
  }
  auto const tape = tape_of(s, to);
  s.template loop_lanes<T>(to.y.extents[0], [&](auto j) INLAY_INLINE_LAMBDA {
    auto const x = element_at(j);
    write(s, to, tape, x, [&](auto const& t, auto, auto const& access) INLAY_INLINE_LAMBDA {
      return access(t, j);
    });
  });
}

INLAY_END_TARGET

// Tensors within the memory of others: what strides can express.

namespace inlay::inline INLAY_VERSION {

/// A tensor in the memory of another one: how it lies there, and where its first element is.
struct tensor_view {
  layout lies;
  std::int64_t offset = 0;
};

/// A copy within a tensor that is made of others: from where to where; or of one element, given
/// elsewhere.
struct view_fill {
  tensor_view from;
  tensor_view to;
  bool is_constant = false;
};

constexpr bool is_contiguous(layout const& x) { return x.strides == contiguous_strides(x.extents); }

/// Strides that no element depends on become those of a contiguous tensor: along axes of one
/// element, and where there is none.   {2, 1, 4} of strides {4, 0, 1} → {4, 4, 1}
constexpr void normalize_strides(layout& x) {
  if (elements_of(x.extents) == 0) {
    x.strides = contiguous_strides(x.extents);
    return;
  }
  std::int64_t next = 1;
  for (int i = x.extents.size() - 1; i >= 0; --i) {
    if (x.extents[i] == 1) x.strides[i] = next;
    next = x.strides[i] * x.extents[i];
  }
}

/// Looks at the elements, in order, as at a tensor of extents `to`, of as many; false where strides
/// cannot.   {2, 3, 4} of strides {1, 8, 2} to {2, 12} → strides {1, 2}; to {6, 4} → false
constexpr bool see_as(layout& x, shape const& to) {
  layout y(x.element, to);
  if (x.strides == contiguous_strides(x.extents) || elements_of(to) == 0) {
    x = y;
    return true;
  }
  // Runs of axes of both that have as many elements; those of x must be one axis.
  int from = 0;
  int axis = 0;
  while (axis < to.size()) {
    if (to[axis] == 1) {
      ++axis;
      continue;
    }
    while (x.extents[from] == 1) ++from;
    auto count = x.extents[from];
    auto stride = x.strides[from++];
    int const first = axis;
    auto wanted = to[axis++];
    while (count != wanted) {
      if (wanted < count) {
        wanted *= to[axis++];
        continue;
      }
      if (x.extents[from] != 1) {
        if (stride != x.extents[from] * x.strides[from]) return false;
        count *= x.extents[from];
        stride = x.strides[from];
      }
      ++from;
    }
    for (int i = axis - 1; i >= first; --i) {
      y.strides[i] = stride;
      stride *= to[i];
    }
  }
  x = y;
  normalize_strides(x);
  return true;
}

/// Whether it can, without doing it.
constexpr bool can_see_as(layout x, shape const& to) { return see_as(x, to); }

/// Looks at the axes from `axis` on as one, those in front as they are; false where strides cannot.
///   {2, 3, 4, 5} from axis 2 on → {2, 3, 20}
constexpr bool see_as_rows(layout& x, int axis) {
  shape rows;
  for (int i = 0; i < axis; ++i) rows.push_back(x.extents[i]);
  if (axis == 0) rows.push_back(1);
  std::int64_t length = 1;
  for (int i = axis; i < x.extents.size(); ++i) length *= x.extents[i];
  rows.push_back(length);
  return see_as(x, rows);
}

/// The same of all tensors.
constexpr bool see_as_rows(span<layout> tensors, int axis) {
  bool can = true;
  for (auto& x : tensors) can = can && see_as_rows(x, axis);
  return can;
}

/// Elements `first`, `first + step`, … of an axis, `count` of them.
constexpr void take(tensor_view& v, int axis, std::int64_t first, std::int64_t step,
                    std::int64_t count) {
  auto& stride = v.lies.strides[axis];
  v.lies.extents[axis] = count;
  if (count > 0) v.offset += first * stride;
  stride *= step;
}

/// A copy of one tensor to another of the same extents, as its kernel sees it: whether that is the
/// transposition, else it goes element by element. A transposition finds the axis along which the
/// input is contiguous as the last but one.
///   x {12, 5, 4} of strides {1, 48, 12} → {5, 12, 4} of strides {48, 1, 12}
constexpr bool lower_copy(lowering& l, layout const& from, layout const& to) {
  l.clear();
  l.types = {from.element, to.element};
  l.inputs.push_back(from);
  l.outputs.push_back(to);
  lower_elementwise(l);
  auto& x = l.inputs[0];
  auto& y = l.outputs[0];
  int const last = x.strides.size() - 1;
  if (last < 1 || x.strides[last] == 1) return false;
  for (int axis = 0; axis < last; ++axis) {
    if (x.strides[axis] != 1) continue;
    for (layout* const t : {&x, &y}) {
      for (shape* const s : {&t->extents, &t->strides}) {
        auto const moved = (*s)[axis];
        for (int i = axis; i + 1 < last; ++i) (*s)[i] = (*s)[i + 1];
        (*s)[last - 1] = moved;
      }
    }
    return true;
  }
  return false;
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// Operators, in the order of their numbers. A program's own are those of
/// `inlay::user_operators`, which the header that INLAY_USER_OPERATORS names defines.
template <class... Operator> struct operator_list {};

}  // namespace inlay::inline INLAY_VERSION

// What an operator's struct says of it: its place among others, and how it computes.

namespace inlay::inline INLAY_VERSION::detail {

/// Empty for ONNX's own operators.
template <class Operator> constexpr string_view domain_of() {
  if constexpr (requires { Operator::domain; }) return Operator::domain;
  else return {};
}
/// The oldest version of the operator set of its domain that has this form of it.
template <class Operator> constexpr int since_of() {
  if constexpr (requires { Operator::since; }) return Operator::since;
  else return 1;
}

template <class Operator> constexpr bool has_view_of_input() {
  return requires(node_view const& n, tensor_view& v) { Operator::view_of_input(n, 0, v); };
}
template <class Operator> constexpr bool has_view_of_output() {
  return requires(node_view const& n, tensor_view& v) { Operator::view_of_output(n, 0, v); };
}
template <class Operator> constexpr bool is_view() {
  return has_view_of_input<Operator>() || has_view_of_output<Operator>();
}
template <class Operator> constexpr bool is_elementwise() {
  return !is_view<Operator>() && !requires { typename Operator::kernel; } &&
         !requires(node_view const& n, lowering& l) { Operator::lower(n, l); };
}
/// Whether programs have steps of this operator. Those of a view are copies.
template <class Operator> constexpr bool is_step() {
  return !is_view<Operator>() || requires { typename Operator::kernel; };
}

}  // namespace inlay::inline INLAY_VERSION::detail

// The stage that computes one element at a time: in constant expressions, on the smallest machines,
// and as the reference.

// What stages share that compute on the machine that runs them.

INLAY_BEGIN_TARGET

/// Indices are integers, and loops run as they are reached.
struct host {
  using index = std::int64_t;
  using memory = host_memory;

  /// The tensor that starts at `at` along the first `axes` axes, which it no longer has.
  template <class T>
  INLAY_INLINE static constexpr tensor<T> slice(tensor<T> const& t, index const* at, int axes) {
    tensor<T> part{t.data, inner_axes(t.extents, axes), inner_axes(t.strides, axes)};
    for (int i = 0; i < axes; ++i) part.data += at[i] * t.strides[i];
    return part;
  }

  /// Without the first `axes` axes. Without a loop, as shapes are made.
  INLAY_INLINE static constexpr shape inner_axes(shape const& s, int axes) {
    if (s.rank <= axes) return {};
    shape inner;
    inner.rank = static_cast<std::uint8_t>(s.rank - axes);
    auto const at = [&](int i) INLAY_INLINE_LAMBDA {
      return i + axes < max_rank ? s.extents[i + axes] : 0;
    };
    auto& e = inner.extents;
    e[0] = at(0), e[1] = at(1), e[2] = at(2), e[3] = at(3);
    e[4] = at(4), e[5] = at(5), e[6] = at(6), e[7] = at(7);
    return inner;
  }

  // Indices.

  /// a / b rounded up, or 0 where a is negative.
  INLAY_INLINE static constexpr index divide_up(index a, index b) { return inlay::divide_up(a, b); }
  INLAY_INLINE static constexpr index smaller(index a, index b) { return a < b ? a : b; }
  template <int Lanes>
  INLAY_INLINE static constexpr full<Lanes, index> shift(full<Lanes, index> j, index by) {
    return {j.at + by};
  }
  template <int Lanes>
  INLAY_INLINE static constexpr partial<Lanes, index> shift(partial<Lanes, index> j, index by) {
    return {j.at + by, j.count};
  }

  INLAY_INLINE static constexpr index larger(index a, index b) { return a > b ? a : b; }
  INLAY_INLINE static constexpr std::int64_t known(index i, std::int64_t) { return i; }

  template <class... Index>
  INLAY_INLINE static constexpr index index_of(tensor<std::int64_t const> const& t, index count,
                                               Index... i) {
    index const at = t.data[offset(t.strides, std::index_sequence_for<Index...>{}, i...)];
    auto const from_front = at < 0 ? at + count : at;
    return larger(smaller(from_front, count - 1), 0);
  }

  /// Memory of a kernel's own, for as long as it runs.
  template <class T, int Size> struct workspace {
    alignas(64) T elements[Size];

    template <class S> INLAY_INLINE constexpr explicit workspace(S const&) {}

    /// Rows of so many elements.
    INLAY_INLINE tensor<T> rows(int width) { return {elements, {Size / width, width}, {width, 1}}; }
  };

  // Control.

  template <class Body> INLAY_INLINE static constexpr void loop(index n, Body&& body) {
    for (index i = 0; i < n; ++i) body(i);
  }
  template <class Body>
  INLAY_INLINE static constexpr void loop_nest(shape const& extents, int axes, Body&& body) {
    index at[max_rank]{};
    for (;;) {
      for (int i = 0; i < axes; ++i) {
        if (extents[i] == 0) return;
      }
      body(static_cast<index const*>(at));
      int axis = axes - 1;
      while (axis >= 0 && ++at[axis] == extents[axis]) at[axis--] = 0;
      if (axis < 0) return;
    }
  }
  template <class Body>
  INLAY_INLINE static constexpr void loop_tiles(index n, index size, Body&& body) {
    for (index i = 0; i < n; i += size) body(smaller(i, n - size));
  }
  template <class Body>
  INLAY_INLINE static constexpr auto if_at_most(index a, index b, Body&& body) {
    if (a <= b) return body(std::true_type{});
    return body(std::false_type{});
  }
  // Not unrolled: Clang would spill the registers that `initial` may be.
  template <class V, class Body>
  INLAY_INLINE static constexpr V fold(index begin, index end, V initial, Body&& body) {
    _Pragma("GCC unroll 1") for (index i = begin; i < end; ++i) initial = body(i, initial);
    return initial;
  }

 protected:
  template <std::size_t... Axis, class... Index>
  INLAY_INLINE static constexpr index offset(shape const& strides, std::index_sequence<Axis...>,
                                             Index... i) {
    return (index{0} + ... + (static_cast<index>(i) * strides.extents[Axis]));
  }
};

INLAY_END_TARGET

// Comparisons, what is chosen by them, and the bits of integers, one number at a time.

// Arithmetic, one number at a time.

// The square root in a constant expression, where one of our compilers has none.

namespace inlay::inline INLAY_VERSION {

/// The square root, rounded once, halves to even; not a number below zero.
/// *Costs*: 54 rounds.   *Source*: fdlibm, e_sqrt.c: the root's binary digits, one after the other.
constexpr double square_root(double x) {
  if (x == 0 || x != x || x == __builtin_inf()) return x;
  if (x < 0) return __builtin_nan("");
  constexpr std::uint64_t one = std::uint64_t{1} << 52;
  // A power of two more lets numbers below the normal ones have all their digits.
  bool const is_tiny = x < 0x1p-1022;
  auto const word = std::bit_cast<std::uint64_t>(is_tiny ? x * 0x1p54 : x);
  auto const exponent = static_cast<int>(word >> 52) - 1023 - (is_tiny ? 54 : 0);
  // What is left of x, in units that double in each round.
  std::uint64_t rest = ((word & (one - 1)) | one) << ((exponent & 1) != 0 ? 2 : 1);
  std::uint64_t root = 0;  // with one digit more than fits, by which it is rounded
  std::uint64_t twice = 0;
  for (std::uint64_t digit = one << 1; digit != 0; digit >>= 1, rest <<= 1) {
    if (twice + digit > rest) continue;
    twice += digit;
    rest -= twice;
    twice += digit;
    root += digit;
  }
  // No root is half way between two numbers.
  root = (root >> 1) + (root & 1);
  return std::bit_cast<double>(root + (static_cast<std::uint64_t>((exponent >> 1) + 1022) << 52));
}

/// The same: a double has more than twice the digits of a float, so that rounding twice is rounding
/// once.   *Source*: S. A. Figueroa, When is double rounding innocuous?, 1995.
constexpr float square_root(float x) {
  return static_cast<float>(square_root(static_cast<double>(x)));
}

}  // namespace inlay::inline INLAY_VERSION

INLAY_BEGIN_TARGET

struct scalar_numbers {
  template <class T> INLAY_INLINE static constexpr T add(T const& a, T const& b) {
    if constexpr (std::integral<T>) return wrap<T>(bits(a) + bits(b));
    else return a + b;
  }
  template <class T> INLAY_INLINE static constexpr T subtract(T const& a, T const& b) {
    if constexpr (std::integral<T>) return wrap<T>(bits(a) - bits(b));
    else return a - b;
  }
  template <class T> INLAY_INLINE static constexpr T multiply(T const& a, T const& b) {
    if constexpr (std::integral<T>) {
      return wrap<T>(bits(a) * bits(b));
    } else {
      // A compiler may fuse this product into an addition that follows; that would change the sum's
      // last bit.
#if defined(__clang__)
#pragma clang fp contract(off)
      return a * b;
#elif defined(__FMA__) || defined(__FP_FAST_FMAF)
      // A barrier would be lost when loops become vectors. Adding -0 changes no product.
      if (!std::is_constant_evaluated()) return fma(a, b, T{-0.0f});
      return a * b;
#else
      return a * b;
#endif
    }
  }
  /// Integers toward zero; by zero they are zero.
  template <class T> INLAY_INLINE static constexpr T divide(T const& a, T const& b) {
    if constexpr (std::floating_point<T>) return a / b;
    else if (b == T{0}) return T{0};
    else if constexpr (std::signed_integral<T>) return b == T{-1} ? negate(a) : wrap<T>(a / b);
    else return wrap<T>(a / b);
  }
  /// Rounded once; not a number below zero, but -0 for -0.
  template <std::floating_point T> INLAY_INLINE static constexpr T sqrt(T const& x) {
    if (std::is_constant_evaluated()) return square_root(x);
#if defined(__clang__)
    return __builtin_elementwise_sqrt(x);
#else
    if constexpr (std::same_as<T, float>) return __builtin_sqrtf(x);
    else return __builtin_sqrt(x);
#endif
  }

  /// a·b + c, rounded once; exact in a constant expression too. Where the machine has no such
  /// instruction the compiler calls the C library's, which is exact as well.
  template <class T> INLAY_INLINE static constexpr T fma(T const& a, T const& b, T const& c) {
    if constexpr (std::integral<T>) {
      return wrap<T>(bits(a) * bits(b) + bits(c));
    } else {
#if defined(__clang__)
      return __builtin_elementwise_fma(a, b, c);
#else
      if constexpr (std::same_as<T, float>) {
        if (std::is_constant_evaluated()) {
          // Where the result is below the normal numbers, no constant for GCC 12.
          double const product = static_cast<double>(a) * b;
          double const sum = product + c;
          if (sum > -0x1p-126 && sum < 0x1p-126 && sum != 0) return tiny_sum(product, c, sum);
        }
      }
      // Negating twice changes nothing but this: GCC 12 takes no element of a constant array here.
      if constexpr (std::same_as<T, float>) return __builtin_fmaf(-(-a), -(-b), -(-c));
      else return __builtin_fma(-(-a), -(-b), -(-c));
#endif
    }
  }

  template <class T> INLAY_INLINE static constexpr T max(T const& a, T const& b) {
    if constexpr (std::floating_point<T>) return a > b || a != a ? a : b;
    else return a > b ? a : b;
  }
  template <class T> INLAY_INLINE static constexpr T min(T const& a, T const& b) {
    if constexpr (std::floating_point<T>) return a < b || a != a ? a : b;
    else return a < b ? a : b;
  }

  template <class T> INLAY_INLINE static constexpr T abs(T const& x) {
    if constexpr (std::floating_point<T>) {
      if constexpr (std::same_as<T, float>) return __builtin_fabsf(x);
      else return __builtin_fabs(x);
    } else {
      return x < T{0} ? negate(x) : x;
    }
  }
  template <class T> INLAY_INLINE static constexpr T negate(T const& x) {
    if constexpr (std::integral<T>) return wrap<T>(bits(T{0}) - bits(x));
    else return -x;
  }

  /// A number with the sign of another.
  template <std::floating_point T>
  INLAY_INLINE static constexpr T copy_sign(T const& x, T const& sign) {
    if constexpr (std::same_as<T, float>) return __builtin_copysignf(x, sign);
    else return __builtin_copysign(x, sign);
  }
  /// The nearest whole number, halves to even.
  template <std::floating_point T> INLAY_INLINE static constexpr T nearest(T const& x) {
    // So large a number has no bits for a fraction, so that adding it rounds.
    constexpr T magic = std::same_as<T, float> ? T{0x1p23f} : T{0x1p52};
    T const magnitude = abs(x);
    if (!(magnitude < magic)) return x;
    T const shifted = magnitude + magic;
    return copy_sign(shifted - magic, x);
  }
  template <std::floating_point T> INLAY_INLINE static constexpr T floor(T const& x) {
    T const n = nearest(x);
    return copy_sign(n > x ? n - 1 : n, x);
  }
  template <std::floating_point T> INLAY_INLINE static constexpr T ceil(T const& x) {
    T const n = nearest(x);
    return copy_sign(n < x ? n + 1 : n, x);
  }

  /// n / 2, rounded down.
  INLAY_INLINE static constexpr std::int32_t half(std::int32_t const& n) { return n >> 1; }
  /// The n with 2^n ≤ |x| < 2^(n+1); of 0 one below that of every other number, of what is not
  /// finite one above.
  INLAY_INLINE static constexpr std::int32_t exponent(float const& x) {
    auto const word = std::bit_cast<std::uint32_t>(x) & 0x7fff'ffffu;
    bool const is_tiny = word < 0x0080'0000u;
    auto const magnitude = std::bit_cast<float>(word);
    auto const scaled = std::bit_cast<std::uint32_t>(is_tiny ? magnitude * 0x1p24f : magnitude);
    return static_cast<std::int32_t>(scaled >> 23) - (is_tiny ? 127 + 24 : 127);
  }
  INLAY_INLINE static constexpr std::int32_t exponent(double const& x) {
    auto const word = std::bit_cast<std::uint64_t>(x) & 0x7fff'ffff'ffff'ffffu;
    bool const is_tiny = word < 0x0010'0000'0000'0000u;
    auto const magnitude = std::bit_cast<double>(word);
    auto const scaled = std::bit_cast<std::uint64_t>(is_tiny ? magnitude * 0x1p54 : magnitude);
    return static_cast<std::int32_t>(scaled >> 52) - (is_tiny ? 1023 + 54 : 1023);
  }
  /// 2^n, for exponents of normal numbers.
  template <std::floating_point T>
  INLAY_INLINE static constexpr T power_of_two(std::int32_t const& n) {
    if constexpr (std::same_as<T, float>) return std::bit_cast<float>((n + 127) << 23);
    else return std::bit_cast<double>((std::int64_t{n} + 1023) << 52);
  }

 protected:
  /// a + b, rounded once to a float; `sum` is the same, rounded to a double.   *Source*: S. Boldo,
  /// G. Melquiond, Emulation of FMA and correctly rounded sums: proved algorithms using rounding to
  /// odd, 2008.
  static constexpr float tiny_sum(double a, double b, double sum) {
    double const second = sum - a;
    double const lost = (a - (sum - second)) + (b - second);
    auto word = std::bit_cast<std::uint64_t>(sum);
    if (lost != 0 && word % 2 == 0) (lost > 0) == (sum > 0) ? ++word : --word;
    return static_cast<float>(std::bit_cast<double>(word));
  }
  // Integers are computed as unsigned ones of at least 32 bits, which wrap.
  template <class T> static constexpr auto bits(T x) {
    if constexpr (sizeof(T) <= 4) return static_cast<std::uint32_t>(x);
    else return static_cast<std::uint64_t>(x);
  }
  template <class T, class U> static constexpr T wrap(U x) { return static_cast<T>(x); }
};

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// A mask is a truth.
struct scalar_bits : scalar_numbers {
  template <class T> using mask = bool;

  template <class T> INLAY_INLINE static constexpr bool equal(T const& a, T const& b) {
    return a == b;
  }
  template <class T> INLAY_INLINE static constexpr bool less(T const& a, T const& b) {
    return a < b;
  }
  template <class T> INLAY_INLINE static constexpr bool less_or_equal(T const& a, T const& b) {
    return a <= b;
  }
  template <class T> INLAY_INLINE static constexpr bool is_nan(T const& x) { return x != x; }
  INLAY_INLINE static constexpr bool is_true(bool const& x) { return x; }
  INLAY_INLINE static constexpr bool to_bools(bool const& m) { return m; }
  template <class T> INLAY_INLINE static constexpr T select(bool const& m, T const& a, T const& b) {
    return m ? a : b;
  }
  template <class A, class T>
  INLAY_INLINE static constexpr T select_rare(bool const& m, A const& a, T const& b) {
    if (m) return a();
    return b;
  }
  template <class T> INLAY_INLINE static constexpr T bit_and(T const& a, T const& b) {
    return static_cast<T>(a & b);
  }
  template <class T> INLAY_INLINE static constexpr T bit_or(T const& a, T const& b) {
    return static_cast<T>(a | b);
  }
  template <class T> INLAY_INLINE static constexpr T bit_xor(T const& a, T const& b) {
    return static_cast<T>(a ^ b);
  }
  template <std::integral T> INLAY_INLINE static constexpr T bit_not(T const& x) {
    return static_cast<T>(~x);
  }
  template <int By, std::integral T> INLAY_INLINE static constexpr T shift_left(T const& x) {
    return wrap<T>(bits(x) << By);
  }
  template <int By, std::integral T> INLAY_INLINE static constexpr T shift_right(T const& x) {
    return static_cast<T>(x >> By);
  }
};

INLAY_END_TARGET

// Between the types of numbers, one at a time.

// The least and the largest number of a type.

namespace inlay::inline INLAY_VERSION {

/// The number that no other is below: minus infinity, or the lowest integer.
template <class T> constexpr T least_value() {
  if constexpr (!std::integral<T>) {
    return static_cast<T>(-__builtin_inf());
  } else if constexpr (static_cast<T>(-1) < T{}) {
    return static_cast<T>(T{1} << (8 * sizeof(T) - 1));
  } else {
    return T{};
  }
}

/// The finite number that no other is below.
template <class T> constexpr T lowest_finite() {
  if constexpr (std::integral<T>) return least_value<T>();
  else if constexpr (sizeof(T) == 4) return static_cast<T>(-0x1.fffffep127);
  else return static_cast<T>(-0x1.fffffffffffffp1023);
}

/// The number that no other is above: infinity, or the largest integer.
template <class T> constexpr T largest_value() {
  if constexpr (!std::integral<T>) return static_cast<T>(__builtin_inf());
  else return static_cast<T>(~least_value<T>());
}

}  // namespace inlay::inline INLAY_VERSION

INLAY_BEGIN_TARGET

struct scalar_conversions {
  /// The nearest integer, halves to even. |x| must be below 2^22.
  INLAY_INLINE static constexpr std::int32_t round_to_integer(float const& x) {
    // Adding 1.5·2^23 leaves no bits for a fraction, so the addition itself rounds.
    float const shifted = x + 0x1.8p23f;
    return std::bit_cast<std::int32_t>(shifted) - std::bit_cast<std::int32_t>(0x1.8p23f);
  }
  /// The nearest integer, halves to even. |x| must be below 2^31.
  INLAY_INLINE static constexpr std::int32_t round_to_integer(double const& x) {
    double const shifted = x + 0x1.8p52;
    return static_cast<std::int32_t>(std::bit_cast<std::int64_t>(shifted) -
                                     std::bit_cast<std::int64_t>(0x1.8p52));
  }
  /// To the type `To`: integers wrap, what is rounded goes to the nearest, halves to even; a number
  /// becomes an integer toward zero, one out of range the nearest one in it, and what is none 0.
  template <class To, class From> INLAY_INLINE static constexpr To convert(From const& x) {
    if constexpr (std::same_as<To, bool>) return x != From{0};
    else if constexpr (std::integral<To> && std::floating_point<From>) return within<To>(x);
    else return static_cast<To>(x);
  }
  /// To the nearest integer that there is, halves to even; what is not a number to 0.
  template <std::integral To, std::floating_point From>
  INLAY_INLINE static constexpr To round(From const& x) {
    return within<To>(scalar_numbers::nearest(x));
  }
  /// An integer of 32 bits as the nearest one that there is.
  template <std::integral To> INLAY_INLINE static constexpr To saturate(std::int32_t const& n) {
    constexpr std::int32_t least = least_value<To>();
    constexpr std::int32_t most = largest_value<To>();
    return static_cast<To>(n < least ? least : n > most ? most : n);
  }

 private:
  /// Toward zero, as far as there are integers.
  template <class To, class From> INLAY_INLINE static constexpr To within(From const& x) {
    // Powers of two, which no rounding changes.
    constexpr From past = static_cast<From>(largest_value<To>() / 2 + 1) * 2;
    if (x >= past) return largest_value<To>();
    if (x <= static_cast<From>(least_value<To>())) return least_value<To>();
    return x == x ? static_cast<To>(x) : To{0};
  }
};

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// Vectors are single elements, indices are integers, and a line computes as it is reached.
struct scalar : host, scalar_bits, scalar_conversions {
  template <class T> using vec = computed_type<T>;
  template <class T> using lanes = full<1, index>;
  template <class T> static constexpr int width = 1;
  static constexpr int registers = 16;
  template <class T, bool Whole>
  INLAY_INLINE static constexpr full<1, index> lanes_from(index at, index) {
    return {at};
  }

  template <class T, class Lane = T> INLAY_INLINE static constexpr vec<T> splat(T x) {
    return static_cast<vec<T>>(x);
  }
  template <class V, class T> INLAY_INLINE static constexpr V splat_like(V const&, T x) {
    return static_cast<V>(x);
  }
  template <class T, class Lane = T> INLAY_INLINE static constexpr vec<T> splat_index(index i) {
    return static_cast<vec<T>>(i);
  }

  // Sums of four products.

  static constexpr bool has_quad_products = false;
  template <class T, class... Index>
  INLAY_INLINE static constexpr auto load_quads(tensor<T> const& t, Index... i) {
    return broadcast_quads(t, i...);
  }
  template <class T, class... Index>
  INLAY_INLINE static constexpr auto broadcast_quads(tensor<T> const& t, Index... i) {
    auto* const from = t.data + offset(t.strides, std::index_sequence_for<Index...>{}, i...);
    return quad<std::remove_const_t<T>>{{from[0], from[1], from[2], from[3]}};
  }
  INLAY_INLINE static constexpr std::int32_t add_products(quad<std::uint8_t> const& a,
                                                          quad<std::int8_t> const& b,
                                                          std::int32_t const& c) {
    std::int32_t sum = 0;
    for (int i = 0; i < 4; ++i) sum += a.element[i] * b.element[i];
    return add(c, sum);
  }

  // Memory.

  template <class T, class... Index>
  INLAY_INLINE static constexpr vec<T> load(tensor<T> const& t, Index... i) {
    return as_computed<T>(t.data[offset(t.strides, std::index_sequence_for<Index...>{}, i...)]);
  }
  template <class Lane = void, class T, class... Index>
  INLAY_INLINE static constexpr vec<T> broadcast(tensor<T> const& t, Index... i) {
    return as_computed<T>(t.data[offset(t.strides, std::index_sequence_for<Index...>{}, i...)]);
  }
  template <class T, class... Rest>
  INLAY_INLINE static constexpr void store(tensor<T> const& t, Rest const&... rest) {
    store_last(t, std::make_index_sequence<sizeof...(Rest) - 1>{}, rest...);
  }
  template <class T>
  INLAY_INLINE static constexpr vec<T> load_or_broadcast(tensor<T> const& t, full<1, index> j) {
    return as_computed<T>(t.data[j.at * t.strides[0]]);
  }
  template <class T>
  INLAY_INLINE static constexpr vec<T> gather(tensor<T> const& t, std::int32_t const& n,
                                              full<1, index>) {
    return as_computed<T>(t.data[n * t.strides[0]]);
  }
  template <class V> INLAY_INLINE static constexpr V in_register(V const& x) { return x; }
  template <class T> static constexpr int block_rows = 1;
  template <class T> static constexpr int block_columns = 1;
  template <class T>
  INLAY_INLINE static constexpr void transpose_block(tensor<T const> const& x, tensor<T> const& y,
                                                     index i, index j) {
    y.data[j * y.strides[0] + i] = x.data[i * x.strides[0] + j];
  }

  // Control.

  template <class T, class Body>
  INLAY_INLINE static constexpr void loop_lanes(index n, Body&& body) {
    for (index j = 0; j < n; ++j) body(full<1, index>{j});
  }
  template <class T, class Identity, class At, class Combine>
  INLAY_INLINE static constexpr vec<T> reduce_lanes(index n, Identity const& identity, At&& at,
                                                    Combine&& combine) {
    vec<T> lane[reduction_lanes]{};
    for (auto& x : lane) x = static_cast<vec<T>>(identity);
    for (index j = 0; j < n; ++j) {
      vec<T> const x = at(full<1, index>{j});
      lane[j % reduction_lanes] = combine(lane[j % reduction_lanes], x);
    }
    for (int width = reduction_lanes / 2; width > 0; width /= 2) {
      for (int l = 0; l < width; ++l) lane[l] = combine(lane[l], lane[l + width]);
    }
    return lane[0];
  }

 private:
  template <class T> INLAY_INLINE static constexpr vec<T> as_computed(T const& x) {
    return static_cast<vec<T>>(x);
  }
  template <class T, std::size_t... Axis, class... Rest>
  INLAY_INLINE static constexpr void store_last(tensor<T> const& t,
                                                std::index_sequence<Axis...> axes,
                                                Rest const&... rest) {
    auto const arguments = pack<Rest...>(rest...);
    t.data[offset(t.strides, axes, get<Axis>(arguments)...)] =
        static_cast<T>(get<sizeof...(Axis)>(arguments));
  }
};

static_assert(stage<scalar>);

INLAY_END_TARGET

namespace inlay::inline INLAY_VERSION::detail {

template <class... A, class... B>
constexpr operator_list<A..., B...> join(operator_list<A...>, operator_list<B...>) {
  return {};
}

/// Whether no operator of the second list has the domain and the name of one before it.
template <class... Before, class... Operator>
constexpr bool have_names_of_their_own(operator_list<Before...>, operator_list<Operator...>) {
  if constexpr (sizeof...(Operator) == 0) {
    return true;
  } else {
    constexpr string_view domains[] = {domain_of<Before>()..., domain_of<Operator>()...};
    constexpr string_view names[] = {Before::name..., Operator::name...};
    for (std::size_t i = sizeof...(Before); i < sizeof...(Before) + sizeof...(Operator); ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        if (names[i] == names[k] && domains[i] == domains[k]) return false;
      }
    }
    return true;
  }
}

template <class First, class... Rest> First first_of(type_list<First, Rest...>);

/// Whether the scalar stage can call the element function, for the first of its forms.
template <class Operator, class Form, std::size_t... Operand>
constexpr bool has_element(std::index_sequence<Operand...>) {
  using T = typename Form::from;
  if constexpr (converts<Operator>()) {
    return true;
  } else if constexpr (has_parameters<Operator>()) {
    return requires(scalar& s, typename Operator::parameters const& p) {
      Operator::template element<T>(
          s, p, std::declval<vec<scalar, operand_type<Operator, Form, Operand>> const&>()...);
    };
  } else {
    return requires(scalar& s) {
      Operator::template element<T>(
          s, std::declval<vec<scalar, operand_type<Operator, Form, Operand>> const&>()...);
    };
  }
}
template <class Operator> constexpr bool has_element() {
  using form = decltype(first_of(forms_of<Operator>{}));
  return has_element<Operator, form>(
      std::make_index_sequence<static_cast<std::size_t>(operands<Operator>())>{});
}

/// Whether the scalar stage can run the kernel, for the first of its element types. Those that
/// compute in tiles or read indices are called in other ways.
template <class Operator, std::size_t... Input>
constexpr bool has_run(std::index_sequence<Input...>) {
  using kernel = typename Operator::kernel;
  using T = decltype(first_of(typename Operator::types{}));
  if constexpr (requires { &kernel::product; } || requires { kernel::index_input; }) {
    return true;
  } else {
    return requires(scalar& s, kernel const& k, tensor<T> const& y) {
      run(s, k, (static_cast<void>(Input), std::declval<tensor<T const> const&>())..., y);
    };
  }
}

template <class Operator> struct check_kernel {
  using kernel = typename Operator::kernel;
  static_assert(
      requires { int{kernel::inputs}; },
      "a kernel needs a number of inputs: static constexpr int inputs = 1");
  static_assert(std::is_empty_v<kernel> || sizeof(kernel) % 8 == 0,
                "the parameters of a kernel are members of 8 bytes");
  static_assert(
      requires(node_view const& n, lowering& l) { Operator::lower(n, l); },
      "an operator with a kernel needs a lowering: static constexpr void lower(auto const&, "
      "lowering&)");
  static_assert(
      has_run<Operator>(std::make_index_sequence<static_cast<std::size_t>(kernel::inputs)>{}),
      "a kernel needs a function beside it: run(S&, kernel const&, tensors...)");
};

/// An operator of a program has what the library's have.
template <class Operator> struct check_operator {
  static_assert(
      requires { string_view(Operator::name); },
      "an operator needs a name: static constexpr string_view name = \"Name\"");
  static_assert(domain_of<Operator>() != "ai.onnx", "ONNX's own domain is the empty one");
  static_assert(
      requires { arity(Operator::inputs), arity(Operator::outputs); },
      "an operator needs numbers of inputs and outputs: static constexpr arity inputs{1, 1}");
  static_assert(
      requires { Operator::types::size; },
      "an operator needs element types: using types = type_list<float, double>");
  static_assert(
      requires(node_view const& n) { Operator::infer(n); } ||
          requires(node_view const& n) { Operator::infer(n, 0); },
      "an operator needs a type rule: static constexpr result<tensor_type> infer(auto const&)");
  static constexpr bool is_checked = [] {
    if constexpr (requires { typename Operator::kernel; }) {
      return sizeof(check_kernel<Operator>) != 0;
    } else if constexpr (is_elementwise<Operator>()) {
      constexpr bool takes_few = operands<Operator>() <= 3;
      static_assert(takes_few, "an element function takes at most 3 operands");
      if constexpr (takes_few) {
        static_assert(has_element<Operator>(),
                      "an operator needs an element function, element<T>(S&, V const&...), a "
                      "kernel, or a view");
      }
      return true;
    } else {
      return true;
    }
  }();
};

template <class... Operator> constexpr bool are_operators(operator_list<Operator...>) {
  return (check_operator<Operator>::is_checked && ...);
}

}  // namespace inlay::inline INLAY_VERSION::detail

// Truths about numbers, element by element.

namespace inlay::inline INLAY_VERSION {

namespace detail {

constexpr result<tensor_type> truths_of(result<tensor_type> type) {
  if (type) type->element = element_type::boolean;
  return type;
}

inline constexpr attribute_rule infinity_attributes[] = {
    {"detect_negative", attribute_kind::integer}, {"detect_positive", attribute_kind::integer}};

}  // namespace detail

namespace op {

/// Operators that say something of two numbers.
struct comparison : binary {
  using result_type = bool;

  static constexpr result<tensor_type> infer(auto const& n) {
    return inlay::detail::truths_of(binary::infer(n));
  }
};

/// Whether a and b are the same number.                                        ONNX: Equal, since 7
struct equal : comparison {
  static constexpr string_view name = "Equal";
  static constexpr int since = 7;
  using types = stored_types;

  template <class T>
  static constexpr element_form<inlay::detail::unsigned_of_size<T>, bool> coded_form(
      element_form<T, bool>) {
    return {};
  }
  template <class T, stage S, class V> static constexpr auto element(S& s, V const& a, V const& b) {
    auto const holds = s.equal(a, b);
    return s.to_bools(holds);
  }
};

/// Whether a > b.                                                            ONNX: Greater, since 7
struct greater : comparison {
  static constexpr string_view name = "Greater";
  static constexpr int since = 7;
  using types = arithmetic_types;

  template <class T, stage S, class V> static constexpr auto element(S& s, V const& a, V const& b) {
    auto const holds = s.less(b, a);
    return s.to_bools(holds);
  }
};

/// Whether a ≥ b.                                                    ONNX: GreaterOrEqual, since 12
struct greater_or_equal : comparison {
  static constexpr string_view name = "GreaterOrEqual";
  static constexpr int since = 12;
  using types = arithmetic_types;

  template <class T, stage S, class V> static constexpr auto element(S& s, V const& a, V const& b) {
    auto const holds = s.less_or_equal(b, a);
    return s.to_bools(holds);
  }
};

/// Whether a < b.                                                               ONNX: Less, since 7
struct less : comparison {
  static constexpr string_view name = "Less";
  static constexpr int since = 7;
  using types = arithmetic_types;

  template <class T, stage S, class V> static constexpr auto element(S& s, V const& a, V const& b) {
    auto const holds = s.less(a, b);
    return s.to_bools(holds);
  }
};

/// Whether a ≤ b.                                                       ONNX: LessOrEqual, since 12
struct less_or_equal : comparison {
  static constexpr string_view name = "LessOrEqual";
  static constexpr int since = 12;
  using types = arithmetic_types;

  template <class T, stage S, class V> static constexpr auto element(S& s, V const& a, V const& b) {
    auto const holds = s.less_or_equal(a, b);
    return s.to_bools(holds);
  }
};

/// Whether x is infinite: above 0 if `detect_positive` (1), below if `detect_negative` (1).
///                                                                            ONNX: IsInf, since 10
struct is_inf : unary {
  static constexpr string_view name = "IsInf";
  static constexpr int since = 10;
  using types = float_types;
  using result_type = bool;
  static constexpr span<attribute_rule const> attributes = inlay::detail::infinity_attributes;
  struct parameters {
    std::int64_t is_negative;
    std::int64_t is_positive;
  };

  static constexpr parameters read(auto const& n) {
    return {n.integer("detect_negative", 1), n.integer("detect_positive", 1)};
  }
  static constexpr result<tensor_type> infer(auto const& n) {
    return inlay::detail::truths_of(unary::infer(n));
  }
  template <class T, stage S, class V>
  static constexpr auto element(S& s, parameters const& p, V const& x) {
    // Instead of an infinity that is not wanted: what equals nothing.
    constexpr auto none = static_cast<T>(__builtin_nan(""));
    auto const most = s.splat_like(x, p.is_positive != 0 ? largest_value<T>() : none);
    auto const least = s.splat_like(x, p.is_negative != 0 ? least_value<T>() : none);
    auto const zero = s.splat_like(x, T{0});
    auto const is_negative = s.less(x, zero);
    auto const wanted = s.select(is_negative, least, most);
    auto const holds = s.equal(x, wanted);
    return s.to_bools(holds);
  }
};

/// Whether x is not a number.                                                  ONNX: IsNaN, since 9
struct is_nan : unary {
  static constexpr string_view name = "IsNaN";
  static constexpr int since = 9;
  using types = float_types;
  using result_type = bool;

  static constexpr result<tensor_type> infer(auto const& n) {
    return inlay::detail::truths_of(unary::infer(n));
  }
  template <class T, stage S, class V> static constexpr auto element(S& s, V const& x) {
    auto const holds = s.is_nan(x);
    return s.to_bools(holds);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Tensors one after the other.

namespace inlay::inline INLAY_VERSION {
namespace op {

/// The inputs one after the other along `axis`.
///   {2, 3} and {2, 1} along 1 → {2, 4}                                     ONNX: Concat, since 4
struct concat {
  static constexpr string_view name = "Concat";
  static constexpr int since = 4;
  static constexpr arity inputs{1, 4096};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"axis", attribute_kind::integer}};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    if (!n.has_attribute("axis")) {
      return make_error(rule::an_attribute_must_have_a_value, "attribute 'axis' is left out");
    }
    auto const given = n.integer("axis", 0);
    int const axis = axis_of(given, x.shape.size());
    if (axis < 0) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", given,
                        " is outside of the input's ", x.shape.size(), " axes");
    }
    auto y = x.shape;
    for (int i = 1; i < n.inputs(); ++i) {
      if (!n.has_input(i)) {
        return make_error(rule::the_number_of_inputs_must_match_the_operator, "input ", i,
                          " is left out, but needed");
      }
      auto const& next = n.input_shape(i);
      bool fits = next.size() == y.size();
      for (int a = 0; fits && a < y.size(); ++a) fits = a == axis || n.can_equal(next[a], y[a]);
      if (!fits) {
        return make_error(rule::shapes_must_broadcast, "input ", i, " of shape ", next,
                          " differs from input 0 of shape ", x.shape, " along another axis than ",
                          axis);
      }
      y[axis] = n.add(y[axis], next[axis]);
      for (int a = 0; a < y.size(); ++a) {
        if (y[a] < 0 && a != axis && next[a] >= 0) y[a] = next[a];
      }
    }
    return tensor_type{x.element, y};
  }

  static constexpr bool view_of_output(auto const& n, int input, tensor_view& v) {
    int const axis = axis_of(n.integer("axis", 0), v.lies.extents.size());
    std::int64_t first = 0;
    for (int i = 0; i < input; ++i) first += n.input_shape(i)[axis];
    take(v, axis, first, 1, n.input_shape(input)[axis]);
    return true;
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Convolution.

// What a convolution needs to know besides its tensors.

// When a convolution goes by channels alone.

// How the right-hand operand of a product lies in memory once it is packed.

namespace inlay::inline INLAY_VERSION {

/// Right-hand operands are read in panels of so many columns, whatever a machine's vectors hold.
inline constexpr int panel_columns = 16;

/// How many panels so many columns fill.   17 → 2
constexpr std::int64_t panels_of(std::int64_t columns) { return divide_up(columns, panel_columns); }

/// A right-hand operand as it is in memory, its axes in the order of the panels: groups or batches
/// (with a stride of 0 where one repeats), then columns, then the steps of a sum. `Numbers` are one
/// an axis, as a stage's memory has them.
template <class Numbers> struct right_operand_of {
  Numbers extents;
  Numbers strides;           // in elements
  std::int64_t columns = 0;  // the axis

  friend constexpr bool operator==(right_operand_of const&, right_operand_of const&) = default;
};
using right_operand = right_operand_of<shape>;

/// A tensor in panels: the axes of an operand, of which the columns are two, panels and columns of
/// a panel. The last panel may not be whole.
template <class Numbers> struct panel_layout_of {
  Numbers extents;
  Numbers strides;
};
using panel_layout = panel_layout_of<shape>;

/// The operand in panels where it is.
///   extents {2, 40, 9}, strides {360, 1, 40}, columns 1 → {2, 3, 16, 9}, {360, 16, 1, 40}
template <class Numbers>
INLAY_INLINE constexpr panel_layout_of<Numbers> in_panels(right_operand_of<Numbers> const& right) {
  panel_layout_of<Numbers> panels;
  for (int i = 0; i < right.extents.size(); ++i) {
    if (i == right.columns) {
      panels.extents.push_back((right.extents[i] + (panel_columns - 1)) / panel_columns);
      panels.strides.push_back(right.strides[i] * panel_columns);
      panels.extents.push_back(panel_columns);
    } else {
      panels.extents.push_back(right.extents[i]);
    }
    panels.strides.push_back(right.strides[i]);
  }
  return panels;
}

/// How many columns each panel has room for: all, where they do not fill one.
constexpr std::int64_t panel_room(right_operand const& right) {
  auto const columns = right.extents[static_cast<int>(right.columns)];
  return columns < panel_columns ? columns : panel_columns;
}

/// The operand packed: groups, in each its panels, in each its steps, in each its columns, next to
/// each other. The last one of several panels is filled up.
///   the same operand → {2, 3, 16, 9}, {432, 144, 1, 16}
constexpr panel_layout packed_layout(right_operand const& right) {
  auto panels = in_panels(right);
  auto const lanes = static_cast<int>(right.columns) + 1;
  auto step = panel_room(right);
  for (int i = panels.extents.size() - 1; i >= 0; --i) {
    if (i == lanes) continue;
    bool const repeats = i < right.columns && right.strides[i] == 0;
    panels.strides[i] = repeats ? 0 : step;
    if (!repeats) step *= panels.extents[i];
  }
  panels.strides[lanes] = 1;
  return panels;
}

/// How many elements the packed operand has.
constexpr std::int64_t packed_size(right_operand const& right) {
  auto const panels = packed_layout(right);
  auto size = panel_room(right);
  for (int i = 0; i < panels.extents.size(); ++i) {
    if (panels.strides[i] != 0 && i != right.columns + 1) size *= panels.extents[i];
  }
  return size;
}

/// How far the columns of an operand are from each other, in elements.
constexpr std::int64_t column_stride(right_operand const& right) {
  return right.strides[static_cast<int>(right.columns)];
}
/// How many columns panel number `panel` has of so many.
constexpr std::int64_t columns_in(std::int64_t panel, std::int64_t columns) {
  auto const left = columns - panel * panel_columns;
  return left < panel_columns ? left : panel_columns;
}

/// Packs an operand: calls `put(to, from, count)` for each run of columns, with where it goes in
/// the packed operand, where its first element comes from, and how many there are, one column from
/// the other.
template <class Put> constexpr void pack_panels(right_operand const& right, Put&& put) {
  auto const axes = right.extents.size();
  auto counts = right.extents;
  auto const column_axis = static_cast<int>(right.columns);
  auto strides = right.strides;
  counts[column_axis] = panels_of(counts[column_axis]);
  strides[column_axis] *= panel_columns;
  for (int i = 0; i < column_axis; ++i) {
    if (strides[i] == 0) counts[i] = 1;
  }
  for (auto const count : counts) {
    if (count == 0) return;
  }
  std::int64_t at[max_rank]{};
  auto const room = panel_room(right);
  auto const columns = right.extents[column_axis];
  int const last = axes - 1;
  std::int64_t to = 0;
  std::int64_t from = 0;
  for (;;) {
    // Few statements inside: Clang counts them.
    auto const all = columns_in(at[column_axis], columns);
    for (std::int64_t i = 0; i < counts[last]; ++i, to += room, from += strides[last])
      put(to, from, column_axis == last ? columns_in(i, columns) : all);
    from -= counts[last] * strides[last];
    int axis = last - 1;
    if (axis < 0) return;
    from += strides[axis];
    while (++at[axis] == counts[axis]) {
      from -= counts[axis] * strides[axis];
      at[axis] = 0;
      if (--axis < 0) return;
      from += strides[axis];
    }
  }
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// Whether a convolution is depthwise: each group has one channel, and there are more groups than
/// outputs in one, so that vectors go along the groups rather than along the outputs.
template <class Index>
INLAY_INLINE constexpr bool is_depthwise(std::int64_t groups, Index channels_of_group,
                                         Index outputs_of_group) {
  return channels_of_group == 1 && outputs_of_group < groups;
}

/// The weights of a depthwise convolution, of extents [groups, outputs of a group, rows, columns]
/// and these strides: [outputs of a group, groups, rows, columns, 1], in which the groups are the
/// columns of the panels.
template <class Numbers>
INLAY_INLINE constexpr right_operand_of<Numbers> depthwise_right(Numbers const& extents,
                                                                 Numbers const& strides) {
  return {{extents[1], extents[0], extents[2], extents[3], 1},
          {strides[1], strides[0], strides[2], strides[3], 0},
          1};
}

}  // namespace inlay::inline INLAY_VERSION

// How much of a matrix product a kernel computes at a time.

namespace inlay::inline INLAY_VERSION {

/// The sums that are computed side by side, each in a register: of `rows` rows, and of as many
/// columns as `vectors` vectors hold. Those are whole panels; or all columns, where they are no
/// whole panels; or, in vectors of one element, one column. Vectors hold `width` elements, or as
/// many as the machine's do.
/// Code for what is not there is left out: windows that hang over the input, vectors that the last
/// columns do not fill, passes after the first, a batch.
struct tile_shape {
  int rows = 0;
  int vectors = 0;
  int width = 0;
  bool is_inside = false;  // every window lies on the input as a whole
  bool is_full = false;    // the columns fill every vector
  bool is_one_pass = false;
  bool is_halved = false;  // each sum is that of the first half of its steps and of the second
  int run = 1;             // so many rows lie in memory as all such runs do
  int taps = 0;  // the columns of a depthwise window, of which weights are in registers; or none
  // Rows are pixels of 2x2 each, from left to right and down, of which one result is made; the
  // results of a run are beside each other.
  bool is_pooled = false;
  bool is_single = false;  // of one product, not of a batch
  // The columns of the right-hand side are next to each other in memory, and one loop goes over all
  // steps of a window: for strides and extents that are no constants.
  bool is_dynamic = false;
};

/// No tile has more sums.
inline constexpr int most_tile_elements = 384;

/// The multiply-adds of one sum: over the rows of a window, its columns and its channels, in this
/// order. A matrix product has one row and one column.
template <class Index> struct product_steps_of {
  Index rows = 1;
  Index columns = 1;
  Index channels = 1;
};
using product_steps = product_steps_of<std::int64_t>;

/// The rows and columns that tiles cut up, the steps of each sum, and whether those are halved.
/// Runs of `even_rows` rows are as far from each other in memory, `row_distance` elements.
struct product_extents {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::int64_t even_rows = 0;
  bool is_inside = false;
  product_steps steps{};
  bool is_halved = false;
  std::int64_t row_distance = 0;
  std::int64_t taps = 0;       // the columns of a depthwise window whose neighbours share them
  bool is_pooled = false;      // of four rows each one result is made
  bool is_single = false;      // no batch
  bool is_contiguous = false;  // columns of the right-hand side are next to each other in memory
};

/// The smallest tile, in vectors of `width` elements.   16 → {1, 1}; 4 → {1, 4}
constexpr tile_shape least_tile(int width) {
  return {1, width > 1 && width < panel_columns ? panel_columns / width : 1, width};
}

/// That tile with its sums in halves, which are computed side by side, in one pass.
constexpr tile_shape halved(tile_shape tile) {
  tile.is_halved = true;
  tile.is_one_pass = true;
  return tile;
}

/// How far a pass over the steps goes before the next tile has its turn, so that what all tiles
/// read of the right-hand side stays in a cache of the first level.
template <class Index> struct product_passes_of {
  product_steps_of<Index> of_pass;
  product_steps_of<Index> count;  // of passes
  Index total = 1;
};
using product_passes = product_passes_of<std::int64_t>;

/// Passes that read at most 24 KB each of a right-hand side `column_bytes` wide, if a step does; of
/// nearly the same size.
///   {3, 3, 512}, 64 → 18 passes of {1, 1, 256}; {3, 1, 192}, 64 → 3 of {1, 1, 192}
INLAY_INLINE constexpr product_passes split_steps(product_steps const& steps,
                                                  std::int64_t column_bytes) {
  auto const most = (24 << 10) / column_bytes;
  auto const up = [](std::int64_t a, std::int64_t b)
                      INLAY_INLINE_LAMBDA { return b == 0 ? 1 : divide_up(a, b); };
  auto const chunks = up(steps.channels, most);
  product_steps pass{1, 1, chunks == 0 ? 0 : up(steps.channels, chunks)};
  if (chunks <= 1 && steps.columns * steps.channels <= most) {
    pass.columns = steps.columns;
    if (steps.rows * steps.columns * steps.channels <= most) pass.rows = steps.rows;
  }
  product_passes passes{pass, {}, 1};
  passes.count = {up(steps.rows, pass.rows), up(steps.columns, pass.columns),
                  up(steps.channels, pass.channels)};
  passes.total = passes.count.rows * passes.count.columns * passes.count.channels;
  return passes;
}

/// How many registers a tile takes: its sums, what one side is multiplied by, which is the smaller
/// one, and an element or a vector of the other.
constexpr int registers_of(int rows, int vectors) {
  return rows * vectors + (rows < vectors ? rows : vectors) + 1;
}

/// What a tile costs, in half cycles, of a machine that starts two multiply-adds and two loads a
/// cycle, and eight operations of any kind in two. A step loads the vectors of the right and an
/// element of the left for each row; the next addition to one of its `chains` sums comes six
/// cycles after the one before. Each run of rows has an address of its own; a dozen of them are in
/// registers, the others are loads. A pass adds the loads and the stores of the sums, what it takes
/// to start and to end a loop, and to find several runs.
constexpr std::int64_t cost_of_tile(int rows, int vectors, int runs, product_steps const& steps,
                                    std::int64_t passes, int chains = 1) {
  int const multiply_adds = rows * vectors;
  int const loads = rows + vectors + (runs > 12 ? 2 * (runs - 12) : 0);
  int const together = (multiply_adds + loads + 4) / 2;
  int step = multiply_adds + 1 > loads ? multiply_adds + 1 : loads;
  if (step < together) step = together;
  if (step * chains < 12) step = 12 / chains;
  return steps.rows * steps.columns * steps.channels * step +
         passes * (80 + 2 * multiply_adds + (runs == 1 ? 0 : 8 * runs));
}

/// How many elements vectors need to hold, of at most `width` and at least 16 bytes, so that one
/// holds all columns.   8 columns, 16, 4 → 8; 9, 16, 4 → 16; 1, 16, 4 → 4
constexpr int narrowed_width(std::int64_t columns, int width, int element_bytes) {
  while (columns <= width / 2 && width / 2 * element_bytes >= 16) width /= 2;
  return width;
}

/// The most rows of a tile of `high` that begin where one of `even_rows` rows may begin, and lie as
/// far from each other.   24, 16 → 8; 7, 14 → 7
constexpr int run_of_tile(std::int64_t even_rows, int high) {
  int run = high;
  while (even_rows % run != 0 || high % run != 0) --run;
  return run;
}

/// The tile of a depthwise convolution without stride and dilation: each pixel is loaded once for
/// all windows of a tile, and their weights once; both stay in registers beside the sums, with one
/// to spare.
///   56 rows, 3 taps, 16 registers → 8 rows; 14 rows, 3 taps, 32 registers → 14
constexpr tile_shape choose_depthwise_tile(product_extents const& product, int registers) {
  tile_shape best{.rows = 1, .vectors = 1, .is_inside = product.is_inside};
  best.taps = static_cast<int>(product.taps);
  std::int64_t least_cost = 0;
  for (int high = 1; high <= product.rows && high <= 14; ++high) {
    if (high + best.taps + 2 > registers) break;
    auto const pixels = high - 1 + best.taps;
    auto const cost = divide_up(product.rows, high) * (2 * high * best.taps + pixels + 8);
    if (least_cost != 0 && cost > least_cost) continue;
    best.rows = high;
    least_cost = cost;
  }
  return best;
}

/// The tile that computes a product of so many rows and columns quickest, in vectors of at most
/// `width` elements of `element_bytes` on a machine of `registers` vector registers. The last tile
/// of a row overlaps the one before. Caches of the first level have eight places for what is a
/// multiple of 4096 bytes apart: a tile has no more rows than those, but one for the right-hand
/// side.
///   56 rows of 64 columns, 16, 32 → {14, 2}; 56 of 64, 8, 16 → {3, 4}; 24 of 8, 8, 16 → {12, 1}
constexpr tile_shape choose_tile(product_extents const& product, int width, int registers,
                                 int element_bytes = 4) {
  if (product.taps > 0 && width > 1) return choose_depthwise_tile(product, registers);
  auto const rows = product.rows;
  auto const columns = product.columns;
  width = narrowed_width(columns, width, element_bytes);
  auto best = least_tile(width);
  best.is_inside = product.is_inside;
  best.is_single = product.is_single;
  best.run = best.rows;
  if (product.is_halved) best = halved(best);
  if (product.is_pooled) {
    best.is_pooled = true;
    best.rows = best.run = 4;
    best.is_one_pass = width == 1;
  }
  if (width == 1 || rows < 1) return best;
  int const chains = best.is_halved ? 2 : 1;
  bool const collide = product.row_distance > 0 && product.row_distance * element_bytes % 4096 == 0;
  int const most_rows = collide ? 7 : 28;
  auto const panels = panels_of(columns);
  auto const vectors_of_panel = best.vectors;
  auto const vectors_of_all = divide_up(columns, width);
  std::int64_t least_cost = 0;
  for (int wide = 1; wide <= panels; ++wide) {
    bool const is_all = wide * vectors_of_panel > vectors_of_all;
    int const vectors = is_all ? static_cast<int>(vectors_of_all) : wide * vectors_of_panel;
    if (vectors > 8) break;
    auto const passes =
        best.is_halved ? 1 : split_steps(product.steps, vectors * width * element_bytes).total;
    for (int high = 1; high <= rows && high <= most_rows; ++high) {
      if (registers_of(high * chains, vectors) > registers) break;
      if (product.is_pooled && high % 4 != 0) continue;
      auto const tiles = divide_up(rows, high) * divide_up(panels, wide);
      int const run = product.even_rows == rows ? high : run_of_tile(product.even_rows, high);
      auto const cost =
          tiles * cost_of_tile(high, vectors, high / run, product.steps, passes, chains);
      bool const larger = high * vectors > best.rows * best.vectors;
      if (least_cost == 0 || cost < least_cost || (cost == least_cost && larger)) {
        best.rows = high;
        best.vectors = vectors;
        best.run = run;
        least_cost = cost;
      }
    }
  }
  best.is_full = columns % panel_columns == 0 || columns == best.vectors * width;
  best.is_one_pass =
      best.is_halved || split_steps(product.steps, best.vectors * width * element_bytes).total == 1;
  return best;
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// y[n,o,p,q] = sum over ky, kx, c of x[n, g·C + c, p·… + ky, q·… + kx] · w[o,c,ky,kx] + b[o],
/// where o is in group g. The pads are indices of a stage.
template <class Index> struct convolution_along {
  static constexpr int inputs = 3;
  static constexpr bool takes_tape = true;
  window_along<Index> rows;
  window_along<Index> columns;
  std::int64_t groups = 1;

  /// The zeros around its images.
  constexpr image_border border(shape const& x, shape const& y) const {
    return border_of(rows, columns, x, y);
  }
  /// The same over images that have their border.
  constexpr convolution_along without_border() const {
    auto k = *this;
    k.rows.pad = k.columns.pad = 0;
    return k;
  }
  /// Whether the largest of 2x2 outputs each can be had from it: where windows lie on the image or
  /// on its border.
  constexpr bool can_pool(shape const& x, shape const& y, bool has_border) const {
    auto const c = x[1] / groups;
    return !is_depthwise(groups, c, y[1] / groups) && (has_border || border(x, y).is_empty());
  }
  /// What tiles cut up: the pixels of an image, one by one where windows hang over it, and the
  /// outputs of a group.
  constexpr product_extents product(shape const& x, shape const& y) const {
    auto const outputs = y[1] / groups;
    product_steps const steps{rows.size, columns.size, x[1] / groups};
    auto const across = whole_outputs(columns, x[3], y[3]);
    if (is_depthwise(groups, x[1] / groups, outputs)) {
      auto const count = across.end - across.begin;
      // Not more of them than leave registers for sums.
      bool const are_shared = columns.stride == 1 && columns.dilation == 1 && columns.size <= 7;
      return {count, 1, count, across.covers(y[3]), steps, false, 0, are_shared ? columns.size : 0};
    }
    bool const is_inside = whole_outputs(rows, x[2], y[2]).covers(y[2]) && across.covers(y[3]);
    return {is_inside ? y[2] * y[3] : 1, outputs, is_inside ? y[3] : 1, is_inside, steps, false,
            columns.stride * x[1]};
  }
  /// The weights [o, c, rows, columns]: [groups, o/groups, rows, columns, c].
  template <class Numbers = shape>
  INLAY_INLINE constexpr right_operand_of<Numbers> right(Numbers const& e, Numbers const& s) const {
    auto const outputs = e[0] / groups;
    if (is_depthwise(groups, e[1], outputs)) {
      return depthwise_right<Numbers>({groups, outputs, e[2], e[3]},
                                      {outputs * s[0], s[0], s[2], s[3]});
    }
    return {{groups, outputs, e[2], e[3], e[1]}, {outputs * s[0], s[0], s[2], s[3], s[1]}, 1};
  }
};
using convolution = convolution_along<std::int64_t>;

/// The same convolution with other kinds of pads.
template <class Index>
INLAY_INLINE constexpr convolution_along<Index> with_pads(convolution const& k, Index const& above,
                                                          Index const& left) {
  return {with_pad(k.rows, above), with_pad(k.columns, left), k.groups};
}

/// Looks at the tensors of a convolution as at longer runs, in the same order: the columns of its
/// window and its channels as one axis, the image as one row. Where that cannot be, nothing
/// changes.
/// *Shapes*: x [n, c, h, w], right in panels, y [n, o, p, q], each with extents and strides.
///   a window of 3x3 over 64 channels, which are next to each other → of 3x1 over 192
template <class Layout>
INLAY_INLINE constexpr void join_axes(convolution& k, Layout& x, Layout& right, Layout& y) {
  auto& rows = k.rows;
  auto& columns = k.columns;
  bool const is_whole = whole_outputs(columns, x.extents[3], y.extents[3]).covers(y.extents[3]);
  auto const channels = x.extents[1];
  if (columns.size > 1 && columns.dilation == 1 && k.groups == 1 && is_whole &&
      (channels == 1 || (x.strides[3] == channels * x.strides[1] &&
                         right.strides[4] == channels * right.strides[5]))) {
    if (channels == 1) {
      x.strides[1] = x.strides[3];
      right.strides[5] = right.strides[4];
    }
    x.extents[1] = right.extents[5] = channels * columns.size;
    right.extents[4] = 1;
    x.extents[3] -= columns.size - 1;
    columns.size = 1;
  }
  if (rows.size == 1 && columns.size == 1 && rows.stride == 1 && columns.stride == 1 &&
      x.extents[2] == y.extents[2] && x.extents[3] == y.extents[3] &&
      x.strides[2] == x.extents[3] * x.strides[3] && y.strides[2] == y.extents[3] * y.strides[3]) {
    x.extents[3] *= x.extents[2];
    y.extents[3] *= y.extents[2];
    x.extents[2] = y.extents[2] = 1;
  }
}

}  // namespace inlay::inline INLAY_VERSION

// Windows over images and sequences: what convolutions and poolings have in common.

namespace inlay::inline INLAY_VERSION {

/// A window over the two axes of an image, and how often it fits. A sequence is an image of one
/// row.
struct image_window {
  window_axis axes[2];
  std::int64_t outputs[2]{1, 1};
  std::int64_t pad_end[2]{};  // behind the last input
  /// The most that inputs of any extents need around them.
  image_border widest;
  bool is_sized[2]{};  // the extent of the input decides how much padding there is
};

/// Says of a kernel that begins with the windows what other extents would change.
constexpr void note_sizes(image_window const& w, lowering& l) {
  l.widest = w.widest;
  for (int i = 0; i < 2; ++i) {
    if (w.is_sized[i]) l.sized_words |= 1u << pad_words[i];
  }
}

/// How many elements a window has along the two axes of an image.
struct window_sizes {
  std::int64_t of[2]{1, 1};
};

/// Whether windows slide over inputs of this shape: sequences [n, c, w] and images [n, c, h, w].
constexpr bool is_image_or_sequence(shape const& x) { return x.size() == 3 || x.size() == 4; }

/// The shape of what a window makes of such an input: `channels` of them, for each place where it
/// fits.   {2, 3, 9}, 4 channels, 1x7 → {2, 4, 7}
constexpr shape shape_under(shape const& x, std::int64_t channels, std::int64_t const (&fits)[2]) {
  shape y{x[0], channels};
  for (int i = 4 - x.size(); i < 2; ++i) y.push_back(fits[i]);
  return y;
}

/// Looks at a sequence, or at weights for one, as at an image of one row.
///   {2, 3, 9} contiguous → {2, 3, 1, 9}, strides {27, 9, 9, 1}
constexpr void see_as_image(layout& x) {
  if (x.extents.size() != 3) return;
  auto const columns = x.extents[2];
  auto const stride = x.strides[2];
  x.extents[2] = 1;
  x.strides[2] = columns * stride;
  x.extents.push_back(columns);
  x.strides.push_back(stride);
}

namespace detail {

/// Above, an attribute is no window anybody means, and sums of them could overflow.
inline constexpr std::int64_t largest_window = std::int64_t{1} << 31;

constexpr std::int64_t value_or(span<std::int64_t const> values, std::size_t i,
                                std::int64_t otherwise) {
  return values.empty() ? otherwise : values[i];
}

constexpr error check_window_attribute(auto const& n, string_view name, std::size_t size,
                                       std::int64_t least) {
  if (!n.has_attribute(name)) return {};
  auto const values = n.integers(name);
  if (values.size() != size) {
    return make_error(rule::the_rank_must_match_the_operator, "attribute '", name, "' has ",
                      values.size(), " values, where ", size, " are expected");
  }
  for (auto const v : values) {
    if (v < least || v > largest_window) {
      return make_error(rule::an_attribute_must_be_in_range, "attribute '", name, "' holds ", v,
                        ", where at least ", least, " is expected");
    }
  }
  return {};
}

/// The size, stride and dilation of a node's window along an axis of an image, the i-th of those
/// that the input has.
constexpr result<window_axis> window_axis_of(auto const& n, std::int64_t size, std::size_t axis,
                                             std::size_t i) {
  if (size < 1 || size > largest_window) {
    return make_error(rule::an_attribute_must_be_in_range, "the window has ", size, " ",
                      axis == 0 ? "rows" : "columns");
  }
  window_axis w;
  w.size = size;
  w.stride = value_or(n.integers("strides"), i, 1);
  w.dilation = value_or(n.integers("dilations"), i, 1);
  return w;
}

/// What `auto_pad` says: `NOTSET` is what the pads say.
constexpr error check_auto_pad(auto const& n) {
  auto const auto_pad = n.text("auto_pad", "NOTSET");
  for (string_view const known : {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"}) {
    if (auto_pad == known) return {};
  }
  return make_error(rule::an_attribute_must_be_in_range, "attribute 'auto_pad' is '", auto_pad,
                    "', which is not one of NOTSET, SAME_UPPER, SAME_LOWER, VALID");
}
/// What all windows of a node over `axes` axes are described by.
constexpr error check_window_attributes(auto const& n, std::size_t axes) {
  if (auto e = check_window_attribute(n, "strides", axes, 1)) return e;
  if (auto e = check_window_attribute(n, "dilations", axes, 1)) return e;
  if (auto e = check_window_attribute(n, "pads", 2 * axes, 0)) return e;
  return check_auto_pad(n);
}
constexpr bool is_same(string_view auto_pad) {
  return auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER";
}
/// How many of all pads are in front.
constexpr std::int64_t pads_in_front(std::int64_t all, string_view auto_pad) {
  return auto_pad == "SAME_UPPER" ? all / 2 : all - all / 2;
}

/// How often a window fits along an axis whose extent has no value.
constexpr std::int64_t count_windows(auto const& n, std::int64_t extent, std::int64_t stride,
                                     std::int64_t reach, bool same, bool ceil, std::int64_t pad,
                                     std::int64_t pad_end) {
  auto& dimensions = *n.dimensions();
  auto const x = n.sum_of(extent);
  if (same) return n.extent_of(dimensions.divide_up(x, stride));
  auto const room = x + dimension_sum(pad + pad_end - reach);
  if (!ceil) return n.extent_of(dimensions.divide_down(room, stride) + dimension_sum(1));
  // Otherwise the last window may start behind the input.
  if (pad_end + stride > reach) return n.extent_of(dimension_sum::unknown());
  return n.extent_of(dimensions.divide_up(room, stride) + dimension_sum(1));
}

}  // namespace detail

/// The window that a node's attributes (auto_pad, pads, strides, dilations, ceil_mode) describe,
/// over an input of shape [n, c, w] or [n, c, h, w], with `sizes` elements an axis.
/// *Source*: ONNX Conv-11 and MaxPool-12. With ceil_mode, the last window may reach over the end,
/// the only one too; one that would start behind the input is left out. Along an axis whose extent
/// has no value only the outputs are found.
constexpr result<image_window> window_of(auto const& n, shape const& x, window_sizes const& sizes) {
  using namespace detail;
  auto const axes = static_cast<std::size_t>(x.size()) - 2;
  if (auto e = check_window_attributes(n, axes)) return e;
  auto const auto_pad = n.text("auto_pad", "NOTSET");
  bool const same = is_same(auto_pad);
  bool const ceil = n.integer("ceil_mode", 0) != 0;
  image_window w;
  for (std::size_t i = 0; i < axes; ++i) {
    auto const extent = x[static_cast<int>(i) + 2];
    auto const at = i + 2 - axes;  // of the image
    auto const declared = window_axis_of(n, sizes.of[at], at, i);
    if (!declared) return declared.failure();
    auto& axis = w.axes[at] = *declared;
    auto const reach = (axis.size - 1) * axis.dilation + 1;
    auto& pad_end = w.pad_end[at];
    auto const set_widest = [&](std::int64_t before, std::int64_t after) {
      w.widest.before[at] = before;
      w.widest.after[at] = after + (ceil ? axis.stride - 1 : 0);
    };
    if (extent < 0) {
      auto const pads = n.integers("pads");
      bool const padded = auto_pad == "NOTSET";
      w.outputs[at] = count_windows(n, extent, axis.stride, reach, same, ceil,
                                    padded ? value_or(pads, i, 0) : 0,
                                    padded ? value_or(pads, i + axes, 0) : 0);
      continue;
    }
    if (same) {
      auto const outputs = divide_up(extent, axis.stride);
      auto const missing = (outputs - 1) * axis.stride + reach - extent;
      auto const pads = missing > 0 ? missing : 0;
      axis.pad = pads_in_front(pads, auto_pad);
      pad_end = pads - axis.pad;
      // Where strides do not divide the extent but leave one element over.
      auto const most = reach - 1;
      set_widest(pads_in_front(most, auto_pad), most - pads_in_front(most, auto_pad));
      w.is_sized[at] = axis.stride > 1 && most > 0;
    } else if (auto_pad == "NOTSET") {
      axis.pad = value_or(n.integers("pads"), i, 0);
      pad_end = value_or(n.integers("pads"), i + axes, 0);
      set_widest(axis.pad, pad_end);
    } else {
      set_widest(0, 0);
    }
    auto const room = extent + axis.pad + pad_end - reach;
    if (room < 0 && !(ceil && room > -axis.stride)) {
      return make_error(rule::the_window_must_fit_into_the_padded_input, "the window reaches over ",
                        reach, at == 0 ? " rows" : " columns", ", the padded input has ",
                        extent + axis.pad + pad_end);
    }
    auto& outputs = w.outputs[at];
    outputs = (ceil ? room + axis.stride - 1 : room) / axis.stride + 1;
    if (ceil && (outputs - 1) * axis.stride >= extent + axis.pad) --outputs;
  }
  return w;
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {
namespace detail {

/// The sizes of the window that weights [o, c, rows, columns] or [o, c, columns] are; -1 where one
/// has no value. They must equal those that the node declares.
constexpr result<window_sizes> sizes_of_weights(auto const& n, shape const& weights) {
  auto const axes = static_cast<std::size_t>(weights.size()) - 2;
  window_sizes sizes;
  auto const declared = n.integers("kernel_shape");
  bool const is_declared = n.has_attribute("kernel_shape");
  bool is_equal = !is_declared || declared.size() == axes;
  for (std::size_t i = 0; i < axes && is_equal; ++i) {
    auto const extent = weights[static_cast<int>(i) + 2];
    auto const size = is_declared ? declared[i] : extent;
    is_equal = !is_declared || (size >= 0 && n.can_equal(extent, size));
    sizes.of[i + 2 - axes] = size < 0 ? -1 : size;
  }
  if (!is_equal) {
    shape window;
    for (int i = 2; i < weights.size(); ++i) window.push_back(weights[i]);
    return make_error(rule::the_window_must_have_the_shape_of_the_weights,
                      "attribute 'kernel_shape' does not equal the weights' ", window);
  }
  return sizes;
}

constexpr error check_ranks(auto const& n) {
  auto const& x = n.input_shape(0);
  auto const& weights = n.input_shape(1);
  if (!is_image_or_sequence(x) || weights.size() != x.size()) {
    bool const is_larger = x.size() > 4 && weights.size() == x.size();
    return make_error(is_larger ? rule::the_form_of_the_operator_must_be_supported
                                : rule::the_rank_must_match_the_operator,
                      "the input of shape ", x, " and the weights of shape ", weights,
                      " need 3 axes each, or 4; only sequences and images are supported");
  }
  return {};
}

/// A bias, where there is one, has an element a channel of the output.
constexpr error check_bias(auto const& n, std::int64_t channels) {
  if (n.has_input(2) &&
      (n.input_shape(2).size() != 1 || !n.can_equal(n.input_shape(2)[0], channels))) {
    return make_error(rule::the_bias_must_have_one_element_a_channel, "the bias has shape ",
                      n.input_shape(2), ", the weights make ", shape{channels}, " channels");
  }
  return {};
}

/// The type of the `channels` channels that weights make of a node's input, where `window(sizes)`
/// is the window of so many elements.
constexpr result<tensor_type> infer_under_weights(auto const& n, std::int64_t channels,
                                                  auto const& window) {
  if (auto e = check_bias(n, channels)) return e;
  auto const sizes = sizes_of_weights(n, n.input_shape(1));
  if (!sizes) return sizes.failure();
  bool const is_sized = sizes->of[0] >= 0 && sizes->of[1] >= 0;
  result<image_window> w = window(is_sized ? *sizes : window_sizes{});
  if (!w) return w.failure();
  for (auto& extent : w->outputs) {
    if (!is_sized) extent = n.extent_of(dimension_sum::unknown());
  }
  return tensor_type{n.input(0).element, shape_under(n.input_shape(0), channels, w->outputs)};
}

/// Looks at input, weights and output as at images; the window over the input, see above.
constexpr image_window lower_window(lowering& l, auto const& window) {
  see_as_image(l.inputs[0]);
  see_as_image(l.inputs[1]);
  see_as_image(l.outputs[0]);
  auto const& weights = l.inputs[1].extents;
  result<image_window> w = window(window_sizes{{weights[2], weights[3]}});
  // Without channels there is nothing to look for, however large the window.
  if (l.inputs[0].extents[1] == 0) w->axes[0].size = w->axes[1].size = 0;
  return *w;
}

}  // namespace detail

namespace op {

/// A window of weights over an image, each output channel the sum over the input channels of its
/// group; or over a sequence.
/// *Shapes*: x [n, c, h, w], weights [o, c/group, rows, columns], bias [o], y [n, o, h', w'], or
/// without h, rows and h'.
///                                                                          ONNX: Conv, since 1
struct conv {
  static constexpr string_view name = "Conv";
  static constexpr int since = 1;
  static constexpr arity inputs{2, 3};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {
      {"auto_pad", attribute_kind::text}, {"dilations", attribute_kind::integers},
      {"group", attribute_kind::integer}, {"kernel_shape", attribute_kind::integers},
      {"pads", attribute_kind::integers}, {"strides", attribute_kind::integers}};
  using types = float_types;
  using kernel = convolution;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input_shape(0);
    auto const& weights = n.input_shape(1);
    if (auto e = detail::check_ranks(n)) return e;
    auto const groups = n.integer("group", 1);
    if (groups < 1 || (weights[0] >= 0 && weights[0] % groups != 0)) {
      return make_error(rule::channels_must_divide_into_the_groups, weights[0],
                        " output channels do not divide into ", groups, " groups");
    }
    bool const is_known = x[1] >= 0 && weights[1] >= 0;
    if (is_known ? x[1] % groups != 0 || x[1] / groups != weights[1]
                 : !n.can_equal(x[1], n.multiply(weights[1], groups))) {
      return make_error(rule::channels_of_the_input_must_match_the_weights, "the input has ",
                        shape{x[1]}, " channels in ", groups, groups == 1 ? " group" : " groups",
                        ", the weights expect ", shape{weights[1]}, " in each");
    }
    return detail::infer_under_weights(n, weights[0],
                                       [&](auto const& sizes) { return window_of(n, x, sizes); });
  }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const x = l.inputs[0].extents;
    auto const w =
        detail::lower_window(l, [&](auto const& sizes) { return window_of(n, x, sizes); });
    append_words(l.words, convolution{w.axes[0], w.axes[1], n.integer("group", 1)});
    note_sizes(w, l);
    auto const& weights = l.inputs[1].extents;
    // The weights are a tensor, so that the product of their extents fits.
    l.multiply_adds = saturating_multiply(elements_of(l.outputs[0].extents),
                                          weights[1] * weights[2] * weights[3]);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Elements that repeat.

// Axes of extent 1 come and go.

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// The axes that a node names in its second input.
struct named_axes {
  bool is_known = true;  // false where they are computed
  bool is_given = false;
  bool is_named[max_rank]{};
  int count = 0;
};

/// Axes of a tensor of `rank` axes, each once.
constexpr result<named_axes> axes_of(auto const& n, int rank) {
  named_axes axes;
  axes.is_given = n.has_input(1);
  if (!axes.is_given) return axes;
  auto const& list = n.input(1);
  if (list.element != element_type::int64 || list.shape.size() != 1) {
    return make_error(rule::an_attribute_must_be_in_range, "the axes (input 1) are ", list.element,
                      " of shape ", list.shape, ", where a list of int64 is expected");
  }
  axes.is_known = n.has_elements(1);
  for (std::int64_t i = 0; axes.is_known && i < list.shape[0]; ++i) {
    auto const element = n.element(1, static_cast<std::size_t>(i));
    if (!element.is_number) {
      axes.is_known = false;
      break;
    }
    auto const axis = element.value;
    int const found = axis_of(axis, rank);
    if (found < 0) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", axis, " is outside of ",
                        rank, " axes");
    }
    if (axes.is_named[found]) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", axis, " is named twice");
    }
    axes.is_named[found] = true;
    ++axes.count;
  }
  return axes;
}

/// A type of which only the element is known.
constexpr tensor_type without_shape(element_type element) {
  tensor_type t;
  t.element = element;
  return t;
}

}  // namespace detail

namespace op {

/// The input without the named axes, or without all of extent 1. `convert_opset` brings the form of
/// opsets before 13 to this one.   {2, 1, 3, 1} without {1} → {2, 3, 1}     ONNX: Squeeze, since 1
struct squeeze {
  static constexpr string_view name = "Squeeze";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    auto const axes = detail::axes_of(n, x.shape.size());
    if (!axes) return axes.failure();
    // Which extents are 1 nobody knows while some have no value.
    if (!axes->is_known || (!axes->is_given && has_symbol(x.shape))) {
      return detail::without_shape(x.element);
    }
    shape y;
    for (int i = 0; i < x.shape.size(); ++i) {
      auto const extent = x.shape[i];
      bool const goes = axes->is_given ? axes->is_named[i] : extent == 1;
      if (!goes) y.push_back(extent);
      else if (!n.can_equal(extent, 1)) {
        return make_error(rule::the_number_of_elements_must_stay, "axis ", i,
                          " of the input of shape ", x.shape, " has not the extent 1");
      }
    }
    return tensor_type{x.element, y};
  }
  static constexpr bool view_of_input(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.output(0).shape);
  }
  static constexpr bool view_of_output(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.input_shape(0));
  }
};

/// The input with axes of extent 1, which are named as the result counts them. `convert_opset`
/// brings the form of opsets before 13 to this one.   {2, 3} with {0, 3} → {1, 2, 3, 1}
///                                                                        ONNX: Unsqueeze, since 1
struct unsqueeze {
  static constexpr string_view name = "Unsqueeze";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    if (!n.has_input(1)) {
      return make_error(rule::an_attribute_must_have_a_value, "no axes are given");
    }
    auto const& list = n.input_shape(1);
    auto const added = list.size() == 1 ? list[0] : 0;
    if (added < 0) return detail::without_shape(x.element);
    if (added > max_rank - x.shape.size()) {
      return make_error(rule::a_shape_must_have_at_most_8_axes, "the result has ",
                        added + x.shape.size(), " axes; at most 8 are supported");
    }
    auto const rank = x.shape.size() + static_cast<int>(added);
    auto const axes = detail::axes_of(n, rank);
    if (!axes) return axes.failure();
    if (!axes->is_known) return detail::without_shape(x.element);
    shape y;
    int next = 0;
    for (int i = 0; i < rank; ++i) y.push_back(axes->is_named[i] ? 1 : x.shape[next++]);
    return tensor_type{x.element, y};
  }
  static constexpr bool view_of_input(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.output(0).shape);
  }
  static constexpr bool view_of_output(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.input_shape(0));
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {
namespace op {

/// The input as it broadcasts with the shape that the second input gives. Where that input is
/// computed from what is not known, the output has no shape.
///   {3, 1} to {2, 1, 4} → {2, 3, 4}                                        ONNX: Expand, since 8
struct expand {
  static constexpr string_view name = "Expand";
  static constexpr int since = 8;
  static constexpr arity inputs{2, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    auto const& list = n.input(1);
    if (list.element != element_type::int64 || list.shape.size() != 1 || list.shape[0] > max_rank) {
      return make_error(rule::a_shape_must_have_at_most_8_axes, "the shape (input 1) is ",
                        list.element, " of shape ", list.shape,
                        ", where a list of at most 8 int64 is expected");
    }
    if (!n.has_elements(1) || list.shape[0] < 0) return detail::without_shape(x.element);
    shape to;
    for (int i = 0; i < list.shape[0]; ++i) {
      auto const element = n.element(1, static_cast<std::size_t>(i));
      if (element.is_number && element.value < 0) {
        return make_error(rule::an_extent_must_not_be_negative, "extent ", i,
                          " of the new shape is ", element.value);
      }
      to.push_back(element.value);
    }
    auto const y = broadcast(x.shape, to, n.dimensions());
    if (!y) return y.failure();
    return tensor_type{x.element, *y};
  }

  static constexpr bool view_of_input(auto const& n, int, tensor_view& v) {
    v.lies = broadcast_to(v.lies, n.output(0).shape);
    return true;
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// What any number of tensors come to, element by element, and what keeps to limits.

namespace inlay::inline INLAY_VERSION {

namespace op {

/// Operators of any number of inputs. Programs take two: `split_operators` makes chains of more.
struct variadic : broadcasting {
  static constexpr arity inputs{1, 2147483647};
  static constexpr int operands = 2;
};

/// y = min(max(x, least), most), where the limits are single numbers, whatever their rank, which is
/// at most that of x. `split_operators` makes
/// others of nodes that leave a limit out, and `convert_opset` inputs of the attributes before
/// opset 11.
///                                                                              ONNX: Clip, since 6
struct clip : broadcasting {
  static constexpr string_view name = "Clip";
  static constexpr int since = 6;
  using types = arithmetic_types;
  static constexpr arity inputs{1, 3};

  static constexpr result<tensor_type> infer(auto const& n) {
    for (int i = 1; i < n.inputs(); ++i) {
      if (!n.has_input(i)) continue;
      auto const& limit = n.input_shape(i);
      bool const is_single = !has_symbol(limit) && elements_of(limit) == 1;
      if (is_single && limit.size() <= n.input_shape(0).size()) continue;
      return make_error(rule::shapes_must_broadcast, "limit ", i, " of shape ", limit,
                        " is not a single number");
    }
    return n.input(0);
  }

  template <class T, stage S, class V>
  static constexpr V element(S& s, V const& x, V const& least, V const& most) {
    auto const above = s.max(x, least);
    return s.min(above, most);
  }
};

/// The largest of all; not a number where one is none.                           ONNX: Max, since 6
struct max : variadic {
  static constexpr string_view name = "Max";
  static constexpr int since = 6;
  using types = arithmetic_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return s.max(a, b);
  }
};

/// The sum of all, one after the other, divided by their number.                ONNX: Mean, since 6
struct mean : variadic {
  static constexpr string_view name = "Mean";
  static constexpr int since = 6;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    auto const sum = s.add(a, b);
    auto const half = s.splat_like(a, T(0.5));
    return s.multiply(sum, half);
  }
};

/// The smallest of all; not a number where one is none.                          ONNX: Min, since 6
struct min : variadic {
  static constexpr string_view name = "Min";
  static constexpr int since = 6;
  using types = arithmetic_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return s.min(a, b);
  }
};

/// The sum of all, one after the other.                                          ONNX: Sum, since 6
struct sum : variadic {
  static constexpr string_view name = "Sum";
  static constexpr int since = 6;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return s.add(a, b);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Rows that indices choose.

// A gathering of rows needs nothing besides its tensors.

namespace inlay::inline INLAY_VERSION {

/// y[i, j, …] = x[i, n[j], …].
struct row_gathering {
  static constexpr int inputs = 2;
  static constexpr int index_input = 1;     // which input holds indices, of int64
  static constexpr int index_axis = 1;      // of which axis of the first one
  static constexpr bool moves_bits = true;  // elements of one size have one code
};

}  // namespace inlay::inline INLAY_VERSION

// Which elements of an axis there are.

namespace inlay::inline INLAY_VERSION {

/// Whether an index is on an axis of so many elements, or counts from its end.
constexpr error check_index(std::int64_t index, std::int64_t extent) {
  if (index >= -extent && index < extent) return {};
  return make_error(rule::an_index_must_be_in_range, "index ", index, " is outside of an axis of ",
                    extent);
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

namespace detail {

inline constexpr attribute_rule gather_attributes[] = {{"axis", attribute_kind::integer}};

}  // namespace detail

namespace op {

/// The parts of the input along `axis` (0) that indices (input 1) choose, which count from the end
/// where they are negative. `split_operators` makes indices int64, and a Slice of one index or a
/// run of them that are constants.   {5, 4} by {2, 3} → {2, 3, 4}
/// *Errors*: a constant that is outside; while a model runs, sessions say so, and everything else
/// takes the nearest part.                                                     ONNX: Gather, since
/// 1
struct gather {
  static constexpr string_view name = "Gather";
  static constexpr int since = 1;
  static constexpr arity inputs{2, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::gather_attributes;
  using types = stored_types;
  using kernel = row_gathering;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    auto const& indices = n.input(1);
    if (indices.element != element_type::int64 && indices.element != element_type::int32) {
      return make_error(rule::the_element_type_must_be_supported, "the indices (input 1) are ",
                        indices.element, ", where int64 or int32 is expected");
    }
    auto const axis = axis_of(n.integer("axis", 0), x.shape.size());
    if (axis < 0) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", n.integer("axis", 0),
                        " is outside of the input's ", x.shape.size(), " axes");
    }
    auto const rank = x.shape.size() - 1 + indices.shape.size();
    if (rank > max_rank) {
      return make_error(rule::a_shape_must_have_at_most_8_axes, "the result has ", rank,
                        " axes; at most 8 are supported");
    }
    if (auto e = check_constant(n, x.shape[axis])) return e;
    shape y;
    for (int i = 0; i < axis; ++i) y.push_back(x.shape[i]);
    for (int i = 0; i < indices.shape.size(); ++i) y.push_back(indices.shape[i]);
    for (int i = axis + 1; i < x.shape.size(); ++i) y.push_back(x.shape[i]);
    return tensor_type{x.element, y};
  }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const& x = n.input_shape(0);
    auto const axis = axis_of(n.integer("axis", 0), x.size());
    auto const& indices = l.inputs[1].extents;
    std::int64_t before = 1;
    std::int64_t behind = 1;
    for (int i = 0; i < axis; ++i) before *= x[i];
    for (int i = axis + 1; i < x.size(); ++i) behind *= x[i];
    auto const count = elements_of(indices);
    l.inputs[0] = layout(l.inputs[0].element, {before, x[axis], behind});
    l.inputs[1] = layout(l.inputs[1].element, {count});
    l.outputs[0] = layout(l.outputs[0].element, {before, count, behind});
  }

 private:
  /// Whether there are elements to choose, and constants that do so are on the axis.
  static constexpr error check_constant(auto const& n, std::int64_t extent) {
    auto const& indices = n.input_shape(1);
    if (extent < 0 || has_symbol(indices)) return {};
    auto const count = static_cast<std::size_t>(elements_of(indices));
    if (extent == 0 && count != 0) {
      return make_error(rule::an_index_must_be_in_range, "there is nothing along the axis of 0");
    }
    if (!n.is_constant(1)) return {};
    for (std::size_t i = 0; i < count; ++i) {
      if (auto e = check_index(n.constant_integer(1, i), extent)) return e;
    }
    return {};
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Normalization of channels, or groups of them, by their own statistics.

// What a normalization of groups of channels needs besides its tensors.

namespace inlay::inline INLAY_VERSION {

/// y[n,g,c,i] = (x[n,g,c,i] - m) / sqrt(v + epsilon) · scale[g,c] + bias[g,c], where m is the mean
/// of x[n,g,·,·] and v that of the squares of x[n,g,·,·] - m.
struct group_normalization {
  static constexpr int inputs = 3;
  static constexpr bool takes_tape = true;
  static constexpr bool works_in_place(shape const&) { return true; }
  double epsilon = 1e-5f;
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Checks that scale and bias are lists of `count` elements, which `of` says they are.
constexpr error check_channel_lists(auto const& n, std::int64_t count, string_view of) {
  constexpr string_view names[] = {"scale", "bias"};
  for (int i = 1; i < 3; ++i) {
    auto const& list = n.input_shape(i);
    if (list.size() == 1 && n.can_equal(list[0], count)) continue;
    return make_error(rule::the_statistics_must_have_one_element_a_channel, "the ", names[i - 1],
                      " (input ", i, ") has shape ", list, ", the input has ", shape{count}, of);
  }
  return {};
}

constexpr error check_has_channels(shape const& x) {
  if (x.size() >= 2) return {};
  return make_error(rule::the_rank_must_match_the_operator, "the input of shape ", x,
                    " has no channels");
}

/// Images [n, groups, channels of a group, elements of a channel].
///   {2, 6, 4, 5} in 3 groups → {2, 3, 2, 20}
constexpr void lower_group_normalization(std::int64_t groups, std::int64_t channels,
                                         bool one_a_group, double epsilon, lowering& l) {
  auto const& x = l.inputs[0].extents;
  shape seen{x[0], groups, channels, 1};
  for (int i = 2; i < x.size(); ++i) seen[3] *= x[i];
  for (std::size_t i = 1; i < 3; ++i) {
    auto& list = l.inputs[i];
    list = layout(list.element, {groups, channels});
    if (one_a_group) list.strides = {1, 0};
  }
  l.inputs[0] = {l.inputs[0].element, seen};
  l.outputs[0] = {l.outputs[0].element, seen};
  append_words(l.words, group_normalization{epsilon});
  l.multiply_adds = elements_of(seen);
}

}  // namespace detail

namespace op {

/// y = (x - mean) / sqrt(variance + epsilon) · scale + bias, with the mean and the variance of each
/// group of channels of each image.
/// *Shapes*: x [n, c, …], scale and bias [c]; before opset 21 one of each a group.
///                                                             ONNX: GroupNormalization, since 18
struct group_norm {
  static constexpr string_view name = "GroupNormalization";
  static constexpr int since = 18;
  static constexpr arity inputs{3, 3};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"epsilon", attribute_kind::real},
                                                  {"num_groups", attribute_kind::integer},
                                                  {"stash_type", attribute_kind::integer}};
  using types = float_types;
  using kernel = group_normalization;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    if (auto const e = detail::check_has_channels(x.shape)) return e;
    auto const groups = n.integer("num_groups", 0);
    if (groups < 1) {
      return make_error(rule::an_attribute_must_be_in_range, "attribute 'num_groups' is ", groups,
                        "; at least 1 is needed");
    }
    auto const channels = x.shape[1];
    if (channels >= 0 && channels % groups != 0) {
      return make_error(rule::channels_must_divide_into_the_groups, "the input's ", channels,
                        " channels do not divide into ", groups, " groups");
    }
    auto const stash = n.integer("stash_type", 1);
    if (stash != 1 && !(stash == 11 && x.element == element_type::float64)) {
      return make_error(rule::an_attribute_must_be_in_range, "attribute 'stash_type' is ", stash,
                        "; statistics have the element type of the input, ", x.element);
    }
    bool const one_a_group = n.opset() < 21;
    if (auto const e = detail::check_channel_lists(n, one_a_group ? groups : channels,
                                                   one_a_group ? " groups" : " channels")) {
      return e;
    }
    return x;
  }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const groups = n.integer("num_groups", 1);
    detail::lower_group_normalization(groups, l.inputs[0].extents[1] / groups, n.opset() < 21,
                                      n.real("epsilon", 1e-5f), l);
  }
};

/// The same where each channel is a group.                     ONNX: InstanceNormalization, since 6
struct instance_norm {
  static constexpr string_view name = "InstanceNormalization";
  static constexpr int since = 6;
  static constexpr arity inputs{3, 3};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"epsilon", attribute_kind::real}};
  using types = float_types;
  using kernel = group_normalization;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    if (auto const e = detail::check_has_channels(x.shape)) return e;
    if (auto const e = detail::check_channel_lists(n, x.shape[1], " channels")) return e;
    return x;
  }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const channels = l.inputs[0].extents[1];
    detail::lower_group_normalization(channels, 1, false, n.real("epsilon", 1e-5f), l);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Truths made of truths, bits made of bits, and what is chosen by them, element by element.

namespace inlay::inline INLAY_VERSION {
namespace op {

using integer_types = type_list<std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t,
                                std::uint16_t, std::uint32_t, std::uint64_t>;

/// Operators whose code asks only how large elements are.
struct of_bits {
  template <class T>
  static constexpr element_form<inlay::detail::bits_of_size<T>> coded_form(element_form<T>) {
    return {};
  }
};

/// a and b are true.                                                             ONNX: And, since 7
struct logical_and : binary {
  static constexpr string_view name = "And";
  static constexpr int since = 7;
  using types = type_list<bool>;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return s.bit_and(a, b);
  }
};

/// x is not true.                                                                ONNX: Not, since 1
struct logical_not : unary {
  static constexpr string_view name = "Not";
  static constexpr int since = 1;
  using types = type_list<bool>;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    auto const yes = s.splat_like(x, true);
    return s.bit_xor(x, yes);
  }
};

/// a or b is true, or both.                                                       ONNX: Or, since 7
struct logical_or : binary {
  static constexpr string_view name = "Or";
  static constexpr int since = 7;
  using types = type_list<bool>;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return s.bit_or(a, b);
  }
};

/// Either a or b is true.                                                        ONNX: Xor, since 7
struct logical_xor : binary {
  static constexpr string_view name = "Xor";
  static constexpr int since = 7;
  using types = type_list<bool>;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return s.bit_xor(a, b);
  }
};

/// The bits that are 1 in a and b.                                       ONNX: BitwiseAnd, since 18
struct bitwise_and : binary, of_bits {
  static constexpr string_view name = "BitwiseAnd";
  static constexpr int since = 18;
  using types = integer_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return s.bit_and(a, b);
  }
};

/// The bits that are 0 in x.                                             ONNX: BitwiseNot, since 18
struct bitwise_not : unary, of_bits {
  static constexpr string_view name = "BitwiseNot";
  static constexpr int since = 18;
  using types = integer_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return s.bit_not(x);
  }
};

/// The bits that are 1 in a or b, or both.                                ONNX: BitwiseOr, since 18
struct bitwise_or : binary, of_bits {
  static constexpr string_view name = "BitwiseOr";
  static constexpr int since = 18;
  using types = integer_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return s.bit_or(a, b);
  }
};

/// The bits that differ between a and b.                                 ONNX: BitwiseXor, since 18
struct bitwise_xor : binary, of_bits {
  static constexpr string_view name = "BitwiseXor";
  static constexpr int since = 18;
  using types = integer_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return s.bit_xor(a, b);
  }
};

/// y = a where the condition is true, else b.                                  ONNX: Where, since 9
struct where : broadcasting, of_bits {
  static constexpr string_view name = "Where";
  static constexpr int since = 9;
  static constexpr arity inputs{3, 3};
  static constexpr int conditions = 1;
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto type = broadcasting::infer(n);
    if (type) type->element = n.input(1).element;
    return type;
  }
  template <class T, stage S, class Truths, class V>
  static constexpr V element(S& s, Truths const& condition, V const& a, V const& b) {
    auto const holds = s.is_true(condition);
    return s.select(holds, a, b);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Roots, powers and other functions, element by element.

// The error function, and what GELU takes from it, in stage operations.

INLAY_BEGIN_TARGET

/// erf(x) = x + x·(a0 + a1·x² + …) for |x| < 0.92; else 1 - exp(-(b0 + b1·x + …)) up to `most`,
/// from where it is 1. The coefficients are those of the least error.
template <class T> struct erf_constants;

template <> struct erf_constants<float> {
  static constexpr float most = 3.95f;
  static constexpr float near[] = {0x1.06eba8p-3f,  -0x1.812740p-2f, 0x1.ce2d64p-4f,
                                   -0x1.b80118p-6f, 0x1.5449cep-8f,  -0x1.a60414p-11f,
                                   0x1.4f4ba2p-14f};
  static constexpr float far[] = {-0x1.9a5504p-13f, -0x1.20af58p+0f, -0x1.463cd0p-1f,
                                  -0x1.a9b36ep-4f,  0x1.6c285ep-6f,  -0x1.8edbaap-9f,
                                  0x1.9ada94p-13f};
};
template <> struct erf_constants<double> {
  static constexpr double most = 5.95;
  static constexpr double near[] = {
      0x1.06eba8214db69p-3,  -0x1.812746b0379e0p-2,  0x1.ce2f21a0425bfp-4,  -0x1.b82ce3126735bp-6,
      0x1.565bcd087e4bap-8,  -0x1.c02db2c32b591p-11, 0x1.f9a2fcd09df34p-14, -0x1.f4cea84411e26p-17,
      0x1.b9aef99dc42abp-20, -0x1.5d443411c2323p-23, 0x1.e085ed6882c8cp-27, -0x1.ca9fadf48b8aap-31};
  static constexpr double far[] = {
      -0x1.79bf1ed222aa0p-34, -0x1.20dd759bd5247p+0,  -0x1.45f2f89d357acp-1,
      -0x1.a4f7610ecc54fp-4,  0x1.3989665985befp-6,   0x1.8bf51cf502477p-13,
      -0x1.b2e127a091636p-10, 0x1.19c2817828d3cp-11,  0x1.15b8b30a39a00p-15,
      -0x1.ec6ecbfc846e2p-14, 0x1.1cfe2a71636c8p-14,  -0x1.ac1b2f3ac5a27p-16,
      0x1.e1280771dce55p-18,  -0x1.a4386297fb19fp-20, 0x1.1e75eda6b64c0p-22,
      -0x1.2c79a55f36c3bp-25, 0x1.d5756fb7b4144p-29,  -0x1.0177f6ee1640fp-32,
      0x1.61d79e9642193p-37,  -0x1.ca4dc990db820p-43};
};

/// The error function, 2/√π times the integral of exp(-t²) from 0 to x: within 1.1 units in the
/// last place.
template <std::floating_point T, stage S, class V> INLAY_INLINE constexpr V erf(S& s, V const& x) {
  using constants = erf_constants<T>;
  auto const square = s.multiply(x, x);
  auto const p = polynomial<T>(s, square, constants::near);
  auto const magnitude = s.abs(x);
  auto const near = s.fma(p, magnitude, magnitude);
  auto const most = s.splat_like(x, constants::most);
  auto const clamped = s.min(magnitude, most);
  auto const logarithm = polynomial<T>(s, clamped, constants::far);
  auto const rest = exp_within<T>(s, logarithm);
  auto const one = s.splat_like(x, T{1});
  auto const far = s.subtract(one, rest);
  auto const last_near = s.splat_like(x, T(0.92));
  auto const is_near = s.less(magnitude, last_near);
  auto const result = s.select(is_near, near, far);
  return s.copy_sign(result, x);
}

/// x·Φ(x) for the normal distribution Φ is x/2 + x²·(a0 + a1·x² + …) for |x| < 0.7. Else it is
/// max(x, 0) - exp(-x²/2)·(b0 + t·(b1 + b2·t + …)), where t = (|x| - middle) / (|x| + middle). The
/// coefficients are those of the least relative error; b0 has two words.
template <class T> struct gelu_constants;

template <> struct gelu_constants<float> {
  static constexpr float most = 14.5f;  // above, the result rounds to max(x, 0)
  static constexpr float middle = 1.5f;
  static constexpr float near[] = {0x1.988454p-2f, -0x1.1058f2p-4f, 0x1.4707d8p-7f,
                                   -0x1.3c4ef4p-10f, 0x1.0dc066p-13f};
  static constexpr float far_high = 0x1.3c144p-2f;
  static constexpr float far_low = 0x1.92e186p-29f;
  static constexpr float far[] = {
      0x1.b06054p-3f,  -0x1.02a844p-3f, -0x1.445e34p-6f, 0x1.232044p-6f,  0x1.617278p-7f,
      0x1.9b8172p-11f, -0x1.365344p-9f, -0x1.0f8d62p-9f, -0x1.dcc66p-11f, 0x1.49caaap-10f};
};
template <> struct gelu_constants<double> {
  static constexpr double most = 39;
  static constexpr double middle = 2.5;
  static constexpr double near[] = {
      0x1.9884533d43651p-2,   -0x1.1058377e2cec1p-4,  0x1.46d0429765d68p-7,
      -0x1.37403f697cf47p-10, 0x1.e42b0beae8fa2p-14,  -0x1.3ce8b8892c21bp-17,
      0x1.657bc0caf55e3p-21,  -0x1.604ea61994006p-25, 0x1.1816a6cca2273p-29};
  static constexpr double far_high = 0x1.69cee6bdcc0e7p-2;
  static constexpr double far_low = -0x1.ad25c2ca7e458p-56;
  static constexpr double far[] = {
      0x1.1784028488c3dp-3,   -0x1.34f21ea46f626p-3,  0x1.213b55abcddeep-4,
      -0x1.d4a35e3736d36p-9,  -0x1.272888f8cad21p-7,  0x1.dec0b87e966e6p-12,
      0x1.b0310dbe7eaaap-10,  0x1.c81ba25f157d4p-13,  -0x1.33a29f07bd87ap-12,
      -0x1.266c3c2ca2d1p-13,  0x1.4056e0aa125f6p-16,  0x1.684efcfecac93p-15,
      0x1.df6b95ef5e531p-17,  -0x1.3c4237b252715p-18, -0x1.abbd2db6dc5e2p-18,
      -0x1.2532215ac7657p-19, 0x1.b64a5b6e35acfp-22,  0x1.28da9440b3737p-20,
      0x1.bcd615fb5fa4cp-21,  -0x1.b36a39697ea43p-23, -0x1.da27a15cd43fbp-22,
      0x1.1443f4886fd89p-24,  0x1.a630749f7c5f5p-25};
};

/// x·Φ(x) = x/2 · (1 + erf(x/√2)), within 2 units in the last place.
template <std::floating_point T, stage S, class V> INLAY_INLINE constexpr V gelu(S& s, V const& x) {
  using constants = gelu_constants<T>;
  auto const half = s.splat_like(x, T(0.5));
  auto const zero = s.splat_like(x, T{0});
  auto const x_square = s.multiply(x, x);
  auto const p = polynomial<T>(s, x_square, constants::near);
  auto const half_x = s.multiply(x, half);
  auto const near = s.fma(p, x_square, half_x);
  auto const magnitude = s.abs(x);
  auto const most = s.splat_like(x, constants::most);
  auto const clamped = s.min(magnitude, most);
  auto const square = multiply_exactly(s, clamped, clamped);
  auto const minus_half = s.splat_like(x, T(-0.5));
  auto const high = s.multiply(square.high, minus_half);
  auto const low = s.multiply(square.low, minus_half);
  auto const lowest = s.splat_like(x, exp_constants<T>::lowest);
  auto const power_of = s.max(high, lowest);
  auto const power = exp_of_words<T>(s, power_of, low);
  auto const middle = s.splat_like(x, constants::middle);
  auto const numerator = s.subtract(clamped, middle);
  auto const denominator = s.add(clamped, middle);
  auto const t = s.divide(numerator, denominator);
  auto const far_high = s.splat_like(x, constants::far_high);
  auto const far_low = s.splat_like(x, constants::far_low);
  auto const further = polynomial<T>(s, t, constants::far);
  auto const added = s.multiply(further, t);
  auto const sum = add_smaller(s, far_high, added);
  auto const sum_low = s.add(sum.low, far_low);
  two_words<V> const factor{sum.high, sum_low};
  auto const tail = exp_of_parts<T>(s, power, factor);
  auto const positive = s.max(x, zero);
  auto const far = s.subtract(positive, tail);
  auto const last_near = s.splat_like(x, T(0.7));
  auto const is_near = s.less(magnitude, last_near);
  return s.select(is_near, near, far);
}

/// 2·√(2/π) and 0.044715 times that, in two words.
template <class T> struct gelu_tanh_constants;
template <> struct gelu_tanh_constants<float> {
  static constexpr float most = 12.0f;  // above, the power rounds to 0
  static constexpr float linear_high = 0x1.988454p+0f;
  static constexpr float linear_low = -0x1.857936p-25f;
  static constexpr float cubic_high = 0x1.2444f2p-4f;
  static constexpr float cubic_low = 0x1.49b16ap-29f;
};
template <> struct gelu_tanh_constants<double> {
  static constexpr double most = 24;  // above, the power rounds to 0
  static constexpr double linear_high = 0x1.9884533d43651p+0;
  static constexpr double linear_low = -0x1.cbc0d30ebfd15p-54;
  static constexpr double cubic_high = 0x1.2444f2a4d8b4bp-4;
  static constexpr double cubic_low = -0x1.6c843a29d1c7p-61;
};

/// x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))) = x / (1 + exp(-2·√(2/π)·(x + 0.044715·x³))), within
/// 1.6 units in the last place.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V gelu_by_tanh(S& s, V const& x) {
  using constants = gelu_tanh_constants<T>;
  auto const magnitude = s.abs(x);
  auto const most = s.splat_like(x, constants::most);
  auto const clamped = s.min(magnitude, most);
  auto const square = multiply_exactly(s, clamped, clamped);
  auto const cubic_high = s.splat_like(x, constants::cubic_high);
  auto const cubic_low = s.splat_like(x, constants::cubic_low);
  auto const linear_high = s.splat_like(x, constants::linear_high);
  auto const linear_low = s.splat_like(x, constants::linear_low);
  two_words<V> const cubic{cubic_high, cubic_low};
  auto const product = multiply_words(s, square, cubic);
  auto const sum = add_exactly(s, linear_high, product.high);
  auto const low_words = s.add(linear_low, product.low);
  auto const sum_low = s.add(sum.low, low_words);
  two_words<V> const slope{sum.high, sum_low};
  auto const argument = multiply_words(s, slope, clamped);
  auto const high = s.negate(argument.high);
  auto const low = s.negate(argument.low);
  // Below, the result rounds to 0.
  auto const lowest = s.splat_like(x, exp_constants<T>::lowest * T(1.125));
  auto const power_of = s.max(high, lowest);
  auto const parts = exp_of_words<T>(s, power_of, low);
  auto const power = exp_of_parts<T>(s, parts);
  auto const zero = s.splat_like(x, T{0});
  auto const is_negative = s.less(x, zero);
  two_words<V> const factor{clamped, zero};
  auto const scaled = exp_of_parts<T>(s, parts, factor);
  auto const negated = s.negate(scaled);
  auto const numerator = s.select(is_negative, negated, x);
  auto const share = divide_by_more_than_one<T>(s, numerator, power);
  auto const is_large = s.less(most, x);
  return s.select(is_large, x, share);
}

INLAY_END_TARGET

// Powers in stage operations: the same bits in every stage.

INLAY_BEGIN_TARGET

/// log(m) = 2·q + q³·(2/3 + q²·(c0 + c1·q² + …)) with q = (m - 1) / (m + 1), for m from √½ to √2;
/// the coefficients are those of the least relative error.
template <class T> struct pow_constants;

template <> struct pow_constants<float> {
  static constexpr float most = 0x1p40f;  // times the smallest logarithm, more than any exponent
  static constexpr float two_thirds_high = 0x1.555556p-1f;
  static constexpr float two_thirds_low = -0x1.555556p-26f;
  static constexpr float coefficients[] = {0x1.999a00p-2f, 0x1.24527ep-2f, 0x1.dfa17ep-3f};
};
template <> struct pow_constants<double> {
  static constexpr double most = 0x1p70;
  static constexpr double two_thirds_high = 0x1.5555555555555p-1;
  static constexpr double two_thirds_low = 0x1.5555555555555p-55;
  static constexpr double coefficients[] = {
      0x1.999999999999ap-2, 0x1.249249249246fp-2, 0x1.c71c71c72274ap-3,
      0x1.745d17418077dp-3, 0x1.3b13b31139fafp-3, 0x1.111094672d5a9p-3,
      0x1.e20b7bc66fe94p-4, 0x1.aaec2af6580a1p-4, 0x1.c31a39b999f52p-4};
};

/// The natural logarithm of a number that is neither 0 nor below nor infinite, in two words.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr two_words<V> log_in_two_words(S& s, V const& x) {
  using constants = pow_constants<T>;
  auto const parts = reduce_logarithm<T>(s, x);
  auto const one = s.splat_like(x, T{1});
  auto const two = s.splat_like(x, T{2});
  auto const f = s.subtract(parts.mantissa, one);
  auto const denominator = add_smaller(s, one, parts.mantissa);
  auto const q_high = s.divide(f, denominator.high);
  auto const minus_q = s.negate(q_high);
  auto const rest = s.fma(minus_q, denominator.high, f);
  auto const all_rest = s.fma(minus_q, denominator.low, rest);
  auto const q_low = s.divide(all_rest, denominator.high);
  two_words<V> const q{q_high, q_low};
  auto const square = multiply_words(s, q, q);
  auto const p = polynomial<T>(s, square.high, constants::coefficients);
  auto const further = s.multiply(p, square.high);
  auto const two_thirds = s.splat_like(x, constants::two_thirds_high);
  auto const two_thirds_low = s.splat_like(x, constants::two_thirds_low);
  auto const sum = add_smaller(s, two_thirds, further);
  auto const sum_low = s.add(sum.low, two_thirds_low);
  two_words<V> const series{sum.high, sum_low};
  auto const scaled = multiply_words(s, series, square);
  auto const cubic = multiply_words(s, scaled, q);
  auto const twice_high = s.multiply(q.high, two);
  auto const fraction = add_smaller(s, twice_high, cubic.high);
  auto const twice_low = s.fma(q.low, two, cubic.low);
  auto const fraction_low = s.add(fraction.low, twice_low);
  auto const n = s.template convert<T>(parts.n);
  auto const ln2_high = s.splat_like(x, log_constants<T>::ln2_high);
  auto const ln2_low = s.splat_like(x, log_constants<T>::ln2_low);
  auto const whole = multiply_exactly(s, n, ln2_high);
  auto const whole_low = s.fma(n, ln2_low, whole.low);
  auto const all = add_smaller(s, whole.high, fraction.high);
  auto const low_words = s.add(whole_low, fraction_low);
  auto const low = s.add(all.low, low_words);
  return add_smaller(s, all.high, low);
}

/// x to the power of y, for a number x that is above 0.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V power_of_positive(S& s, V const& x, V const& y) {
  // A larger y does what this one does.
  auto const most = s.splat_like(x, pow_constants<T>::most);
  auto const least = s.splat_like(x, -pow_constants<T>::most);
  auto const not_below = s.max(y, least);
  auto const exponent = s.min(not_below, most);
  auto const logarithm = log_in_two_words<T>(s, x);
  auto const product = multiply_words(s, logarithm, exponent);
  auto const lowest = s.splat_like(x, exp_constants<T>::lowest);
  auto const highest = s.splat_like(x, exp_constants<T>::highest);
  auto const above = s.max(product.high, lowest);
  auto const high = s.min(above, highest);
  auto const zero = s.splat_like(x, T{0});
  auto const is_within = s.equal(high, product.high);
  auto const low = s.select(is_within, product.low, zero);
  auto const parts = exp_of_words<T>(s, high, low);
  return exp_of_parts<T>(s, parts);
}

/// x to the power of y, within 0.8 units in the last place: 1 where y is 0 or x is 1, not a number
/// where x is below 0 and y no whole number; zeros and infinities as C's pow has them.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr V pow(S& s, V const& x, V const& y) {
  auto const zero = s.splat_like(x, T{0});
  auto const one = s.splat_like(x, T{1});
  auto const infinity = s.splat_like(x, static_cast<T>(__builtin_inf()));
  auto const not_a_number = s.splat_like(x, static_cast<T>(__builtin_nan("")));
  auto const base = s.abs(x);
  auto const is_infinite = s.equal(base, infinity);
  auto const is_zero = s.equal(base, zero);
  auto const finite = s.select(is_infinite, one, base);
  auto const positive = s.select(is_zero, one, finite);
  auto const power = power_of_positive<T>(s, positive, y);
  // A negative number has no powers but whole ones.
  auto const whole = s.nearest(y);
  auto const is_whole = s.equal(whole, y);
  auto const is_negative = s.less(x, zero);
  auto const of_fraction = s.select(is_negative, not_a_number, power);
  auto const usual = s.select(is_whole, power, of_fraction);
  // Of 0 and infinity.
  auto const minus_y = s.negate(y);
  auto const of_infinity = s.select(is_infinite, y, zero);
  auto const direction = s.select(is_zero, minus_y, of_infinity);
  auto const grows = s.less(zero, direction);
  auto const falls = s.less(direction, zero);
  auto const grown = s.select(grows, infinity, usual);
  auto const magnitude = s.select(falls, zero, grown);
  // Odd powers have the sign of x.
  auto const half = s.splat_like(x, T(0.5));
  auto const half_y = s.multiply(y, half);
  auto const whole_half = s.nearest(half_y);
  auto const is_even = s.equal(whole_half, half_y);
  auto const sign_of_whole = s.select(is_even, one, x);
  auto const sign = s.select(is_whole, sign_of_whole, one);
  auto const signed_power = s.copy_sign(magnitude, sign);
  // Even of what is not a number.
  auto const is_one = s.equal(x, one);
  auto const unless_one = s.select(is_one, one, signed_power);
  auto const has_no_power = s.equal(y, zero);
  return s.select(has_no_power, one, unless_one);
}

/// The same of integers, which wrap: 0 where y is below 0, but for the powers of 1 and -1.
template <std::integral T, stage S, class V>
INLAY_INLINE constexpr V pow(S& s, V const& x, V const& y) {
  auto const zero = s.splat_like(x, T{0});
  auto const one = s.splat_like(x, T{1});
  V power = one;
  V base = x;
  V rest = y;
  for (std::size_t bit = 0; bit + 1 < 8 * sizeof(T); ++bit) {
    auto const last = s.bit_and(rest, one);
    auto const is_even = s.equal(last, zero);
    auto const product = s.multiply(power, base);
    power = s.select(is_even, power, product);
    base = s.multiply(base, base);
    rest = s.template shift_right<1>(rest);
  }
  // |y| modulo 2 says all of the powers of -1.
  auto const magnitude = s.abs(x);
  auto const is_unit = s.equal(magnitude, one);
  auto const inverse = s.select(is_unit, power, zero);
  auto const is_negative = s.less(y, zero);
  return s.select(is_negative, inverse, power);
}

INLAY_END_TARGET

// Sine and cosine in stage operations: the same bits in every stage.

// Angles without whole quarters of a turn.

INLAY_BEGIN_TARGET

/// π/2 as a sum of three numbers, 2/π, and for each `step` of exponents the rest of 2/π ·
/// 2^(step·i) without whole multiples of 4, as a sum of five.
template <class T> struct angle_constants;

template <> struct angle_constants<float> {
  static constexpr float largest_near = 0x1p15f;  // up to which three numbers suffice
  static constexpr float half_pi[] = {0x1.921fb6p0f, -0x1.777a5cp-25f, -0x1.ee59dap-50f};
  static constexpr float two_over_pi = 0x1.45f306p-1f;
  static constexpr float step = 0x1p32f;
  static constexpr float first_step = 0x1p55f;  // from which 2^-32 times a number is whole
  static constexpr float rests[][5] = {
      {0x1.45f306p-1f, 0x1.b9391p-26f, 0x1.529fc2p-52f, 0x1.d5f47ep-78f, -0x1.65912p-103f},
      {-0x1.b1bbeap0f, -0x1.ac07b2p-25f, 0x1.5f47d4p-50f, 0x1.a6ee06p-75f, 0x1.b6295ap-100f},
      {0x1.fc2758p0f, -0x1.70565ap-27f, 0x1.dc0db6p-52f, 0x1.4acc9ep-79f, 0x1.0e4108p-106f},
      {0x1.f534dep0f, -0x1.f924ecp-27f, 0x1.5993c4p-52f, 0x1.c821p-79f, -0x1.ae9c54p-104f},
  };
};

template <> struct angle_constants<double> {
  static constexpr double largest_near = 0x1p20;
  static constexpr double half_pi[] = {0x1.921fb54442d18p0, 0x1.1a62633145c07p-54,
                                       -0x1.f1976b7ed8fbcp-110};
  static constexpr double two_over_pi = 0x1.45f306dc9c883p-1;
  static constexpr double step = 0x1p64;
  static constexpr double first_step = 0x1p116;
  static constexpr double rests[][5] = {
      {0x1.45f306dc9c883p-1, -0x1.6b01ec5417056p-55, -0x1.6447e493ad4cep-109,
       0x1.e21c820ff28b2p-163, -0x1.508510ea79237p-218},
      {0x1.fc2757d1f534ep0, -0x1.1f924eb53361ep-55, 0x1.c820ff28b1d5fp-111, -0x1.443a9e48db91cp-168,
       -0x1.6f6c8b47fe6dbp-222},
      {0x1.b6c52b3278872p-1, 0x1.07f9458eaf7afp-58, -0x1.d4f246dc8e2dfp-115, 0x1.374b801924bbbp-170,
       -0x1.f62e6de301e21p-224},
      {0x1.fe5163abdebbcp0, 0x1.586dc91b8e909p-54, 0x1.ba5c00c925dd4p-109, 0x1.3a32439fc3bd6p-165,
       0x1.cb129a73ee882p-220},
      {0x1.b7246e3a424ddp0, 0x1.700324977504fp-55, -0x1.cdbc603c429c7p-109, 0x1.894d39f74411bp-163,
       -0x1.5a28976f62cc7p-221},
      {0x1.924bba8274648p-6, 0x1.cfe1deb1cb12ap-60, -0x1.63045df7282b4p-114,
       -0x1.44bb7b16638fep-168, 0x1.ad17df904e647p-222},
      {0x1.fc3bd63962535p-1, -0x1.822efb9415a29p-57, 0x1.a24274ce38136p-111,
       -0x1.741037d8cdc54p-165, 0x1.cc1a99cfa4e42p-219},
      {-0x1.177dca0ad144cp0, 0x1.213a671c09ad1p-54, 0x1.f7e413991d63ap-108, -0x1.f2b3182d8dee8p-162,
       -0x1.d1081b5f13802p-218},
      {0x1.d338e04d68bfp-1, -0x1.bec66e29c67cbp-56, 0x1.9cfa4e422fc5ep-111, -0x1.036be27003b4p-167,
       -0x1.0fd33f8086877p-227},
      {0x1.3991d63983534p0, -0x1.82d8dee81d108p-54, -0x1.b5f13801da001p-110, 0x1.e05980fef2f12p-164,
       -0x1.d297d64b824b2p-218},
      {0x1.3908bf177bf25p-1, 0x1.d8ffc4bffef03p-59, -0x1.9fc04343b9d29p-114,
       -0x1.f592e092c9813p-168, -0x1.b069ec9161738p-225},
      {-0x1.c00ed00043f4dp-1, 0x1.fde5e2316b415p-61, -0x1.2e092c98130d8p-116,
       -0x1.a7b24585ce04dp-171, 0x1.3cbfd45aea4f7p-225},
      {-0x1.0d0ee74a5f593p-4, 0x1.f6d367ecf27cbp-60, 0x1.36e9e8c7ecd3dp-117,
       -0x1.00ae9456c229cp-171, -0x1.41a0e84c2f8c6p-228},
      {-0x1.25930261b069fp-1, 0x1.b74f463f669e6p-56, -0x1.5d28ad8453814p-116,
       -0x1.a0e84c2f8c608p-172, -0x1.d6b5b45650128p-226},
      {-0x1.61738132c3403p-1, 0x1.16ba93dd63f5fp-55, 0x1.7c5ecf41ce7dep-110, 0x1.4a525d4d7f6bfp-165,
       0x1.88fc6ae842b02p-219},
      {0x1.7527bac7ebe5fp0, 0x1.7b3d0739f78a5p-56, 0x1.497535fdafd89p-111, -0x1.ca8bdea7f33eep-170,
       -0x1.038494540f304p-224},
  };
};

/// n · π/2 + rest, where |rest| is at most about π/4.
template <class V, class Integers> struct reduced_angle {
  Integers n;
  two_words<V> rest;
};
template <class V, class Integers>
INLAY_INLINE constexpr reduced_angle<V, Integers> make_angle(Integers const& n,
                                                             two_words<V> const& rest) {
  return {n, rest};
}

/// Of an angle up to `largest_near`.   *Source*: W. J. Cody, W. Waite, Software Manual for the
/// Elementary Functions, 1980. The first product leaves what a number can hold.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr auto reduce_near(S& s, V const& x) {
  using constants = angle_constants<T>;
  auto const two_over_pi = s.splat_like(x, constants::two_over_pi);
  auto const quarters = s.multiply(x, two_over_pi);
  auto const n = s.round_to_integer(quarters);
  auto const whole = s.template convert<T>(n);
  auto const minus_first = s.splat_like(x, -constants::half_pi[0]);
  auto const minus_second = s.splat_like(x, -constants::half_pi[1]);
  auto const minus_third = s.splat_like(x, -constants::half_pi[2]);
  auto const coarse = s.fma(whole, minus_first, x);
  auto const second = multiply_exactly(s, whole, minus_second);
  auto const sum = add_exactly(s, coarse, second.high);
  auto const lost = s.add(sum.low, second.low);
  auto const low = s.fma(whole, minus_third, lost);
  return make_angle(n, add_smaller(s, sum.high, low));
}

/// A number without whole multiples of 4, but for its sign.
template <class T, stage S, class V> INLAY_INLINE constexpr V without_fours(S& s, V const& x) {
  auto const quarter = s.splat_like(x, T(0.25));
  auto const minus_four = s.splat_like(x, T{-4});
  auto const scaled = s.multiply(x, quarter);
  auto const whole = s.nearest(scaled);
  return s.fma(whole, minus_four, x);
}

/// The sum of numbers as if it were computed with three times the digits.   *Source*: T. Ogita,
/// S. M. Rump, S. Oishi, Accurate sum and dot product, 2005.
template <class V> struct long_sum {
  V high;
  V middle;
  V low;

  template <stage S> INLAY_INLINE constexpr long_sum plus(S& s, V const& x) const {
    auto const first = add_exactly(s, high, x);
    auto const second = add_exactly(s, middle, first.low);
    auto const rest = s.add(low, second.low);
    return {first.high, second.high, rest};
  }
};

/// Of an angle from `largest_near` on.   *Source*: M. H. Payne, R. N. Hanek, Radian reduction for
/// trigonometric functions, 1983: x · 2/π is needed only from the multiples of 4 on. What is left
/// of 2^(step·i) · 2/π without those makes up for x · 2^-(step·i), which is whole.
template <std::floating_point T, stage S, class V>
INLAY_INLINE constexpr auto reduce_large(S& s, V const& x) {
  using constants = angle_constants<T>;
  constexpr std::size_t steps = std::extent_v<decltype(constants::rests)>;
  auto const magnitude = s.abs(x);
  auto h0 = s.splat_like(x, constants::rests[0][0]);
  auto h1 = s.splat_like(x, constants::rests[0][1]);
  auto h2 = s.splat_like(x, constants::rests[0][2]);
  auto h3 = s.splat_like(x, constants::rests[0][3]);
  auto h4 = s.splat_like(x, constants::rests[0][4]);
  auto f = x;
  auto begin = constants::first_step;
  auto const scale = s.splat_like(x, 1 / constants::step);
  for (std::size_t i = 1; i < steps; ++i) {
    auto const& rest = constants::rests[i];
    auto const from = s.splat_like(x, begin);
    auto const is_here = s.less_or_equal(from, magnitude);
    auto const pick = [&](V const& before, T part) INLAY_INLINE_LAMBDA {
      auto const here = s.splat_like(before, part);
      return s.select(is_here, here, before);
    };
    h0 = pick(h0, rest[0]);
    h1 = pick(h1, rest[1]);
    h2 = pick(h2, rest[2]);
    h3 = pick(h3, rest[3]);
    h4 = pick(h4, rest[4]);
    auto const scaled = s.multiply(f, scale);
    f = s.select(is_here, scaled, f);
    if (i + 1 < steps) begin *= constants::step;
  }
  auto const p0 = multiply_exactly(s, f, h0);
  auto const p1 = multiply_exactly(s, f, h1);
  auto const p2 = multiply_exactly(s, f, h2);
  auto const p3 = multiply_exactly(s, f, h3);
  auto const p4 = s.multiply(f, h4);
  auto const zero = s.splat_like(x, T{0});
  long_sum<V> sum{without_fours<T>(s, p0.high), zero, zero};
  sum = sum.plus(s, without_fours<T>(s, p0.low));
  sum = sum.plus(s, without_fours<T>(s, p1.high));
  sum = sum.plus(s, without_fours<T>(s, p1.low));
  sum = sum.plus(s, without_fours<T>(s, p2.high));
  sum = sum.plus(s, p2.low);
  sum = sum.plus(s, p3.high);
  sum = sum.plus(s, p3.low);
  sum = sum.plus(s, p4);
  auto const n = s.round_to_integer(sum.high);
  auto const whole = s.template convert<T>(n);
  auto const fraction = s.subtract(sum.high, whole);
  auto const coarse = add_exactly(s, fraction, sum.middle);
  auto const low = s.add(coarse.low, sum.low);
  auto const quarters = add_exactly(s, coarse.high, low);
  two_words<V> const half_pi{s.splat_like(x, constants::half_pi[0]),
                             s.splat_like(x, constants::half_pi[1])};
  auto const rest = multiply_words(s, quarters, half_pi);
  return make_angle(n, add_smaller(s, rest.high, rest.low));
}

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// sin(r) = r + r³·(s0 + s1·r² + …) and cos(r) = 1 - r²/2 + r⁴·(c0 + c1·r² + …) for |r| ≤ π/4.
template <class T> struct sine_constants;

/// *Source*: Cephes, sinf.c.
template <> struct sine_constants<float> {
  static constexpr float sine[] = {-1.6666654611e-1f, 8.3321608736e-3f, -1.9515295891e-4f};
  static constexpr float cosine[] = {4.166664568298827e-2f, -1.388731625493765e-3f,
                                     2.443315711809948e-5f};
};

/// *Source*: FDLIBM, k_sin.c and k_cos.c.
template <> struct sine_constants<double> {
  static constexpr double sine[] = {-1.66666666666666324348e-1, 8.33333333332248946124e-3,
                                    -1.98412698298579493134e-4, 2.75573137070700676789e-6,
                                    -2.50507602534068634195e-8, 1.58969099521155010221e-10};
  static constexpr double cosine[] = {4.16666666666666019037e-2, -1.38888888888741095749e-3,
                                      2.48015872894767294178e-5, -2.75573143513906633035e-7,
                                      2.08757232129817482790e-9, -1.13596475577881948265e-11};
};

/// The sine of what is left of an angle.
template <class T, stage S, class V>
INLAY_INLINE constexpr V sine_of_rest(S& s, two_words<V> const& r) {
  auto const square = s.multiply(r.high, r.high);
  auto const p = polynomial<T>(s, square, sine_constants<T>::sine);
  auto const cube = s.multiply(square, r.high);
  auto const half_less = s.splat_like(square, T(-0.5));
  auto const one = s.splat_like(square, T{1});
  // What the low word adds: as much as it is, times the cosine.
  auto const slope = s.fma(square, half_less, one);
  auto const added = s.multiply(r.low, slope);
  auto const curved = s.fma(cube, p, added);
  return s.add(r.high, curved);
}
/// Its cosine.
template <class T, stage S, class V>
INLAY_INLINE constexpr V cosine_of_rest(S& s, two_words<V> const& r) {
  auto const square = s.multiply(r.high, r.high);
  auto const p = polynomial<T>(s, square, sine_constants<T>::cosine);
  auto const half = s.splat_like(square, T(0.5));
  auto const one = s.splat_like(square, T{1});
  auto const parabola = s.multiply(square, half);
  auto const line = s.subtract(one, parabola);
  // What the subtraction has rounded away.
  auto const taken = s.subtract(one, line);
  auto const lost = s.subtract(taken, parabola);
  auto const fourth = s.multiply(square, square);
  auto const minus_low = s.negate(r.low);
  auto const turned = s.fma(r.high, minus_low, lost);
  auto const curved = s.fma(fourth, p, turned);
  return s.add(line, curved);
}

/// sin(x + Quarters · π/2), from the rest of x.
template <class T, int Quarters, stage S, class V, class Integers>
INLAY_INLINE constexpr V sine_of_reduced(S& s, reduced_angle<V, Integers> const& x) {
  auto const sine = sine_of_rest<T>(s, x.rest);
  auto const cosine = cosine_of_rest<T>(s, x.rest);
  auto const quarters = s.splat_like(x.n, std::int32_t{Quarters});
  auto const one = s.splat_like(x.n, std::int32_t{1});
  auto const two = s.splat_like(x.n, std::int32_t{2});
  auto const n = s.add(x.n, quarters);
  auto const odd = s.bit_and(n, one);
  auto const is_odd = s.equal(odd, one);
  auto const value = s.select(is_odd, cosine, sine);
  auto const lower = s.bit_and(n, two);
  auto const is_lower = s.equal(lower, two);
  auto const negated = s.negate(value);
  return s.select(is_lower, negated, value);
}
template <class T, int Quarters, stage S, class V>
INLAY_INLINE constexpr V sine_of_angle(S& s, V const& x) {
  auto const magnitude = s.abs(x);
  auto const most = s.splat_like(x, angle_constants<T>::largest_near);
  auto const is_large = s.less(most, magnitude);
  auto const zero = s.splat_like(x, T{0});
  auto const near = s.select(is_large, zero, x);
  auto const of_near = sine_of_reduced<T, Quarters>(s, reduce_near<T>(s, near));
  auto const of_large = [&]() INLAY_INLINE_LAMBDA {
    return sine_of_reduced<T, Quarters>(s, reduce_large<T>(s, x));
  };
  return s.select_rare(is_large, of_large, of_near);
}

/// The sine of an angle, within 0.78 units in the last place, whatever its size. Not a number
/// stays so, and infinity becomes it; -0 stays so.
template <std::floating_point T, stage S, class V> INLAY_INLINE constexpr V sin(S& s, V const& x) {
  auto const y = sine_of_angle<T, 0>(s, x);
  auto const zero = s.splat_like(x, T{0});
  auto const is_zero = s.equal(x, zero);
  return s.select(is_zero, x, y);
}

/// The cosine, likewise.
template <std::floating_point T, stage S, class V> INLAY_INLINE constexpr V cos(S& s, V const& x) {
  return sine_of_angle<T, 1>(s, x);
}

INLAY_END_TARGET

namespace inlay::inline INLAY_VERSION {
namespace op {

/// The cosine of an angle.                                                       ONNX: Cos, since 7
struct cos : unary {
  static constexpr string_view name = "Cos";
  static constexpr int since = 7;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return inlay::cos<T>(s, x);
  }
};

/// 2/√π times the integral of exp(-t²) from 0 to x.                              ONNX: Erf, since 9
struct erf : unary {
  static constexpr string_view name = "Erf";
  static constexpr int since = 9;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return inlay::erf<T>(s, x);
  }
};

/// y = e to the power of x.                                                      ONNX: Exp, since 6
struct exp : unary {
  static constexpr string_view name = "Exp";
  static constexpr int since = 6;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return inlay::exp<T>(s, x);
  }
};

/// y = ln(x); minus infinity of 0, not a number below.                           ONNX: Log, since 6
struct log : unary {
  static constexpr string_view name = "Log";
  static constexpr int since = 6;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return inlay::log<T>(s, x);
  }
};

/// y = a to the power of b, as C has it; integers wrap, and are 0 for a negative b unless a is 1 or
/// -1.                                                                           ONNX: Pow, since 7
struct pow : binary {
  static constexpr string_view name = "Pow";
  static constexpr int since = 7;
  static constexpr int alike_inputs = 1;
  using types = type_list<float, double, std::int32_t, std::int64_t>;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const base = n.input(0).element;
    if (n.input(1).element != base) {
      return make_error(rule::the_form_of_the_operator_must_be_supported, "the exponent is ",
                        n.input(1).element, ", the base ", base,
                        "; only exponents of the same type are supported");
    }
    return binary::infer(n);
  }
  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return inlay::pow<T>(s, a, b);
  }
};

/// The sine of an angle.                                                         ONNX: Sin, since 7
struct sin : unary {
  static constexpr string_view name = "Sin";
  static constexpr int since = 7;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return inlay::sin<T>(s, x);
  }
};

/// y = √x; not a number below 0.                                                ONNX: Sqrt, since 6
struct sqrt : unary {
  static constexpr string_view name = "Sqrt";
  static constexpr int since = 6;
  using types = float_types;

  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    return s.sqrt(x);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Products of matrices.

// What a matrix product needs to know besides its tensors.

namespace inlay::inline INLAY_VERSION {

/// y[…,i,j] = alpha · (sum over k of a[…,i,k] · b[…,k,j]) + beta · c[…,i,j], where c may be left
/// out.
struct matrix_product {
  static constexpr int inputs = 3;
  static constexpr bool takes_tape = true;
  static constexpr bool takes_ending = true;
  static constexpr bool takes_conditions = true;
  double alpha = 1;
  double beta = 1;

  /// Whether the sums of so many columns are halved. Where columns are few, so are the sums that
  /// hide how long an addition takes.
  static constexpr bool is_halved(std::int64_t columns) { return columns <= panel_columns; }
  /// What tiles cut up.
  constexpr product_extents product(shape const& a, shape const& y) const {
    auto const m = y[y.size() - 2];
    auto const n = y[y.size() - 1];
    product_extents all{m, n, m, true, {1, 1, a.back()}, is_halved(n), a.back()};
    all.is_single = y.size() == 2;
    return all;
  }
  /// The operand b […, k, n]: […, n, k].
  template <class Numbers = shape>
  INLAY_INLINE constexpr right_operand_of<Numbers> right(Numbers const& extents,
                                                         Numbers const& strides) const {
    int const k = extents.size() - 2;
    right_operand_of<Numbers> b{extents, strides, k};
    b.extents[k] = extents[k + 1];
    b.extents[k + 1] = extents[k];
    b.strides[k] = strides[k + 1];
    b.strides[k + 1] = strides[k];
    return b;
  }
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

namespace detail {
/// Whether x may broadcast to y as it is: no axis of y is 1 where that of x is more.
constexpr bool broadcasts_to(auto const& n, shape const& x, shape const& y) {
  if (x.size() > y.size()) return false;
  for (int i = 0; i < x.size(); ++i) {
    auto const extent = x[i];
    if (extent != 1 && !n.can_equal(extent, y[y.size() - x.size() + i]) &&
        !(extent < 0 && n.can_equal(extent, 1))) {
      return false;
    }
  }
  return true;
}
/// Whether a product of so many rows reads its right-hand operand where the columns of that lie
/// `stride` elements apart. Each row of a tile uses what is loaded for all; to copy the operand
/// pays where there are several tiles.
constexpr bool reads_columns(std::int64_t rows, std::int64_t columns, std::int64_t stride) {
  return stride == 1 || columns == 1 || rows <= 4;
}

}  // namespace detail

namespace op {

/// y = alpha · a · b + beta · c, where a and b may be transposed and c broadcasts.   ONNX: Gemm,
/// since 7
struct gemm {
  static constexpr string_view name = "Gemm";
  static constexpr int since = 7;
  static constexpr arity inputs{2, 3};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"alpha", attribute_kind::real},
                                                  {"beta", attribute_kind::real},
                                                  {"transA", attribute_kind::integer},
                                                  {"transB", attribute_kind::integer}};
  using types = float_types;
  using kernel = matrix_product;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& a = n.input_shape(0);
    auto const& b = n.input_shape(1);
    if (a.size() != 2 || b.size() != 2) {
      return make_error(rule::the_rank_must_match_the_operator, "the shapes ", a, " and ", b,
                        " are not those of two matrices");
    }
    bool const flip_a = n.integer("transA", 0) != 0;
    bool const flip_b = n.integer("transB", 0) != 0;
    auto const columns_a = a[flip_a ? 0 : 1];
    auto const rows_b = b[flip_b ? 1 : 0];
    if (!n.can_equal(columns_a, rows_b)) {
      return make_error(rule::columns_of_left_must_equal_rows_of_right, "the left operand has ",
                        shape{columns_a}, " columns", flip_a ? " (transposed)" : "",
                        ", the right operand has ", shape{rows_b}, " rows",
                        flip_b ? " (transposed)" : "");
    }
    shape const y{a[flip_a ? 1 : 0], b[flip_b ? 0 : 1]};
    if (n.has_input(2)) {
      if (!detail::broadcasts_to(n, n.input_shape(2), y)) {
        return make_error(rule::shapes_must_broadcast, "the addend of shape ", n.input_shape(2),
                          " does not broadcast to the result's ", y);
      }
    }
    return tensor_type{n.input(0).element, y};
  }

  static constexpr bool reads(auto const& n, int input, layout const& x) {
    if (input != 1) return true;
    int const columns = n.integer("transB", 0) != 0 ? 0 : 1;
    return detail::reads_columns(n.output(0).shape[0], x.extents[columns], x.strides[columns]);
  }
  static constexpr bool writes(auto const&, layout const&) { return true; }
  static constexpr void lower(auto const& n, lowering& l) {
    if (n.integer("transA", 0) != 0) transpose(l.inputs[0]);
    if (n.integer("transB", 0) != 0) transpose(l.inputs[1]);
    auto const& y = l.outputs[0].extents;
    if (n.has_input(2)) l.inputs[2] = broadcast_to(l.inputs[2], y);
    append_words(l.words, matrix_product{n.real("alpha", 1), n.real("beta", 1)});
    l.multiply_adds = saturating_multiply(elements_of(y), l.inputs[0].extents[1]);
  }

 private:
  static constexpr void transpose(layout& x) {
    x.extents = {x.extents[1], x.extents[0]};
    x.strides = {x.strides[1], x.strides[0]};
  }
};

/// y = a · b over the last two axes; the others broadcast, and a list counts as a matrix of one row
/// (left) or one column (right), without that axis in the result.                         ONNX:
/// MatMul, since 1
struct matmul {
  static constexpr string_view name = "MatMul";
  static constexpr int since = 1;
  static constexpr arity inputs{2, 2};
  static constexpr arity outputs{1, 1};
  using types = type_list<float, double, std::int32_t, std::int64_t, std::uint32_t, std::uint64_t>;
  using kernel = matrix_product;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto a = n.input_shape(0);
    auto b = n.input_shape(1);
    if (a.size() == 0 || b.size() == 0) {
      return make_error(rule::the_rank_must_match_the_operator,
                        "a scalar is no operand of a matrix product");
    }
    bool const list_a = a.size() == 1;
    bool const list_b = b.size() == 1;
    if (list_a) a = {1, a[0]};
    if (list_b) b = {b[0], 1};
    auto const columns = a.back();
    auto const rows = b[b.size() - 2];
    if (!n.can_equal(columns, rows)) {
      return make_error(rule::columns_of_left_must_equal_rows_of_right, "the left operand has ",
                        shape{columns}, " columns, the right operand has ", shape{rows}, " rows");
    }
    auto const batch = broadcast(without_matrix(a), without_matrix(b), n.dimensions());
    if (!batch) return batch.failure();
    auto y = *batch;
    if (!list_a) y.push_back(a[a.size() - 2]);
    if (!list_b) y.push_back(b.back());
    return tensor_type{n.input(0).element, y};
  }

  static constexpr bool reads(auto const& n, int input, layout const& x) {
    auto const& a = n.input_shape(0);
    if (input == 0 || x.extents.size() == 1 || a.size() == 1) return true;
    return detail::reads_columns(a[a.size() - 2], x.extents.back(), x.strides.back());
  }
  static constexpr bool writes(auto const&, layout const&) { return true; }
  static constexpr void lower(node_view const&, lowering& l) {
    auto& a = l.inputs[0];
    auto& b = l.inputs[1];
    auto& y = l.outputs[0];
    bool const list_a = a.extents.size() == 1;
    bool const list_b = b.extents.size() == 1;
    if (list_b) add_column(b), add_column(y);
    if (list_a) add_row(a), add_row(y);
    auto const full = y.extents;
    a = with_batch(a, full);
    b = with_batch(b, full);
    append_words(l.words, matrix_product{});
    l.multiply_adds = saturating_multiply(elements_of(full), a.extents.back());
  }

 private:
  static constexpr shape without_matrix(shape const& x) {
    shape batch;
    for (int i = 0; i + 2 < x.size(); ++i) batch.push_back(x[i]);
    return batch;
  }
  // A last axis of one element, and one before the last.
  static constexpr void add_column(layout& x) {
    x.extents.push_back(1);
    x.strides.push_back(1);
  }
  static constexpr void add_row(layout& x) {
    auto const columns = x.extents.back();
    auto const stride = x.strides.back();
    x.extents[x.extents.size() - 1] = 1;
    x.strides[x.strides.size() - 1] = columns * stride;
    x.extents.push_back(columns);
    x.strides.push_back(stride);
  }
  // The operand's own matrix behind the batch axes of the result.
  static constexpr layout with_batch(layout const& x, shape const& y) {
    shape to = without_matrix(y);
    to.push_back(x.extents[x.extents.size() - 2]);
    to.push_back(x.extents.back());
    return broadcast_to(x, to);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Normalization.

// What a normalization by given statistics needs besides its tensors.

namespace inlay::inline INLAY_VERSION {

/// y[n,c,i] = (x[n,c,i] - mean[c]) / sqrt(variance[c] + epsilon) · scale[c] + bias[c].
struct channel_normalization {
  static constexpr int inputs = 5;
  static constexpr bool takes_tape = true;
  static constexpr bool works_in_place(shape const&) { return true; }
  double epsilon = 1e-5f;
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {
namespace op {

/// y = (x - mean) / sqrt(variance + epsilon) · scale + bias, with a number a channel of each: what
/// a batch normalization is when a network is not trained.
/// *Shapes*: x and y [n, c, …] or [n], of one channel; scale, bias, mean, variance [c].
///                                                             ONNX: BatchNormalization, since 7
struct batch_normalization {
  static constexpr string_view name = "BatchNormalization";
  static constexpr int since = 7;
  static constexpr arity inputs{5, 5};
  static constexpr arity outputs{1, 3};
  static constexpr attribute_rule attributes[] = {{"epsilon", attribute_kind::real},
                                                  {"momentum", attribute_kind::real},
                                                  {"training_mode", attribute_kind::integer}};
  using types = float_types;
  using kernel = channel_normalization;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input_shape(0);
    if (x.size() == 0) {
      return make_error(rule::the_rank_must_match_the_operator,
                        "the input is a scalar, which has no channels");
    }
    if (n.integer("training_mode", 0) != 0) {
      return make_error(rule::the_form_of_the_operator_must_be_supported,
                        "attribute 'training_mode' is 1; training is not supported");
    }
    if (n.has_output(1) || n.has_output(2)) {
      return make_error(rule::the_form_of_the_operator_must_be_supported,
                        "the statistics of training (output 1 and those behind it) are not "
                        "supported");
    }
    auto const channels = x.size() == 1 ? 1 : x[1];
    constexpr string_view names[] = {"scale", "bias", "mean", "variance"};
    for (int i = 0; i < 4; ++i) {
      if (n.input_shape(i + 1) == shape{channels}) continue;
      return make_error(rule::the_statistics_must_have_one_element_a_channel, "the ", names[i],
                        " (input ", i + 1, ") has shape ", n.input_shape(i + 1), ", the input has ",
                        channels, channels == 1 ? " channel" : " channels");
    }
    return n.input(0);
  }

  static constexpr bool reads(auto const&, int input, layout const& x) {
    return input == 0 && can_see_as(x, images_of_channels(x.extents));
  }
  static constexpr bool writes(auto const& n, layout const& y) { return reads(n, 0, y); }
  static constexpr void lower(auto const& n, lowering& l) {
    auto const seen = images_of_channels(l.inputs[0].extents);
    see_as(l.inputs[0], seen);
    see_as(l.outputs[0], seen);
    append_words(l.words, channel_normalization{n.real("epsilon", 1e-5f)});
    l.multiply_adds = elements_of(seen);
  }

 private:
  /// {2, 3, 4, 5} → {2, 3, 20}
  static constexpr shape images_of_channels(shape const& x) {
    shape seen{1, 1, 1};
    for (int i = 0; i < x.size(); ++i) seen[i == 0 && x.size() > 1 ? 0 : i == 1 ? 1 : 2] *= x[i];
    return seen;
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Elements around a tensor.

// Parts of a tensor.

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Elements of an axis: `count` of them, `step` apart.
struct axis_run {
  std::int64_t first = 0;
  std::int64_t step = 1;
  std::int64_t count = 0;
};

constexpr std::int64_t clip(std::int64_t x, std::int64_t least, std::int64_t greatest) {
  return x < least ? least : x > greatest ? greatest : x;
}

/// What [start:end:step] is of an axis of so many elements, as Python slices.
///   of 5, from -1 to INT64_MIN by -2 → 4, 2, 0
constexpr axis_run run_of(std::int64_t extent, std::int64_t start, std::int64_t end,
                          std::int64_t step) {
  // Compared with the extent first, so that nothing overflows.
  auto const stride = clip(step, -extent - 1, extent + 1);
  bool const ascends = step > 0;
  auto const place = [&](std::int64_t at) {
    if (at < 0 && at >= -extent) at += extent;
    return ascends ? clip(at, 0, extent) : clip(at, -1, extent - 1);
  };
  auto const first = place(start);
  auto const span = ascends ? place(end) - first : first - place(end);
  auto const size = ascends ? stride : -stride;
  return {first, stride, span <= 0 ? 0 : (span + size - 1) / size};
}

/// Checks that an input is a list of integers.
constexpr error check_integers(auto const& n, int input, string_view name) {
  auto const& t = n.input(input);
  if ((t.element == element_type::int64 || t.element == element_type::int32) &&
      t.shape.size() == 1) {
    return {};
  }
  return make_error(rule::an_attribute_must_be_in_range, "the ", name, " (input ", input, ") are ",
                    t.element, " of shape ", t.shape, ", where a list of integers is expected");
}

/// A place on an axis whose extent has no value: a number of elements from the front, which is on
/// the axis for sure; unknown where none is known.
constexpr dimension_sum place_on(auto const& n, dimension_sum const& extent,
                                 shape_element const& at, bool ascends) {
  constexpr std::int64_t far = INT32_MAX;  // what files say for as far as it goes
  auto const last = ascends ? extent : extent - dimension_sum(1);
  auto place = n.sum_of_element(at);
  if (at.is_number) {
    if (at.value >= far) return last;
    if (at.value <= -far) return dimension_sum(ascends ? 0 : -1);
    if (at.value < 0) place = extent + place;
  }
  std::int64_t least = 0;
  bool const is_on_axis = n.dimensions()->least_of(last - place, least) && least >= 0 &&
                          n.dimensions()->least_of(place, least) && least >= (ascends ? 0 : -1);
  return is_on_axis ? place : dimension_sum::unknown();
}

/// How many elements [start:end:step] is of such an axis.
constexpr std::int64_t count_of_run(auto const& n, std::int64_t extent, shape_element const& start,
                                    shape_element const& end, std::int64_t step) {
  auto const all = n.sum_of(extent);
  auto const first = place_on(n, all, start, step > 0);
  auto const last = place_on(n, all, end, step > 0);
  std::int64_t least = 0;
  auto const span = step > 0 ? last - first : first - last;
  if (first.is_unknown() || last.is_unknown() || step <= -INT32_MAX ||
      !n.dimensions()->least_of(span, least) || least < 0) {
    return n.extent_of(dimension_sum::unknown());
  }
  return n.divide_up(n.extent_of(span), step > 0 ? step : -step);
}

}  // namespace detail

namespace op {

/// The elements from `starts` (input 1) on to before `ends` (2) by `steps` (4, or 1) along `axes`
/// (3, or the first ones), as Python slices. `convert_opset` brings the form of opsets before 10 to
/// this one.   {10} from -1 to -9 by -3 → {3}                              ONNX: Slice, since 1
struct slice {
  static constexpr string_view name = "Slice";
  static constexpr int since = 1;
  static constexpr arity inputs{3, 5};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    constexpr string_view names[] = {"", "starts", "ends", "axes", "steps"};
    auto const count = n.input_shape(1).size() == 1 ? n.input_shape(1)[0] : 0;
    for (int i = 1; i < 5; ++i) {
      if (!n.has_input(i)) continue;
      if (auto e = detail::check_integers(n, i, names[i])) return e;
      if (!n.can_equal(n.input_shape(i)[0], count)) {
        return make_error(rule::an_attribute_must_be_in_range, "there are ", shape{count},
                          " starts, but ", shape{n.input_shape(i)[0]}, " ", names[i]);
      }
    }
    if (count < 0 || (n.has_input(3) && !n.has_elements(3))) {
      return detail::without_shape(x.element);
    }
    if (!n.has_input(3) && count > x.shape.size()) {
      return make_error(rule::the_axis_must_be_within_the_rank, "there are ", count,
                        " starts, the input has ", x.shape.size(), " axes");
    }
    auto y = x.shape;
    bool is_named[max_rank]{};
    for (std::int64_t i = 0; i < count; ++i) {
      auto const named = element_of(n, 3, i, i);
      if (!named.is_number) return detail::without_shape(x.element);
      int const axis = axis_of(named.value, x.shape.size());
      if (axis < 0) {
        return make_error(rule::the_axis_must_be_within_the_rank, "axis ", named.value,
                          " is outside of the input's ", x.shape.size(), " axes");
      }
      if (is_named[axis]) {
        return make_error(rule::the_axis_must_be_within_the_rank, "axis ", named.value,
                          " is named twice");
      }
      is_named[axis] = true;
      auto const extent = count_along(n, i, x.shape[axis]);
      if (!extent) return extent.failure();
      y[axis] = *extent;
    }
    return tensor_type{x.element, y};
  }

  static constexpr bool view_of_input(auto const& n, int, tensor_view& v) {
    auto const count = n.input_shape(1)[0];
    for (std::int64_t i = 0; i < count; ++i) {
      int const axis = axis_of(element_of(n, 3, i, i).value, v.lies.extents.size());
      auto const run = detail::run_of(
          v.lies.extents[axis], n.element(1, static_cast<std::size_t>(i)).value,
          n.element(2, static_cast<std::size_t>(i)).value, element_of(n, 4, i, 1).value);
      take(v, axis, run.first, run.step, run.count);
    }
    return true;
  }

 private:
  static constexpr shape_element element_of(auto const& n, int input, std::int64_t i,
                                            std::int64_t otherwise) {
    if (!n.has_input(input)) return {otherwise, true};
    return n.element(input, static_cast<std::size_t>(i));
  }
  static constexpr result<std::int64_t> count_along(auto const& n, std::int64_t i,
                                                    std::int64_t extent) {
    auto const unknown = [&] { return n.extent_of(dimension_sum::unknown()); };
    if (n.has_input(4) && !n.has_elements(4)) return unknown();
    auto const step = element_of(n, 4, i, 1);
    if (step.is_number && step.value == 0) {
      return make_error(rule::an_attribute_must_be_in_range, "step ", i, " is 0");
    }
    if (!n.has_elements(1) || !n.has_elements(2) || !step.is_number) return unknown();
    auto const start = n.element(1, static_cast<std::size_t>(i));
    auto const end = n.element(2, static_cast<std::size_t>(i));
    if (extent >= 0 && start.is_number && end.is_number) {
      return detail::run_of(extent, start.value, end.value, step.value).count;
    }
    return detail::count_of_run(n, extent, start, end, step.value);
  }
};

/// Parts of the input one after the other along `axis`: of the sizes that the second input gives,
/// or as many of one size as there are outputs, of which the last may be smaller.
/// `convert_opset` brings the form of opsets before 13 to this one.
///   {2, 7} along 1 to 3 outputs → {2, 3}, {2, 3}, {2, 1}                    ONNX: Split, since 2
struct split {
  static constexpr string_view name = "Split";
  static constexpr int since = 2;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 4096};
  static constexpr attribute_rule attributes[] = {{"axis", attribute_kind::integer},
                                                  {"num_outputs", attribute_kind::integer}};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n, int output) {
    auto const& x = n.input(0);
    auto const given = n.integer("axis", 0);
    int const axis = axis_of(given, x.shape.size());
    if (axis < 0) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", given,
                        " is outside of the input's ", x.shape.size(), " axes");
    }
    if (output == 0) {
      if (auto e = check(n, x.shape, axis)) return e;
    }
    auto y = x.shape;
    y[axis] = size_of(n, output, x.shape[axis]);
    return tensor_type{x.element, y};
  }

  static constexpr bool view_of_input(auto const& n, int output, tensor_view& v) {
    int const axis = axis_of(n.integer("axis", 0), v.lies.extents.size());
    auto const extent = v.lies.extents[axis];
    std::int64_t first = 0;
    if (!n.has_input(1)) first = output * size_of(n, 0, extent);
    else
      for (int i = 0; i < output; ++i) first += n.element(1, static_cast<std::size_t>(i)).value;
    take(v, axis, first, 1, size_of(n, output, extent));
    return true;
  }

 private:
  static constexpr std::int64_t size_of(auto const& n, int output, std::int64_t extent) {
    if (n.has_input(1)) {
      if (!n.has_elements(1)) return n.extent_of(dimension_sum::unknown());
      return n.element(1, static_cast<std::size_t>(output)).value;
    }
    auto const size = n.divide_up(extent, n.outputs());
    if (output + 1 < n.outputs()) return size;
    if (extent >= 0) return extent - (n.outputs() - 1) * size;
    return n.extent_of(n.sum_of(extent) - n.sum_of(size) * dimension_sum(n.outputs() - 1));
  }
  static constexpr error check(auto const& n, shape const& x, int axis) {
    auto const extent = x[axis];
    if (n.integer("num_outputs", n.outputs()) != n.outputs()) {
      return make_error(rule::the_number_of_outputs_must_match_the_operator,
                        "attribute 'num_outputs' is ", n.integer("num_outputs", 0),
                        ", where there are ", n.outputs(), " outputs");
    }
    if (!n.has_input(1)) {
      if (extent < 0) return {};
      bool const divides = extent % n.outputs() == 0;
      if (divides || (n.opset() >= 18 && size_of(n, n.outputs() - 1, extent) >= 0)) return {};
      return make_error(rule::an_attribute_must_be_in_range, "axis ", axis,
                        " of the input of shape ", x, " does not divide into ", n.outputs(),
                        " parts");
    }
    if (auto e = detail::check_integers(n, 1, "sizes")) return e;
    if (!n.can_equal(n.input_shape(1)[0], n.outputs())) {
      return make_error(rule::the_number_of_outputs_must_match_the_operator, "there are ",
                        shape{n.input_shape(1)[0]}, " sizes (input 1), but ", n.outputs(),
                        " outputs");
    }
    if (!n.has_elements(1) || n.input_shape(1)[0] < 0) return {};
    std::int64_t sum = 0;
    for (int i = 0; i < n.outputs(); ++i) {
      auto const size = n.element(1, static_cast<std::size_t>(i));
      if (!size.is_number) return {};
      if (size.value < 0 || !checked_add(sum, size.value, sum)) {
        return make_error(rule::an_extent_must_not_be_negative, "size ", i, " is ", size.value);
      }
    }
    if (!n.can_equal(sum, extent)) {
      return make_error(rule::the_number_of_elements_must_stay, "the sizes have the sum ", sum,
                        ", axis ", axis, " of the input has ", extent, " elements");
    }
    return {};
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// How many elements come in front of each axis and behind it; some may go instead.
struct padding {
  bool is_known = true;
  std::int64_t before[max_rank]{};
  std::int64_t after[max_rank]{};
};

/// Above, padding is nothing anybody means, and sums of it could overflow.
inline constexpr std::int64_t largest_padding = std::int64_t{1} << 40;

/// What the pads (input 1) and the axes (input 3) of a node say.
constexpr result<padding> padding_of(auto const& n, int rank) {
  padding p;
  if (auto e = check_integers(n, 1, "pads")) return e;
  if (n.has_input(3)) {
    if (auto e = check_integers(n, 3, "axes")) return e;
  }
  auto const axes = n.has_input(3) ? n.input_shape(3)[0] : rank;
  if (axes >= 0 && !n.can_equal(n.input_shape(1)[0], 2 * axes)) {
    return make_error(rule::an_attribute_must_be_in_range, "there are ", shape{n.input_shape(1)[0]},
                      " pads, where ", 2 * axes, " are expected");
  }
  p.is_known = axes >= 0 && n.has_elements(1) && (!n.has_input(3) || n.has_elements(3));
  bool is_named[max_rank]{};
  for (std::int64_t i = 0; p.is_known && i < axes; ++i) {
    auto const at = static_cast<std::size_t>(i);
    auto const named = n.has_input(3) ? n.element(3, at) : shape_element{i, true};
    auto const before = n.element(1, at);
    auto const after = n.element(1, at + static_cast<std::size_t>(axes));
    p.is_known = named.is_number && before.is_number && after.is_number;
    if (!p.is_known) break;
    int const axis = axis_of(named.value, rank);
    if (axis < 0 || is_named[axis]) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", named.value,
                        axis < 0 ? " is outside of the input's axes" : " is named twice");
    }
    is_named[axis] = true;
    for (auto const pad : {before.value, after.value}) {
      if (pad < -largest_padding || pad > largest_padding) {
        return make_error(rule::an_attribute_must_be_in_range, "a pad of ", pad, " is too large");
      }
    }
    p.before[axis] = before.value;
    p.after[axis] = after.value;
  }
  return p;
}

}  // namespace detail

namespace op {

/// The input with elements around it, as many as the pads (input 1) say in front of each axis, or
/// of the axes that input 3 names, and then behind each. They are the constant (input 2, or 0), or
/// what `mode` says: those at the `edge`, those that a mirror at the edge shows (`reflect`), or
/// those of the other end (`wrap`). Where a pad is negative, elements go. `convert_opset` brings
/// the form of opsets before 11 to this one.   {2, 3} with pads {0, 1, 0, -2} → {2, 2}     ONNX:
/// Pad, since 2
struct pad {
  static constexpr string_view name = "Pad";
  static constexpr int since = 2;
  static constexpr arity inputs{2, 4};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"mode", attribute_kind::text}};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    auto const mode = n.text("mode", "constant");
    bool const is_constant = mode == "constant";
    if (!is_constant && mode != "edge" && mode != "reflect" && mode != "wrap") {
      return make_error(rule::an_attribute_must_be_in_range, "attribute 'mode' is '", mode,
                        "', which is not one of constant, edge, reflect, wrap");
    }
    if (n.has_input(2) && (n.input(2).element != x.element || n.input_shape(2).size() > 1 ||
                           (n.input_shape(2).size() == 1 && n.input_shape(2)[0] != 1))) {
      return make_error(rule::element_types_of_the_inputs_must_agree, "the constant (input 2) is ",
                        n.input(2).element, " of shape ", n.input_shape(2), ", where one ",
                        x.element, " is expected");
    }
    auto const p = detail::padding_of(n, x.shape.size());
    if (!p) return p.failure();
    auto y = x.shape;
    if (!p->is_known) {
      for (int i = 0; i < y.size(); ++i) y[i] = n.extent_of(dimension_sum::unknown());
      return tensor_type{x.element, y};
    }
    for (int i = 0; i < y.size(); ++i) {
      auto const before = p->before[i];
      auto const after = p->after[i];
      if (y[i] < 0) {
        y[i] = n.extent_of(n.sum_of(y[i]) + dimension_sum(before + after));
        continue;
      }
      auto const extent = y[i];
      y[i] = saturating_add(extent, before + after);
      if (y[i] < 0 || saturating_add(extent, before < 0 ? before : 0) < 0) {
        return make_error(rule::an_extent_must_not_be_negative, "axis ", i, " of ", extent,
                          " elements loses more than it has");
      }
      // What is shown twice must be there.
      auto const most = mode == "reflect" ? extent - 1 : mode == "wrap" ? extent : INT64_MAX;
      if (!is_constant && (before < 0 || after < 0 || (y[i] != 0 && extent == 0) || before > most ||
                           after > most)) {
        return make_error(rule::an_attribute_must_be_in_range, "axis ", i, " of ", extent,
                          " elements has pads of ", before, " and ", after, ", which mode '", mode,
                          "' does not give");
      }
    }
    return tensor_type{x.element, y};
  }

  /// Where the input is, as far as the output shows it.
  static constexpr bool view_of_output(auto const& n, int input, tensor_view& v) {
    if (input != 0) return false;
    auto const p = detail::padding_of(n, v.lies.extents.size());
    auto const& x = n.input_shape(0);
    for (int i = 0; i < x.size(); ++i) {
      take(v, i, positive(p->before[i]), 1,
           x[i] - positive(-p->before[i]) - positive(-p->after[i]));
    }
    return true;
  }
  static constexpr void crop(auto const& n, tensor_view& v) {
    auto const p = detail::padding_of(n, v.lies.extents.size());
    for (int i = 0; i < v.lies.extents.size(); ++i) {
      auto const first = positive(-p->before[i]);
      take(v, i, first, 1, v.lies.extents[i] - first - positive(-p->after[i]));
    }
  }
  /// Axis by axis, what is in front of the part that is there so far, and what is behind it.
  static constexpr vector<view_fill> fills(auto const& n, tensor_view const& y) {
    int const rank = y.lies.extents.size();
    auto const p = detail::padding_of(n, rank);
    auto const mode = n.text("mode", "constant");
    vector<view_fill> all;
    tensor_view part = y;
    for (int i = 0; i < rank; ++i) {
      auto const before = positive(p->before[i]);
      part.offset += before * y.lies.strides[i];
      part.lies.extents[i] -= before + positive(p->after[i]);
    }
    for (int i = 0; i < rank; ++i) {
      auto const extent = part.lies.extents[i];
      auto const whole = part.lies.strides[i];
      auto const before = positive(p->before[i]);
      auto const after = positive(p->after[i]);
      auto const add = [&](std::int64_t first, std::int64_t count, std::int64_t from,
                           std::int64_t step) {
        if (count == 0) return;
        view_fill f{part, part, mode == "constant"};
        take(f.to, i, first, 1, count);
        if (f.is_constant) f.from = {layout(y.lies.element, shape{}), 0};
        else take(f.from, i, from, step, count);
        all.push_back(f);
      };
      if (mode == "edge") {
        add(-before, before, 0, 0);
        add(extent, after, extent - 1, 0);
      } else if (mode == "reflect") {
        add(-before, before, before, -1);
        add(extent, after, extent - 2, -1);
      } else {
        add(-before, before, extent - before, 1);
        add(extent, after, 0, 1);
      }
      part.offset -= before * whole;
      part.lies.extents[i] = before + extent + after;
    }
    return all;
  }

 private:
  static constexpr std::int64_t positive(std::int64_t x) { return x > 0 ? x : 0; }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Pooling.

// What a pooling needs to know besides its tensors.

namespace inlay::inline INLAY_VERSION {

/// y[n,c,p,q] = max over ky, kx of x[n, c, p·… + ky, q·… + kx]. The pads are indices of a stage.
template <class Index> struct max_pooling_along {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
  window_along<Index> rows;
  window_along<Index> columns;
};
using max_pooling = max_pooling_along<std::int64_t>;

/// y[n,c,p,q] = the sum over ky, kx of x[n, c, p·… + ky, q·… + kx], over how many these are.
template <class Index> struct average_pooling_along {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
  window_along<Index> rows;
  window_along<Index> columns;
  std::int64_t counts_padding = 0;  // then also those on the padding, but none behind it
  Index rows_behind = 0;            // of padding, behind the last input
  Index columns_behind = 0;
};
using average_pooling = average_pooling_along<std::int64_t>;

/// Where `rows_behind` and `columns_behind` are among its words.
inline constexpr int pad_words_behind[] = {9, 10};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {
namespace detail {

/// The window that attribute `kernel_shape`, of one value or two, declares.
constexpr window_sizes declared_sizes(auto const& n) {
  auto const declared = n.integers("kernel_shape");
  if (declared.size() == 1) return {{1, declared[0]}};
  return {{declared[0], declared[1]}};
}

/// Where an image has no columns, windows need not go over its rows, of which there may be 2^62.
constexpr void leave_out_empty_rows(layout& x) {
  if (x.extents[3] == 0) x.extents[2] = 0;
}

/// The type of what a window makes of each channel of the first input.
constexpr result<tensor_type> infer_pooling(auto const& n) {
  auto const& x = n.input_shape(0);
  if (!is_image_or_sequence(x)) {
    return make_error(x.size() > 4 ? rule::the_form_of_the_operator_must_be_supported
                                   : rule::the_rank_must_match_the_operator,
                      "the input of shape ", x,
                      " needs 3 axes or 4; only sequences and images are supported");
  }
  auto const declared = n.integers("kernel_shape").size();
  if (declared + 2 != static_cast<std::size_t>(x.size())) {
    return make_error(rule::the_rank_must_match_the_operator, "attribute 'kernel_shape' has ",
                      declared, " values, where ", x.size() - 2, " are expected");
  }
  auto const w = window_of(n, x, declared_sizes(n));
  if (!w) return w.failure();
  return tensor_type{n.input(0).element, shape_under(x, x[1], w->outputs)};
}

/// The type of one element for each channel of the first input.
constexpr result<tensor_type> infer_global_pooling(auto const& n) {
  auto const& x = n.input_shape(0);
  if (x.size() < 3) {
    return make_error(rule::the_rank_must_match_the_operator, "the input of shape ", x,
                      " needs 3 axes or more: images, channels and what is in them");
  }
  shape y{x[0], x[1]};
  while (y.size() < x.size()) y.push_back(1);
  return tensor_type{n.input(0).element, y};
}

/// Looks at the input as at images [n, c, h, w], of which a window covers the whole, and at the
/// output likewise.   {2, 3, 4, 5, 6} → {2, 3, 1, 120}
constexpr image_window see_all_as_window(lowering& l) {
  auto& x = l.inputs[0];
  auto& y = l.outputs[0];
  see_as_image(x);
  see_as_image(y);
  if (x.extents.size() != 4) {
    std::int64_t columns = 1;
    for (int i = 2; i < x.extents.size(); ++i) columns *= x.extents[i];
    x = layout(x.element, {x.extents[0], x.extents[1], 1, columns});
    y = layout(y.element, {x.extents[0], x.extents[1], 1, 1});
  }
  leave_out_empty_rows(x);
  image_window w;
  w.axes[0].size = w.axes[1].size = whole_axis;
  return w;
}

}  // namespace detail

namespace op {

/// The largest element under a window over an image or a sequence; padding counts as nothing.
/// *Shapes*: x [n, c, h, w], y [n, c, h', w'], or without h and h'.         ONNX: MaxPool, since 1
struct max_pool {
  static constexpr string_view name = "MaxPool";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 2};
  static constexpr attribute_rule attributes[] = {
      {"auto_pad", attribute_kind::text},      {"ceil_mode", attribute_kind::integer},
      {"dilations", attribute_kind::integers}, {"kernel_shape", attribute_kind::integers},
      {"pads", attribute_kind::integers},      {"storage_order", attribute_kind::integer},
      {"strides", attribute_kind::integers}};
  using types = type_list<float, double, std::int8_t, std::uint8_t>;
  using kernel = max_pooling;

  static constexpr result<tensor_type> infer(auto const& n) {
    if (n.has_output(1)) {
      return make_error(rule::the_form_of_the_operator_must_be_supported,
                        "the second output (indices) is not supported");
    }
    return detail::infer_pooling(n);
  }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const w = window_of(n, l.inputs[0].extents, detail::declared_sizes(n));
    see_as_image(l.inputs[0]);
    see_as_image(l.outputs[0]);
    detail::leave_out_empty_rows(l.inputs[0]);
    append_words(l.words, max_pooling{w->axes[0], w->axes[1]});
    note_sizes(*w, l);
  }
};

/// The average of the elements under a window over an image or a sequence. What lies on the padding
/// is zero, and counts where `count_include_pad` says so.
/// *Shapes*: x [n, c, h, w], y [n, c, h', w'], or without h and h'.     ONNX: AveragePool, since 7
struct average_pool {
  static constexpr string_view name = "AveragePool";
  static constexpr int since = 7;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"auto_pad", attribute_kind::text},
                                                  {"ceil_mode", attribute_kind::integer},
                                                  {"count_include_pad", attribute_kind::integer},
                                                  {"dilations", attribute_kind::integers},
                                                  {"kernel_shape", attribute_kind::integers},
                                                  {"pads", attribute_kind::integers},
                                                  {"strides", attribute_kind::integers}};
  using types = float_types;
  using kernel = average_pooling;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_pooling(n); }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const w = window_of(n, l.inputs[0].extents, detail::declared_sizes(n));
    see_as_image(l.inputs[0]);
    see_as_image(l.outputs[0]);
    auto const& [rows, columns] = w->axes;
    bool const counts_padding = n.integer("count_include_pad", 0) != 0;
    append_words(l.words, average_pooling{rows, columns, counts_padding ? 1 : 0,
                                          counts_padding ? w->pad_end[0] : 0,
                                          counts_padding ? w->pad_end[1] : 0});
    note_sizes(*w, l);
    for (int i = 0; i < 2; ++i) {
      if (counts_padding && w->is_sized[i]) l.sized_words |= 1u << pad_words_behind[i];
    }
    detail::leave_out_empty_rows(l.inputs[0]);
  }
};

/// The average of all elements of a channel.
/// *Shapes*: x [n, c, …], y [n, c, 1, …].                          ONNX: GlobalAveragePool, since 1
struct global_average_pool {
  static constexpr string_view name = "GlobalAveragePool";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  using types = float_types;
  using kernel = average_pooling;

  static constexpr result<tensor_type> infer(auto const& n) {
    return detail::infer_global_pooling(n);
  }
  static constexpr void lower(auto const&, lowering& l) {
    auto const w = detail::see_all_as_window(l);
    append_words(l.words, average_pooling{w.axes[0], w.axes[1]});
  }
};

/// The largest element of a channel.
/// *Shapes*: x [n, c, …], y [n, c, 1, …].                              ONNX: GlobalMaxPool, since 1
struct global_max_pool {
  static constexpr string_view name = "GlobalMaxPool";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  using types = float_types;
  using kernel = max_pooling;

  static constexpr result<tensor_type> infer(auto const& n) {
    return detail::infer_global_pooling(n);
  }
  static constexpr void lower(auto const&, lowering& l) {
    auto const w = detail::see_all_as_window(l);
    append_words(l.words, max_pooling{w.axes[0], w.axes[1]});
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Reductions: axes of which one element is left.

// What a reduction needs besides its tensors.

namespace inlay::inline INLAY_VERSION {

/// What a reduction makes of its elements.
enum class reduced_to : std::int64_t {
  sum,
  mean,
  log_of_sum,
  product,
  largest,
  smallest,
  sum_of_magnitudes,
  sum_of_squares,
  root_of_squares,
};

/// y[k…,i] = what becomes of all x[k…,r…,i].
struct reduction {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
  static constexpr bool takes_reader = true;
  /// Fewer columns are stored first: a row of them is less than the vectors that read it.
  static constexpr std::int64_t least_read_columns = 16;
  reduced_to to = reduced_to::sum;
};

/// y[k…,i] = log(sum of exp(x[k…,r…,i])).
struct log_sum_exp_reduction {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
};

}  // namespace inlay::inline INLAY_VERSION

// Which axes a reduction reduces, and how its kernel sees them.

namespace inlay::inline INLAY_VERSION::detail {

inline constexpr attribute_rule reduction_attributes[] = {
    {"keepdims", attribute_kind::integer}, {"noop_with_empty_axes", attribute_kind::integer}};

/// The axes of the second input; without any, all, or none where the node says so.
constexpr result<named_axes> reduced_axes(auto const& n) {
  int const rank = n.input_shape(0).size();
  auto axes = axes_of(n, rank);
  if (!axes || !axes->is_known || axes->count > 0) return axes;
  if (n.integer("noop_with_empty_axes", 0) != 0) return axes;
  auto all = *axes;
  for (int i = 0; i < rank; ++i) all.is_named[i] = true;
  return all;
}

/// The type rule of all reductions: reduced axes have the extent 1, or go where `keepdims` is 0.
///   {2, 3, 4} over {1} → {2, 1, 4}
constexpr result<tensor_type> infer_reduction(auto const& n) {
  auto const& x = n.input(0);
  auto const axes = reduced_axes(n);
  if (!axes) return axes.failure();
  if (!axes->is_known) return without_shape(x.element);
  bool const keeps = n.integer("keepdims", 1) != 0;
  shape y;
  for (int i = 0; i < x.shape.size(); ++i) {
    if (!axes->is_named[i]) y.push_back(x.shape[i]);
    else if (keeps) y.push_back(1);
  }
  return tensor_type{x.element, y};
}

/// Neighbouring axes of which all are reduced or none is, as one.
struct axis_group {
  std::int64_t extent = 1;
  int axis = 0;  // the last one
  bool is_reduced = false;
};

/// The axes of tensors of the same extents in groups, through each of which one stride leads;
/// axes of extent 1 are in none.
struct axis_groups {
  axis_group at[max_rank]{};
  int count = 0;
  int reduced = 0;
  bool take_turns = true;  // those that are reduced and those that are not

  constexpr axis_groups(span<layout const> tensors, named_axes const& axes) {
    auto const& extents = tensors[0].extents;
    for (int i = 0; i < extents.size(); ++i) {
      if (extents[i] == 1) continue;
      bool const is_alike = count > 0 && at[count - 1].is_reduced == axes.is_named[i];
      bool const is_new = !is_alike || !is_one_axis(tensors, at[count - 1].axis, i);
      if (is_new) {
        at[count++].is_reduced = axes.is_named[i];
        if (axes.is_named[i]) ++reduced;
      }
      take_turns = take_turns && !(is_new && is_alike);
      auto& group = at[count - 1];
      group.extent *= extents[i];
      group.axis = i;
    }
  }
  constexpr bool reduces_nothing_to_something() const {
    for (auto const& group : at) {
      if (group.is_reduced && group.extent == 0) return true;
    }
    return false;
  }
  constexpr bool is_last_kept() const { return count > 0 && !at[count - 1].is_reduced; }
  /// Whether the kernel sees so many, and combines the elements of rows in the same order as those
  /// of one tensor.
  constexpr bool are_seen() const {
    bool const is_row_cut = reduced > 1 && !is_last_kept() && at[count - 2].is_reduced;
    return count > 0 && reduced <= 4 && count - reduced <= max_rank - 4 && !is_row_cut;
  }

 private:
  static constexpr bool is_one_axis(span<layout const> tensors, int outer, int inner) {
    for (auto const& x : tensors) {
      if (x.strides[outer] != x.extents[inner] * x.strides[inner]) return false;
    }
    return true;
  }
};

constexpr bool reads_reduced(auto const& n, int input, layout const& x) {
  return input == 0 && axis_groups({&x, 1}, *reduced_axes(n)).take_turns;
}

/// Tensors of a reduction, and what it writes, as kernel/reduction-inl.hpp wants them.
constexpr void see_as_reduced(axis_groups const& groups, span<layout> tensors, layout& y) {
  // The last group that is reduced and the last one that is kept have axes of their own.
  int const last = groups.count - 1;
  int const columns = groups.is_last_kept() ? last : -1;
  int rows = last;
  while (rows >= 0 && !groups.at[rows].is_reduced) --rows;
  for (auto& x : tensors) {
    layout seen;
    seen.element = x.element;
    auto const add_all = [&](bool are_reduced) {
      for (int i = 0; i < groups.count; ++i) {
        auto const& group = groups.at[i];
        if (group.is_reduced != are_reduced || i == rows || i == columns) continue;
        seen.extents.push_back(group.extent);
        seen.strides.push_back(x.strides[group.axis]);
      }
    };
    auto const add = [&](int group) {
      seen.extents.push_back(group < 0 ? 1 : groups.at[group].extent);
      seen.strides.push_back(group < 0 ? 1 : x.strides[groups.at[group].axis]);
    };
    add_all(false);
    for (int i = rows < 0 ? 0 : groups.reduced - 1; i < 3; ++i) {
      seen.extents.push_back(1);
      seen.strides.push_back(0);
    }
    add_all(true);
    add(rows);
    if (columns >= 0) add(columns);
    x = seen;
  }
  shape kept;
  for (int i = 0; i < groups.count; ++i) {
    if (!groups.at[i].is_reduced && i != columns) kept.push_back(groups.at[i].extent);
  }
  kept.push_back(columns < 0 ? 1 : groups.at[columns].extent);
  y = layout(y.element, kept);
}

/// The tensors of a reduction. The kernel does not see the second input.
///   {2, 3, 4, 5} over {1, 2} → y {2, 5}, x {2, 1, 1, 1, 12, 5}
///   {2, 3, 4, 5} over {0, 3} → y {12, 1}, x {12, 1, 1, 2, 5}
constexpr void lower_reduction(auto const& n, lowering& l) {
  l.inputs.truncate(1);
  axis_groups const groups({l.inputs.data(), 1}, *reduced_axes(n));
  if (!groups.reduces_nothing_to_something()) {
    return see_as_reduced(groups, {l.inputs.data(), 1}, l.outputs[0]);
  }
  auto const columns = elements_of(l.outputs[0].extents);
  layout x(l.inputs[0].element, {1, 1, 1, 0, columns});
  x.strides = {0, 0, 0, 0, 1};
  l.inputs[0] = x;
  l.outputs[0] = layout(x.element, {columns});
}

/// How the kernel sees tensors of which element operators make its input, and what it writes; false
/// where it cannot.
constexpr bool see_through(reduction const&, auto const& n, span<layout> tensors, layout& y) {
  axis_groups const groups({tensors.data(), tensors.size()}, *reduced_axes(n));
  if (groups.reduces_nothing_to_something() || !groups.are_seen() ||
      (groups.is_last_kept() &&
       groups.at[groups.count - 1].extent < reduction::least_read_columns)) {
    return false;
  }
  see_as_reduced(groups, tensors, y);
  return true;
}

/// The same with the word that says what to reduce to.
constexpr void lower_reduction(auto const& n, lowering& l, reduced_to to) {
  lower_reduction(n, l);
  append_words(l.words, reduction{to});
}

}  // namespace inlay::inline INLAY_VERSION::detail

namespace inlay::inline INLAY_VERSION {
namespace op {

// The axes are the second input, a constant; `convert_opset` brings the forms that have an
// attribute to this one. Without axes all are reduced, or none where `noop_with_empty_axes` is 1.
// Integers wrap.

using wide_types =
    type_list<float, double, std::int32_t, std::int64_t, std::uint32_t, std::uint64_t>;
using compared_types = type_list<float, double, std::int8_t, std::uint8_t, std::int32_t,
                                 std::int64_t, std::uint32_t, std::uint64_t>;

/// The sum.                                                                ONNX: ReduceSum, since 1
struct reduce_sum {
  static constexpr string_view name = "ReduceSum";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = wide_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::sum);
  }
};

/// The sum divided by the number of elements; not a number of none.       ONNX: ReduceMean, since 1
struct reduce_mean {
  static constexpr string_view name = "ReduceMean";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = float_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::mean);
  }
};

/// The largest element, not a number if one is; the least number of none.  ONNX: ReduceMax, since 1
struct reduce_max {
  static constexpr string_view name = "ReduceMax";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = compared_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::largest);
  }
};

/// The smallest element, not a number if one is; the greatest number of none.
///                                                                         ONNX: ReduceMin, since 1
struct reduce_min {
  static constexpr string_view name = "ReduceMin";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = compared_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::smallest);
  }
};

/// The product; 1 of none.                                                ONNX: ReduceProd, since 1
struct reduce_prod {
  static constexpr string_view name = "ReduceProd";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = wide_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::product);
  }
};

/// The sum of the squares.                                           ONNX: ReduceSumSquare, since 1
struct reduce_sum_square {
  static constexpr string_view name = "ReduceSumSquare";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = wide_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::sum_of_squares);
  }
};

/// The sum of the magnitudes.                                               ONNX: ReduceL1, since 1
struct reduce_l1 {
  static constexpr string_view name = "ReduceL1";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = wide_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::sum_of_magnitudes);
  }
};

/// The root of the sum of the squares.                                      ONNX: ReduceL2, since 1
struct reduce_l2 {
  static constexpr string_view name = "ReduceL2";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = float_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::root_of_squares);
  }
};

/// The logarithm of the sum.                                            ONNX: ReduceLogSum, since 1
struct reduce_log_sum {
  static constexpr string_view name = "ReduceLogSum";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = float_types;
  using kernel = reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_reduction(n, l, reduced_to::log_of_sum);
  }
};

/// The logarithm of the sum of the exponentials.                     ONNX: ReduceLogSumExp, since 1
struct reduce_log_sum_exp {
  static constexpr string_view name = "ReduceLogSumExp";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::reduction_attributes;
  using types = float_types;
  using kernel = log_sum_exp_reduction;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_reduction(n); }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_reduced(n, input, x);
  }
  static constexpr void lower(auto const& n, lowering& l) { detail::lower_reduction(n, l); }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Operators that only look at the same elements under another shape.

namespace inlay::inline INLAY_VERSION {
namespace op {

/// The input as a matrix: axes before `axis` make the rows, the others the columns.
/// {2, 3, 4} at axis 1 → {2, 12}                                            ONNX: Flatten, since 1
struct flatten {
  static constexpr string_view name = "Flatten";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"axis", attribute_kind::integer}};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input_shape(0);
    auto const axis = n.integer("axis", 1);
    // Axis `rank` is allowed: everything becomes rows.
    if (axis < -x.size() || axis > x.size()) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", axis,
                        " is outside of the input's ", x.size(), " axes");
    }
    auto const split = static_cast<int>(axis < 0 ? axis + x.size() : axis);
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    if (!n.count(x, 0, split, rows) || !n.count(x, split, x.size(), columns)) {
      return make_error(rule::a_tensor_must_fit_in_memory, "the input of shape ", x,
                        " is too large");
    }
    return tensor_type{n.input(0).element, {rows, columns}};
  }
  static constexpr bool view_of_input(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.output(0).shape);
  }
  static constexpr bool view_of_output(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.input_shape(0));
  }
};

/// The input under the shape that the second input gives: 0 keeps an extent (unless `allowzero`),
/// one -1 takes what is left. {2, 3, 4} to {0, -1} → {2, 12}. Where that input is computed from
/// what is not known, the output has no shape. ONNX: Reshape, since 5
struct reshape {
  static constexpr string_view name = "Reshape";
  static constexpr int since = 5;
  static constexpr arity inputs{2, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"allowzero", attribute_kind::integer}};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input_shape(0);
    auto const& list = n.input(1);
    if (list.element != element_type::int64 || list.shape.size() != 1 || list.shape[0] > max_rank) {
      return make_error(rule::a_shape_must_have_at_most_8_axes, "the shape (input 1) is ",
                        list.element, " of shape ", list.shape,
                        ", where a list of at most 8 int64 is expected");
    }
    if (!n.has_elements(1)) {
      tensor_type open;
      open.element = n.input(0).element;
      return open;
    }
    bool const keep_zero = n.integer("allowzero", 0) == 0;
    shape y;
    int rest = -1;
    for (int i = 0; i < list.shape[0]; ++i) {
      auto const element = n.element(1, static_cast<std::size_t>(i));
      auto extent = element.value;
      if (!element.is_number) {
        y.push_back(extent);
        continue;
      }
      if (extent == 0 && keep_zero) {
        if (i >= x.size()) {
          return make_error(rule::the_axis_must_be_within_the_rank, "extent ", i,
                            " of the new shape is kept, but the input has ", x.size(), " axes");
        }
        extent = x[i];
      } else if (extent == -1 && rest < 0) {
        rest = i;
        extent = 1;
      } else if (extent < 0) {
        return make_error(rule::an_extent_must_not_be_negative, "extent ", i,
                          " of the new shape is ", extent);
      }
      y.push_back(extent);
    }
    if (has_symbol(x) || has_symbol(y)) return infer_dimensions(n, x, y, rest);
    std::int64_t before = 0;
    std::int64_t after = 0;
    if (!count_elements(x, 0, x.size(), before) || !count_elements(y, 0, y.size(), after)) {
      return make_error(rule::a_tensor_must_fit_in_memory, "the shape ", y, " is too large");
    }
    if (rest >= 0 && after == 0) {
      return make_error(rule::the_number_of_elements_must_stay, "the new shape ", y,
                        " has an extent of 0, so that nothing decides what its -1 stands for");
    }
    if (rest >= 0 && before % after == 0) {
      y[rest] = before / after;
      after = before;
    }
    if (before != after) {
      return make_error(rule::the_number_of_elements_must_stay, "the input of shape ", x, " has ",
                        before, " elements, the new shape ", y, " has ", after);
    }
    return tensor_type{n.input(0).element, y};
  }

  static constexpr bool view_of_input(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.output(0).shape);
  }
  static constexpr bool view_of_output(auto const& n, int, tensor_view& v) {
    return see_as(v.lies, n.input_shape(0));
  }

 private:
  /// The same where some extents have no value; at `rest` stands 1 for what is left.
  static constexpr result<tensor_type> infer_dimensions(auto const& n, shape const& x, shape y,
                                                        int rest) {
    auto const before = n.product(x, 0, x.size());
    auto const after = n.product(y, 0, y.size());
    if (rest >= 0 && after.is_number() && after.number() == 0) {
      return make_error(rule::the_number_of_elements_must_stay, "the new shape ", y,
                        " has an extent of 0, so that nothing decides what its -1 stands for");
    }
    if (rest >= 0) y[rest] = n.extent_of(n.dimensions()->divide_down(before, after));
    else if (!n.dimensions()->can_equal(before, after)) {
      return make_error(rule::the_number_of_elements_must_stay, "the input of shape ", x,
                        " has never as many elements as the new shape ", y);
    }
    return tensor_type{n.input(0).element, y};
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Normalization of the last axes by their own statistics.

// What a normalization of rows needs besides its tensors.

namespace inlay::inline INLAY_VERSION {

/// y[o,i] = (x[o,i] - m) / sqrt(v + epsilon) · scale[i] + bias[i], where m is the mean of x[o,·]
/// and v that of the squares of x[o,·] - m; the bias may be left out.
struct layer_normalization {
  static constexpr int inputs = 3;
  static constexpr bool takes_tape = true;
  static constexpr bool takes_reader = true;
  static constexpr bool works_in_place(shape const&) { return true; }
  double epsilon = 1e-5f;
};

/// y[o,i] = x[o,i] / sqrt(v + epsilon) · scale[i], where v is the mean of the squares of x[o,·].
struct root_mean_square_normalization {
  static constexpr int inputs = 2;
  static constexpr bool takes_tape = true;
  static constexpr bool takes_reader = true;
  static constexpr bool works_in_place(shape const&) { return true; }
  double epsilon = 1e-5f;
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

namespace detail {

inline constexpr attribute_rule row_attributes[] = {{"axis", attribute_kind::integer},
                                                    {"epsilon", attribute_kind::real},
                                                    {"stash_type", attribute_kind::integer}};

/// Whether x has the extents of y from `axis` on, or a single element, but for ones in front: what
/// the kernel takes.
constexpr bool fits_rows(auto const& n, shape const& x, shape const& y, int axis) {
  bool is_single = true;
  bool is_whole = x.size() >= y.size() - axis;
  for (int i = 0; i < x.size(); ++i) {
    int const to = y.size() - x.size() + i;
    is_single = is_single && x[i] == 1;
    is_whole = is_whole && n.can_equal(x[i], to >= axis ? y[to] : 1);
  }
  return is_single || is_whole;
}

/// Whether x broadcasts to y, and y to nothing larger.
constexpr bool repeats_to(auto const& n, shape const& x, shape const& y) {
  int const missing = y.size() - x.size();
  bool fits = missing >= 0;
  for (int i = 0; fits && i < x.size(); ++i) fits = x[i] == 1 || n.can_equal(x[i], y[i + missing]);
  return fits;
}
/// Whether the kernel takes the scale (input 1) or the bias (input 2) of a node; without a bias,
/// yes.
constexpr bool takes_parameter(auto const& n, int input) {
  auto const& x = n.input_shape(0);
  return !n.has_input(input) ||
         fits_rows(n, n.input_shape(input), x, axis_of(n.integer("axis", -1), x.size()));
}
constexpr bool is_split_row_normalization(auto const& n) {
  return !takes_parameter(n, 1) || !takes_parameter(n, 2);
}

/// The type rule of LayerNormalization and RMSNormalization.
constexpr result<tensor_type> infer_row_normalization(auto const& n) {
  auto const& x = n.input(0);
  int const rank = x.shape.size();
  auto const given = n.integer("axis", -1);
  int const axis = axis_of(given, rank);
  if (axis < 0) {
    return make_error(rule::the_axis_must_be_within_the_rank, "axis ", given,
                      " is outside of the input's ", rank, " axes");
  }
  // 1 is float32 in ONNX's numbers, 11 float64.
  auto const stash = n.integer("stash_type", 1);
  if (stash != 1 && !(stash == 11 && x.element == element_type::float64)) {
    return make_error(rule::an_attribute_must_be_in_range, "attribute 'stash_type' is ", stash,
                      "; statistics have the element type of the input, ", x.element);
  }
  constexpr string_view names[] = {"scale", "bias"};
  for (int i = 1; i < 3; ++i) {
    if (takes_parameter(n, i) || repeats_to(n, n.input_shape(i), x.shape)) continue;
    return make_error(rule::shapes_must_broadcast, "the ", names[i - 1], " of shape ",
                      n.input_shape(i), " does not broadcast to the input of shape ", x.shape);
  }
  return x;
}

/// Rows of the axes from `axis` on.   {2, 3, 4, 5} from axis 2 on → {6, 20}
constexpr shape extents_as_rows(auto const& n, shape const& x) {
  int const axis = axis_of(n.integer("axis", -1), x.size());
  shape rows{1, 1};
  for (int i = 0; i < x.size(); ++i) rows[i < axis ? 0 : 1] *= x[i];
  return rows;
}
/// It goes over the input three times, whose neighbours must lie next to each other.
constexpr bool reads_rows(auto const& n, int input, layout x) {
  return input == 0 && see_as(x, extents_as_rows(n, x.extents)) && x.strides[1] == 1;
}
/// How the kernels see tensors of which element operators make their input; false where they
/// cannot.
constexpr bool see_through(layer_normalization const&, auto const& n, span<layout> tensors,
                           layout&) {
  return see_as_rows(tensors, axis_of(n.integer("axis", -1), tensors[0].extents.size()));
}
constexpr bool see_through(root_mean_square_normalization const&, auto const& n,
                           span<layout> tensors, layout& y) {
  return see_through(layer_normalization{}, n, tensors, y);
}
constexpr void lower_row_normalization(auto const& n, lowering& l) {
  auto const rows = extents_as_rows(n, l.inputs[0].extents);
  for (std::size_t i = 1; i < l.inputs.size(); ++i) {
    auto& scale = l.inputs[i];
    if (scale.element == element_type::undefined) continue;
    bool const repeats = elements_of(scale.extents) == 1;
    scale = layout(scale.element, {rows[1]});
    if (repeats) scale.strides = {0};
  }
  see_as(l.inputs[0], rows);
  see_as(l.outputs[0], rows);
  l.multiply_adds = elements_of(rows);
}

}  // namespace detail

namespace op {

/// y = (x - mean) / sqrt(variance + epsilon) · scale + bias, with the mean and the variance of the
/// axes from `axis` on, the last by default.
/// *Shapes*: scale and bias broadcast to x. Where they are not those of x from `axis` on, nor one
/// element, `split_operators` makes other nodes of it.
///                                                             ONNX: LayerNormalization, since 17
struct layer_norm {
  static constexpr string_view name = "LayerNormalization";
  static constexpr int since = 17;
  static constexpr arity inputs{2, 3};
  static constexpr arity outputs{1, 3};
  static constexpr span<attribute_rule const> attributes = detail::row_attributes;
  using types = float_types;
  using kernel = layer_normalization;

  static constexpr result<tensor_type> infer(auto const& n) {
    if (n.has_output(1) || n.has_output(2)) {
      return make_error(rule::the_form_of_the_operator_must_be_supported,
                        n.has_output(1) ? "the mean (output 1)" : "the deviation (output 2)",
                        " is not supported");
    }
    return detail::infer_row_normalization(n);
  }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_rows(n, input, x);
  }
  static constexpr bool writes(auto const& n, layout const& y) { return reads(n, 0, y); }
  static constexpr bool is_split(auto const& n) { return detail::is_split_row_normalization(n); }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_row_normalization(n, l);
    append_words(l.words, layer_normalization{n.real("epsilon", 1e-5f)});
  }
};

/// y = x / sqrt(mean of squares + epsilon) · scale, likewise.    ONNX: RMSNormalization, since 23
struct rms_norm {
  static constexpr string_view name = "RMSNormalization";
  static constexpr int since = 23;
  static constexpr arity inputs{2, 2};
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::row_attributes;
  using types = float_types;
  using kernel = root_mean_square_normalization;

  static constexpr result<tensor_type> infer(auto const& n) {
    return detail::infer_row_normalization(n);
  }
  static constexpr bool reads(auto const& n, int input, layout const& x) {
    return detail::reads_rows(n, input, x);
  }
  static constexpr bool writes(auto const& n, layout const& y) { return reads(n, 0, y); }
  static constexpr bool is_split(auto const& n) { return detail::is_split_row_normalization(n); }
  static constexpr void lower(auto const& n, lowering& l) {
    detail::lower_row_normalization(n, l);
    append_words(l.words, root_mean_square_normalization{n.real("epsilon", 1e-5f)});
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Activations with attributes, element by element.

namespace inlay::inline INLAY_VERSION {

namespace detail {

inline constexpr attribute_rule alpha_attributes[] = {{"alpha", attribute_kind::real}};
inline constexpr attribute_rule alpha_beta_attributes[] = {{"alpha", attribute_kind::real},
                                                           {"beta", attribute_kind::real}};
inline constexpr attribute_rule alpha_gamma_attributes[] = {{"alpha", attribute_kind::real},
                                                            {"gamma", attribute_kind::real}};
inline constexpr attribute_rule gelu_attributes[] = {{"approximate", attribute_kind::text}};

/// alpha · (exp(x) - 1) where x is below 0, else x.
template <std::floating_point T, stage S, class V>
constexpr V exponential_unit(S& s, double alpha, V const& x) {
  auto const zero = s.splat_like(x, T{0});
  auto const factor = s.splat_like(x, static_cast<T>(alpha));
  auto const negative = s.min(x, zero);
  auto const power = exp_less_one<T>(s, negative);
  auto const scaled = s.multiply(power, factor);
  auto const is_negative = s.less(x, zero);
  return s.select(is_negative, scaled, x);
}

}  // namespace detail

namespace op {

/// Operators of one input and a number.
struct unary_with_alpha : unary {
  static constexpr span<attribute_rule const> attributes = detail::alpha_attributes;
  struct parameters {
    double alpha;
  };
};

/// y = x, but alpha · (exp(x / alpha) - 1) below 0.                            ONNX: Celu, since 12
struct celu : unary_with_alpha {
  static constexpr string_view name = "Celu";
  static constexpr int since = 12;
  using types = float_types;

  static constexpr parameters read(auto const& n) { return {n.real("alpha", 1)}; }
  static constexpr result<tensor_type> infer(auto const& n) {
    auto const alpha = n.real("alpha", 1);
    if (alpha > 0) return n.input(0);
    return make_error(rule::an_attribute_must_be_in_range, "attribute 'alpha' is not above 0");
  }

  template <class T, stage S, class V>
  static constexpr V element(S& s, parameters const& p, V const& x) {
    auto const zero = s.splat_like(x, T{0});
    auto const alpha = s.splat_like(x, static_cast<T>(p.alpha));
    auto const quotient = s.divide(x, alpha);
    auto const unit = detail::exponential_unit<T>(s, p.alpha, quotient);
    auto const is_negative = s.less(x, zero);
    return s.select(is_negative, unit, x);
  }
};

/// y = x, but alpha · (exp(x) - 1) below 0.                                      ONNX: Elu, since 6
struct elu : unary_with_alpha {
  static constexpr string_view name = "Elu";
  static constexpr int since = 6;
  using types = float_types;

  static constexpr parameters read(auto const& n) { return {n.real("alpha", 1)}; }

  template <class T, stage S, class V>
  static constexpr V element(S& s, parameters const& p, V const& x) {
    return detail::exponential_unit<T>(s, p.alpha, x);
  }
};

/// y = x · Φ(x) = x / 2 · (1 + erf(x / √2)); where `approximate` is "tanh", x / 2 · (1 +
/// tanh(√(2 / π) · (x + 0.044715 · x³))).                                      ONNX: Gelu, since 20
struct gelu : unary {
  static constexpr string_view name = "Gelu";
  static constexpr int since = 20;
  using types = float_types;
  static constexpr span<attribute_rule const> attributes = detail::gelu_attributes;
  struct parameters {
    std::int64_t by_tanh;
  };

  static constexpr parameters read(auto const& n) {
    return {n.text("approximate", "none") == "tanh" ? 1 : 0};
  }
  static constexpr result<tensor_type> infer(auto const& n) {
    auto const approximate = n.text("approximate", "none");
    if (approximate == "none" || approximate == "tanh") return n.input(0);
    return make_error(rule::an_attribute_must_be_in_range, "attribute 'approximate' is '",
                      approximate, "'; it must be 'none' or 'tanh'");
  }

  template <class T, stage S, class V>
  static constexpr V element(S& s, parameters const& p, V const& x) {
    if (p.by_tanh != 0) return gelu_by_tanh<T>(s, x);
    return inlay::gelu<T>(s, x);
  }
};

/// y = max(0, min(1, alpha · x + beta)).                                 ONNX: HardSigmoid, since 6
struct hard_sigmoid : unary {
  static constexpr string_view name = "HardSigmoid";
  static constexpr int since = 6;
  using types = float_types;
  static constexpr span<attribute_rule const> attributes = detail::alpha_beta_attributes;
  struct parameters {
    double alpha;
    double beta;
  };

  static constexpr parameters read(auto const& n) {
    return {n.real("alpha", 0.2f), n.real("beta", 0.5f)};
  }

  template <class T, stage S, class V>
  static constexpr V element(S& s, parameters const& p, V const& x) {
    auto const zero = s.splat_like(x, T{0});
    auto const one = s.splat_like(x, T{1});
    auto const alpha = s.splat_like(x, static_cast<T>(p.alpha));
    auto const beta = s.splat_like(x, static_cast<T>(p.beta));
    auto const line = s.fma(alpha, x, beta);
    auto const below = s.min(line, one);
    return s.max(below, zero);
  }
};

/// y = x, but alpha · x below 0.                                           ONNX: LeakyRelu, since 6
struct leaky_relu : unary_with_alpha {
  static constexpr string_view name = "LeakyRelu";
  static constexpr int since = 6;
  using types = float_types;

  static constexpr parameters read(auto const& n) { return {n.real("alpha", 0.01f)}; }

  template <class T, stage S, class V>
  static constexpr V element(S& s, parameters const& p, V const& x) {
    auto const zero = s.splat_like(x, T{0});
    auto const alpha = s.splat_like(x, static_cast<T>(p.alpha));
    auto const scaled = s.multiply(x, alpha);
    auto const is_negative = s.less(x, zero);
    return s.select(is_negative, scaled, x);
  }
};

/// y = gamma · x, but gamma · alpha · (exp(x) - 1) below 0.                     ONNX: Selu, since 6
struct selu : unary {
  static constexpr string_view name = "Selu";
  static constexpr int since = 6;
  using types = float_types;
  static constexpr span<attribute_rule const> attributes = detail::alpha_gamma_attributes;
  struct parameters {
    double alpha;
    double gamma;
  };

  static constexpr parameters read(auto const& n) {
    return {n.real("alpha", 1.67326319f), n.real("gamma", 1.05070102f)};
  }

  template <class T, stage S, class V>
  static constexpr V element(S& s, parameters const& p, V const& x) {
    auto const gamma = s.splat_like(x, static_cast<T>(p.gamma));
    auto const unit = detail::exponential_unit<T>(s, p.alpha, x);
    return s.multiply(unit, gamma);
  }
};

/// y = x / (1 + exp(-alpha · x)).                                             ONNX: Swish, since 24
struct swish : unary_with_alpha {
  static constexpr string_view name = "Swish";
  static constexpr int since = 24;
  using types = float_types;

  static constexpr parameters read(auto const& n) { return {n.real("alpha", 1)}; }

  template <class T, stage S, class V>
  static constexpr V element(S& s, parameters const& p, V const& x) {
    auto const alpha = s.splat_like(x, static_cast<T>(p.alpha));
    auto const scaled = s.multiply(x, alpha);
    auto const share = inlay::sigmoid<T>(s, scaled);
    return s.multiply(x, share);
  }
};

/// y = x above alpha, else 0; of what is not a number, too.         ONNX: ThresholdedRelu, since 10
struct thresholded_relu : unary_with_alpha {
  static constexpr string_view name = "ThresholdedRelu";
  static constexpr int since = 10;
  using types = float_types;

  static constexpr parameters read(auto const& n) { return {n.real("alpha", 1)}; }

  template <class T, stage S, class V>
  static constexpr V element(S& s, parameters const& p, V const& x) {
    auto const zero = s.splat_like(x, T{0});
    auto const alpha = s.splat_like(x, static_cast<T>(p.alpha));
    auto const is_large = s.less(alpha, x);
    return s.select(is_large, x, zero);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Softmax, and its logarithm.

// A softmax needs nothing besides its tensors.

namespace inlay::inline INLAY_VERSION {

/// Rows of [outer, axis, inner] elements are computed one by one. Columns may be computed twice.
constexpr bool rows_work_in_place(shape const& x) { return x[2] == 1; }

/// y[o,j,i] = exp(x[o,j,i] - m) / (sum over j of exp(x[o,j,i] - m)), where m is the largest
/// x[o,·,i].
struct softmax_normalization {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
  static constexpr bool takes_reader = true;
  static constexpr bool is_ending = true;
  static constexpr bool works_in_place(shape const& x) { return rows_work_in_place(x); }
};

/// The logarithm of that: y[o,j,i] = x[o,j,i] - m - log(sum over j of exp(x[o,j,i] - m)).
struct log_softmax_normalization {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
  static constexpr bool takes_reader = true;
  static constexpr bool is_ending = true;
  static constexpr bool works_in_place(shape const& x) { return rows_work_in_place(x); }
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

namespace detail {

inline constexpr attribute_rule softmax_attributes[] = {{"axis", attribute_kind::integer}};

constexpr result<tensor_type> infer_softmax(auto const& n) {
  auto const& x = n.input_shape(0);
  auto const axis = n.integer("axis", -1);
  if (axis_of(axis, x.size()) < 0) {
    return make_error(rule::the_axis_must_be_within_the_rank, "axis ", axis,
                      " is outside of the input's ", x.size(), " axes");
  }
  return n.input(0);
}

/// Axes before and behind the one in question are joined.   {2, 3, 4, 5} along 1 → {2, 3, 20}
constexpr shape softmax_extents(auto const& n, shape const& x) {
  int const axis = axis_of(n.integer("axis", -1), x.size());
  shape seen{1, 1, 1};
  for (int i = 0; i < x.size(); ++i) seen[i < axis ? 0 : i == axis ? 1 : 2] *= x[i];
  return seen;
}
/// It goes over the input three times, whose neighbours must lie next to each other.
constexpr bool reads_softmax(auto const& n, layout x) {
  if (!see_as(x, softmax_extents(n, x.extents))) return false;
  return x.strides[x.extents[2] == 1 ? 1 : 2] == 1;
}
/// How the kernels see tensors of which element operators make their input; false where they
/// cannot.
constexpr bool see_through(softmax_normalization const&, auto const& n, span<layout> tensors,
                           layout&) {
  auto const& x = tensors[0].extents;
  auto const seen = softmax_extents(n, x);
  return seen[2] == 1 && see_as_rows(tensors, axis_of(n.integer("axis", -1), x.size()));
}
constexpr bool see_through(log_softmax_normalization const&, auto const& n, span<layout> tensors,
                           layout& y) {
  return see_through(softmax_normalization{}, n, tensors, y);
}
constexpr void lower_softmax(auto const& n, lowering& l) {
  auto const seen = softmax_extents(n, l.inputs[0].extents);
  see_as(l.inputs[0], seen);
  see_as(l.outputs[0], seen);
}

}  // namespace detail

namespace op {

/// exp(x) divided by its sum along `axis`, the last by default. `convert_opset` brings the form of
/// opsets before 13 to this one.                                            ONNX: Softmax, since 1
struct softmax {
  static constexpr string_view name = "Softmax";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::softmax_attributes;
  using types = float_types;
  using kernel = softmax_normalization;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_softmax(n); }
  static constexpr bool reads(auto const& n, int, layout const& x) {
    return detail::reads_softmax(n, x);
  }
  static constexpr bool writes(auto const& n, layout const& y) { return reads(n, 0, y); }
  static constexpr void lower(auto const& n, lowering& l) { detail::lower_softmax(n, l); }
};

/// The logarithm of a softmax.                                           ONNX: LogSoftmax, since 1
struct log_softmax {
  static constexpr string_view name = "LogSoftmax";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::softmax_attributes;
  using types = float_types;
  using kernel = log_softmax_normalization;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_softmax(n); }
  static constexpr bool reads(auto const& n, int, layout const& x) {
    return detail::reads_softmax(n, x);
  }
  static constexpr bool writes(auto const& n, layout const& y) { return reads(n, 0, y); }
  static constexpr void lower(auto const& n, lowering& l) { detail::lower_softmax(n, l); }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Transpose: axes in another order.

// A transposition needs nothing besides its tensors.

namespace inlay::inline INLAY_VERSION {

/// y[i] = x[i], where the two lie in memory in other orders of their axes.
struct transposition {
  static constexpr int inputs = 1;
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

namespace detail {

inline constexpr attribute_rule transpose_attributes[] = {{"perm", attribute_kind::integers}};

/// Which axis of the input each axis of the output is.
constexpr result<shape> permutation_of(auto const& n, int rank) {
  shape axes;
  if (!n.has_attribute("perm")) {
    for (int i = rank - 1; i >= 0; --i) axes.push_back(i);
    return axes;
  }
  auto const perm = n.integers("perm");
  if (static_cast<int>(perm.size()) != rank) {
    return make_error(rule::an_attribute_must_be_in_range, "perm has ", perm.size(),
                      " axes, the input has ", rank);
  }
  bool is_named[max_rank]{};
  for (auto const axis : perm) {
    if (axis < 0 || axis >= rank) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", axis,
                        " of perm is outside of the input's ", rank, " axes");
    }
    if (is_named[axis]) {
      return make_error(rule::the_axis_must_be_within_the_rank, "perm names axis ", axis, " twice");
    }
    is_named[axis] = true;
    axes.push_back(axis);
  }
  return axes;
}

}  // namespace detail

namespace op {

/// The input with its axes in another order, the reverse one by default: axis i of the output is
/// axis perm[i] of the input. The kernel is that of copies.            ONNX: Transpose, since 1
struct transpose {
  static constexpr string_view name = "Transpose";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  static constexpr span<attribute_rule const> attributes = detail::transpose_attributes;
  using types = stored_types;
  using kernel = transposition;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    auto const axes = detail::permutation_of(n, x.shape.size());
    if (!axes) return axes.failure();
    shape y;
    for (auto const axis : *axes) y.push_back(x.shape[static_cast<int>(axis)]);
    return tensor_type{x.element, y};
  }
  static constexpr bool view_of_input(auto const& n, int, tensor_view& v) {
    auto const x = v.lies;
    auto const axes = *detail::permutation_of(n, x.extents.size());
    for (int i = 0; i < axes.size(); ++i) {
      auto const axis = static_cast<int>(axes[i]);
      v.lies.extents[i] = x.extents[axis];
      v.lies.strides[i] = x.strides[axis];
    }
    return true;
  }
  static constexpr bool view_of_output(auto const& n, int, tensor_view& v) {
    auto const y = v.lies;
    auto const axes = *detail::permutation_of(n, y.extents.size());
    for (int i = 0; i < axes.size(); ++i) {
      auto const axis = static_cast<int>(axes[i]);
      v.lies.extents[axis] = y.extents[i];
      v.lies.strides[axis] = y.strides[i];
    }
    return true;
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

// Transposed convolution.

// What a transposed convolution needs to know besides its tensors.

namespace inlay::inline INLAY_VERSION {

/// y[n,g·m+o,p,q] = bias[g·m+o] + the sum of w[g·d+c,o,ky,kx] · x[n,g·d+c,i,j] over c and all taps
/// with p = i·stride - pad + ky·dilation along the rows, and likewise along the columns, where d
/// and m are the input and the output channels of a group.
struct transposed_convolution {
  static constexpr int inputs = 3;
  window_axis rows;
  window_axis columns;
  std::int64_t groups = 1;

  /// What tiles cut up: the outputs of a group.
  constexpr product_extents product(shape const& x, shape const& y) const {
    product_steps const steps{divide_up(rows.size, rows.stride),
                              divide_up(columns.size, columns.stride), x[1] / groups};
    return {1, y[1] / groups, 1, false, steps};
  }
  /// The weights [groups·c, o, rows, columns]: [groups, o, rows, columns, c].
  template <class Numbers = shape>
  INLAY_INLINE constexpr right_operand_of<Numbers> right(Numbers const& e, Numbers const& s) const {
    auto const channels = e[0] / groups;
    return {{groups, e[1], e[2], e[3], channels}, {channels * s[0], s[1], s[2], s[3], s[0]}, 1};
  }
};

/// The outputs `residue` + n·stride along an axis of a transposed convolution: those of a plain
/// window that slides over the input by ones, and whose elements are every `step`th tap, from the
/// one that it ends with down.
struct residue_window {
  window_axis window;
  std::int64_t first_tap = 0;
  std::int64_t step = 1;
};

/// size 3, stride 2, pad 1 → residue 0: tap 1 alone; residue 1: taps 2 and 0
INLAY_INLINE constexpr residue_window window_of_residue(window_axis const& w,
                                                        std::int64_t residue) {
  auto a = w.stride;
  for (auto b = w.dilation; b != 0;) {
    auto const rest = a % b;
    a = b;
    b = rest;
  }
  auto const step = w.stride / a;
  auto const target = residue + w.pad;
  for (std::int64_t tap = 0; tap < step && tap < w.size; ++tap) {
    if ((target - tap * w.dilation) % w.stride != 0) continue;
    auto const count = (w.size - 1 - tap) / step + 1;
    auto const last = tap + (count - 1) * step;
    auto const first_input = (target - last * w.dilation) / w.stride;
    return {{count, 1, w.dilation / a, -first_input}, last, count > 1 ? step : 1};
  }
  return {{0, 1, 1, 0}};
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {
namespace detail {

/// The taps and outputs that a node's attributes describe, of an input of shape [n, c, w] or
/// [n, c, h, w], by weights of `sizes` elements an axis: as many outputs as the taps reach, and
/// `output_padding` more, without the pads; or as many as are wanted, from which the pads follow.
/// Along an axis whose extent has no value only the outputs are found.
/// *Source*: ONNX ConvTranspose-22.
constexpr result<image_window> transposed_window_of(auto const& n, shape const& x,
                                                    window_sizes const& sizes) {
  auto const axes = static_cast<std::size_t>(x.size()) - 2;
  if (auto e = check_window_attributes(n, axes)) return e;
  for (string_view const name : {"output_padding", "output_shape"}) {
    if (auto e = check_window_attribute(n, name, axes, 0)) return e;
  }
  auto const auto_pad = n.text("auto_pad", "NOTSET");
  image_window w;
  for (std::size_t i = 0; i < axes; ++i) {
    auto const extent = x[static_cast<int>(i) + 2];
    auto const at = i + 2 - axes;  // of the image
    auto const declared = window_axis_of(n, sizes.of[at], at, i);
    if (!declared) return declared.failure();
    auto& axis = w.axes[at] = *declared;
    auto const reach = (axis.size - 1) * axis.dilation + 1;
    auto const more = reach - axis.stride + value_or(n.integers("output_padding"), i, 0);
    auto& outputs = w.outputs[at];
    if (is_same(auto_pad) || n.has_attribute("output_shape")) {
      outputs = is_same(auto_pad) ? n.multiply(extent, axis.stride) : n.integers("output_shape")[i];
      if (extent < 0 || outputs < 0) continue;
      auto const pads = saturating_add(saturating_multiply(extent, axis.stride), more - outputs);
      axis.pad = pads > 0 ? pads_in_front(pads, auto_pad) : 0;
      continue;
    }
    bool const is_padded = auto_pad == "NOTSET";
    axis.pad = is_padded ? value_or(n.integers("pads"), i, 0) : 0;
    auto const pads = axis.pad + (is_padded ? value_or(n.integers("pads"), i + axes, 0) : 0);
    if (extent < 0) {
      auto const reached = n.sum_of(extent) * dimension_sum(axis.stride);
      outputs = n.extent_of(reached + dimension_sum(more - pads));
      continue;
    }
    auto const reached = saturating_add(saturating_multiply(extent, axis.stride), more);
    outputs = reached - pads;
    if (outputs < 0) {
      return make_error(rule::the_window_must_fit_into_the_padded_input, "the taps reach over ",
                        reached, at == 0 ? " rows" : " columns", ", of which the pads take ", pads);
    }
  }
  return w;
}

}  // namespace detail

namespace op {

/// The weights of a window times each element of an image, each output the sum of what reaches it:
/// what a convolution by the same weights does backwards; or over a sequence.
/// *Shapes*: x [n, c, h, w], weights [c, o/group, rows, columns], bias [o], y [n, o, h', w'], or
/// without h, rows and h'.
///                                                                  ONNX: ConvTranspose, since 1
struct conv_transpose {
  static constexpr string_view name = "ConvTranspose";
  static constexpr int since = 1;
  static constexpr arity inputs{2, 3};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {
      {"auto_pad", attribute_kind::text},           {"dilations", attribute_kind::integers},
      {"group", attribute_kind::integer},           {"kernel_shape", attribute_kind::integers},
      {"output_padding", attribute_kind::integers}, {"output_shape", attribute_kind::integers},
      {"pads", attribute_kind::integers},           {"strides", attribute_kind::integers}};
  using types = float_types;
  using kernel = transposed_convolution;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input_shape(0);
    auto const& weights = n.input_shape(1);
    if (auto e = detail::check_ranks(n)) return e;
    auto const groups = n.integer("group", 1);
    if (groups < 1 || (x[1] >= 0 && x[1] % groups != 0)) {
      return make_error(rule::channels_must_divide_into_the_groups, shape{x[1]},
                        " input channels do not divide into ", groups, " groups");
    }
    if (!n.can_equal(x[1], weights[0])) {
      return make_error(rule::channels_of_the_input_must_match_the_weights, "the input has ",
                        shape{x[1]}, " channels, the weights expect ", shape{weights[0]});
    }
    return detail::infer_under_weights(n, n.multiply(weights[1], groups), [&](auto const& sizes) {
      return detail::transposed_window_of(n, x, sizes);
    });
  }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const x = l.inputs[0].extents;
    auto const w = detail::lower_window(
        l, [&](auto const& sizes) { return detail::transposed_window_of(n, x, sizes); });
    append_words(l.words, transposed_convolution{w.axes[0], w.axes[1], n.integer("group", 1)});
    auto const& weights = l.inputs[1].extents;
    // The weights are a tensor, so that the product of their extents fits.
    l.multiply_adds =
        saturating_multiply(elements_of(l.inputs[0].extents), weights[1] * weights[2] * weights[3]);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION

#if defined(INLAY_USER_OPERATORS)
#include INLAY_HEADER(INLAY_USER_OPERATORS)
#endif

namespace inlay::inline INLAY_VERSION {

/// Those of the library.
using library_operators = operator_list<
    op::abs, op::add, op::average_pool, op::batch_normalization, op::bitwise_and, op::bitwise_not,
    op::bitwise_or, op::bitwise_xor, op::cast, op::cast_like, op::ceil, op::celu, op::clip,
    op::concat, op::conv, op::conv_transpose, op::cos, op::div, op::elu, op::equal, op::erf,
    op::exp, op::expand, op::flatten, op::floor, op::gather, op::gelu, op::gemm,
    op::global_average_pool, op::global_max_pool, op::greater, op::greater_or_equal, op::group_norm,
    op::hard_sigmoid, op::hard_swish, op::identity, op::instance_norm, op::is_inf, op::is_nan,
    op::layer_norm, op::leaky_relu, op::less, op::less_or_equal, op::log, op::log_softmax,
    op::logical_and, op::logical_not, op::logical_or, op::logical_xor, op::matmul, op::max,
    op::max_pool, op::mean, op::min, op::mish, op::mul, op::neg, op::pad, op::pow, op::prelu,
    op::reciprocal, op::reduce_l1, op::reduce_l2, op::reduce_log_sum, op::reduce_log_sum_exp,
    op::reduce_max, op::reduce_mean, op::reduce_min, op::reduce_prod, op::reduce_sum,
    op::reduce_sum_square, op::relu, op::reshape, op::rms_norm, op::round, op::selu, op::sigmoid,
    op::sign, op::sin, op::slice, op::softmax, op::softplus, op::softsign, op::split, op::sqrt,
    op::squeeze, op::sub, op::sum, op::swish, op::tanh, op::thresholded_relu, op::transpose,
    op::unsqueeze, op::where>;

#if !defined(INLAY_USER_OPERATORS)
using user_operators = operator_list<>;
#endif

static_assert(detail::are_operators(user_operators{}));
static_assert(detail::have_names_of_their_own(library_operators{}, user_operators{}),
              "two operators have the same domain and name");

/// All of them; those of a program come last.
using operators = decltype(detail::join(library_operators{}, user_operators{}));

/// An operator's struct as data, for passes.
struct operator_entry {
  string_view name;
  string_view domain;  // empty for ONNX's own operators
  int since;
  arity inputs;
  arity outputs;
  int alike;        // the first so many inputs have one element type
  int operands;     // of its element function
  int index_input;  // which holds indices of int64, in its kernel; -1 where none does
  int index_axis;   // the axis of its first input on which they are
  int conditions;   // inputs in front that are truths, of which the element types say nothing
  bool is_view;     // of its inputs and outputs some are within others, and nothing computes
  bool is_elementwise;
  bool slides_over_image;
  bool takes_tape;        // its kernel hands its results to element operators
  bool takes_ending;      // and whole rows to a normalization
  bool is_ending;         // which its kernel is, along the last axis
  bool takes_conditions;  // those element operators may choose by truths
  span<attribute_rule const> attributes;
  bool (*supports)(element_type);
  result<tensor_type> (*infer)(node_view const&, int output);
  void (*lower)(node_view const&, lowering&);
  /// Where an output is, from where the first input is; false where strides cannot express it.
  bool (*view_of_input)(node_view const&, int output, tensor_view&);
  /// Where an input is, from where the first output is, likewise.
  bool (*view_of_output)(node_view const&, int input, tensor_view&);
  /// Of an output that inputs are parts of: how much of an input it shows, null where that is all;
  /// and what else it is made of, null where there is nothing.
  void (*crop)(node_view const&, tensor_view&);
  vector<view_fill> (*fills)(node_view const&, tensor_view const& output);
  /// Whether the kernel reads an input, or writes the output, that lies so. It takes all that are
  /// contiguous.
  bool (*reads)(node_view const&, int input, layout const&);
  bool (*writes)(node_view const&, layout const&);
  /// Has the kernel see the tensors of which element operators make its first input, which have the
  /// extents of that, and its output; false where it cannot. Null where it reads nothing but
  /// tensors.
  bool (*see_through)(node_view const&, span<layout> tensors, layout& output);
  /// The parameters of its element function; null where it has none.
  element_words (*element)(node_view const&);
  /// What the second input is to a kernel of these words; null where it is no operand of a product.
  right_operand (*right)(std::int64_t const* words, layout const&);
  /// The border that a kernel of these words needs around its images, and its words where they have
  /// it; null where it takes them without.
  image_border (*border)(lowering const&);
  void (*remove_border)(lowering&);
  /// Joins axes of a product whose second input is in panels; null where there is nothing to join.
  void (*join)(lowering&);
  /// Whether its kernel, over images with or without their border, can compute the largest pooling
  /// of 2x2 behind it; null where it never can.
  bool (*can_pool)(lowering const&, bool has_border);
  /// Whether its kernel may write over its first input, of these extents: it reads no element of it
  /// after it has written there. Null where it never may; element operators always may.
  bool (*works_in_place)(shape const& first);
  /// Whether its kernel does not take a node, whose extents have values: `split_operators` makes
  /// others of it. Null where it takes all.
  bool (*is_split)(node_view const&);
};

namespace detail {

template <class Operator> constexpr bool slides_over_image() {
  return requires { requires std::is_same_v<decltype(Operator::kernel::columns), window_axis>; };
}
template <class Operator> constexpr int index_input() {
  if constexpr (requires { Operator::kernel::index_input; }) return Operator::kernel::index_input;
  else return -1;
}
template <class Operator> constexpr int index_axis() {
  if constexpr (requires { Operator::kernel::index_axis; }) return Operator::kernel::index_axis;
  else return -1;
}
template <class Operator> constexpr int alike_inputs() {
  if constexpr (requires { Operator::alike_inputs; }) return Operator::alike_inputs;
  else return Operator::inputs.most;
}
template <class Operator> constexpr span<attribute_rule const> attributes_of() {
  if constexpr (requires { Operator::attributes; }) return Operator::attributes;
  else return {};
}
template <class Operator> constexpr bool supports(element_type e) {
  return contains(typename Operator::types{}, e);
}
template <class Operator> constexpr result<tensor_type> infer(node_view const& n, int output) {
  if constexpr (requires { Operator::infer(n, output); }) return Operator::infer(n, output);
  else return Operator::infer(n);
}
template <class Operator>
constexpr bool (*find_view_of_input())(node_view const&, int, tensor_view&) {
  if constexpr (has_view_of_input<Operator>()) {
    return
        [](node_view const& n, int i, tensor_view& v) { return Operator::view_of_input(n, i, v); };
  } else {
    return nullptr;
  }
}
template <class Operator>
constexpr bool (*find_view_of_output())(node_view const&, int, tensor_view&) {
  if constexpr (has_view_of_output<Operator>()) {
    return
        [](node_view const& n, int i, tensor_view& v) { return Operator::view_of_output(n, i, v); };
  } else {
    return nullptr;
  }
}
template <class Operator> constexpr void (*find_crop())(node_view const&, tensor_view&) {
  if constexpr (requires(node_view const& n, tensor_view& v) { Operator::crop(n, v); }) {
    return [](node_view const& n, tensor_view& v) { Operator::crop(n, v); };
  } else {
    return nullptr;
  }
}
template <class Operator>
constexpr vector<view_fill> (*find_fills())(node_view const&, tensor_view const&) {
  if constexpr (requires(node_view const& n, tensor_view& v) { Operator::fills(n, v); }) {
    return [](node_view const& n, tensor_view const& y) { return Operator::fills(n, y); };
  } else {
    return nullptr;
  }
}
template <class Operator> constexpr bool takes_reader() {
  return requires { requires Operator::kernel::takes_reader; };
}
/// Windows and element operators take any strides.
template <class Operator> constexpr bool takes_strides(shape const& x) {
  return is_elementwise<Operator>() || (slides_over_image<Operator>() && is_image_or_sequence(x));
}
template <class Operator> constexpr bool reads(node_view const& n, int input, layout const& x) {
  if constexpr (requires { Operator::reads(n, input, x); }) return Operator::reads(n, input, x);
  else return takes_strides<Operator>(x.extents) && (input == 0 || is_elementwise<Operator>());
}
template <class Operator> constexpr bool writes(node_view const& n, layout const& y) {
  if constexpr (requires { Operator::writes(n, y); }) return Operator::writes(n, y);
  else return takes_strides<Operator>(y.extents);
}
template <class Operator>
constexpr bool (*find_see_through())(node_view const&, span<layout>, layout&) {
  if constexpr (takes_reader<Operator>()) {
    return [](node_view const& n, span<layout> tensors, layout& y) {
      return see_through(typename Operator::kernel{}, n, tensors, y);
    };
  } else {
    return nullptr;
  }
}
template <class Operator> constexpr void lower(node_view const& n, lowering& l) {
  if constexpr (requires { typename Operator::kernel; }) {
    // A kernel's optional tensors are there for it to find missing.
    while (l.inputs.size() < static_cast<std::size_t>(Operator::kernel::inputs)) {
      l.inputs.push_back({});
    }
  }
  if constexpr (requires { Operator::lower(n, l); }) Operator::lower(n, l);
  else if constexpr (!is_view<Operator>()) lower_elementwise(l);
  if constexpr (has_parameters<Operator>()) append_words(l.words, words_of_element<Operator>(n));
}
template <class Operator> constexpr element_words (*find_element())(node_view const&) {
  if constexpr (has_parameters<Operator>()) return &words_of_element<Operator>;
  else return nullptr;
}
template <class Operator>
constexpr right_operand right(std::int64_t const* words, layout const& second) {
  return from_words<typename Operator::kernel>(words).right(second.extents, second.strides);
}
template <class Operator>
constexpr right_operand (*find_right())(std::int64_t const*, layout const&) {
  if constexpr (requires(typename Operator::kernel const& k, shape const& s) { k.right(s, s); }) {
    return &right<Operator>;
  } else {
    return nullptr;
  }
}
template <class Operator> constexpr image_border border(lowering const& l) {
  auto const kernel = from_words<typename Operator::kernel>(l.words.data());
  return kernel.border(l.inputs[0].extents, l.outputs[0].extents);
}
template <class Operator> constexpr image_border (*find_border())(lowering const&) {
  if constexpr (requires { &Operator::kernel::border; }) return &border<Operator>;
  else return nullptr;
}
template <class Operator> constexpr void remove_border(lowering& l) {
  auto const kernel = from_words<typename Operator::kernel>(l.words.data());
  l.words.clear();
  append_words(l.words, kernel.without_border());
  l.widest = {};
  l.sized_words = 0;
}
template <class Operator> constexpr void (*find_remove_border())(lowering&) {
  if constexpr (requires { &Operator::kernel::border; }) return &remove_border<Operator>;
  else return nullptr;
}
template <class Operator> constexpr void join(lowering& l) {
  auto kernel = from_words<typename Operator::kernel>(l.words.data());
  join_axes(kernel, l.inputs[0], l.inputs[1], l.outputs[0]);
  l.words.clear();
  append_words(l.words, kernel);
}
template <class Operator> constexpr void (*find_join())(lowering&) {
  if constexpr (requires(typename Operator::kernel k, layout l) { join_axes(k, l, l, l); }) {
    return &join<Operator>;
  } else {
    return nullptr;
  }
}
template <class Operator> constexpr bool takes_tape() {
  return requires { requires Operator::kernel::takes_tape; };
}
template <class Operator> constexpr bool takes_ending() {
  return requires { requires Operator::kernel::takes_ending; };
}
template <class Operator> constexpr bool is_ending() {
  return requires { requires Operator::kernel::is_ending; };
}
template <class Operator> constexpr bool takes_conditions() {
  return requires { requires Operator::kernel::takes_conditions; };
}
template <class Operator> constexpr bool can_pool(lowering const& l, bool has_border) {
  auto const kernel = from_words<typename Operator::kernel>(l.words.data());
  return kernel.can_pool(l.inputs[0].extents, l.outputs[0].extents, has_border);
}
template <class Operator> constexpr bool (*find_can_pool())(lowering const&, bool) {
  if constexpr (requires { &Operator::kernel::can_pool; }) return &can_pool<Operator>;
  else return nullptr;
}
template <class Operator> constexpr bool (*find_works_in_place())(shape const&) {
  if constexpr (requires { &Operator::kernel::works_in_place; }) {
    return &Operator::kernel::works_in_place;
  } else {
    return nullptr;
  }
}
template <class Operator> constexpr bool (*find_is_split())(node_view const&) {
  if constexpr (requires(node_view const& n) { Operator::is_split(n); }) {
    return [](node_view const& n) { return Operator::is_split(n); };
  } else {
    return nullptr;
  }
}
template <class Operator>
inline constexpr operator_entry entry_for{Operator::name,
                                          domain_of<Operator>(),
                                          since_of<Operator>(),
                                          Operator::inputs,
                                          Operator::outputs,
                                          alike_inputs<Operator>(),
                                          operands<Operator>(),
                                          index_input<Operator>(),
                                          index_axis<Operator>(),
                                          conditions<Operator>(),
                                          is_view<Operator>(),
                                          is_elementwise<Operator>(),
                                          slides_over_image<Operator>(),
                                          takes_tape<Operator>(),
                                          takes_ending<Operator>(),
                                          is_ending<Operator>(),
                                          takes_conditions<Operator>(),
                                          attributes_of<Operator>(),
                                          &supports<Operator>,
                                          &infer<Operator>,
                                          &lower<Operator>,
                                          find_view_of_input<Operator>(),
                                          find_view_of_output<Operator>(),
                                          find_crop<Operator>(),
                                          find_fills<Operator>(),
                                          &reads<Operator>,
                                          &writes<Operator>,
                                          find_see_through<Operator>(),
                                          find_element<Operator>(),
                                          find_right<Operator>(),
                                          find_border<Operator>(),
                                          find_remove_border<Operator>(),
                                          find_join<Operator>(),
                                          find_can_pool<Operator>(),
                                          find_works_in_place<Operator>(),
                                          find_is_split<Operator>()};

template <class... Operator> struct operator_table {
  static constexpr operator_entry const* entries[] = {&entry_for<Operator>...};
  static constexpr string_view names[] = {Operator::name...};
  static constexpr string_view domains[] = {domain_of<Operator>()...};
  static constexpr int since[] = {since_of<Operator>()...};
  /// By where its name is, of which each operator has its own. Compilers would instantiate a
  /// comparison of types for each pair of them.
  template <class Wanted> static constexpr operator_id id() {
    for (std::uint16_t i = 0; i < sizeof...(Operator); ++i) {
      if (name_places[i] == &Wanted::name) return operator_id(i + 1);
    }
    return operator_id::unlisted;
  }

 private:
  static constexpr string_view const* name_places[] = {&Operator::name...};
};
template <class... Operator>
constexpr operator_table<Operator...> table_of(operator_list<Operator...>) {
  return {};
}
using table = decltype(table_of(operators{}));

template <class Operator> constexpr operator_id listed_id() {
  constexpr auto id = table::id<Operator>();
  static_assert(id != operator_id::unlisted,
                "the operator is not listed: inlay::user_operators names those of a program");
  return id;
}

}  // namespace detail

namespace detail {
template <std::size_t Index, class First, class... Rest> struct nth {
  using type = typename nth<Index - 1, Rest...>::type;
};
template <class First, class... Rest> struct nth<0, First, Rest...> {
  using type = First;
};
template <operator_id Id, class List> struct operator_by_id;
template <operator_id Id, class... Operator>
struct operator_by_id<Id, operator_list<Operator...>>
    : nth<static_cast<std::size_t>(Id) - 1, Operator...> {};
}  // namespace detail

/// The struct of a listed operator.
template <operator_id Id> using operator_of = typename detail::operator_by_id<Id, operators>::type;

/// The number by which graphs know an operator.
template <class Operator> inline constexpr operator_id id_of = detail::listed_id<Operator>();

/// Whether a node applies this operator: `is<op::conv>(n)`.
template <class Operator> constexpr bool is(node const& n) { return n.op == id_of<Operator>; }

/// The entry of a listed operator. Passes name the type of their graph: whoever includes them
/// compiles no rule of an operator before there is one.
template <class Graph, class Table = detail::table>
constexpr operator_entry const& entry_of(operator_id op) {
  return *Table::entries[static_cast<std::size_t>(op) - 1];
}

namespace detail {
/// The numbers of operators by a hash of their names: the last one of each, and the one before it.
struct operators_by_name {
  static constexpr std::size_t count = sizeof(table::names) / sizeof(table::names[0]);
  std::uint16_t last[256]{};
  std::uint16_t before[count + 1]{};

  static constexpr std::size_t hash(string_view name) {
    auto const size = name.size();
    auto const ends = static_cast<unsigned char>(name.data()[0]) * std::size_t{5} +
                      static_cast<unsigned char>(name.data()[size - 1]);
    return (size * 37 + ends) % 256;
  }
};
inline constexpr operators_by_name operator_names = [] {
  operators_by_name all;
  for (std::uint16_t i = 1; i <= operators_by_name::count; ++i) {
    auto& last = all.last[operators_by_name::hash(table::names[i - 1])];
    all.before[i] = last;
    last = i;
  }
  return all;
}();
}  // namespace detail

/// The operator of that name, or `operator_id::unlisted`. ONNX's own domain has two names.
constexpr operator_id find_operator(string_view domain, string_view type) {
  using detail::table;
  if (type.empty()) return operator_id::unlisted;
  if (domain == "ai.onnx") domain = {};
  auto i = detail::operator_names.last[detail::operators_by_name::hash(type)];
  while (i != 0 && !(table::names[i - 1] == type && table::domains[i - 1] == domain)) {
    i = detail::operator_names.before[i];
  }
  return operator_id{i};
}

/// The newest version of a domain that an operator of it has a form of; 1 where none is listed.
constexpr std::int64_t newest_form_in(string_view domain) {
  using detail::table;
  int newest = 1;
  for (std::size_t i = 0; i < detail::operators_by_name::count; ++i) {
    if (table::domains[i] == domain && table::since[i] > newest) newest = table::since[i];
  }
  return newest;
}

/// Adds a node of a listed operator.
template <class Operator>
constexpr value_id apply(builder& b, string_view name, std::initializer_list<value_id> inputs,
                         std::initializer_list<named_attribute> attributes = {}) {
  return b.add(id_of<Operator>, Operator::name, name,
               span<value_id const>(inputs.begin(), inputs.size()),
               span<named_attribute const>(attributes.begin(), attributes.size()), 1,
               detail::domain_of<Operator>());
}

}  // namespace inlay::inline INLAY_VERSION

// The whole middle end.

// Whether a graph is one.

// Finds the functions of a model by their names.

namespace inlay::inline INLAY_VERSION::detail {

/// Functions of a graph, which must outlive it, by domain, name and overload.
template <class Graph> class function_table {
 public:
  constexpr explicit function_table(Graph const& g) : graph_(&g) {}

  static constexpr std::uint32_t absent = index_table::absent;

  /// The index of a function that was added, or `absent`.
  constexpr std::uint32_t find(string_view domain, string_view name, string_view overload) const {
    return find(domain, name, overload, hash(domain, name, overload));
  }

  /// False where one of the same name was added before.
  constexpr bool add(std::uint32_t index) {
    auto const& f = graph_->functions[index];
    auto const h = hash(f.domain, f.name, f.overload);
    if (find(f.domain, f.name, f.overload, h) != absent) return false;
    table_.insert(h, index);
    return true;
  }

 private:
  static constexpr std::uint64_t hash(string_view domain, string_view name, string_view overload) {
    return hash_word(hash_word(hash_text(domain), hash_text(name)), hash_text(overload));
  }
  constexpr std::uint32_t find(string_view domain, string_view name, string_view overload,
                               std::uint64_t h) const {
    return table_.find(h, [&](std::uint32_t i) {
      auto const& f = graph_->functions[i];
      return f.name == name && f.domain == domain && f.overload == overload;
    });
  }

  Graph const* graph_;
  index_table table_;
};

}  // namespace inlay::inline INLAY_VERSION::detail

// What stands in what: the bodies that attributes hold, the notes on each part of a graph.

namespace inlay::inline INLAY_VERSION {

constexpr bool holds_bodies(attribute const& a) {
  return a.kind == attribute_kind::graph || a.kind == attribute_kind::graphs;
}

/// Calls `visit(index)` for each body that these attributes hold.
template <class Visit>
constexpr void for_each_body(graph const& g, range attributes, Visit&& visit) {
  if (g.bodies.empty()) return;
  for (std::uint32_t i = 0; i < attributes.count; ++i) {
    auto const& a = g.attributes[attributes.first + i];
    if (!holds_bodies(a)) continue;
    for (std::uint32_t k = 0; k < a.values.count; ++k) {
      visit(static_cast<std::uint32_t>(g.integers[a.values.first + k]));
    }
  }
}

/// Which bodies the graph's nodes and functions hold, directly or in other bodies. Passes may leave
/// others behind.
constexpr vector<char> held_bodies(graph const& g) {
  vector<char> held(g.bodies.size(), 0);
  if (held.empty()) return held;
  vector<std::uint32_t> unvisited;
  auto const hold = [&](std::uint32_t body) {
    if (body >= held.size() || held[body] != 0) return;
    held[body] = 1;
    unvisited.push_back(body);
  };
  for (auto const& n : g.nodes) for_each_body(g, n.attributes, hold);
  for (auto const& f : g.functions) {
    hold(f.body);
    for_each_body(g, f.default_attributes, hold);
  }
  while (!unvisited.empty()) {
    auto const nodes = g.bodies[unvisited.back()].nodes;
    unvisited.pop_back();
    for (std::uint32_t i = 0; i < nodes.count; ++i) {
      for_each_body(g, g.body_nodes[nodes.first + i].attributes, hold);
    }
  }
  return held;
}

/// Which values are constants that only a body sees; empty where there are no bodies.
constexpr vector<char> inner_constants(graph const& g) {
  vector<char> is_inner;
  if (g.bodies.empty()) return is_inner;
  is_inner = vector<char>(g.values.size(), 0);
  auto const held = held_bodies(g);
  for (std::size_t i = 0; i < held.size(); ++i) {
    auto const constants = g.bodies[i].constants;
    for (std::uint32_t k = 0; held[i] != 0 && k < constants.count; ++k) {
      auto const id = g.operands[constants.first + k];
      if (id < is_inner.size()) is_inner[id] = 1;
    }
  }
  return is_inner;
}

namespace detail {

inline constexpr auto annotated_kinds = static_cast<std::size_t>(annotated::value) + 1;

/// How many parts there are that an annotation can be of, indexed by `annotated`.
struct annotated_counts {
  std::size_t of[annotated_kinds];

  constexpr explicit annotated_counts(graph const& g)
      : of{1,
           1,
           g.nodes.size(),
           g.bodies.size(),
           g.body_nodes.size(),
           g.functions.size(),
           g.values.size()} {}
  constexpr std::size_t operator[](annotated what) const {
    return of[static_cast<std::size_t>(what)];
  }
};

/// The annotations of each part of a graph, in their order.
class annotation_index {
 public:
  constexpr annotation_index() = default;
  constexpr explicit annotation_index(graph const& g) {
    if (g.annotations.empty()) return;
    annotated_counts const counts(g);
    for (std::size_t i = 0; i < annotated_kinds; ++i) {
      first_[i] = vector<std::uint32_t>(counts.of[i], nothing);
    }
    next_ = vector<std::uint32_t>(g.annotations.size(), nothing);
    for (auto i = static_cast<std::uint32_t>(next_.size()); i-- > 0;) {
      auto const& a = g.annotations[i];
      auto const first = first_of(a.what, a.index);
      if (first == nullptr) continue;
      next_[i] = *first;
      *first = i;
    }
  }

  static constexpr std::uint32_t nothing = 0xffff'ffff;

  /// The first annotation of a part, or `nothing`; then the next one of the same part.
  constexpr std::uint32_t first(annotated what, std::size_t index) const {
    auto const& first = first_[static_cast<std::size_t>(what)];
    return index < first.size() ? first[index] : nothing;
  }
  constexpr std::uint32_t next(std::uint32_t annotation) const { return next_[annotation]; }

 private:
  constexpr std::uint32_t* first_of(annotated what, std::size_t index) {
    auto& first = first_[static_cast<std::size_t>(what)];
    bool const is_whole = what == annotated::model || what == annotated::graph;
    if (is_whole) index = 0;
    return index < first.size() ? &first[index] : nullptr;
  }

  vector<std::uint32_t> first_[annotated_kinds];
  vector<std::uint32_t> next_;  // of each annotation
};

}  // namespace detail

}  // namespace inlay::inline INLAY_VERSION

// Whether attributes hold what their kinds say.

// The kinds of attributes: what texts and messages call them, and which are lists.

namespace inlay::inline INLAY_VERSION::detail {

/// Indexed by attribute_kind. Stands for the value of an attribute that has none.
inline constexpr string_view attribute_kind_names[] = {
    "integer", "real",    "text",      "tensor",   "graph",         "integers[]",
    "reals[]", "texts[]", "tensors[]", "graphs[]", "sparse_tensor", "sparse_tensors[]",
    "type",    "types[]", "other"};

constexpr string_view name_of(attribute_kind kind) {
  return attribute_kind_names[static_cast<std::uint8_t>(kind)];
}

constexpr bool is_list(attribute_kind kind) {
  using enum attribute_kind;
  return (kind >= integers && kind <= graphs) || kind == sparse_tensors || kind == types;
}

/// Of which kind the elements of a list are.   integers → integer
constexpr attribute_kind kind_of_elements(attribute_kind kind) {
  using enum attribute_kind;
  if (!is_list(kind)) return kind;
  bool const is_adjacent = kind == sparse_tensors || kind == types;
  return static_cast<attribute_kind>(static_cast<int>(kind) - (is_adjacent ? 1 : 5));
}

}  // namespace inlay::inline INLAY_VERSION::detail

namespace inlay::inline INLAY_VERSION::detail {

/// An error of an attribute: the node that has it, its name, then the rest of the arguments.
template <class Graph, class... Part>
constexpr void refuse_attribute(Graph& g, attribute const& a, rule broken, Part... what) {
  auto const at = static_cast<std::size_t>(&a - g.attributes.data());
  auto const e = make_error(broken, "attribute '", a.name, "' ", what...);
  auto const has = [&](node const& n) {
    return n.attributes.first <= at && at - n.attributes.first < n.attributes.count;
  };
  for (auto const& n : g.nodes) {
    if (has(n)) return fail(g, n, e);
  }
  for (auto const& n : g.body_nodes) {
    if (has(n)) return fail(g, n, e);
  }
  g.fail(e);
}

template <class Graph> constexpr void refuse_reference(Graph& g, attribute const& a) {
  if (a.reference.empty() || g.failure) return;
  refuse_attribute(g, a, rule::only_attributes_in_functions_may_refer_to_others, "refers to '",
                   a.reference, "', but is in no function");
}

/// One value of an attribute that holds indices.
template <class Graph>
constexpr void verify_index(Graph& g, attribute const& a, std::int64_t index) {
  constexpr auto broken = rule::an_index_must_be_in_range;
  auto const element = kind_of_elements(a.kind);
  auto const at = static_cast<std::uint64_t>(index);
  if (element == attribute_kind::graph) {
    if (at < g.bodies.size()) return;
    return refuse_attribute(g, a, broken, "holds a body that does not exist");
  }
  if (at == no_value) return;
  auto const constant =
      at < g.values.size() ? g.values[static_cast<std::size_t>(at)].constant : not_constant;
  if (constant >= g.constants.size()) {
    refuse_attribute(g, a, broken, "holds a tensor that is no constant");
  } else if (element == attribute_kind::sparse_tensor &&
             g.constants[constant].sparse_values == no_value) {
    refuse_attribute(g, a, broken, "holds a dense tensor as a sparse one");
  }
}

template <class Graph> constexpr void verify_attribute(Graph& g, attribute const& a) {
  using enum attribute_kind;
  if (g.failure) return;
  if (g.functions.empty()) refuse_reference(g, a);
  if (a.kind == other || a.values.count == 0) return;
  auto const element = kind_of_elements(a.kind);
  if (element == a.kind && a.values.count != 1) {
    return refuse_attribute(g, a, rule::an_attribute_must_hold_what_its_type_says,
                            "has more than one value");
  }
  auto const size = element == real   ? g.reals.size()
                    : element == text ? g.texts.size()
                    : element == type ? g.types.size()
                                      : g.integers.size();
  if (std::uint64_t{a.values.first} + a.values.count > size) {
    return refuse_attribute(g, a, rule::an_index_must_be_in_range, "has values out of range");
  }
  if (element != tensor && element != sparse_tensor && element != attribute_kind::graph) return;
  for (std::uint32_t i = 0; i < a.values.count; ++i) {
    verify_index(g, a, g.integers[a.values.first + i]);
  }
}

/// All attributes, whoever holds them. Those that hold indices, nothing or too much are looked at
/// one by one; the others take one expression each, since constant evaluation counts statements.
template <class Graph> constexpr void verify_attributes(Graph& g) {
  // Indexed by attribute_kind.
  std::uint64_t const sizes[] = {g.integers.size(),
                                 g.reals.size(),
                                 g.texts.size(),
                                 0,
                                 0,
                                 g.integers.size(),
                                 g.reals.size(),
                                 g.texts.size(),
                                 0,
                                 0,
                                 0,
                                 0,
                                 g.types.size(),
                                 g.types.size(),
                                 0};
  constexpr auto any = ~std::uint32_t{0};
  constexpr std::uint32_t most[] = {1, 1, 1, 1, 1, any, any, any, any, any, 1, any, 1, any, any};
  for (auto const& a : g.attributes) {
    if (std::uint64_t{a.values.first} + a.values.count > sizes[static_cast<int>(a.kind)] ||
        a.values.count - 1 >= most[static_cast<int>(a.kind)]) {
      verify_attribute(g, a);
    }
  }
}

}  // namespace inlay::inline INLAY_VERSION::detail

// Whether values are what their types say: the rules of types and constants.

namespace inlay::inline INLAY_VERSION::detail {

template <class Graph>
constexpr void verify_symbols(Graph& g, shape const& s, string_view what, string_view name) {
  for (auto const extent : s) {
    if (extent >= 0 || static_cast<std::size_t>(-1 - extent) < g.symbols.size()) continue;
    g.fail(make_error(rule::an_index_must_be_in_range, what, " '", name, "' has the extent ",
                      extent, ", which stands for no dimension"));
  }
}

/// Whether what a symbol follows from exists, and stands before it.
template <class Graph> constexpr void verify_dimension(Graph& g, std::uint32_t symbol) {
  auto const& d = g.dimensions[symbol];
  auto const size = g.dimension_terms.size();
  bool is_right = symbol < g.symbols.size() && d.kind <= dimension_kind::broadcast;
  for (auto const r : {d.left, d.right}) {
    is_right = is_right && r.first <= size && r.count <= size - r.first;
    for (std::size_t i = r.first; is_right && i < r.first + std::size_t{r.count}; ++i) {
      auto const& t = g.dimension_terms[i];
      is_right = t.degree <= max_factors;
      for (int k = 0; is_right && k < t.degree; ++k) is_right = t.factors[k] < symbol;
    }
  }
  if (is_right) return;
  g.fail(make_error(rule::an_index_must_be_in_range, "dimension ", symbol,
                    " does not follow from those before it"));
}

/// Types of keys in ONNX are integers and strings.
constexpr bool can_be_key(element_type e) {
  using enum element_type;
  return e == string || (e >= uint8 && e <= int64) || e == uint32 || e == uint64;
}

template <class Graph> constexpr void verify_containers(Graph& g) {
  auto const refuse = [&](rule broken, std::size_t i, auto const&... what) {
    g.fail(make_error(broken, "container ", i, " (",
                      container_names[static_cast<std::size_t>(g.containers[i].kind)], ") ",
                      what...));
  };
  vector<char> depth(g.containers.size(), 1);
  for (std::size_t i = 0; i < g.containers.size(); ++i) {
    auto const& c = g.containers[i];
    if (c.kind == container_kind::map && !can_be_key(c.key)) {
      refuse(rule::keys_of_a_map_must_be_integers_or_strings, i, "has keys of type ", c.key);
    }
    if (c.inner == not_contained) continue;
    if (c.inner >= i) {
      refuse(rule::a_container_must_stand_behind_what_it_holds, i, "holds container ", c.inner);
      return;
    }
    if (c.kind == container_kind::sparse_tensor || c.kind == container_kind::opaque) {
      refuse(rule::sparse_and_opaque_types_must_be_innermost, i, "holds container ", c.inner);
    }
    if (depth[c.inner] == max_nesting) {
      refuse(rule::containers_must_nest_at_most_64_deep, i, "has more than ", max_nesting,
             " layers");
      return;
    }
    depth[i] = static_cast<char>(depth[c.inner] + 1);
  }
}

/// A type in containers, of a value or an attribute.
template <class Graph>
constexpr void verify_contained(Graph& g, tensor_type const& t, std::uint32_t container,
                                string_view what, string_view name) {
  if (has_symbol(t.shape)) verify_symbols(g, t.shape, what, name);
  if (container == not_contained) return;
  if (container >= g.containers.size()) {
    g.fail(make_error(rule::an_index_must_be_in_range, what, " '", name,
                      "' is in a container that does not exist"));
    return;
  }
  auto innermost = container;
  while (g.containers[innermost].inner != not_contained) innermost = g.containers[innermost].inner;
  if (g.containers[innermost].kind == container_kind::opaque && !(t == tensor_type{})) {
    g.fail(make_error(rule::sparse_and_opaque_types_must_be_innermost, what, " '", name,
                      "' is opaque and has a tensor's type"));
  }
}

template <class Graph> constexpr void verify_types(Graph& g) {
  for (auto const& a : g.attributes) {
    if (a.kind != attribute_kind::type && a.kind != attribute_kind::types) continue;
    for (std::uint32_t i = 0; i < a.values.count && !g.failure; ++i) {
      auto const& t = g.types[a.values.first + i];
      verify_contained(g, t.tensor, t.container, "attribute", a.name);
    }
  }
}

/// The elements of a sparse tensor are those at the given places, in ascending order.
/// *Source*: SparseTensorProto in onnx.proto.
template <class Graph> constexpr void verify_sparse(Graph& g, value const& v, constant const& c) {
  auto const refuse = [&](string_view what) {
    g.fail(make_error(rule::a_sparse_tensor_must_hold_its_values_and_their_indices,
                      "the sparse constant '", v.name, "' ", what));
  };
  if (c.sparse_values >= g.values.size() || c.sparse_indices >= g.values.size() ||
      !g.is_constant(c.sparse_values) || !g.is_constant(c.sparse_indices)) {
    return refuse("has no constants of values and indices");
  }
  auto const& values = g.values[c.sparse_values];
  auto const& indices = g.values[c.sparse_indices];
  auto const& places = indices.type.shape;
  auto const rank = v.type.shape.size();
  if (values.type.element != v.type.element) return refuse("has values of another type");
  if (values.type.shape.size() != 1) return refuse("has values that are no list");
  if (indices.type.element != element_type::int64) return refuse("has indices that are not int64");
  bool const is_flat = places.size() == 1;
  if (places.size() == 0 || places[0] != values.type.shape[0] ||
      (!is_flat && (places.size() != 2 || places[1] != rank))) {
    return refuse("does not have an index for each value");
  }
  if (indices.constant >= g.constants.size() || !is_in_memory(places)) return;
  auto const bytes = g.bytes_of(g.constants[indices.constant]);
  auto const width = is_flat ? std::size_t{1} : static_cast<std::size_t>(rank);
  auto const count = static_cast<std::size_t>(places[0]);
  // Elements in another file are not there yet.
  if (bytes.size() / 8 != count * width || bytes.empty()) return;
  std::int64_t last = -1;
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t place = 0;
    for (std::size_t k = 0; k < width; ++k) {
      auto const extent = is_flat ? elements_of(v.type.shape) : v.type.shape[static_cast<int>(k)];
      auto const index = read_little_endian<std::int64_t>(bytes, i * width + k);
      if (index < 0 || index >= extent) return refuse("has an index that is out of its shape");
      place = place * extent + index;
    }
    if (place <= last) return refuse("has indices that do not ascend");
    last = place;
  }
}

template <class Graph> constexpr void verify_texts(Graph& g, value const& v, constant const& c) {
  if (std::uint64_t{c.texts.first} + c.texts.count > g.texts.size()) {
    g.fail(make_error(rule::an_index_must_be_in_range, "the texts of the constant '", v.name,
                      "' are out of range"));
    return;
  }
  auto const wanted = v.type.element == element_type::string ? elements_of(v.type.shape) : 0;
  if (wanted == c.texts.count) return;
  g.fail(make_error(rule::a_tensor_of_strings_must_hold_as_many_texts_as_its_shape,
                    "the constant '", v.name, "' (", v.type.element, ") of shape ", v.type.shape,
                    " has ", c.texts.count, " texts"));
}

/// What is more than bytes. `size` bytes are in the graph.
template <class Graph>
constexpr void verify_elsewhere(Graph& g, value const& v, constant const& c, std::uint64_t size,
                                bool has_size) {
  bool const is_external = c.external != not_external;
  bool const is_sparse = c.sparse_values != no_value || c.sparse_indices != no_value;
  if (is_external && c.external >= g.externals.size()) {
    g.fail(make_error(rule::an_index_must_be_in_range, "the constant '", v.name,
                      "' is in a file that does not exist"));
  } else if (!is_in_memory(v.type.shape) ||
             (!has_size && !((is_external || is_sparse) && size == 0))) {
    g.fail(make_error(rule::a_tensor_must_hold_as_many_bytes_as_its_shape, "the constant '", v.name,
                      "' of shape ", v.type.shape, " has ", size, " bytes"));
  } else if (is_sparse) {
    verify_sparse(g, v, c);
  } else if (!is_external) {
    verify_texts(g, v, c);
  }
}

template <class Graph> constexpr void verify_constant(Graph& g, value const& v) {
  if (v.constant >= g.constants.size()) {
    g.fail(
        make_error(rule::an_index_must_be_in_range, "the constant '", v.name, "' has no elements"));
    return;
  }
  auto const& c = g.constants[v.constant];
  if (c.stored_at > g.storage.size() || c.stored_size > g.storage.size() - c.stored_at) {
    g.fail(make_error(rule::an_index_must_be_in_range, "the elements of the constant '", v.name,
                      "' are out of range"));
    return;
  }
  auto const size = g.bytes_of(c).size();
  bool const has_size =
      is_in_memory(v.type.shape) &&
      static_cast<std::uint64_t>(bytes_of(v.type.element, elements_of(v.type.shape))) == size;
  if (!has_size || v.type.element == element_type::string || c.texts.count != 0 ||
      (c.external & c.sparse_values & c.sparse_indices) != not_external) {
    verify_elsewhere(g, v, c, size, has_size);
  }
}

}  // namespace inlay::inline INLAY_VERSION::detail

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Statements are few where a plain network passes: constant evaluation counts them. What may be
/// wrong is found in one expression, and looked at apart.
template <class Graph> class graph_verifier {
 public:
  constexpr explicit graph_verifier(Graph& g)
      : g_(&g),
        order_(g.values.size(), undefined),
        operands_(g.operands.data()),
        operand_count_(g.operands.size()),
        attribute_count_(g.attributes.size()),
        value_count_(static_cast<value_id>(g.values.size())),
        has_bodies_(!g.bodies.empty() || !g.functions.empty()) {}

  constexpr void run() {
    auto& g = *g_;
    verify_attributes(g);
    if (has_bodies_) verify_ranges_of_bodies();
    if (!g.containers.empty()) verify_containers(g);
    if (!g.types.empty()) verify_types(g);
    if (g.failure) return;
    for (std::uint32_t i = 0; i < g.dimensions.size() && !g.failure; ++i) verify_dimension(g, i);
    for (auto const id : g.inputs) define(id);
    verify_values();
    for (auto const& n : g.nodes) verify_node(n);
    if (g.outputs.empty()) {
      g.fail(
          make_error(rule::a_graph_must_have_an_output, "the graph '", g.name, "' has no output"));
    }
    for (auto const id : g.outputs) {
      if (is_visible(id)) continue;
      g.fail(make_error(rule::a_name_must_be_defined_before_it_is_used, "output ", id,
                        " of the graph is not defined"));
    }
    if (has_bodies_) verify_functions();
    if (!is_in(g.graph_facts::operator_sets, g.operator_sets.size())) {
      g.fail(make_error(rule::an_index_must_be_in_range,
                        "the operator sets of the graph are out of range"));
    }
    if (!g.annotations.empty()) verify_annotations();
  }

 private:
  static constexpr std::uint32_t undefined = 0;
  static constexpr std::uint32_t out_of_scope = 1;

  // Before its use: Clang instantiates no template of a class that it has not parsed yet.
  template <class Visit> constexpr void for_each_operand(range r, Visit const& visit) const {
    for (std::uint32_t i = 0; i < r.count; ++i) visit(operands_[r.first + i]);
  }

  static constexpr bool is_in(range r, std::size_t size) {
    return std::uint64_t{r.first} + r.count <= size;
  }
  constexpr bool is_visible(value_id id) const {
    return id < value_count_ && order_[id] > last_hidden_;
  }

  constexpr void define(value_id id) {
    if (id >= value_count_ || order_[id] != undefined) refuse_definition(id);
    else order_[id] = ++last_defined_;
  }
  constexpr void refuse_definition(value_id id) {
    if (id >= value_count_) {
      g_->fail(make_error(rule::an_index_must_be_in_range, "value ", id, " does not exist"));
    } else {
      g_->fail(make_error(rule::a_name_must_be_defined_once, "value ", id, " '",
                          g_->values[id].name, "' is defined twice"));
    }
  }

  constexpr void verify_values() {
    auto& g = *g_;
    auto const is_inner = inner_constants(g);
    for (value_id id = 0; id < value_count_; ++id) {
      auto const& v = g.values[id];
      if ((v.constant & v.container) != not_constant) {
        if (v.container != not_contained) verify_contained(g, v.type, v.container, "value", v.name);
        if (v.constant == not_constant) continue;
        if (is_inner.empty() || is_inner[id] == 0) define(id);
        verify_constant(g, v);
      } else if (has_symbol(v.type.shape)) {
        verify_symbols(g, v.type.shape, "value", v.name);
      }
    }
  }
  constexpr void verify_node(node const& n) {
    if (std::uint64_t{n.inputs.first} + n.inputs.count > operand_count_ ||
        std::uint64_t{n.outputs.first} + n.outputs.count > operand_count_ ||
        std::uint64_t{n.attributes.first} + n.attributes.count > attribute_count_ ||
        n.outputs.count == 0 || operands_[n.outputs.first] == no_value) {
      if (!has_ranges_and_output(n)) return;
    }
    auto const* const order = order_.data();
    auto const* const inputs = operands_ + n.inputs.first;
    for (std::uint32_t i = 0; i < n.inputs.count; ++i) {
      if (inputs[i] >= value_count_ || order[inputs[i]] <= last_hidden_) verify_input(n, inputs[i]);
    }
    if (has_bodies_) verify_bodies(n);
    auto const* const outputs = operands_ + n.outputs.first;
    for (std::uint32_t i = 0; i < n.outputs.count; ++i) {
      if (outputs[i] != no_value) define(outputs[i]);
    }
  }
  constexpr bool has_ranges_and_output(node const& n) {
    if (!is_in(n.inputs, operand_count_) || !is_in(n.outputs, operand_count_)) {
      fail(*g_, n, make_error(rule::an_index_must_be_in_range, "its operands are out of range"));
      return false;
    }
    if (!is_in(n.attributes, attribute_count_)) {
      fail(*g_, n, make_error(rule::an_index_must_be_in_range, "its attributes are out of range"));
      return false;
    }
    for (auto const id : g_->outputs_of(n)) {
      if (id != no_value) return true;
    }
    fail(*g_, n,
         make_error(rule::the_number_of_outputs_must_match_the_operator, "it has no output"));
    return false;
  }
  constexpr void verify_input(node const& n, value_id id) {
    if (id == no_value) return;
    bool const is_hidden = id < value_count_ && order_[id] != undefined;
    fail(*g_, n,
         make_error(rule::a_name_must_be_defined_before_it_is_used,
                    is_hidden ? "an input is defined in another body"
                              : "an input is not defined before it"));
  }

  // Bodies and functions.

  /// What the others of these functions read without a question.
  constexpr void verify_ranges_of_bodies() {
    auto& g = *g_;
    held_ = vector<char>(g.bodies.size(), 0);
    for (std::size_t i = 0; i < g.bodies.size(); ++i) {
      auto const& b = g.bodies[i];
      if (is_in(b.nodes, g.body_nodes.size()) && is_in(b.inputs, operand_count_) &&
          is_in(b.outputs, operand_count_) && is_in(b.constants, operand_count_)) {
        continue;
      }
      g.fail(make_error(rule::an_index_must_be_in_range, label_of_body(g, i),
                        " has nodes, inputs, constants or outputs out of range"));
    }
    for (auto const& f : g.functions) {
      if (is_in(f.attributes, g.texts.size()) && is_in(f.default_attributes, attribute_count_) &&
          is_in(f.operator_sets, g.operator_sets.size()) && f.body < g.bodies.size()) {
        continue;
      }
      g.fail(make_error(rule::an_index_must_be_in_range, "function '", f.name,
                        "' has attributes, operator sets or a body out of range"));
    }
  }

  constexpr void verify_bodies(node const& n) {
    for (auto const& a : g_->attributes_of(n)) {
      if (function_ == nullptr) refuse_reference(*g_, a);
      else if (!a.reference.empty()) verify_reference(a);
    }
    for_each_body(*g_, n.attributes, [&](std::uint32_t i) { verify_body(i, &n); });
  }

  /// Of a node in a function.
  constexpr void verify_reference(attribute const& a) {
    if (has_attribute(a.reference, hash_text(a.reference))) return;
    refuse_attribute(*g_, a, rule::a_reference_must_name_an_attribute_of_its_function,
                     "refers to '", a.reference, "', which the function '", function_->name,
                     "' does not have");
  }
  /// The names of those without a default, then of those with one.
  constexpr string_view attribute_of_function(std::uint32_t i) const {
    auto const& f = *function_;
    auto const count = f.attributes.count;
    return i < count ? g_->texts[f.attributes.first + i]
                     : g_->attributes[f.default_attributes.first + (i - count)].name;
  }
  constexpr void enter(function const& f) {
    function_ = &f;
    attributes_ = {};
    for (std::uint32_t i = 0; i < f.attributes.count + f.default_attributes.count; ++i) {
      auto const name = attribute_of_function(i);
      auto const hash = hash_text(name);
      if (!has_attribute(name, hash)) attributes_.insert(hash, i);
    }
  }
  constexpr bool has_attribute(string_view name, std::uint64_t hash) const {
    auto const is_same = [&](std::uint32_t i) { return attribute_of_function(i) == name; };
    return attributes_.find(hash, is_same) != index_table::absent;
  }

  constexpr void verify_body(std::uint32_t index, node const* holder) {
    auto& g = *g_;
    if (!may_enter(index)) return;
    auto const& b = g.bodies[index];
    auto const last = b.nodes.first + b.nodes.count;
    if (depth_ > 1 && b.nodes.count != 0 && holder != nullptr &&
        g.body_nodes.data() + last > holder) {
      g.fail(make_error(rule::nodes_of_a_body_must_stand_behind_those_of_bodies_in_it,
                        label_of_body(g, index), " has nodes behind the node that holds it"));
    }
    for_each_operand(b.inputs, [&](value_id id) { define(id); });
    for_each_operand(b.constants, [&](value_id id) {
      if (id < value_count_ && !g.is_constant(id)) {
        g.fail(make_error(rule::an_index_must_be_in_range, label_of_body(g, index),
                          " has the constant ", id, ", which is none"));
      }
      define(id);
    });
    for (std::uint32_t i = 0; i < b.nodes.count && !g.failure; ++i) {
      verify_node(g.body_nodes[b.nodes.first + i]);
    }
    for_each_operand(b.outputs, [&](value_id id) {
      if (is_visible(id)) return;
      g.fail(make_error(rule::a_name_must_be_defined_before_it_is_used, "output ", id, " of ",
                        label_of_body(g, index), " is not defined"));
    });
    leave(b);
  }
  constexpr bool may_enter(std::uint32_t index) {
    if (g_->failure) return false;
    if (held_[index] != 0) {
      g_->fail(
          make_error(rule::a_body_must_be_held_once, label_of_body(*g_, index), " is held twice"));
      return false;
    }
    if (depth_ == max_nesting) {
      g_->fail(make_error(rule::bodies_must_nest_at_most_64_deep, label_of_body(*g_, index),
                          " stands in more than ", max_nesting, " others"));
      return false;
    }
    held_[index] = 1;
    ++depth_;
    return true;
  }
  /// Nothing sees any more what the body defines.
  constexpr void leave(body const& b) {
    --depth_;
    if (g_->failure) return;
    auto const hide = [&](value_id id) {
      if (id != no_value) order_[id] = out_of_scope;
    };
    for_each_operand(b.inputs, hide);
    for_each_operand(b.constants, hide);
    for (std::uint32_t i = 0; i < b.nodes.count; ++i) {
      for_each_operand(g_->body_nodes[b.nodes.first + i].outputs, hide);
    }
  }

  constexpr void verify_functions() {
    auto& g = *g_;
    function_table names(g);
    for (std::uint32_t i = 0; i < g.functions.size() && !g.failure; ++i) {
      auto const& f = g.functions[i];
      if (!names.add(i)) {
        g.fail(make_error(rule::a_function_must_be_defined_once, "the function '", f.name,
                          "' is defined twice"));
      }
      last_hidden_ = last_defined_;
      for (std::uint32_t k = 0; k < f.default_attributes.count; ++k) {
        refuse_reference(g, g.attributes[f.default_attributes.first + k]);
      }
      for_each_body(g, f.default_attributes, [&](std::uint32_t k) { verify_body(k, nullptr); });
      enter(f);
      verify_body(f.body, nullptr);
      function_ = nullptr;
    }
    last_hidden_ = out_of_scope;
    for (std::size_t i = 0; i < held_.size() && !g.failure; ++i) {
      if (held_[i] != 0) continue;
      g.fail(
          make_error(rule::a_body_must_be_held_once, label_of_body(g, i), " is held by nothing"));
    }
  }

  constexpr void verify_annotations() {
    auto& g = *g_;
    annotated_counts const counts(g);
    for (auto const& a : g.annotations) {
      if (a.index < counts[a.what]) continue;
      g.fail(make_error(rule::an_index_must_be_in_range, "the annotation '", a.key,
                        "' is of something that does not exist"));
    }
  }

  Graph* g_;
  vector<std::uint32_t> order_;  // by value: undefined, out of scope, or when it was defined
  value_id const* operands_;
  std::size_t operand_count_;
  std::size_t attribute_count_;
  value_id value_count_;
  std::uint32_t last_defined_ = out_of_scope;
  std::uint32_t last_hidden_ = out_of_scope;  // what was defined until then a function does not see
  bool has_bodies_;
  function const* function_ = nullptr;  // whose nodes are looked at
  index_table attributes_;              // of that function, by name
  int depth_ = 0;
  vector<char> held_;  // by body
};

}  // namespace detail

/// Checks what every pass relies on: indices are in range; each value is defined once, before it is
/// used, and where it is seen; constants have the elements that their types say; each body is held
/// once; containers hold what they can; there is an output. What breaks it becomes the graph's
/// error.
/// *Costs*: linear in the graph.
template <class Graph> constexpr Graph verify(Graph g) {
  if (!g.failure) detail::graph_verifier(g).run();
  return g;
}

}  // namespace inlay::inline INLAY_VERSION

// Nodes that only state a constant become constants.

// What a node `Constant` says of its output.

namespace inlay::inline INLAY_VERSION::detail {

template <class T, class Graph>
constexpr void store_run(Graph& g, value& v, vector<T> const& all, attribute const& a) {
  v.constant = store_elements(g, span<T const>(all.data() + a.values.first, a.values.count));
  bool const is_list = a.kind == attribute_kind::integers || a.kind == attribute_kind::reals;
  v.type = {element_of<T>, is_list ? shape{a.values.count} : shape{}};
}

/// Makes a value the constant that the attribute holds.
template <class Graph> constexpr bool make_constant(Graph& g, value& v, attribute const& a) {
  if (!a.reference.empty()) return false;
  switch (a.kind) {
    case attribute_kind::tensor: {
      if (a.name != "value" || a.values.count != 1) return false;
      auto const& held = g.values[static_cast<std::size_t>(g.integers[a.values.first])];
      if (held.constant == not_constant) return false;
      v.type = held.type;
      v.container = held.container;
      v.constant = held.constant;
      return true;
    }
    case attribute_kind::real:
      if (a.name != "value_float") return false;
      return store_run(g, v, g.reals, a), true;
    case attribute_kind::reals:
      if (a.name != "value_floats") return false;
      return store_run(g, v, g.reals, a), true;
    case attribute_kind::integer:
      if (a.name != "value_int") return false;
      return store_run(g, v, g.integers, a), true;
    case attribute_kind::integers:
      if (a.name != "value_ints") return false;
      return store_run(g, v, g.integers, a), true;
    default: return false;
  }
}

/// Makes the output of a node `Constant` the constant that it states; false where the node holds
/// none that a tensor of numbers can be.
template <class Graph> constexpr bool make_constant(Graph& g, node const& n) {
  if (!n.domain.empty() || n.attributes.count != 1 || n.outputs.count != 1) return false;
  return make_constant(g, g.values[g.outputs_of(n)[0]], g.attributes_of(n)[0]);
}

}  // namespace inlay::inline INLAY_VERSION::detail

// Takes nodes and bodies out of a graph, or moves them, with what is said of them.

namespace inlay::inline INLAY_VERSION {

/// The place of what is no more.
inline constexpr std::uint32_t no_place = 0xffff'ffff;

/// Where the parts of a graph are now: for each array that has changed the place of each of its
/// former elements, or `no_place`.
struct moved_parts {
  vector<std::uint32_t> const* nodes = nullptr;
  vector<std::uint32_t> const* bodies = nullptr;
  vector<std::uint32_t> const* body_nodes = nullptr;
  vector<std::uint32_t> const* functions = nullptr;
  vector<std::uint32_t> const* values = nullptr;
};

/// The annotations of what has moved follow it, and those of what is gone go.
template <class Graph> constexpr void move_annotations(Graph& g, moved_parts const& moved) {
  // Indexed by annotated.
  vector<std::uint32_t> const* const places[] = {
      nullptr, nullptr, moved.nodes, moved.bodies, moved.body_nodes, moved.functions, moved.values};
  vector<annotation> left;
  left.reserve(g.annotations.size());
  for (auto a : g.annotations) {
    auto const* const of_kind = places[static_cast<std::size_t>(a.what)];
    if (of_kind != nullptr) {
      a.index = a.index < of_kind->size() ? (*of_kind)[a.index] : no_place;
      if (a.index == no_place) continue;
    }
    left.push_back(a);
  }
  g.annotations = std::move(left);
}

/// Bodies have new places. An attribute of a node that is gone holds none any more.
template <class Graph> constexpr void move_bodies(Graph& g, vector<std::uint32_t> const& places) {
  for (auto& f : g.functions) f.body = places[f.body];
  for (auto& a : g.attributes) {
    if (!holds_bodies(a)) continue;
    range moved{static_cast<std::uint32_t>(g.integers.size()), 0};
    for (std::uint32_t i = 0; i < a.values.count; ++i) {
      auto const place = places[static_cast<std::size_t>(g.integers[a.values.first + i])];
      if (place == no_place) continue;
      g.integers.push_back(place);
      ++moved.count;
    }
    a.values = moved;
  }
}

namespace detail {

template <class T> constexpr void remove_marked(vector<T>& from, vector<char> const& is_removed) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (is_removed[i] == 0) from[kept++] = from[i];
  }
  from.truncate(kept);
}

/// Where each element is once those that are marked are removed.
constexpr vector<std::uint32_t> places_after(vector<char> const& is_removed) {
  vector<std::uint32_t> places;
  places.reserve(is_removed.size());
  std::uint32_t kept = 0;
  for (auto const mark : is_removed) places.push_back(mark != 0 ? no_place : kept++);
  return places;
}

}  // namespace detail

/// Takes out the nodes that are marked, and what annotations say of them.
template <class Graph> constexpr void remove_nodes(Graph& g, vector<char> const& is_removed) {
  detail::remove_marked(g.nodes, is_removed);
  if (g.annotations.empty()) return;
  auto const nodes = detail::places_after(is_removed);
  move_annotations(g, {.nodes = &nodes});
}

/// Takes out the bodies that are marked, and the nodes of bodies that are marked, with what
/// annotations say of them. Nothing that stays may need what goes, and all nodes of a body that
/// goes must go.
template <class Graph>
constexpr void remove_bodies(Graph& g, vector<char> const& is_removed,
                             vector<char> const& is_node_removed) {
  auto const bodies = detail::places_after(is_removed);
  auto const body_nodes = detail::places_after(is_node_removed);
  for (auto& b : g.bodies) {
    range left{0, 0};
    for (auto i = b.nodes.first; i < b.nodes.first + b.nodes.count; ++i) {
      if (body_nodes[i] == no_place) continue;
      if (left.count++ == 0) left.first = body_nodes[i];
    }
    b.nodes = left;
  }
  detail::remove_marked(g.bodies, is_removed);
  detail::remove_marked(g.body_nodes, is_node_removed);
  move_bodies(g, bodies);
  if (!g.annotations.empty()) move_annotations(g, {.bodies = &bodies, .body_nodes = &body_nodes});
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Makes a node `ConstantOfShape` an Expand of its element, 0 by default.
template <class Graph> constexpr void expand_constant(Graph& g, node& n) {
  if (!n.domain.empty() || n.inputs.count != 1 || n.attributes.count > 1) return;
  value element;
  if (n.attributes.count == 1) {
    if (!make_constant(g, element, g.attributes_of(n)[0])) return;
    if (element.container != not_contained || elements_of(element.type.shape) != 1) return;
    element.type.shape = {};
  } else {
    constexpr float zero[] = {0};
    element.constant = store_elements(g, span<float const>(zero, 1));
    element.type = {element_type::float32, {}};
  }
  auto const shape = g.inputs_of(n)[0];
  auto const first = static_cast<std::uint32_t>(g.operands.size());
  g.operands.push_back(static_cast<value_id>(g.values.size()));
  g.operands.push_back(shape);
  g.values.push_back(element);
  n.inputs = {first, 2};
  n.op = id_of<op::expand>;
  n.type = op::expand::name;
  n.attributes = {};
}

}  // namespace detail

/// A node `Constant` goes, and its output is a constant. Those of texts and of sparse tensors stay,
/// and so do those in bodies. A node `ConstantOfShape` becomes the Expand of a constant.
///   before   %1 = Constant() {value_ints = [1, 2]}   %2 = Reshape(%0, %1)
///   after    constant %1 : int64[2]                  %2 = Reshape(%0, %1)
template <class Graph> constexpr Graph constants_to_values(Graph g) {
  if (g.failure) return g;
  vector<char> is_removed;
  for (std::size_t i = 0; i < g.nodes.size(); ++i) {
    auto& n = g.nodes[i];
    if (n.op != operator_id::unlisted) continue;
    if (n.type == "ConstantOfShape") detail::expand_constant(g, n);
    if (n.type != "Constant") continue;
    if (!detail::make_constant(g, n)) continue;
    if (is_removed.empty()) is_removed = vector<char>(g.nodes.size(), 0);
    is_removed[i] = 1;
  }
  if (!is_removed.empty()) remove_nodes(g, is_removed);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION

// Brings old forms of operators to the newest, so that operators know one form.

// Gives every value its element type and shape.

// What is said of an operator that is not listed.

namespace inlay::inline INLAY_VERSION {

/// "the operator 'com.example.Thing' is not supported"
constexpr error unlisted_operator(node const& n) {
  return make_error(rule::the_operator_must_be_supported, "the operator '", n.domain,
                    n.domain.empty() ? "" : ".", n.type, "' is not supported");
}

}  // namespace inlay::inline INLAY_VERSION

// Computes the tensors that shapes are made of, before anything runs.

namespace inlay::inline INLAY_VERSION::detail {

inline constexpr string_view shape_operators[] = {
    "Add",    "Cast",     "Concat", "Constant",  "Div",     "Equal", "Expand",
    "Gather", "Identity", "Mul",    "Range",     "Reshape", "Shape", "Size",
    "Slice",  "Squeeze",  "Sub",    "Unsqueeze", "Where"};

/// Whether nodes of this operator are evaluated, listed or not.
constexpr bool is_shape_operator(node const& n) {
  if (!n.domain.empty()) return false;
  for (auto const name : shape_operators) {
    if (name == n.type) return true;
  }
  return false;
}

/// Lists and single numbers of int64 or int32, elements of which may be dimensions without a value,
/// and truths about them.
template <class Graph> class shape_evaluator {
 public:
  constexpr shape_evaluator(Graph& g, inference& known) : graph_(&g), known_(&known) {}

  /// Computes the output of a node, if it can be: the type, and either a constant in its place,
  /// which is true then, or the elements as far as they are numbers.
  struct outcome {
    bool is_known = false;
    bool is_constant = false;
  };
  constexpr outcome run(node const& n) {
    if (n.outputs.count != 1 || !is_shape_operator(n)) return {};
    auto const id = graph_->outputs_of(n)[0];
    if (n.type == "Constant") {
      bool const is_constant = make_constant(*graph_, n);
      return {is_constant, is_constant};
    }
    if (n.type == "Range") return make_range(n);
    result_ = {};
    if (!evaluate(n) || result_.size() > most) return {};
    if (known_->elements > inference::most_elements) return {};
    known_->elements += result_.size();
    auto& v = graph_->values[id];
    v.type = {element_, is_scalar_ ? shape{} : shape{static_cast<std::int64_t>(result_.size())}};
    for (auto const& e : result_) {
      if (e.is_number) continue;
      known_->values.set(id, result_);
      return {true, false};
    }
    store(v);
    return {true, true};
  }

 private:
  static constexpr auto most = static_cast<std::size_t>(shape_values::most_elements);

  struct tensor {
    vector<shape_element> elements;
    element_type element = element_type::undefined;
    bool is_scalar = false;
  };

  constexpr bool evaluate(node const& n) {
    node_view const view(*graph_, n, known_);
    auto const type = n.type;
    if (type == "Shape" || type == "Size") return measure(view);
    vector<tensor> inputs(n.inputs.count, tensor{});
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      auto const id = graph_->inputs_of(n)[i];
      if (id != no_value && !load(id, inputs[i])) return false;
    }
    if (inputs.empty() || inputs[0].element == element_type::undefined) return false;
    element_ = inputs[0].element;
    is_scalar_ = inputs[0].is_scalar;
    if (type == "Identity") return copy(inputs[0]);
    if (type == "Cast") return cast(view, inputs[0]);
    if (type == "Concat") return concatenate(view, inputs);
    if (type == "Gather") return gather(view, inputs);
    if (type == "Slice") return slice(view, inputs);
    if (type == "Reshape") return look_as(inputs[0], inputs.size() == 2, &inputs[1]);
    if (type == "Expand") return inputs.size() == 2 && repeat(inputs[0], inputs[1]);
    if (type == "Where") return inputs.size() == 3 && choose(inputs);
    if (type == "Unsqueeze") return inputs[0].is_scalar && relist(inputs[0], false);
    if (type == "Squeeze") return inputs[0].elements.size() == 1 && relist(inputs[0], true);
    return inputs.size() == 2 && calculate(type, inputs[0], inputs[1]);
  }

  /// The elements of a value, where they are known and few.
  constexpr bool load(value_id id, tensor& to) const {
    auto const& v = graph_->values[id];
    auto const& t = v.type;
    bool const is_long = t.element == element_type::int64;
    bool const is_truth = t.element == element_type::boolean;
    if (!(is_long || is_truth || t.element == element_type::int32) || !t.has_shape ||
        t.shape.size() > 1) {
      return false;
    }
    to.element = t.element;
    to.is_scalar = t.shape.size() == 0;
    if (known_->values.has(id)) {
      for (auto const& e : known_->values[id]) to.elements.push_back(e);
      return true;
    }
    auto const count = static_cast<std::size_t>(to.is_scalar ? 1 : t.shape[0]);
    if (v.constant == not_constant || count > most) return false;
    auto const bytes = graph_->bytes_of(graph_->constants[v.constant]);
    if (bytes.size() != count * static_cast<std::size_t>(bits_of(t.element)) / 8) return false;
    for (std::size_t i = 0; i < count; ++i) {
      std::int64_t number = 0;
      if (is_long) number = read_little_endian<std::int64_t>(bytes, i);
      else if (is_truth) number = bytes[i] != 0 ? 1 : 0;
      else number = read_little_endian<std::int32_t>(bytes, i);
      to.elements.push_back({number, true});
    }
    return true;
  }

  constexpr void store(value& v) {
    v.constant = store_constant(*graph_, [&](auto put) {
      for (auto const& e : result_) {
        if (element_ == element_type::int64) put(e.value);
        else if (element_ == element_type::boolean) put(e.value != 0);
        else put(static_cast<std::int32_t>(e.value));
      }
    });
  }

  /// Shape, with `start` and `end` since opset 15, and Size.
  constexpr bool measure(node_view const& n) {
    if (n.inputs() != 1 || !n.has_input(0) || !n.input(0).has_shape) return false;
    auto const& x = n.input_shape(0);
    element_ = element_type::int64;
    is_scalar_ = n.type() == "Size";
    if (is_scalar_) {
      std::int64_t count = 0;
      if (!n.count(x, 0, x.size(), count)) return false;
      result_.push_back(shape_element::of(count));
      return true;
    }
    auto const first = within(n.integer("start", 0), x.size());
    auto const last = within(n.integer("end", x.size()), x.size());
    for (auto i = first; i < last; ++i) {
      result_.push_back(shape_element::of(x[static_cast<int>(i)]));
    }
    return true;
  }
  /// A place from 0 to `size`, counted from the end where it is negative.
  static constexpr std::int64_t within(std::int64_t at, std::int64_t size) {
    if (at < 0) at = at < -size ? 0 : at + size;
    return at > size ? size : at;
  }

  constexpr bool copy(tensor const& x) {
    result_ = x.elements;
    return true;
  }
  constexpr bool relist(tensor const& x, bool is_scalar) {
    is_scalar_ = is_scalar;
    return copy(x);
  }
  /// To a list of one, or of all: the other shapes are no list.
  constexpr bool look_as(tensor const& x, bool has_shape, tensor const* to) {
    if (!has_shape || to->is_scalar || to->elements.size() > 1) return false;
    if (to->elements.empty()) return x.elements.size() == 1 && relist(x, true);
    auto const& extent = to->elements[0];
    auto const size = static_cast<std::int64_t>(x.elements.size());
    return extent.is_number && (extent.value == -1 || extent.value == size) && relist(x, false);
  }

  constexpr bool cast(node_view const& n, tensor const& x) {
    auto const to = n.integer("to", 0);
    element_ = element_type::int64;
    if (to == static_cast<std::int64_t>(element_type::int32)) element_ = element_type::int32;
    else if (to != static_cast<std::int64_t>(element_type::int64)) return false;
    for (auto const& e : x.elements) {
      bool const fits = e.value == static_cast<std::int32_t>(e.value);
      if (e.is_number && element_ == element_type::int32 && !fits) return false;
    }
    return copy(x);
  }

  constexpr bool concatenate(node_view const& n, vector<tensor> const& inputs) {
    if (auto const axis = n.integer("axis", 0); axis != 0 && axis != -1) return false;
    for (auto const& x : inputs) {
      if (x.is_scalar || x.element != element_ || result_.size() > most) return false;
      result_.append(x.elements.data(), x.elements.size());
    }
    return true;
  }

  constexpr bool gather(node_view const& n, vector<tensor> const& inputs) {
    auto const axis = n.integer("axis", 0);
    if (inputs.size() != 2 || is_scalar_ || (axis != 0 && axis != -1)) return false;
    auto const& from = inputs[0].elements;
    auto const size = static_cast<std::int64_t>(from.size());
    for (auto const& e : inputs[1].elements) {
      if (!e.is_number || e.value < -size || e.value >= size) return false;
      result_.push_back(from[static_cast<std::size_t>(e.value < 0 ? e.value + size : e.value)]);
    }
    is_scalar_ = inputs[1].is_scalar;
    return true;
  }

  /// One of a slice's numbers: since opset 10 an input, before an attribute.
  static constexpr bool slice_number(node_view const& n, vector<tensor> const& inputs,
                                     std::size_t input, string_view name, std::int64_t otherwise,
                                     std::int64_t& into) {
    into = otherwise;
    if (n.opset() >= 10) {
      if (input >= inputs.size() || inputs[input].element == element_type::undefined) return true;
      auto const& x = inputs[input].elements;
      if (x.size() != 1 || !x[0].is_number) return false;
      into = x[0].value;
      return true;
    }
    auto const values = n.integers(name);
    if (values.size() > 1) return false;
    if (values.size() == 1) into = values[0];
    return true;
  }
  constexpr bool slice(node_view const& n, vector<tensor> const& inputs) {
    auto const& from = inputs[0].elements;
    auto const size = static_cast<std::int64_t>(from.size());
    std::int64_t numbers[4]{};
    constexpr string_view names[] = {"starts", "ends", "axes", "steps"};
    constexpr std::int64_t otherwise[] = {0, INT64_MAX, 0, 1};
    for (std::size_t i = 0; i < 4; ++i) {
      if (!slice_number(n, inputs, i + 1, names[i], otherwise[i], numbers[i])) return false;
    }
    auto const step = numbers[3];
    if (is_scalar_ || step == 0 || (numbers[2] != 0 && numbers[2] != -1)) return false;
    auto const run = run_of(size, numbers[0], numbers[1], step);
    for (std::int64_t i = 0; i < run.count; ++i) {
      result_.push_back(from[static_cast<std::size_t>(run.first + i * run.step)]);
    }
    return true;
  }

  /// A number, as often as a list of one says.
  constexpr bool repeat(tensor const& x, tensor const& to) {
    if (to.is_scalar || to.elements.size() > 1 || x.elements.size() != 1) return false;
    if (to.elements.empty()) return copy(x);
    auto const count = to.elements[0];
    if (!count.is_number || count.value < 0 || count.value > shape_values::most_elements) {
      return false;
    }
    for (std::int64_t i = 0; i < count.value; ++i) result_.push_back(x.elements[0]);
    is_scalar_ = false;
    return true;
  }
  constexpr bool choose(vector<tensor> const& inputs) {
    if (element_ != element_type::boolean || inputs[1].element != inputs[2].element) return false;
    element_ = inputs[1].element;
    std::size_t count = 1;
    for (auto const& x : inputs) {
      auto const size = x.elements.size();
      if (size != 1 && count != 1 && size != count) return false;
      if (size != 1) count = size;
      is_scalar_ = is_scalar_ && x.is_scalar;
    }
    auto const at = [&](std::size_t input, std::size_t i) {
      auto const& elements = inputs[input].elements;
      return elements[elements.size() == 1 ? 0 : i];
    };
    for (std::size_t i = 0; i < count; ++i) {
      if (!at(0, i).is_number) return false;
      result_.push_back(at(at(0, i).value != 0 ? 1 : 2, i));
    }
    return true;
  }
  /// Range: a constant of any length, or as long as dimensions say, but of unknown elements.
  constexpr outcome make_range(node const& n) {
    auto& g = *graph_;
    auto const inputs = g.inputs_of(n);
    if (inputs.size() != 3) return {};
    shape_element ends[3];
    for (std::size_t i = 0; i < 3; ++i) {
      tensor x;
      if (inputs[i] == no_value || !load(inputs[i], x) || x.elements.size() != 1) return {};
      if (x.element == element_type::boolean || (i > 0 && x.element != element_)) return {};
      ends[i] = x.elements[0];
      element_ = x.element;
    }
    auto const delta = ends[2].value;
    if (!ends[2].is_number || delta == 0 || delta == INT64_MIN) return {};
    auto& v = g.values[g.outputs_of(n)[0]];
    if (!ends[0].is_number || !ends[1].is_number) {
      v.type = {element_, {length_of(sum_of(ends[0]), sum_of(ends[1]), delta)}};
      return {true, false};
    }
    auto const start = ends[0].value;
    auto const limit = ends[1].value;
    bool const is_empty = delta > 0 ? start >= limit : start <= limit;
    std::int64_t span = 0;
    if (!is_empty) {
      bool const fits = start != INT64_MIN && checked_add(limit, -start, span);
      if (!fits || span == INT64_MIN) return {};
    }
    auto const count = inlay::divide_up(delta > 0 ? span : -span, delta > 0 ? delta : -delta);
    auto const so_far = known_->elements;
    if (so_far > inference::most_elements ||
        static_cast<std::size_t>(count) > inference::most_elements - so_far) {
      return {};
    }
    known_->elements += static_cast<std::size_t>(count);
    v.type = {element_, {count}};
    v.constant = store_constant(g, [&](auto put) {
      for (std::int64_t i = 0; i < count; ++i) {
        auto const number = start + i * delta;
        if (element_ == element_type::int64) put(number);
        else put(static_cast<std::int32_t>(number));
      }
    });
    return {true, true};
  }
  /// How many numbers there are from one to another one.
  constexpr std::int64_t length_of(dimension_sum const& start, dimension_sum const& limit,
                                   std::int64_t delta) {
    auto& dimensions = known_->dimensions;
    auto span = limit - start;
    if (delta < 0) span = start - limit;
    std::int64_t least = 0;
    bool const is_forward = dimensions.least_of(span, least) && least >= 0;
    if (!is_forward) return dimensions.extent_of(dimension_sum::unknown());
    return dimensions.extent_of(
        dimensions.divide_up(span, dimension_sum(delta > 0 ? delta : -delta)));
  }

  /// Add, Sub, Mul, Div, Equal.
  constexpr bool calculate(string_view type, tensor const& a, tensor const& b) {
    auto const size_a = a.elements.size();
    auto const size_b = b.elements.size();
    if (a.element != b.element || (size_a != size_b && size_a != 1 && size_b != 1)) return false;
    is_scalar_ = a.is_scalar && b.is_scalar;
    for (std::size_t i = 0; i < (size_a == 1 ? size_b : size_a); ++i) {
      shape_element y;
      if (!calculate(type, a.elements[size_a == 1 ? 0 : i], b.elements[size_b == 1 ? 0 : i], y)) {
        return false;
      }
      result_.push_back(y);
    }
    if (type == "Equal") element_ = element_type::boolean;
    return true;
  }
  constexpr bool calculate(string_view type, shape_element const& a, shape_element const& b,
                           shape_element& to) {
    auto const x = sum_of(a);
    auto const y = sum_of(b);
    dimension_sum z;
    if (type == "Equal") {
      auto const difference = x - y;
      bool const is_same = difference.is_number() && difference.number() == 0;
      if (!is_same && known_->dimensions.can_equal(x, y)) return false;
      to = {is_same ? 1 : 0, true};
      return true;
    }
    if (type == "Add") z = x + y;
    else if (type == "Sub") z = x - y;
    else if (type == "Mul") z = x * y;
    else if (!divide(x, y, z)) return false;
    if (z.is_unknown()) return false;
    if (z.is_number()) to = {z.number(), true};
    else to = {known_->dimensions.extent_of(z), false};
    return !to.is_number || element_ == element_type::int64 ||
           to.value == static_cast<std::int32_t>(to.value);
  }
  /// Towards zero, as ONNX divides integers.
  constexpr bool divide(dimension_sum const& x, dimension_sum const& y, dimension_sum& to) {
    if (x.is_number() && y.is_number()) {
      if (y.number() == 0) return false;
      to = dimension_sum(x.number() / y.number());
      return true;
    }
    std::int64_t least_x = 0;
    std::int64_t least_y = 0;
    auto& dimensions = known_->dimensions;
    bool const is_positive = dimensions.least_of(x, least_x) && least_x >= 0 &&
                             dimensions.least_of(y, least_y) && least_y >= 0;
    if (is_positive) to = dimensions.divide_down(x, y);
    return is_positive;
  }
  constexpr dimension_sum sum_of(shape_element const& e) const {
    if (e.is_number) return dimension_sum(e.value);
    return known_->dimensions.of(e.value);
  }

  Graph* graph_;
  inference* known_;
  vector<shape_element> result_;
  element_type element_ = element_type::undefined;
  bool is_scalar_ = false;
};

}  // namespace inlay::inline INLAY_VERSION::detail

namespace inlay::inline INLAY_VERSION {

namespace detail {

constexpr error check_count(string_view what, int count, arity allowed) {
  if (count >= allowed.least && count <= allowed.most) return {};
  error e{rule::the_number_of_inputs_must_match_the_operator, {}};
  e.text << "it has " << count << " " << what << ", where " << allowed.least;
  if (allowed.most != allowed.least) e.text << " to " << allowed.most;
  e.text << (allowed.most == 1 ? " is" : " are") << " expected";
  return e;
}

/// Whether the operator set that the graph is written for has the form of the operator that is
/// supported; yes where the graph does not say which it is.
template <class Graph> constexpr error check_version(Graph const& g, operator_entry const& op) {
  auto version = op.domain.empty() ? g.opset : 0;
  if (!op.domain.empty()) {
    auto const sets = g.graph_facts::operator_sets;
    for (std::uint32_t i = 0; i < sets.count; ++i) {
      auto const& set = g.operator_sets[sets.first + i];
      if (set.domain == op.domain) version = set.version;
    }
  }
  if (version == 0 || version >= op.since) return {};
  error e{rule::the_opset_must_be_supported, {}};
  if (op.domain.empty()) e.text << "opset " << version;
  else e.text << "version " << version << " of '" << op.domain << "'";
  e.text << " has an older form of " << op.name << "; " << op.since << " and later are supported";
  return e;
}

template <class Graph>
constexpr error check_attributes(Graph const& g, node const& n, operator_entry const& op) {
  if (n.attributes.count == 0) return {};
  for (auto const& a : g.attributes_of(n)) {
    auto kind = attribute_kind::other;
    bool is_known = false;
    for (auto const& r : op.attributes) {
      if (r.name != a.name) continue;
      kind = r.kind;
      is_known = true;
    }
    if (!is_known) {
      return make_error(rule::an_attribute_must_have_the_type_of_the_operator, "attribute '",
                        a.name, "' is unknown");
    }
    if (kind != a.kind) {
      return make_error(rule::an_attribute_must_have_the_type_of_the_operator, "attribute '",
                        a.name, "' has another type than ", op.name, " expects");
    }
  }
  return {};
}

/// Whether the inputs that the operator needs are there.
template <class Graph>
constexpr error check_presence(Graph const& g, node const& n, operator_entry const& op) {
  if (auto e = check_count("inputs", static_cast<int>(n.inputs.count), op.inputs)) return e;
  auto const inputs = g.inputs_of(n);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] != no_value) continue;
    if (static_cast<int>(i) < op.inputs.least) {
      return make_error(rule::the_number_of_inputs_must_match_the_operator, "input ", i,
                        " is left out, but needed");
    }
  }
  return {};
}

template <class Graph>
constexpr error check_inputs(Graph const& g, node const& n, operator_entry const& op) {
  auto const inputs = g.inputs_of(n);
  for (int i = 0; i < op.conditions; ++i) {
    auto const given = g.values[inputs[static_cast<std::size_t>(i)]].type.element;
    if (given != element_type::boolean) {
      return make_error(rule::the_element_type_must_be_supported, "input ", i, " is ", given,
                        ", where bool is expected");
    }
  }
  auto const element = g.values[inputs[static_cast<std::size_t>(op.conditions)]].type.element;
  for (int i = op.conditions + 1; i < op.alike && i < static_cast<int>(inputs.size()); ++i) {
    auto const id = inputs[static_cast<std::size_t>(i)];
    if (id != no_value && g.values[id].type.element != element) {
      return make_error(rule::element_types_of_the_inputs_must_agree, "input ", i, " is ",
                        g.values[id].type.element, ", input ", op.conditions, " is ", element);
    }
  }
  if (!op.supports(element)) {
    return make_error(rule::the_element_type_must_be_supported, "element type ", element,
                      " is not supported");
  }
  return {};
}

constexpr error check_tensor(tensor_type const& t) {
  // What extents without a value come to is known when they have one.
  if (has_symbol(t.shape) || is_in_memory(t.shape)) return {};
  return make_error(rule::a_tensor_must_fit_in_memory, "a result of shape ", t.shape,
                    " is too large");
}

/// What is wrong with the type of an input or output of the graph.
constexpr error check_port(tensor_type const& t) {
  if (!t.has_shape && t.element == element_type::undefined) return {};
  if (!contains(stored_types{}, t.element)) {
    return make_error(rule::the_element_type_must_be_supported, "element type ", t.element,
                      " is not supported");
  }
  return check_tensor(t);
}

/// What is wrong with an input or output of the graph that is no tensor.
template <class Graph> constexpr error check_container(Graph const& g, value const& v) {
  constexpr string_view names[] = {"a sequence", "an optional value", "a map", "a sparse tensor",
                                   "an opaque value"};
  if (v.container == not_contained) return {};
  auto const kind = g.containers[v.container].kind;
  return make_error(rule::an_input_must_be_a_tensor, "it is ",
                    names[static_cast<std::size_t>(kind)], "; only tensors are supported");
}

template <class Graph> constexpr bool has_sparse_constants(Graph const& g) {
  for (auto const& c : g.constants) {
    if (c.sparse_values != no_value) return true;
  }
  return false;
}
template <class Graph> constexpr error check_sparse(Graph const& g, value_id id) {
  if (!g.is_constant(id) || g.constants[g.values[id].constant].sparse_values == no_value) return {};
  return make_error(rule::sparse_tensors_are_not_supported, "the constant '", g.values[id].name,
                    "' is a sparse tensor, which is not supported");
}

/// An error, and the first input whose elements have not been read, since that may be why.
template <class Graph> constexpr error with_missing_input(Graph const& g, node const& n, error e) {
  for (auto const id : g.inputs_of(n)) {
    if (!is_unresolved(g, id)) continue;
    e.text << "; " << missing_elements(g, id).text;
    break;
  }
  return e;
}

/// Infers the types of one graph: at once, or node by node while it is built.
template <class Graph> class type_inference {
 public:
  constexpr explicit type_inference(Graph& g)
      : graph_(&g), known_(g), has_others_(!g.containers.empty() || has_sparse_constants(g)) {}

  constexpr void run() {
    auto& g = *graph_;
    check_inputs();
    for (auto const& n : g.nodes) {
      if (g.failure) return;
      infer_outputs(n);
    }
    finish();
  }

  constexpr void check_inputs() {
    auto& g = *graph_;
    check_ports("input", g.inputs);
    for (auto const id : g.inputs) is_open_ = is_open_ || !g.values[id].type.has_shape;
  }
  /// Of a node in `graph::nodes` whose inputs have their types.
  constexpr void infer_outputs(node const& n) {
    auto e = infer(n);
    if (!e && has_others_) e = check_others(n);
    if (e) fail(*graph_, n, e);
  }
  /// When all nodes are done.
  constexpr void finish() {
    auto& g = *graph_;
    check_ports("output", g.outputs);
    if (!g.failure && !folded_.empty()) {
      while (folded_.size() < g.nodes.size()) folded_.push_back(0);
      remove_nodes(g, folded_);
    }
  }

 private:
  constexpr void check_ports(char const* what, vector<value_id> const& ports) {
    auto& g = *graph_;
    for (auto const id : ports) {
      if (g.failure) return;
      auto e = check_container(g, g.values[id]);
      if (!e) e = check_sparse(g, id);
      if (!e) e = check_port(g.values[id].type);
      if (e) {
        g.fail(make_error(e.broken, what, " '", g.values[id].name, "': ", e.text));
      }
    }
  }

  constexpr error infer(node const& n) {
    auto& g = *graph_;
    if (n.op == operator_id::unlisted) {
      if (evaluate(n) || (is_open_ && is_shape_operator(n) && has_open_input(n))) return {};
      return unlisted_operator(n);
    }
    auto const& op = entry_of<Graph>(n.op);
    if (auto e = check_version(g, op)) return e;
    if (auto e = check_presence(g, n, op)) return e;
    if (auto e = check_count("outputs", static_cast<int>(n.outputs.count), op.outputs)) return e;
    if (auto e = check_attributes(g, n, op)) return e;
    if (is_open_ && has_open_input(n)) return {};
    if (auto e = detail::check_inputs(g, n, op)) return e;
    for (std::uint32_t i = 0; i < n.outputs.count; ++i) {
      auto const id = g.operands[n.outputs.first + i];
      if (id == no_value) continue;
      auto const type = op.infer({g, n, &known_}, static_cast<int>(i));
      if (!type) return with_missing_input(g, n, type.failure());
      if (auto e = check_tensor(*type)) return e;
      g.values[id].type = *type;
      if (!type->has_shape) is_open_ = true;
    }
    // Floating-point numbers are no shapes.
    auto const element = g.values[g.operands[n.inputs.first]].type.element;
    if (element == element_type::int64 || element == element_type::int32 ||
        element == element_type::boolean) {
      evaluate(n);
    }
    return {};
  }

  /// Of values that are no tensors, or sparse.
  constexpr error check_others(node const& n) {
    for (auto const id : graph_->inputs_of(n)) {
      if (id == no_value) continue;
      if (auto e = check_sparse(*graph_, id)) return e;
    }
    // A node of a listed operator makes a tensor, whatever the file declares.
    for (auto const id : graph_->outputs_of(n)) {
      if (id != no_value) graph_->values[id].container = not_contained;
    }
    return {};
  }

  constexpr bool has_open_input(node const& n) const {
    for (auto const id : graph_->inputs_of(n)) {
      if (id != no_value && !graph_->values[id].type.has_shape) return true;
    }
    return false;
  }

  /// Whether the result of a node is known without running it.
  constexpr bool evaluate(node const& n) {
    auto const outcome = shape_evaluator(*graph_, known_).run(n);
    if (outcome.is_constant) {
      while (folded_.size() < graph_->nodes.size()) folded_.push_back(0);
      folded_[static_cast<std::size_t>(&n - graph_->nodes.data())] = 1;
    }
    return outcome.is_known;
  }

  Graph* graph_;
  inference known_;
  vector<char> folded_;   // of each node, whether its result is a constant
  bool is_open_ = false;  // whether some value has no shape
  bool has_others_;       // whether some values are no tensors, or sparse
};

}  // namespace detail

/// Every value gets its element type and shape, from the inputs on. Extents of inputs may be
/// dimensions without a value; those of the others are computed from them. A value that depends on
/// an input without a shape, or whose shape is the result of a computation, stays without.
///   before   %1 = Relu(%0)                        where %0 is float32 2x3
///   after    %1 = Relu(%0)                        where %0 and %1 are float32 2x3
/// What shapes are computed with is known: integers that follow from shapes and constants become
/// constants, and their nodes go.
///   before   %2 = Shape(%0)   %3 = Gather(%2, %1)   %4 = Reshape(%0, %3)
///   after    %4 = Reshape(%0, %3)                 where %3 is a constant
/// *Errors*: whatever an operator's type rule says of a node.
template <class Graph> constexpr Graph infer_types(Graph g) {
  if (!g.failure) detail::type_inference(g).run();
  return g;
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// From this opset on, `convert_opset` leaves all nodes as they are.
inline constexpr std::int64_t first_opset_of_all_forms = 18;

/// The operators whose forms `convert_opset` knows.
using converted_operators = operator_list<
    op::abs, op::add, op::average_pool, op::batch_normalization, op::bitwise_and, op::bitwise_not,
    op::bitwise_or, op::bitwise_xor, op::cast, op::cast_like, op::ceil, op::celu, op::clip,
    op::concat, op::conv, op::cos, op::div, op::elu, op::equal, op::erf, op::exp, op::expand,
    op::flatten, op::floor, op::gather, op::gelu, op::gemm, op::global_average_pool,
    op::global_max_pool, op::greater, op::greater_or_equal, op::group_norm, op::hard_sigmoid,
    op::hard_swish, op::identity, op::instance_norm, op::is_inf, op::is_nan, op::layer_norm,
    op::leaky_relu, op::less, op::less_or_equal, op::log, op::log_softmax, op::logical_and,
    op::logical_not, op::logical_or, op::logical_xor, op::matmul, op::max, op::max_pool, op::mean,
    op::min, op::mish, op::mul, op::neg, op::pad, op::pow, op::prelu, op::reciprocal, op::reduce_l1,
    op::reduce_l2, op::reduce_log_sum, op::reduce_log_sum_exp, op::reduce_max, op::reduce_mean,
    op::reduce_min, op::reduce_prod, op::reduce_sum, op::reduce_sum_square, op::relu, op::reshape,
    op::rms_norm, op::round, op::selu, op::sigmoid, op::sign, op::sin, op::slice, op::softmax,
    op::softplus, op::softsign, op::split, op::sqrt, op::squeeze, op::sub, op::sum, op::swish,
    op::tanh, op::thresholded_relu, op::transpose, op::unsqueeze, op::where>;
template <class... Operator> constexpr bool is_one_of(node const& n, operator_list<Operator...>) {
  return (is<Operator>(n) || ...);
}
template <class Operator, class... Other> constexpr bool is_in(operator_list<Other...>) {
  return (std::is_same_v<Operator, Other> || ...);
}

/// Operators whose axes have become an input: in opset 13, and in opset 18.
using axes_since_13 = operator_list<op::reduce_sum, op::squeeze, op::unsqueeze>;
using axes_since_18 = operator_list<op::reduce_l1, op::reduce_l2, op::reduce_log_sum,
                                    op::reduce_log_sum_exp, op::reduce_max, op::reduce_mean,
                                    op::reduce_min, op::reduce_prod, op::reduce_sum_square>;
using softmaxes = operator_list<op::log_softmax, op::softmax>;

/// The opset since which an operator means what it means in the newest; one that is still to come
/// where nobody knows.
template <class Operator> constexpr std::int64_t form_of() {
  if (!domain_of<Operator>().empty()) return 0;  // no opset of ONNX says anything of it
  if (is_in<Operator>(softmaxes{}) || is_in<Operator>(axes_since_13{})) return 13;
  if (is_in<Operator>(axes_since_18{})) return 18;
  if (std::is_same_v<Operator, op::slice>) return 10;
  if (std::is_same_v<Operator, op::pad>) return 11;
  if (std::is_same_v<Operator, op::split>) return 18;
  if (std::is_same_v<Operator, op::batch_normalization>) return 14;
  if (std::is_same_v<Operator, op::clip>) return 11;
  if (std::is_same_v<Operator, op::group_norm>) return 21;
  if (since_of<Operator>() > oldest_opset) return since_of<Operator>();
  return is_in<Operator>(converted_operators{}) ? oldest_opset : newest_opset + 1;
}
template <class List> struct form_table;
template <class... Operator> struct form_table<operator_list<Operator...>> {
  // Operators that are not listed have the number 0.
  static constexpr std::int64_t since[] = {newest_opset + 1, form_of<Operator>()...};
};
template <class Node> constexpr std::int64_t form_since(Node const& n) {
  // It depends on `Node`, so that only who has one makes the table.
  using list = std::conditional_t<sizeof(Node) != 0, operators, void>;
  return form_table<list>::since[static_cast<std::size_t>(n.op)];
}

/// Whether nodes of this operator mean the same in both opsets, as far as the table of
/// `convert_opset` says.
template <class Node> constexpr bool has_one_form(Node const& n, std::int64_t a, std::int64_t b) {
  auto const oldest = a < b ? a : b;
  auto const newest = a < b ? b : a;
  return oldest >= oldest_opset && newest <= newest_opset && oldest >= form_since(n);
}

/// Whether `opset_converter` brings old forms of this operator to the newest.
template <class Node> constexpr bool is_rewritten(Node const& n) {
  return is<op::batch_normalization>(n) || is<op::clip>(n) || is<op::pad>(n) || is<op::slice>(n) ||
         is<op::split>(n) || is_one_of(n, softmaxes{}) || is_one_of(n, axes_since_13{}) ||
         is_one_of(n, axes_since_18{});
}

/// Rewrites the nodes of one graph of an older opset.
template <class Graph> class opset_converter {
 public:
  constexpr explicit opset_converter(Graph g) : graph_(std::move(g)) {}

  constexpr Graph run() {
    bool has_softmax = false;
    for (auto& n : graph_.nodes) {
      if (graph_.opset >= form_since(n)) continue;
      if (is<op::batch_normalization>(n)) convert_batch_normalization(n);
      if (is_one_of(n, axes_since_13{}) || is_one_of(n, axes_since_18{})) {
        convert_lists(n, {"axes"});
      }
      if (is<op::slice>(n)) convert_lists(n, {"starts", "ends", "axes"});
      if (is<op::split>(n)) convert_lists(n, {"split"});
      if (has_limits_to_take(n)) take_limits(n);
      if (is<op::pad>(n)) convert_pad(n);
      if (is_one_of(n, softmaxes{})) has_softmax = true;
    }
    if (has_softmax) write_out_axes();
    if (has_softmax || !limits_.empty() || !pad_values_.empty()) {
      graph_ = infer_types(std::move(graph_));
    }
    if (!graph_.failure && !limits_.empty()) add_limits();
    if (!graph_.failure) give_pad_values();
    if (!graph_.failure && has_softmax) convert_softmaxes();
    return std::move(graph_);
  }

 private:
  /// Drops `spatial`, which is 1 where there are no other statistics, and outputs left out.
  constexpr void convert_batch_normalization(node& n) {
    while (n.outputs.count > 1 && graph_.outputs_of(n)[n.outputs.count - 1] == no_value) {
      --n.outputs.count;
    }
    bool is_old = false;
    for (auto const& a : graph_.attributes_of(n)) {
      if (!is_spatial(a)) continue;
      is_old = true;
      if (graph_.integers[a.values.first] != 0) continue;
      fail(graph_, n,
           make_error(rule::the_form_of_the_operator_must_be_supported,
                      "attribute 'spatial' is 0; only statistics of whole channels are supported"));
    }
    if (is_old) drop_attribute(n, attribute_kind::integer, "spatial");
  }
  constexpr bool is_spatial(attribute const& a) const {
    return graph_.opset < 9 && a.kind == attribute_kind::integer && a.name == "spatial";
  }

  /// Lists that attributes hold become the inputs behind the first one.
  constexpr void convert_lists(node& n, std::initializer_list<string_view> names) {
    if (n.inputs.count != 1) return;
    value_id const x = graph_.inputs_of(n)[0];
    vector<value_id> lists;
    for (auto const name : names) {
      auto const list = node_view(graph_, n).integers(name);
      if (!node_view(graph_, n).has_attribute(name)) break;
      // The array that it is in grows.
      vector<std::int64_t> copy;
      copy.append(list.data(), list.size());
      lists.push_back(add_list({copy.data(), copy.size()}));
      drop_attribute(n, attribute_kind::integers, name);
    }
    if (lists.empty()) return;
    n.inputs = {static_cast<std::uint32_t>(graph_.operands.size()),
                static_cast<std::uint32_t>(1 + lists.size())};
    graph_.operands.push_back(x);
    for (auto const id : lists) graph_.operands.push_back(id);
  }

  /// The constant of a Pad, which is 0 where none is given, is an input as well. It has the element
  /// type of what is padded.
  constexpr void convert_pad(node& n) {
    auto const value = node_view(graph_, n).real("value", 0);
    drop_attribute(n, attribute_kind::real, "value");
    convert_lists(n, {"pads"});
    if (value == 0 || n.inputs.count != 2) return;
    value_id const x = graph_.inputs_of(n)[0];
    value_id const pads = graph_.inputs_of(n)[1];
    n.inputs = {static_cast<std::uint32_t>(graph_.operands.size()), 3};
    for (auto const id : {x, pads, no_value}) graph_.operands.push_back(id);
    pad_values_.push_back({n.inputs.first, value});
  }
  constexpr void give_pad_values() {
    for (auto const& pad : pad_values_) {
      auto const element = graph_.values[graph_.operands[pad.inputs]].type.element;
      auto const id = add_value({element, {}});
      graph_.values[id].constant = store_constant(graph_, [&](auto put) {
        if (element == element_type::float64) put(double{pad.value});
        else put(pad.value);
      });
      graph_.operands[pad.inputs + 2] = id;
    }
  }

  constexpr void drop_attribute(node& n, attribute_kind kind, string_view name) {
    auto const all = n.attributes;
    n.attributes = {static_cast<std::uint32_t>(graph_.attributes.size()), 0};
    for (std::uint32_t i = 0; i < all.count; ++i) {
      auto const a = graph_.attributes[all.first + i];
      if (a.kind == kind && a.name == name) continue;
      graph_.attributes.push_back(a);
      ++n.attributes.count;
    }
  }

  /// The limits of a Clip, which attributes state.
  struct clip_limits {
    bool has[2]{};
    float of[2]{};
  };
  /// Not where a graph that keeps its opset comes for the second time.
  static constexpr bool has_limits_to_take(node const& n) {
    return is<op::clip>(n) && n.inputs.count == 1;
  }
  constexpr void take_limits(node& n) {
    string_view const names[] = {"min", "max"};
    clip_limits limits;
    for (int i = 0; i < 2; ++i) {
      limits.has[i] = node_view(graph_, n).has_attribute(names[i]);
      limits.of[i] = node_view(graph_, n).real(names[i], 0);
      drop_attribute(n, attribute_kind::real, names[i]);
    }
    limits_.push_back(limits);
  }
  /// They become inputs of the type that is clipped.
  constexpr void add_limits() {
    auto const* limits = limits_.data();
    for (auto& n : graph_.nodes) {
      if (!has_limits_to_take(n)) continue;
      auto const x = graph_.inputs_of(n)[0];
      value_id ids[2] = {no_value, no_value};
      for (int i = 0; i < 2; ++i) {
        if (limits->has[i]) ids[i] = add_number(n, graph_.values[x].type.element, limits->of[i]);
      }
      ++limits;
      n.inputs = {static_cast<std::uint32_t>(graph_.operands.size()), 3};
      graph_.operands.push_back(x);
      for (auto const id : ids) graph_.operands.push_back(id);
    }
  }
  constexpr value_id add_number(node const& n, element_type e, float x) {
    auto const id = add_value({e, {}});
    if (contains(op::float_types{}, e)) {
      with_type(e, op::float_types{}, [&]<class T>(T) {
        T const numbers[] = {static_cast<T>(x)};
        graph_.values[id].constant = store_elements(graph_, span<T const>(numbers, 1));
      });
    } else {
      fail(graph_, n,
           make_error(rule::the_element_type_must_be_supported, "element type ", e,
                      " has limits since opset 11 only, and this is opset ", graph_.opset));
    }
    return id;
  }

  /// The axes of old softmaxes, which types need.
  constexpr void write_out_axes() {
    for (auto& n : graph_.nodes) {
      if (is_one_of(n, softmaxes{}) && !node_view(graph_, n).has_attribute("axis")) set_axis(n, 1);
    }
  }
  /// Along several axes, a softmax is one along the rows of a matrix. That needs the rank, and so
  /// the types.
  constexpr void convert_softmaxes() {
    auto const old = graph_.nodes;
    vector<std::uint32_t> moved;
    graph_.nodes.clear();
    for (auto n : old) {
      moved.push_back(static_cast<std::uint32_t>(graph_.nodes.size()));
      if (is_one_of(n, softmaxes{})) add_softmax(n);
      else graph_.nodes.push_back(n);
    }
    if (!graph_.annotations.empty()) move_annotations(graph_, {.nodes = &moved});
  }

  constexpr void add_softmax(node n) {
    value_id const x = graph_.inputs_of(n)[0];
    value_id const y = graph_.outputs_of(n)[0];
    auto const s = graph_.values[x].type.shape;
    auto const axis = axis_of(node_view(graph_, n).integer("axis", 1), s.size());
    if (axis == s.size() - 1) {
      set_axis(n, axis);
      graph_.nodes.push_back(n);
      return;
    }
    auto const matrix = add_node(id_of<op::flatten>, op::flatten::name, n, {x});
    set_axis(graph_.nodes.back(), axis);
    auto const rows = add_node(n.op, n.type, n, {matrix});
    graph_.nodes.back().name = n.name;
    set_axis(graph_.nodes.back(), 1);
    // An extent without a value is known when the program runs.
    auto const extents = has_symbol(s) ? add_node(find_operator({}, "Shape"), "Shape", n, {x})
                                       : add_list({s.begin(), static_cast<std::size_t>(s.size())});
    add_node(id_of<op::reshape>, op::reshape::name, n, {rows, extents}, y);
    bool has_zero = false;
    for (auto const extent : s) has_zero = has_zero || extent == 0;
    if (has_zero) set_integer(graph_.nodes.back(), "allowzero", 1);
  }

  constexpr value_id add_value(tensor_type const& type) {
    value v;
    v.type = type;
    graph_.values.push_back(v);
    return static_cast<value_id>(graph_.values.size() - 1);
  }
  /// A node that comes from where `from` does; its output is `y`, or a new value.
  constexpr value_id add_node(operator_id op, string_view type, node const& from,
                              std::initializer_list<value_id> inputs, value_id y = no_value) {
    if (y == no_value) y = add_value({});
    node n;
    n.op = op;
    n.type = type;
    n.offset = from.offset;
    n.inputs = {static_cast<std::uint32_t>(graph_.operands.size()),
                static_cast<std::uint32_t>(inputs.size())};
    graph_.operands.append(inputs.begin(), inputs.size());
    n.outputs = {static_cast<std::uint32_t>(graph_.operands.size()), 1};
    graph_.operands.push_back(y);
    graph_.nodes.push_back(n);
    return y;
  }
  constexpr value_id add_list(span<std::int64_t const> elements) {
    auto const count = static_cast<std::int64_t>(elements.size());
    auto const id = add_value({element_type::int64, {count}});
    graph_.values[id].constant = store_elements(graph_, elements);
    return id;
  }

  constexpr void set_axis(node& n, std::int64_t axis) { set_integer(n, "axis", axis); }
  /// Gives the node this attribute and no other.
  constexpr void set_integer(node& n, string_view name, std::int64_t x) {
    range const held{static_cast<std::uint32_t>(graph_.integers.size()), 1};
    graph_.integers.push_back(x);
    n.attributes = {static_cast<std::uint32_t>(graph_.attributes.size()), 1};
    graph_.attributes.push_back({name, attribute_kind::integer, held});
  }

  struct pad_value {
    std::uint32_t inputs = 0;  // of the node, in `graph::operands`
    float value = 0;
  };

  Graph graph_;
  vector<clip_limits> limits_;  // of each Clip
  vector<pad_value> pad_values_;
};

}  // namespace detail

/// Old forms of operators become forms that mean the same in the newest opset too, which the graph
/// then has, unless it holds bodies or operators that are not in the table. Bodies are left alone.
///   before   opset 12   %1 = Softmax(%0)                where %0 is float32 2x3x4
///   after    opset 28   %2 = Flatten(%0) {axis = 1}   %3 = Softmax(%2) {axis = 1}
///                       %1 = Reshape(%3, %4)            where %4 is 2, 3, 4
///
/// The versions since opset 7; those without a word differ in element types, or say what went
/// without saying before:
///
///     Abs                  7, 13
///     Add                  7, 13, 14
///     And                  7
///     AveragePool          7, 10: `ceil_mode`, 11, 19: `dilations`, 22
///     BatchNormalization   7: `spatial` (goes; 0 is an error), 9: without it, 14: `training_mode`
///                          and 3 outputs instead of 5, of which one is supported, 15
///     BitwiseAnd           18
///     BitwiseNot           18
///     BitwiseOr            18
///     BitwiseXor           18
///     Cast                 6, 9, 13, 19: `saturate`, 21, 23, 24: `round_mode`, 25
///     CastLike             15, 19: `saturate`, 21, 23, 24: `round_mode`, 25
///     Ceil                 7, 13
///     Celu                 12, 28
///     Clip                 7: `min` and `max` are attributes, 11, 12, 13
///     Concat               4, 11: an axis below 0, 13
///     Conv                 7, 11, 22
///     Cos                  7, 22
///     Div                  7, 13, 14
///     Elu                  7, 22
///     Equal                7, 11, 13, 19
///     Erf                  9, 13
///     Exp                  7, 13
///     Expand               8, 13
///     Flatten              7, 9, 11: axes below 0, 13, 21, 23, 24, 25
///     Floor                7, 13
///     Gather               1, 11: indices below 0, 13
///     Gelu                 20
///     Gemm                 7, 9, 11: the third input may be left out, 13
///     GlobalAveragePool    7, 22
///     GlobalMaxPool        7, 22
///     Greater              7, 9, 13
///     GreaterOrEqual       12, 16
///     GroupNormalization   18, 21: scale and bias have an element a channel instead of one a
///                          group; the graph keeps an opset before
///     HardSigmoid          7, 22
///     HardSwish            14, 22
///     Identity             7, 13, 14, 16, 19, 21, 23, 24, 25
///     InstanceNormalization  6, 22
///     IsInf                10, 20
///     IsNaN                9, 13, 20
///     LayerNormalization   17
///     LeakyRelu            7, 16
///     Less                 7, 9, 13
///     LessOrEqual          12, 16
///     Log                  7, 13
///     LogSoftmax           as Softmax
///     MatMul               7, 9, 13
///     Max                  7: all of one shape, 8, 12, 13
///     MaxPool              7, 8: indices, 10: `ceil_mode`, `dilations`, 11, 12, 22
///     Mean                 7: all of one shape, 8, 13
///     Min                  as Max
///     Mish                 18, 22
///     Mul                  7, 13, 14
///     Neg                  7, 13
///     Not                  1
///     Or                   7
///     Pad                  2, 11: pads and the constant in inputs instead of attributes, 13,
///                          18: axes, 19: `wrap`, 21, 23, 24, 25
///     Pow                  7, 12: another type of exponent, 13, 15
///     PRelu                7, 9, 16
///     Reciprocal           7, 13
///     Reduce…              7, 11: axes below 0, 12, 13, 18: axes in an input instead of an
///                          attribute (ReduceSum: 13), 20, 28
///     Relu                 7, 13, 14
///     Reshape              7, 13, 14: `allowzero`, 19, 21, 23, 24, 25
///     RMSNormalization     23
///     Round                11, 22
///     Selu                 7, 22
///     Sigmoid              7, 13
///     Sign                 9, 13
///     Sin                  7, 22
///     Slice                1, 10: starts, ends and axes in inputs instead of attributes, 11, 13
///     Softmax              7: over all axes from `axis` (1) on, 11: axes below 0, 13: along `axis`
///                          (-1)
///     Softplus             7, 22
///     Softsign             7, 22
///     Split                2, 11: axes below 0, 13: sizes in an input instead of an attribute,
///                          18: the last part may be smaller
///     Sqrt                 7, 13
///     Squeeze              7, 11: axes below 0, 13: axes in an input instead of an attribute, 21,
///                          23, 24, 25
///     Sub                  7, 13, 14
///     Sum                  as Mean
///     Swish                24
///     Tanh                 7, 13
///     ThresholdedRelu      10, 22
///     Transpose            1, 13, 21, 23, 24, 25
///     Unsqueeze            as Squeeze
///     Where                9, 16
///     Xor                  7
///
/// *Source*: the schemas of onnx 1.23.2 (onnx.defs.get_schema).
/// *Errors*: statistics of a BatchNormalization that are not of channels; where there is an old
/// Softmax or Clip, those of `infer_types`.
template <class Graph> constexpr Graph convert_opset(Graph g) {
  if (g.failure || g.opset == 0 || g.opset == newest_opset) return g;
  if (g.opset < detail::first_opset_of_all_forms) g = detail::opset_converter(std::move(g)).run();
  if (g.failure || !g.bodies.empty()) return g;
  for (auto const& n : g.nodes) {
    if (g.opset < detail::form_since(n) && !detail::is_rewritten(n)) return g;
  }
  g.opset = newest_opset;
  return g;
}

}  // namespace inlay::inline INLAY_VERSION

// Computes everything once.

// What passes share that let one value stand for another.

namespace inlay::inline INLAY_VERSION {

/// Values that equal earlier ones. Nothing is allocated before the first.
template <class Graph> class value_replacements {
 public:
  constexpr explicit value_replacements(Graph const& g) : graph_(&g) {}

  constexpr bool empty() const { return equal_.empty(); }

  /// The value that stands for this one.
  constexpr value_id operator[](value_id id) const {
    return equal_.empty() || id == no_value ? id : equal_[id];
  }

  /// Lets `earlier`, which stands for itself, stand for `later`, whose node can go then; false
  /// where it must stay. An output of the graph takes the place of the earlier value, as far as
  /// that is no input, constant or output itself.
  constexpr bool replace(value_id later, value_id earlier) {
    if (equal_.empty()) begin();
    if (has_place_[later] != 0) {
      if (has_place_[earlier] != 0 || graph_->is_constant(earlier)) return false;
      has_place_[earlier] = 1;
      place_[earlier] = later;
    }
    equal_[later] = earlier;
    return true;
  }

  /// Rewrites all that reads values, in bodies too. The nodes that went must be removed.
  constexpr void apply(Graph& g) const {
    if (equal_.empty()) return;
    for (auto& id : g.operands) {
      if (id != no_value) id = place_[equal_[id]];
    }
  }

 private:
  constexpr void begin() {
    auto const size = graph_->values.size();
    equal_.reserve(size);
    for (value_id id = 0; id < size; ++id) equal_.push_back(id);
    place_ = equal_;
    has_place_ = vector<char>(size, 0);
    for (auto const id : graph_->inputs) has_place_[id] = 1;
    for (auto const id : graph_->outputs) has_place_[id] = 1;
  }

  Graph const* graph_;
  vector<value_id> equal_;  // for each value, the one that stands for it
  vector<value_id> place_;  // for each that stands for others, under which number
  vector<char> has_place_;  // whether its number may not change
};

}  // namespace inlay::inline INLAY_VERSION

// Finds nodes that differ only in which values they are applied to.

// How the values of a graph lie in memory.

// How images lie in memory: their channels last, with the border that windows need around them.

// How the kernel of a node sees its tensors.

namespace inlay::inline INLAY_VERSION::detail {

/// The element types of a node of a listed operator.
template <class Graph> constexpr element_types types_of(Graph const& g, node const& n) {
  auto const first = static_cast<std::size_t>(entry_of<Graph>(n.op).conditions);
  return {g.values[g.inputs_of(n)[first]].type.element, g.values[g.outputs_of(n)[0]].type.element};
}

/// Of a node of a listed operator, whose types are known. What `to` held is gone. `layout_of(id)`
/// is how a value lies.
template <class Graph, class LayoutOf>
constexpr void lower_node(Graph const& g, node const& n, lowering& to, LayoutOf const& layout_of) {
  to.clear();
  for (auto const id : g.inputs_of(n)) {
    to.inputs.push_back(id == no_value ? layout{} : layout_of(id));
  }
  to.outputs.push_back(layout_of(g.outputs_of(n)[0]));
  to.types = types_of(g, n);
  entry_of<Graph>(n.op).lower({g, n}, to);
}
/// All values lie as ONNX has them.
template <class Graph> constexpr void lower_node(Graph const& g, node const& n, lowering& to) {
  lower_node(g, n, to, [&](value_id id) { return layout(g.values[id].type); });
}

}  // namespace inlay::inline INLAY_VERSION::detail

// The program: kernels in order, over offsets into one arena.

namespace inlay::inline INLAY_VERSION {

/// Where a tensor is.
enum class place : std::uint8_t {
  nowhere,  // an optional tensor that is left out
  arena,    // at `offset` bytes
  weights,  // at `offset` bytes in the pool of its element type
  input,    // what the caller gave as input `port`
  output,   // what the caller reads as output `port`
};

struct location {
  place where = place::nowhere;
  std::uint32_t port = 0;
  std::int64_t offset = 0;
};

/// A group has at most so many links, each of at most so many operands, and reads at most so many
/// other tensors.
inline constexpr std::size_t most_links = 12;
inline constexpr std::uint32_t most_operands = 3;
inline constexpr std::size_t most_others = 6;

/// What a link reads: the kernel's result (0) and those of the links (1, …), or other tensors (-1,
/// -2, …).
struct link_operands {
  std::int32_t of[most_operands]{};
  std::uint32_t count = 0;

  /// How many other tensors there are, up to the last one that is read.
  constexpr std::uint32_t tensors() const {
    std::int32_t most = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (-of[i] > most) most = -of[i];
    }
    return static_cast<std::uint32_t>(most);
  }
  friend constexpr bool operator==(link_operands const&, link_operands const&) = default;
};

/// An element operator that is applied to what a kernel computes before it is stored, or to what it
/// reads.
struct link {
  operator_id op = operator_id::unlisted;
  element_types types;
  link_operands operands;
  element_words words;
  friend constexpr bool operator==(link const&, link const&) = default;
};

/// What a step computes, without where: an operator, how its tensors lie in memory, its parameters.
/// Equal structures share one body of code.
struct structure {
  operator_id op = operator_id::unlisted;
  element_types types;
  range layouts;  // in `program::layouts`: inputs, those of the links, then outputs
  range words;    // in `program::words`
  range links;    // in `program::links`
  /// In `program::links`, too: what makes the kernel's first input of other tensors (-1, -2, …),
  /// which stand where that would.
  range readers;
  /// What is computed of the results: a largest pooling of 2x2 before they are stored, or a
  /// normalization of their rows.
  operator_id ending = operator_id::unlisted;
  /// A bit each of the words: other extents of the first input may change it. None where the
  /// program is for these alone.
  std::uint32_t sized_words = 0;
  std::int64_t multiply_adds = 0;
};

/// One kernel applied to tensors.
struct step {
  std::uint32_t structure = 0;
  range locations;         // in `program::locations`, one a layout
  std::uint32_t node = 0;  // of the graph it came from
};

/// An input or output of the whole program.
struct port {
  string_view name;
  tensor_type type;
};

inline constexpr std::uint32_t not_packed = 0xffff'ffff;

/// A constant that some step reads: its elements one after the other, or in panels.
struct weight {
  element_type element = element_type::undefined;
  std::int64_t offset = 0;  // in the pool of its element type, in bytes
  constant elements;
  std::uint32_t packing = not_packed;  // in `program::packings`
};

/// Bytes in the pool of each element type.
struct pool_sizes {
  std::int64_t bytes[element_type_count]{};
  constexpr std::int64_t operator[](element_type e) const {
    return bytes[static_cast<std::size_t>(e)];
  }
};

/// Tensors start at multiples of this many bytes.
inline constexpr std::int64_t tensor_alignment = 64;

/// What there is of a program besides its arrays.
struct program_facts {
  std::int64_t arena_bytes = 0;
  std::int64_t multiply_adds = 0;
  pool_sizes pools;
  error failure;
  std::int64_t live_bytes = 0;  // the largest sum of tensors of the arena that live at once
};

struct program : program_facts {
  vector<structure> structures;
  vector<layout> layouts;
  vector<std::int64_t> words;
  vector<link> links;
  vector<step> steps;
  vector<location> locations;
  vector<port> inputs;
  vector<port> outputs;
  vector<weight> weights;
  vector<right_operand> packings;
  vector<char> storage;  // bytes of weights that no file holds
  /// Steps behind each other that may run at the same time, all of them; empty where each step runs
  /// alone.
  vector<range> groups;
};

/// What a program may be made of.
struct lower_options {
  bool fuses = true;  // nodes that can be computed together are
  /// Rows of fewer elements are stored before a kernel reads them, whatever makes them.
  std::int64_t least_read_row = 1;
  /// Of other extents, steps are to be the same ones: images have the widest borders that windows
  /// over any extents need, and nothing is fused that only some extents allow.
  bool serves_all_extents = false;
  /// The most bytes that the arena may have.
  std::int64_t most_arena_bytes = INT64_MAX;
};

/// What `freeze` keeps of a program.
struct program_arrays
    : member_list<&program::structures, &program::layouts, &program::words, &program::links,
                  &program::steps, &program::locations, &program::inputs, &program::outputs,
                  &program::weights, &program::packings, &program::storage> {};

}  // namespace inlay::inline INLAY_VERSION

// Which values are within the memory of others.

namespace inlay::inline INLAY_VERSION {

/// Of each value of a graph the root, in whose memory it is, the element where it begins there, and
/// its strides. A root is a value, or a contiguous copy of one: those have numbers behind all
/// values.
struct value_views {
  struct view {
    value_id root = no_value;
    std::uint32_t lies = 0;  // number of its strides; 0 where it is contiguous
    std::int64_t offset = 0;
  };

  vector<view> views;     // of each value; empty where each is its own root
  vector<shape> strides;  // by number, from 1 on
  vector<value_id> copied;

  constexpr value_id root_of(value_id id) const { return views.empty() ? id : views[id].root; }
  constexpr std::int64_t offset_of(value_id id) const {
    return views.empty() ? 0 : views[id].offset;
  }
  constexpr std::uint32_t number_of_strides(value_id id) const {
    return views.empty() ? 0 : views[id].lies;
  }
  constexpr layout layout_of(value_id id, tensor_type const& t) const {
    layout x(t);
    if (auto const number = number_of_strides(id); number != 0) x.strides = strides[number - 1];
    return x;
  }
};

namespace detail {

/// Whether the kernel of a node reads a value where it lies so.
template <class Graph>
constexpr bool reads(Graph const& g, node const& n, value_id id, layout const& x) {
  auto const inputs = g.inputs_of(n);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] == id && !entry_of<Graph>(n.op).reads({g, n}, static_cast<int>(i), x)) {
      return false;
    }
  }
  return true;
}

/// Finds the views of one graph, whose types are known.
template <class Graph> class view_finder {
 public:
  constexpr explicit view_finder(Graph const& g) : graph_(&g) {}

  constexpr value_views run() {
    auto const& g = *graph_;
    bool has_views = false;
    for (auto const& n : g.nodes) has_views = has_views || entry_of<Graph>(n.op).is_view;
    if (!has_views) return {};
    for (value_id id = 0; id < g.values.size(); ++id) all_.views.push_back({id, 0, 0});
    is_placed_ = vector<char>(g.values.size(), 0);
    copy_of_ = vector<value_id>(g.values.size(), no_value);
    find_uses();
    for (std::size_t i = g.nodes.size(); i-- > 0;) {
      auto const& entry = entry_of<Graph>(g.nodes[i].op);
      if (entry.is_view && entry.view_of_input == nullptr) add_inputs(g.nodes[i]);
    }
    for (auto const& n : g.nodes) {
      if (entry_of<Graph>(n.op).view_of_input != nullptr) add_outputs(n);
    }
    return static_cast<value_views&&>(all_);
  }

 private:
  static constexpr std::uint32_t none = 0xffff'ffff;
  /// How far a view is followed to those who read it in the end, and back to who writes it.
  static constexpr int most_steps = 8;

  struct placed {
    value_id id;
    tensor_view where;
  };

  constexpr tensor_type const& type_of(value_id id) const { return graph_->values[id].type; }

  /// The nodes that read each value: a run of `users_` each.
  constexpr void find_uses() {
    auto const& g = *graph_;
    first_user_ = vector<std::uint32_t>(g.values.size() + 2, 0);
    producer_ = vector<std::uint32_t>(g.values.size(), none);
    is_output_ = vector<char>(g.values.size(), 0);
    for (auto const id : g.outputs) is_output_[id] = 1;
    for (std::uint32_t i = 0; i < g.nodes.size(); ++i) {
      for (auto const id : g.outputs_of(g.nodes[i])) {
        if (id != no_value) producer_[id] = i;
      }
      for (auto const id : g.inputs_of(g.nodes[i])) {
        if (id != no_value) ++first_user_[id + 2];
      }
    }
    for (std::size_t id = 2; id < first_user_.size(); ++id) first_user_[id] += first_user_[id - 1];
    users_ = vector<std::uint32_t>(first_user_.back(), none);
    for (std::uint32_t i = 0; i < g.nodes.size(); ++i) {
      for (auto const id : g.inputs_of(g.nodes[i])) {
        if (id != no_value) users_[first_user_[id + 1]++] = i;
      }
    }
  }
  constexpr span<std::uint32_t const> users_of(value_id id) const {
    return {users_.data() + first_user_[id],
            std::size_t{first_user_[id + 1]} - std::size_t{first_user_[id]}};
  }

  constexpr tensor_view view_of(value_id id) const {
    return {all_.layout_of(id, type_of(id)), all_.offset_of(id)};
  }
  constexpr void place(value_id id, value_id root, tensor_view& where) {
    normalize_strides(where.lies);
    all_.views[id] = {root, number_of(where.lies), where.offset};
    is_placed_[id] = 1;
  }
  constexpr std::uint32_t number_of(layout const& x) {
    if (is_contiguous(x)) return 0;
    auto const hash = hash_shape(hash_seed, x.strides);
    auto const found =
        table_.find(hash, [&](std::uint32_t i) { return all_.strides[i - 1] == x.strides; });
    if (found != index_table::absent) return found;
    all_.strides.push_back(x.strides);
    auto const number = static_cast<std::uint32_t>(all_.strides.size());
    table_.insert(hash, number);
    return number;
  }

  /// The outputs of a node are views of its first input, or of a copy of that; or it is one of
  /// them.
  constexpr void add_outputs(node const& n) {
    auto const& g = *graph_;
    auto const& entry = entry_of<Graph>(n.op);
    auto const x = g.inputs_of(n)[0];
    auto const outputs = g.outputs_of(n);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      auto const id = outputs[i];
      if (id == no_value || is_placed_[id] != 0) continue;
      auto where = view_of(x);
      auto root = all_.root_of(x);
      if (!entry.view_of_input({g, n}, static_cast<int>(i), where)) {
        where = {layout(type_of(x)), 0};
        root = copy_of(x);
        entry.view_of_input({g, n}, static_cast<int>(i), where);
      }
      place(id, root, where);
      if (all_.number_of_strides(id) == 0 || is_read(id, where.lies, 0)) continue;
      if (is_read(id, layout(type_of(id)), 0)) turn(id);
    }
  }

  /// The inputs of a node are parts of its output, where those that compute them can write so.
  constexpr void add_inputs(node const& n) {
    auto const& g = *graph_;
    auto const& entry = entry_of<Graph>(n.op);
    auto const y = g.outputs_of(n)[0];
    auto const inputs = g.inputs_of(n);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      auto const id = inputs[i];
      auto where = view_of(y);
      if (id == no_value || is_placed_[id] != 0 || is_output_[id] != 0 ||
          !entry.view_of_output({g, n}, static_cast<int>(i), where) ||
          !(where.lies.extents == type_of(id).shape)) {
        continue;
      }
      normalize_strides(where.lies);
      chain_.clear();
      chain_.push_back({id, where});
      if (follow_back()) place_chain(all_.root_of(y));
    }
  }

  /// Whether all that look at a value take it, and what they make views of it, where it lies so.
  constexpr bool is_read(value_id id, layout const& x, int steps) const {
    auto const& g = *graph_;
    if (steps == most_steps) return true;
    if (is_output_[id] != 0 && !is_contiguous(x)) return false;
    if (elements_of(x.extents) == 0) return true;
    for (auto const user : users_of(id)) {
      auto const& n = g.nodes[user];
      auto const& entry = entry_of<Graph>(n.op);
      if (entry.view_of_input != nullptr) {
        if (g.inputs_of(n)[0] != id) continue;
        auto const outputs = g.outputs_of(n);
        for (std::size_t i = 0; i < outputs.size(); ++i) {
          if (outputs[i] == no_value) continue;
          tensor_view y{x, 0};
          if (!entry.view_of_input({g, n}, static_cast<int>(i), y)) return false;
          normalize_strides(y.lies);
          if (!is_read(outputs[i], y.lies, steps + 1)) return false;
        }
      } else if (!is_contiguous(x) && !entry.is_view && !reads(g, n, id, x)) {
        return false;
      }
    }
    return true;
  }

  /// Makes a value contiguous, in memory of its own, and what it is a view of a view of it: up to a
  /// kernel that writes so. False where that cannot be.
  constexpr bool turn(value_id id) {
    auto const& g = *graph_;
    chain_.clear();
    chain_.push_back({id, {layout(type_of(id)), 0}});
    if (!follow_back()) return false;
    auto const& first = g.nodes[producer_[chain_.back().id]];
    if (chain_.size() == 1 || entry_of<Graph>(first.op).is_view) return false;
    place_chain(id);
    return true;
  }
  constexpr void place_chain(value_id root) {
    for (auto& p : chain_) place(p.id, root, p.where);
  }
  /// From the value in the chain back to one that is written as it must be then: by a kernel, or as
  /// parts of it.
  constexpr bool follow_back() {
    auto const& g = *graph_;
    for (int steps = 0; steps < most_steps; ++steps) {
      auto const& last = chain_.back();
      if (producer_[last.id] == none) return false;
      auto const& n = g.nodes[producer_[last.id]];
      auto const& entry = entry_of<Graph>(n.op);
      if (!entry.is_view) return entry.writes({g, n}, last.where.lies);
      if (entry.view_of_input == nullptr) return true;
      if (entry.view_of_output == nullptr) return false;
      placed next{g.inputs_of(n)[0], last.where};
      if (users_of(next.id).size() != 1 || is_output_[next.id] != 0 ||
          !entry.view_of_output({g, n}, 0, next.where)) {
        return false;
      }
      normalize_strides(next.where.lies);
      chain_.push_back(next);
    }
    return false;
  }

  constexpr value_id copy_of(value_id id) {
    auto& copy = copy_of_[id];
    if (copy == no_value) {
      copy = static_cast<value_id>(graph_->values.size() + all_.copied.size());
      all_.copied.push_back(id);
    }
    return copy;
  }

  Graph const* graph_;
  value_views all_;
  index_table table_;
  vector<std::uint32_t> first_user_;  // of each value, in `users_`
  vector<std::uint32_t> users_;
  vector<std::uint32_t> producer_;
  vector<char> is_output_;
  vector<char> is_placed_;
  vector<value_id> copy_of_;
  vector<placed> chain_;
};

}  // namespace detail

/// The views of a graph whose types are known. A view takes its input where that lies; where one
/// that reads it cannot, and a kernel can write so that it can, the input is a view of the output.
///   %1 = MatMul(…) 2x3x4   %2 = Transpose(%1) 3x2x4   %3 = Reshape(%2) 3x8
///     → %1 in %2, of strides 4, 8, 1; %3 in %2
/// *Costs*: linear in the operands of all nodes.
template <class Graph> constexpr value_views find_views(Graph const& g) {
  return detail::view_finder<Graph>(g).run();
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// The forms of a graph's values. A form is twice the number of a border, plus 1 where the value
/// itself lies so: its channels last, with the border. Otherwise a copy of it does.
struct image_layouts {
  /// Some channels of an image.
  struct part {
    value_id whole = no_value;  // none where the value is no part
    std::int64_t channels = 0;  // of the whole
    std::int64_t first = 0;
  };

  vector<std::uint32_t> forms;  // empty if everything lies as ONNX has it
  vector<image_border> borders{image_border{}};
  vector<part> parts;               // of each value; empty where there are none
  bool serves_all_extents = false;  // as `lower_options` says

  constexpr bool is_part(value_id id) const {
    return !parts.empty() && parts[id].whole != no_value;
  }
  /// The image that a value is a part of, or itself.
  constexpr value_id image_of(value_id id) const { return is_part(id) ? parts[id].whole : id; }
  constexpr std::int64_t first_channel(value_id id) const {
    return is_part(id) ? parts[id].first : 0;
  }
  constexpr std::uint32_t form_of(value_id id) const {
    return forms.empty() ? 0 : forms[image_of(id)];
  }
  constexpr bool is_channels_last(value_id id) const { return (form_of(id) & 1) != 0; }
  constexpr image_border const& border(value_id id) const { return borders[form_of(id) >> 1]; }

  /// A value of this type that lies as `id` does, or its copy: where it begins, in elements behind
  /// its border, and its strides.
  constexpr shape strides_within(value_id id, shape const& extents) const {
    auto image = border(id).around(extents);
    if (is_part(id)) image[1] = parts[id].channels;
    return channels_last_strides(image);
  }
  constexpr layout layout_of(value_id id, tensor_type const& t) const {
    layout l(t);
    if (is_channels_last(id)) l.strides = strides_within(id, t.shape);
    return l;
  }
  /// Elements between where the memory of a value begins and its first element.
  constexpr std::int64_t offset_of(value_id id, shape const& extents) const {
    if (!is_channels_last(id)) return 0;
    return border(id).offset(strides_within(id, extents)) + first_channel(id);
  }
};

namespace detail {

template <class Graph> class image_arranger {
 public:
  /// `views` says of each value what it is a view of, `places` where it must be.
  constexpr image_arranger(Graph const& g, value_views const& views, vector<location> const& places,
                           bool serves_all_extents)
      : graph_(&g), views_(&views), places_(&places) {
    layouts_.serves_all_extents = serves_all_extents;
  }

  constexpr image_layouts run() {
    auto const& g = *graph_;
    bool has_windows = false;
    for (auto const& n : g.nodes) {
      has_windows = has_windows || entry_of<Graph>(n.op).slides_over_image;
    }
    if (!has_windows) return {};
    layouts_.forms = vector<std::uint32_t>(g.values.size(), 0);
    put_channels_last();
    for (auto const& n : g.nodes) add_border(n);
    return static_cast<image_layouts&&>(layouts_);
  }

 private:
  static constexpr bool takes_any_strides(operator_id op) {
    auto const& entry = entry_of<Graph>(op);
    return entry.slides_over_image || entry.is_elementwise;
  }

  /// Images between kernels that go over all channels of a pixel have their channels last.
  constexpr void put_channels_last() {
    auto const& g = *graph_;
    // Whatever order an image has, all that look at it must take any, and so must those that write
    // parts of it.
    auto takes_any = vector<char>(g.values.size(), 1);
    find_parts(takes_any);
    for (auto const& n : g.nodes) {
      if (takes_any_strides(n.op) || entry_of<Graph>(n.op).is_view) continue;
      for (auto const id : g.inputs_of(n)) {
        if (id != no_value) takes_any[id] = 0;
      }
      takes_any[g.outputs_of(n)[0]] = 0;
    }
    for (value_id id = 0; id < layouts_.parts.size(); ++id) {
      if (takes_any[id] == 0) takes_any[layouts_.image_of(id)] = 0;
    }
    for (auto const& n : g.nodes) {
      auto const y = layouts_.image_of(g.outputs_of(n)[0]);
      if (takes_any[y] == 0 || !takes_any_strides(n.op) || (*places_)[y].where != place::nowhere ||
          g.values[y].type.shape.size() != 4) {
        continue;
      }
      bool is_image = entry_of<Graph>(n.op).slides_over_image;
      for (auto const id : g.inputs_of(n)) {
        is_image = is_image || (id != no_value && layouts_.is_channels_last(id));
      }
      if (is_image) layouts_.forms[y] = 1;
    }
    for (auto& p : layouts_.parts) {
      if (p.whole != no_value && layouts_.forms[p.whole] == 0) p.whole = no_value;
    }
  }

  /// Which views are some channels of their root; other views, and their roots, stay as they are.
  constexpr void find_parts(vector<char>& takes_any) {
    auto const& g = *graph_;
    auto const& views = views_->views;
    for (value_id id = 0; id < views.size(); ++id) {
      auto const root = views[id].root;
      if (root == id) continue;
      if (root < views.size() && is_part(id, root)) {
        if (layouts_.parts.empty()) {
          layouts_.parts = vector<image_layouts::part>(g.values.size(), image_layouts::part{});
        }
        auto const& whole = g.values[root].type.shape;
        layouts_.parts[id] = {root, whole[1], views[id].offset / (whole[2] * whole[3])};
        continue;
      }
      takes_any[id] = 0;
      if (root < takes_any.size()) takes_any[root] = 0;
    }
  }
  constexpr bool is_part(value_id id, value_id root) const {
    auto const x = views_->layout_of(id, graph_->values[id].type);
    layout const y(graph_->values[root].type);
    if (x.extents.size() != 4 || y.extents.size() != 4 || elements_of(x.extents) == 0) return false;
    for (int i = 0; i < 4; ++i) {
      if (i != 1 && x.extents[i] != y.extents[i]) return false;
      if (x.extents[i] != 1 && x.strides[i] != y.strides[i]) return false;
    }
    return views_->offset_of(id) % y.strides[1] == 0;
  }

  /// The images that a node looks at get the border that its windows need.
  constexpr void add_border(node const& n) {
    auto const& g = *graph_;
    auto const border_of = entry_of<Graph>(n.op).border;
    if (border_of == nullptr || g.attributes_of(n).empty()) return;
    auto const id = g.inputs_of(n)[0];
    if (g.values[id].type.shape.size() != 4) return;
    lower_node(g, n, lowering_);
    auto needed = border_of(lowering_);
    if (layouts_.serves_all_extents) needed = needed.with(lowering_.widest);
    auto const& extents = lowering_.inputs[0].extents;
    if (needed.is_empty() || elements_of(lowering_.outputs[0].extents) == 0 ||
        !is_in_memory(needed.around(extents))) {
      return;
    }
    auto const image = layouts_.image_of(id);
    auto& form = layouts_.forms[image];
    auto const wider = layouts_.borders[form >> 1].with(needed);
    if (is_in_memory(wider.around(g.values[image].type.shape))) {
      form = 2 * number_of(wider) + (form & 1);
    }
  }

  constexpr std::uint32_t number_of(image_border const& border) {
    std::uint32_t i = 0;
    while (i < layouts_.borders.size() && !(layouts_.borders[i] == border)) ++i;
    if (i == layouts_.borders.size()) layouts_.borders.push_back(border);
    return i;
  }

  Graph const* graph_;
  value_views const* views_;
  vector<location> const* places_;
  image_layouts layouts_;
  lowering lowering_;  // of one node at a time
};

}  // namespace detail
}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// Values that are views of others, and images; the rest lies as ONNX has it.
struct value_layouts {
  value_views views;
  image_layouts images;

  constexpr bool has_any() const { return !views.views.empty() || !images.forms.empty(); }

  constexpr layout layout_of(value_id id, tensor_type const& t) const {
    if (!has_any()) return layout(t);
    return images.is_channels_last(id) ? images.layout_of(id, t) : views.layout_of(id, t);
  }
  /// Elements between where the memory of its root begins and its first element.
  constexpr std::int64_t offset_of(value_id id, shape const& extents) const {
    return images.is_channels_last(id) ? images.offset_of(id, extents) : views.offset_of(id);
  }
  /// What is the same of all values of one type that lie alike; of parts, if they are of one image.
  constexpr std::uint64_t form_of(value_id id) const {
    if (!has_any()) return 0;
    auto const number = images.is_part(id) ? images.image_of(id) + 1 : views.number_of_strides(id);
    return std::uint64_t{number} << 32 | images.form_of(id);
  }
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

namespace detail {

constexpr std::uint64_t hash_attribute(graph const& g, std::uint64_t h, attribute const& a) {
  for (std::uint32_t i = a.values.first; i < a.values.first + a.values.count; ++i) {
    switch (a.kind) {
      case attribute_kind::real:
      case attribute_kind::reals: h = hash_word(h, std::bit_cast<std::uint32_t>(g.reals[i])); break;
      case attribute_kind::text:
      case attribute_kind::texts: h = hash_word(h, hash_text(g.texts[i])); break;
      default: h = hash_word(h, static_cast<std::uint64_t>(g.integers[i])); break;
    }
  }
  return h;
}

template <class T> constexpr bool equal_run(vector<T> const& all, range a, range b) {
  for (std::uint32_t i = 0; i < a.count; ++i) {
    // Numbers by their bits: 0 and -0 differ.
    if constexpr (std::is_same_v<T, float>) {
      if (std::bit_cast<std::uint32_t>(all[a.first + i]) !=
          std::bit_cast<std::uint32_t>(all[b.first + i])) {
        return false;
      }
    } else if (!(all[a.first + i] == all[b.first + i])) {
      return false;
    }
  }
  return true;
}

constexpr bool equal_attribute(graph const& g, attribute const& a, attribute const& b) {
  if (a.kind != b.kind || a.values.count != b.values.count || a.name != b.name) {
    return false;
  }
  switch (a.kind) {
    case attribute_kind::integer:
    case attribute_kind::integers: return equal_run(g.integers, a.values, b.values);
    case attribute_kind::real:
    case attribute_kind::reals: return equal_run(g.reals, a.values, b.values);
    case attribute_kind::text:
    case attribute_kind::texts: return equal_run(g.texts, a.values, b.values);
    default: return false;
  }
}

constexpr bool equal_attributes(graph const& g, node const& a, node const& b) {
  auto const x = g.attributes_of(a);
  auto const y = g.attributes_of(b);
  if (x.size() != y.size()) return false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!equal_attribute(g, x[i], y[i])) return false;
  }
  return true;
}

}  // namespace detail

/// A number for each node seen, kept by signature: the operator, the types of inputs and outputs,
/// whether they are constants, how they lie, the attributes. A deep network repeats a
/// few signatures, and what follows from a signature alone need not be computed again.
class signature_table {
 public:
  static constexpr std::uint32_t absent = index_table::absent;

  /// `layouts`, if given, says how each value lies.
  constexpr explicit signature_table(graph const& g, value_layouts const* layouts = nullptr)
      : graph_(&g), layouts_(layouts) {}

  /// The number of a node of the same signature, or `absent`.
  constexpr std::uint32_t find(node const& n, std::uint64_t hash) const {
    auto const found = table_.find(
        hash, [&](std::uint32_t i) { return equal(graph_->nodes[entries_[i].node], n); });
    return found == absent ? absent : entries_[found].number;
  }
  constexpr void insert(node const& n, std::uint64_t hash, std::uint32_t number) {
    table_.insert(hash, static_cast<std::uint32_t>(entries_.size()));
    entries_.push_back({static_cast<std::uint32_t>(&n - graph_->nodes.data()), number});
  }

  constexpr std::uint64_t hash(node const& n) const {
    auto h = hash_word(hash_seed, static_cast<std::uint64_t>(n.op));
    for (auto const id : graph_->inputs_of(n)) h = hash_value(h, id);
    for (auto const& a : graph_->attributes_of(n)) h = detail::hash_attribute(*graph_, h, a);
    return hash_value(h, graph_->outputs_of(n)[0]);
  }

 private:
  struct entry {
    std::uint32_t node = 0;
    std::uint32_t number = 0;
  };

  constexpr std::uint64_t hash_value(std::uint64_t h, value_id id) const {
    if (id == no_value) return hash_word(h, id);
    auto const& v = graph_->values[id];
    if (v.constant == not_constant) {
      return hash_shape(hash_word(h, form_of(id)), v.type.shape);
    }
    // As in `equal_value`.
    bool const is_itself = v.type.element == element_type::int64;
    return hash_shape(hash_word(h, is_itself ? id : no_value), v.type.shape);
  }

  constexpr bool equal(node const& a, node const& b) const {
    return a.op == b.op && equal_values(graph_->inputs_of(a), graph_->inputs_of(b)) &&
           equal_values(graph_->outputs_of(a), graph_->outputs_of(b)) &&
           detail::equal_attributes(*graph_, a, b);
  }
  constexpr bool equal_values(span<value_id const> a, span<value_id const> b) const {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!equal_value(a[i], b[i])) return false;
    }
    return true;
  }
  // An operator may look into constants of integers, as shapes are: those are equal only to
  // themselves.
  constexpr bool equal_value(value_id a, value_id b) const {
    if (a == b) return true;
    if (a == no_value || b == no_value) return false;
    auto const& x = graph_->values[a];
    auto const& y = graph_->values[b];
    if (x.constant == not_constant || y.constant == not_constant) {
      return x.constant == y.constant && x.type == y.type && form_of(a) == form_of(b);
    }
    return x.type == y.type && x.type.element != element_type::int64;
  }

  constexpr std::uint64_t form_of(value_id id) const {
    return layouts_ == nullptr ? 0 : layouts_->form_of(id);
  }

  graph const* graph_;
  value_layouts const* layouts_;
  index_table table_;
  vector<entry> entries_;
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Of what makes two nodes the same: the operator, the inputs, the attributes.
template <class Graph> constexpr std::uint64_t hash_expression(Graph const& g, node const& n) {
  auto h = hash_seed ^ static_cast<std::uint64_t>(n.op);
  auto const* at = g.operands.data() + n.inputs.first;
  for (auto const* const end = at + n.inputs.count; at != end; ++at) h = h * hash_prime ^ *at;
  h *= hash_prime;
  if (n.attributes.count == 0) return h;
  for (auto const& a : g.attributes_of(n)) h = hash_attribute(g, h, a);
  return h;
}

template <class Graph>
constexpr bool is_same_expression(Graph const& g, node const& a, node const& b) {
  if (a.op != b.op || a.inputs.count != b.inputs.count) return false;
  auto const x = g.inputs_of(a);
  auto const y = g.inputs_of(b);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] != y[i]) return false;
  }
  return equal_attributes(g, a, b);
}

/// The only output of a node; `no_value` where it has several.
template <class Graph> constexpr value_id only_output(Graph const& g, node const& n) {
  auto const outputs = g.outputs_of(n);
  for (std::size_t i = 1; i < outputs.size(); ++i) {
    if (outputs[i] != no_value) return no_value;
  }
  return outputs[0];
}

}  // namespace detail

/// Nodes of the same operator with the same inputs and attributes become one. Runs after types are
/// inferred. All listed operators give the same result whenever they are asked; others are left
/// alone, and so are those with several outputs.
///   before   %1 = Relu(%0)   %2 = Relu(%0)   %3 = Add(%1, %2)   return %3
///   after    %1 = Relu(%0)   %3 = Add(%1, %1)   return %3
/// Where both results are outputs of the graph, one is a copy of the other.
template <class Graph> constexpr Graph eliminate_common_subexpressions(Graph g) {
  if (g.failure) return g;
  value_replacements replaced(g);
  index_table table;
  table.reserve(g.nodes.size());
  vector<char> is_removed;
  for (std::uint32_t i = 0; i < g.nodes.size(); ++i) {
    auto& n = g.nodes[i];
    if (n.op == operator_id::unlisted) continue;
    if (!replaced.empty()) {
      for (auto k = n.inputs.first; k < n.inputs.first + n.inputs.count; ++k) {
        g.operands[k] = replaced[g.operands[k]];
      }
    }
    auto const hash = detail::hash_expression(g, n);
    auto const first = table.find(
        hash, [&](std::uint32_t k) { return detail::is_same_expression(g, g.nodes[k], n); });
    if (first == index_table::absent) {
      table.insert(hash, i);
      continue;
    }
    auto const earlier = detail::only_output(g, g.nodes[first]);
    auto const later = detail::only_output(g, n);
    if (earlier == no_value || later == no_value) continue;
    if (is_removed.empty()) is_removed = vector<char>(g.nodes.size(), 0);
    if (replaced.replace(later, earlier)) {
      is_removed[i] = 1;
    } else if (!is<op::identity>(n)) {
      n.op = id_of<op::identity>;
      n.type = op::identity::name;
      n.domain = {};
      n.inputs = {static_cast<std::uint32_t>(g.operands.size()), 1};
      n.attributes = {};
      g.operands.push_back(earlier);
    }
  }
  if (is_removed.empty()) return g;
  replaced.apply(g);
  remove_nodes(g, is_removed);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION

// Removes what no output needs.

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Which nodes and bodies no output needs. What a body reads its node needs, and so on outwards.
template <class Graph> class dead_parts {
 public:
  constexpr explicit dead_parts(Graph const& g)
      : nodes(g.nodes.size(), 1),
        body_nodes(g.body_nodes.size(), 1),
        bodies(g.bodies.size(), 1),
        graph_(&g),
        values_(g.values.size(), 0) {
    for (auto const id : g.outputs) values_[id] = 1;
    mark_nodes(g.nodes.data(), g.nodes.size(), nodes.data());
    for (auto const& f : g.functions) {
      mark_body(f.body);
      for_each_body(g, f.default_attributes, [&](std::uint32_t b) { mark_body(b); });
    }
  }

  constexpr bool is_nothing(Graph const& g) const {
    return node_count_ == g.nodes.size() + g.body_nodes.size() && body_count_ == g.bodies.size();
  }

  vector<char> nodes;
  vector<char> body_nodes;
  vector<char> bodies;

 private:
  /// From the last one on, so that all readers of a value are seen before its node.
  constexpr void mark_nodes(node const* first, std::size_t count, char* is_dead) {
    auto const* const operands = graph_->operands.data();
    bool const has_bodies = !bodies.empty();
    for (std::size_t i = count; i-- > 0;) {
      auto const& n = first[i];
      auto const* const outputs = operands + n.outputs.first;
      for (std::uint32_t k = 0; k < n.outputs.count; ++k) {
        if (outputs[k] != no_value && values_[outputs[k]] != 0) is_dead[i] = 0;
      }
      if (is_dead[i] != 0) continue;
      ++node_count_;
      auto const* const inputs = operands + n.inputs.first;
      for (std::uint32_t k = 0; k < n.inputs.count; ++k) {
        if (inputs[k] != no_value) values_[inputs[k]] = 1;
      }
      if (has_bodies) {
        for_each_body(*graph_, n.attributes, [&](std::uint32_t b) { mark_body(b); });
      }
    }
  }
  constexpr void mark_body(std::uint32_t index) {
    if (bodies[index] == 0) return;
    bodies[index] = 0;
    ++body_count_;
    auto const& b = graph_->bodies[index];
    for (std::uint32_t i = 0; i < b.outputs.count; ++i) {
      auto const id = graph_->operands[b.outputs.first + i];
      if (id != no_value) values_[id] = 1;
    }
    mark_nodes(graph_->body_nodes.data() + b.nodes.first, b.nodes.count,
               body_nodes.data() + b.nodes.first);
  }

  Graph const* graph_;
  vector<char> values_;
  std::size_t node_count_ = 0;  // of those that are needed
  std::size_t body_count_ = 0;
};

}  // namespace detail

/// Nodes whose results reach no output go, in bodies too. Values keep their numbers, and functions
/// stay.
///   before   %1 = Relu(%0)   %2 = Add(%0, %0)   return %2
///   after    %2 = Add(%0, %0)   return %2
template <class Graph> constexpr Graph eliminate_dead(Graph g) {
  if (g.failure) return g;
  detail::dead_parts const dead(g);
  if (dead.is_nothing(g)) return g;
  remove_nodes(g, dead.nodes);
  if (!g.bodies.empty()) remove_bodies(g, dead.bodies, dead.body_nodes);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION

// Removes what computes nothing.

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Finds the nodes of a graph whose results equal one of their inputs, to the bit.
template <class Graph> class identity_finder {
 public:
  constexpr explicit identity_finder(Graph const& g) : graph_(&g) {}

  /// The input that the output of `n` equals, or `no_value`.
  constexpr value_id find(node const& n, value_replacements<Graph> const& replaced) {
    if (n.op == id_of<op::relu>) return find_of_relu(n, replaced);
    if (n.op == id_of<op::add>) return find_of_add(n);
    if (n.op == id_of<op::transpose>) return find_of_transpose(n);
    if (n.op != id_of<op::identity> && n.op != id_of<op::reshape> && n.op != id_of<op::flatten> &&
        n.op != id_of<op::cast>) {
      return no_value;
    }
    auto const x = graph_->inputs_of(n)[0];
    return keeps_type(n, x) ? x : no_value;
  }

 private:
  constexpr bool keeps_type(node const& n, value_id x) const {
    auto const& from = graph_->values[x].type;
    auto const& to = graph_->values[graph_->outputs_of(n)[0]].type;
    return from.has_shape && from == to;
  }

  /// What a Relu has made stays when another one reads it.
  constexpr value_id find_of_relu(node const& n, value_replacements<Graph> const& replaced) {
    if (is_rectified_.empty()) is_rectified_ = vector<char>(graph_->values.size(), 0);
    auto const* const operands = graph_->operands.data();
    auto const x = replaced[operands[n.inputs.first]];
    auto* const is_rectified = is_rectified_.data();
    if (is_rectified[x] != 0) return x;
    is_rectified[operands[n.outputs.first]] = 1;
    return no_value;
  }

  /// Axes of extent 1 may be anywhere, where the shape stays.
  constexpr value_id find_of_transpose(node const& n) const {
    auto const x = graph_->inputs_of(n)[0];
    if (!keeps_type(n, x)) return no_value;
    auto const& extents = graph_->values[x].type.shape;
    auto const axes = permutation_of(node_view(*graph_, n), extents.size());
    if (!axes) return no_value;
    std::int64_t before = -1;
    for (auto const axis : *axes) {
      if (extents[static_cast<int>(axis)] == 1) continue;
      if (axis < before) return no_value;
      before = axis;
    }
    return x;
  }

  constexpr value_id find_of_add(node const& n) {
    auto const inputs = graph_->inputs_of(n);
    if (graph_->is_constant(inputs[1]) && keeps_type(n, inputs[0]) && is_neutral(inputs[1])) {
      return inputs[0];
    }
    if (graph_->is_constant(inputs[0]) && keeps_type(n, inputs[1]) && is_neutral(inputs[0])) {
      return inputs[1];
    }
    return no_value;
  }

  /// Whether adding the constant changes no bit of anything: zeros do where they are integers, and
  /// -0 where they are not, since 0 makes 0 of -0.
  constexpr bool is_neutral(value_id id) {
    enum : char { unknown, no, yes };
    auto const& v = graph_->values[id];
    if (is_neutral_.empty()) is_neutral_ = vector<char>(graph_->constants.size(), unknown);
    auto& known = is_neutral_[v.constant];
    if (known == unknown) {
      known = has_neutral_bytes(v.type.element, graph_->bytes_of(graph_->constants[v.constant]))
                  ? yes
                  : no;
    }
    return known == yes;
  }
  static constexpr bool has_neutral_bytes(element_type e, string_view bytes) {
    bool const is_real = e == element_type::float32 || e == element_type::float64;
    auto const size = static_cast<std::size_t>(bits_of(e)) / 8;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] != (is_real && (i + 1) % size == 0 ? '\x80' : '\0')) return false;
    }
    return !bytes.empty();
  }

  Graph const* graph_;
  vector<char> is_rectified_;  // of each value, whether it is the result of a Relu
  vector<char> is_neutral_;    // of each constant
};

}  // namespace detail

/// Nodes whose result is one of their inputs go: Identity, Cast to the same type, Flatten and
/// Reshape to the same shape, Transpose that moves nothing, Relu of Relu, Add of zeros that change
/// no bit. Runs after types are inferred.
///   before   %1 = Relu(%0)   %2 = Identity(%1)   %3 = Add(%2, %2)   return %3
///   after    %1 = Relu(%0)   %3 = Add(%1, %1)    return %3
/// An output of the graph that is an input, a constant or another output remains a copy of it.
template <class Graph> constexpr Graph eliminate_identities(Graph g) {
  if (g.failure) return g;
  value_replacements replaced(g);
  detail::identity_finder identities(g);
  vector<char> is_removed;
  for (auto const& n : g.nodes) {
    auto const same = identities.find(n, replaced);
    if (same == no_value || !replaced.replace(g.outputs_of(n)[0], replaced[same])) continue;
    if (is_removed.empty()) is_removed = vector<char>(g.nodes.size(), 0);
    is_removed[static_cast<std::size_t>(&n - g.nodes.data())] = 1;
  }
  if (is_removed.empty()) return g;
  replaced.apply(g);
  remove_nodes(g, is_removed);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION

// Gives a Reshape a constant shape where dimensions without a value decide it.

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// The list that makes `y` of `x`, whatever its dimensions are: numbers, 0 where an extent is kept,
/// one -1 for what is left.
struct reshape_list {
  std::int64_t elements[max_rank]{};
  bool is_known = false;
};
constexpr reshape_list list_between(shape const& x, shape const& y, bool keeps_zero) {
  reshape_list list;
  bool has_rest = false;
  for (int i = 0; i < y.size(); ++i) {
    auto& element = list.elements[i];
    element = y[i];
    if (y[i] > 0) continue;
    bool const is_kept = keeps_zero && i < x.size() && y[i] == x[i];
    // What is left is not decided where an extent is 0.
    if (!is_kept && (y[i] == 0 || has_rest)) return list;
    has_rest = has_rest || !is_kept;
    element = is_kept ? 0 : -1;
  }
  list.is_known = true;
  return list;
}

}  // namespace detail

/// A Reshape whose shape is computed from dimensions that have no value gets a constant, if that
/// says the same: what computed it is dead then. Runs after types are inferred.
///   before   %1 = Shape(%0)   %3 = Concat(%1, %2)   %4 = Reshape(%0, %3)
///   after    %4 = Reshape(%0, %5)       where %0 is [n, 3, 4], %4 is [n, 12], %5 is the list 0, 12
template <class Graph> constexpr Graph fix_reshapes(Graph g) {
  if (g.failure) return g;
  for (auto& n : g.nodes) {
    if (n.op != id_of<op::reshape> || g.is_constant(g.inputs_of(n)[1])) continue;
    auto const x = g.inputs_of(n)[0];
    auto const y = g.outputs_of(n)[0];
    if (!g.values[x].type.has_shape || !g.values[y].type.has_shape) continue;
    auto const size = g.values[y].type.shape.size();
    bool const keeps_zero = node_view(g, n).integer("allowzero", 0) == 0;
    auto const list =
        detail::list_between(g.values[x].type.shape, g.values[y].type.shape, keeps_zero);
    if (!list.is_known) continue;
    value v;
    v.type = {element_type::int64, {size}};
    v.constant =
        store_elements(g, span<std::int64_t const>(list.elements, static_cast<std::size_t>(size)));
    auto const id = static_cast<value_id>(g.values.size());
    g.values.push_back(v);
    n.inputs = {static_cast<std::uint32_t>(g.operands.size()), 2};
    g.operands.push_back(x);
    g.operands.push_back(id);
  }
  return g;
}

}  // namespace inlay::inline INLAY_VERSION

// Moves normalizations into convolutions.

// How much a pass may compute, and how much it may add to a graph.

namespace inlay::inline INLAY_VERSION {

/// What one pass may fold. A small file can describe constants of any size and any work; what
/// passes the budget stays in the graph, and is computed when the program runs.
template <class Graph> class folding_budget {
 public:
  /// Bytes: as many as all constants of the graph have, at least 16 MiB. Work, in elements read or
  /// written and in multiply-adds: 2^28, under a second; 1024 in constant expressions, whose
  /// steps compilers limit.
  constexpr explicit folding_budget(Graph const& g)
      : bytes_(std::int64_t{1} << 24),
        work_(std::is_constant_evaluated() ? 1024 : std::int64_t{1} << 28) {
    if (std::is_constant_evaluated()) return;
    std::int64_t sum = 0;
    for (auto const& c : g.constants) {
      sum = saturating_add(sum, static_cast<std::int64_t>(g.bytes_of(c).size()));
    }
    if (sum > bytes_) bytes_ = sum;
  }

  /// Whether that much is left; it is taken then.
  constexpr bool take(std::int64_t bytes, std::int64_t work) {
    if (bytes > bytes_ || work > work_) return false;
    bytes_ -= bytes;
    work_ -= work;
    return true;
  }

 private:
  std::int64_t bytes_;
  std::int64_t work_;
};

/// Whether a value is a constant whose elements are at hand, of a type that programs store.
template <class Graph> constexpr bool is_foldable(Graph const& g, value_id id) {
  if (!g.is_constant(id)) return false;
  auto const& v = g.values[id];
  if (!v.type.has_shape || !is_in_memory(v.type.shape) || v.container != not_contained ||
      !contains(stored_types{}, v.type.element)) {
    return false;
  }
  auto const& c = g.constants[v.constant];
  return c.external == not_external && c.sparse_values == no_value &&
         static_cast<std::int64_t>(g.bytes_of(c).size()) ==
             bytes_of(v.type.element, elements_of(v.type.shape));
}

}  // namespace inlay::inline INLAY_VERSION

// Who makes each value of a graph, and how many read it.

namespace inlay::inline INLAY_VERSION {

/// Of each value of a graph how often it is read, by nodes of bodies and by the caller as well, and
/// the node that makes it.
template <class Graph> struct value_uses {
  static constexpr std::uint32_t not_a_node = 0xffff'ffff;

  vector<std::uint32_t> count;
  vector<std::uint32_t> producer;

  constexpr explicit value_uses(Graph const& g)
      : count(g.values.size(), 0), producer(g.values.size(), not_a_node) {
    auto const add = [&](range operands) {
      for (auto i = operands.first; i < operands.first + operands.count; ++i) {
        if (g.operands[i] != no_value) ++count[g.operands[i]];
      }
    };
    for (std::uint32_t i = 0; i < g.nodes.size(); ++i) {
      add(g.nodes[i].inputs);
      for (auto const id : g.outputs_of(g.nodes[i])) {
        if (id != no_value) producer[id] = i;
      }
    }
    for (auto const& n : g.body_nodes) add(n.inputs);
    for (auto const& b : g.bodies) add(b.outputs);
    for (auto const id : g.outputs) ++count[id];
  }
};

}  // namespace inlay::inline INLAY_VERSION

INLAY_BEGIN_TARGET

/// Folds the normalizations of one graph.
template <class Graph> class batch_norm_folder {
  struct convolution_operands {
    value_id x;
    value_id weights;
    value_id bias;
  };

  constexpr convolution_operands operands_of(node const& conv) const {
    auto const inputs = graph_->inputs_of(conv);
    return {inputs[0], inputs[1], inputs.size() > 2 ? inputs[2] : no_value};
  }

  // Templates before their use: Clang instantiates none whose body it has not seen.
  template <class T> constexpr T read(value_id id, std::size_t i) const {
    return read_little_endian<T>(graph_->bytes_of(graph_->constants[graph_->values[id].constant]),
                                 i);
  }
  template <class T, class Compute>
  constexpr value_id add_constant(shape const& s, Compute&& compute) {
    auto& g = *graph_;
    value v;
    v.type = {element_of<T>, s};
    v.constant =
        store_constant(g, [&](auto put) { compute([&](double x) { put(static_cast<T>(x)); }); });
    g.values.push_back(v);
    return static_cast<value_id>(g.values.size() - 1);
  }

  /// In double, and every element rounded once at its end:
  /// factor = scale / sqrt(variance + epsilon), w' = w · factor, b' = (b - mean) · factor + B.
  template <class T>
  constexpr convolution_operands fold_into(node const& n, value_id weights, value_id bias) {
    auto& g = *graph_;
    // Copies, for values are added.
    auto const shape_of_weights = g.values[weights].type.shape;
    auto const channels = static_cast<std::size_t>(shape_of_weights[0]);
    auto const epsilon = static_cast<double>(node_view(g, n).real("epsilon", 1e-5f));
    value_id const scales = g.inputs_of(n)[1];
    value_id const offsets = g.inputs_of(n)[2];
    value_id const means = g.inputs_of(n)[3];
    value_id const variances = g.inputs_of(n)[4];
    vector<double> factors;
    factors.reserve(channels);
    for (std::size_t c = 0; c < channels; ++c) {
      // As the kernel adds them, for the sum of two floats may be another float.
      auto const spread =
          static_cast<double>(static_cast<T>(read<T>(variances, c) + static_cast<T>(epsilon)));
      auto const root = scalar::sqrt(spread);
      factors.push_back(scalar::divide(static_cast<double>(read<T>(scales, c)), root));
    }

    auto const count = static_cast<std::size_t>(elements_of(shape_of_weights));
    auto const of_channel = channels == 0 ? 0 : count / channels;
    auto const new_weights = add_constant<T>(shape_of_weights, [&](auto put) {
      for (std::size_t c = 0, i = 0; c < channels; ++c) {
        for (std::size_t k = 0; k < of_channel; ++k, ++i) {
          put(scalar::multiply(static_cast<double>(read<T>(weights, i)), factors[c]));
        }
      }
    });
    auto const new_bias = add_constant<T>({shape_of_weights[0]}, [&](auto put) {
      for (std::size_t c = 0; c < channels; ++c) {
        double const before = bias == no_value ? 0 : static_cast<double>(read<T>(bias, c));
        auto const difference = before - static_cast<double>(read<T>(means, c));
        put(scalar::fma(difference, factors[c], static_cast<double>(read<T>(offsets, c))));
      }
    });
    return {no_value, new_weights, new_bias};
  }

 public:
  constexpr explicit batch_norm_folder(Graph& g) : graph_(&g), budget_(g), uses_(g) {}

  /// Gives the convolution before `n` new weights and the output of `n`, if that can be.
  constexpr bool fold(node const& n) {
    auto& g = *graph_;
    auto const inputs = g.inputs_of(n);
    auto const index = uses_.producer[inputs[0]];
    if (index == value_uses<Graph>::not_a_node || uses_.count[inputs[0]] != 1) return false;
    auto& conv = g.nodes[index];
    if (!is<op::conv>(conv)) return false;
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      if (!is_foldable(g, inputs[i])) return false;
    }
    auto const [x, weights, bias] = operands_of(conv);
    if (!is_foldable(g, weights) || (bias != no_value && !is_foldable(g, bias))) return false;
    auto const& type = g.values[weights].type;
    auto const count = elements_of(type.shape);
    auto const channels = type.shape[0];
    auto const bytes = bytes_of(type.element, saturating_add(count, channels));
    if (!budget_.take(bytes, saturating_add(count, channels))) return false;
    auto const new_inputs = type.element == element_type::float32
                                ? fold_into<float>(n, weights, bias)
                                : fold_into<double>(n, weights, bias);
    value_id const operands[] = {x, new_inputs.weights, new_inputs.bias};
    conv.inputs = {static_cast<std::uint32_t>(g.operands.size()), 3};
    g.operands.append(operands, 3);
    g.operands[conv.outputs.first] = g.outputs_of(n)[0];
    uses_.producer[g.outputs_of(n)[0]] = index;
    return true;
  }

 private:
  Graph* graph_;
  folding_budget<Graph> budget_;
  value_uses<Graph> uses_;
};

/// A batch normalization whose producer is a convolution that nothing else reads moves into its
/// weights and its bias, where all of those are constants. Runs after types are inferred. The
/// result may differ in the last bits: elements of the new weights are rounded once.
///   before   %3 = Conv(%0, %1)   %8 = BatchNormalization(%3, %4, %5, %6, %7)   return %8
///   after    %8 = Conv(%0, %9, %10)   return %8
template <class Graph> constexpr Graph fold_batch_norm(Graph g) {
  if (g.failure) return g;
  bool has_any = false;
  for (auto const& n : g.nodes) has_any = has_any || n.op == id_of<op::batch_normalization>;
  if (!has_any) return g;
  batch_norm_folder folder(g);
  vector<char> is_removed(g.nodes.size(), 0);
  for (std::size_t i = 0; i < g.nodes.size(); ++i) {
    if (is<op::batch_normalization>(g.nodes[i]) && folder.fold(g.nodes[i])) is_removed[i] = 1;
  }
  remove_nodes(g, is_removed);
  return g;
}

INLAY_END_TARGET

// Computes what no input changes.

// Where a program's tensors live while it runs.

INLAY_BEGIN_TARGET

/// An arena of bytes.
struct byte_arena {
  std::byte* bytes;

  template <class T> INLAY_INLINE T* at(std::int64_t offset) const {
    return reinterpret_cast<T*>(bytes + offset);
  }
};

/// The part of a `typed_arena` that holds elements of one type.
template <class T> struct typed_pool {
  vector<T> elements;
};

/// An arena for constant evaluation, in which memory has one type: for each type that is asked for,
/// as many elements of it as fit into the arena.
template <class Types> class typed_arena;

template <class... T> class typed_arena<type_list<T...>> : typed_pool<T>... {
 public:
  constexpr explicit typed_arena(std::int64_t bytes) : bytes_(static_cast<std::size_t>(bytes)) {}

  template <class U> constexpr U* at(std::int64_t offset) {
    auto& elements = static_cast<typed_pool<U>&>(*this).elements;
    if (elements.empty()) elements = vector<U>(bytes_ / sizeof(U), U{});
    return elements.data() + static_cast<std::size_t>(offset) / sizeof(U);
  }

 private:
  std::size_t bytes_;
};

INLAY_END_TARGET

// From a constant's bytes to the elements that kernels read.

namespace inlay::inline INLAY_VERSION {

/// Writes the elements of a weight, as its packing wants them. `T` has the element type's size;
/// what fills up the last panel is left as it is.
template <class T>
constexpr void copy_weight(weight const& w, span<right_operand const> packings, char const* storage,
                           T* to) {
  auto const bytes = w.elements.bytes_in(storage);
  constexpr auto run = static_cast<int>(panel_columns);
  constexpr auto size = static_cast<std::int64_t>(sizeof(T));
  auto const step = w.packing == not_packed ? size : size * column_stride(packings[w.packing]);
  // In few statements, which compilers count.
  auto const copy = [&](std::int64_t at, std::int64_t from, std::int64_t count) {
    count == run
        ? read_run<run>(bytes.data() + from * size, static_cast<std::size_t>(step), to + at)
        : read_each(bytes.data() + from * size, static_cast<std::size_t>(step), to + at,
                    static_cast<int>(count));
  };
  if (w.packing != not_packed) return pack_panels(packings[w.packing], copy);
  auto const count = static_cast<std::int64_t>(bytes.size()) / size;
  for (std::int64_t i = 0; i < count; i += run) copy(i, i, count - i < run ? count - i : run);
}

}  // namespace inlay::inline INLAY_VERSION

// The scalar interpreter, over any memory.

// Steps of element operators in the scalar interpreter.

// Element operators that are chosen at run time, for one element at a time of any type.

INLAY_BEGIN_TARGET

/// An element of any type that is stored, exactly: a real number, or the bits of an integer.
struct any_number {
  double real;
  std::int64_t integer;

  template <class T> INLAY_INLINE static constexpr any_number of(T x) {
    if constexpr (std::floating_point<T>) return {x, 0};
    else return {0, static_cast<std::int64_t>(x)};
  }
  template <class T> INLAY_INLINE constexpr T as() const {
    if constexpr (std::floating_point<T>) return static_cast<T>(real);
    else return static_cast<T>(integer);
  }
};

/// The element function of an operator with these parameters.
using element_code = any_number (*)(std::int64_t const* words, any_number const* operands);

namespace element_codes {

template <class Operator, class Form, class Operands> struct code_of;
template <class Operator, class Form, std::size_t... I>
struct code_of<Operator, Form, std::index_sequence<I...>> {
  static constexpr any_number run(std::int64_t const* words, any_number const* operands) {
    scalar s;
    return any_number::of<typename Form::to>(compute_element<Operator, Form>(
        s, words, operands[I].as<inlay::detail::operand_type<Operator, Form, I>>()...));
  }
};

/// Converted from the widest type that has all numbers of the given one.
template <class T>
using widened =
    std::conditional_t<std::floating_point<T>, double,
                       std::conditional_t<std::signed_integral<T>, std::int64_t, std::uint64_t>>;
template <class Operator, class Form> constexpr auto find_exact_form() {
  using From = typename Form::from;
  using To = typename Form::to;
  if constexpr (inlay::detail::converts<Operator>()) return element_form<widened<From>, To>{};
  else return Form{};
}
template <class Operator, class Form>
using exact_form = decltype(find_exact_form<Operator, Form>());

template <class Operator, class... Form>
constexpr element_code find_form(element_types const& types, type_list<Form...>) {
  using operands =
      std::make_index_sequence<static_cast<std::size_t>(inlay::detail::operands<Operator>())>;
  element_code found = nullptr;
  static_cast<void>(
      ((types == Form::types &&
        (found = &code_of<Operator, exact_form<Operator, Form>, operands>::run, true)) ||
       ...));
  return found;
}
template <class Operator> constexpr element_code find_types(element_types const& types) {
  if constexpr (inlay::detail::is_elementwise<Operator>()) {
    return find_form<Operator>(types, inlay::detail::forms_of<Operator>{});
  } else {
    return nullptr;
  }
}
template <class... Operator>
constexpr element_code find(operator_id op, element_types const& types,
                            operator_list<Operator...>) {
  element_code found = nullptr;
  static_cast<void>(
      ((op == id_of<Operator> && (found = find_types<Operator>(types), true)) || ...));
  return found;
}

}  // namespace element_codes

/// The code of an element operator, for these types. It is compiled for those who name a type.
template <class Any>
constexpr element_code find_element_code(operator_id op, element_types const& types) {
  using list = std::conditional_t<sizeof(Any) != 0, operators, void>;
  return element_codes::find(op, types, list{});
}

INLAY_END_TARGET

// The element operators of a step as one chain, whose first one is a link as the others are.

namespace inlay::inline INLAY_VERSION {

/// How many tensors links read besides results.
constexpr std::uint32_t tensors_read(span<link const> links) {
  std::uint32_t most = 0;
  for (auto const& l : links) {
    auto const tensors = l.operands.tensors();
    if (tensors > most) most = tensors;
  }
  return most;
}

/// Links that read the tensors of a step (-1, -2, …) and what links before them made (1, 2, …).
struct link_chain {
  link of[most_links + 1]{};
  std::size_t count = 0;

  /// The largest of all element types.
  constexpr element_type widest() const {
    auto most = of[0].types.from;
    for (std::size_t i = 0; i < count; ++i) {
      auto const& types = of[i].types;
      if (bits_of(types.from) > bits_of(most)) most = types.from;
      if (bits_of(types.to) > bits_of(most)) most = types.to;
    }
    return most;
  }
  /// How many tensors they read.
  constexpr std::uint32_t tensors() const { return tensors_read({of, count}); }
};

/// The chain of an element operator and the links behind it, as links of its results. The operands
/// of the first one are the first tensors.
constexpr link_chain chain_of(link const& first, std::uint32_t operands, span<link const> behind) {
  link_chain chain;
  auto& head = chain.of[chain.count++];
  head = first;
  head.operands.count = operands;
  auto const count = static_cast<std::int32_t>(operands);
  for (std::int32_t k = 0; k < count; ++k) head.operands.of[k] = -1 - k;
  for (auto const& added : behind) {
    auto& l = chain.of[chain.count++];
    l = added;
    for (std::uint32_t k = 0; k < l.operands.count; ++k) {
      l.operands.of[k] += l.operands.of[k] < 0 ? -count : 1;
    }
  }
  return chain;
}

/// The chain of a structure whose operator computes element by element and takes so many operands:
/// `words` are the structure's, `behind` its links.
constexpr link_chain chain_of(structure const& s, std::int64_t const* words, link const* behind,
                              int operands) {
  link first;
  first.op = s.op;
  first.types = s.types;
  for (std::uint32_t i = 0; i < s.words.count; ++i) first.words.of[i] = words[i];
  return chain_of(first, static_cast<std::uint32_t>(operands), {behind, s.links.count});
}

/// The links that make the first input of a structure's kernel.
constexpr link_chain readers_of(structure const& s, link const* links) {
  link_chain chain;
  for (std::uint32_t i = 0; i < s.readers.count; ++i) {
    chain.of[chain.count++] = links[s.readers.first + i];
  }
  return chain;
}

/// How many tensors are in a step's list instead of its kernel's first input, besides that one.
constexpr std::uint32_t tensors_more(structure const& s, link const* links) {
  auto const count = tensors_read({links + s.readers.first, s.readers.count});
  return count == 0 ? 0 : count - 1;
}

}  // namespace inlay::inline INLAY_VERSION

INLAY_BEGIN_TARGET

/// Runs chains of operators that go element by element, of any element types. A run of elements
/// goes through each operator before the next one does.
template <class Memory> class element_interpreter {
 public:
  /// A step that is one.
  static constexpr void run(program const& p, step const& s, Memory& memory) {
    auto const& what = p.structures[s.structure];
    auto const count = what.layouts.count - 1;
    auto const* const locations = p.locations.data() + s.locations.first;
    auto const chain =
        chain_of(what, p.words.data() + what.words.first, p.links.data() + what.links.first,
                 entry_of<Memory>(what.op).operands);
    auto const* const layouts = p.layouts.data() + what.layouts.first;
    with_type(layouts[count].element, stored_types{}, [&]<class T>(T) {
      run(chain, {layouts, count}, layouts[count], locations, memory,
          memory.template write<T>(locations[count]));
    });
  }
  /// What a chain makes of tensors, at `output`.
  template <class T>
  static constexpr void run(link_chain const& chain, span<layout const> tensors, layout const& to,
                            location const* locations, Memory& memory, T* output) {
    if (elements_of(to.extents) == 0) return;
    element_interpreter(chain, tensors, locations, memory).run(to, output);
  }

 private:
  static constexpr std::int64_t most_in_run = 64;

  constexpr element_interpreter(link_chain const& chain, span<layout const> tensors,
                                location const* locations, Memory& memory)
      : memory_(&memory), locations_(locations), tensors_(tensors), chain_(&chain) {
    for (std::size_t i = 0; i < chain.count; ++i) {
      codes_[i] = find_element_code<Memory>(chain.of[i].op, chain.of[i].types);
    }
  }

  template <class T> constexpr void run(layout const& to, T* output) {
    int const outer = to.extents.size() - 1;
    auto const length = to.extents[outer];
    run_ = length < most_in_run ? length : most_in_run;
    strips_ = vector<any_number>((tensors_.size() + chain_->count) * static_cast<std::size_t>(run_),
                                 any_number{});
    host::loop_nest(to.extents, outer, [&](auto const* at) {
      for (std::int64_t first = 0; first < length; first += run_) {
        auto const left = length - first;
        auto const count = left < run_ ? left : run_;
        run_elements(at, outer, first, count);
        auto const* const from = strip(tensors_.size() + chain_->count - 1);
        auto place = place_of(to, at, outer, first);
        for (std::int64_t i = 0; i < count; ++i, place += to.strides[outer]) {
          output[place] = from[i].template as<T>();
        }
      }
    });
  }

  constexpr void run_elements(std::int64_t const* at, int outer, std::int64_t first,
                              std::int64_t count) {
    for (std::size_t k = 0; k < tensors_.size(); ++k) {
      auto const& t = tensors_[k];
      auto* const to = strip(k);
      with_type(t.element, stored_types{}, [&]<class T>(T) {
        auto const* const from = memory_->template read<T>(locations_[k]);
        auto place = place_of(t, at, outer, first);
        for (std::int64_t i = 0; i < count; ++i, place += t.strides[outer]) {
          to[i] = any_number::of(from[place]);
        }
      });
    }
    for (std::size_t i = 0; i < chain_->count; ++i) run_link(i, count);
  }

  constexpr void run_link(std::size_t number, std::int64_t count) {
    auto const& l = chain_->of[number];
    auto const code = codes_[number];
    auto const* const words = l.words.of;
    any_number const* from[most_operands]{};
    auto const operands = l.operands.count;
    for (std::uint32_t k = 0; k < operands; ++k) {
      auto const operand = l.operands.of[k];
      from[k] = strip(operand < 0 ? static_cast<std::size_t>(-1 - operand)
                                  : tensors_.size() + static_cast<std::size_t>(operand) - 1);
    }
    auto* const to = strip(tensors_.size() + number);
    any_number read[most_operands]{};
    for (std::int64_t i = 0; i < count; ++i) {
      for (std::uint32_t k = 0; k < operands; ++k) read[k] = from[k][i];
      to[i] = code(words, read);
    }
  }

  /// The tensors, then what each link makes.
  constexpr any_number* strip(std::size_t number) {
    return strips_.data() + number * static_cast<std::size_t>(run_);
  }
  static constexpr std::int64_t place_of(layout const& t, std::int64_t const* at, int outer,
                                         std::int64_t first) {
    auto place = first * t.strides[outer];
    for (int i = 0; i < outer; ++i) place += at[i] * t.strides[i];
    return place;
  }

  Memory* memory_;
  location const* locations_;
  span<layout const> tensors_;
  link_chain const* chain_;
  element_code codes_[most_links + 1]{};
  std::int64_t run_ = 0;
  vector<any_number> strips_;
};

INLAY_END_TARGET

// From a structure to the kernel that computes it.

// Convolution over two axes.

// Convolution of each channel by itself.

// What a matrix product and a convolution have in common: sums of products, a tile at a time.

INLAY_BEGIN_TARGET

/// The sums of a tile, row by row.
template <class V, int Count> struct tile_sums {
  V at[Count];
};

/// Calls `body` with the numbers from 0 to `N` - 1, each a constant.
template <int N, class Body> INLAY_INLINE constexpr void unroll(Body&& body) {
  [&]<int... I>(std::integer_sequence<int, I...>) INLAY_INLINE_LAMBDA {
    (body(std::integral_constant<int, I>{}), ...);
  }(std::make_integer_sequence<int, N>{});
}

/// The right-hand operand of a product, which is packed or is not, in panels.
template <class Kernel, class T, class Memory>
INLAY_INLINE constexpr tensor<T, Memory> right_in_panels(Kernel const& k,
                                                         tensor<T, Memory> const& right,
                                                         bool is_packed) {
  if (is_packed) return right;
  auto const panels = in_panels(k.right(right.extents, right.strides));
  return {right.data, panels.extents, panels.strides};
}

/// What the vectors of a tile have as many elements of as one has.
template <tile_shape Tile, class T>
using tile_lane = std::conditional_t<Tile.width == 0, T, narrow<T, Tile.width>>;

/// The columns of a tile, a vector after the other: the panel that each is in, and its position in
/// that and in all columns.
template <class Index, class Position, int Vectors> struct tile_columns {
  Index panel[Vectors];
  Position in_panel[Vectors];
  Position in_all[Vectors];
};

/// Those that start with `panel`, of `count` columns; all are there if `Whole`.
template <class Lane, int Vectors, bool Whole, class S, class Index>
INLAY_INLINE constexpr auto columns_from(S& s, Index panel, Index count) {
  constexpr int width = S::template width<Lane>;
  using position = decltype(s.template lanes_from<Lane, Whole>(panel, panel));
  tile_columns<Index, position, Vectors> columns{};
  unroll<Vectors>([&](auto v) INLAY_INLINE_LAMBDA {
    constexpr int panels = v * width / panel_columns;
    auto const first = (panel + panels) * panel_columns;
    columns.panel[v] = panel + panels;
    columns.in_panel[v] =
        s.template lanes_from<Lane, Whole>(v * width % panel_columns, count - first);
    columns.in_all[v] =
        s.template lanes_from<Lane, Whole>(panel * panel_columns + v * width, count);
  });
  return columns;
}

/// Calls `body(columns)` for tiles of columns that cover `count` columns; the last may overlap the
/// one before.
template <tile_shape Tile, class T, stage S, class Body>
INLAY_INLINE constexpr void loop_columns(S& s, typename S::index count, Body&& body) {
  using element = tile_lane<Tile, T>;
  constexpr int columns = Tile.vectors * S::template width<element>;
  auto const panels = s.divide_up(count, panel_columns);
  if constexpr (columns == 1) {
    s.loop(panels, [&](auto panel) INLAY_INLINE_LAMBDA {
      auto const left = count - panel * panel_columns;
      s.loop(s.smaller(left, panel_columns), [&](auto lane) INLAY_INLINE_LAMBDA {
        using position = typename S::template lanes<T>;
        body(tile_columns<typename S::index, position, 1>{
            {panel}, {{lane}}, {{panel * panel_columns + lane}}});
      });
    });
  } else {
    auto const tile_at = [&](auto panel) INLAY_INLINE_LAMBDA {
      if constexpr (Tile.is_full) {
        body(columns_from<element, Tile.vectors, true>(s, panel, count));
      } else {
        s.if_at_most(panel * panel_columns + columns, count, [&](auto whole) INLAY_INLINE_LAMBDA {
          body(columns_from<element, Tile.vectors, whole.value>(s, panel, count));
        });
      }
    };
    if constexpr (columns % panel_columns != 0) tile_at(typename S::index{0});
    else s.loop_tiles(panels, columns / panel_columns, tile_at);
  }
}

/// A tile of zeros.
template <tile_shape Tile, class T, stage S> INLAY_INLINE constexpr auto no_sums(S& s) {
  auto const zero = s.template splat<T, tile_lane<Tile, T>>(0);
  if constexpr (Tile.rows * Tile.vectors == 1) {
    return zero;
  } else {
    tile_sums<std::remove_const_t<decltype(zero)>, Tile.rows * Tile.vectors> sums;
    for (auto& x : sums.at) x = zero;
    return sums;
  }
}

/// Where the rows of a tile begin, in elements: the first one of each run, and how far the others
/// are from the one before.
template <class Index, int Rows, int Run> struct tile_rows {
  static_assert(Rows % Run == 0);
  Index starts[Rows / Run];
  Index distance;

  template <int Row>
  INLAY_INLINE constexpr Index operator[](std::integral_constant<int, Row>) const {
    // Not by `in_run`: constant evaluation counts calls.
    return starts[Row / Run] + Row % Run * distance;
  }
  template <int Row> INLAY_INLINE constexpr Index in_run(std::integral_constant<int, Row>) const {
    return Row % Run * distance;
  }
};

/// x, in a register if there are several uses of it.
template <int Uses, stage S, class V> INLAY_INLINE constexpr V for_uses(S& s, V const& x) {
  if constexpr (Uses > 1) return s.in_register(x);
  else return x;
}

/// Adds left(row, k) · right(vector, k), fused, to the sums of a tile, which start with `From`.
template <tile_shape Tile, int From, stage S, class Index, class Sums, class Left, class Right>
INLAY_INLINE constexpr void add_products_at(S& s, Index k, Sums& sums, Left const& left,
                                            Right const& right) {
  constexpr std::integral_constant<int, 0> first;
  // What there is less of stays in registers.
  if constexpr (Tile.rows < Tile.vectors) {
    std::remove_cvref_t<decltype(left(first, k))> x[Tile.rows];
    unroll<Tile.rows>([&](auto row) INLAY_INLINE_LAMBDA {
      auto const element = left(row, k);
      x[row] = for_uses<Tile.vectors>(s, element);
    });
    unroll<Tile.vectors>([&](auto v) INLAY_INLINE_LAMBDA {
      auto const loaded = right(v, k);
      auto const w = for_uses<Tile.rows>(s, loaded);
      unroll<Tile.rows>([&](auto row) INLAY_INLINE_LAMBDA {
        auto& sum = sums.at[From + row * Tile.vectors + v];
        sum = s.fma(x[row], w, sum);
      });
    });
  } else {
    std::remove_cvref_t<decltype(right(first, k))> w[Tile.vectors];
    unroll<Tile.vectors>([&](auto v) INLAY_INLINE_LAMBDA {
      auto const loaded = right(v, k);
      w[v] = for_uses<Tile.rows>(s, loaded);
    });
    unroll<Tile.rows>([&](auto row) INLAY_INLINE_LAMBDA {
      auto const element = left(row, k);
      auto const x = for_uses<Tile.vectors>(s, element);
      unroll<Tile.vectors>([&](auto v) INLAY_INLINE_LAMBDA {
        auto& sum = sums.at[From + row * Tile.vectors + v];
        sum = s.fma(x, w[v], sum);
      });
    });
  }
}

/// Adds left(row, k) · right(vector, k) to the sums of a tile, for k in [begin, end), fused.
template <tile_shape Tile, stage S, class Index, class Sums, class Left, class Right>
INLAY_INLINE constexpr Sums accumulate(S& s, Index begin, Index end, Sums const& initial,
                                       Left const& left, Right const& right) {
  constexpr std::integral_constant<int, 0> first;
  if constexpr (Tile.rows * Tile.vectors == 1) {
    return s.fold(begin, end, initial, [&](auto k, auto sum) INLAY_INLINE_LAMBDA {
      auto const x = left(first, k);
      auto const w = right(first, k);
      return s.fma(x, w, sum);
    });
  } else {
    return s.fold(begin, end, initial, [&](auto k, auto sums) INLAY_INLINE_LAMBDA {
      add_products_at<Tile, 0>(s, k, sums, left, right);
      return sums;
    });
  }
}

/// The sums over all k < `count` of left(row, k) · right(vector, k): those of the first half, with
/// the one in the middle, and those of the second, which are added to them.
template <tile_shape Tile, class T, stage S, class Left, class Right>
INLAY_INLINE constexpr auto accumulate_halves(S& s, typename S::index count, Left const& left,
                                              Right const& right) {
  constexpr int of_half = Tile.rows * Tile.vectors;
  constexpr tile_shape both{2 * Tile.rows, Tile.vectors, Tile.width};
  using index = typename S::index;
  auto const middle = s.divide_up(count, 2);
  auto const second = count - middle;
  auto const none = no_sums<both, T>(s);
  auto const pairs = s.fold(index{0}, second, none, [&](auto k, auto so_far) INLAY_INLINE_LAMBDA {
    add_products_at<Tile, 0>(s, k, so_far, left, right);
    add_products_at<Tile, of_half>(s, k + middle, so_far, left, right);
    return so_far;
  });
  auto const sums = s.fold(second, middle, pairs, [&](auto k, auto so_far) INLAY_INLINE_LAMBDA {
    add_products_at<Tile, 0>(s, k, so_far, left, right);
    return so_far;
  });
  if constexpr (of_half == 1) {
    return s.add(sums.at[0], sums.at[1]);
  } else {
    auto total = no_sums<Tile, T>(s);
    unroll<of_half>(
        [&](auto i) INLAY_INLINE_LAMBDA { total.at[i] = s.add(sums.at[i], sums.at[i + of_half]); });
    return total;
  }
}

/// Calls `body(row, vector, sum)` with each sum of a tile.
template <tile_shape Tile, class Sums, class Body>
INLAY_INLINE constexpr void each_sum(Sums& sums, Body&& body) {
  if constexpr (Tile.rows * Tile.vectors == 1) {
    constexpr std::integral_constant<int, 0> first;
    body(first, first, sums);
  } else {
    unroll<Tile.rows>([&](auto row) INLAY_INLINE_LAMBDA {
      unroll<Tile.vectors>(
          [&](auto v) INLAY_INLINE_LAMBDA { body(row, v, sums.at[row * Tile.vectors + v]); });
    });
  }
}

/// A run of the steps of one sum: [begin, end) along each of their axes.
template <class Index> struct steps_range {
  struct place {
    Index rows;
    Index columns;
    Index channels;
  };
  place begin;
  place end;
};

/// Passes as `split_steps` has them, or, where the number of steps is not known, each over some of
/// the channels of one tap.
template <stage S, class Steps>
INLAY_INLINE constexpr auto passes_of(S& s, Steps const& steps, std::int64_t column_bytes) {
  using index = typename S::index;
  auto const rows = s.known(steps.rows, -1);
  auto const columns = s.known(steps.columns, -1);
  auto const channels = s.known(steps.channels, -1);
  if (std::is_same_v<index, std::int64_t> || (rows >= 0 && columns >= 0 && channels >= 0)) {
    auto const known = split_steps({rows, columns, channels}, column_bytes);
    auto const& pass = known.of_pass;
    auto const& count = known.count;
    return product_passes_of<index>{{pass.rows, pass.columns, pass.channels},
                                    {count.rows, count.columns, count.channels},
                                    known.total};
  }
  index const most = (24 << 10) / column_bytes;
  auto const chunks = s.larger(s.divide_up(steps.channels, most), 1);
  return product_passes_of<index>{{1, 1, s.divide_up(steps.channels, chunks)},
                                  {steps.rows, steps.columns, chunks},
                                  steps.rows * steps.columns * chunks};
}

/// The steps of one pass.
template <stage S, class Passes, class Steps, class Index>
INLAY_INLINE constexpr steps_range<Index> pass_at(S& s, Passes const& passes, Steps const& steps,
                                                  Index pass) {
  auto const& size = passes.of_pass;
  auto const tap = pass / passes.count.channels;
  auto const channel = (pass - tap * passes.count.channels) * size.channels;
  auto const line = tap / passes.count.columns;
  auto const column = (tap - line * passes.count.columns) * size.columns;
  auto const row = line * size.rows;
  return {{row, column, channel},
          {s.smaller(row + size.rows, steps.rows), s.smaller(column + size.columns, steps.columns),
           s.smaller(channel + size.channels, steps.channels)}};
}

template <tile_shape Tile, class T, class Memory, stage S, class Index, class Sums>
INLAY_INLINE constexpr void load_sums(S& s, tensor<T, Memory> const& memory, Index slot,
                                      Sums& sums) {
  using element = tile_lane<Tile, T>;
  auto const lanes = s.template lanes_from<element, true>(0, S::template width<element>);
  unroll<Tile.rows * Tile.vectors>(
      [&](auto i) INLAY_INLINE_LAMBDA { sums.at[i] = s.load(memory, slot + i, lanes); });
}
template <tile_shape Tile, class T, class Memory, stage S, class Index, class Sums>
INLAY_INLINE constexpr void store_sums(S& s, tensor<T, Memory> const& memory, Index slot,
                                       Sums const& sums) {
  using element = tile_lane<Tile, T>;
  auto const lanes = s.template lanes_from<element, true>(0, S::template width<element>);
  unroll<Tile.rows * Tile.vectors>(
      [&](auto i) INLAY_INLINE_LAMBDA { s.store(memory, slot + i, lanes, sums.at[i]); });
}

/// Computes the sums of `rows` rows by `columns` columns, a tile at a time; the last tile of rows
/// overlaps the one before. Of the product, `add<Tile>(first, columns, range, sums)` adds the
/// products of these steps to the tile whose first row is given, `finish<Tile>(first, columns,
/// sums)` takes what has come of it. Passes over the steps keep what they read of the right-hand
/// side in the nearest cache; in between, the sums of some tiles wait in memory.
template <tile_shape Tile, class T, stage S, class Product>
INLAY_INLINE constexpr void multiply(S& s, typename S::index rows, typename S::index columns,
                                     product_steps_of<typename S::index> const& steps,
                                     Product const& product) {
  constexpr int sums_of_tile = Tile.rows * Tile.vectors;
  constexpr int width = S::template width<tile_lane<Tile, T>>;
  auto const zero = no_sums<Tile, T>(s);
  steps_range<typename S::index> const all{{0, 0, 0}, {steps.rows, steps.columns, steps.channels}};
  if constexpr (sums_of_tile == 1) {
    loop_columns<Tile, T>(s, columns, [&](auto const& at) INLAY_INLINE_LAMBDA {
      s.loop(rows, [&](auto row) INLAY_INLINE_LAMBDA {
        auto const sums = product.template add<Tile>(row, at, all, zero);
        product.template finish<Tile>(row, at, sums);
      });
    });
  } else {
    // 24 KB of them: what a pass reads of so many rows fits into a cache of the second level.
    constexpr int waiting = (24 << 10) / (sums_of_tile * width * int{sizeof(T)});
    auto const tiles = s.divide_up(rows, Tile.rows);
    // Blocks of nearly the same size: each reads all of the right-hand side.
    auto const blocks = s.divide_up(tiles, waiting);
    auto const of_block = s.divide_up(tiles, s.larger(blocks, 1));
    auto const first_row = [&](auto tile) INLAY_INLINE_LAMBDA {
      return s.smaller(tile * Tile.rows, rows - Tile.rows);
    };
    auto const each_block = [&](auto const& compute) INLAY_INLINE_LAMBDA {
      s.loop(blocks, [&](auto block) INLAY_INLINE_LAMBDA {
        auto const first = block * of_block;
        auto const count = s.smaller(tiles - first, of_block);
        loop_columns<Tile, T>(
            s, columns, [&](auto const& at) INLAY_INLINE_LAMBDA { compute(at, first, count); });
      });
    };
    if constexpr (Tile.is_one_pass) {
      each_block([&](auto const& at, auto first, auto count) INLAY_INLINE_LAMBDA {
        s.loop(count, [&](auto i) INLAY_INLINE_LAMBDA {
          auto const row = first_row(first + i);
          auto const sums = product.template add<Tile>(row, at, all, zero);
          product.template finish<Tile>(row, at, sums);
        });
      });
    } else {
      auto const passes = passes_of(s, steps, Tile.vectors * width * int{sizeof(T)});
      typename S::template workspace<T, waiting * sums_of_tile * width> memory(s);
      auto const sums_in_memory = memory.rows(width);
      each_block([&](auto const& at, auto first, auto count) INLAY_INLINE_LAMBDA {
        s.loop(passes.total, [&](auto pass) INLAY_INLINE_LAMBDA {
          auto const part = pass_at(s, passes, steps, pass);
          s.loop(count, [&](auto i) INLAY_INLINE_LAMBDA {
            auto const row = first_row(first + i);
            auto const slot = i * sums_of_tile;
            auto const before = s.if_at_most(1, pass, [&](auto are_some) INLAY_INLINE_LAMBDA {
              auto sums = zero;
              if constexpr (are_some.value) load_sums<Tile, T>(s, sums_in_memory, slot, sums);
              return sums;
            });
            auto const sums = product.template add<Tile>(row, at, part, before);
            s.if_at_most(passes.total - 1, pass, [&](auto are_all) INLAY_INLINE_LAMBDA {
              if constexpr (are_all.value) product.template finish<Tile>(row, at, sums);
              else store_sums<Tile, T>(s, sums_in_memory, slot, sums);
            });
          });
        });
      });
    }
  }
}

/// The tile that a kernel was asked for, or else the smallest one.
template <tile_shape Tile, class T, class S>
inline constexpr tile_shape tile_or_least =
    Tile.rows != 0 ? Tile : least_tile(S::template width<T>);

INLAY_END_TARGET

// What a window looks at.

INLAY_BEGIN_TARGET

/// The part of a window that lies on the input: its elements [begin, end), where element k looks at
/// input first + k·dilation.
template <class Index> struct taps {
  Index first;
  Index begin;
  Index end;
};

/// size 3, stride 2, pad 1, output 0 of 5 inputs → first -1, elements [1, 3)
template <stage S, class Index>
INLAY_INLINE constexpr taps<Index> taps_of(S& s, window_along<Index> const& w, Index output,
                                           Index inputs) {
  auto const first = output * w.stride - w.pad;
  auto const begin = s.divide_up(-first, w.dilation);
  auto const reached = s.divide_up(inputs - first, w.dilation);
  auto const end = s.smaller(reached, w.size);
  return {first, begin, end};
}

/// Whether the windows of all outputs are known to lie on the input as a whole.
template <stage S>
INLAY_INLINE constexpr bool are_inside(S& s, window_along<typename S::index> const& w,
                                       typename S::index inputs, typename S::index outputs) {
  auto const known_inputs = s.known(inputs, -1);
  auto const known_outputs = s.known(outputs, -1);
  constexpr std::int64_t none = INT64_MIN;
  window_axis const known{w.size, w.stride, w.dilation, s.known(w.pad, none)};
  return known_inputs >= 0 && known_outputs >= 0 && known.pad != none &&
         is_inside(known, known_inputs, known_outputs);
}

/// `whole_outputs`: outputs [begin, end), whose windows lie on the input as a whole.
template <stage S>
INLAY_INLINE constexpr taps<typename S::index> windows_inside(
    S& s, window_along<typename S::index> const& w, typename S::index inputs,
    typename S::index outputs) {
  auto const end = s.divide_up(inputs + (w.pad - (w.size - 1) * w.dilation), w.stride);
  auto const last = s.smaller(end, outputs);
  auto const begin = s.smaller(s.divide_up(w.pad, w.stride), last);
  return {0, begin, last};
}

/// Folds over the elements of a window in order: `body(k, true, sums)` for those on the input, with
/// `false` for those on the padding.
template <stage S, class Index, class Sums, class Body>
INLAY_INLINE constexpr Sums fold_taps(S& s, taps<Index> const& taps, std::int64_t size,
                                      Sums const& initial, Body const& body) {
  auto const begin = s.smaller(taps.begin, size);
  auto const end = s.larger(taps.end, begin);
  auto const before = s.fold(Index{0}, begin, initial, [&](auto k, auto sums) INLAY_INLINE_LAMBDA {
    return body(k, std::false_type{}, sums);
  });
  auto const inside = s.fold(begin, end, before, [&](auto k, auto sums) INLAY_INLINE_LAMBDA {
    return body(k, std::true_type{}, sums);
  });
  return s.fold(end, Index{size}, inside, [&](auto k, auto sums) INLAY_INLINE_LAMBDA {
    return body(k, std::false_type{}, sums);
  });
}

/// What an output looks at; without comparisons where all windows lie on the input as a whole.
template <stage S, class Index>
INLAY_INLINE constexpr taps<Index> taps_at(S& s, window_along<Index> const& w, Index output,
                                           Index inputs, bool is_inside) {
  if (is_inside) return {output * w.stride - w.pad, 0, w.size};
  return taps_of(s, w, output, inputs);
}

INLAY_END_TARGET

// Where the sums of a tile go: through the epilogue, into a tensor.

INLAY_BEGIN_TARGET

/// A tile in one tensor: where its rows begin, and how far its columns are apart, in elements.
template <class Rows, class Index> struct tile_place {
  Rows rows;
  Index column;
};

/// Stores what the epilogue makes of the sums of a tile: of `finish(row, columns, sum)`, where
/// `place_of(strides)` is the tile's place in a tensor.
template <tile_shape Tile, stage S, class Results, class Columns, class Sums, class PlaceOf,
          class Finish>
INLAY_INLINE constexpr void write_tile(S& s, Results const& to, Columns const& columns,
                                       Sums const& sums, PlaceOf const& place_of,
                                       Finish const& finish) {
  decltype(place_of(to.y.strides)) places[Results::tensors];
  if constexpr (requires { to.tape.is_short(); }) {
    for (int t = 0; t <= to.count(); ++t) places[t] = place_of(to.strides(t));
  } else {
    unroll<Results::tensors>([&](auto t)
                                 INLAY_INLINE_LAMBDA { places[t] = place_of(to.strides(t)); });
  }
  auto finished = sums;
  each_sum<Tile>(finished, [&](auto i, auto v, auto& sum)
                               INLAY_INLINE_LAMBDA { sum = finish(i, columns.in_all[v], sum); });
  if constexpr (requires { to.tape.is_short(); }) {
    if (goes_by_strips(to)) {
      return to.tape.template write_tile<Tile>(s, to, columns, finished, places);
    }
  }
  auto const tape = tape_of(s, to);
  each_sum<Tile>(finished, [&](auto i, auto v, auto const& x) INLAY_INLINE_LAMBDA {
    auto const at = [&](auto t, int number, auto const& access) INLAY_INLINE_LAMBDA {
      t.strides = {1, places[number].column};
      return access(t, places[number].rows[i], columns.in_all[v]);
    };
    write(s, to, tape, x, at);
  });
}

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// Whether a depthwise convolution has such a tile: `product` says that it has one column. Others
/// have no code for it.
constexpr bool may_be_depthwise(tile_shape const& tile) {
  return tile.vectors < 2 && !tile.is_full && !tile.is_pooled;
}

/// Whether it loads a pixel once for all windows that look at it. In so much straight code GCC 12
/// would look no longer for the strides, which are constants, and compute every address.
#if defined(__clang__)
inline constexpr bool shares_pixels = true;
#else
inline constexpr bool shares_pixels = false;
#endif

/// The tile with which it computes then: some outputs side by side, by one vector of channels; not
/// more than eight if it loads pixels for each. So many sums hide how long a multiply-add takes,
/// and leave registers for the rest.   {14, 2} → {7, 1}
constexpr tile_shape depthwise_tile(tile_shape tile) {
  tile.vectors = 1;
  tile.width = 0;
  if (tile.rows == 0) tile.rows = 1;
  if (!shares_pixels) tile.taps = 0;
  while (tile.taps == 0 && tile.rows > 8) tile.rows /= 2;
  return tile;
}

/// A vector of channels: the panel that it is in, and its position in that and in all channels.
template <class Index, class Position> struct channel_lanes {
  Index panel;
  Position in_panel;
  Position in_all;
};

/// The tensors of a depthwise convolution: c channels, m outputs of each.
template <class T, class S, class Results> struct depthwise_images {
  using index = typename S::index;

  S& s;
  convolution_along<index> const& k;
  tensor_of<S, T const> const& x;        // [n, c, h, w]
  tensor_of<S, T const> const& weights;  // [m, c/16, 16, rows, columns, 1]
  tensor_of<S, T const> const& bias;     // [c, m]
  Results const& to;                     // [n, c, m, p, q]

  /// The outputs of a tile that starts at row p and column q of image n, whose windows have these
  /// taps on the input: of all channels.
  template <tile_shape Tile>
  INLAY_INLINE constexpr void compute(index n, index p, index q, taps<index> const& rows,
                                      taps<index> const& columns) const {
    constexpr tile_shape lanes = least_tile(S::template width<T>);
    loop_columns<lanes, T>(s, to.y.extents[1], [&](auto const& some) INLAY_INLINE_LAMBDA {
      for (std::size_t v = 0; v < std::extent_v<decltype(some.panel)>; ++v) {
        channel_lanes const c{some.panel[v], some.in_panel[v], some.in_all[v]};
        tile_columns<index, decltype(c.in_all), 1> const all{{c.panel}, {c.in_panel}, {c.in_all}};
        s.loop(to.y.extents[2], [&](auto m) INLAY_INLINE_LAMBDA {
          auto const sums = add_all<Tile>(c, n, m, rows, columns);
          auto const place_of = [&](auto const& by) INLAY_INLINE_LAMBDA {
            auto const start = n * by[0] + m * by[2] + p * by[3] + q * by[4];
            return tile_place{tile_rows<index, Tile.rows, Tile.rows>{{start}, by[4]}, by[1]};
          };
          write_tile<Tile>(s, to, all, sums, place_of,
                           [&](auto, auto, auto sum) INLAY_INLINE_LAMBDA {
                             if (bias.data == nullptr) return sum;
                             auto const offset = s.load(bias, c.in_all, m);
                             return s.add(sum, offset);
                           });
        });
      }
    });
  }

  /// Output number m of some channels: the sums over all taps, in order.
  template <tile_shape Tile, class Channels>
  INLAY_INLINE constexpr auto add_all(Channels const& c, index n, index m, taps<index> const& rows,
                                      taps<index> const& columns) const {
    auto const zero = s.template splat<T>(0);
    auto const none = no_sums<Tile, T>(s);
    auto const add = [&](auto ky, auto kx, auto sums, auto const& pixel) INLAY_INLINE_LAMBDA {
      auto const loaded = s.load(weights, m, c.panel, c.in_panel, ky, kx, index{0});
      auto const w = for_uses<Tile.rows>(s, loaded);
      if constexpr (Tile.rows == 1) {
        auto const a = pixel(std::integral_constant<int, 0>{});
        return s.fma(a, w, sums);
      } else {
        unroll<Tile.rows>([&](auto i) INLAY_INLINE_LAMBDA {
          auto const a = pixel(i);
          sums.at[i] = s.fma(a, w, sums.at[i]);
        });
        return sums;
      }
    };
    return fold_taps(
        s, rows, k.rows.size, none, [&](auto ky, auto is_row, auto above) INLAY_INLINE_LAMBDA {
          auto const row = rows.first + ky * k.rows.dilation;
          if constexpr (is_row.value && Tile.taps > 0 && Tile.rows > 1) {
            return add_row<Tile>(c, n, m, ky, row, columns.first, above);
          } else {
            return fold_taps(s, columns, k.columns.size, above,
                             [&](auto kx, auto is_column, auto before) INLAY_INLINE_LAMBDA {
                               auto const column = columns.first + kx * k.columns.dilation;
                               return add(ky, kx, before, [&](auto i) INLAY_INLINE_LAMBDA {
                                 if constexpr (!is_row.value || !is_column.value) return zero;
                                 else
                                   return s.load(x, n, c.in_all, row,
                                                 column + i * k.columns.stride);
                               });
                             });
          }
        });
  }

  /// Adds one row of the windows, which lie on the input as a whole: each pixel to all sums that it
  /// is part of. Those get their products in the order of the window's columns.
  template <tile_shape Tile, class Channels, class Sums>
  INLAY_INLINE constexpr Sums add_row(Channels const& c, index n, index m, index ky, index row,
                                      index column, Sums sums) const {
    std::remove_cvref_t<decltype(sums.at[0])> w[Tile.taps];
    unroll<Tile.taps>([&](auto kx) INLAY_INLINE_LAMBDA {
      auto const loaded = s.load(weights, m, c.panel, c.in_panel, ky, index{kx}, index{0});
      w[kx] = s.in_register(loaded);
    });
    unroll<Tile.rows - 1 + Tile.taps>([&](auto p) INLAY_INLINE_LAMBDA {
      auto const loaded = s.load(x, n, c.in_all, row, column + p);
      auto const pixel = s.in_register(loaded);
      unroll<Tile.taps>([&](auto kx) INLAY_INLINE_LAMBDA {
        constexpr int i = p - kx;
        if constexpr (i >= 0 && i < Tile.rows) sums.at[i] = s.fma(pixel, w[kx], sums.at[i]);
      });
    });
    return sums;
  }

  /// The outputs of one row: in tiles where windows lie on the input as a whole, else one by one.
  template <tile_shape Tile>
  INLAY_INLINE constexpr void compute_row(index n, index p, taps<index> const& rows) const {
    taps<index> whole{0, 0, 0};
    if constexpr (Tile.rows > 1)
      whole = windows_inside(s, k.columns, x.extents[3], to.y.extents[4]);
    auto const count = whole.end - whole.begin;
    if constexpr (Tile.rows > 1) {
      s.loop_tiles(count, Tile.rows, [&](auto i) INLAY_INLINE_LAMBDA {
        auto const q = whole.begin + i;
        compute<Tile>(n, p, q, rows, taps_at(s, k.columns, q, x.extents[3], true));
      });
    }
    if constexpr (!Tile.is_inside || Tile.rows == 1) {
      constexpr tile_shape one{1, 1};
      bool const are_inside = Tile.is_inside;
      s.loop(to.y.extents[4] - count, [&](auto i) INLAY_INLINE_LAMBDA {
        auto const steps_behind = s.larger(i - whole.begin + 1, 0);
        auto const q = i + count * s.smaller(steps_behind, 1);
        compute<one>(n, p, q, rows, taps_at(s, k.columns, q, x.extents[3], are_inside));
      });
    }
  }
};

/// A convolution for which `is_depthwise` holds.
/// *Order*: from +0, rows of the window, then its columns, each ascending, fused; the bias is added
/// last. A tap on the padding is a product with +0.
/// *Shapes*: x [n, c, h, w], weights [c·m, 1, rows, columns] or, in panels, [m, c/16, 16, rows,
/// columns, 1], bias [c·m] or none, y [n, c·m, p, q]. `Tile` has no more rows than `whole_outputs`
/// of the outputs; its taps, if it has any, are those of columns without stride and dilation.
template <tile_shape Tile, class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run_depthwise(S& s, convolution_along<typename S::index> const& k,
                                          tensor<T const, Memory> const& x,
                                          tensor<T const, Memory> const& weights,
                                          tensor<T const, Memory> const& bias,
                                          Results const& results) {
  auto const& to = results_to(results);
  auto const& y = to.y;
  constexpr auto tile = depthwise_tile(Tile);
  bool const is_packed = weights.extents.size() > y.extents.size();
  auto const panels = right_in_panels(k, weights, is_packed);
  auto const channels = x.extents[1];
  auto const multiple = y.extents[1] / k.groups;
  typename S::index by_channel = 0;
  if (bias.strides.size() != 0) by_channel = bias.strides[0];
  tensor<T const, Memory> const offsets{
      bias.data, {channels, multiple}, {multiple * by_channel, by_channel}};
  // GCC 12 knows the numbers of a shape that is made in its place, not those of a copy.
  auto const outputs = to.seen([&](auto const& t) INLAY_INLINE_LAMBDA {
    auto const& n = y.extents;
    auto const& by = t.strides;
    return std::remove_cvref_t<decltype(t)>{t.data,
                                            {n[0], channels, multiple, n[2], n[3]},
                                            {by[0], multiple * by[1], by[1], by[2], by[3]}};
  });
  depthwise_images<T, S, std::remove_cvref_t<decltype(to)>> const images{s,      k,       x,
                                                                         panels, offsets, outputs};
  bool const rows_inside = are_inside(s, k.rows, x.extents[2], y.extents[2]);
  s.loop(y.extents[0], [&](auto n) INLAY_INLINE_LAMBDA {
    s.loop(y.extents[2], [&](auto p) INLAY_INLINE_LAMBDA {
      auto const rows = taps_at(s, k.rows, p, x.extents[2], rows_inside);
      images.template compute_row<tile>(n, p, rows);
    });
  });
}

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// Where the rows of a pooled tile begin, in elements: the first one of each run, and how far a
/// pixel is from the one beside it and from the one below.
template <class Index, int Rows, int Run> struct pooled_rows {
  static_assert(Rows % Run == 0 && Run % 4 == 0);
  Index starts[Rows / Run];
  Index column;
  Index line;

  template <int Row>
  INLAY_INLINE constexpr Index operator[](std::integral_constant<int, Row> row) const {
    return starts[Row / Run] + in_run(row);
  }
  template <int Row> INLAY_INLINE constexpr Index in_run(std::integral_constant<int, Row>) const {
    constexpr int across = Row % Run / 4 * 2 + Row % 2;
    constexpr int down = Row / 2 % 2;
    return down * line + across * column;
  }
};

/// One group of one image: its channels, its weights, its outputs.
template <class T, class S, class Results> struct convolution_group {
  using index = typename S::index;

  S& s;
  convolution_along<index> const& k;
  tensor_of<S, T const> const& x;      // [c, h, w]
  tensor_of<S, T const> const& right;  // [o/16, 16, rows, columns, c]
  Results const& to;                   // [o, p, q]
  tensor_of<S, T const> const& bias;   // of all groups, or none
  index first_output;

  /// Offsets of a tile's outputs, which are counted along the rows of the image: `row` elements a
  /// row of it, `column` elements a column.
  template <int Rows, int Run>
  INLAY_INLINE constexpr auto places(index first, index row, index column) const {
    tile_rows<index, Rows, Run> rows{{}, column};
    auto const width = to.y.extents[2];
    unroll<Rows / Run>([&](auto i) INLAY_INLINE_LAMBDA {
      auto const output = first + i * Run;
      auto const p = output / width;
      rows.starts[i] = p * row + (output - p * width) * column;
    });
    return rows;
  }
  /// The same of what windows look at; of each output of a pooled tile four.
  template <tile_shape Tile>
  INLAY_INLINE constexpr auto pixels_of(index first, index row, index column) const {
    if constexpr (Tile.is_pooled) {
      auto const pooled = places<Tile.rows / 4, Tile.run / 4>(first / 4, 2 * row, 2 * column);
      pooled_rows<index, Tile.rows, Tile.run> rows{{}, column, row};
      unroll<Tile.rows / Tile.run>([&](auto i)
                                       INLAY_INLINE_LAMBDA { rows.starts[i] = pooled.starts[i]; });
      return rows;
    } else {
      return places<Tile.rows, Tile.run>(first, row, column);
    }
  }

  /// Adds a part of the products to the sums of the outputs from `first` on.
  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr Sums add(index first, Columns const& columns,
                                  steps_range<index> const& part, Sums const& sums) const {
    if constexpr (!Tile.is_inside) return add_at_edge<Tile>(first, columns, sums);
    auto const pixels =
        pixels_of<Tile>(first, k.rows.stride * x.strides[1], k.columns.stride * x.strides[2]);
    if constexpr (Tile.is_dynamic && Tile.rows * Tile.vectors > 1) {
      return add_in_one_loop<Tile>(pixels, columns, part, sums);
    }
    auto const row = k.rows.dilation * x.strides[1];
    auto const column = k.columns.dilation * x.strides[2];
    return s.fold(
        part.begin.rows, part.end.rows, sums, [&](auto ky, auto row_sums) INLAY_INLINE_LAMBDA {
          return s.fold(part.begin.columns, part.end.columns, row_sums,
                        [&](auto kx, auto tap_sums) INLAY_INLINE_LAMBDA {
                          auto const tap = ky * row + kx * column;
                          auto at = pixels;
                          unroll<std::extent_v<decltype(at.starts)>>(
                              [&](auto i) INLAY_INLINE_LAMBDA { at.starts[i] += tap; });
                          return accumulate<Tile>(s, part.begin.channels, part.end.channels,
                                                  tap_sums, pixel_at<tile_lane<Tile, T>>(at),
                                                  weight_at(columns, ky, kx));
                        });
        });
  }

  /// The same in one loop: where rows, columns and channels are few, loops within loops would take
  /// longer to start than to run.
  template <tile_shape Tile, class Rows, class Columns, class Sums>
  INLAY_INLINE constexpr Sums add_in_one_loop(Rows const& first, Columns const& columns,
                                              steps_range<index> const& part,
                                              Sums const& sums) const {
    auto const& of_x = x.strides;
    auto const& of_weights = right.strides;
    struct axis {
      index count;
      index pixels;
      index weights;
    };
    axis const channel{part.end.channels - part.begin.channels, of_x[0], of_weights[4]};
    axis const column{part.end.columns - part.begin.columns, k.columns.dilation * of_x[2],
                      of_weights[3]};
    axis const row{part.end.rows - part.begin.rows, k.rows.dilation * of_x[1], of_weights[2]};
    auto const start = [&](auto offset) INLAY_INLINE_LAMBDA {
      return part.begin.rows * offset(row) + part.begin.columns * offset(column) +
             part.begin.channels * offset(channel);
    };
    using pointer = decltype(x.data);
    constexpr int runs = std::extent_v<decltype(first.starts)>;
    constexpr int run = Tile.rows / runs;
    pointer pixels[runs];
    auto const from_pixel = start([](axis const& a) INLAY_INLINE_LAMBDA { return a.pixels; });
    unroll<runs>([&](auto i)
                     INLAY_INLINE_LAMBDA { pixels[i] = x.data + (first.starts[i] + from_pixel); });
    pointer weights =
        right.data + start([](axis const& a) INLAY_INLINE_LAMBDA { return a.weights; });
    auto const advance = [&](index by_pixels, index by_weights) INLAY_INLINE_LAMBDA {
      unroll<runs>([&](auto i) INLAY_INLINE_LAMBDA { pixels[i] += by_pixels; });
      weights += by_weights;
    };
    auto const pixel = [&](auto i, auto) INLAY_INLINE_LAMBDA {
      tensor_of<S, T const> of_run{pixels[i / run], {}, {1}};
      return s.template broadcast<tile_lane<Tile, T>>(of_run, first.in_run(i));
    };
    auto const panel = of_weights[0];
    auto const weight = [&](auto v, auto) INLAY_INLINE_LAMBDA {
      tensor_of<S, T const> panels{weights, {}, {panel, 1}};
      return s.load(panels, columns.panel[v.value], columns.in_panel[v.value]);
    };
    index channels = channel.count;  // that are left of this column
    index across = column.count;     // columns that are left of this row
    auto const steps = row.count * column.count * channel.count;
    return s.fold(index{0}, steps, sums, [&](auto, auto so_far) INLAY_INLINE_LAMBDA {
      add_products_at<Tile, 0>(s, index{0}, so_far, pixel, weight);
      advance(channel.pixels, channel.weights);
      channels -= 1;
      s.if_at_most(channels, 0, [&](auto is_column) INLAY_INLINE_LAMBDA {
        if constexpr (is_column.value) {
          advance(column.pixels - channel.count * channel.pixels,
                  column.weights - channel.count * channel.weights);
          channels = channel.count;
          across -= 1;
          s.if_at_most(across, 0, [&](auto is_row) INLAY_INLINE_LAMBDA {
            if constexpr (is_row.value) {
              advance(row.pixels - column.count * column.pixels,
                      row.weights - column.count * column.weights);
              across = column.count;
            }
          });
        }
      });
      return so_far;
    });
  }

  /// Adds all products to the sums of one output, whose window may hang over the image.
  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr Sums add_at_edge(index output, Columns const& columns,
                                          Sums const& sums) const {
    auto const p = output / to.y.extents[2];
    auto const q = output - p * to.y.extents[2];
    auto const rows = taps_of(s, k.rows, p, x.extents[1]);
    auto const across = taps_of(s, k.columns, q, x.extents[2]);
    auto const zero = s.template splat<T, tile_lane<Tile, T>>(0);
    return fold_taps(
        s, rows, k.rows.size, sums, [&](auto ky, auto is_row, auto row_sums) INLAY_INLINE_LAMBDA {
          auto const row = (rows.first + ky * k.rows.dilation) * x.strides[1];
          return fold_taps(s, across, k.columns.size, row_sums,
                           [&](auto kx, auto is_column, auto tap_sums) INLAY_INLINE_LAMBDA {
                             auto const weights = weight_at(columns, ky, kx);
                             if constexpr (is_row.value && is_column.value) {
                               auto const column =
                                   (across.first + kx * k.columns.dilation) * x.strides[2];
                               tile_rows<index, 1, 1> const at{{row + column}, 0};
                               return accumulate<Tile>(s, index{0}, index{x.extents[0]}, tap_sums,
                                                       pixel_at<tile_lane<Tile, T>>(at), weights);
                             } else {
                               return accumulate<Tile>(
                                   s, index{0}, index{x.extents[0]}, tap_sums,
                                   [&](auto, auto) INLAY_INLINE_LAMBDA { return zero; }, weights);
                             }
                           });
        });
  }

  /// Adds the bias and stores these outputs.
  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr void finish(index first, Columns const& columns, Sums const& sums) const {
    if constexpr (Tile.is_pooled) return finish_pooled<Tile>(first, columns, sums);
    auto const place_of = [&](auto const& by) INLAY_INLINE_LAMBDA {
      return tile_place{places<Tile.rows, Tile.run>(first, by[1], by[2]), by[0]};
    };
    write_tile<Tile>(s, to, columns, with_bias<Tile>(columns, sums), place_of,
                     [&](auto, auto, auto sum) INLAY_INLINE_LAMBDA { return sum; });
  }

  /// Stores of four outputs each the largest, once they have their bias and the epilogue.
  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr void finish_pooled(index first, Columns const& columns,
                                            Sums const& sums) const {
    auto const& strides = to.y.strides;
    auto const pixels = places<Tile.rows / 4, Tile.run / 4>(first / 4, strides[1], strides[2]);
    tensor_of<S, T> outputs{to.y.data, {}, {1, strides[0]}};
    auto const all = with_bias<Tile>(columns, sums);
    auto const store_with = [&](auto const& tape) INLAY_INLINE_LAMBDA {
      unroll<Tile.rows / 4>([&](auto i) INLAY_INLINE_LAMBDA {
        unroll<Tile.vectors>([&](auto v) INLAY_INLINE_LAMBDA {
          auto const output = [&](auto row) INLAY_INLINE_LAMBDA {
            auto const sum = all.at[row * Tile.vectors + v];
            return tape.template apply<T>(s, sum, [&](auto) INLAY_INLINE_LAMBDA { return sum; });
          };
          auto largest = output(4 * i);
          unroll<3>([&](auto other) INLAY_INLINE_LAMBDA {
            auto const next = output(4 * i + 1 + other);
            largest = s.max(next, largest);
          });
          s.store(outputs, pixels[i], columns.in_all[v], largest);
        });
      });
    };
    if constexpr (requires { to.tape.is_short(); }) {
      if (goes_by_strips(to)) return store_with(to.tape);
    }
    store_with(tape_of(s, to));
  }

 private:
  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr Sums with_bias(Columns const& columns, Sums sums) const {
    if (bias.data == nullptr) return sums;
    unroll<Tile.vectors>([&](auto v) INLAY_INLINE_LAMBDA {
      auto const channel = s.shift(columns.in_all[v], first_output);
      auto const offset = s.load(bias, channel);
      if constexpr (Tile.rows * Tile.vectors == 1) {
        sums = s.add(sums, offset);
      } else {
        unroll<Tile.rows>([&](auto row) INLAY_INLINE_LAMBDA {
          auto& sum = sums.at[row * Tile.vectors + v];
          sum = s.add(sum, offset);
        });
      }
    });
    return sums;
  }
  template <class Lane, class Rows> INLAY_INLINE constexpr auto pixel_at(Rows const& rows) const {
    tensor_of<S, T const> steps{x.data, {}, {1, x.strides[0]}};
    return [this, steps, &rows](auto i, auto c)
               INLAY_INLINE_LAMBDA { return s.template broadcast<Lane>(steps, rows[i], c); };
  }
  template <class Columns>
  INLAY_INLINE constexpr auto weight_at(Columns const& columns, index ky, index kx) const {
    return [this, &columns, ky, kx](auto v, auto c) INLAY_INLINE_LAMBDA {
      return s.load(right, columns.panel[v.value], columns.in_panel[v.value], ky, kx, c);
    };
  }
};

/// Where windows hang over the image, a tile is one output, computed in one pass.
constexpr tile_shape one_row_at_edges(tile_shape tile) {
  if (!tile.is_inside) {
    tile.rows = 1;
    tile.is_one_pass = true;
  }
  return tile;
}

/// Images as those of their groups: [n, g·c, h, w] → [n, g, c, h, w].
template <class T, class Memory>
INLAY_INLINE constexpr tensor<T, Memory> in_groups(tensor<T, Memory> const& x,
                                                   std::int64_t groups) {
  auto const channels = x.extents[1] / groups;
  return {x.data,
          {x.extents[0], groups, channels, x.extents[2], x.extents[3]},
          {x.strides[0], channels * x.strides[1], x.strides[1], x.strides[2], x.strides[3]}};
}

/// A convolution by weights in panels, [groups, o/groups/16, 16, rows, columns, c].
template <tile_shape Tile, class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void convolve(S& s, convolution_along<typename S::index> const& k,
                                     tensor<T const, Memory> const& x,
                                     tensor<T const, Memory> const& panels,
                                     tensor<T const, Memory> const& bias, Results const& y) {
  auto const& to = results_to(y);
  auto const images = in_groups(x, k.groups);
  auto const all_results =
      to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return in_groups(t, k.groups); });
  product_steps_of<typename S::index> const steps{k.rows.size, k.columns.size, panels.extents[5]};
  constexpr int of_result = Tile.is_pooled ? 4 : 1;
  auto const outputs = of_result * to.y.extents[2] * to.y.extents[3];
  s.loop(to.y.extents[0], [&](auto n) INLAY_INLINE_LAMBDA {
    s.loop(k.groups, [&](auto g) INLAY_INLINE_LAMBDA {
      typename S::index const at[] = {n, g};
      auto const image = s.slice(images, at, 2);
      auto const right = s.slice(panels, at + 1, 1);
      auto const result =
          all_results.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, at, 2); });
      auto const first_output = g * result.y.extents[0];
      convolution_group<T, S, std::remove_cvref_t<decltype(to)>> const group{
          s, k, image, right, result, bias, first_output};
      multiply<Tile, T>(s, outputs, result.y.extents[0], steps, group);
    });
  });
}

/// *Order*: from +0, rows of the window, then its columns, then input channels, each ascending,
/// fused; the padding is +0; the bias is added last. Of a pooled tile the results are those of a
/// largest pooling of 2x2 without padding over what the tape makes of the outputs.
/// *Shapes*: x [n, groups·c, h, w], weights [o, c, rows, columns] or, in panels, [groups,
/// o/groups/16, 16, rows, columns, c], bias [o] or none, y [n, o, p, q]. `Tile` has no more rows
/// than there are outputs in an image, or one where windows hang over it, and no more panels than
/// the outputs of a group fill; it is pooled only where none hangs over it.
template <tile_shape Tile = tile_shape{}, class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, convolution_along<typename S::index> const& k,
                                tensor<T const, Memory> const& x,
                                tensor<T const, Memory> const& weights,
                                tensor<T const, Memory> const& bias, Results const& y) {
  auto const& to = results_to(y);
  auto const channels = to.y.extents[1];
  if constexpr (may_be_depthwise(Tile)) {
    if (is_depthwise(k.groups, x.extents[1] / k.groups, channels / k.groups)) {
      return run_depthwise<Tile>(s, k, x, weights, bias, to);
    }
  }
  constexpr auto tile = one_row_at_edges(tile_or_least<Tile, T, S>);
  bool const is_packed = weights.extents.size() > to.y.extents.size();
  convolve<tile>(s, k, x, right_in_panels(k, weights, is_packed), bias, to);
}

INLAY_END_TARGET

// Applies an operator's element function everywhere.

INLAY_BEGIN_TARGET

/// y[i] = compute(x0[i], x1[i], …), as many elements at a time as a vector of `Lane` holds: the
/// largest type of all that is computed.
/// *Shapes*: all of the same rank, at least 1; an input that repeats along an axis has a stride of
/// 0 there.
template <class Lane, stage S, class Compute, class T, class Memory, class... Input>
INLAY_INLINE constexpr void each_element(S& s, Compute const& compute, tensor<T, Memory> const& y,
                                         tensor<Input const, Memory> const&... x) {
  int const outer = y.extents.size() - 1;
  s.loop_nest(y.extents, outer, [&](auto at) INLAY_INLINE_LAMBDA {
    // Braces evaluate from left to right.
    auto const rows = pack{s.slice(x, at, outer)...};
    auto const row = s.slice(y, at, outer);
    s.template loop_lanes<Lane>(row.extents[0], [&](auto j) INLAY_INLINE_LAMBDA {
      auto const read = [&](auto const&... input)
                            INLAY_INLINE_LAMBDA { return pack{s.load_or_broadcast(input, j)...}; };
      auto const elements = apply_pack(read, rows);
      auto const result = apply_pack(compute, elements);
      s.store(row, j, result);
    });
  });
}

/// y[i] = Operator::element(x0[i], x1[i], …) for elements of `T`, with these parameters.
template <class Operator, class T, class Memory, stage S, class... Input>
INLAY_INLINE constexpr void elementwise(S& s, element_words const& words,
                                        tensor<T, Memory> const& y,
                                        tensor<Input const, Memory> const&... x) {
  auto const compute = [&](auto const&... element) INLAY_INLINE_LAMBDA {
    return compute_element<Operator, element_form<T>>(s, words.of, element...);
  };
  each_element<T>(s, compute, y, x...);
}

INLAY_END_TARGET

// Normalization of groups of channels by their own statistics.

// The mean of a row, and how far its elements are from that.

INLAY_BEGIN_TARGET

/// The sum of n elements at(0) … at(n-1), a reduction along lanes from +0, divided by n.
template <class T, stage S, class At>
INLAY_INLINE constexpr vec<S, T> mean_of(S& s, typename S::index n, At const& at) {
  auto const sum = s.template reduce_lanes<T>(
      n, T{0}, at, [&](auto const& a, auto const& b) INLAY_INLINE_LAMBDA { return s.add(a, b); });
  auto const count = s.template splat_index<T>(n);
  return s.divide(sum, count);
}

/// 1 / sqrt(v + epsilon), where v is the mean of the squares of at(0) … at(n-1), each rounded
/// before it is added.
template <class T, stage S, class At>
INLAY_INLINE constexpr vec<S, T> inverse_deviation(S& s, typename S::index n, double epsilon,
                                                   At const& at) {
  auto const variance = mean_of<T>(s, n, [&](auto j) INLAY_INLINE_LAMBDA {
    auto const difference = at(j);
    return s.multiply(difference, difference);
  });
  auto const more = s.template splat<T>(static_cast<T>(epsilon));
  auto const widened = s.add(variance, more);
  auto const deviation = s.sqrt(widened);
  auto const one = s.template splat<T>(1);
  return s.divide(one, deviation);
}

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// A group of each image as one row.   [n, g, c, i] → [n, g, c·i]
template <class T, class Memory>
INLAY_INLINE constexpr tensor<T, Memory> groups_as_rows(tensor<T, Memory> const& x) {
  auto const& e = x.extents;
  return {x.data, {e[0], e[1], e[2] * e[3]}, {x.strides[0], x.strides[1], x.strides[3]}};
}

/// *Order*: the mean of a group, then the mean of the squared differences from it, each as
/// `mean_of` adds; scale times the inverse deviation, once a channel; the difference times that,
/// plus bias, fused.
/// *Shapes*: x and y [n, g, c, i], contiguous from c on; scale and bias [g, c].
template <class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, group_normalization const& k,
                                tensor<T const, Memory> const& x,
                                tensor<T const, Memory> const& scale,
                                tensor<T const, Memory> const& bias, Results const& y) {
  auto const& to = results_to(y);
  auto const rows = groups_as_rows(x);
  auto const size = rows.extents[2];
  s.loop(x.extents[0], [&](auto n) INLAY_INLINE_LAMBDA {
    s.loop(x.extents[1], [&](auto g) INLAY_INLINE_LAMBDA {
      auto const mean =
          mean_of<T>(s, size, [&](auto j) INLAY_INLINE_LAMBDA { return s.load(rows, n, g, j); });
      auto const inverse =
          inverse_deviation<T>(s, size, k.epsilon, [&](auto j) INLAY_INLINE_LAMBDA {
            auto const element = s.load(rows, n, g, j);
            return s.subtract(element, mean);
          });
      s.loop(x.extents[2], [&](auto c) INLAY_INLINE_LAMBDA {
        auto const weight = s.broadcast(scale, g, c);
        auto const factor = s.multiply(weight, inverse);
        auto const offset = s.broadcast(bias, g, c);
        typename S::index const at[] = {n, g, c};
        auto const row =
            to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, at, 3); });
        write_row(s, row, [&](auto i) INLAY_INLINE_LAMBDA {
          auto const element = s.load(x, n, g, c, i);
          auto const difference = s.subtract(element, mean);
          return s.fma(difference, factor, offset);
        });
      });
    });
  });
}

INLAY_END_TARGET

// The matrix product, batched.

INLAY_BEGIN_TARGET

/// One product of a batch.
template <class T, class S, class Results> struct product_of_matrices {
  using index = typename S::index;

  S& s;
  matrix_product const& k;
  tensor_of<S, T const> const& left;   // [m, k]
  tensor_of<S, T const> const& right;  // [n/16, 16, k]
  tensor_of<S, T const> const& added;  // [m, n] or none
  Results const& to;                   // [m, n]

  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr Sums add(index first, Columns const& columns,
                                  steps_range<index> const& part, Sums const& sums) const {
    tensor_of<S, T const> steps{left.data, {}, {1, left.strides[1]}};
    auto const row = left.strides[0];
    tile_rows<index, Tile.rows, Tile.rows> const rows{{first * row}, row};
    auto const left_at = [&](auto i, auto p) INLAY_INLINE_LAMBDA {
      return s.template broadcast<tile_lane<Tile, T>>(steps, rows[i], p);
    };
    auto const& by = right.strides;
    tensor_of<S, T const> panels{right.data, {}, {by[0], by[1], by[2]}};
    if constexpr (Tile.is_dynamic) panels.strides[1] = 1;
    auto const right_at = [&](auto v, auto p) INLAY_INLINE_LAMBDA {
      return s.load(panels, columns.panel[v.value], columns.in_panel[v.value], p);
    };
    if constexpr (Tile.is_halved) {
      return accumulate_halves<Tile, T>(s, left.extents[1], left_at, right_at);
    } else {
      return accumulate<Tile>(s, part.begin.channels, part.end.channels, sums, left_at, right_at);
    }
  }

  template <tile_shape Tile, class Columns, class Sums>
  INLAY_INLINE constexpr void finish(index first, Columns const& columns, Sums const& sums) const {
    auto const alpha = s.template splat<T, tile_lane<Tile, T>>(static_cast<T>(k.alpha));
    auto const beta = s.template splat<T, tile_lane<Tile, T>>(static_cast<T>(k.beta));
    auto const place_of = [&](auto const& by) INLAY_INLINE_LAMBDA {
      return tile_place{tile_rows<index, Tile.rows, Tile.rows>{{first * by[0]}, by[0]}, by[1]};
    };
    write_tile<Tile>(s, to, columns, sums, place_of,
                     [&](auto i, auto j, auto sum) INLAY_INLINE_LAMBDA {
                       if (k.alpha != 1) sum = s.multiply(sum, alpha);
                       if (added.data != nullptr) {
                         auto const row = first + i;
                         auto const offset = s.load(added, row, j);
                         sum = s.fma(beta, offset, sum);
                       }
                       return sum;
                     });
  }
};

/// *Order*: k ascending, from +0, fused; then times alpha, then plus beta · c, fused. A factor of 1
/// changes no bit. Of at most `panel_columns` columns, the sum of the first half of all k, of
/// which there is one more where they are odd, and the sum of the second are added.
/// *Shapes*: a […, m, k], b […, k, n] or, in panels, […, n/16, 16, k], c […, m, n] or none,
/// y […, m, n], where a batch axis that an operand repeats along has a stride of 0. `Tile` has at
/// most m rows, and no more panels than n columns fill; it is halved where k.is_halved(n), and
/// single only without batch axes.
template <tile_shape Tile = tile_shape{}, class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, matrix_product const& k, tensor<T const, Memory> const& a,
                                tensor<T const, Memory> const& b, tensor<T const, Memory> const& c,
                                Results const& y) {
  auto const& to = results_to(y);
  auto const& extents = to.y.extents;
  if constexpr (Tile.rows == 0) {
    constexpr auto least = least_tile(S::template width<T>);
    if (k.is_halved(extents.back())) run<halved(least)>(s, k, a, b, c, y);
    else run<least>(s, k, a, b, c, y);
  } else {
    int const batch_axes = Tile.is_single ? 0 : extents.size() - 2;
    bool const is_packed = b.extents.size() > extents.size();
    s.loop_nest(extents, batch_axes, [&](auto batch) INLAY_INLINE_LAMBDA {
      auto const left = s.slice(a, batch, batch_axes);
      auto const matrix = s.slice(b, batch, batch_axes);
      auto const right = right_in_panels(k, matrix, is_packed);
      auto const added = s.slice(c, batch, batch_axes);
      auto const product =
          to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, batch, batch_axes); });
      using matrices = product_of_matrices<T, S, std::remove_cvref_t<decltype(product)>>;
      multiply<Tile, T>(s, product.y.extents[0], product.y.extents[1], {1, 1, left.extents[1]},
                        matrices{s, k, left, right, added, product});
      to.ending.apply(s, product.y);
    });
  }
}

INLAY_END_TARGET

// Normalization of channels by given statistics.

INLAY_BEGIN_TARGET

/// *Order*: epsilon, as a T, is added to the variance; the scale is divided by the root of that,
/// once a channel; the mean is subtracted from x; the difference is multiplied by that quotient
/// and the bias added, fused.
/// *Shapes*: x and y [n, c, i], or `results` of y, scale, bias, mean, variance [c].
template <class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, channel_normalization const& k,
                                tensor<T const, Memory> const& x,
                                tensor<T const, Memory> const& scale,
                                tensor<T const, Memory> const& bias,
                                tensor<T const, Memory> const& mean,
                                tensor<T const, Memory> const& variance, Results const& y) {
  auto const& to = results_to(y);
  auto const epsilon = s.template splat<T>(static_cast<T>(k.epsilon));
  s.loop(x.extents[1], [&](auto c) INLAY_INLINE_LAMBDA {
    auto const spread = s.broadcast(variance, c);
    auto const widened = s.add(spread, epsilon);
    auto const root = s.sqrt(widened);
    auto const numerator = s.broadcast(scale, c);
    auto const factor = s.divide(numerator, root);
    auto const center = s.broadcast(mean, c);
    auto const offset = s.broadcast(bias, c);
    s.loop(x.extents[0], [&](auto n) INLAY_INLINE_LAMBDA {
      typename S::index const at[] = {n, c};
      auto const row =
          to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, at, 2); });
      write_row(s, row, [&](auto i) INLAY_INLINE_LAMBDA {
        auto const element = s.load(x, n, c, i);
        auto const difference = s.subtract(element, center);
        return s.fma(difference, factor, offset);
      });
    });
  });
}

INLAY_END_TARGET

// Pooling over two axes.

// What softmax, reductions and poolings have in common: columns side by side, each down its own
// way.

INLAY_BEGIN_TARGET

/// The positions of neighbouring vectors, of as many elements as one of `Lane`.
template <class Position, int Count, class Lane> struct column_positions {
  using lane = Lane;
  static constexpr int count = Count;
  Position in_all[Count];
};

/// Calls `body(v)` with the numbers of the vectors, each a constant.
template <class Columns, class Body> INLAY_INLINE constexpr void each_column(Body const& body) {
  if constexpr (Columns::count == 1) body(std::integral_constant<int, 0>{});
  else unroll<Columns::count>(body);
}

template <class Lane, stage S, class Body>
INLAY_INLINE constexpr void loop_single_columns(S& s, typename S::index count, Body const& body) {
  s.template loop_lanes<Lane>(count, [&](auto j) INLAY_INLINE_LAMBDA {
    body(column_positions<decltype(j), 1, Lane>{{j}});
  });
}

/// Calls `body(columns)` for vectors of columns that cover `count` columns, `Vectors` at a time
/// where there are so many, else `otherwise()`: a row gives whole cache lines then, and many rows
/// are on their way at once. The last ones may overlap those before.
template <class T, int Vectors, stage S, class Body, class Otherwise>
INLAY_INLINE constexpr void loop_columns_of(S& s, typename S::index count, Body const& body,
                                            Otherwise const& otherwise) {
  constexpr int width = S::template width<T>;
  if constexpr (width == 1) {
    loop_single_columns<T>(s, count, body);
  } else {
    s.if_at_most(Vectors * width, count, [&](auto has_all) INLAY_INLINE_LAMBDA {
      if constexpr (!has_all.value) {
        otherwise();
      } else {
        s.loop_tiles(count, Vectors * width, [&](auto first) INLAY_INLINE_LAMBDA {
          using position = decltype(s.template lanes_from<T, true>(first, first));
          column_positions<position, Vectors, T> columns{};
          unroll<Vectors>([&](auto v) INLAY_INLINE_LAMBDA {
            columns.in_all[v] = s.template lanes_from<T, true>(first + v * width, count);
          });
          body(columns);
        });
      }
    });
  }
}
/// The same; where there are not so many, one at a time.
template <class T, int Vectors, stage S, class Body>
INLAY_INLINE constexpr void loop_columns_of(S& s, typename S::index count, Body const& body) {
  loop_columns_of<T, Vectors>(
      s, count, body, [&]() INLAY_INLINE_LAMBDA { loop_single_columns<T>(s, count, body); });
}

/// As many vectors as `Columns` has positions, all alike.
template <class Columns, class T, stage S>
INLAY_INLINE constexpr auto equal_columns(S& s, T const& x) {
  auto const one = s.template splat<T, typename Columns::lane>(x);
  tile_sums<std::remove_const_t<decltype(one)>, Columns::count> all;
  for (auto& v : all.at) v = one;
  return all;
}

/// Stores what the epilogue makes of `results`, one for each column of a row; `place_of(strides)`
/// is the row's place in a tensor.
template <stage S, class Results, class Columns, class Vectors, class PlaceOf>
INLAY_INLINE constexpr void write_columns(S& s, Results const& to, Columns const& columns,
                                          Vectors const& results, PlaceOf const& place_of) {
  constexpr tile_shape row{1, Columns::count};
  auto const as_it_is = [](auto, auto, auto const& x) INLAY_INLINE_LAMBDA { return x; };
  if constexpr (Columns::count == 1) {
    write_tile<row>(s, to, columns, results.at[0], place_of, as_it_is);
  } else {
    write_tile<row>(s, to, columns, results, place_of, as_it_is);
  }
}
/// A row that starts `start` elements behind where a tensor does, with columns so far apart.
template <class Index> INLAY_INLINE constexpr auto row_at(Index start, Index column) {
  using rows = tile_rows<Index, 1, 1>;
  return tile_place<rows, Index>{{{start}, 0}, column};
}

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// Calls `body(channels)` for all of `count` channels, some vectors at a time: four chains and
/// those of the next outputs hide how long an operation takes; eight read enough of each pixel for
/// what lies between pixels to be of no account. Half a vector at a time where they fill no more.
template <class T, stage S, class Body>
INLAY_INLINE constexpr void loop_channels(S& s, typename S::index count, Body const& body) {
  constexpr int width = S::template width<T>;
  auto const single = [&]() INLAY_INLINE_LAMBDA {
    s.if_at_most(count, width / 2, [&](auto fill_half) INLAY_INLINE_LAMBDA {
      constexpr int most = fill_half.value ? narrowed_width(width / 2, width, sizeof(T)) : width;
      loop_single_columns<narrow<T, most>>(s, count, body);
    });
  };
  auto const four = [&]() INLAY_INLINE_LAMBDA { loop_columns_of<T, 4>(s, count, body, single); };
  if constexpr (8 * width > most_tile_elements) four();
  else loop_columns_of<T, 8>(s, count, body, four);
}

/// Combines `start` with what lies on the input under the window of each output: its rows, in each
/// its columns. `finish_at(p, q)` makes a function of the channels and what has come of them.
template <class T, class Memory, stage S, class Kernel, class Results, class Combine,
          class FinishAt>
INLAY_INLINE constexpr void pool(S& s, Kernel const& k, tensor<T const, Memory> const& x,
                                 Results const& to, T start, Combine const& combine,
                                 FinishAt const& finish_at) {
  using index = typename S::index;
  auto const& y = to.y;
  bool const rows_inside = are_inside(s, k.rows, x.extents[2], y.extents[2]);
  bool const columns_inside = are_inside(s, k.columns, x.extents[3], y.extents[3]);
  s.loop(y.extents[0], [&](auto n) INLAY_INLINE_LAMBDA {
    s.loop(y.extents[2], [&](auto p) INLAY_INLINE_LAMBDA {
      auto const rows = taps_at(s, k.rows, p, x.extents[2], rows_inside);
      s.loop(y.extents[3], [&](auto q) INLAY_INLINE_LAMBDA {
        auto const columns = taps_at(s, k.columns, q, x.extents[3], columns_inside);
        auto const finish = finish_at(p, q);
        loop_channels<T>(s, y.extents[1], [&](auto const& channels) INLAY_INLINE_LAMBDA {
          using some = std::remove_cvref_t<decltype(channels)>;
          auto const none = equal_columns<some>(s, start);
          auto const all =
              s.fold(rows.begin, rows.end, none, [&](auto ky, auto above) INLAY_INLINE_LAMBDA {
                auto const row = rows.first + ky * k.rows.dilation;
                return s.fold(columns.begin, columns.end, above,
                              [&](auto kx, auto so_far) INLAY_INLINE_LAMBDA {
                                auto const column = columns.first + kx * k.columns.dilation;
                                each_column<some>([&](auto v) INLAY_INLINE_LAMBDA {
                                  auto const a = s.load(x, n, channels.in_all[v], row, column);
                                  so_far.at[v] = combine(so_far.at[v], a);
                                });
                                return so_far;
                              });
              });
          auto finished = all;
          each_column<some>(
              [&](auto v) INLAY_INLINE_LAMBDA { finished.at[v] = finish(channels, all.at[v]); });
          write_columns(s, to, channels, finished, [&](auto const& by) INLAY_INLINE_LAMBDA {
            return row_at<index>(n * by[0] + p * by[2] + q * by[3], by[1]);
          });
        });
      });
    });
  });
}

/// *Order*: from the lowest number, rows of the window, then its columns; not a number if one of
/// them is. Taps on the padding are left out.
/// *Shapes*: x [n, c, h, w], y [n, c, p, q].
template <class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, max_pooling_along<typename S::index> const& k,
                                tensor<T const, Memory> const& x, Results const& y) {
  // What was loaded first: it can be looked at while the largest one before is still waited for.
  pool(
      s, k, x, results_to(y), least_value<T>(),
      [&](auto const& largest, auto const& a) INLAY_INLINE_LAMBDA { return s.max(a, largest); },
      [&](auto, auto) INLAY_INLINE_LAMBDA {
        return [](auto const&, auto const& largest) INLAY_INLINE_LAMBDA { return largest; };
      });
}

/// *Order*: from +0, rows of the window, then its columns; the sum is divided by the number of
/// elements; that of none is +0. Taps on the padding are left out of the sum, which they could not
/// change.
/// *Shapes*: x [n, c, h, w], y [n, c, p, q].
template <class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, average_pooling_along<typename S::index> const& k,
                                tensor<T const, Memory> const& x, Results const& results) {
  using index = typename S::index;
  auto const& to = results_to(results);
  auto const& y = to.y;
  bool const all_inside = are_inside(s, k.rows, x.extents[2], y.extents[2]) &&
                          are_inside(s, k.columns, x.extents[3], y.extents[3]);
  auto const count = [&](window_along<index> w, index output, index inputs, index behind)
                         INLAY_INLINE_LAMBDA {
                           if (k.counts_padding != 0) {
                             inputs += w.pad + behind;
                             w.pad = 0;
                           }
                           auto const counted = taps_of(s, w, output, inputs);
                           return s.larger(counted.end - counted.begin, 0);
                         };
  pool(
      s, k, x, to, T{0},
      [&](auto const& sum, auto const& a) INLAY_INLINE_LAMBDA { return s.add(sum, a); },
      [&](auto p, auto q) INLAY_INLINE_LAMBDA {
        index elements = 1;
        if (all_inside) {
          elements = k.rows.size * k.columns.size;
        } else {
          auto const rows = count(k.rows, p, x.extents[2], k.rows_behind);
          auto const columns = count(k.columns, q, x.extents[3], k.columns_behind);
          elements = s.larger(rows * columns, 1);
        }
        return [&s, elements](auto const& channels, auto const& sum) INLAY_INLINE_LAMBDA {
          using lane = typename std::remove_cvref_t<decltype(channels)>::lane;
          auto const divisor = s.template splat_index<T, lane>(elements);
          return s.divide(sum, divisor);
        };
      });
}

INLAY_END_TARGET

// Reductions over any axes.

// What a kernel reads: a tensor, or what element operators make of several.

INLAY_BEGIN_TARGET

/// Whether an input of a kernel is a tensor. Else it is a reader: it has `extents` as that has,
/// `inner(s, at, axes)` is what `slice` is of a tensor, and `read(s, j)`, of the only axis left, is
/// what `load` is. A kernel reads each element of it once, in order. One that `reads_rows` is slow
/// to start, and wants to be read along whole rows.
template <class X> inline constexpr bool is_tensor = requires(X const& x) { x.data; };
template <class X> inline constexpr bool reads_rows = requires { requires X::reads_rows; };

/// What starts at `at` along the first `axes` axes, which it no longer has.
template <stage S, class X>
INLAY_INLINE constexpr auto inner_of(S& s, X const& x, typename S::index const* at, int axes) {
  if constexpr (is_tensor<X>) return s.slice(x, at, axes);
  else return x.inner(s, at, axes);
}
/// Row `number` along the last axis: a tensor has one other axis, a reader any number.
template <stage S, class X>
INLAY_INLINE constexpr auto row_of(S& s, X const& x, typename S::index number) {
  if constexpr (is_tensor<X>) {
    return s.slice(x, &number, 1);
  } else {
    typename S::index at[max_rank]{};
    int const outer = x.extents.size() - 1;
    for (int axis = outer - 1; axis > 0; --axis) {
      auto const whole = number / x.extents[axis];
      at[axis] = number - whole * x.extents[axis];
      number = whole;
    }
    at[0] = number;
    return x.inner(s, at, outer);
  }
}
/// The elements at `j` of a row, which has one axis.
template <stage S, class X, class J> INLAY_INLINE constexpr auto read(S& s, X const& row, J j) {
  if constexpr (is_tensor<X>) return s.load(row, j);
  else return row.read(s, j);
}

/// A row that a kernel reads several times: what it reads first is kept where its results will be,
/// unless it is that of a tensor.
template <class X, class T, class Memory> struct kept_row {
  X const& from;
  tensor<T, Memory> const& to;

  /// The first time, in order.
  template <stage S, class J> INLAY_INLINE constexpr auto first(S& s, J j) const {
    auto const x = read(s, from, j);
    if constexpr (!is_tensor<X>) s.store(to, j, x);
    return x;
  }
  template <stage S, class J> INLAY_INLINE constexpr auto again(S& s, J j) const {
    if constexpr (is_tensor<X>) return s.load(from, j);
    else return s.load(to, j);
  }
};
template <class X, class T, class Memory>
kept_row(X const&, tensor<T, Memory> const&) -> kept_row<X, T, Memory>;

INLAY_END_TARGET

// What reductions start from, what they add, and what they make of that.

INLAY_BEGIN_TARGET

/// A sweep over elements starts from `identity` and combines what `element` makes of them. One that
/// `reads_result` knows what stands in the output, and `close`s with it.
///
/// What is reduced to is a word and no type: ten types would be ten times the code where a program
/// is interpreted. Where a kernel is compiled for its step, the word is a constant.
struct reduction_sweep {
  static constexpr bool reads_result = false;
  reduced_to to;

  template <class T> constexpr T identity() const {
    switch (to) {
      case reduced_to::product: return T{1};
      case reduced_to::largest: return least_value<T>();
      case reduced_to::smallest: return largest_value<T>();
      default: return T{0};
    }
  }
  /// A square is rounded before it is added.
  template <class T, class S, class V>
  INLAY_INLINE constexpr V element(S& s, V const& x, vec<S, T> const&) const {
    switch (to) {
      case reduced_to::sum_of_squares:
      case reduced_to::root_of_squares: return s.multiply(x, x);
      case reduced_to::sum_of_magnitudes: {
        if constexpr (sizeof(T) >= 4 && !std::unsigned_integral<T>) {
          auto const zero = s.template splat<T>(0);
          auto const negated = s.subtract(zero, x);
          return s.max(x, negated);
        } else {
          return x;
        }
      }
      default: return x;
    }
  }
  template <class S, class V> INLAY_INLINE constexpr V combine(S& s, V const& a, V const& b) const {
    switch (to) {
      case reduced_to::product: return s.multiply(a, b);
      case reduced_to::largest: return s.max(a, b);
      case reduced_to::smallest: return s.min(a, b);
      default: return s.add(a, b);
    }
  }
};

/// What is made of `all` that `count` elements have come to.
template <std::floating_point T, class S>
INLAY_INLINE constexpr vec<S, T> finish_reduction(S& s, reduced_to to, vec<S, T> const& all,
                                                  typename S::index count) {
  switch (to) {
    case reduced_to::mean: {
      auto const divisor = s.template splat_index<T>(count);
      return s.divide(all, divisor);
    }
    case reduced_to::root_of_squares: return s.sqrt(all);
    case reduced_to::log_of_sum: return log<T>(s, all);
    default: return all;
  }
}
constexpr bool is_finished(reduced_to to) {
  return to == reduced_to::mean || to == reduced_to::root_of_squares ||
         to == reduced_to::log_of_sum;
}

/// log(sum of exp(x)) = log(sum of exp(x - m)) + m, where m is the largest x, which stands in the
/// output: no sum overflows.
struct exponential_sweep {
  static constexpr bool reads_result = true;

  template <class T> constexpr T identity() const { return T{0}; }
  template <class T, class S, class V>
  INLAY_INLINE constexpr V element(S& s, V const& x, vec<S, T> const& largest) const {
    auto const shift = shift_of<T>(s, largest);
    auto const difference = s.subtract(x, shift);
    return exp<T>(s, difference);
  }
  template <class S, class V> INLAY_INLINE constexpr V combine(S& s, V const& a, V const& b) const {
    return s.add(a, b);
  }
  template <class T, class S>
  INLAY_INLINE constexpr vec<S, T> close(S& s, vec<S, T> const& sum,
                                         vec<S, T> const& largest) const {
    auto const shift = shift_of<T>(s, largest);
    auto const logarithm = log<T>(s, sum);
    return s.add(logarithm, shift);
  }

 private:
  /// The largest x, if it is finite, else the largest finite number of its sign.
  template <class T, class S>
  INLAY_INLINE static constexpr vec<S, T> shift_of(S& s, vec<S, T> const& largest) {
    auto const most = s.template splat<T>(log_constants<T>::most);
    auto const least = s.template splat<T>(-log_constants<T>::most);
    auto const below = s.min(largest, most);
    return s.max(below, least);
  }
};

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// Part `number` of x along its first three axes, the last one of them fastest.
template <stage S, class X, class Index>
INLAY_INLINE constexpr X part_of(S& s, X const& x, Index number) {
  auto const& e = x.extents;
  auto const a = number / (e[1] * e[2]);
  auto const inner = number - a * (e[1] * e[2]);
  auto const b = inner / e[2];
  Index const at[] = {a, b, inner - b * e[2]};
  return inner_of(s, x, at, 3);
}

/// Combines all of x [a, b, c, n] into y [1].
template <class X, class T, class Memory, stage S, class Sweep>
INLAY_INLINE constexpr void reduce_rows(S& s, Sweep const& sweep, X const& x,
                                        tensor<T, Memory> const& y) {
  auto const& e = x.extents;
  typename S::index const first{0};
  auto const identity = sweep.template identity<T>();
  auto const start = s.template splat<T>(identity);
  auto result = start;
  if constexpr (Sweep::reads_result) result = s.broadcast(y, first);
  auto const all =
      s.fold(first, e[0] * e[1] * e[2], start, [&](auto number, auto before) INLAY_INLINE_LAMBDA {
        auto const row = part_of(s, x, number);
        auto const of_row = s.template reduce_lanes<T>(
            e[3], identity,
            [&](auto j) INLAY_INLINE_LAMBDA {
              auto const loaded = read(s, row, j);
              return sweep.template element<T>(s, loaded, result);
            },
            [&](auto const& p, auto const& q)
                INLAY_INLINE_LAMBDA { return sweep.combine(s, p, q); });
        return sweep.combine(s, before, of_row);
      });
  if constexpr (Sweep::reads_result) result = sweep.template close<T>(s, all, result);
  else result = all;
  s.template loop_lanes<T>(1, [&](auto j) INLAY_INLINE_LAMBDA { s.store(y, j, result); });
}

/// Combines all of x [a, b, c, n, columns] into y [columns], for some of the columns.
template <class X, class T, class Memory, stage S, class Sweep, class Columns>
INLAY_INLINE constexpr void reduce_columns(S& s, Sweep const& sweep, X const& x,
                                           tensor<T, Memory> const& y, Columns const& columns) {
  auto const& e = x.extents;
  typename S::index const first{0};
  auto const start = equal_columns<Columns>(s, sweep.template identity<T>());
  auto results = start;
  if constexpr (Sweep::reads_result) {
    each_column<Columns>([&](auto v)
                             INLAY_INLINE_LAMBDA { results.at[v] = s.load(y, columns.in_all[v]); });
  }
  auto const all =
      s.fold(first, e[0] * e[1] * e[2], start, [&](auto number, auto before) INLAY_INLINE_LAMBDA {
        auto const rows = part_of(s, x, number);
        return s.fold(first, e[3], before, [&](auto i, auto sums) INLAY_INLINE_LAMBDA {
          auto const row = inner_of(s, rows, &i, 1);
          each_column<Columns>([&](auto v) INLAY_INLINE_LAMBDA {
            auto const loaded = read(s, row, columns.in_all[v]);
            auto const added = sweep.template element<T>(s, loaded, results.at[v]);
            sums.at[v] = sweep.combine(s, sums.at[v], added);
          });
          return sums;
        });
      });
  each_column<Columns>([&](auto v) INLAY_INLINE_LAMBDA {
    auto result = all.at[v];
    if constexpr (Sweep::reads_result) {
      result = sweep.template close<T>(s, all.at[v], results.at[v]);
    }
    s.store(y, columns.in_all[v], result);
  });
}

/// The same for all columns, a row after the other, with what there is of them in y.
template <class X, class T, class Memory, stage S, class Sweep>
INLAY_INLINE constexpr void reduce_columns_by_rows(S& s, Sweep const& sweep, X const& x,
                                                   tensor<T, Memory> const& y) {
  auto const& e = x.extents;
  auto const start = s.template splat<T>(sweep.template identity<T>());
  s.template loop_lanes<T>(y.extents[0], [&](auto j) INLAY_INLINE_LAMBDA { s.store(y, j, start); });
  s.loop(e[0] * e[1] * e[2], [&](auto number) INLAY_INLINE_LAMBDA {
    auto const rows = part_of(s, x, number);
    s.loop(e[3], [&](auto i) INLAY_INLINE_LAMBDA {
      auto const row = inner_of(s, rows, &i, 1);
      s.template loop_lanes<T>(y.extents[0], [&](auto j) INLAY_INLINE_LAMBDA {
        auto const loaded = read(s, row, j);
        auto const added = sweep.template element<T>(s, loaded, start);
        auto const before = s.load(y, j);
        auto const all = sweep.combine(s, before, added);
        s.store(y, j, all);
      });
    });
  });
}

template <class X, class T, class Memory, stage S, class Sweep>
INLAY_INLINE constexpr void run_sweep(S& s, Sweep const& sweep, X const& x,
                                      tensor<T, Memory> const& y) {
  int const kept = y.extents.size() - 1;
  bool const along_lanes = x.extents.size() == kept + 4;
  s.loop_nest(y.extents, kept, [&](auto at) INLAY_INLINE_LAMBDA {
    auto const from = inner_of(s, x, at, kept);
    auto const to = s.slice(y, at, kept);
    if (along_lanes) return reduce_rows(s, sweep, from, to);
    if constexpr (reads_rows<X>) return reduce_columns_by_rows(s, sweep, from, to);
    auto const reduce = [&](auto const& columns)
                            INLAY_INLINE_LAMBDA { reduce_columns(s, sweep, from, to, columns); };
    // What overlaps would be read again after it has been written.
    if constexpr (Sweep::reads_result) loop_single_columns<T>(s, to.extents[0], reduce);
    else loop_columns_of<T, is_tensor<X> ? 8 : 4>(s, to.extents[0], reduce);
  });
}

/// Whether a tensor [kept…, 1] has rows along the last axis but one.
template <class Numbers> INLAY_INLINE constexpr bool has_inner_axis(Numbers const& y) {
  return y.size() > 1 && y.back() == 1;
}

/// Stores what `finish` and then the epilogue make of what a sweep has stored in y, row by row; in
/// one go where no other tensor is read.
template <stage S, class Results, class Finish>
INLAY_INLINE constexpr void finish_results(S& s, Results const& to, Finish const& finish) {
  auto const write = [&](auto const& row) INLAY_INLINE_LAMBDA {
    write_row(s, row, [&](auto j) INLAY_INLINE_LAMBDA {
      auto const all = s.load(row.y, j);
      return finish(all);
    });
  };
  auto const& extents = to.y.extents;
  if (to.count() == 0) {
    return write(to.seen([](auto t) INLAY_INLINE_LAMBDA {
      t.extents = {elements_of(t.extents)};
      t.strides = {1};
      return t;
    }));
  }
  int const outer = extents.size() - (has_inner_axis(extents) ? 2 : 1);
  s.loop_nest(extents, outer, [&](auto at) INLAY_INLINE_LAMBDA {
    write(to.seen([&](auto const& t) INLAY_INLINE_LAMBDA {
      auto row = s.slice(t, at, outer);
      row.extents = {row.extents[0]};
      row.strides = {row.strides[0]};
      return row;
    }));
  });
}

/// *Order*: from the identity. Where the last axis of more than one element is reduced, its
/// elements are combined along lanes (see `reduction_lanes`), and then what has come of such rows,
/// one after the other, c fastest; else the elements themselves, n fastest.
/// *Shapes*: y [kept…, 1] and x [kept…, a, b, c, n]; or y [kept…, columns] and
/// x [kept…, a, b, c, n, columns]; y contiguous.
template <stage S, class X, class Results>
INLAY_INLINE constexpr void run(S& s, reduction const& k, X const& x, Results const& y) {
  auto const& to = results_to(y);
  using T = typename std::remove_cvref_t<decltype(to)>::element;
  run_sweep(s, reduction_sweep{k.to}, x, to.y);
  if constexpr (std::floating_point<T>) {
    if (is_finished(k.to)) {
      auto const count = elements_of(x.extents) / elements_of(to.y.extents);
      return finish_results(s, to, [&](auto const& all) INLAY_INLINE_LAMBDA {
        return finish_reduction<T>(s, k.to, all, count);
      });
    }
  }
  if (has_tape(to)) finish_results(s, to, [](auto const& all) INLAY_INLINE_LAMBDA { return all; });
}

/// *Order* and *Shapes*: those of the largest element, and then of the sum.
template <class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void run(S& s, log_sum_exp_reduction const&,
                                tensor<T const, Memory> const& x, Results const& y) {
  auto const& to = results_to(y);
  run_sweep(s, reduction_sweep{reduced_to::largest}, x, to.y);
  run_sweep(s, exponential_sweep{}, x, to.y);
  if (has_tape(to)) finish_results(s, to, [](auto const& all) INLAY_INLINE_LAMBDA { return all; });
}

INLAY_END_TARGET

// Rows that indices choose.

INLAY_BEGIN_TARGET

/// y[i, j, l] = x[i, n[j], l], where an index counts from the end if it is negative; one that is
/// outside is that of the nearest row.
/// *Shapes*: x [i, rows, l], at least one row; n [j]; y [i, j, l].
template <class T, class Memory, stage S>
INLAY_INLINE constexpr void run(S& s, row_gathering const&, tensor<T const, Memory> const& x,
                                tensor<std::int64_t const, Memory> const& n,
                                tensor<T, Memory> const& y) {
  auto const rows = x.extents[1];
  auto const length = y.extents[2];
  s.loop(y.extents[0], [&](auto i) INLAY_INLINE_LAMBDA {
    s.loop(y.extents[1], [&](auto j) INLAY_INLINE_LAMBDA {
      auto const row = s.index_of(n, rows, j);
      s.template loop_lanes<T>(length, [&](auto l) INLAY_INLINE_LAMBDA {
        auto const element = s.load(x, i, row, l);
        s.store(y, i, j, l, element);
      });
    });
  });
}

INLAY_END_TARGET

// Normalization of rows by their own statistics.

INLAY_BEGIN_TARGET

/// *Order*: the mean, then the mean of the squared differences from it, each as `mean_of` adds;
/// the difference times the inverse deviation, then times scale, plus bias, fused.
/// *Shapes*: x and y [outer, n], a reader [outer…, n]; scale and bias [n], bias or none.
template <stage S, class X, class T, class Memory, class Results>
INLAY_INLINE constexpr void run(S& s, layer_normalization const& k, X const& x,
                                tensor<T const, Memory> const& scale,
                                tensor<T const, Memory> const& bias, Results const& y) {
  auto const& to = results_to(y);
  auto const n = to.y.extents[1];
  s.loop(to.y.extents[0], [&](auto o) INLAY_INLINE_LAMBDA {
    auto const from = row_of(s, x, o);
    auto const row = to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, &o, 1); });
    kept_row const elements{from, row.y};
    auto const mean =
        mean_of<T>(s, n, [&](auto j) INLAY_INLINE_LAMBDA { return elements.first(s, j); });
    auto const difference_at = [&](auto j) INLAY_INLINE_LAMBDA {
      auto const element = elements.again(s, j);
      return s.subtract(element, mean);
    };
    auto const inverse = inverse_deviation<T>(s, n, k.epsilon, difference_at);
    write_row(s, row, [&](auto j) INLAY_INLINE_LAMBDA {
      auto const difference = difference_at(j);
      auto const normal = s.multiply(difference, inverse);
      auto const factor = s.load(scale, j);
      if (bias.data == nullptr) return s.multiply(normal, factor);
      auto const offset = s.load(bias, j);
      return s.fma(normal, factor, offset);
    });
  });
}

/// *Order*: the mean of the squares as `mean_of` adds; x times the inverse deviation, then times
/// scale.
/// *Shapes*: x and y [outer, n], a reader [outer…, n]; scale [n].
template <stage S, class X, class T, class Memory, class Results>
INLAY_INLINE constexpr void run(S& s, root_mean_square_normalization const& k, X const& x,
                                tensor<T const, Memory> const& scale, Results const& y) {
  auto const& to = results_to(y);
  auto const n = to.y.extents[1];
  s.loop(to.y.extents[0], [&](auto o) INLAY_INLINE_LAMBDA {
    auto const from = row_of(s, x, o);
    auto const row = to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, &o, 1); });
    kept_row const elements{from, row.y};
    auto const inverse = inverse_deviation<T>(
        s, n, k.epsilon, [&](auto j) INLAY_INLINE_LAMBDA { return elements.first(s, j); });
    write_row(s, row, [&](auto j) INLAY_INLINE_LAMBDA {
      auto const element = elements.again(s, j);
      auto const normal = s.multiply(element, inverse);
      auto const factor = s.load(scale, j);
      return s.multiply(normal, factor);
    });
  });
}

INLAY_END_TARGET

// Softmax along one axis.

INLAY_BEGIN_TARGET

/// What becomes of exponentials and their sum. Each is divided by the sum by way of the sum's
/// reciprocal r, in fewer cycles than a machine divides in: q = a · r, then q + (a - q · sum) · r,
/// fused, which is the quotient rounded once but for rare last bits.
template <class T, stage S> struct exponential_shares {
  using vector = vec<S, T>;
  static constexpr bool keeps_exponentials = true;
  vector minus_sum;
  vector reciprocal;

  INLAY_INLINE static constexpr exponential_shares of(S& s, vector const& sum) {
    auto const zero = s.template splat<T>(0);
    auto const one = s.template splat<T>(1);
    auto const minus_sum = s.subtract(zero, sum);
    auto const reciprocal = s.divide(one, sum);
    return {minus_sum, reciprocal};
  }
  /// Of an exponential.
  INLAY_INLINE constexpr vector finish(S& s, vector const& power, vector const&) const {
    auto const quotient = s.multiply(power, reciprocal);
    auto const rest = s.fma(quotient, minus_sum, power);
    return s.fma(rest, reciprocal, quotient);
  }
};

/// The same for their logarithms.
template <class T, stage S> struct exponential_logarithms {
  using vector = vec<S, T>;
  static constexpr bool keeps_exponentials = false;
  vector logarithm;

  INLAY_INLINE static constexpr exponential_logarithms of(S& s, vector const& sum) {
    auto const logarithm = log<T>(s, sum);
    return {logarithm};
  }
  /// Of an element of the input.
  INLAY_INLINE constexpr vector finish(S& s, vector const& x, vector const& largest) const {
    auto const difference = s.subtract(x, largest);
    return s.subtract(difference, logarithm);
  }
};

/// Along rows [outer, n] whose elements lie next to each other.
template <class Shares, stage S, class X, class Results>
INLAY_INLINE constexpr void normalize_rows(S& s, X const& x, Results const& to) {
  using T = typename Results::element;
  auto const n = to.y.extents[1];
  s.loop(to.y.extents[0], [&](auto o) INLAY_INLINE_LAMBDA {
    auto const from = row_of(s, x, o);
    auto const row = to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, &o, 1); });
    auto const& y = row.y;
    kept_row const elements{from, y};
    auto const largest = s.template reduce_lanes<T>(
        n, least_value<T>(), [&](auto j) INLAY_INLINE_LAMBDA { return elements.first(s, j); },
        [&](auto const& a, auto const& b) INLAY_INLINE_LAMBDA { return s.max(a, b); });
    auto const sum = s.template reduce_lanes<T>(
        n, T{0},
        [&](auto j) INLAY_INLINE_LAMBDA {
          auto const a = elements.again(s, j);
          auto const difference = s.subtract(a, largest);
          auto const power = exp_of_nonpositive<T>(s, difference);
          if constexpr (Shares::keeps_exponentials) s.store(y, j, power);
          return power;
        },
        [&](auto const& a, auto const& b) INLAY_INLINE_LAMBDA { return s.add(a, b); });
    auto const shares = Shares::of(s, sum);
    write_row(s, row, [&](auto j) INLAY_INLINE_LAMBDA {
      if constexpr (Shares::keeps_exponentials) {
        auto const power = s.load(y, j);
        return shares.finish(s, power, largest);
      } else {
        auto const a = elements.again(s, j);
        return shares.finish(s, a, largest);
      }
    });
  });
}

template <class Shares, int Count> struct column_shares {
  Shares at[Count];
};

/// Down columns that lie side by side.
template <class Shares, class T, class Memory, stage S, class Results>
INLAY_INLINE constexpr void normalize_columns(S& s, tensor<T const, Memory> const& x,
                                              Results const& to) {
  using index = typename S::index;
  index const begin{0};
  auto const& y = to.y;
  auto const end = x.extents[1];
  s.loop(x.extents[0], [&](auto o) INLAY_INLINE_LAMBDA {
    loop_columns_of<T, 4>(s, x.extents[2], [&](auto const& columns) INLAY_INLINE_LAMBDA {
      using positions = std::remove_cvref_t<decltype(columns)>;
      constexpr int count = positions::count;
      auto const lowest = equal_columns<positions>(s, least_value<T>());
      auto const zero = equal_columns<positions>(s, T{0});
      auto const largest = s.fold(begin, end, lowest, [&](auto j, auto all) INLAY_INLINE_LAMBDA {
        each_column<positions>([&](auto v) INLAY_INLINE_LAMBDA {
          auto const a = s.load(x, o, j, columns.in_all[v]);
          all.at[v] = s.max(all.at[v], a);
        });
        return all;
      });
      auto const sums = s.fold(begin, end, zero, [&](auto j, auto all) INLAY_INLINE_LAMBDA {
        each_column<positions>([&](auto v) INLAY_INLINE_LAMBDA {
          auto const a = s.load(x, o, j, columns.in_all[v]);
          auto const difference = s.subtract(a, largest.at[v]);
          auto const power = exp_of_nonpositive<T>(s, difference);
          if constexpr (Shares::keeps_exponentials) s.store(y, o, j, columns.in_all[v], power);
          all.at[v] = s.add(all.at[v], power);
        });
        return all;
      });
      auto const& from = [&]() -> auto const& {
        if constexpr (Shares::keeps_exponentials) return y;
        else return x;
      }();
      column_shares<Shares, count> shares;
      each_column<positions>([&](auto v)
                                 INLAY_INLINE_LAMBDA { shares.at[v] = Shares::of(s, sums.at[v]); });
      s.loop(end, [&](auto j) INLAY_INLINE_LAMBDA {
        auto results = largest;
        each_column<positions>([&](auto v) INLAY_INLINE_LAMBDA {
          auto const a = s.load(from, o, j, columns.in_all[v]);
          results.at[v] = shares.at[v].finish(s, a, largest.at[v]);
        });
        write_columns(s, to, columns, results, [&](auto const& by) INLAY_INLINE_LAMBDA {
          return row_at<index>(o * by[0] + j * by[1], by[2]);
        });
      });
    });
  });
}

/// [outer, n, 1] → [outer, n]
template <class T, class Memory>
INLAY_INLINE constexpr tensor<T, Memory> without_inner(tensor<T, Memory> const& x) {
  return {x.data, {x.extents[0], x.extents[1]}, {x.strides[0], x.strides[1]}};
}

/// A reader is of rows [outer…, n].
template <class Shares, stage S, class X, class Results>
INLAY_INLINE constexpr void normalize(S& s, X const& x, Results const& to) {
  auto const as_rows = [](auto const& t) INLAY_INLINE_LAMBDA { return without_inner(t); };
  if constexpr (!is_tensor<X>) {
    normalize_rows<Shares>(s, x, to.seen(as_rows));
  } else {
    s.if_at_most(x.extents[2], 1, [&](auto are_rows) INLAY_INLINE_LAMBDA {
      if constexpr (are_rows.value) normalize_rows<Shares>(s, as_rows(x), to.seen(as_rows));
      else normalize_columns<Shares>(s, x, to);
    });
  }
}

/// *Order*: where inner is 1, the sum is a reduction along lanes (see `reduction_lanes`), from +0;
/// else j ascending, from +0. Then see `exponential_shares`.
/// *Shapes*: x and y [outer, axis, inner]; of a reader [outer…, axis], where inner is 1.
template <stage S, class X, class Results>
INLAY_INLINE constexpr void run(S& s, softmax_normalization const&, X const& x, Results const& y) {
  auto const& to = results_to(y);
  using T = typename std::remove_cvref_t<decltype(to)>::element;
  normalize<exponential_shares<T, S>>(s, x, to);
}

/// *Order*: the sum as that of a softmax; its logarithm is taken from the difference.
/// *Shapes*: those of a softmax.
template <stage S, class X, class Results>
INLAY_INLINE constexpr void run(S& s, log_softmax_normalization const&, X const& x,
                                Results const& y) {
  auto const& to = results_to(y);
  using T = typename std::remove_cvref_t<decltype(to)>::element;
  normalize<exponential_logarithms<T, S>>(s, x, to);
}

INLAY_END_TARGET

// Transposed convolution over two axes, as plain ones.

INLAY_BEGIN_TARGET

/// *Order*: from +0, input rows that have a tap on the output, then input columns, then input
/// channels, each ascending, fused; taps beside the input count as products with +0, as far as the
/// taps of other outputs reach; the bias is added last.
/// *Shapes*: x [n, groups·c, h, w], weights [groups·c, o, rows, columns] or, in panels, [groups,
/// o/16, 16, rows, columns, c], bias [groups·o] or none, y [n, groups·o, p, q]. `Tile` has one row.
/// *Source*: V. Dumoulin, F. Visin, A guide to convolution arithmetic for deep learning, 2016: the
/// outputs of each residue modulo the strides are those of a convolution by some of the taps.
template <tile_shape Tile = tile_shape{}, class T, class Memory, stage S>
INLAY_INLINE constexpr void run(S& s, transposed_convolution const& k,
                                tensor<T const, Memory> const& x,
                                tensor<T const, Memory> const& weights,
                                tensor<T const, Memory> const& bias, tensor<T, Memory> const& y) {
  using index = typename S::index;
  constexpr auto tile = one_row_at_edges(tile_or_least<Tile, T, S>);
  bool const is_packed = weights.extents.size() > y.extents.size();
  auto const panels = right_in_panels(k, weights, is_packed);
  // No more than there are outputs: of their strides, a larger multiple might not fit.
  auto const rows_of_y = s.known(y.extents[2], k.rows.stride);
  auto const columns_of_y = s.known(y.extents[3], k.columns.stride);
  auto const row_step = k.rows.stride < rows_of_y ? k.rows.stride : rows_of_y;
  auto const column_step = k.columns.stride < columns_of_y ? k.columns.stride : columns_of_y;
  for (std::int64_t r = 0; r < row_step; ++r) {
    auto const rows = window_of_residue(k.rows, r);
    for (std::int64_t c = 0; c < column_step; ++c) {
      auto const columns = window_of_residue(k.columns, c);
      auto taps = panels;
      taps.data += rows.first_tap * panels.strides[3] + columns.first_tap * panels.strides[4];
      taps.extents[3] = rows.window.size;
      taps.extents[4] = columns.window.size;
      taps.strides[3] *= -rows.step;
      taps.strides[4] *= -columns.step;
      auto outputs = y;
      outputs.data += r * y.strides[2] + c * y.strides[3];
      outputs.extents[2] = s.divide_up(y.extents[2] - r, row_step);
      outputs.extents[3] = s.divide_up(y.extents[3] - c, column_step);
      outputs.strides[2] *= row_step;
      outputs.strides[3] *= column_step;
      convolution const plain{rows.window, columns.window, k.groups};
      convolve<tile>(s, with_pads<index>(plain, rows.window.pad, columns.window.pad), x, taps, bias,
                     outputs);
    }
  }
}

INLAY_END_TARGET

// Elements into another order of their axes.

INLAY_BEGIN_TARGET

/// A matrix whose rows become columns, block by block: at most 64 columns at a time, so that as
/// many rows are written side by side, a cache line of each in one go. What blocks do not cover,
/// they overlap.
/// *Shapes*: x and y [columns, rows]; x is contiguous along the first axis, y along the second.
template <class T, class Memory, stage S>
INLAY_INLINE constexpr void transpose_blocks(S& s, tensor<T const, Memory> const& x,
                                             tensor<T, Memory> const& y) {
  auto const columns = y.extents[0];
  auto const rows = y.extents[1];
  auto const some = s.smaller(columns, 64);
  auto const line = s.smaller(rows, static_cast<std::int64_t>(64 / sizeof(T)));
  tensor<T const, Memory> const from{x.data, {rows, columns}, {x.strides[1], 1}};
  s.loop_tiles(columns, some, [&](auto first) INLAY_INLINE_LAMBDA {
    s.loop_tiles(rows, line, [&](auto top) INLAY_INLINE_LAMBDA {
      s.loop_tiles(some, S::template block_columns<T>, [&](auto j) INLAY_INLINE_LAMBDA {
        auto const column = first + j;
        s.loop_tiles(line, S::template block_rows<T>, [&](auto i) INLAY_INLINE_LAMBDA {
          auto const row = top + i;
          s.transpose_block(from, y, row, column);
        });
      });
    });
  });
}

/// *Shapes*: x and y of the same extents, at least two. Where x is contiguous along the last axis
/// but one, and y along the last one, they are transposed in blocks.
template <class T, class Memory, stage S>
INLAY_INLINE constexpr void run(S& s, transposition const&, tensor<T const, Memory> const& x,
                                tensor<T, Memory> const& y) {
  int const outer = y.extents.size() - 2;
  auto const columns = y.extents[outer];
  auto const rows = y.extents[outer + 1];
  bool const are_contiguous = x.strides[outer] == 1 && y.strides[outer + 1] == 1;
  s.loop_nest(y.extents, outer, [&](auto at) INLAY_INLINE_LAMBDA {
    auto const from = s.slice(x, at, outer);
    auto const to = s.slice(y, at, outer);
    auto const one_by_one = [&]() INLAY_INLINE_LAMBDA {
      s.loop(columns, [&](auto i) INLAY_INLINE_LAMBDA {
        s.template loop_lanes<T>(rows, [&](auto j) INLAY_INLINE_LAMBDA {
          auto const element = s.load(from, i, j);
          s.store(to, i, j, element);
        });
      });
    };
    if (!are_contiguous) return one_by_one();
    auto const blocks_at_most =
        s.smaller(rows - S::template block_rows<T>, columns - S::template block_columns<T>);
    s.if_at_most(0, blocks_at_most, [&](auto fill_blocks) INLAY_INLINE_LAMBDA {
      if constexpr (fill_blocks.value) transpose_blocks(s, from, to);
      else one_by_one();
    });
  });
}

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// The number of input tensors of an operator's step.
template <class Operator> constexpr int step_inputs() {
  if constexpr (requires { typename Operator::kernel; }) return Operator::kernel::inputs;
  else return inlay::detail::operands<Operator>();
}

/// The element type of an input of an operator's step for elements of `T`.
template <class Operator, std::size_t Input, class T> constexpr auto find_step_input() {
  if constexpr (requires { Operator::kernel::index_input; }) {
    if constexpr (static_cast<int>(Input) == Operator::kernel::index_input) return std::int64_t{};
    else return T{};
  } else {
    return T{};
  }
}
template <class Operator, std::size_t Input, class T>
using step_input = decltype(find_step_input<Operator, Input, T>());

/// What an operator computes element by element is its kernel.
struct elementwise_kernel {
  element_words words;
};

/// The kernel of an operator's step, with the parameters that these words are.
template <class Operator> constexpr auto kernel_of(std::int64_t const* words) {
  if constexpr (requires { typename Operator::kernel; }) {
    return from_words<typename Operator::kernel>(words);
  } else {
    elementwise_kernel kernel;
    if constexpr (inlay::detail::has_parameters<Operator>()) {
      kernel.words = from_words<element_words>(words);
    }
    return kernel;
  }
}

/// What tiles cut up of a step with an input and an output of these shapes, which may be the
/// largest of 2x2 each.
template <class Kernel>
constexpr product_extents product_of_step(Kernel const& kernel, shape const& input, shape output,
                                          bool is_pooled) {
  if (is_pooled) {
    output[2] *= 2;
    output[3] *= 2;
  }
  auto product = kernel.product(input, output);
  product.is_pooled = is_pooled;
  if (is_pooled) product.even_rows *= 2;
  return product;
}

/// The tile with which stage `S` runs a kernel.
template <class T, class S, class Kernel>
constexpr tile_shape tile_of_step(Kernel const& kernel, shape const& input, shape const& output,
                                  bool is_pooled = false) {
  if constexpr (requires { kernel.product(input, output); }) {
    auto const product = product_of_step(kernel, input, output, is_pooled);
    return choose_tile(product, S::template width<T>, S::registers, sizeof(T));
  } else {
    return {};
  }
}

/// Runs one step: `inputs` as many tensors as `step_inputs` says, and one output, or `results`
/// where the kernel takes a tape.
template <class Operator, class T, tile_shape Tile = tile_shape{}, stage S, class Kernel,
          class Results, class... Input>
INLAY_INLINE constexpr void run_step(S& s, Kernel const& kernel, Results const& output,
                                     Input const&... inputs) {
  static_assert(sizeof...(Input) == step_inputs<Operator>());
  // Where one extent is 0, the loops over the others may be of 2^42 rounds.
  if (s.known(elements_of(results_to(output).y.extents), 1) == 0) return;
  if constexpr (std::is_same_v<Kernel, elementwise_kernel>) {
    elementwise<Operator, T>(s, kernel.words, output, inputs...);
  } else if constexpr (requires { &Kernel::product; }) {
    run<Tile>(s, kernel, inputs..., output);
  } else {
    run(s, kernel, inputs..., output);
  }
}

INLAY_END_TARGET

// Fused element operators, in the compiler's code or one after the other at run time.

INLAY_BEGIN_TARGET

/// Links that are constants: `Links::value` is a span of them.
template <class Links> struct static_tape {
  template <class T, stage S, class V, class Other>
  INLAY_INLINE static constexpr V apply(S& s, V const& x, Other const& other) {
    return apply<T, 0>(s, other, x);
  }

 private:
  /// What came before the last result stands behind it, the latest first.
  template <class T, std::size_t Link, class S, class Other, class V, class... Before>
  INLAY_INLINE static constexpr V apply(S& s, Other const& other, V const& last,
                                        Before const&... before) {
    if constexpr (Link == Links::value.size()) {
      return last;
    } else {
      V const results[] = {last, before...};
      V const y = compute<T, Link>(s, other, results,
                                   std::make_index_sequence<Links::value[Link].operands.count>{});
      return apply<T, Link + 1>(s, other, y, last, before...);
    }
  }
  template <class T, std::size_t Link, class S, class Other, class V, std::size_t... I>
  INLAY_INLINE static constexpr V compute(S& s, Other const& other, V const* results,
                                          std::index_sequence<I...>) {
    using element = operator_of<Links::value[Link].op>;
    constexpr auto conditions = static_cast<std::size_t>(inlay::detail::conditions<element>());
    if constexpr (conditions == 0) {
      V const operands[] = {operand<Link, I>(other, results)...};
      return compute_element<element, element_form<T>>(s, Links::value[Link].words.of,
                                                       operands[I]...);
    } else {
      // Braces evaluate from left to right.
      pack const operands{choose_operand<Link, I, (I < conditions)>(other, results)...};
      auto const compute = [&](auto const&... x) INLAY_INLINE_LAMBDA {
        return compute_element<element, element_form<T>>(s, Links::value[Link].words.of, x...);
      };
      return apply_pack(compute, operands);
    }
  }
  template <std::size_t Link, std::size_t I, bool IsCondition, class Other, class V>
  INLAY_INLINE static constexpr auto choose_operand(Other const& other, V const* results) {
    if constexpr (IsCondition) {
      constexpr auto from = Links::value[Link].operands.of[I];
      return other.condition(std::integral_constant<int, -1 - from>{});
    } else {
      return operand<Link, I>(other, results);
    }
  }
  template <std::size_t Link, std::size_t I, class Other, class V>
  INLAY_INLINE static constexpr V operand(Other const& other, V const* results) {
    constexpr auto from = Links::value[Link].operands.of[I];
    if constexpr (from < 0) {
      return other(std::integral_constant<int, -1 - from>{});
    } else {
      return results[Link - static_cast<std::size_t>(from)];
    }
  }
};

/// A normalization of rows, which are changed where they are.
template <class Operator> struct row_ending {
  template <class T, class Memory, stage S>
  INLAY_INLINE static constexpr void apply(S& s, tensor<T, Memory> const& rows) {
    auto const& by = rows.strides;
    typename Memory::numbers const extents{rows.extents[0], rows.extents[1], 1};
    typename Memory::numbers const strides{by[0], by[1], 1};
    typename Operator::kernel const kernel{};
    inlay::run(s, kernel, tensor<T const, Memory>{rows.data, extents, strides},
               tensor<T, Memory>{rows.data, extents, strides});
  }
};

/// The ending of that operator, as `results` has it.
template <operator_id Op> constexpr auto find_ending() {
  if constexpr (Op == operator_id::unlisted) {
    return no_ending{};
  } else if constexpr (inlay::detail::is_ending<operator_of<Op>>()) {
    return row_ending<operator_of<Op>>{};
  } else {
    return no_ending{};
  }
}
template <operator_id Op> using ending_of = decltype(find_ending<Op>());

/// An ending that is chosen while the program runs.
class dynamic_ending {
 public:
  constexpr dynamic_ending() = default;
  constexpr explicit dynamic_ending(operator_id op) : op_(op) {}

  template <class T, class Memory, stage S>
  constexpr void apply(S& s, tensor<T, Memory> const& rows) const {
    apply(s, rows, operators{});
  }

 private:
  template <class T, class Memory, class S, class... Operator>
  constexpr void apply(S& s, tensor<T, Memory> const& rows, operator_list<Operator...>) const {
    static_cast<void>(((op_ == id_of<Operator> && (apply_one<Operator>(s, rows), true)) || ...));
  }
  template <class Operator, class T, class Memory, class S>
  static constexpr void apply_one(S& s, tensor<T, Memory> const& rows) {
    if constexpr (inlay::detail::is_ending<Operator>() &&
                  contains(typename Operator::types{}, element_of<T>)) {
      row_ending<Operator>::apply(s, rows);
    }
  }

  operator_id op_ = operator_id::unlisted;
};

/// Links that are read while the program runs, an element at a time.
class dynamic_tape {
 public:
  constexpr dynamic_tape() = default;
  /// `find(op, types)` is the code of an element operator.
  template <class Find>
  constexpr dynamic_tape(span<link const> links, Find const& find) : links_(links) {
    for (std::size_t i = 0; i < links.size(); ++i) codes_[i] = find(links[i].op, links[i].types);
  }

  constexpr bool is_empty() const { return links_.empty(); }

  template <class T, stage S, class V, class Other>
  constexpr V apply(S&, V const& x, Other const& other) const {
    if (links_.empty()) return x;
    any_number results[most_links + 1]{any_number::of(x)};
    std::size_t count = 0;
    for (auto const& l : links_) {
      any_number operands[most_operands]{};
      for (std::uint32_t i = 0; i < l.operands.count; ++i) {
        auto const from = l.operands.of[i];
        operands[i] = from < 0 ? element_of(other, -1 - from) : results[from];
      }
      results[count + 1] = codes_[count](l.words.of, operands);
      ++count;
    }
    return results[count].template as<V>();
  }

 private:
  template <class Other> static constexpr any_number element_of(Other const& other, int k) {
    if constexpr (reads_conditions<Other>) {
      if (other.is_condition(k)) return any_number::of(other.condition(k));
    }
    return any_number::of(other(k));
  }

  span<link const> links_;
  element_code codes_[most_links]{};
};

/// What a chain makes of an element of each tensor of its step. The chain is a constant,
/// `Chain::value`.
template <class Chain> struct static_chain {
  template <stage S, class Elements>
  INLAY_INLINE static constexpr auto apply(S& s, Elements const& elements) {
    return apply_links<0>(s, elements);
  }

 private:
  /// What links made stands behind the elements, the latest first.
  template <std::size_t Link, class S, class Elements, class... Result>
  INLAY_INLINE static constexpr auto apply_links(S& s, Elements const& elements,
                                                 Result const&... results) {
    auto const y = compute<Link>(s, elements, pack<Result...>(results...),
                                 std::make_index_sequence<Chain::value.of[Link].operands.count>{});
    if constexpr (Link + 1 == Chain::value.count) return y;
    else return apply_links<Link + 1>(s, elements, y, results...);
  }
  template <std::size_t Link, class S, class Elements, class Results, std::size_t... I>
  INLAY_INLINE static constexpr auto compute(S& s, Elements const& elements, Results const& results,
                                             std::index_sequence<I...>) {
    constexpr auto types = Chain::value.of[Link].types;
    using form = element_form<stored_type<types.from>, stored_type<types.to>>;
    using element = operator_of<Chain::value.of[Link].op>;
    return compute_element<element, form>(s, Chain::value.of[Link].words.of,
                                          operand<Link, I>(elements, results)...);
  }
  template <std::size_t Link, std::size_t I, class Elements, class Results>
  INLAY_INLINE static constexpr auto const& operand(Elements const& elements,
                                                    Results const& results) {
    constexpr auto from = Chain::value.of[Link].operands.of[I];
    if constexpr (from < 0) return get<static_cast<std::size_t>(-1 - from)>(elements);
    else return get<Link - static_cast<std::size_t>(from)>(results);
  }
};

/// What a chain makes of the first tensors of a step, of these types, as a kernel reads it: see
/// kernel/reader-inl.hpp. Strides are constants, `Step::layout_at<I>`: compilers keep few numbers
/// in registers.
template <class Chain, class Step, class... Input> struct chain_reader {
  shape extents;
  pack<Input const*...> begins;
  int axis = 0;  // the first one that is left

  template <stage S>
  INLAY_INLINE constexpr chain_reader inner(S&, std::int64_t const* at, int axes) const {
    return inner<S>(at, axes, std::index_sequence_for<Input...>{});
  }
  template <stage S, class J> INLAY_INLINE constexpr auto read(S& s, J j) const {
    return read(s, j, std::index_sequence_for<Input...>{});
  }

 private:
  template <class S, std::size_t... I>
  INLAY_INLINE constexpr chain_reader inner(std::int64_t const* at, int axes,
                                            std::index_sequence<I...>) const {
    return {S::inner_axes(extents, axes), pack{(get<I>(begins) + elements_to<I>(at, axes))...},
            axis + axes};
  }
  template <std::size_t I>
  INLAY_INLINE constexpr std::int64_t elements_to(std::int64_t const* at, int axes) const {
    std::int64_t elements = 0;
    for (int i = 0; i < axes; ++i) elements += at[i] * stride<I>(axis + i);
    return elements;
  }
  template <std::size_t I> INLAY_INLINE static constexpr std::int64_t stride(int axis) {
    return Step::template layout_at<I>.strides[axis];
  }
  template <class S, class J, std::size_t... I>
  INLAY_INLINE constexpr auto read(S& s, J j, std::index_sequence<I...>) const {
    // Braces evaluate from left to right.
    pack const elements{
        s.load_or_broadcast(tensor<Input const>{get<I>(begins), {}, {stride<I>(axis)}}, j)...};
    return static_chain<Chain>::apply(s, elements);
  }
};

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// Runs every step of a program in turn, on tensors that `memory` finds by location. No code is
/// compiled for kernels with links or an ending where `Memory::has_epilogues` is false.
template <class Memory> class scalar_interpreter {
 public:
  static constexpr void run(program const& p, Memory& memory) {
    for (auto const& s : p.steps) run_step(p, s, memory);
  }
  static constexpr void run_step(program const& p, step const& s, Memory& memory) {
    if (entry_of<Memory>(p.structures[s.structure].op).is_elementwise) {
      element_interpreter<Memory>::run(p, s, memory);
    } else {
      run_operators(p, s, memory, operators{});
    }
  }

 private:
  template <class... Operator>
  static constexpr void run_operators(program const& p, step const& s, Memory& memory,
                                      operator_list<Operator...>) {
    auto const op = p.structures[s.structure].op;
    static_cast<void>(((op == id_of<Operator> &&
                        (run_types<Operator>(p, s, memory, typename Operator::types{}), true)) ||
                       ...));
  }
  template <class Operator, class... T>
  static constexpr void run_types(program const& p, step const& s, Memory& memory,
                                  type_list<T...>) {
    if constexpr (inlay::detail::is_step<Operator>() &&
                  !inlay::detail::is_elementwise<Operator>()) {
      auto const& what = p.structures[s.structure];
      // Tensors that are read instead of the first one may have other elements.
      auto const first = what.readers.count == 0 ? 0 : what.layouts.count - 1;
      auto const element = p.layouts[what.layouts.first + first].element;
      using inputs = std::make_index_sequence<static_cast<std::size_t>(step_inputs<Operator>())>;
      static_cast<void>(
          ((element == element_of<T> && (run_tensors<Operator, T>(p, s, memory, inputs{}), true)) ||
           ...));
    }
  }
  template <class Operator, class T, std::size_t... Input>
  static constexpr void run_tensors(program const& p, step const& s, Memory& memory,
                                    std::index_sequence<Input...>) {
    auto const& what = p.structures[s.structure];
    auto const* const layouts = p.layouts.data() + what.layouts.first;
    auto const* const locations = p.locations.data() + s.locations.first;
    auto const kernel = kernel_of<Operator>(p.words.data() + what.words.first);
    auto const output = what.layouts.count - 1;
    // Tensors that are read instead of the first one are made one of.
    auto const more = tensors_more(what, p.links.data());
    vector<T> made;
    if (what.readers.count != 0) make_first_input(p, what, locations, memory, made);
    auto const tensor_at = [&]<class E>(std::size_t i, E) {
      if constexpr (std::is_same_v<E, T>) {
        if (i == 0 && !made.empty()) {
          // What works in place sees both alike.
          constexpr bool is_alike = requires { &Operator::kernel::works_in_place; };
          return contiguous(made.data(), layouts[is_alike ? output : 0].extents);
        }
      }
      auto const k = i == 0 ? 0 : i + more;
      return tensor<E const>{memory.template read<E>(locations[k]), layouts[k].extents,
                             layouts[k].strides};
    };
    tensor<T> const y{memory.template write<T>(locations[output]), layouts[output].extents,
                      layouts[output].strides};
    scalar stage;
    if constexpr (inlay::detail::takes_tape<Operator>() && has_epilogues()) {
      if (what.links.count != 0 || what.ending != operator_id::unlisted) {
        dynamic_tape const tape({p.links.data() + what.links.first, what.links.count},
                                &find_element_code<Memory>);
        constexpr int others = most_others;
        constexpr bool has_conditions = inlay::detail::takes_conditions<Operator>();
        results<T, dynamic_tape, others, dynamic_ending, host_memory, has_conditions> to{
            y, tape, dynamic_ending(what.ending)};
        for (std::size_t i = sizeof...(Input); i + more < output; ++i) {
          auto const k = static_cast<int>(i - sizeof...(Input));
          if constexpr (has_conditions) {
            if (layouts[i + more].element == element_type::boolean) {
              to.set_condition(k, tensor_at(i, bool{}));
              continue;
            }
          }
          to.others[k] = tensor_at(i, T{});
        }
        if constexpr (can_pool<Operator>()) {
          if (what.ending == id_of<op::max_pool>) {
            return inlay::run_step<Operator, T, pooled_tile>(
                stage, kernel, to, tensor_at(Input, step_input<Operator, Input, T>{})...);
          }
        }
        return inlay::run_step<Operator, T>(stage, kernel, to,
                                            tensor_at(Input, step_input<Operator, Input, T>{})...);
      }
    }
    inlay::run_step<Operator, T>(stage, kernel, y,
                                 tensor_at(Input, step_input<Operator, Input, T>{})...);
  }
  template <class T>
  static constexpr void make_first_input(program const& p, structure const& what,
                                         location const* locations, Memory& memory,
                                         vector<T>& made) {
    auto const chain = readers_of(what, p.links.data());
    auto const* const layouts = p.layouts.data() + what.layouts.first;
    layout const to(element_of<T>, layouts[0].extents);
    made = vector<T>(static_cast<std::size_t>(elements_of(to.extents)), T{});
    element_interpreter<Memory>::run(chain, {layouts, chain.tensors()}, to, locations, memory,
                                     made.data());
  }
  template <class T> static constexpr tensor<T const> contiguous(T const* data, shape const& s) {
    return {data, s, contiguous_strides(s)};
  }
  static constexpr bool has_epilogues() {
    if constexpr (requires { Memory::has_epilogues; }) return Memory::has_epilogues;
    else return true;
  }
  template <class Operator> static constexpr bool can_pool() {
    return inlay::detail::find_can_pool<Operator>() != nullptr;
  }
  static constexpr tile_shape pooled_tile =
      choose_tile({.rows = 4, .columns = 1, .is_inside = true, .is_pooled = true},
                  scalar::width<float>, scalar::registers);
};

INLAY_END_TARGET

INLAY_BEGIN_TARGET

/// The memory of a program of one node, in constant expressions too: all its tensors are in the
/// arena.
class folding_memory {
 public:
  static constexpr bool has_epilogues = false;  // programs of one node have none

  constexpr explicit folding_memory(std::int64_t bytes) : arena_(bytes) {}

  template <class T> constexpr T const* read(location const& l) { return write<T>(l); }
  template <class T> constexpr T* write(location const& l) {
    return l.where == place::nowhere ? nullptr : arena_.template at<T>(l.offset);
  }

 private:
  typed_arena<stored_types> arena_;
};

/// Computes nodes of a graph by the interpreter, each as a program of its own.
template <class Graph> class constant_folder {
 public:
  constexpr explicit constant_folder(Graph& g) : graph_(&g), budget_(g) {}

  /// Makes the outputs of `n` constants, if its inputs are constants and the budget suffices. No
  /// operand and no value is added.
  constexpr bool fold(node const& n) {
    auto& g = *graph_;
    if (!is_foldable(n)) return false;
    if (entry_of<Graph>(n.op).is_view) return fold_view(n);
    auto& y = g.values[g.outputs_of(n)[0]];
    detail::lower_node(g, n, lowering_);
    auto const bytes = size_of(y.type);
    if (!budget_.take(bytes, work_of(n))) return false;
    place(n);
    memory_of_one memory(program_.arena_bytes);
    load(memory, g.inputs_of(n));
    scalar_interpreter<memory_of_one>::run(program_, memory);
    store(memory, y);
    return true;
  }

 private:
  // It depends on `Graph`, because Clang compiles at once what depends on no argument.
  using memory_of_one = std::conditional_t<sizeof(Graph) != 0, folding_memory, void>;

  constexpr bool is_foldable(node const& n) const {
    auto const& g = *graph_;
    for (auto const id : g.inputs_of(n)) {
      if (id != no_value && !inlay::is_foldable(g, id)) return false;
    }
    bool const is_view = entry_of<Graph>(n.op).is_view;
    auto const outputs = g.outputs_of(n);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (i > 0 && outputs[i] == no_value) continue;
      auto const& y = g.values[outputs[i]].type;
      if ((i > 0 && !is_view) || !y.has_shape || !is_in_memory(y.shape) ||
          !contains(stored_types{}, y.element)) {
        return false;
      }
    }
    return true;
  }

  /// Of a view, what is another part or another order of the elements is copied.
  constexpr bool fold_view(node const& n) {
    auto& g = *graph_;
    auto const& entry = entry_of<Graph>(n.op);
    if (entry.view_of_input == nullptr) return fold_parts(n);
    auto const& x = g.values[g.operands[n.inputs.first]];
    vector<tensor_view> views;
    std::int64_t copied = 0;
    for (std::uint32_t i = 0; i < n.outputs.count; ++i) {
      views.push_back({layout(x.type), 0});
      entry.view_of_input({g, n}, static_cast<int>(i), views.back());
      if (!is_whole(views.back(), x)) {
        copied = saturating_add(copied, elements_of(views.back().lies.extents));
      }
    }
    if (copied != 0 && !budget_.take(bytes_of(x.type.element, copied), copied)) return false;
    for (std::uint32_t i = 0; i < n.outputs.count; ++i) {
      auto const id = g.operands[n.outputs.first + i];
      if (id == no_value) continue;
      auto const constant = is_whole(views[i], x) ? add_constant(g.constants[x.constant])
                                                  : copy_elements(views[i], x.constant);
      g.values[id].constant = constant;
    }
    return true;
  }
  static constexpr bool is_whole(tensor_view const& v, value const& x) {
    return is_contiguous(v.lies) && elements_of(v.lies.extents) == elements_of(x.type.shape);
  }
  constexpr std::uint32_t add_constant(constant const same) {
    graph_->constants.push_back(same);
    return static_cast<std::uint32_t>(graph_->constants.size() - 1);
  }
  /// Calls `visit(i, j)` with the places of the same element in two views of the same extents.
  template <class Visit>
  static constexpr void each_place(tensor_view const& a, tensor_view const& b, Visit const& visit) {
    auto const& extents = a.lies.extents;
    shape at = extents;
    for (int i = 0; i < at.size(); ++i) at[i] = 0;
    auto x = a.offset;
    auto y = b.offset;
    for (auto left = elements_of(extents); left > 0; --left) {
      visit(static_cast<std::size_t>(x), static_cast<std::size_t>(y));
      for (int i = at.size() - 1; i >= 0; --i) {
        x += a.lies.strides[i];
        y += b.lies.strides[i];
        if (++at[i] < extents[i]) break;
        x -= at[i] * a.lies.strides[i];
        y -= at[i] * b.lies.strides[i];
        at[i] = 0;
      }
    }
  }
  /// The elements of a view of a constant, in order.
  constexpr std::uint32_t copy_elements(tensor_view const& v, std::uint32_t from) {
    auto& g = *graph_;
    return store_constant(g, [&](auto put) {
      with_type(v.lies.element, stored_types{}, [&]<class T>(T) {
        each_place(v, v, [&](std::size_t i, std::size_t) {
          put(read_little_endian<T>(g.bytes_of(g.constants[from]), i));
        });
      });
    });
  }
  /// An output of which the inputs are parts.
  constexpr bool fold_parts(node const& n) {
    auto& g = *graph_;
    auto const& entry = entry_of<Graph>(n.op);
    auto& y = g.values[g.outputs_of(n)[0]];
    auto const count = elements_of(y.type.shape);
    if (!budget_.take(size_of(y.type), count)) return false;
    tensor_view const whole{layout(y.type), 0};
    auto const inputs = g.inputs_of(n);
    auto const first_of = [&]<class T>(value_id id, T) {
      return read_little_endian<T>(g.bytes_of(g.constants[g.values[id].constant]), 0);
    };
    y.constant = store_constant(g, [&](auto put) {
      with_type(y.type.element, stored_types{}, [&]<class T>(T zero) {
        vector<T> elements(static_cast<std::size_t>(count), zero);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
          auto to = whole;
          if (inputs[i] == no_value || !entry.view_of_output({g, n}, static_cast<int>(i), to)) {
            continue;
          }
          auto const& x = g.values[inputs[i]];
          tensor_view from{layout(x.type), 0};
          if (entry.crop != nullptr) entry.crop({g, n}, from);
          auto const bytes = g.bytes_of(g.constants[x.constant]);
          each_place(from, to, [&](std::size_t k, std::size_t place) {
            elements[place] = read_little_endian<T>(bytes, k);
          });
        }
        if (entry.fills != nullptr) {
          bool const is_given = inputs.size() > 2 && inputs[2] != no_value;
          auto const constant = is_given ? first_of(inputs[2], zero) : zero;
          for (auto const& f : entry.fills({g, n}, whole)) {
            each_place(f.is_constant ? f.to : f.from, f.to, [&](std::size_t k, std::size_t place) {
              elements[place] = f.is_constant ? constant : elements[k];
            });
          }
        }
        for (auto const& e : elements) put(e);
      });
    });
    return true;
  }

  static constexpr std::int64_t size_of(tensor_type const& t) {
    return bytes_of(t.element, elements_of(t.shape));
  }

  constexpr std::int64_t work_of(node const& n) const {
    auto const& g = *graph_;
    auto const outputs = elements_of(g.values[g.outputs_of(n)[0]].type.shape);
    auto work = saturating_add(lowering_.multiply_adds, outputs);
    for (auto const id : g.inputs_of(n)) {
      if (id != no_value) work = saturating_add(work, elements_of(g.values[id].type.shape));
    }
    if (is<op::max_pool>(n) || is<op::average_pool>(n)) {
      // A window looks at no more than the image.
      auto const& x = g.values[g.inputs_of(n)[0]].type.shape;
      auto of_windows = outputs;
      int axis = 2;
      for (auto const size : node_view(g, n).integers("kernel_shape")) {
        of_windows = saturating_multiply(of_windows, size < x[axis] ? size : x[axis]);
        ++axis;
      }
      work = saturating_add(work, of_windows);
    }
    return work;
  }

  /// The program of the node that `lower_node` has looked at.
  constexpr void place(node const& n) {
    auto const& g = *graph_;
    auto const inputs = g.inputs_of(n);
    program_ = program{};
    for (std::size_t i = 0; i < lowering_.inputs.size(); ++i) {
      auto const id = i < inputs.size() ? inputs[i] : no_value;
      program_.layouts.push_back(lowering_.inputs[i]);
      add_location(id);
    }
    program_.layouts.push_back(lowering_.outputs[0]);
    add_location(g.outputs_of(n)[0]);
    program_.words.append(lowering_.words.data(), lowering_.words.size());
    auto const tensors = static_cast<std::uint32_t>(program_.layouts.size());
    auto const words = static_cast<std::uint32_t>(program_.words.size());
    structure s;
    s.op = n.op;
    s.types = lowering_.types;
    s.layouts = {0, tensors};
    s.words = {0, words};
    program_.structures.push_back(s);
    program_.steps.push_back({0, {0, tensors}, 0});
  }
  constexpr void add_location(value_id id) {
    if (id == no_value) return program_.locations.push_back({});
    program_.locations.push_back({place::arena, 0, program_.arena_bytes});
    program_.arena_bytes += round_up(size_of(graph_->values[id].type), tensor_alignment);
  }

  constexpr void load(memory_of_one& memory, span<value_id const> inputs) const {
    for (std::size_t i = 0; i < inputs.size() && i < lowering_.inputs.size(); ++i) {
      if (inputs[i] == no_value) continue;
      auto const& v = graph_->values[inputs[i]];
      weight const w{v.type.element, 0, graph_->constants[v.constant], not_packed};
      with_type(v.type.element, stored_types{}, [&]<class T>(T) {
        copy_weight(w, {}, graph_->storage.data(), memory.template write<T>(program_.locations[i]));
      });
    }
  }
  constexpr void store(memory_of_one& memory, value& y) {
    auto& g = *graph_;
    y.constant = store_constant(g, [&](auto put) {
      with_type(y.type.element, stored_types{}, [&]<class T>(T) {
        auto const* const from = memory.template read<T>(program_.locations.back());
        for (std::int64_t k = 0; k < elements_of(y.type.shape); ++k) put(from[k]);
      });
    });
  }

  Graph* graph_;
  folding_budget<Graph> budget_;
  lowering lowering_;
  program program_;
};

/// Nodes of listed operators whose inputs are all constants go, and their outputs are constants, of
/// the bits that the program would compute. Runs after types are inferred; `folding_budget` says
/// what is too large or takes too long.
///   before   constant %0 = 1, 2   %1 = Add(%0, %0)   return %1
///   after    constant %1 = 2, 4   return %1
template <class Graph> constexpr Graph fold_constants(Graph g) {
  if (g.failure) return g;
  constant_folder folder(g);
  vector<char> is_removed;
  // Few steps for a node that has nothing to fold: compilers count them.
  auto const* const operands = g.operands.data();
  auto const* const values = g.values.data();
  for (auto const& n : g.nodes) {
    if (n.op == operator_id::unlisted) continue;
    if (values[operands[n.inputs.first]].constant == not_constant || !folder.fold(n)) continue;
    if (is_removed.empty()) is_removed = vector<char>(g.nodes.size(), 0);
    is_removed[static_cast<std::size_t>(&n - g.nodes.data())] = 1;
  }
  if (!is_removed.empty()) remove_nodes(g, is_removed);
  return g;
}

/// Whether `fold_constants` could find a node, once the functions and the constants of a graph that
/// has just been read are what they become.
template <class Graph> constexpr bool has_constant_nodes(Graph const& g) {
  if (!g.functions.empty()) return true;
  vector<char> is_known(g.values.size(), 0);
  for (auto const& n : g.nodes) {
    bool depends = false;
    for (auto const id : g.inputs_of(n)) {
      depends = depends || !(id == no_value || g.is_constant(id) || is_known[id] != 0);
    }
    if (depends) continue;
    if (n.inputs.count != 0) return true;
    for (auto const id : g.outputs_of(n)) {
      if (id != no_value) is_known[id] = 1;
    }
  }
  return false;
}

INLAY_END_TARGET

// Moves the padding of images into the windows that look at them.

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Folds the Pads of one graph, whose types are known.
template <class Graph> class pad_folder {
  struct window_pads {
    vector<std::int64_t> of;  // in front of each axis, then behind each
    bool are_known = false;
    bool have_own = false;  // the window pads too
  };

  /// What the window of `n` pads with once it pads as `pad` does as well.
  constexpr window_pads pads_of(node const& pad, node const& n) const {
    node_view const p(*graph_, pad);
    node_view const w(*graph_, n);
    window_pads all;
    auto const& x = p.input(0);
    int const rank = x.shape.size();
    auto const auto_pad = w.text("auto_pad", "NOTSET");
    if (!x.has_shape || rank < 3 || is_same(auto_pad) || p.text("mode", "constant") != "constant" ||
        !is_list(p, pad, 1) || (p.has_input(3) && !is_list(p, pad, 3))) {
      return all;
    }
    auto const added = padding_of(p, rank);
    if (!added) return all;
    for (int i = 0; i < rank; ++i) {
      auto const before = added->before[i];
      auto const after = added->after[i];
      if (before < 0 || after < 0 || (i < 2 && (before > 0 || after > 0))) return all;
    }
    auto const own = auto_pad == "NOTSET" ? w.integers("pads") : span<std::int64_t const>{};
    auto const axes = rank - 2;
    for (int i = 0; i < 2 * axes; ++i) {
      auto const of_window = value_or(own, static_cast<std::size_t>(i), 0);
      all.have_own = all.have_own || of_window != 0;
      all.of.push_back(of_window + (i < axes ? added->before[i + 2] : added->after[i - axes + 2]));
    }
    all.are_known = true;
    return all;
  }
  /// Whether an input is a list whose numbers are at hand.
  constexpr bool is_list(node_view const& p, node const& pad, int input) const {
    return p.has_input(input) &&
           is_foldable(*graph_, graph_->inputs_of(pad)[static_cast<std::size_t>(input)]);
  }

  /// Whether what `pad` pads with counts for the window of `n` as its own padding does.
  constexpr bool is_neutral(node const& pad, node const& n, window_pads const& pads) const {
    node_view const p(*graph_, pad);
    bool const is_given = p.has_input(2);
    if (is_given && !is_list(p, pad, 2)) return false;
    if (is<op::average_pool>(n) && pads.have_own &&
        node_view(*graph_, n).integer("count_include_pad", 0) == 0) {
      return false;
    }
    bool fits = false;
    with_type(p.input(0).element, op::max_pool::types{}, [&]<class T>(T x) {
      if (is_given) x = read<T>(graph_->inputs_of(pad)[2]);
      if (is<op::max_pool>(n)) {
        fits = x == least_value<T>() || (is_below(x, graph_->inputs_of(pad)[0]) &&
                                         all_touch_image(n, p.input(0).shape, pads));
      } else {
        fits = x == T{0};
      }
    });
    return fits;
  }
  template <class T> constexpr T read(value_id id) const {
    return read_little_endian<T>(graph_->bytes_of(graph_->constants[graph_->values[id].constant]),
                                 0);
  }
  /// Whether no finite element of an image is less: where x is the lowest number, and 0 behind a
  /// Relu.
  template <class T> constexpr bool is_below(T const& x, value_id image) const {
    if (x == lowest_finite<T>()) return true;
    auto const maker = uses_.producer[image];
    return x == T{0} && maker != value_uses<Graph>::not_a_node &&
           is<op::relu>(graph_->nodes[maker]);
  }
  /// Whether no window lies on its padding as a whole.
  constexpr bool all_touch_image(node const& n, shape const& image, window_pads const& pads) const {
    node_view const w(*graph_, n);
    auto const sizes = w.integers("kernel_shape");
    for (auto const dilation : w.integers("dilations")) {
      if (dilation != 1) return false;
    }
    for (std::size_t i = 0; i < pads.of.size(); ++i) {
      auto const axis = i % sizes.size();
      if (pads.of[i] >= sizes[axis] || image[static_cast<int>(axis) + 2] == 0) return false;
    }
    return true;
  }

  /// Gives the window its new pads, and has it read x.
  constexpr void rewrite(node& n, value_id x, window_pads const& pads) {
    auto& g = *graph_;
    auto const inputs = n.inputs;
    n.inputs.first = static_cast<std::uint32_t>(g.operands.size());
    g.operands.push_back(x);
    for (std::uint32_t i = 1; i < inputs.count; ++i) {
      value_id const other = g.operands[inputs.first + i];
      g.operands.push_back(other);
    }
    auto const attributes = n.attributes;
    n.attributes = {static_cast<std::uint32_t>(g.attributes.size()), 0};
    for (std::uint32_t i = 0; i < attributes.count; ++i) {
      auto const a = g.attributes[attributes.first + i];
      if (a.name == "auto_pad" || a.name == "pads" || a.name == "count_include_pad") continue;
      g.attributes.push_back(a);
      ++n.attributes.count;
    }
    add_attribute(n, "pads", attribute_kind::integers, {pads.of.data(), pads.of.size()});
    std::int64_t const one[] = {1};
    if (is<op::average_pool>(n)) {
      add_attribute(n, "count_include_pad", attribute_kind::integer, one);
    }
  }
  constexpr void add_attribute(node& n, string_view name, attribute_kind kind,
                               span<std::int64_t const> values) {
    auto& g = *graph_;
    range const held{static_cast<std::uint32_t>(g.integers.size()),
                     static_cast<std::uint32_t>(values.size())};
    g.integers.append(values.data(), values.size());
    g.attributes.push_back({name, kind, held});
    ++n.attributes.count;
  }

 public:
  constexpr explicit pad_folder(Graph& g) : graph_(&g), uses_(g), known_(g) {}

  static constexpr std::uint32_t none = value_uses<Graph>::not_a_node;

  /// Lets the window of `n` pad as the Pad before it does; which node that is, or `none`.
  constexpr std::uint32_t fold(node& n) {
    auto& g = *graph_;
    auto const padded = g.inputs_of(n)[0];
    auto const index = uses_.producer[padded];
    if (index == none || uses_.count[padded] != 1 || !is<op::pad>(g.nodes[index])) return none;
    auto const& pad = g.nodes[index];
    auto const pads = pads_of(pad, n);
    if (!pads.are_known || !is_neutral(pad, n, pads)) return none;
    auto const before = n;
    rewrite(n, g.inputs_of(pad)[0], pads);
    // A last window that ceil_mode adds may start behind the image, and its own padding not.
    auto const type = entry_of<Graph>(n.op).infer({g, n, &known_}, 0);
    if (type && *type == g.values[g.outputs_of(n)[0]].type) return index;
    n = before;
    return none;
  }

 private:
  Graph* graph_;
  value_uses<Graph> uses_;
  inference known_;
};

}  // namespace detail

/// A Pad of an image's rows and columns, or of a sequence, that only a convolution or a pooling
/// reads becomes the padding of its windows, if it pads with what they take padding for: zeros, or
/// before a largest pooling minus infinity, the lowest number, or zeros where a Relu is before it.
/// Runs after types are inferred. The result differs only where a largest pooling finds nothing but
/// zeros of both signs, or minus infinity beside the lowest number.
///   before   %2 = Pad(%0, %1)   %4 = Conv(%2, %3)      where %1 is 0, 0, 1, 1, 0, 0, 2, 2
///   after    %4 = Conv(%0, %3) {pads = [1, 1, 2, 2]}
template <class Graph> constexpr Graph fold_pads(Graph g) {
  if (g.failure) return g;
  bool has_any = false;
  for (auto const& n : g.nodes) has_any = has_any || n.op == id_of<op::pad>;
  if (!has_any) return g;
  detail::pad_folder folder(g);
  vector<char> is_removed(g.nodes.size(), 0);
  for (auto& n : g.nodes) {
    if (!is<op::conv>(n) && !is<op::max_pool>(n) && !is<op::average_pool>(n)) continue;
    for (auto pad = folder.fold(n); pad != folder.none; pad = folder.fold(n)) is_removed[pad] = 1;
  }
  remove_nodes(g, is_removed);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION

// Puts what the model's own functions do in place of the nodes that call them.

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Builds `to_` from `from_`: nodes that call nothing as they are, and for each call the nodes of
/// the function on values of their own.
template <class Graph> class function_inliner {
 public:
  constexpr explicit function_inliner(Graph g)
      : from_(std::move(g)),
        to_(from_),
        functions_(from_),
        values_(from_.values.size(), no_value),
        bound_(from_.values.size(), no_value),
        is_given_(from_.values.size(), 0),
        is_active_(from_.functions.size(), 0),
        new_bodies_(from_.bodies.size(), no_place) {
    for (value_id id = 0; id < values_.size(); ++id) values_[id] = id;
    for (std::uint32_t i = 0; i < from_.functions.size(); ++i) {
      auto const& f = from_.functions[i];
      functions_.add(i);
      for (auto const id : ids_in(from_.bodies[f.body].inputs)) is_given_[id] = 1;
    }
    for (auto const& a : from_.annotations) add_overload(a);
  }

  constexpr Graph run() {
    to_.body_nodes.clear();
    to_.bodies.clear();
    to_.functions.clear();
    node_list nodes;
    for (std::uint32_t i = 0; i < from_.nodes.size() && !from_.failure; ++i) {
      current_ = i;
      copy_node(from_.nodes[i], {annotated::node, i}, {}, nodes, 0);
    }
    if (from_.failure) return std::move(from_);
    to_.nodes = std::move(nodes.nodes);
    drop_unused_values();
    move_notes(nodes.origins);
    return std::move(to_);
  }

 private:
  // A call takes ten bytes of a file, and what it comes to at these limits less than 100 MB.
  static constexpr std::size_t most_nodes = std::size_t{1} << 18;
  static constexpr std::size_t most_attributes = std::size_t{1} << 18;
  static constexpr std::uint32_t handed_over = 0xffff'ffff;  // bodies of an attribute of a call
  static constexpr std::size_t most_operands = std::size_t{1} << 21;
  static constexpr int most_calls = 64;

  /// A node's index in the graph that is read.
  struct origin {
    annotated what = annotated::node;
    std::uint32_t index = 0;
  };
  /// Nodes of a graph or body, and where each comes from: `no_place` if from a function.
  struct node_list {
    vector<node> nodes;
    vector<std::uint32_t> origins;
  };
  /// The call whose function is being copied.
  struct call {
    function const* callee = nullptr;  // null outside of functions
    range attributes{};                // in `to_`, of the node that calls
  };

  constexpr span<value_id const> ids_in(range r) const {
    return {from_.operands.data() + r.first, r.count};
  }

  template <class... Part> constexpr void fail(rule broken, Part... part) {
    auto const& n = from_.nodes[current_];
    auto e = make_error(broken, label_of_node(n, current_), ": ", part...);
    e.offset = n.offset;
    from_.fail(e);
  }

  constexpr void add_overload(annotation const& a) {
    auto& to = a.what == annotated::node ? overloads_ : body_overloads_;
    auto const& nodes = a.what == annotated::node ? from_.nodes : from_.body_nodes;
    bool const is_of_node = a.what == annotated::node || a.what == annotated::body_node;
    if (!is_of_node || a.key != "overload" || a.index >= nodes.size()) return;
    if (to.empty()) to = vector<string_view>(nodes.size(), {});
    to[a.index] = a.text;
  }
  constexpr string_view overload_of(origin o) const {
    auto const& overloads = o.what == annotated::node ? overloads_ : body_overloads_;
    return overloads.empty() ? string_view{} : overloads[o.index];
  }

  /// Whether what functions have come to is within the limits.
  constexpr bool spend(std::size_t nodes, std::size_t operands, std::size_t attributes) {
    spent_nodes_ += nodes;
    spent_operands_ += operands;
    spent_attributes_ += attributes;
    auto const values = to_.values.size() - from_.values.size();
    if (spent_nodes_ <= most_nodes && spent_operands_ <= most_operands &&
        spent_attributes_ <= most_attributes && values <= most_nodes) {
      return true;
    }
    fail(rule::functions_must_come_to_at_most_262144_nodes,
         "the functions of the model come to more than 262144 nodes, values or attributes");
    return false;
  }

  constexpr void copy_node(node const& n, origin o, call const& around, node_list& to, int depth) {
    bool const is_inside = around.callee != nullptr;
    if (from_.failure) return;
    if (is_inside && !spend(1, std::size_t{n.inputs.count} + n.outputs.count, 0)) return;
    auto const callee = functions_.find(n.domain, n.type, overload_of(o));
    if (callee != functions_.absent) return copy_function(n, callee, around, to, depth);
    auto copy = n;
    copy.attributes = copy_attributes(n.attributes, around, depth);
    if (is_inside) {
      copy.inputs = copy_inputs(n.inputs);
      copy.outputs = copy_outputs(n.outputs);
    }
    to.nodes.push_back(copy);
    to.origins.push_back(is_inside ? no_place : o.index);
  }

  constexpr void copy_function(node const& n, std::uint32_t index, call const& around,
                               node_list& to, int depth) {
    auto const& f = from_.functions[index];
    if (!is_callable(n, index, depth)) return;
    call inner{&f, copy_attributes(n.attributes, around, depth)};
    auto const& b = from_.bodies[f.body];
    auto const inputs = ids_in(b.inputs);
    auto const outputs = ids_in(b.outputs);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      auto const id = i < n.inputs.count ? ids_in(n.inputs)[i] : no_value;
      values_[inputs[i]] = id == no_value ? no_value : values_[id];
    }
    auto const results = around.callee == nullptr ? n.outputs : copy_outputs(n.outputs);
    vector<std::size_t> copied;
    for (std::size_t i = 0; i < results.count; ++i) {
      auto const result = to_.operands[results.first + i];
      if (result == no_value) continue;
      if (is_defined_inside(outputs[i])) bound_[outputs[i]] = result;
      else copied.push_back(i);
    }
    is_active_[index] = 1;
    for (auto i = b.nodes.first; i < b.nodes.first + b.nodes.count; ++i) {
      copy_node(from_.body_nodes[i], {annotated::body_node, i}, inner, to, depth + 1);
    }
    is_active_[index] = 0;
    for (auto const i : copied) {
      add_identity(f, values_[outputs[i]], to_.operands[results.first + i], to);
    }
  }

  constexpr bool is_callable(node const& n, std::uint32_t index, int depth) {
    auto const& f = from_.functions[index];
    auto const& b = from_.bodies[f.body];
    constexpr auto broken = rule::functions_must_be_called_as_they_are_declared;
    if (is_active_[index] != 0) {
      fail(rule::functions_must_not_call_themselves, "the function '", f.name, "' calls itself");
    } else if (depth == most_calls) {
      fail(rule::calls_must_nest_at_most_64_deep, "functions call each other more than ",
           most_calls, " deep");
    } else if (n.inputs.count > b.inputs.count) {
      fail(broken, "the function '", f.name, "' takes ", b.inputs.count, " inputs, not ",
           n.inputs.count);
    } else if (n.outputs.count > b.outputs.count) {
      fail(broken, "the function '", f.name, "' has ", b.outputs.count, " outputs, not ",
           n.outputs.count);
    }
    for (std::uint32_t i = 0; i < f.operator_sets.count; ++i) {
      auto const& s = from_.operator_sets[f.operator_sets.first + i];
      if (!s.domain.empty() || s.version == from_.opset || has_one_form(f, s.version)) continue;
      fail(rule::the_opset_must_be_supported, "the function '", f.name, "' is written for opset ",
           s.version, ", the model for ", from_.opset, "; they must be the same");
    }
    return !from_.failure;
  }

  /// Whether all nodes of the function mean the same in this opset and in the model's.
  constexpr bool has_one_form(function const& f, std::int64_t version) const {
    auto const nodes = from_.bodies[f.body].nodes;
    for (auto i = nodes.first; i < nodes.first + nodes.count; ++i) {
      auto const& n = from_.body_nodes[i];
      auto const callee = functions_.find(n.domain, n.type, overload_of({annotated::body_node, i}));
      if (callee != functions_.absent) continue;
      if (!detail::has_one_form(n, version, from_.opset)) return false;
    }
    return true;
  }

  /// Whether a node of the function defines its output, and no earlier output is the same.
  constexpr bool is_defined_inside(value_id id) const {
    return is_given_[id] == 0 && !from_.is_constant(id) && bound_[id] == no_value;
  }

  constexpr void add_identity(function const& f, value_id input, value_id output, node_list& to) {
    if (from_.failure) return;
    if (input == no_value) {
      fail(rule::functions_must_be_called_as_they_are_declared, "the function '", f.name,
           "' returns an input that is left out");
      return;
    }
    node n;
    n.op = id_of<op::identity>;
    n.type = op::identity::name;
    n.name = from_.nodes[current_].name;
    n.offset = from_.nodes[current_].offset;
    n.inputs = {static_cast<std::uint32_t>(to_.operands.size()), 1};
    n.outputs = {n.inputs.first + 1, 1};
    to_.operands.push_back(input);
    to_.operands.push_back(output);
    to.nodes.push_back(n);
    to.origins.push_back(no_place);
  }

  // Of a node inside a function, or a body inside that.

  constexpr range copy_inputs(range r) {
    range const copy{static_cast<std::uint32_t>(to_.operands.size()), r.count};
    for (auto const id : ids_in(r)) {
      to_.operands.push_back(id == no_value ? no_value : values_[id]);
    }
    return copy;
  }
  constexpr range copy_outputs(range r) {
    range const copy{static_cast<std::uint32_t>(to_.operands.size()), r.count};
    for (auto const id : ids_in(r)) {
      to_.operands.push_back(id == no_value ? no_value : define(id));
    }
    return copy;
  }
  /// The value that stands for `id` from here on: what the caller wants, or a new one.
  constexpr value_id define(value_id id) {
    auto const wanted = bound_[id];
    bound_[id] = no_value;
    values_[id] = wanted != no_value ? wanted : static_cast<value_id>(to_.values.size());
    if (wanted == no_value && spend(0, 0, 0)) to_.values.push_back({});
    return values_[id];
  }

  /// The same run where nothing in it depends on the call.
  constexpr range copy_attributes(range r, call const& around, int depth) {
    bool is_same = true;
    for (std::uint32_t i = 0; i < r.count; ++i) {
      auto const& a = from_.attributes[r.first + i];
      is_same = is_same && a.reference.empty() && !holds_bodies(a);
    }
    if (is_same || !spend(0, 0, r.count)) return r;
    vector<attribute> copies;
    for (std::uint32_t i = 0; i < r.count; ++i) {
      copy_attribute(from_.attributes[r.first + i], around, depth, copies);
    }
    range const copy{static_cast<std::uint32_t>(to_.attributes.size()),
                     static_cast<std::uint32_t>(copies.size())};
    to_.attributes.append(copies.data(), copies.size());
    return copy;
  }

  /// One that refers to an attribute of the call that is not there, and has no default, goes.
  constexpr void copy_attribute(attribute const& a, call const& around, int depth,
                                vector<attribute>& to) {
    if (from_.failure) return;
    if (a.reference.empty()) {
      to.push_back(a);
      if (holds_bodies(a)) to.back().values = copy_bodies(a, around, depth);
      return;
    }
    if (around.callee == nullptr) {
      fail(rule::an_attribute_must_have_a_value, "attribute '", a.name, "' refers to '",
           a.reference, "', but is in no function");
      return;
    }
    auto const given = around.attributes;
    for (std::uint32_t i = 0; i < given.count; ++i) {
      auto& x = to_.attributes[given.first + i];
      if (x.name != a.reference) continue;
      refer(a, x, to);
      if (holds_bodies(x) && !from_.failure) hand_over(x, a, around);
      return;
    }
    auto const defaults = around.callee->default_attributes;
    for (std::uint32_t i = 0; i < defaults.count; ++i) {
      auto const& x = from_.attributes[defaults.first + i];
      if (x.name != a.reference) continue;
      refer(a, x, to);
      if (holds_bodies(x) && !from_.failure) to.back().values = copy_bodies(x, around, depth);
      return;
    }
  }
  /// The bodies of an attribute of the call go to the node that refers to it. They see the caller's
  /// values, and a body is held once.
  constexpr void hand_over(attribute& given, attribute const& a, call const& around) {
    if (given.values.count == handed_over) {
      fail(rule::the_form_of_the_operator_must_be_supported, "attribute '", a.name,
           "' of a node in the function '", around.callee->name,
           "' hands on a graph that another node has; no more than one is supported");
    }
    given.values.count = handed_over;
  }
  constexpr void refer(attribute const& a, attribute const& x, vector<attribute>& to) {
    if (a.kind != x.kind && a.kind != attribute_kind::other) {
      fail(rule::functions_must_be_called_as_they_are_declared, "attribute '", x.name,
           "' of the call is of another type than '", a.name, "', which refers to it");
      return;
    }
    to.push_back(x);
    to.back().name = a.name;
  }

  constexpr range copy_bodies(attribute const& a, call const& around, int depth) {
    vector<std::int64_t> bodies;
    for (std::uint32_t i = 0; i < a.values.count; ++i) {
      auto const index = static_cast<std::uint32_t>(from_.integers[a.values.first + i]);
      bodies.push_back(copy_body(index, around, depth));
    }
    range const copy{static_cast<std::uint32_t>(to_.integers.size()), a.values.count};
    to_.integers.append(bodies.data(), bodies.size());
    return copy;
  }
  constexpr std::uint32_t copy_body(std::uint32_t index, call const& around, int depth) {
    auto const& b = from_.bodies[index];
    bool const is_inside = around.callee != nullptr;
    if (depth == most_calls) {
      fail(rule::calls_must_nest_at_most_64_deep, "functions and bodies nest more than ",
           most_calls, " deep");
    }
    if (from_.failure || (is_inside && !spend(1, b.inputs.count, 0))) return 0;
    auto copy = b;
    if (is_inside) copy.inputs = copy_outputs(b.inputs);
    if (is_inside) copy.constants = copy_constants(b.constants);
    node_list nodes;
    for (auto i = b.nodes.first; i < b.nodes.first + b.nodes.count; ++i) {
      copy_node(from_.body_nodes[i], {annotated::body_node, i}, around, nodes, depth + 1);
    }
    if (is_inside) copy.outputs = copy_inputs(b.outputs);
    copy.nodes = {static_cast<std::uint32_t>(to_.body_nodes.size()),
                  static_cast<std::uint32_t>(nodes.nodes.size())};
    to_.body_nodes.append(nodes.nodes.data(), nodes.nodes.size());
    body_origins_.append(nodes.origins.data(), nodes.origins.size());
    to_.bodies.push_back(copy);
    auto const result = static_cast<std::uint32_t>(to_.bodies.size() - 1);
    if (!is_inside) new_bodies_[index] = result;
    return result;
  }
  /// New values with the same elements.
  constexpr range copy_constants(range r) {
    auto const copy = copy_outputs(r);
    for (std::uint32_t i = 0; i < r.count; ++i) {
      auto& v = to_.values[to_.operands[copy.first + i]];
      v = from_.values[ids_in(r)[i]];
      v.name = {};
    }
    return copy;
  }

  /// What functions called their values is not said of values that are no more.
  constexpr void drop_unused_values() {
    is_used_ = vector<char>(to_.values.size(), 0);
    auto const use = [&](value_id id) {
      if (id != no_value) is_used_[id] = 1;
    };
    auto const use_run = [&](range r) {
      for (auto i = r.first; i < r.first + r.count; ++i) use(to_.operands[i]);
    };
    for (auto const id : to_.inputs) use(id);
    for (auto const id : to_.outputs) use(id);
    for (auto const& b : to_.bodies) {
      for (auto const r : {b.inputs, b.outputs, b.constants}) use_run(r);
    }
    for (auto const* const nodes : {&to_.nodes, &to_.body_nodes}) {
      for (auto const& n : *nodes) {
        use_run(n.inputs);
        use_run(n.outputs);
      }
    }
    for (value_id id = 0; id < to_.values.size(); ++id) {
      if (is_used_[id] == 0 && !to_.is_constant(id)) to_.values[id] = {};
    }
  }

  constexpr void move_notes(vector<std::uint32_t> const& origins) {
    if (to_.annotations.empty()) return;
    auto const nodes = inverse(origins, from_.nodes.size());
    auto const body_nodes = inverse(body_origins_, from_.body_nodes.size());
    vector<std::uint32_t> const functions;
    vector<std::uint32_t> values;
    for (value_id id = 0; id < is_used_.size(); ++id) {
      values.push_back(is_used_[id] != 0 ? id : no_place);
    }
    move_annotations(to_, {&nodes, &new_bodies_, &body_nodes, &functions, &values});
  }
  static constexpr vector<std::uint32_t> inverse(vector<std::uint32_t> const& origins,
                                                 std::size_t size) {
    vector<std::uint32_t> places(size, no_place);
    for (std::uint32_t i = 0; i < origins.size(); ++i) {
      if (origins[i] != no_place) places[origins[i]] = i;
    }
    return places;
  }

  Graph from_;
  Graph to_;
  function_table<Graph> functions_;
  vector<value_id> values_;  // of `from_`: what each is in `to_` now
  vector<value_id> bound_;   // of `from_`: what the caller wants an output to be, until it is
  vector<char> is_given_;    // of `from_`: whether it is an input of a function
  vector<char> is_active_;   // whether each function is being copied
  vector<std::uint32_t> new_bodies_;
  vector<std::uint32_t> body_origins_;
  vector<string_view> overloads_;
  vector<string_view> body_overloads_;
  vector<char> is_used_;
  std::size_t spent_nodes_ = 0;
  std::size_t spent_operands_ = 0;
  std::size_t spent_attributes_ = 0;
  std::uint32_t current_ = 0;
};

}  // namespace detail

/// A node that calls a function of the model becomes the nodes of that function, in bodies too.
/// Their values have no names; attributes that refer to one of the call have its value, or the
/// function's default.
///   before   %1 = local.Twice(%0)            where Twice(x) is { Add(x, x) }
///   after    %1 = Add(%0, %0)
/// *Errors*: a function that calls itself; calls that nest more than 64 deep; a call with more
/// inputs or outputs than the function has; a function for another opset than the model's, with
/// operators that `convert_opset` does not know to be the same in both; more than 2^18 nodes,
/// values or attributes of functions.
/// *Costs*: linear in the graph before and after.
template <class Graph> constexpr Graph inline_functions(Graph g) {
  if (g.failure || g.functions.empty()) return g;
  return detail::function_inliner(std::move(g)).run();
}

}  // namespace inlay::inline INLAY_VERSION

// Makes chains of operators that take any number of inputs, or inputs of any shape.

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Splits the nodes of one graph, whose types are known.
template <class Graph> class operator_splitter {
 public:
  constexpr explicit operator_splitter(Graph& g) : graph_(&g), known_(g) {}

  /// Whether a node takes other inputs than its element function or its kernel does, or is a
  /// square.
  static constexpr bool is_split(Graph const& g, node const& n) {
    if (is<op::max>(n) || is<op::min>(n) || is<op::sum>(n) || is<op::mean>(n)) {
      return n.inputs.count != 2 && has_types(g, n);
    }
    if (is<op::cast_like>(n)) return has_types(g, n);
    if (is<op::gather>(n)) return has_types(g, n) && is_split_gather(g, n);
    if (is<op::clip>(n)) {
      node_view const view(g, n);
      return !(view.has_input(1) && view.has_input(2)) && has_types(g, n);
    }
    if (is<op::pow>(n)) return has_types(g, n) && is_square(g, n);
    return (is<op::layer_norm>(n) || is<op::rms_norm>(n)) && has_extents(g, n) &&
           entry_of<Graph>(n.op).is_split({g, n});
  }

  constexpr void run() {
    auto const old = graph_->nodes;
    vector<std::uint32_t> moved;
    graph_->nodes.clear();
    for (auto const& n : old) {
      moved.push_back(static_cast<std::uint32_t>(graph_->nodes.size()));
      if (is_split(*graph_, n)) split(n);
      else graph_->nodes.push_back(n);
    }
    if (!graph_->annotations.empty()) move_annotations(*graph_, {.nodes = &moved});
  }

 private:
  static constexpr bool has_types(Graph const& g, node const& n) {
    for (auto const id : g.inputs_of(n)) {
      if (id != no_value && !g.values[id].type.has_shape) return false;
    }
    return true;
  }
  static constexpr bool has_extents(Graph const& g, node const& n) {
    if (!has_types(g, n)) return false;
    for (auto const id : g.inputs_of(n)) {
      if (id != no_value && has_symbol(g.values[id].type.shape)) return false;
    }
    return true;
  }
  static constexpr bool is_square(Graph const& g, node const& n) {
    node_view const view(g, n);
    auto const& exponent = view.input(1);
    if (!view.is_constant(1) || exponent.shape.size() > view.input(0).shape.size()) return false;
    for (auto const extent : exponent.shape) {
      if (extent != 1) return false;
    }
    auto const bytes = g.bytes_of(g.constants[g.values[g.inputs_of(n)[1]].constant]);
    bool is_two = false;
    with_type(exponent.element, op::pow::types{},
              [&]<class T>(T) { is_two = read_little_endian<T>(bytes, 0) == T{2}; });
    return is_two;
  }

  static constexpr bool is_split_gather(Graph const& g, node const& n) {
    return node_view(g, n).input(1).element != element_type::int64 || find_run(g, n).count > 0;
  }
  /// The constant indices of a Gather, if there is one or they are a run of a list.
  static constexpr axis_run find_run(Graph const& g, node const& n) {
    node_view const view(g, n);
    auto const& indices = view.input_shape(1);
    auto const& x = view.input_shape(0);
    auto const extent = x[axis_of(view.integer("axis", 0), x.size())];
    if (!view.is_constant(1) || indices.size() > 1 || extent < 0) return {};
    auto const count = elements_of(indices);
    auto const index = [&](std::int64_t i) {
      auto const at = view.constant_integer(1, static_cast<std::size_t>(i));
      return at < 0 ? at + extent : at;
    };
    if (count == 0) return {};
    axis_run const run{index(0), count > 1 ? index(1) - index(0) : 1, count};
    for (std::int64_t i = 1; i < count; ++i) {
      if (index(i) - index(i - 1) != run.step) return {};
    }
    if (run.step == 0) return {};
    return run;
  }
  /// The elements that a Gather chooses, without its kernel or with one that takes its indices.
  constexpr void split_gather(node const& n, vector<value_id> const& inputs, value_id y) {
    auto const run = find_run(*graph_, n);
    if (run.count == 0) {
      auto const indices = add_value();
      add<op::cast>(n, {inputs[1]}, indices, to_type(element_type::int64));
      return add<op::gather>(n, {inputs[0], indices}, y, n.attributes);
    }
    node_view const view(*graph_, n);
    auto const axis = axis_of(view.integer("axis", 0), view.input_shape(0).size());
    bool const is_single = view.input_shape(1).size() == 0;
    auto const end = run.first + run.count * run.step;
    auto const first = add_list(run.first);
    auto const last = add_list(end < 0 ? INT64_MIN : end);
    auto const axes = add_list(axis);
    auto const steps = add_list(run.step);
    auto const part = is_single ? add_value() : y;
    add<op::slice>(n, {inputs[0], first, last, axes, steps}, part);
    if (is_single) add<op::squeeze>(n, {part, axes}, y);
  }
  /// A constant list of one number.
  constexpr value_id add_list(std::int64_t number) {
    std::int64_t const numbers[] = {number};
    auto const id = add_value();
    auto const elements = store_elements(*graph_, span<std::int64_t const>(numbers, 1));
    graph_->values[id].constant = elements;
    graph_->values[id].type = {element_type::int64, {1}};
    return id;
  }

  constexpr void split(node const& n) {
    // Copied: what is added moves the operands.
    vector<value_id> inputs;
    for (auto const id : graph_->inputs_of(n)) inputs.push_back(id);
    auto const y = graph_->outputs_of(n)[0];
    if (is<op::pow>(n)) {
      add<op::mul>(n, {inputs[0], inputs[0]}, y);
    } else if (is<op::layer_norm>(n) || is<op::rms_norm>(n)) {
      split_normalization(n, inputs, y);
    } else if (is<op::clip>(n)) {
      bool const has_least = inputs.size() > 1 && inputs[1] != no_value;
      bool const has_most = inputs.size() > 2 && inputs[2] != no_value;
      if (has_least) add<op::max>(n, {inputs[0], inputs[1]}, y);
      else if (has_most) add<op::min>(n, {inputs[0], inputs[2]}, y);
      else add<op::identity>(n, {inputs[0]}, y);
    } else if (is<op::gather>(n)) {
      split_gather(n, inputs, y);
    } else if (is<op::cast_like>(n)) {
      add<op::cast>(n, {inputs[0]}, y, to_type(graph_->values[inputs[1]].type.element));
    } else if (inputs.size() == 1) {
      add<op::identity>(n, {inputs[0]}, y);
    } else if (is<op::mean>(n)) {
      auto const sum = add_value();
      add_chain<op::sum>(n, inputs, sum);
      auto const count = add_number(inputs[0], static_cast<int>(inputs.size()));
      add<op::div>(n, {sum, count}, y);
    } else if (is<op::sum>(n)) {
      add_chain<op::sum>(n, inputs, y);
    } else if (is<op::max>(n)) {
      add_chain<op::max>(n, inputs, y);
    } else {
      add_chain<op::min>(n, inputs, y);
    }
  }

  /// A scale that the kernel does not take becomes a product behind it; a bias then, or if it does
  /// not take that, a sum.
  constexpr void split_normalization(node n, vector<value_id> const& inputs, value_id y) {
    auto& g = *graph_;
    auto const bias = inputs.size() > 2 ? inputs[2] : no_value;
    bool const keeps_scale = takes_parameter(node_view(g, n), 1);
    auto const scale = keeps_scale ? inputs[1] : add_number(inputs[0], 1);
    auto result = add_value();
    g.values[result].type = g.values[inputs[0]].type;
    value_id const operands[] = {inputs[0], scale, result};
    n.inputs = {static_cast<std::uint32_t>(g.operands.size()), 2};
    n.outputs = {n.inputs.first + 2, 1};
    g.operands.append(operands, 3);
    g.nodes.push_back(n);
    if (!keeps_scale) {
      auto const scaled = bias == no_value ? y : add_value();
      add<op::mul>(n, {result, inputs[1]}, scaled);
      result = scaled;
    }
    if (bias != no_value) add<op::add>(n, {result, bias}, y);
  }

  template <class Operator>
  constexpr void add_chain(node const& from, vector<value_id> const& inputs, value_id y) {
    auto result = inputs[0];
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      auto const next = i + 1 == inputs.size() ? y : add_value();
      add<Operator>(from, {result, inputs[i]}, next);
      result = next;
    }
  }
  /// The attribute of a Cast to that type.
  constexpr range to_type(element_type e) {
    auto& g = *graph_;
    attribute a;
    a.name = "to";
    a.values = {static_cast<std::uint32_t>(g.integers.size()), 1};
    g.integers.push_back(static_cast<std::int64_t>(e));
    g.attributes.push_back(a);
    return {static_cast<std::uint32_t>(g.attributes.size() - 1), 1};
  }
  constexpr value_id add_value() {
    graph_->values.push_back({});
    return static_cast<value_id>(graph_->values.size() - 1);
  }
  /// A constant of one element of the type that `like` has.
  constexpr value_id add_number(value_id like, int x) {
    auto const id = add_value();
    auto const element = graph_->values[like].type.element;
    with_type(element, op::mean::types{}, [&]<class T>(T) {
      T const numbers[] = {static_cast<T>(x)};
      graph_->values[id].constant = store_elements(*graph_, span<T const>(numbers, 1));
    });
    graph_->values[id].type = {element, {}};
    return id;
  }
  /// Adds a node that comes from where `from` does, and gives its output the type that it has.
  template <class Operator>
  constexpr void add(node const& from, std::initializer_list<value_id> inputs, value_id y,
                     range attributes = {}) {
    auto& g = *graph_;
    node n;
    n.op = id_of<Operator>;
    n.type = Operator::name;
    n.name = from.name;
    n.offset = from.offset;
    n.attributes = attributes;
    n.inputs = {static_cast<std::uint32_t>(g.operands.size()),
                static_cast<std::uint32_t>(inputs.size())};
    g.operands.append(inputs.begin(), inputs.size());
    n.outputs = {static_cast<std::uint32_t>(g.operands.size()), 1};
    g.operands.push_back(y);
    auto const type = entry_of<Graph>(n.op).infer({g, n, &known_}, 0);
    if (!type) return fail(g, n, type.failure());
    g.values[y].type = *type;
    g.nodes.push_back(n);
  }

  Graph* graph_;
  inference known_;
};

}  // namespace detail

/// Max, Min, Sum and Mean of other than two inputs become chains of two, or nothing but their only
/// input; Clip without both limits becomes Max or Min, a power of 2 a product, CastLike a Cast,
/// Gather of one constant index, or of a run of them, a Slice. A normalization of rows whose scale
/// or bias is not that of a row becomes one without, a product and a sum. Runs after types are
/// inferred.
///   before   %3 = Max(%0, %1, %2)
///   after    %4 = Max(%0, %1)   %3 = Max(%4, %2)
template <class Graph> constexpr Graph split_operators(Graph g) {
  if (g.failure) return g;
  bool has_any = false;
  for (auto const& n : g.nodes) {
    has_any = has_any || detail::operator_splitter<Graph>::is_split(g, n);
  }
  if (has_any) detail::operator_splitter<Graph>(g).run();
  return g;
}

}  // namespace inlay::inline INLAY_VERSION

INLAY_BEGIN_TARGET

/// Calls `visit(name, pass)` with every pass, in order; without folding, if `Folds` says so.
template <bool Folds = true, class Visit> constexpr void each_pass(Visit&& visit) {
  visit("verify", [](auto g) { return verify(std::move(g)); });
  visit("inline_functions", [](auto g) { return inline_functions(std::move(g)); });
  visit("constants_to_values", [](auto g) { return constants_to_values(std::move(g)); });
  visit("convert_opset", [](auto g) { return convert_opset(std::move(g)); });
  visit("infer_types", [](auto g) { return infer_types(std::move(g)); });
  visit("split_operators", [](auto g) { return split_operators(std::move(g)); });
  visit("fix_reshapes", [](auto g) { return fix_reshapes(std::move(g)); });
  visit("eliminate_identities", [](auto g) { return eliminate_identities(std::move(g)); });
  if constexpr (Folds) {
    visit("fold_constants", [](auto g) { return fold_constants(std::move(g)); });
  }
  visit("fold_pads", [](auto g) { return fold_pads(std::move(g)); });
  visit("fold_batch_norm", [](auto g) { return fold_batch_norm(std::move(g)); });
  visit("eliminate_common_subexpressions",
        [](auto g) { return eliminate_common_subexpressions(std::move(g)); });
  visit("eliminate_dead", [](auto g) { return eliminate_dead(std::move(g)); });
}

/// The graph after all passes. A graph that holds an error goes through untouched.
/// *Costs*: `Folds` compiles every kernel for the compiler's own use, half a second; without it,
/// what `has_constant_nodes` finds is computed whenever the program runs.
template <bool Folds = true> constexpr graph optimize(graph g) {
  each_pass<Folds>([&](char const*, auto pass) { g = pass(std::move(g)); });
  return g;
}

INLAY_END_TARGET

// A program as a constant.

namespace inlay::inline INLAY_VERSION {

/// How large the program of a frozen graph is likely to be at most: most graphs have many nodes of
/// few structures.
template <class Graph> struct expected_program {
  static constexpr auto sizes = [] {
    auto graph_sizes = Graph::sizes;
    auto const outputs = graph_sizes.template get<&graph::outputs>();
    auto const attributes = graph_sizes.template get<&graph::attributes>();
    // Pads, an attribute among others, make steps that clear a border.
    auto const steps = graph_sizes.template get<&graph::nodes>() + attributes + outputs;
    auto const structures = steps < 48 ? steps : 48;
    // As `program_arrays` lists them.
    return member_sizes<program_arrays>{{
        structures,
        4 * structures,
        16 * structures,
        graph_sizes.template get<&graph::nodes>(),
        steps,
        graph_sizes.template get<&graph::operands>() + 2 * steps,
        graph_sizes.template get<&graph::inputs>(),
        outputs,
        graph_sizes.template get<&graph::constants>() + (attributes == 0 ? 0 : 1),
        structures,
        graph_sizes.template get<&graph::storage>() + (attributes == 0 ? 0 : sizeof(double)),
    }};
  }();
};

/// The program that `Lower()` makes of the frozen graph `Graph`, as arrays of constants.
template <auto const& Lower, class Graph>
using frozen_program = frozen<Lower, program_facts, program_arrays, expected_program<Graph>>;

}  // namespace inlay::inline INLAY_VERSION

// From the graph to the program.

// Whether a graph says how large everything is.

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// What is open in the type of an input or output of the graph.
constexpr error check_port(graph const& g, tensor_type const& t) {
  if (!t.has_shape) return make_error(rule::every_dimension_must_have_a_value, "it has no shape");
  if (!has_symbol(t.shape)) return {};
  int axis = 0;
  while (t.shape[axis] >= 0) ++axis;
  auto const symbol = g.symbols[static_cast<std::size_t>(-1 - t.shape[axis])];
  return make_error(rule::every_dimension_must_have_a_value, "dimension ", axis, " '", symbol,
                    "' has no value; give it one");
}

/// Why the result of a node has no shape though its inputs have.
constexpr error check_result(graph const& g, node const& n) {
  if (n.op == operator_id::unlisted) return unlisted_operator(n);
  auto const inputs = g.inputs_of(n);
  for (auto i = inputs.size(); i-- > 0;) {
    if (inputs[i] == no_value) continue;
    if (is_unresolved(g, inputs[i])) return missing_elements(g, inputs[i]);
    if (g.is_constant(inputs[i])) continue;
    return make_error(rule::the_shape_must_be_a_constant, "the shape (input ", i,
                      ") is computed; only a constant is supported");
  }
  return make_error(rule::every_dimension_must_have_a_value, "its result has no shape");
}

}  // namespace detail

/// Checks what lowering relies on: every dimension of every value has a value, and every operator
/// is listed. What breaks it becomes the graph's error.
constexpr void check_dimensions(graph& g) {
  auto const check_ports = [&](char const* what, auto const& ports) {
    for (auto const id : ports) {
      auto const& v = g.values[id];
      if (auto const e = detail::check_port(g, v.type)) {
        g.fail(make_error(e.broken, what, " '", v.name, "': ", e.text));
      }
    }
  };
  if (g.failure) return;
  check_ports("input", g.inputs);
  if (g.failure) return;
  for (auto const& n : g.nodes) {
    auto const& t = g.values[g.operands[n.outputs.first]].type;
    if (n.op != operator_id::unlisted && t.has_shape && !has_symbol(t.shape)) continue;
    fail(g, n, detail::check_result(g, n));
    return;
  }
  check_ports("output", g.outputs);
}

}  // namespace inlay::inline INLAY_VERSION

// Whether nodes have the inputs that functions of elements and kernels take.

namespace inlay::inline INLAY_VERSION {

/// The first node that has others becomes the graph's error: `split_operators` has not seen it.
template <class Graph> constexpr void check_operands(Graph& g) {
  if (g.failure) return;
  // Few steps for a node: compilers count them.
  for (auto const& n : g.nodes) {
    auto const& entry = entry_of<Graph>(n.op);
    if (!entry.is_elementwise) {
      if (entry.is_split == nullptr || !entry.is_split({g, n})) continue;
      return fail(g, n,
                  make_error(rule::shapes_must_broadcast,
                             "its kernel takes no inputs of such shapes; split_operators makes "
                             "nodes of others"));
    }
    auto count = static_cast<int>(n.inputs.count);
    if (count == entry.operands && entry.inputs.least == count) continue;
    for (auto const id : g.inputs_of(n)) count -= id == no_value ? 1 : 0;
    if (count == entry.operands) continue;
    fail(g, n,
         make_error(rule::the_number_of_inputs_must_match_the_operator, "it has ", count,
                    " inputs, of which a program takes ", entry.operands,
                    "; split_operators makes nodes of so many"));
    return;
  }
}

}  // namespace inlay::inline INLAY_VERSION

// Which nodes are computed together: a kernel, and the element operators that follow it.

namespace inlay::inline INLAY_VERSION {

/// One node and what is computed with it before anything is stored.
struct fusion {
  range links;             // in `fusions::links`
  range others;            // in `fusions::others`: values that the links read besides
  std::uint32_t last = 0;  // the node whose result is stored
  /// Of that one, where it is no link: a pooling, or a normalization of rows.
  operator_id ending = operator_id::unlisted;
  /// The first node of a group of element operators that makes this one's first input.
  std::uint32_t readers = 0xffff'ffff;
};

/// What becomes of the nodes of a graph.
struct fusions {
  static constexpr std::uint32_t none = fusion().readers;

  vector<fusion> of_node;
  /// In whose turn a node is computed, and which one that is: a group where its last node is.
  vector<std::uint32_t> head_at;
  vector<link> links;
  vector<value_id> others;

  constexpr span<link const> links_of(fusion const& f) const {
    return {links.data() + f.links.first, f.links.count};
  }
  constexpr span<value_id const> others_of(fusion const& f) const {
    return {others.data() + f.others.first, f.others.count};
  }
  /// Whether two groups, whose first nodes are alike, are so as a whole: what they compute, and how
  /// the values lie that they read and store.
  constexpr bool are_alike(graph const& g, value_layouts const& layouts, fusion const& a,
                           fusion const& b) const {
    auto const lie_alike = [&](value_id x, value_id y) {
      return x == y ||
             (g.values[x].type == g.values[y].type && layouts.form_of(x) == layouts.form_of(y));
    };
    auto const stored = [&](fusion const& f) { return g.outputs_of(g.nodes[f.last])[0]; };
    bool alike = a.readers == none && b.readers == none && a.ending == b.ending &&
                 a.links.count == b.links.count && a.others.count == b.others.count &&
                 lie_alike(stored(a), stored(b));
    for (std::uint32_t i = 0; alike && i < a.links.count; ++i) {
      alike = links_of(a)[i] == links_of(b)[i];
    }
    for (std::uint32_t i = 0; alike && i < a.others.count; ++i) {
      alike = lie_alike(others_of(a)[i], others_of(b)[i]);
    }
    return alike;
  }
};

/// Each node as a group of its own.
template <class Graph> constexpr fusions each_alone(Graph const& g) {
  fusions all;
  for (std::uint32_t i = 0; i < g.nodes.size(); ++i) {
    fusion alone;
    alone.last = i;
    all.of_node.push_back(alone);
    all.head_at.push_back(i);
  }
  return all;
}

namespace detail {

/// Forms the groups of one graph.
template <class Graph> class fuser {
 public:
  constexpr fuser(Graph const& g, value_layouts const& layouts, std::int64_t least_read_row)
      : graph_(&g), layouts_(&layouts), least_read_row_(least_read_row) {}

  constexpr fusions run() {
    auto const count = static_cast<std::uint32_t>(graph_->nodes.size());
    all_ = each_alone(*graph_);
    if (count < 2) return static_cast<fusions&&>(all_);
    find_uses();
    is_fused_ = vector<char>(count, 0);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (is_fused_[i] == 0 && can_lead(graph_->nodes[i])) grow(i);
    }
    return static_cast<fusions&&>(all_);
  }

 private:
  static constexpr std::uint32_t none = fusions::none;

  /// The nodes that read each value, in order: a run of `users_` each, once for each operand.
  constexpr void find_uses() {
    auto const& g = *graph_;
    first_user_ = vector<std::uint32_t>(g.values.size() + 1, 0);
    uses_ = vector<std::uint32_t>(g.values.size(), 0);
    each_use([&](value_id id, std::uint32_t) { ++uses_[id]; });
    std::uint32_t end = 0;
    for (std::size_t id = 0; id < g.values.size(); ++id) {
      first_user_[id] = end;
      end += uses_[id];
    }
    first_user_[g.values.size()] = end;
    users_ = vector<std::uint32_t>(end, none);
    vector<std::uint32_t> next(g.values.size(), 0);
    each_use([&](value_id id, std::uint32_t node) { users_[first_user_[id] + next[id]++] = node; });
    // The caller comes last.
    for (auto const id : g.outputs) ++uses_[id];
  }
  template <class Visit> constexpr void each_use(Visit const& visit) const {
    for (std::uint32_t i = 0; i < graph_->nodes.size(); ++i) {
      for (auto const id : graph_->inputs_of(graph_->nodes[i])) {
        if (id != no_value) visit(id, i);
      }
    }
  }

  constexpr tensor_type const& type_of(value_id id) const { return graph_->values[id].type; }
  constexpr value_id result_of(std::uint32_t node) const {
    return graph_->outputs_of(graph_->nodes[node])[0];
  }
  constexpr bool can_lead(node const& n) const {
    auto const& entry = entry_of<Graph>(n.op);
    return (entry.is_elementwise || entry.takes_tape) &&
           elements_of(type_of(graph_->outputs_of(n)[0]).shape) != 0;
  }

  /// Takes nodes in, in order, as long as they compute element by element; keeps as many of them as
  /// leave one value, the last one, for others to read.
  constexpr void grow(std::uint32_t head) {
    group_.clear();
    inside_.clear();
    links_.clear();
    others_.clear();
    add_to_group(head);
    std::size_t best_links = 0;
    std::size_t best_others = 0;
    while (links_.size() < most_links) {
      auto const next = next_user();
      if (next == none || !add_link(head, next)) break;
      add_to_group(next);
      if (!is_only_last_open() || !writes_last(head)) continue;
      best_links = links_.size();
      best_others = others_.size();
    }
    auto& f = all_.of_node[head];
    auto const ending = ending_behind(head, group_[best_links], best_others == 0);
    f.readers = readers_of(head);
    if (f.readers != none) all_.head_at[all_.of_node[f.readers].last] = none;
    if (best_links == 0 && ending == none) return;
    f.links = {static_cast<std::uint32_t>(all_.links.size()),
               static_cast<std::uint32_t>(best_links)};
    f.others = {static_cast<std::uint32_t>(all_.others.size()),
                static_cast<std::uint32_t>(best_others)};
    all_.links.append(links_.data(), best_links);
    all_.others.append(others_.data(), best_others);
    f.last = ending == none ? group_[best_links] : ending;
    if (ending != none) f.ending = graph_->nodes[ending].op;
    for (std::size_t i = 0; i <= best_links; ++i) take(group_[i]);
    take(f.last);
    all_.head_at[f.last] = head;
  }
  /// The group whose result nobody but this node reads, where its kernel can do without a tensor of
  /// that.
  constexpr std::uint32_t readers_of(std::uint32_t head) {
    auto const& g = *graph_;
    auto const& n = g.nodes[head];
    auto const see = entry_of<Graph>(n.op).see_through;
    auto const id = see == nullptr ? no_value : g.inputs_of(n)[0];
    if (id == no_value || uses_[id] != 1) return none;
    find_makers();
    auto const first = maker_[id] == none ? none : all_.head_at[maker_[id]];
    if (first == none || !entry_of<Graph>(g.nodes[first].op).is_elementwise) return none;
    auto const& group = all_.of_node[first];
    auto const& to = type_of(id);
    auto const fits = [&](element_type e) {
      return bits_of(e) >= 8 && bits_of(e) <= bits_of(to.element);
    };
    bool fit = true;
    vector<layout> tensors;
    auto const add = [&](value_id input) {
      fit = fit && input != no_value && fits(type_of(input).element);
      if (!fit) return;
      tensors.push_back(broadcast_to(layouts_->layout_of(input, type_of(input)), to.shape));
    };
    for (auto const input : g.inputs_of(g.nodes[first])) add(input);
    for (auto const input : all_.others_of(group)) add(input);
    for (auto const& l : all_.links_of(group)) fit = fit && fits(l.types.from) && fits(l.types.to);
    layout y(type_of(result_of(head)));
    bool const is_seen = fit && see({g, n}, tensors, y);
    return is_seen && tensors[0].extents.back() >= least_read_row_ ? first : none;
  }
  /// The node that makes each value.
  constexpr void find_makers() {
    auto const& g = *graph_;
    if (!maker_.empty()) return;
    maker_ = vector<std::uint32_t>(g.values.size(), none);
    for (std::uint32_t i = 0; i < g.nodes.size(); ++i) {
      for (auto const id : g.outputs_of(g.nodes[i])) {
        if (id != no_value) maker_[id] = i;
      }
    }
  }

  constexpr void take(std::uint32_t node) {
    is_fused_[node] = 1;
    all_.head_at[node] = none;
  }

  constexpr void add_to_group(std::uint32_t node) {
    group_.push_back(node);
    inside_.push_back(0);
  }
  /// Whether nobody else reads the values of the group but for the last.
  constexpr bool is_only_last_open() const {
    for (std::size_t i = 0; i + 1 < group_.size(); ++i) {
      if (inside_[i] != uses_[result_of(group_[i])]) return false;
    }
    return true;
  }
  /// Whether the kernel of the first node can write where the last one's result is.
  constexpr bool writes_last(std::uint32_t head) const {
    if (!layouts_->has_any()) return true;
    auto const& n = graph_->nodes[head];
    auto const id = result_of(group_.back());
    auto const lies = layouts_->layout_of(id, type_of(id));
    return is_contiguous(lies) || entry_of<Graph>(n.op).writes({*graph_, n}, lies);
  }
  /// The first node behind the group that reads a value of it.
  constexpr std::uint32_t next_user() const {
    auto first = none;
    for (std::size_t i = 0; i < group_.size(); ++i) {
      auto const id = result_of(group_[i]);
      auto const at = first_user_[id] + inside_[i];
      if (at < first_user_[id + 1] && users_[at] < first) first = users_[at];
    }
    return first;
  }

  /// Takes an element operator in; false where it cannot be.
  constexpr bool add_link(std::uint32_t head, std::uint32_t next) {
    auto const& g = *graph_;
    auto const& n = g.nodes[next];
    auto const& entry = entry_of<Graph>(n.op);
    auto const& to = type_of(result_of(head));
    auto const inputs = g.inputs_of(n);
    auto const& made = type_of(result_of(next));
    if (!entry.is_elementwise || is_fused_[next] != 0 || inputs.size() > most_operands ||
        !(made.shape == to.shape)) {
      return false;
    }
    link added;
    added.op = n.op;
    added.types = {type_of(inputs[static_cast<std::size_t>(entry.conditions)]).element,
                   made.element};
    // The results of other kernels have one type as long as they are in its hands. By truths that
    // are stored some choose of them.
    auto const& leads = entry_of<Graph>(g.nodes[head].op);
    bool const is_mixed = leads.is_elementwise;
    if (!is_mixed && ((entry.conditions != 0 && !leads.takes_conditions) ||
                      added.types.from != to.element || added.types.to != to.element)) {
      return false;
    }
    auto const is_taken = [&](value_id id, std::uint32_t operand) {
      auto const e = type_of(id).element;
      bool const is_condition = static_cast<int>(operand) < entry.conditions;
      return is_mixed || e == (is_condition ? element_type::boolean : to.element);
    };
    if (entry.element != nullptr) added.words = entry.element(node_view(g, n));
    added.operands.count = static_cast<std::uint32_t>(inputs.size());
    auto const before = others_.size();
    for (std::uint32_t i = 0; i < inputs.size(); ++i) {
      auto const id = inputs[i];
      std::uint32_t member = 0;
      while (member < group_.size() && result_of(group_[member]) != id) ++member;
      if (member < group_.size()) {
        added.operands.of[i] = static_cast<std::int32_t>(member);
        continue;
      }
      std::uint32_t other = 0;
      while (other < others_.size() && others_[other] != id) ++other;
      if (other == others_.size()) {
        if (id == no_value || other == most_others || !is_taken(id, i) || !can_read(head, id)) {
          while (others_.size() > before) others_.pop_back();
          return false;
        }
        others_.push_back(id);
      }
      added.operands.of[i] = -1 - static_cast<std::int32_t>(other);
    }
    for (auto const id : inputs) {
      for (std::size_t i = 0; i < group_.size(); ++i) {
        if (result_of(group_[i]) == id) ++inside_[i];
      }
    }
    links_.push_back(added);
    return true;
  }

  /// Whether the epilogue of a node can read another tensor: where strides can express it as its
  /// kernel sees the result.
  constexpr bool can_read(std::uint32_t head, value_id other) {
    auto const& n = graph_->nodes[head];
    if (entry_of<Graph>(n.op).is_elementwise) return true;
    auto const& to = type_of(result_of(head)).shape;
    auto const lies = layouts_->layout_of(other, type_of(other));
    if (to.size() != 4 && lies.extents == to && is_contiguous(lies)) return true;
    lower_node(*graph_, n, lowering_);
    auto const& seen = lowering_.outputs[0].extents;
    return seen == to || can_see_as(broadcast_to(lies, to), seen);
  }

  /// The node that reads the result of the last one, if it can end a group of that head.
  constexpr std::uint32_t ending_behind(std::uint32_t head, std::uint32_t last,
                                        bool has_no_others) {
    auto const& g = *graph_;
    auto const id = result_of(last);
    if (uses_[id] != 1 || first_user_[id] == first_user_[id + 1]) return none;
    auto const user = users_[first_user_[id]];
    auto const& n = g.nodes[user];
    bool const can_end = is<op::max_pool>(n) ? has_no_others && can_pool(head, n, type_of(id).shape)
                                             : can_normalize(head, n, type_of(id).shape);
    return can_end ? user : none;
  }

  /// A largest pooling of 2x2 without padding, behind what computes all four first.
  constexpr bool can_pool(std::uint32_t head, node const& pool, shape const& x) {
    auto const& g = *graph_;
    auto const& n = g.nodes[head];
    auto const can = entry_of<Graph>(n.op).can_pool;
    if (can == nullptr || x.size() != 4 || pool.outputs.count != 1 ||
        elements_of(type_of(g.outputs_of(pool)[0]).shape) == 0) {
      return false;
    }
    lower_node(g, pool, lowering_);
    constexpr window_axis two{2, 2, 1, 0};
    auto const k = from_words<max_pooling>(lowering_.words.data());
    auto const& from = lowering_.inputs[0].extents;
    auto const& to = lowering_.outputs[0].extents;
    auto const depends_on_extents = [&] {
      return layouts_->images.serves_all_extents && !lowering_.widest.is_empty();
    };
    if (!(k.rows == two) || !(k.columns == two) || 2 * to[2] > from[2] || 2 * to[3] > from[3] ||
        depends_on_extents()) {
      return false;
    }
    lower_node(g, n, lowering_);
    bool const has_border = !layouts_->images.border(g.inputs_of(n)[0]).is_empty();
    return (has_border || !depends_on_extents()) && can(lowering_, has_border);
  }

  /// A normalization along the last axis, behind what computes rows along it.
  constexpr bool can_normalize(std::uint32_t head, node const& last, shape const& x) {
    auto const& n = graph_->nodes[head];
    if (!entry_of<Graph>(last.op).is_ending || !entry_of<Graph>(n.op).takes_ending ||
        axis_of(node_view(*graph_, last).integer("axis", -1), x.size()) != x.size() - 1) {
      return false;
    }
    lower_node(*graph_, n, lowering_);
    return lowering_.outputs[0].extents.back() == x.back();
  }

  Graph const* graph_;
  value_layouts const* layouts_;
  std::int64_t least_read_row_;
  fusions all_;
  vector<std::uint32_t> first_user_;
  vector<std::uint32_t> users_;
  vector<std::uint32_t> uses_;   // those of the caller too
  vector<std::uint32_t> maker_;  // of each value, once one is wanted
  vector<char> is_fused_;
  vector<std::uint32_t> group_;   // nodes: the head, then those of the links
  vector<std::uint32_t> inside_;  // of each, how many uses of its result are in the group
  vector<link> links_;
  vector<value_id> others_;
  lowering lowering_;
};

}  // namespace detail

/// Groups the nodes of a graph whose types are known: a kernel that takes a tape, or an element
/// operator, then element operators of the same shape that read what the group computes, as long as
/// nobody else reads it; behind a kernel only those of its element type, and behind a product those
/// that choose by truths. In front of a kernel that takes a reader, a group of element operators
/// whose result it alone reads, where rows have `least_read_row` elements. Of the values in between
/// nothing is stored. A largest pooling of 2x2 ends the group behind a convolution whose windows
/// lie on their image, a softmax of its rows that of a matrix product.
///   %2 = Conv(%0, %1)  %3 = Relu(%2)  %4 = Add(%3, %0)   → one group, with %0 as another tensor
/// *Costs*: linear in the operands of all nodes.
template <class Graph>
constexpr fusions fuse(Graph const& g, value_layouts const& layouts, std::int64_t least_read_row) {
  return detail::fuser<Graph>(g, layouts, least_read_row).run();
}

}  // namespace inlay::inline INLAY_VERSION

// Where the tensors of a program's steps are.

// Where the tensors between the steps lie in the arena.

// What an arena holds where it is larger than it may be.

// A tensor of the arena and how long it lives.

namespace inlay::inline INLAY_VERSION {

/// A tensor of the arena: written by step `first`, last read by step `last`.
struct buffer {
  std::int64_t bytes = 0;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::int64_t offset = 0;  // what the plan decides
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION::detail {

/// The step at which the most bytes of buffers live.
constexpr std::uint32_t fullest_step(span<buffer const> buffers, std::size_t steps) {
  vector<std::int64_t> change(steps + 1, 0);
  for (auto const& b : buffers) {
    auto const bytes = round_up(b.bytes, tensor_alignment);
    change[b.first] += bytes;
    change[b.last + 1] -= bytes;
  }
  std::uint32_t fullest = 0;
  std::int64_t most = 0;
  std::int64_t live = 0;
  for (std::uint32_t i = 0; i < steps; ++i) {
    live += change[i];
    if (live <= most) continue;
    most = live;
    fullest = i;
  }
  return fullest;
}

/// The node whose step writes a buffer: copies and borders belong to the one that follows.
constexpr sentence writer_of(graph const& g, program const& p, std::uint32_t step) {
  auto at = step;
  while (at + 1 < p.steps.size() && p.steps[at].node >= g.nodes.size()) ++at;
  auto const node = p.steps[at].node;
  if (node >= g.nodes.size()) return sentence() << "a copy";
  return label_of(g, g.nodes[node]);
}

/// The tensors of the arena need `p.arena_bytes`, which are more than `most`.
constexpr error arena_is_too_large(graph const& g, program const& p, span<buffer const> buffers,
                                   std::int64_t most) {
  constexpr int most_named = 3;
  auto const step = fullest_step(buffers, p.steps.size());
  auto e = make_error(rule::the_arena_must_fit_in_memory, "the tensors between the layers need ",
                      p.arena_bytes, " bytes; at most ", most, " are allowed. ",
                      writer_of(g, p, step), " has the most, ", p.live_bytes, ":");
  vector<char> is_named(buffers.size(), 0);
  for (int i = 0; i < most_named; ++i) {
    auto largest = buffers.size();
    for (std::size_t b = 0; b < buffers.size(); ++b) {
      bool const lives = buffers[b].first <= step && step <= buffers[b].last;
      if (!lives || is_named[b] != 0 || buffers[b].bytes == 0) continue;
      if (largest == buffers.size() || buffers[b].bytes > buffers[largest].bytes) largest = b;
    }
    if (largest == buffers.size()) break;
    is_named[largest] = 1;
    e.text << (i == 0 ? " " : ", ") << buffers[largest].bytes << " of "
           << writer_of(g, p, buffers[largest].first);
  }
  return e;
}

}  // namespace inlay::inline INLAY_VERSION::detail

// Which steps write over an input that nobody reads any more.

namespace inlay::inline INLAY_VERSION::detail {

/// The operands of a program's steps: the place of each, and how many elements behind its beginning
/// the step's tensor begins.
struct step_operands {
  span<value_id const> places;
  span<std::int64_t const> offsets;
};

/// Finds, for each place, the one whose memory it takes. `arena_bytes(place)` is negative for what
/// is not in the arena; `have_same_border(a, b)` says whether two places are images of the same
/// size with the same border.
template <class Graph, class ArenaBytes, class HaveSameBorder> class in_place_finder {
 public:
  constexpr in_place_finder(program const& p, step_operands const& operands, std::size_t places,
                            ArenaBytes const& arena_bytes, HaveSameBorder const& have_same_border)
      : program_(&p),
        operands_(operands),
        place_count_(places),
        arena_bytes_(arena_bytes),
        have_same_border_(have_same_border) {}

  constexpr vector<value_id> run() {
    // Constant evaluation counts each call of an operator of a class: these are pointers.
    vector<value_id> memory(place_count_, 0);
    auto* const taken = memory.data();
    for (value_id id = 0; id < place_count_; ++id) taken[id] = id;
    vector<std::uint32_t> inputs_of;
    for (auto const& what : program_->structures) inputs_of.push_back(inputs_in_place(what));
    auto const* const steps = program_->steps.data();
    auto const step_count = program_->steps.size();
    for (std::uint32_t i = 0; i < step_count; ++i) {
      auto const& s = steps[i];
      auto const inputs = inputs_of.data()[s.structure];
      if (inputs == 0) continue;
      find_lives();
      auto const output = s.locations.first + s.locations.count - 1;
      for (std::uint32_t k = 0; k < inputs; ++k) {
        if (!may_write_over(i, k)) continue;
        taken[operands_.places[output]] = taken[operands_.places[s.locations.first + k]];
        break;
      }
    }
    return memory;
  }

 private:
  static constexpr std::uint32_t never = 0xffff'ffff;

  /// How many of the first inputs of such a step may lie where it writes, if they lie as that does.
  static constexpr std::uint32_t inputs_in_place(structure const& what, layout const& first) {
    auto const& entry = entry_of<Graph>(what.op);
    if (entry.is_elementwise) return what.layouts.count - 1;
    return entry.works_in_place != nullptr && entry.works_in_place(first.extents) ? 1 : 0;
  }
  constexpr std::uint32_t inputs_in_place(structure const& what) const {
    return inputs_in_place(what, program_->layouts[what.layouts.first]);
  }

  /// The first and the last step of each place; once, and only if somebody asks.
  constexpr void find_lives() {
    if (!first_.empty()) return;
    first_ = vector<std::uint32_t>(place_count_, never);
    last_ = vector<std::uint32_t>(place_count_, never);
    for (std::uint32_t i = 0; i < program_->steps.size(); ++i) {
      auto const& s = program_->steps[i];
      for (std::uint32_t k = 0; k < s.locations.count; ++k) {
        auto const id = operands_.places[s.locations.first + k];
        if (id == no_value) continue;
        if (first_[id] == never) first_[id] = i;
        last_[id] = i;
      }
    }
  }

  /// Whether step `i` may write over its input `k`: it is the last one to read that, sees it as it
  /// sees what it writes, and has nothing else of it.
  constexpr bool may_write_over(std::uint32_t i, std::uint32_t k) const {
    auto const& s = program_->steps[i];
    auto const* const layouts =
        program_->layouts.data() + program_->structures[s.structure].layouts.first;
    auto const first = s.locations.first;
    auto const output = s.locations.count - 1;
    auto const from = operands_.places[first + k];
    auto const to = operands_.places[first + output];
    if (from == no_value || from == to || last_[from] != i) return false;
    auto const bytes = arena_bytes_(to);
    if (bytes < 0 || arena_bytes_(from) < bytes) return false;
    for (std::uint32_t other = 0; other < output; ++other) {
      if (operands_.places[first + other] != from) continue;
      bool const is_alike = layouts[other] == layouts[output] &&
                            operands_.offsets[first + other] == operands_.offsets[first + output];
      if (!is_alike || (other != k && !entry_of<Graph>(operator_of(s)).is_elementwise)) {
        return false;
      }
    }
    return is_new(i, to) || (is_only_border(i, to) && have_same_border_(from, to));
  }
  constexpr operator_id operator_of(step const& s) const {
    return program_->structures[s.structure].op;
  }
  constexpr bool is_new(std::uint32_t i, value_id to) const { return first_[to] == i; }
  /// Whether only steps of no node have written there, which clear borders.
  constexpr bool is_only_border(std::uint32_t i, value_id to) const {
    for (auto before = first_[to]; before < i; ++before) {
      if (program_->steps[before].node != never) return false;
    }
    return true;
  }

  program const* program_;
  step_operands operands_;
  std::size_t place_count_;
  ArenaBytes const& arena_bytes_;
  HaveSameBorder const& have_same_border_;
  vector<std::uint32_t> first_;
  vector<std::uint32_t> last_;
};

/// For each place, the one whose memory it takes: itself, or that of an input of the step that
/// writes it, which goes through both element by element.
template <class Graph, class ArenaBytes, class HaveSameBorder>
constexpr vector<value_id> find_in_place(program const& p, step_operands const& operands,
                                         std::size_t places, ArenaBytes const& arena_bytes,
                                         HaveSameBorder const& have_same_border) {
  return in_place_finder<Graph, ArenaBytes, HaveSameBorder>(p, operands, places, arena_bytes,
                                                            have_same_border)
      .run();
}

}  // namespace inlay::inline INLAY_VERSION::detail

// Gives tensors that live at different times the same memory.

// The gaps of an arena in order of size: the smallest one that suffices is found.

namespace inlay::inline INLAY_VERSION {

inline constexpr std::uint32_t no_block = 0xffff'ffff;

/// A run of bytes of the arena: a tensor, or the gap between two.
struct memory_block {
  std::int64_t size = 0;
  std::int64_t offset = 0;
  std::uint32_t before = no_block;  // the neighbours in memory
  std::uint32_t after = no_block;
  bool is_gap = false;
  std::uint32_t child[2] = {no_block, no_block};  // in the tree: the smaller, the larger
};

/// Blocks ordered by size and then by offset, which differ. A splay tree: whatever the order in
/// which blocks come and go, an operation takes logarithmic time on average over all of them.
/// *Source*: Sleator and Tarjan, Self-Adjusting Binary Search Trees, 1985: top-down splaying.
class gap_tree {
 public:
  /// The tree over some of the blocks of this array. The first one is the tree's own.
  constexpr explicit gap_tree(memory_block* blocks) : blocks_(blocks) {}

  constexpr void insert(std::uint32_t id) {
    auto& added = blocks_[id];
    added.child[0] = added.child[1] = no_block;
    if (root_ != no_block) {
      root_ = splay(root_, added.size, added.offset);
      bool const side = is_before(root_, added.size, added.offset);
      added.child[!side] = root_;
      added.child[side] = blocks_[root_].child[side];
      blocks_[root_].child[side] = no_block;
    }
    root_ = id;
  }

  /// Takes a block out that is there.
  constexpr void remove(std::uint32_t id) {
    root_ = splay(root_, blocks_[id].size, blocks_[id].offset);
    remove_root();
  }

  /// Takes the first block out of those that have at least `size` bytes; `no_block` if none has.
  constexpr std::uint32_t take(std::int64_t size) {
    if (root_ == no_block) return no_block;
    root_ = splay(root_, size, -1);
    if (blocks_[root_].size < size) {
      // It is the last one that is too small: the first of those behind it suffices.
      auto const behind = blocks_[root_].child[1];
      if (behind == no_block) return no_block;
      auto const first = splay(behind, size, -1);
      blocks_[root_].child[1] = no_block;
      blocks_[first].child[0] = root_;
      root_ = first;
    }
    auto const taken = root_;
    remove_root();
    return taken;
  }

 private:
  constexpr bool is_before(std::uint32_t id, std::int64_t size, std::int64_t offset) const {
    auto const& b = blocks_[id];
    return b.size < size || (b.size == size && b.offset < offset);
  }

  constexpr void remove_root() {
    auto const [smaller, larger] = blocks_[root_].child;
    if (smaller == no_block || larger == no_block) {
      root_ = smaller == no_block ? larger : smaller;
      return;
    }
    auto const first = splay(larger, blocks_[root_].size, blocks_[root_].offset);
    blocks_[first].child[0] = smaller;
    root_ = first;
  }

  /// Moves the block of this size and offset to the root of the tree below `root`, or, where there
  /// is none, one beside which it would stand.
  constexpr std::uint32_t splay(std::uint32_t root, std::int64_t size, std::int64_t offset) {
    // Below the tree's own block grow the blocks before and behind those still to be seen.
    blocks_[own].child[0] = blocks_[own].child[1] = no_block;
    std::uint32_t edge[2] = {own, own};
    while (blocks_[root].size != size || blocks_[root].offset != offset) {
      bool const side = is_before(root, size, offset);
      auto next = blocks_[root].child[side];
      if (next == no_block) break;
      if (is_before(next, size, offset) == side) {
        auto const last = root;
        root = next;
        blocks_[last].child[side] = blocks_[root].child[!side];
        blocks_[root].child[!side] = last;
        next = blocks_[root].child[side];
        if (next == no_block || (blocks_[root].size == size && blocks_[root].offset == offset))
          break;
      }
      blocks_[edge[!side]].child[side] = root;
      edge[!side] = root;
      root = next;
    }
    blocks_[edge[1]].child[0] = blocks_[root].child[1];
    blocks_[edge[0]].child[1] = blocks_[root].child[0];
    blocks_[root].child[0] = blocks_[own].child[1];
    blocks_[root].child[1] = blocks_[own].child[0];
    return root;
  }

  static constexpr std::uint32_t own = 0;

  memory_block* blocks_;
  std::uint32_t root_ = no_block;
};

}  // namespace inlay::inline INLAY_VERSION

// Places the tensors of an arena in several orders, and keeps the best plan.

namespace inlay::inline INLAY_VERSION {

/// Up to so many buffers are planned in more orders than that of time, if at most so many pairs of
/// them live at once: compilers count the steps.
inline constexpr std::size_t max_ordered_buffers = 512;
inline constexpr std::size_t max_ordered_pairs = 8'192;

namespace detail {

/// Looks for a plan that is better than that of time's order. Whatever the order, a buffer is
/// placed among those that live with it and have been placed.
/// *Costs*: p + n log n for n buffers, p pairs of which live at once; rounds of about p, as many as
/// `most_work` allows.
class ordered_planner {
 public:
  constexpr ordered_planner(span<buffer> buffers, std::int64_t alignment, std::int64_t most_live)
      : buffers_(buffers.data()),
        count_(buffers.size()),
        most_live_(most_live),
        bytes_(2 * count_, 0),
        numbers_(4 * count_ + 1, 0) {
    for (std::size_t i = 0; i < count_; ++i) sizes_[i] = round_up(buffers_[i].bytes, alignment);
  }

  /// The bytes of the best plan, whose offsets the buffers have then; `best` if there is no better
  /// one.
  constexpr std::int64_t improve(std::int64_t best) {
    if (!find_neighbours()) return best;
    keep_if_better(place_from_both_ends(), best);
    for (bool const by_life : {false, true}) {
      if (best == most_live_) break;
      order_by_weight(by_life);
      keep_if_better(place_in_order(), best);
      for (int round = 0; round < most_rounds && best != most_live_ && may_go_on(); ++round) {
        put_highest_first();
        keep_if_better(place_in_order(), best);
      }
    }
    return best;
  }

 private:
  static constexpr std::int64_t not_placed = -1;
  static constexpr int most_rounds = 8;
  static constexpr std::size_t most_work = 32'768;

  constexpr bool may_go_on() const { return work_ + last_work_ <= most_work; }

  /// Of each buffer, those that live with it: a run of `neighbours_`, in time's order. False where
  /// they are too many.
  constexpr bool find_neighbours() {
    vector<std::uint32_t> all_earlier;  // of each buffer in turn
    vector<std::uint32_t> memory(2 * count_, 0);
    auto* const live = memory.data();
    auto* const earlier_count = memory.data() + count_;
    std::size_t live_count = 0;
    for (std::uint32_t b = 0; b < count_; ++b) {
      if (sizes_[b] == 0) continue;
      auto const first = buffers_[b].first;
      std::uint32_t kept = 0;
      for (std::size_t i = 0; i < live_count; ++i) {
        auto const other = live[i];
        if (buffers_[other].last < first) continue;
        live[kept++] = other;
        all_earlier.push_back(other);
        ++first_[other];
      }
      if (all_earlier.size() > max_ordered_pairs) return false;
      live[kept] = b;
      live_count = kept + 1;
      earlier_count[b] = kept;
    }
    std::uint32_t end = 0;
    for (std::size_t b = 0; b <= count_; ++b) {
      auto const size = b == count_ ? 0 : first_[b] + earlier_count[b];
      first_[b] = end;
      end += size;
    }
    neighbour_memory_ = vector<std::uint32_t>(end, 0);
    neighbours_ = neighbour_memory_.data();
    auto* const next = live;
    for (std::size_t b = 0; b < count_; ++b) next[b] = first_[b];
    auto const* at = all_earlier.data();
    for (std::uint32_t b = 0; b < count_; ++b) {
      for (std::uint32_t k = 0; k < earlier_count[b]; ++k) {
        auto const other = *at++;
        neighbours_[next[b]++] = other;
        neighbours_[next[other]++] = b;
      }
    }
    return true;
  }

  constexpr void keep_if_better(std::int64_t total, std::int64_t& best) {
    if (total >= best) return;
    best = total;
    for (std::size_t i = 0; i < count_; ++i) buffers_[i].offset = offsets_[i];
  }

  /// Clears the plan.
  constexpr void begin() {
    for (std::size_t i = 0; i < count_; ++i) offsets_[i] = sizes_[i] == 0 ? 0 : not_placed;
    total_ = 0;
    last_work_ = 0;
  }
  constexpr void put(std::size_t id, std::int64_t offset) {
    offsets_[id] = offset;
    if (offset + sizes_[id] <= total_) return;
    total_ = offset + sizes_[id];
    highest_ = id;
  }
  constexpr std::int64_t end() {
    work_ += last_work_;
    return total_;
  }

  /// Collects the buffers that live with this one and have been placed, in the order of offsets.
  constexpr void find_near(std::size_t id) {
    near_count_ = 0;
    auto const end = first_[id + 1];
    for (auto i = first_[id]; i < end; ++i) {
      auto const other = neighbours_[i];
      auto const offset = offsets_[other];
      if (offset == not_placed) continue;
      auto at = near_count_++;
      for (; at != 0 && offsets_[near_[at - 1]] > offset; --at) near_[at] = near_[at - 1];
      near_[at] = other;
      last_work_ += near_count_ - at;
    }
    last_work_ += end - first_[id];
  }

  /// Each takes the lowest offset at which it meets nothing.
  constexpr std::int64_t place_in_order() {
    begin();
    for (std::size_t k = 0; k < count_; ++k) {
      auto const id = order_[k];
      auto const size = sizes_[id];
      if (size == 0) continue;
      find_near(id);
      std::int64_t offset = 0;
      for (std::size_t i = 0; i < near_count_; ++i) {
        auto const other = near_[i];
        if (offsets_[other] - offset >= size) break;
        auto const behind = offsets_[other] + sizes_[other];
        if (behind > offset) offset = behind;
      }
      put(id, offset);
    }
    return end();
  }

  /// In time's order, into an arena of the bytes that live at once: each takes the smallest gap
  /// that suffices, at the side that stays closed longer. The layers of a chain take turns between
  /// both ends, and need no more.
  constexpr std::int64_t place_from_both_ends() {
    constexpr auto always = std::int64_t{1} << 32;
    begin();
    for (std::size_t id = 0; id < count_; ++id) {
      if (sizes_[id] == 0) continue;
      find_near(id);
      std::int64_t least = INT64_MAX;
      std::int64_t offset = 0;
      std::int64_t at = 0;
      auto below = always;
      for (std::size_t i = 0; i <= near_count_; ++i) {
        bool const is_last = i == near_count_;
        auto const behind = is_last ? most_live_ : offsets_[near_[i]];
        auto const above = is_last ? always : buffers_[near_[i]].last;
        auto const gap = behind - at;
        if (gap >= sizes_[id] && gap < least) {
          least = gap;
          offset = above > below ? behind - sizes_[id] : at;
        }
        if (is_last) break;
        at = behind + sizes_[near_[i]];
        below = above;
      }
      put(id, least == INT64_MAX ? at : offset);
    }
    return end();
  }

  /// The largest buffers first, or those of the largest product of size and life.
  constexpr void order_by_weight(bool by_life) {
    vector<double> memory(count_, 0.0);
    auto* const weights = memory.data();
    for (std::size_t i = 0; i < count_; ++i) {
      auto const& b = buffers_[i];
      auto const life = by_life ? static_cast<double>(b.last - b.first) + 1 : 1;
      weights[i] = static_cast<double>(sizes_[i]) * life;
      order_[i] = static_cast<std::uint32_t>(i);
    }
    // Merges runs of growing length.
    for (std::size_t run = 1; run < count_; run *= 2) {
      for (std::size_t begin = 0; begin < count_; begin += 2 * run) {
        auto const middle = begin + run < count_ ? begin + run : count_;
        auto const end = middle + run < count_ ? middle + run : count_;
        auto left = begin;
        auto right = middle;
        for (auto to = begin; to < end; ++to) {
          bool const takes_left =
              right == end || (left < middle && weights[order_[left]] >= weights[order_[right]]);
          other_order_[to] = order_[takes_left ? left++ : right++];
        }
      }
      swap_orders();
    }
  }

  /// The buffer that reached farthest, and those that live with it, come first, in the order that
  /// they have.
  constexpr void put_highest_first() {
    auto const& top = buffers_[highest_];
    std::size_t next = 0;
    for (bool const meets : {true, false}) {
      for (std::size_t k = 0; k < count_; ++k) {
        auto const id = order_[k];
        auto const& b = buffers_[id];
        if ((b.first <= top.last && top.first <= b.last) == meets) other_order_[next++] = id;
      }
    }
    swap_orders();
  }
  constexpr void swap_orders() {
    auto* const last = order_;
    order_ = other_order_;
    other_order_ = last;
  }

  buffer* buffers_;
  std::size_t count_;
  std::int64_t most_live_;
  vector<std::int64_t> bytes_;
  vector<std::uint32_t> numbers_;
  vector<std::uint32_t> neighbour_memory_;
  // Constant evaluation counts each call of an operator of a class: these are pointers.
  std::int64_t* sizes_ = bytes_.data();
  std::int64_t* offsets_ = sizes_ + count_;
  std::uint32_t* order_ = numbers_.data();
  std::uint32_t* other_order_ = order_ + count_;
  std::uint32_t* near_ = other_order_ + count_;  // the neighbours of one buffer that are placed
  std::size_t near_count_ = 0;
  std::uint32_t* first_ = near_ + count_;  // in `neighbours_`, of each buffer
  std::uint32_t* neighbours_ = nullptr;
  std::int64_t total_ = 0;
  std::size_t highest_ = 0;
  std::size_t work_ = 0;
  std::size_t last_work_ = 0;
};

}  // namespace detail
}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// What a plan needs.
struct memory_plan {
  std::int64_t bytes = 0;      // of the arena
  std::int64_t most_live = 0;  // the largest sum of buffers that live at once: never more
};

/// An arena has at most so many bytes.
inline constexpr std::int64_t max_arena_bytes = std::int64_t{1} << 62;

namespace detail {

/// The arena as it is from step to step: a list of tensors and gaps in the order of offsets, which
/// ends with a tensor. Block 1 + b is buffer b, or the gap that it has left.
class memory_planner {
 public:
  constexpr memory_planner(span<buffer> buffers, std::int64_t alignment)
      : buffers_(buffers.data()),
        count_(buffers.size()),
        alignment_(alignment),
        storage_(count_ + 1, memory_block{}),
        heap_(count_, 0) {}

  constexpr result<std::int64_t> run() {
    for (std::uint32_t b = 0; b < count_; ++b) {
      auto& next = buffers_[b];
      while (live_count_ != 0 && buffers_[live_[0]].last < next.first) release(1 + pop_live());
      // What has no bytes may be anywhere.
      next.offset = 0;
      if (next.bytes == 0) continue;
      if (next.bytes > max_arena_bytes) return too_large(next);
      next.offset = place(1 + b, round_up(next.bytes, alignment_));
      if (next.offset < 0) return too_large(next);
      if (end_ > total_) total_ = end_;
      live_bytes_ += blocks_[1 + b].size;
      if (live_bytes_ > most_live_) most_live_ = live_bytes_;
      push_live(b);
    }
    return total_;
  }
  /// The largest sum of buffers that live at once, after a run: no arena has fewer bytes.
  constexpr std::int64_t most_live() const { return most_live_; }

 private:
  static constexpr error too_large(buffer const& b) {
    return make_error(rule::the_arena_must_fit_in_memory, "the tensors that live at step ", b.first,
                      " have more than 2^62 bytes together");
  }

  /// The offset of a new tensor: that of the smallest gap that suffices, or else the end; -1
  /// where that is too far away.
  constexpr std::int64_t place(std::uint32_t id, std::int64_t size) {
    auto const gap = gaps_.take(size);
    if (gap == no_block) {
      if (size > max_arena_bytes - end_) return -1;
      blocks_[id].offset = end_;
      blocks_[id].before = last_;
      end_ += size;
    } else {
      auto& g = blocks_[gap];
      blocks_[id].offset = g.offset;
      blocks_[id].before = g.before;
      blocks_[id].after = g.after;
      if (g.size != size) {
        blocks_[id].after = gap;
        g.offset += size;
        g.size -= size;
        g.before = id;
        gaps_.insert(gap);
      }
    }
    blocks_[id].size = size;
    link(id);
    return blocks_[id].offset;
  }

  /// Makes a tensor a gap, one with the gaps beside it.
  constexpr void release(std::uint32_t id) {
    auto& b = blocks_[id];
    live_bytes_ -= b.size;
    if (b.before != no_block && blocks_[b.before].is_gap) {
      auto const& gap = blocks_[b.before];
      gaps_.remove(b.before);
      b.offset = gap.offset;
      b.size += gap.size;
      b.before = gap.before;
    }
    if (b.after == no_block) {
      end_ = b.offset;
      last_ = b.before;
      if (last_ != no_block) blocks_[last_].after = no_block;
      return;
    }
    if (blocks_[b.after].is_gap) {
      auto const& gap = blocks_[b.after];
      gaps_.remove(b.after);
      b.size += gap.size;
      b.after = gap.after;
    }
    b.is_gap = true;
    link(id);
    gaps_.insert(id);
  }

  /// Tells a block's neighbours of it.
  constexpr void link(std::uint32_t id) {
    auto const& b = blocks_[id];
    if (b.before != no_block) blocks_[b.before].after = id;
    if (b.after != no_block) blocks_[b.after].before = id;
    else last_ = id;
  }

  /// Adds a buffer to those that live: a heap, the one whose life ends first at its top.
  constexpr void push_live(std::uint32_t b) {
    auto at = live_count_++;
    auto const last = buffers_[b].last;
    for (; at != 0 && buffers_[live_[(at - 1) / 2]].last > last; at = (at - 1) / 2) {
      live_[at] = live_[(at - 1) / 2];
    }
    live_[at] = b;
  }
  constexpr std::uint32_t pop_live() {
    auto const top = live_[0];
    auto const moved = live_[--live_count_];
    auto const last = buffers_[moved].last;
    std::size_t at = 0;
    for (auto next = std::size_t{1}; next < live_count_; next = 2 * at + 1) {
      if (next + 1 < live_count_ && buffers_[live_[next + 1]].last < buffers_[live_[next]].last) {
        ++next;
      }
      if (buffers_[live_[next]].last >= last) break;
      live_[at] = live_[next];
      at = next;
    }
    live_[at] = moved;
    return top;
  }

  buffer* buffers_;
  std::size_t count_;
  std::int64_t alignment_;
  vector<memory_block> storage_;
  vector<std::uint32_t> heap_;
  // Constant evaluation counts each call of an operator of a class: these are pointers.
  memory_block* blocks_ = storage_.data();
  std::uint32_t* live_ = heap_.data();
  std::size_t live_count_ = 0;
  gap_tree gaps_{blocks_};
  std::uint32_t last_ = no_block;  // the block at the end
  std::int64_t end_ = 0;           // where it ends
  std::int64_t total_ = 0;
  std::int64_t live_bytes_ = 0;
  std::int64_t most_live_ = 0;
};

}  // namespace detail

/// Gives every buffer an offset, so that no two whose lifetimes meet overlap; returns what
/// the plan needs. Buffers come in the order of `first`. Each takes the smallest gap it fits into,
/// when its time comes; where that needs more than the buffers that live at once, other orders are
/// tried, and the best plan is kept.
/// *Errors*: buffers that live at once and have more than 2^62 bytes together.
/// *Costs*: n log n for n buffers; other orders those of `ordered_planner`.
/// {4096 for steps 0–1, 1024 for 1–2, 4096 for 2–3} → offsets 0, 4096, 0; 5120 bytes
constexpr result<memory_plan> plan_memory(span<buffer> buffers, std::int64_t alignment) {
  detail::memory_planner planner(buffers, alignment);
  auto const in_time = planner.run();
  if (!in_time) return in_time.failure();
  auto const most_live = planner.most_live();
  // In another order all of them may lie one behind the other.
  auto const most = max_arena_bytes / static_cast<std::int64_t>(buffers.size() + 1);
  if (*in_time == most_live || *in_time > most || buffers.size() > max_ordered_buffers) {
    return memory_plan{*in_time, most_live};
  }
  detail::ordered_planner in_other_orders(buffers, alignment, most_live);
  return memory_plan{in_other_orders.improve(*in_time), most_live};
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION::detail {

/// Gives the places that are nowhere and no constant their offsets in the arena, which they share
/// by lifetime. `arena_bytes(id)` and `have_same_border(a, b)` are those of `find_in_place`.
/// *Errors*: an arena of more than `most` bytes.
template <class Graph, class ArenaBytes, class HaveSameBorder>
constexpr error place_in_arena(Graph const& g, program& p, step_operands const& operands,
                               vector<location>& places, ArenaBytes const& arena_bytes,
                               HaveSameBorder const& have_same_border, std::int64_t most) {
  constexpr std::uint32_t none = 0xffff'ffff;
  auto const shared =
      find_in_place<Graph>(p, operands, places.size(), arena_bytes, have_same_border);
  vector<buffer> buffers;
  vector<std::uint32_t> numbers(places.size(), none);
  // Constant evaluation counts each call of an operator of a class: these are pointers.
  auto const* const in_place = shared.data();
  auto* const buffer_of = numbers.data();
  auto* const place_at = places.data();
  auto const* const operand = operands.places.data();
  auto const* const steps = p.steps.data();
  auto const* const values = g.values.data();
  auto const place_count = places.size();
  auto const value_count = g.values.size();
  auto const step_count = p.steps.size();
  for (std::uint32_t i = 0; i < step_count; ++i) {
    auto const& s = steps[i];
    for (std::uint32_t k = 0; k < s.locations.count; ++k) {
      auto id = operand[s.locations.first + k];
      if (id == no_value || place_at[id].where != place::nowhere) continue;
      if (id < value_count && values[id].constant != not_constant) continue;
      id = in_place[id];
      if (buffer_of[id] == none) {
        buffer_of[id] = static_cast<std::uint32_t>(buffers.size());
        buffers.push_back({arena_bytes(id), i, i, 0});
      }
      buffers[buffer_of[id]].last = i;
    }
  }
  auto const plan = plan_memory(buffers, tensor_alignment);
  if (!plan) return plan.failure();
  p.arena_bytes = (*plan).bytes;
  p.live_bytes = (*plan).most_live;
  if (p.arena_bytes > most) return arena_is_too_large(g, p, buffers, most);
  for (value_id id = 0; id < place_count; ++id) {
    auto const b = buffer_of[in_place[id]];
    if (b != none) place_at[id] = {place::arena, 0, buffers[b].offset};
  }
  return {};
}

}  // namespace inlay::inline INLAY_VERSION::detail

namespace inlay::inline INLAY_VERSION::detail {

/// The operands of the steps, as places: values by their numbers, and behind them what is none of a
/// value. In the end each gets its location.
template <class Graph> class placement {
 public:
  constexpr placement(Graph const& g, value_layouts const& layouts, program& p)
      : graph_(&g), layouts_(&layouts), program_(&p) {}

  constexpr void add_values() {
    places_ = vector<location>(graph_->values.size(), location{});
    for (auto const id : layouts_->views.copied) add_place({}, size_of(id));
  }
  constexpr vector<location> const& places() const { return places_; }
  constexpr location& operator[](value_id place) { return places_[place]; }

  /// A place that is none of a value: what is there, or how many bytes it has in the arena.
  constexpr value_id add_place(location const& where, std::int64_t bytes = 0) {
    auto const id = static_cast<value_id>(places_.size());
    places_.push_back(where);
    extra_bytes_.push_back(bytes);
    return id;
  }
  /// Bytes that a value has, without a border.
  constexpr std::int64_t size_of(value_id id) const {
    auto const& t = graph_->values[id].type;
    return bytes_of(t.element, elements_of(t.shape));
  }
  constexpr bool is_constant(value_id place) const {
    return place < graph_->values.size() && graph_->is_constant(place);
  }
  /// Bytes of what is in the arena.
  constexpr std::int64_t bytes_at(value_id place) const {
    if (place >= graph_->values.size()) return extra_bytes_[place - graph_->values.size()];
    auto const& images = layouts_->images;
    if (!images.is_channels_last(place)) return size_of(place);
    auto const& t = graph_->values[place].type;
    return bytes_of(t.element, elements_of(images.border(place).around(t.shape)));
  }

  constexpr void add_operand(value_id place, std::int64_t offset = 0) {
    operands_.push_back(place);
    offsets_.push_back(offset);
  }
  constexpr std::size_t operands() const { return operands_.size(); }

  /// A place in its pool for a constant.
  constexpr location add_weight(value_id id, std::uint32_t packing) {
    if (is_unresolved(*graph_, id)) {
      failure_ = missing_elements(*graph_, id);
      return {};
    }
    auto const& v = graph_->values[id];
    return add_weight(v.type.element, graph_->constants[v.constant], packing);
  }
  constexpr location add_weight(element_type e, constant const& c, std::uint32_t packing) {
    auto& end = program_->pools.bytes[static_cast<std::size_t>(e)];
    location const found{place::weights, 0, end};
    program_->weights.push_back({e, end, c, packing});
    auto const bytes = packing == not_packed
                           ? static_cast<std::int64_t>(graph_->bytes_of(c).size())
                           : bytes_of(e, packed_size(program_->packings[packing]));
    end += round_up(bytes, tensor_alignment);
    if (end > max_arena_bytes) {
      failure_ = make_error(rule::the_arena_must_fit_in_memory,
                            "the constants have more than 2^62 bytes together");
    }
    return found;
  }

  /// Every operand gets its location, in an arena of at most so many bytes.
  constexpr error finish(std::int64_t most_arena_bytes) {
    if (!failure_) place_in_arena(most_arena_bytes);
    if (!failure_) resolve();
    return failure_;
  }

 private:
  /// Values that no caller sees share the arena by lifetime.
  constexpr void place_in_arena(std::int64_t most) {
    auto const arena_bytes = [&](value_id id) {
      return places_[id].where == place::nowhere && !is_constant(id) ? bytes_at(id) : -1;
    };
    auto const have_same_border = [&](value_id a, value_id b) {
      auto const count = graph_->values.size();
      return a < count && b < count && layouts_->form_of(a) == layouts_->form_of(b) &&
             graph_->values[a].type == graph_->values[b].type;
    };
    failure_ = detail::place_in_arena(*graph_, *program_, {operands_, offsets_}, places_,
                                      arena_bytes, have_same_border, most);
  }

  /// Constants that are read get a place in their pool; then every operand has its location.
  constexpr void resolve() {
    for (auto const& s : program_->steps) {
      auto const layouts = program_->structures[s.structure].layouts.first;
      for (std::uint32_t k = 0; k < s.locations.count; ++k) {
        auto const i = s.locations.first + k;
        auto const id = operands_[i];
        if (id != no_value && places_[id].where == place::nowhere) {
          places_[id] = add_weight(id, not_packed);
          if (failure_) return;
        }
        program_->locations.push_back(id == no_value ? location{} : places_[id]);
        if (offsets_[i] != 0) {
          auto const element = program_->layouts[layouts + k].element;
          program_->locations.back().offset += bytes_of(element, offsets_[i]);
        }
      }
    }
  }

  Graph const* graph_;
  value_layouts const* layouts_;
  program* program_;
  error failure_;
  vector<location> places_;           // of each value, then the extra ones
  vector<std::int64_t> extra_bytes_;  // of each extra place that is in the arena
  vector<value_id> operands_;         // of the steps, as places
  vector<std::int64_t> offsets_;      // of the first element of each, in elements
};

}  // namespace inlay::inline INLAY_VERSION::detail

// Element operators in front of a kernel, which reads the tensors that they do.

namespace inlay::inline INLAY_VERSION::detail {

/// Calls `visit` with each value that a group of element operators reads.
template <class Graph, class Visit>
constexpr void each_tensor_of(Graph const& g, fusions const& all, std::uint32_t head,
                              Visit const& visit) {
  for (auto const id : g.inputs_of(g.nodes[head])) visit(id);
  for (auto const id : all.others_of(all.of_node[head])) visit(id);
}

/// Has a node that is lowered read the tensors of a group of element operators instead of its first
/// input, and says what makes that of them.
template <class Graph>
constexpr link_chain read_through(Graph const& g, value_layouts const& layouts, fusions const& all,
                                  node const& n, std::uint32_t head, lowering& l) {
  auto const& first = g.nodes[head];
  auto const& entry = entry_of<Graph>(first.op);
  auto const& x = g.values[g.inputs_of(n)[0]].type.shape;
  vector<layout> inputs;
  each_tensor_of(g, all, head, [&](value_id id) {
    inputs.push_back(broadcast_to(layouts.layout_of(id, g.values[id].type), x));
  });
  entry_of<Graph>(n.op).see_through({g, n}, inputs, l.outputs[0]);
  for (std::size_t i = 1; i < l.inputs.size(); ++i) inputs.push_back(l.inputs[i]);
  l.inputs = std::move(inputs);
  link made;
  made.op = first.op;
  made.types = types_of(g, first);
  if (entry.element != nullptr) made.words = entry.element(node_view(g, first));
  return chain_of(made, first.inputs.count, all.links_of(all.of_node[head]));
}

}  // namespace inlay::inline INLAY_VERSION::detail

// The structures of a program, each of them once.

namespace inlay::inline INLAY_VERSION::detail {

/// Finds the structures and the packings of a program, and adds what is not there.
class structure_table {
 public:
  constexpr explicit structure_table(program& p) : program_(&p) {}

  /// The index of a structure.
  constexpr std::uint32_t intern(operator_id op, lowering const& l, span<link const> links = {},
                                 operator_id ending = operator_id::unlisted,
                                 span<link const> readers = {}) {
    auto hash = hash_word(hash_seed, static_cast<std::uint64_t>(op));
    for (auto const& t : l.inputs) hash = hash_layout(hash, t);
    for (auto const& t : l.outputs) hash = hash_layout(hash, t);
    for (auto const word : l.words) hash = hash_word(hash, static_cast<std::uint64_t>(word));
    for (auto const& added : links) hash = hash_word(hash, static_cast<std::uint64_t>(added.op));
    for (auto const& added : readers) hash = hash_word(hash, static_cast<std::uint64_t>(added.op));
    hash = hash_word(hash, static_cast<std::uint64_t>(ending));
    auto const found = table_.find(hash, [&](std::uint32_t i) {
      auto const& s = program_->structures[i];
      return s.ending == ending && equal(s, op, l) && equal(s.links, links) &&
             equal(s.readers, readers);
    });
    if (found != index_table::absent) return found;

    structure s;
    s.op = op;
    s.types = l.types;
    s.sized_words = l.sized_words;
    s.multiply_adds = l.multiply_adds;
    s.layouts = {static_cast<std::uint32_t>(program_->layouts.size()),
                 static_cast<std::uint32_t>(l.inputs.size() + l.outputs.size())};
    program_->layouts.append(l.inputs.data(), l.inputs.size());
    program_->layouts.append(l.outputs.data(), l.outputs.size());
    s.words = {static_cast<std::uint32_t>(program_->words.size()),
               static_cast<std::uint32_t>(l.words.size())};
    program_->words.append(l.words.data(), l.words.size());
    s.links = add(links);
    s.readers = add(readers);
    s.ending = ending;
    auto const index = static_cast<std::uint32_t>(program_->structures.size());
    program_->structures.push_back(s);
    table_.insert(hash, index);
    return index;
  }

  /// The index of a packing.
  constexpr std::uint32_t intern(right_operand const& right) {
    auto const hash = hash_shape(hash_shape(hash_seed, right.extents), right.strides);
    auto const found =
        packings_.find(hash, [&](std::uint32_t i) { return program_->packings[i] == right; });
    if (found != index_table::absent) return found;
    auto const index = static_cast<std::uint32_t>(program_->packings.size());
    program_->packings.push_back(right);
    packings_.insert(hash, index);
    return index;
  }

 private:
  static constexpr std::uint64_t hash_layout(std::uint64_t hash, layout const& t) {
    return hash_shape(hash_shape(hash_word(hash, static_cast<std::uint64_t>(t.element)), t.extents),
                      t.strides);
  }

  constexpr range add(span<link const> links) {
    range const place{static_cast<std::uint32_t>(program_->links.size()),
                      static_cast<std::uint32_t>(links.size())};
    program_->links.append(links.data(), links.size());
    return place;
  }
  constexpr bool equal(range const& added, span<link const> links) const {
    if (added.count != links.size()) return false;
    for (std::uint32_t i = 0; i < added.count; ++i) {
      if (!(program_->links[added.first + i] == links[i])) return false;
    }
    return true;
  }
  constexpr bool equal(structure const& s, operator_id op, lowering const& l) const {
    if (s.op != op || !(s.types == l.types) || s.words.count != l.words.size() ||
        s.sized_words != l.sized_words || s.layouts.count != l.inputs.size() + l.outputs.size()) {
      return false;
    }
    for (std::uint32_t i = 0; i < s.words.count; ++i) {
      if (program_->words[s.words.first + i] != l.words[i]) return false;
    }
    for (std::uint32_t i = 0; i < s.layouts.count; ++i) {
      auto const& t = i < l.inputs.size() ? l.inputs[i] : l.outputs[i - l.inputs.size()];
      if (!(program_->layouts[s.layouts.first + i] == t)) return false;
    }
    return true;
  }

  program* program_;
  index_table table_;
  index_table packings_;
};

}  // namespace inlay::inline INLAY_VERSION::detail

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Lowers one graph, whose types are known.
template <class Graph> class lowerer {
 public:
  constexpr lowerer(Graph g, lower_options const& how) : graph_(std::move(g)), how_(how) {
    for (auto& place : zeros_) place = no_value;
  }

  constexpr program run() {
    check_dimensions(graph_);
    check_operands(graph_);
    program_.failure = graph_.failure;
    if (program_.failure) return std::move(program_);
    layouts_.views = find_views(graph_);
    places_.add_values();
    place_outputs();
    layouts_.images =
        image_arranger(graph_, layouts_.views, places_.places(), how_.serves_all_extents).run();
    if (how_.fuses) fused_ = fuse(graph_, layouts_, how_.least_read_row);
    else fused_ = each_alone(graph_);
    for (auto const i : fused_.head_at) {
      if (i == fusions::none) continue;
      auto const& n = graph_.nodes[i];
      if (is_empty(graph_.outputs_of(n)[0])) continue;
      if (entry_of<Graph>(n.op).is_view) add_copies(n, i);
      else add_node(n, i);
    }
    copy_outputs();
    if (auto const e = places_.finish(how_.most_arena_bytes)) return failed(e);
    program_.storage = std::move(graph_.storage);
    return std::move(program_);
  }

 private:
  static constexpr std::uint32_t none = 0xffff'ffff;

  /// What becomes of a node: a structure, its second input packed, its first one with a border.
  struct node_form {
    std::uint32_t structure = 0;
    std::uint32_t packing = not_packed;
    bool has_border = false;
    std::int64_t offset = 0;  // of the first element, behind the border's
  };
  struct group_form {
    fusion const* group = nullptr;
    node_form form{};
  };
  struct bordered_copy {
    value_id value = no_value;
    value_id place = no_value;
  };
  struct packed_constant {
    value_id value = no_value;
    std::uint32_t packing = not_packed;
    value_id place = no_value;
  };

  /// Kernels write the graph's outputs where the caller reads them.
  constexpr void place_outputs() {
    for (std::uint32_t i = 0; i < graph_.inputs.size(); ++i) {
      auto const id = graph_.inputs[i];
      places_[id] = {place::input, i, 0};
      program_.inputs.push_back({graph_.values[id].name, graph_.values[id].type});
    }
    for (std::uint32_t i = 0; i < graph_.outputs.size(); ++i) {
      auto const id = graph_.outputs[i];
      program_.outputs.push_back({graph_.values[id].name, graph_.values[id].type});
      auto const root = root_of(id);
      auto& where = places_[root];
      bool const is_whole = layouts_.views.number_of_strides(id) == 0 &&
                            places_.size_of(id) == places_.bytes_at(root);
      if (where.where == place::nowhere && !places_.is_constant(root) && is_whole) {
        where = {place::output, i, 0};
      }
    }
  }

  /// A step that writes nothing is left out: the extents before one of 0 could be any.
  constexpr bool is_empty(value_id id) const {
    return elements_of(graph_.values[id].type.shape) == 0;
  }

  constexpr void add_node(node const& n, std::uint32_t index) {
    auto const& group = fused_.of_node[index];
    bool const has_readers = group.readers != fusions::none;
    bool const is_alone = group.last == index && !has_readers;
    auto const form = is_alone ? form_of(n) : form_of_group(n, group);
    auto const inputs = graph_.inputs_of(n);
    auto const output = graph_.outputs_of(graph_.nodes[group.last])[0];
    auto const bordered = form.has_border ? with_border(inputs[0]) : no_value;
    if (layouts_.has_any()) {
      for (std::size_t i = has_readers ? 1 : 0; i < inputs.size(); ++i) {
        auto const id = inputs[i];
        if (id != no_value && !is_read(n, id)) contiguous(id, index);
      }
      clear_border(output);
    }
    auto const first = places_.operands();
    auto const outputs = 1 + group.others.count;
    auto const count = program_.structures[form.structure].layouts.count;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      // What its rule has looked at, a kernel may do without.
      if (places_.operands() - first + outputs == count) break;
      auto const id = inputs[i];
      if (i == 0 && has_readers) {
        each_tensor_of(graph_, fused_, group.readers, [&](value_id x) { add_value(x); });
      } else if (id == no_value) places_.add_operand(no_value);
      else if (i == 0 && form.has_border)
        places_.add_operand(bordered, form.offset + layouts_.images.first_channel(id));
      else if (i == 1 && form.packing != not_packed) add_packed(id, form.packing);
      else if (is_read(n, id)) add_value(id);
      else places_.add_operand(contiguous(id, index));
    }
    // Behind an optional input that the node leaves out at its end.
    while (places_.operands() - first + outputs < count) places_.add_operand(no_value);
    for (auto const id : fused_.others_of(group)) add_value(id);
    add_value(output);
    add_step(form.structure, first, index);
  }

  constexpr value_id root_of(value_id id) const { return layouts_.views.root_of(id); }
  constexpr layout layout_of(value_id id) const {
    return layouts_.layout_of(id, graph_.values[id].type);
  }
  constexpr std::int64_t offset_of(value_id id) const {
    return layouts_.offset_of(id, graph_.values[id].type.shape);
  }
  constexpr tensor_view view_of(value_id id) const { return {layout_of(id), offset_of(id)}; }
  constexpr void add_value(value_id id) {
    // Few steps where nothing is a view or an image: compilers count them.
    if (!layouts_.has_any()) places_.add_operand(id);
    else places_.add_operand(root_of(id), offset_of(id));
  }

  /// Whether a node reads a value where it lies, else a contiguous copy of it.
  constexpr bool is_read(node const& n, value_id id) const {
    return !layouts_.has_any() || layouts_.views.number_of_strides(id) == 0 ||
           reads(graph_, n, id, layout_of(id));
  }
  constexpr layout layout_for(node const& n, value_id id) const {
    if (is_read(n, id)) return layout_of(id);
    return layout(graph_.values[id].type);
  }
  /// The place of a contiguous copy of a value: one for all that want it.
  constexpr value_id contiguous(value_id id, std::uint32_t node) {
    if (copy_of_.empty()) {
      copy_of_ = vector<value_id>(graph_.values.size(), no_value);
      auto const& copied = layouts_.views.copied;
      auto next = static_cast<value_id>(graph_.values.size());
      for (auto const value : copied) copy_of_[value] = next++;
      is_copied_ = vector<char>(graph_.values.size(), 0);
    }
    auto& to = copy_of_[id];
    if (to == no_value) to = places_.add_place({}, places_.size_of(id));
    if (is_copied_[id] == 0) {
      is_copied_[id] = 1;
      copy(id, to, {layout(graph_.values[id].type), 0}, node);
    }
    return to;
  }
  /// What a view needs to be copied: its input as a whole, or what is not there yet of its output.
  constexpr void add_copies(node const& n, std::uint32_t index) {
    if (entry_of<Graph>(n.op).view_of_input == nullptr) return assemble(n, index);
    auto const root = root_of(graph_.outputs_of(n)[0]);
    if (root < graph_.values.size()) return;
    auto const copied = layouts_.views.copied[root - graph_.values.size()];
    if (copied == graph_.inputs_of(n)[0]) contiguous(copied, index);
  }
  constexpr void assemble(node const& n, std::uint32_t index) {
    auto const& entry = entry_of<Graph>(n.op);
    auto const y = graph_.outputs_of(n)[0];
    auto const root = root_of(y);
    auto const whole = view_of(y);
    auto const inputs = graph_.inputs_of(n);
    clear_border(y);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      auto to = whole;
      if (inputs[i] == no_value || !entry.view_of_output({graph_, n}, static_cast<int>(i), to)) {
        continue;
      }
      auto from = view_of(inputs[i]);
      if (entry.crop != nullptr) entry.crop({graph_, n}, from);
      normalize_strides(from.lies);
      normalize_strides(to.lies);
      bool const is_there =
          root_of(inputs[i]) == root && from.offset == to.offset && from.lies == to.lies;
      if (!is_there) copy(root_of(inputs[i]), from, root, to, index);
    }
    if (entry.fills == nullptr) return;
    for (auto const& f : entry.fills({graph_, n}, whole)) {
      if (!f.is_constant) {
        copy(root, f.from, root, f.to, index);
        continue;
      }
      auto const e = whole.lies.element;
      bool const is_given = inputs.size() > 2 && inputs[2] != no_value;
      auto const from = is_given ? root_of(inputs[2]) : zero_of(e);
      copy(from, {layout(e, shape{}), is_given ? view_of(inputs[2]).offset : 0}, root, f.to, index);
    }
  }

  /// What becomes of a node that is computed alone: the same of all of its signature.
  constexpr node_form form_of(node const& n) {
    auto const hash = signatures_.hash(n);
    auto const number = signatures_.find(n, hash);
    if (number != signature_table::absent) return forms_[number];
    lower_with(n, [&](value_id id) { return layout_for(n, id); });
    node_form form;
    give_border(n, form);
    form.packing = pack_right(n, true);
    form.structure = structures_.intern(n.op, lowering_);
    signatures_.insert(n, hash, static_cast<std::uint32_t>(forms_.size()));
    forms_.push_back(form);
    return form;
  }

  /// What becomes of a node and those that are computed with it: the same of all groups alike.
  constexpr node_form form_of_group(node const& n, fusion const& group) {
    auto hash = hash_word(signatures_.hash(n), static_cast<std::uint64_t>(group.ending));
    for (auto const& added : fused_.links_of(group)) {
      hash = hash_word(hash, static_cast<std::uint64_t>(added.op));
    }
    auto const found = groups_.find(n, hash);
    if (found != signature_table::absent &&
        fused_.are_alike(graph_, layouts_, group, *group_forms_[found].group)) {
      return group_forms_[found].form;
    }
    auto const form = make_form_of_group(n, group);
    groups_.insert(n, hash, static_cast<std::uint32_t>(group_forms_.size()));
    group_forms_.push_back({&group, form});
    return form;
  }
  constexpr node_form make_form_of_group(node const& n, fusion const& group) {
    auto const result = graph_.outputs_of(n)[0];
    auto const stored = graph_.outputs_of(graph_.nodes[group.last])[0];
    auto const to = layout_of(stored);
    vector<layout> others;
    for (auto const id : fused_.others_of(group))
      others.push_back(broadcast_to(layout_of(id), to.extents));
    bool const is_pooled = group.ending == id_of<op::max_pool>;
    link_chain readers;
    node_form form;
    if (entry_of<Graph>(n.op).is_elementwise) {
      // The other tensors are further inputs.
      lowering_.clear();
      for (auto const id : graph_.inputs_of(n)) lowering_.inputs.push_back(layout_of(id));
      for (auto const& t : others) lowering_.inputs.push_back(t);
      lowering_.outputs.push_back(to);
      lowering_.types = types_of(graph_, n);
      lower_elementwise(lowering_);
      auto const element = entry_of<Graph>(n.op).element;
      if (element != nullptr) append_words(lowering_.words, element(node_view(graph_, n)));
    } else {
      lower_with(n,
                 [&](value_id id) { return id == result && !is_pooled ? to : layout_for(n, id); });
      give_border(n, form);
      if (group.readers != fusions::none) {
        readers = read_through(graph_, layouts_, fused_, n, group.readers, lowering_);
      }
      auto& y = lowering_.outputs[0];
      if (is_pooled) y = to;
      bool alike = true;
      for (auto& t : others) {
        alike = alike && t.extents == to.extents && t.strides == to.strides;
        // Such a kernel sees them in another shape.
        if (!(y.extents == to.extents)) see_as(t, y.extents);
      }
      form.packing = pack_right(n, alike);
      for (auto const& t : others) {
        lowering_.inputs.push_back(alike ? y : t);
        lowering_.inputs.back().element = t.element;
      }
    }
    form.structure = structures_.intern(n.op, lowering_, fused_.links_of(group), group.ending,
                                        {readers.of, readers.count});
    return form;
  }

  template <class LayoutOf> constexpr void lower_with(node const& n, LayoutOf const& layout_of) {
    lower_node(graph_, n, lowering_, layout_of);
    if (!how_.serves_all_extents) lowering_.sized_words = 0;
  }

  /// Whether windows hang over the input of what is lowered where that has some extents, and the
  /// steps are to be those of all.
  constexpr bool depends_on_extents() const {
    return how_.serves_all_extents && !lowering_.widest.is_empty();
  }

  /// A kernel whose windows hang over its images looks at them with the border that these have.
  constexpr void give_border(node const& n, node_form& form) {
    auto const border_of = entry_of<Graph>(n.op).border;
    if (border_of == nullptr) return;
    auto const needed = border_of(lowering_);
    auto const id = graph_.inputs_of(n)[0];
    auto const& has = layouts_.images.border(id);
    if ((needed.is_empty() && !depends_on_extents()) || has.is_empty()) return;
    auto& x = lowering_.inputs[0];
    x.strides = layouts_.images.strides_within(id, x.extents);
    x.extents = needed.around(x.extents);
    form.has_border = true;
    form.offset = has.offset(x.strides) - needed.offset(x.strides);
    entry_of<Graph>(n.op).remove_border(lowering_);
  }

  /// The value as an image with its border: itself, or its copy.
  constexpr value_id with_border(value_id id) {
    if (layouts_.images.is_channels_last(id)) return root_of(id);
    for (auto const& c : copies_) {
      if (c.value == id) return c.place;
    }
    auto const& t = graph_.values[id].type;
    auto const& border = layouts_.images.border(id);
    auto const place =
        places_.add_place({}, bytes_of(t.element, elements_of(border.around(t.shape))));
    copies_.push_back({id, place});
    clear_border(place, id);
    layout y(t);
    y.strides = layouts_.images.strides_within(id, t.shape);
    copy(id, place, {y, border.offset(y.strides)}, none);
    return place;
  }

  /// Before the first step that writes an image, or a part of it, zeros are written around it.
  constexpr void clear_border(value_id id) {
    if (!layouts_.images.is_channels_last(id)) return;
    auto const image = layouts_.images.image_of(id);
    if (is_cleared_.empty()) is_cleared_ = vector<char>(graph_.values.size(), 0);
    if (is_cleared_[image] == 0) clear_border(image, image);
    is_cleared_[image] = 1;
  }
  /// Writes zeros around the image at `place`, which lies as the value `id` or its copy does.
  constexpr void clear_border(value_id place, value_id id) {
    auto const& border = layouts_.images.border(id);
    if (border.is_empty()) return;
    auto const& t = graph_.values[id].type;
    auto const strides = layouts_.images.strides_within(id, t.shape);
    auto const begin = border.offset(strides);
    auto const row = t.shape[3] * strides[3];
    auto const last_row = begin + (t.shape[2] - 1) * strides[2] + row;
    auto const image = border.around(t.shape);
    auto const clear = [&](std::int64_t offset, std::int64_t rows, std::int64_t length) {
      if (rows <= 0 || length == 0) return;
      layout y(t.element, {t.shape[0], rows, length});
      y.strides = {strides[0], strides[2], 1};
      copy(zero_of(t.element), {layout(t.element, shape{}), 0}, place, {y, offset}, none);
    };
    clear(0, 1, begin);
    // What is behind a row and what is in front of the next one lie next to each other.
    clear(begin + row, t.shape[2] - 1, strides[2] - row);
    clear(last_row, 1, image[2] * strides[2] - last_row);
  }

  /// A step that copies what is at one place to where `to` is at another.
  constexpr void copy(value_id place, tensor_view const& from, value_id to_place,
                      tensor_view const& to, std::uint32_t node) {
    if (elements_of(to.lies.extents) == 0) return;
    auto const first = places_.operands();
    auto const op =
        lower_copy(lowering_, from.lies, to.lies) ? id_of<op::transpose> : id_of<op::identity>;
    places_.add_operand(place, from.offset);
    places_.add_operand(to_place, to.offset);
    add_step(structures_.intern(op, lowering_), first, node);
  }
  constexpr void copy(value_id id, value_id place, tensor_view const& to, std::uint32_t node) {
    copy(root_of(id), view_of(id), place, to, node);
  }

  constexpr value_id zero_of(element_type e) {
    auto& place = zeros_[static_cast<std::size_t>(e)];
    if (place == no_value) {
      auto const index = store_constant(graph_, [&](auto put) {
        with_type(e, stored_types{}, [&]<class T>(T zero) { put(zero); });
      });
      place = places_.add_place(places_.add_weight(e, graph_.constants[index], not_packed));
    }
    return place;
  }

  /// Has the right-hand operand of a product packed, if it is a constant, and says how. Axes may be
  /// joined then, if `may_join`.
  constexpr std::uint32_t pack_right(node const& n, bool may_join) {
    auto const right_of = entry_of<Graph>(n.op).right;
    if (right_of == nullptr || !graph_.is_constant(graph_.inputs_of(n)[1])) return not_packed;
    auto& second = lowering_.inputs[1];
    auto const right = right_of(lowering_.words.data(), second);
    if (right.extents[static_cast<int>(right.columns)] < 2 || right.extents.size() == max_rank) {
      return not_packed;
    }
    auto const panels = packed_layout(right);
    if (!is_in_memory(panels.extents)) return not_packed;
    second.extents = panels.extents;
    second.strides = panels.strides;
    auto const join = entry_of<Graph>(n.op).join;
    if (join != nullptr && may_join && !depends_on_extents()) join(lowering_);
    return structures_.intern(right);
  }

  /// A packed constant: one for all that want it so.
  constexpr void add_packed(value_id id, std::uint32_t packing) {
    auto const hash = hash_word(hash_word(hash_seed, id), packing);
    auto const found = packed_table_.find(hash, [&](std::uint32_t i) {
      return packed_[i].value == id && packed_[i].packing == packing;
    });
    if (found != index_table::absent) return places_.add_operand(packed_[found].place);
    auto const place = places_.add_place(places_.add_weight(id, packing));
    packed_table_.insert(hash, static_cast<std::uint32_t>(packed_.size()));
    packed_.push_back({id, packing, place});
    places_.add_operand(place);
  }

  /// What no kernel can write in place, for it is an input, a constant, or another output as well,
  /// is copied.
  constexpr void copy_outputs() {
    for (std::uint32_t i = 0; i < graph_.outputs.size(); ++i) {
      auto const id = graph_.outputs[i];
      auto const& where = places_[root_of(id)];
      if ((where.where == place::output && where.port == i) || is_empty(id)) continue;
      auto const place = places_.add_place({place::output, i, 0});
      copy(id, place, {layout(graph_.values[id].type), 0}, none);
    }
  }

  /// A step on the operands from `first` on.
  constexpr void add_step(std::uint32_t structure, std::size_t first, std::uint32_t node) {
    program_.steps.push_back({structure,
                              {static_cast<std::uint32_t>(first),
                               static_cast<std::uint32_t>(places_.operands() - first)},
                              node});
    program_.multiply_adds =
        saturating_add(program_.multiply_adds, program_.structures[structure].multiply_adds);
  }

  static constexpr program failed(error const& e) {
    program p;
    p.failure = e;
    return p;
  }

  Graph graph_;
  lower_options how_;
  program program_;
  value_layouts layouts_;
  fusions fused_;
  placement<Graph> places_{graph_, layouts_, program_};
  structure_table structures_{program_};
  signature_table signatures_{graph_, &layouts_};
  vector<node_form> forms_;  // of the nodes of each signature
  signature_table groups_{graph_, &layouts_};
  vector<group_form> group_forms_;
  vector<packed_constant> packed_;
  index_table packed_table_;
  vector<bordered_copy> copies_;
  vector<value_id> copy_of_;  // the place of the contiguous copy of each value, once one is wanted
  vector<char> is_copied_;
  vector<char> is_cleared_;  // of each image, whether its border is
  value_id zeros_[element_type_count];
  lowering lowering_;  // of one node at a time
};

}  // namespace detail

/// The program of a graph whose types are inferred. A graph's error becomes the program's.
/// *Errors*: a dimension without a value; an operator that is not listed.
template <class Graph> constexpr program lower(Graph g, lower_options const& how = {}) {
  return detail::lowerer<Graph>(std::move(g), how).run();
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// A network's graph as it was built, its optimised graph, and its program, as constants. Each
/// starts from the one before: compilers limit the length of one constant evaluation.
template <auto const& Network> using built_graph = frozen_graph<Network, expected_graph<Network>>;

template <auto const& Network>
inline constexpr auto optimize_network = [] {
  constexpr bool folds = has_constant_nodes(
      thaw<built_graph<Network>,
           member_list<&graph::values, &graph::nodes, &graph::operands, &graph::functions>>());
  return optimize<folds>(thaw<built_graph<Network>>());
};
template <auto const& Network>
using optimized_graph = frozen_graph<optimize_network<Network>, built_graph<Network>>;

template <auto const& Network>
inline constexpr auto lower_network = [] { return lower(thaw<optimized_graph<Network>>()); };
template <auto const& Network>
using network_program = frozen_program<lower_network<Network>, optimized_graph<Network>>;

/// The elements of a program's weights of one type, as the kernels read them.
template <class Program, class T> struct weight_pool {
  static constexpr std::size_t size =
      static_cast<std::size_t>(Program::facts.pools[element_of<T>]) / sizeof(T);

  alignas(tensor_alignment) static constexpr frozen_vector<T, size> elements = [] {
    frozen_vector<T, size> pool;
    auto const storage = Program::template get<&program::storage>();
    auto const packings = Program::template get<&program::packings>();
    for (auto const& w : Program::template get<&program::weights>()) {
      if (w.element != element_of<T>) continue;
      copy_weight(w, packings, storage.data(),
                  pool.elements + static_cast<std::size_t>(w.offset) / sizeof(T));
    }
    return pool;
  }();
};

}  // namespace inlay::inline INLAY_VERSION

INLAY_BEGIN_TARGET

/// The code of one structure: everything but the addresses is a constant. Named by program and
/// index, so that its symbols stay short. A constant expression computes with the scalar stage.
template <class Program, std::size_t Structure, class Stage> struct step_code {
  static constexpr structure what = Program::template get<&program::structures>()[Structure];
  using operator_type = operator_of<what.op>;
  /// What makes the first input of the kernel, and how many tensors there are instead of it.
  struct readers {
    static constexpr link_chain value =
        readers_of(what, Program::template get<&program::links>().data());
  };
  static constexpr bool has_readers = what.readers.count != 0;
  static constexpr std::size_t count_read_tensors() {
    if constexpr (has_readers) return readers::value.tensors();
    else return 1;
  }
  static constexpr std::size_t read_tensors = count_read_tensors();
  static constexpr std::size_t inputs = step_inputs<operator_type>() - 1 + read_tensors;
  static constexpr std::size_t others = what.layouts.count - 1 - inputs;
  /// The element operators behind it.
  struct links {
    static constexpr span<link const> value{
        Program::template get<&program::links>().data() + what.links.first, what.links.count};
  };

  template <std::size_t I>
  static constexpr layout layout_at =
      Program::template get<&program::layouts>()[what.layouts.first + I];
  static constexpr auto kernel =
      kernel_of<operator_type>(Program::template get<&program::words>().data() + what.words.first);
  /// Of the kernel's first input.
  using element = stored_type<layout_at<has_readers ? what.layouts.count - 1 : 0>.element>;
  template <std::size_t I> static constexpr auto find_element() {
    // A tensor that is left out has no type.
    constexpr auto e = layout_at<I>.element;
    if constexpr (e == element_type::undefined) return element{};
    else return stored_type<e>{};
  }
  template <std::size_t I> using element_at = decltype(find_element<I>());
  using result = element_at<what.layouts.count - 1>;

  /// Runs the step on the tensors that `locations` names.
  template <class Memory> static constexpr void run(Memory& memory, location const* locations) {
    run(memory, locations, std::make_index_sequence<inputs + others>{});
  }

 private:
  template <class Memory, std::size_t... Input>
  static constexpr void run(Memory& memory, location const* locations,
                            std::index_sequence<Input...>) {
    auto* const output = memory.template write<result>(locations[inputs + others]);
    pack<element_at<Input> const*...> const tensors(
        memory.template read<element_at<Input>>(locations[Input])...);
    if constexpr (inlay::detail::is_elementwise<operator_type>()) {
      constexpr std::index_sequence<Input...> all;
      if (std::is_constant_evaluated()) compute_elements<scalar>(all, output, tensors);
      else compute_elements<Stage>(all, output, tensors);
    } else {
      constexpr std::make_index_sequence<inputs - read_tensors> own;
      if (std::is_constant_evaluated()) compute_on<scalar>(own, output, tensors);
      else compute_on<Stage>(own, output, tensors);
    }
  }

  /// The element operators of the step, all of them.
  struct chain {
    static constexpr link_chain value =
        chain_of(what, Program::template get<&program::words>().data() + what.words.first,
                 links::value.data(), static_cast<int>(inputs));
  };
  template <class S, class Tensors, std::size_t... Input>
  INLAY_KERNEL static constexpr void compute_elements(std::index_sequence<Input...>, result* output,
                                                      Tensors const& tensors) {
    constexpr auto const& y = layout_at<inputs + others>;
    using lane = stored_type<chain::value.widest()>;
    if (elements_of(y.extents) == 0) return;
    S s;
    auto const compute = [&](auto const&... element) INLAY_INLINE_LAMBDA {
      return static_chain<chain>::apply(s, pack{element...});
    };
    each_element<lane>(s, compute, tensor<result>{output, y.extents, y.strides},
                       tensor_at<Input>(tensors)...);
  }

  template <class S, class Tensors, std::size_t... Input>
  INLAY_KERNEL static constexpr void compute_on(std::index_sequence<Input...>, result* output,
                                                Tensors const& tensors) {
    constexpr auto const& y = layout_at<inputs + others>;
    constexpr auto tile = tile_of_step<element, S>(kernel, layout_at<0>.extents, y.extents,
                                                   what.ending == id_of<op::max_pool>);
    S s;
    tensor<result> const to{output, y.extents, y.strides};
    run_step<operator_type, element, tile>(s, kernel, with_epilogue(to, tensors),
                                           first_input(tensors),
                                           tensor_at<read_tensors + Input>(tensors)...);
  }
  template <class Tensors> INLAY_INLINE static constexpr auto first_input(Tensors const& tensors) {
    if constexpr (!has_readers) {
      return tensor_at<0>(tensors);
    } else {
      return [&]<std::size_t... Input>(std::index_sequence<Input...>) INLAY_INLINE_LAMBDA {
        return chain_reader<readers, step_code, element_at<Input>...>{layout_at<0>.extents,
                                                                      pack{get<Input>(tensors)...}};
      }(std::make_index_sequence<read_tensors>{});
    }
  }
  template <std::size_t I, class Tensors>
  INLAY_INLINE static constexpr auto tensor_at(Tensors const& tensors) {
    return tensor<element_at<I> const>{get<I>(tensors), layout_at<I>.extents, layout_at<I>.strides};
  }
  template <std::size_t I> static constexpr bool is_condition() {
    return std::is_same_v<element_at<I>, bool>;
  }
  template <std::size_t Other, class All, class Tensors>
  INLAY_INLINE static constexpr void take_other(All& all, Tensors const& tensors) {
    auto const t = tensor_at<inputs + Other>(tensors);
    if constexpr (is_condition<inputs + Other>()) all.set_condition(int{Other}, t);
    else all.others[Other] = t;
  }
  /// The output, as a kernel that takes no tape sees it too.
  template <class Tensors>
  INLAY_INLINE static constexpr auto with_epilogue(tensor<result> const& to,
                                                   Tensors const& tensors) {
    if constexpr (what.links.count == 0 && what.ending == operator_id::unlisted) {
      return to;
    } else {
      using ending = ending_of<what.ending>;
      return [&]<std::size_t... Other>(std::index_sequence<Other...>) INLAY_INLINE_LAMBDA {
        constexpr bool has_conditions = (is_condition<inputs + Other>() || ...);
        results<result, static_tape<links>, static_cast<int>(others), ending, host_memory,
                has_conditions>
            all{to};
        (take_other<Other>(all, tensors), ...);
        return all;
      }(std::make_index_sequence<others>{});
    }
  }
};

/// What a running program reads and writes: the arena, and what the caller gave, in the order of
/// the inputs and outputs.
template <class Program, class Arena> struct program_memory {
  Arena& arena;
  input_pointer const* inputs;
  output_pointer const* outputs;

  template <class T> INLAY_INLINE constexpr T const* read(location const& l) {
    switch (l.where) {
      case place::weights: return weight_pool<Program, T>::elements.data() + elements_before<T>(l);
      case place::input: return inputs[l.port].template as<T const>() + elements_before<T>(l);
      default: return write<T>(l);
    }
  }
  template <class T> INLAY_INLINE constexpr T* write(location const& l) {
    switch (l.where) {
      case place::arena: return arena.template at<T>(l.offset);
      case place::output: return outputs[l.port].template as<T>() + elements_before<T>(l);
      default: return nullptr;
    }
  }

 private:
  template <class T> static constexpr std::size_t elements_before(location const& l) {
    return static_cast<std::size_t>(l.offset) / sizeof(T);
  }
};

/// Where each step finds its code and its tensors, apart from the rest of the program: a compiler
/// reads an element of a small array quickly.
template <class Program> struct step_table {
  static constexpr std::size_t size = Program::template get<&program::steps>().size();
  struct entry {
    std::uint32_t structure;
    std::uint32_t first_location;
  };
  static constexpr frozen_vector<entry, size> entries = [] {
    frozen_vector<entry, size> table;
    auto* to = table.elements;
    for (auto const& s : Program::template get<&program::steps>()) {
      *to++ = {s.structure, s.locations.first};
    }
    return table;
  }();
  static constexpr auto locations = [] {
    constexpr auto from = Program::template get<&program::locations>();
    frozen_vector<location, from.size()> table;
    for (std::size_t i = 0; i < from.size(); ++i) table.elements[i] = from[i];
    return table;
  }();
};

/// Runs all steps of a program, in straight code.
template <class Program, class Memory, class Stage> class static_executor {
  using table = step_table<Program>;
  static constexpr std::size_t chunk = 64;

 public:
  static constexpr void run(Memory& memory) {
    run_chunks(memory, std::make_index_sequence<(table::size + chunk - 1) / chunk>{});
  }

 private:
  // In chunks: a compiler's time grows faster than the length of a function.
  template <std::size_t... Chunk>
  static constexpr void run_chunks(Memory& memory, std::index_sequence<Chunk...>) {
    (run_chunk<Chunk * chunk>(
         memory, std::make_index_sequence<(
                     table::size - Chunk * chunk < chunk ? table::size - Chunk * chunk : chunk)>{}),
     ...);
  }
  template <std::size_t First, std::size_t... Step>
  static constexpr void run_chunk(Memory& memory, std::index_sequence<Step...>) {
    (step_code<Program, table::entries.elements[First + Step].structure, Stage>::run(
         memory, table::locations.elements + table::entries.elements[First + Step].first_location),
     ...);
  }
};

INLAY_END_TARGET

// Errors of a model as errors of the compiler.

namespace inlay::inline INLAY_VERSION {

/// A piece of a sentence, as a template argument. Every character is set one by one: Clang prints
/// an array whose last zero is implied as a list of numbers.
template <std::size_t Size> struct text {
  char characters[Size]{};
  constexpr explicit text(string_view piece) {
    for (std::size_t i = 0; i + 1 < Size; ++i) characters[i] = piece[i];
    characters[Size - 1] = '\0';
  }
};

/// Left undefined: the arguments are the message. They are what a compiler prints when it is asked
/// for the size.
template <rule Rule, text... Sentence> struct model_error;

namespace detail {

struct sentence_piece {
  std::size_t first;
  std::size_t size;
};

/// Clang cuts a text argument near 38 characters, so a sentence is split at spaces into pieces
/// shorter than that.
inline constexpr std::size_t longest_piece = 35;

/// Piece `index` of a sentence; empty behind the last.
constexpr sentence_piece piece_of(string_view s, std::size_t index) {
  std::size_t at = 0;
  for (std::size_t i = 0;; ++i) {
    auto const rest = s.size() - at;
    auto size = rest;
    if (rest > longest_piece) {
      size = longest_piece;
      while (size > 0 && s[at + size] != ' ') --size;
      if (size == 0) size = longest_piece;
    }
    if (i == index) return {at, size};
    at += size;
    if (at < s.size() && s[at] == ' ') ++at;
  }
}

constexpr std::size_t count_pieces(string_view s) {
  std::size_t count = 0;
  while (piece_of(s, count).size != 0) ++count;
  return count;
}

template <error const& Error, std::size_t Index> constexpr auto text_of() {
  constexpr auto piece = piece_of(Error.text.view(), Index);
  return text<piece.size + 1>(Error.text.view().substr(piece.first, piece.size));
}

template <class ModelError> constexpr bool report() { return sizeof(ModelError) != 0; }

template <error const& Error, std::size_t... Index>
constexpr bool report(std::index_sequence<Index...>) {
  return report<model_error<Error.broken, text_of<Error, Index>()...>>();
}

}  // namespace detail

/// Stops the compilation where `Error` is one, with a message that is its sentence; else true.
template <error const& Error> constexpr bool check() {
  if constexpr (Error) {
    return detail::report<Error>(
        std::make_index_sequence<detail::count_pieces(Error.text.view())>{});
  } else {
    return true;
  }
}

}  // namespace inlay::inline INLAY_VERSION

INLAY_BEGIN_TARGET

namespace static_model {

template <class T, std::size_t N> struct output_array {
  alignas(tensor_alignment) T elements[N == 0 ? 1 : N]{};
};

/// The view of a tensor whose type is a constant; a scalar's is that of one element.
template <class Program, auto Ports, std::size_t I> struct port_view {
  static constexpr port what = Program::template get<Ports>()[I];
  static constexpr std::int64_t size = elements_of(what.type.shape);
  using element = stored_type<what.type.element>;

  template <std::size_t... Axis>
  static view<element const, what.type.shape.extents[Axis]...> make(std::index_sequence<Axis...>);
  static view<element const, 1> make(std::index_sequence<>);
  using type = decltype(make(std::make_index_sequence<what.type.shape.rank>{}));
};

/// Appends the elements of an array of arrays.
template <class T, class A> constexpr void append_elements(vector<T>& to, A const& array) {
  for (auto const& part : array) {
    if constexpr (std::is_array_v<std::remove_cvref_t<decltype(part)>>) append_elements(to, part);
    else to.push_back(part);
  }
}

/// A copy of the elements of an array of arrays; of another argument, nothing.
template <class T, class A> constexpr vector<T> flatten(A const& argument) {
  vector<T> elements;
  if constexpr (std::rank_v<A> > 1) append_elements(elements, argument);
  return elements;
}

/// How many elements an argument has by its type: arrays, std::array, std::span of fixed size; -1
/// where the type does not say.
template <class A> constexpr std::int64_t count_of_argument() {
  using array = std::remove_cvref_t<A>;
  if constexpr (std::is_array_v<array>)
    return static_cast<std::int64_t>(inlay::detail::flatten_array<array>::count);
  else if constexpr (requires(array a) { array::extent, a.size_bytes(); })
    return static_cast<std::int64_t>(array::extent);
  else if constexpr (requires { std::tuple_size<array>::value; })
    return static_cast<std::int64_t>(std::tuple_size_v<array>);
  else return -1;
}

/// The first element of an argument.
template <class T, class A> constexpr T const* first_of(A const& argument) {
  if constexpr (std::is_array_v<A>) {
    if constexpr (std::is_array_v<std::remove_extent_t<A>>) return first_of<T>(argument[0]);
    else return static_cast<T const*>(argument);
  } else {
    return static_cast<T const*>(argument.data());
  }
}

}  // namespace static_model

/// A network as code. `Network()` builds its graph and is a constant with static storage:
///
///     inline constexpr auto net = inlay::onnx(lenet_onnx, {{"batch", 1}});
///     inlay::model<net> model;
///     inlay::model<net>::context context;
///     auto const y = model(context, image);
///
/// The model itself is empty: its weights are constants of the program. It uses no heap, no
/// exceptions and no run-time type information, and it runs in constant expressions, with the same
/// bits.
/// `Stage` is what a running program computes with: `inlay::model<net, inlay::highway>`, after
/// inlay/stage/highway.hpp, with the machine's vectors.
/// *Errors*: a network that is wrong does not compile; the message is a sentence that names the
/// layer.
template <auto const& Network, class Stage = scalar> class model {
  template <auto const&, class> friend class weighted_model;
  using code = network_program<Network>;
  static constexpr error failure = code::facts.failure;
  static_assert(check<failure>());

  static constexpr std::size_t input_count = code::template get<&program::inputs>().size();
  static constexpr std::size_t output_count = code::template get<&program::outputs>().size();
  template <std::size_t I> using input_port = static_model::port_view<code, &program::inputs, I>;
  template <std::size_t I> using output_port = static_model::port_view<code, &program::outputs, I>;

  template <std::size_t... I>
  static auto make_outputs(std::index_sequence<I...>)
      -> pack<static_model::output_array<typename output_port<I>::element,
                                         static_cast<std::size_t>(output_port<I>::size)>...>;
  using output_arrays = decltype(make_outputs(std::make_index_sequence<output_count>{}));

 public:
  /// Bytes that the tensors between the layers need.
  static constexpr std::size_t arena_bytes = static_cast<std::size_t>(code::facts.arena_bytes);
  /// Bytes of the weights that the program holds.
  static constexpr std::size_t weight_bytes = [] {
    std::int64_t sum = 0;
    for (auto const bytes : code::facts.pools.bytes) sum += bytes;
    return static_cast<std::size_t>(sum);
  }();
  /// Multiply-adds of one run.
  static constexpr std::int64_t macs = code::facts.multiply_adds;
  /// Kernels of one run.
  static constexpr std::size_t steps = code::template get<&program::steps>().size();

  /// The view that input `I` is, and the one that output `I` is.
  template <std::size_t I> using input = typename input_port<I>::type;
  template <std::size_t I> using output = typename output_port<I>::type;

  /// The memory of one run at a time: the arena and the outputs. Contexts are independent: one a
  /// thread.
  class context {
   public:
    // The arena stays uninitialised; every tensor in it is written before it is read.
    constexpr context() {}  // NOLINT(modernize-use-equals-default)

   private:
    friend model;
    alignas(tensor_alignment) std::byte arena_[arena_bytes == 0 ? 1 : arena_bytes];
    output_arrays outputs_;
  };

  /// Runs the network. An argument an input, each with the input's element type and number of
  /// elements: an array, a std::array, a std::span of fixed size, or a view of the input's shape;
  /// row-major. Returns a view of the output in the context, valid until the next run; a pack of
  /// views where there are several.
  template <class... Input> constexpr auto operator()(context& c, Input const&... inputs) const {
    static_assert(sizeof...(Input) == input_count, "one argument for each input of the network");
    return run(c, nullptr, std::index_sequence_for<Input...>{}, inputs...);
  }

  /// The same for views whose shape is only known when the program runs.
  /// *Errors*: a view that does not have the shape of its input, or has gaps.
  template <class... T>
    requires(sizeof...(T) == input_count)
  constexpr auto try_run(context& c, view<T>... inputs) const {
    return try_run(c, std::index_sequence_for<T...>{}, inputs...);
  }

 private:
  /// Where all inputs are: those of the caller, then what `others` has of them.
  class input_pointers {
   public:
    template <class... T>
    constexpr explicit input_pointers(input_pointer const* others, T const*... inputs)
        : pointers_{inputs...} {
      for (auto i = sizeof...(T); i < input_count; ++i) pointers_[i] = others[i - sizeof...(T)];
    }
    constexpr input_pointer const* data() const { return pointers_; }

   private:
    input_pointer pointers_[input_count == 0 ? 1 : input_count];
  };

  template <std::size_t... I, class... Input>
  INLAY_INLINE static constexpr auto run(context& c, input_pointer const* others,
                                         std::index_sequence<I...>, Input const&... inputs) {
    // In a constant expression no pointer leads from one row of an array to the next.
    if constexpr (((std::rank_v<Input> > 1) || ...)) {
      if (std::is_constant_evaluated()) {
        pack<vector<typename input_port<I>::element>...> const copies{
            static_model::flatten<typename input_port<I>::element>(inputs)...};
        return run_pointers(
            c, input_pointers(others, std::rank_v<Input> > 1 ? inlay::get<I>(copies).data()
                                                             : pointer_to<I>(inputs)...));
      }
    }
    return run_pointers(c, input_pointers(others, pointer_to<I>(inputs)...));
  }

  static constexpr auto run_pointers(context& c, input_pointers const& pointers) {
    constexpr std::make_index_sequence<output_count> outputs;
    if (std::is_constant_evaluated()) {
      typed_arena<stored_types> arena(code::facts.arena_bytes);
      execute(arena, pointers, c.outputs_, outputs);
    } else {
      byte_arena arena{c.arena_};
      execute(arena, pointers, c.outputs_, outputs);
    }
    return outputs_of(c, outputs);
  }

  template <class Arena, std::size_t... I>
  static constexpr void execute(Arena& arena, input_pointers const& inputs, output_arrays& outputs,
                                std::index_sequence<I...>) {
    output_pointer const pointers[output_count == 0 ? 1 : output_count]{
        inlay::get<I>(outputs).elements...};
    program_memory<code, Arena> memory{arena, inputs.data(), pointers};
    static_executor<code, program_memory<code, Arena>, Stage>::run(memory);
  }

  template <std::size_t... I>
  static constexpr auto outputs_of(context& c, std::index_sequence<I...>) {
    if constexpr (sizeof...(I) == 1) return (output<I>(inlay::get<I>(c.outputs_).elements), ...);
    else return pack{output<I>(inlay::get<I>(c.outputs_).elements)...};
  }

  template <std::size_t I, class A> static constexpr auto pointer_to(A const& argument) {
    using element = typename input_port<I>::element;
    if constexpr (requires { input<I>(argument); } && !std::is_array_v<A>) {
      return static_cast<element const*>(argument.data());
    } else {
      static_assert(static_model::count_of_argument<A>() == input_port<I>::size,
                    "an argument needs as many elements as the input of the network");
      return static_model::first_of<element>(argument);
    }
  }

  template <std::size_t... I, class... T>
  static constexpr auto try_run(context& c, std::index_sequence<I...>, view<T>... inputs) {
    input_pointers const pointers(nullptr, inputs.data()...);
    using views = decltype(run_pointers(c, pointers));
    error wrong;
    (check_view<I>(inputs, wrong), ...);
    if (wrong) return result<views>(wrong);
    return result<views>(run_pointers(c, pointers));
  }
  template <std::size_t I, class T>
  static constexpr void check_view(view<T> const& x, error& wrong) {
    static_assert(std::is_same_v<std::remove_const_t<T>, typename input_port<I>::element>,
                  "a view needs the element type of the input of the network");
    auto const& expected = input_port<I>::what;
    if (wrong || (x.shape() == expected.type.shape && x.is_contiguous())) return;
    wrong = make_error(rule::the_input_must_have_the_shape_of_the_model, "input '", expected.name,
                       "' has shape ", x.shape(), x.is_contiguous() ? "" : " with gaps",
                       ", the network takes ", expected.type.shape);
  }
};

INLAY_END_TARGET

// The ONNX frontend: the bytes of a file become a graph, in the compiler and at run time.

// ModelProto: the whole of a file.

// FunctionProto: an operator that the file itself defines.

// AttributeProto: a named argument of a node.

// What the readers of one file share. They are templates over it, as passes are over the graph: who
// includes them pays for what a file makes use of.

// What a file says of its parts that no pass needs, on the way to the graph's annotations.

// The wire format of protocol buffers, read field by field without copying.

namespace inlay::inline INLAY_VERSION::onnx_format {

inline constexpr int max_depth = 64;
inline constexpr std::uint64_t max_field_number = 536'870'911;

/// A file, and the first thing that is wrong with it.
struct source {
  string_view file;
  error* failure;

  constexpr std::int64_t offset_of(char const* byte) const { return byte - file.data(); }

  template <class... Part>
  constexpr void fail(std::int64_t offset, rule broken, Part... part) const {
    if (*failure) return;
    *failure = make_error(broken, part...);
    failure->offset = offset;
  }
};

/// The fields of one message, one after the other:
///
///     message m(from, bytes, "a tensor");
///     while (m.next()) if (m.number() == 8) name = m.bytes();
///
/// After an error, `next` is false, here and in every other message, and values are zero or empty.
/// *Source*: protobuf.dev/programming-guides/encoding.
class message {
 public:
  constexpr message(source const& from, string_view bytes, char const* name, int depth = 1)
      : from_(from),
        at_(bytes.data()),
        end_(bytes.data() + bytes.size()),
        start_(at_),
        name_(name),
        depth_(depth) {
    if (depth > max_depth) {
      from_.fail(offset(), rule::messages_must_nest_at_most_64_deep, name_, " at byte ", offset(),
                 " stands inside ", max_depth, " others; no more are supported");
    }
  }
  /// The message that the current field of `parent` holds.
  constexpr message(message const& parent, char const* name)
      : message(parent.from_, parent.bytes(), name, parent.depth_ + 1) {}

  /// Moves to the next field; false at the end. A constant expression pays for each statement:
  /// these are few.
  constexpr bool next() {
    if (at_ == end_) return false;
    start_ = at_;
    auto const key = varint();
    number_ = key >> 3;
    wire_ = static_cast<int>(key & 7);
    if (number_ - 1 >= max_field_number || (wire_ > 2 && wire_ != 5)) return reject();
    payload_ = wire_ == 5 ? 4 : wire_ == 1 ? 8 : varint();
    if (wire_ != 0) {
      if (payload_ > static_cast<std::uint64_t>(end_ - at_)) return overrun();
      at_ += payload_;
    }
    return !*from_.failure;
  }

  constexpr std::uint64_t number() const { return number_; }
  constexpr source const& from() const { return from_; }
  /// How many messages there are, this one and those around it.
  constexpr int depth() const { return depth_; }
  /// Where in the file the field begins.
  constexpr std::int64_t offset() const { return from_.offset_of(start_); }

  constexpr std::int64_t integer() const {
    return static_cast<std::int64_t>(wire_ == 0 ? payload_ : wrong_wire(0));
  }
  constexpr float real() const {
    return wire_ == 5 ? read_little_endian<float>(run(), 0) : static_cast<float>(wrong_wire(5));
  }
  constexpr string_view bytes() const {
    return wire_ == 2 ? run() : string_view(end_, wrong_wire(2));
  }
  /// The bytes of a repeated field of fixed numbers of `size` bytes: one number, or a packed run.
  constexpr string_view fixed(std::size_t size) const {
    auto const single = size == 4 ? 5 : 1;
    if (wire_ != 2) return wire_ == single ? run() : string_view(end_, wrong_wire(single));
    if (payload_ % size == 0) return run();
    from_.fail(offset(), rule::the_file_must_not_be_truncated, "field ", number_, " of ", name_,
               " at byte ", offset(), " has ", payload_, " bytes, no multiple of ", size);
    return string_view(end_, std::size_t{0});
  }
  /// Calls `put` with the integers of a repeated field: one number, or a packed run.
  template <class Put> constexpr void each_integer(Put&& put) const {
    if (wire_ != 2) {
      auto const single = integer();
      if (!*from_.failure) put(single);
      return;
    }
    message packed(from_, run(), name_, depth_);
    while (packed.at_ != packed.end_) {
      packed.start_ = packed.at_;
      auto const number = packed.varint();
      if (*from_.failure) return;
      put(static_cast<std::int64_t>(number));
    }
  }

  /// The bytes of the fields that come next; before the first `next`, the whole message.
  constexpr string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

  /// An error of the current field.
  template <class... Part> constexpr void fail(rule broken, Part... part) const {
    from_.fail(offset(), broken, part...);
  }

 private:
  constexpr string_view run() const { return {at_ - payload_, static_cast<std::size_t>(payload_)}; }

  constexpr std::uint64_t varint() {
    return at_ != end_ && static_cast<unsigned char>(*at_) < 0x80
               ? static_cast<unsigned char>(*at_++)
               : long_varint();
  }

  constexpr std::uint64_t long_varint() {
    std::uint64_t number = 0;
    for (int shift = 0; at_ != end_; shift += 7) {
      auto const byte = static_cast<unsigned char>(*at_++);
      if (shift == 63 && byte > 1) {
        from_.fail(offset(), rule::a_number_must_fit_in_64_bits, "a number of ", name_, " at byte ",
                   offset(), " does not fit in 64 bits");
        break;
      }
      number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return number;
    }
    sentence within;
    cut_off(within << ", within a number of " << name_);
    return 0;
  }

  // What follows reports an error; the results are for the callers to return.

  constexpr bool reject() {
    if (wire_ > 2 && wire_ != 5) {
      from_.fail(offset(), rule::a_field_must_have_the_wire_type_of_the_format, "field ", number_,
                 " of ", name_, " at byte ", offset(), " has wire type ", wire_,
                 ", which ONNX does not use");
    }
    from_.fail(offset(), rule::a_field_must_have_a_number_of_the_format, "a field of ", name_,
               " at byte ", offset(), " has number ", number_, "; 1 to ", max_field_number,
               " are possible");
    return false;
  }

  constexpr std::size_t wrong_wire(int wanted) const {
    from_.fail(offset(), rule::a_field_must_have_the_wire_type_of_the_format, "field ", number_,
               " of ", name_, " at byte ", offset(), " has wire type ", wire_, ", not ", wanted);
    return 0;
  }

  constexpr bool overrun() {
    auto const left = end_ - at_;
    sentence size;
    size << ": field " << number_ << " of " << name_ << " has " << payload_ << " bytes, ";
    cut_off(size << left << (left == 1 ? " is left" : " are left"));
    return false;
  }

  /// The field passes the end of its message, which may be that of the file.
  constexpr void cut_off(sentence const& how) const {
    bool const of_file = end_ == from_.file.data() + from_.file.size();
    auto const where = of_file ? from_.offset_of(end_) : offset();
    from_.fail(where, rule::the_file_must_not_be_truncated,
               of_file ? "the file is cut off" : "a field is cut off", " at byte ", where, how);
  }

  source from_;
  char const* at_;
  char const* end_;
  char const* start_;
  char const* name_;
  int depth_;
  int wire_ = 0;
  std::uint64_t number_ = 0;
  std::uint64_t payload_ =
      0;  // the number of wire type 0; of the others, the size of the bytes before `at_`
};

}  // namespace inlay::inline INLAY_VERSION::onnx_format

namespace inlay::inline INLAY_VERSION::onnx_format {

/// What stands in the key of an annotation before the file's own words.
enum class note_prefix : std::uint8_t {
  none,
  metadata,
  quantization,
  doc_string,
  denotation,
  dimension_denotation,
  input
};
/// Indexed by note_prefix.
inline constexpr string_view note_prefixes[] = {
    "",      "metadata:", "quantization:", "doc_string:", "denotation:", "dimension_denotation:",
    "input:"};

/// An annotation whose key is a prefix, `metadata:` for one, then numbers, if there are any, and a
/// text of the file, with colons between them. While a body is read, its nodes and the body itself
/// are noted as `node` and `graph`, counted in the body.
struct note {
  annotated what = annotated::model;
  note_prefix prefix = note_prefix::none;
  std::int8_t second = -1;  // number, if any
  std::uint32_t index = 0;
  string_view key;
  string_view text;
  std::int32_t first = -1;  // number, if any

  constexpr bool has_numbers() const { return first >= 0; }
};

/// The name that this library writes as a file's producer; it is not kept.
inline constexpr string_view own_producer = "inlay";

/// A StringStringEntryProto.
struct text_entry {
  string_view key;
  string_view text;
};
constexpr text_entry read_text_entry(message m) {
  text_entry e;
  while (m.next()) {
    if (m.number() == 1) e.key = m.bytes();
    if (m.number() == 2) e.text = m.bytes();
  }
  return e;
}

class notes {
  // Before its use: Clang instantiates no template of a class that it has not parsed yet.

  /// Visits all notes, ordered by `what` and `index`, those of one thing as they came.
  template <class Visit> constexpr void each_in_order(graph const& g, Visit&& visit) const {
    constexpr auto kinds = detail::annotated_kinds;
    detail::annotated_counts const counts(g);
    std::size_t first[kinds + 1]{};
    for (std::size_t k = 0; k < kinds; ++k) first[k + 1] = first[k] + counts.of[k];
    constexpr std::uint32_t none = 0xffff'ffff;
    vector<std::uint32_t> heads(first[kinds], none);
    vector<std::uint32_t> next(notes_.size(), none);
    for (auto i = static_cast<std::uint32_t>(notes_.size()); i-- > 0;) {
      auto& head = heads[first[static_cast<std::size_t>(notes_[i].what)] + notes_[i].index];
      next[i] = head;
      head = i;
    }
    for (auto i : heads) {
      for (; i != none; i = next[i]) visit(notes_[i]);
    }
  }

 public:
  static constexpr std::size_t most = std::size_t{1} << 20;

  constexpr std::size_t size() const { return notes_.size(); }

  constexpr void add(annotated what, std::size_t index, note_prefix prefix, string_view key,
                     string_view text, std::int64_t first = -1, std::int64_t second = -1) {
    if (notes_.size() == most) {
      are_too_many_ = true;
      return;
    }
    notes_.push_back({what, prefix, static_cast<std::int8_t>(second),
                      static_cast<std::uint32_t>(index), key, text,
                      static_cast<std::int32_t>(first)});
  }
  /// An entry of `metadata_props`, which the current field of `m` holds.
  constexpr void add_metadata(message const& m, annotated what, std::size_t index) {
    auto const e = read_text_entry({m, "an entry of metadata"});
    add(what, index, note_prefix::metadata, e.key, e.text);
  }

  /// The last notes that have two numbers and no key yet get this one: what is said of the types of
  /// an attribute may come before its name.
  constexpr void set_open_keys(string_view key) {
    for (auto i = notes_.size(); i-- > 0;) {
      auto& n = notes_[i];
      if (n.second < 0 || !n.key.empty()) break;
      n.key = key;
    }
  }

  constexpr void truncate(std::size_t size) { notes_.truncate(size); }

  constexpr void set_model_version(std::int64_t version) { model_version_ = version; }

  /// The notes from `first` on that were taken of a body as if it were the graph belong to that
  /// body, or to the function (`what` and `index`) whose body it is.
  constexpr void end_body(std::size_t first, body const& b, annotated what, std::size_t index) {
    for (auto i = first; i < notes_.size(); ++i) {
      auto& n = notes_[i];
      if (n.what == annotated::graph) {
        n.what = what;
        n.index = static_cast<std::uint32_t>(index);
      } else if (n.what == annotated::node) {
        n.what = annotated::body_node;
        n.index += b.nodes.first;
      }
    }
  }

  /// Becomes the graph's annotations, sorted by what they say something of. Of what is said twice
  /// of a value, in two places of the file, the first counts.
  constexpr void finish(graph& g) const {
    if (notes_.empty() && model_version_ == 0) return;
    if (are_too_many_) {
      g.fail(make_error(rule::a_graph_must_have_at_most_1048576_parts,
                        "the file has more than 1048576 documentations and other remarks"));
      return;
    }
    sentence version;
    version << model_version_;
    std::size_t size = version.view().size();
    for (auto const& n : notes_) {
      if (n.prefix == note_prefix::none) continue;
      size += prefix_of(n).size() + n.key.size();
      if (n.has_numbers()) size += size_of_numbers;
    }
    g.names = shared_text(size);
    auto* at = g.names.data();
    char const* const first = at;
    auto const keep = [&](string_view text) {
      for (auto const c : text) *at++ = c;
    };
    if (model_version_ != 0) {
      keep(version.view());
      g.annotations.push_back(
          {annotated::model, 0, "model_version", string_view(first, version.view().size())});
    }
    g.annotations.reserve(g.annotations.size() + notes_.size());
    index_table values;
    each_in_order(g, [&](note const& n) {
      auto key = n.key;
      auto* const from = at;
      if (n.prefix != note_prefix::none) {
        keep(prefix_of(n));
        if (n.has_numbers()) keep(numbers_of(n).view());
        keep(n.key);
        key = string_view(from, static_cast<std::size_t>(at - from));
      }
      if (n.what == annotated::value && !is_new(g, n.index, key, values)) {
        at = from;
        return;
      }
      g.annotations.push_back({n.what, n.index, key, n.text});
    });
  }

 private:
  static constexpr std::size_t size_of_numbers = 10 + 1 + 3 + 1;

  static constexpr string_view prefix_of(note const& n) {
    return note_prefixes[static_cast<std::size_t>(n.prefix)];
  }
  static constexpr sentence numbers_of(note const& n) {
    sentence numbers;
    numbers << n.first;
    if (n.second >= 0) numbers << ":" << int{n.second};
    if (!n.key.empty()) numbers << ":";
    return numbers;
  }

  constexpr bool is_new(graph const& g, std::uint32_t id, string_view key,
                        index_table& values) const {
    auto const hash = hash_word(hash_text(key), id);
    auto const is_same = [&](std::uint32_t i) {
      auto const& a = g.annotations[i];
      return a.index == id && a.key == key;
    };
    if (values.find(hash, is_same) != index_table::absent) return false;
    values.insert(hash, static_cast<std::uint32_t>(g.annotations.size()));
    return true;
  }

  vector<note> notes_;
  bool are_too_many_ = false;
  std::int64_t model_version_ = 0;
};

}  // namespace inlay::inline INLAY_VERSION::onnx_format

namespace inlay::inline INLAY_VERSION::onnx_format {

/// The graphs of a file have at most so many nodes, initializers, inputs, outputs and other parts
/// together: an empty node takes two bytes of the file and a hundred of memory.
inline constexpr std::size_t max_parts = std::size_t{1} << 20;

/// Of what has no name, an attribute's tensor, graph or type or an output that nothing reads, a
/// graph has at most so many: each takes two bytes of the file and more than a hundred of memory.
inline constexpr std::size_t max_nameless = std::size_t{1} << 18;

/// A graph that an attribute holds. It is read when all other parts of its node are, so that the
/// operands and attributes of each node stand together.
struct late_graph {
  std::uint32_t attribute = 0;  // in `graph::attributes`
  string_view bytes;
  int depth = 0;
};

/// The inputs of the graph so far that are constants.
struct default_inputs {
  std::size_t count = 0;
  std::size_t first_place = 0;  // among all inputs
  std::size_t first_note = 0;
  value_id last = 0;
  bool is_usual = true;  // they stand in the order of the constants, and say nothing more
};

template <class Builder> struct reading {
  Builder& b;
  onnx_format::notes notes{};
  std::size_t parts = 0;     // of all graphs so far
  std::size_t nameless = 0;  // tensors so far
  onnx_format::default_inputs defaults{};
  vector<string_view> outputs{};  // of the nodes that are being read
  vector<late_graph> late{};      // of the nodes that are being read
};

/// Takes note of a tensor without a name: an error where there are too many.
constexpr void count_nameless(auto& r) {
  if (++r.nameless <= max_nameless) return;
  r.b.unfinished().fail(make_error(rule::a_graph_must_have_at_most_262144_nameless_parts,
                                   "the graph has more than 262144 tensors without a name"));
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format

// SparseTensorProto: the elements of a tensor that are not zero, and where they are.

// TensorProto: what the message says of a tensor, and the tensor as a constant of the graph.

// StringStringEntryProto: what a TensorProto says of the file that its elements stand in.

namespace inlay::inline INLAY_VERSION::onnx_format {

/// A decimal number that is not negative; -2 where the text is none, or none of 63 bits.
constexpr std::int64_t read_decimal(string_view text) {
  std::int64_t number = text.empty() ? -2 : 0;
  for (auto const digit : text) {
    if (digit < '0' || digit > '9' || !checked_multiply(number, 10, number) ||
        !checked_add(number, digit - '0', number)) {
      return -2;
    }
  }
  return number;
}

/// Reads one entry. As in ONNX's own reader, the last one of a key counts, and keys that the format
/// does not know mean nothing.   *Source*: docs/ExternalData.md of ONNX.
constexpr void read_external_entry(message m, external_data& e) {
  string_view key;
  string_view text;
  while (m.next()) {
    if (m.number() == 1) key = m.bytes();
    if (m.number() == 2) text = m.bytes();
  }
  if (key == "location") e.location = text;
  if (key == "offset") e.offset = read_decimal(text);
  if (key == "length") e.length = read_decimal(text);
  if (key == "checksum") e.checksum = text;
}

/// What is wrong with the place of a tensor's elements.
constexpr error check(string_view tensor_name, external_data const& e) {
  if (e.location.empty()) {
    return make_error(rule::external_data_must_have_a_location, "tensor '", tensor_name,
                      "': its elements stand in another file, which it does not name");
  }
  if (e.offset >= 0 && e.length >= -1) return {};
  return make_error(rule::external_data_must_have_decimal_numbers, "tensor '", tensor_name,
                    "': the ", e.offset < 0 ? "offset" : "length", " of its elements in the file '",
                    e.location, "' is no decimal number below 2^63");
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format

// The elements of a TensorProto: a view of the file where they stand together, decoded otherwise.

namespace inlay::inline INLAY_VERSION::onnx_format {

/// The element type that has this number in ONNX; `undefined` where none has.
constexpr element_type element_of_number(std::int64_t number) {
  return number < 0 || number >= element_type_count ? element_type::undefined
                                                    : static_cast<element_type>(number);
}

/// In which field of a TensorProto the elements are.
class tensor_elements {
 public:
  /// Takes note of the current field of `m` if it is one that holds elements.
  constexpr void scan(message& m) {
    auto const field = m.number();
    if (field < float_data || field > uint64_data || field == name) return;
    is_mixed_ = is_mixed_ || (field_ != 0 && field_ != field);
    bool const is_first = field_ == 0;
    field_ = field;
    if (field == raw_data) run_ = m.bytes();
    if (field == float_data) run_ = m.fixed(4);
    if (field == double_data) run_ = m.fixed(8);
    is_one_run_ = field == raw_data || (is_first && (field == float_data || field == double_data));
  }

  /// What is wrong with elements of this type being there.
  constexpr error check(string_view tensor_name, element_type e) const {
    auto constexpr broken = rule::a_tensor_must_hold_its_elements_in_the_field_of_its_type;
    if (is_mixed_) {
      return make_error(broken, "tensor '", tensor_name, "' has elements in two fields");
    }
    bool const fits =
        field_ == raw_data ? e != element_type::string : field_ == 0 || entry_size(e) != 0;
    if (!fits) {
      return make_error(broken, "tensor '", tensor_name, "': elements of type ", e,
                        " cannot stand in field ", field_);
    }
    return {};
  }

  /// The elements of `m`, which `check` found right; those that need decoding are appended to the
  /// graph's storage.
  constexpr constant read(message m, string_view tensor_name, element_type e, graph& g) const {
    constant c;
    if (is_one_run_) {
      c.bytes = run_;
      return c;
    }
    if (e == element_type::string) {
      c.texts.first = static_cast<std::uint32_t>(g.texts.size());
      while (m.next()) {
        if (m.number() == string_data) g.texts.push_back(m.bytes());
      }
      c.texts.count = static_cast<std::uint32_t>(g.texts.size()) - c.texts.first;
      return c;
    }
    c.stored_at = g.storage.size();
    auto const size = entry_size(e);
    auto const bits = 8 * static_cast<int>(size);
    while (m.next()) {
      if (m.number() != field_) continue;
      if (field_ == float_data || field_ == double_data) {
        auto const run = m.fixed(size);
        g.storage.append(run.data(), run.size());
        continue;
      }
      m.each_integer([&](std::int64_t entry) {
        // Negative numbers may stand in either form: -1 or 255 for an int8.
        if (bits < 64 && (entry < -(std::int64_t{1} << (bits - 1)) || entry >> bits > 0)) {
          g.fail(make_error(rule::an_element_must_fit_its_type, "tensor '", tensor_name,
                            "': the element ", entry, " does not fit its type, ", e));
        }
        for (int i = 0; i < bits; i += 8) g.storage.push_back(static_cast<char>(entry >> i));
      });
    }
    if (bits_of(e) == 6) pack_sixes(g.storage, c.stored_at);
    c.stored_size = g.storage.size() - c.stored_at;
    return c;
  }

 private:
  static constexpr std::uint64_t float_data = 4, int32_data = 5, string_data = 6, int64_data = 7,
                                 name = 8, raw_data = 9, double_data = 10, uint64_data = 11;

  /// The bytes of one entry of the field, in memory; 0 where it cannot hold the type.
  constexpr std::size_t entry_size(element_type e) const {
    using enum element_type;
    switch (field_) {
      case float_data: return e == float32 || e == complex64 ? 4 : 0;
      case double_data: return e == float64 || e == complex128 ? 8 : 0;
      case int64_data: return e == int64 ? 8 : 0;
      case uint64_data: return e == uint64 ? 8 : e == uint32 ? 4 : 0;
      case string_data: return e == string ? 1 : 0;
      case int32_data: break;
      default: return 0;
    }
    if (e == int32) return 4;
    if (e == int16 || e == uint16 || e == float16 || e == bfloat16) return 2;
    // Of the 4- and 2-bit types, an entry is one byte with several elements.
    auto const bits = bits_of(e);
    return bits == 8 || bits == 6 || bits == 4 || bits == 2 ? 1 : 0;
  }

  /// The 6-bit types stand one an entry, and without gaps in `raw_data`, the lowest bits first.
  static constexpr void pack_sixes(vector<char>& bytes, std::size_t first) {
    unsigned rest = 0;
    int bits = 0;
    auto to = first;
    for (auto i = first; i < bytes.size(); ++i) {
      rest |= (static_cast<unsigned char>(bytes[i]) & 63u) << bits;
      bits += 6;
      for (; bits >= 8; bits -= 8, rest >>= 8) bytes[to++] = static_cast<char>(rest);
    }
    if (bits > 0) bytes[to++] = static_cast<char>(rest);
    bytes.truncate(to);
  }

  std::uint64_t field_ = 0;
  bool is_mixed_ = false;
  bool is_one_run_ = false;  // which `run_` is
  string_view run_;
};

}  // namespace inlay::inline INLAY_VERSION::onnx_format

namespace inlay::inline INLAY_VERSION::onnx_format {

/// A TensorProto as it stands in the file, not yet checked.
struct tensor {
  string_view name;
  std::int64_t data_type = 0;
  shape extents;
  std::int64_t rank = 0;  // as the file has it; `extents` has the first 8
  bool is_segment = false;
  bool is_external = false;
  external_data external;
  string_view documentation;
  bool has_metadata = false;
  tensor_elements elements;
};

constexpr tensor read_tensor(message m) {
  tensor t;
  while (m.next()) {
    switch (m.number()) {
      case 1:
        m.each_integer([&](std::int64_t extent) {
          if (t.rank++ < max_rank) t.extents.push_back(extent);
        });
        break;
      case 2: t.data_type = m.integer(); break;
      case 3: t.is_segment = true; break;
      case 8: t.name = m.bytes(); break;
      case 12: t.documentation = m.bytes(); break;
      case 13: read_external_entry({m, "an external tensor"}, t.external); break;
      case 16: t.has_metadata = true; break;
      case 14: t.is_external = m.integer() == 1; break;
      default: t.elements.scan(m); break;
    }
  }
  return t;
}

/// What is wrong with a tensor, apart from its elements.
constexpr error check(tensor const& t) {
  auto const e = element_of_number(t.data_type);
  if (e == element_type::undefined) {
    return make_error(rule::the_element_type_must_be_supported, "tensor '", t.name,
                      "': ONNX has no element type ", t.data_type);
  }
  if (t.is_external && e == element_type::string) {
    return make_error(rule::the_element_type_must_be_supported, "tensor '", t.name,
                      "': texts cannot stand in another file");
  }
  if (t.is_segment) {
    return make_error(rule::segments_are_not_supported, "tensor '", t.name,
                      "' is a segment of a larger one; segments are not supported");
  }
  if (t.rank > max_rank) {
    return make_error(rule::a_shape_must_have_at_most_8_axes, "tensor '", t.name, "' has ", t.rank,
                      " axes; at most 8 are supported");
  }
  for (auto const extent : t.extents) {
    if (extent >= 0) continue;
    return make_error(rule::an_extent_must_not_be_negative, "tensor '", t.name, "' has the extent ",
                      extent);
  }
  std::int64_t count = 0;
  std::int64_t bits = 0;
  if (!count_elements(t.extents, 0, t.extents.size(), count) ||
      !checked_multiply(count, bits_of(e), bits)) {
    return make_error(rule::a_tensor_must_fit_in_memory, "tensor '", t.name, "' (", e, " ",
                      t.extents, ") has 2^63 bits or more");
  }
  return t.is_external ? check(t.name, t.external) : t.elements.check(t.name, e);
}

/// A graph has at most so many values: in a file, one may take two bytes.
inline constexpr std::size_t max_values = std::size_t{1} << 20;

/// Whether there is room for one more value than the graph has and `pending`.
constexpr bool has_room(auto& b, std::size_t pending) {
  auto& g = b.unfinished();
  if (g.values.size() + pending < max_values) return true;
  g.fail(make_error(rule::a_graph_must_have_at_most_1048576_parts,
                    "the graph has more than 1048576 tensors"));
  return false;
}

/// Adds the tensor that `m` holds and `t` describes to the graph, without a name if it is an
/// attribute's or a part of a sparse one; `no_value` if it is not as it should be.
constexpr value_id add_tensor(auto& b, message const& m, tensor const& t, string_view name) {
  auto& g = b.unfinished();
  if (!g.failure) g.fail(check(t));
  if (g.failure || !has_room(b, 0)) return no_value;

  tensor_type const type{element_of_number(t.data_type), t.extents};
  if (t.is_external) {
    auto const id = name.empty() ? b.attached_constant(name, type, {}) : b.constant(name, type, {});
    g.constants.back().external = static_cast<std::uint32_t>(g.externals.size());
    g.externals.push_back(t.external);
    return id;
  }
  auto const content = t.elements.read(m, t.name, type.element, g);
  auto const size = static_cast<std::int64_t>(g.bytes_of(content).size());
  auto const wanted = bytes_of(type.element, elements_of(type.shape));
  if (size != wanted) {
    g.fail(make_error(rule::a_tensor_must_hold_as_many_bytes_as_its_shape, "tensor '", t.name,
                      "' (", type.element, " ", type.shape, ") must hold ", wanted, " bytes, not ",
                      size));
    return no_value;
  }
  bool const is_text = type.element == element_type::string;
  if (is_text && content.texts.count != elements_of(type.shape)) {
    g.fail(make_error(rule::a_tensor_must_hold_as_many_bytes_as_its_shape, "tensor '", t.name,
                      "' (", type.element, " ", type.shape, ") must hold ", elements_of(type.shape),
                      " texts, not ", content.texts.count));
    return no_value;
  }
  auto const id = name.empty() ? b.attached_constant(name, type, content.bytes)
                               : b.constant(name, type, content.bytes);
  g.constants.back() = content;
  return id;
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format

namespace inlay::inline INLAY_VERSION::onnx_format {

/// Keeps what the message says of a tensor besides its elements: its name too where that is not the
/// value's.
constexpr void note_tensor(auto& r, message m, tensor const& t, value_id id, bool is_named) {
  if (r.b.unfinished().failure) return;
  if (!is_named && !t.name.empty()) r.notes.add(annotated::value, id, {}, "name", t.name);
  if (!t.documentation.empty()) {
    r.notes.add(annotated::value, id, {}, "doc_string", t.documentation);
  }
  while (t.has_metadata && m.next()) {
    if (m.number() == 16) r.notes.add_metadata(m, annotated::value, id);
  }
}

/// What is wrong with the indices of a sparse tensor of these extents: int64 [n], each of an
/// element of the flat tensor, or [n, rank], each of an axis.
constexpr error check_indices(graph const& g, string_view name, tensor_type const& values,
                              value_id id, shape const& extents) {
  constexpr auto broken = rule::indices_of_a_sparse_tensor_must_be_in_range;
  auto const& type = g.values[id].type;
  auto const count = values.shape.size() == 1 ? values.shape[0] : -1;
  bool const is_flat = type.shape == shape{count};
  if (count < 0 || type.element != element_type::int64 ||
      (!is_flat && !(type.shape == shape{count, extents.size()}))) {
    return make_error(broken, "sparse tensor '", name, "' of ", extents.size(),
                      " axes has values of shape ", values.shape, ", and indices of type ",
                      type.element, " and shape ", type.shape);
  }
  std::int64_t elements = 0;
  if (!is_in_memory(extents) || !count_elements(extents, 0, extents.size(), elements)) {
    return make_error(rule::a_tensor_must_fit_in_memory, "sparse tensor '", name, "' (", extents,
                      ") is too large");
  }
  auto const bytes = g.bytes_of(g.constants[g.values[id].constant]);
  for (std::size_t i = 0; i < bytes.size() / 8; ++i) {
    auto const index = read_little_endian<std::int64_t>(bytes, i);
    auto const axis = is_flat ? 0 : static_cast<int>(i % static_cast<std::size_t>(extents.size()));
    if (index >= 0 && index < (is_flat ? elements : extents[axis])) continue;
    return make_error(broken, "sparse tensor '", name, "' (", extents, ") has the index ", index,
                      is_flat ? "" : " on axis ", is_flat ? sentence() : sentence() << axis);
  }
  return {};
}

/// Adds the sparse tensor in `m` as three constants: two without a name, and the tensor itself,
/// which has the name of its values where it is an initializer.
constexpr value_id add_sparse_tensor(auto& r, message const& m, bool is_initializer) {
  auto& g = r.b.unfinished();
  tensor values;
  value_id parts[2] = {no_value, no_value};
  shape extents;
  std::int64_t rank = 0;
  for (auto field = m; field.next();) {
    auto const number = field.number();
    if (number == 3) {
      field.each_integer([&](std::int64_t extent) {
        if (rank++ < max_rank) extents.push_back(extent);
      });
    }
    if (number != 1 && number != 2) continue;
    message const held(field, "a tensor");
    auto const t = read_tensor(held);
    if (number == 1) values = t;
    count_nameless(r);
    parts[number - 1] = add_tensor(r.b, held, t, {});
    if (g.failure) return no_value;
    note_tensor(r, held, t, parts[number - 1], is_initializer && number == 1);
  }
  if (g.failure) return no_value;
  auto const name = is_initializer ? values.name : string_view{};
  if (is_initializer && name.empty()) {
    g.fail(make_error(rule::a_name_must_not_be_empty, "a sparse initializer has no name"));
  } else if (parts[0] == no_value || parts[1] == no_value) {
    g.fail(make_error(rule::indices_of_a_sparse_tensor_must_be_in_range, "sparse tensor '", name,
                      "' lacks its values or its indices"));
  } else if (rank > max_rank) {
    g.fail(make_error(rule::a_shape_must_have_at_most_8_axes, "sparse tensor '", name, "' has ",
                      rank, " axes; at most 8 are supported"));
  } else {
    g.fail(check_indices(g, name, g.values[parts[0]].type, parts[1], extents));
  }
  if (g.failure || !has_room(r.b, 0)) return no_value;
  if (!is_initializer) count_nameless(r);
  tensor_type const type{g.values[parts[0]].type.element, extents};
  auto const id = is_initializer ? r.b.constant(name, type, string_view{})
                                 : r.b.attached_constant(name, type, {});
  g.constants.back().sparse_values = parts[0];
  g.constants.back().sparse_indices = parts[1];
  return id;
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format

// ValueInfoProto and TypeProto: the name and the declared type of a value.

namespace inlay::inline INLAY_VERSION::onnx_format {

/// A TypeProto as it stands in the file, not yet checked.
struct type_info {
  bool is_there = false;
  std::int64_t element = 0;  // of the tensor inside the containers
  std::int64_t key = 0;      // of a map, if its number is none of ONNX's
  bool has_shape = false;
  shape extents;
  std::int64_t rank = 0;  // as the file has it; `extents` has the first 8
  bool has_negative_extent = false;
  std::uint32_t container = not_contained;
  string_view denotation;        // of the outermost layer
  bool has_denotations = false;  // of dimensions, or of types inside it
};

/// A ValueInfoProto as it stands in the file, not yet checked.
struct value_info {
  string_view name;
  type_info type;
  string_view documentation;
  bool has_metadata = false;
};

/// The extent that a TensorShapeProto.Dimension stands for; one without a value is a symbol of the
/// graph.
constexpr std::int64_t read_dimension(auto& b, message m, type_info& t) {
  std::uint64_t kind = 0;
  std::int64_t extent = 0;
  string_view name;
  while (m.next()) {
    if (m.number() > 2) {
      t.has_denotations = t.has_denotations || m.number() == 3;
      continue;
    }
    kind = m.number();
    if (kind == 1) extent = m.integer();
    if (kind == 2) name = m.bytes();
  }
  if (kind == 1 && extent < 0) t.has_negative_extent = true;
  if (kind == 1) return extent;
  return kind == 2 && !name.empty() ? b.symbol(name) : b.nameless_symbol();
}

/// The type of a tensor, or of a sparse one, whose message has the same fields.
constexpr void read_tensor_type(auto& b, message m, type_info& t) {
  t.is_there = true;
  while (m.next()) {
    if (m.number() == 1) t.element = m.integer();
    if (m.number() != 2) continue;
    t.has_shape = true;
    for (message dimensions(m, "a shape"); dimensions.next();) {
      if (dimensions.number() != 1 || t.rank++ >= max_rank) continue;
      t.extents.push_back(read_dimension(b, {dimensions, "a dimension"}, t));
    }
  }
}

constexpr void read_type(auto& b, message m, type_info& t);

/// Puts a layer around the type.
constexpr void contain(auto& b, container const& c, type_info& t) {
  auto& g = b.unfinished();
  if (g.containers.size() == max_parts) {
    g.fail(make_error(rule::a_graph_must_have_at_most_1048576_parts,
                      "the graph has more than 1048576 sequences and other containers"));
    return;
  }
  t.container = static_cast<std::uint32_t>(g.containers.size());
  g.containers.push_back(c);
}

/// A layer around a type, whose inner type stands in the field `inner`.
constexpr void read_container(auto& b, message m, container_kind kind, std::uint64_t inner,
                              type_info& t) {
  container c;
  c.kind = kind;
  std::int64_t wrong_key = 0;
  while (m.next()) {
    auto const field = m.number();
    if (kind == container_kind::opaque) {
      if (field == 1) c.domain = m.bytes();
      if (field == 2) c.name = m.bytes();
    } else if (field == inner) {
      read_type(b, {m, "a type"}, t);
      t.has_denotations = t.has_denotations || !t.denotation.empty();
      t.denotation = {};
    } else if (field == 1) {
      auto const key = m.integer();
      c.key = element_of_number(key);
      wrong_key = c.key == element_type::undefined ? key : 0;
    }
  }
  if (wrong_key != 0) t.key = wrong_key;
  c.inner = t.container;
  contain(b, c, t);
}

constexpr void read_type(auto& b, message m, type_info& t) {
  t = {};
  while (m.next()) {
    auto const field = m.number();
    auto const denotation = t.denotation;
    // Of several types, the last one counts.
    if (t.is_there && field != 6) t = {};
    switch (field) {
      case 1: read_tensor_type(b, {m, "a tensor type"}, t); break;
      case 4: read_container(b, {m, "a sequence type"}, container_kind::sequence, 1, t); break;
      case 5: read_container(b, {m, "a map type"}, container_kind::map, 2, t); break;
      case 7: read_container(b, {m, "an opaque type"}, container_kind::opaque, 0, t); break;
      case 8: {
        read_tensor_type(b, {m, "a sparse tensor type"}, t);
        container c;
        c.kind = container_kind::sparse_tensor;
        contain(b, c, t);
        break;
      }
      case 9: read_container(b, {m, "an optional type"}, container_kind::optional, 1, t); break;
      default: break;
    }
    t.is_there = t.is_there || field != 6;
    t.denotation = field == 6 ? m.bytes() : denotation;
  }
}

constexpr value_info read_value_info(auto& b, message m) {
  value_info v;
  while (m.next()) {
    switch (m.number()) {
      case 1: v.name = m.bytes(); break;
      case 2: read_type(b, {m, "a type"}, v.type); break;
      case 3: v.documentation = m.bytes(); break;
      case 4: v.has_metadata = true; break;
      default: break;
    }
  }
  return v;
}

/// What is wrong with the type of the value or attribute of that name, `what` in the sentence. The
/// element type may be left open.
constexpr error check(type_info const& t, string_view what, string_view name) {
  bool const is_known = t.element == 0 || element_of_number(t.element) != element_type::undefined;
  if (!is_known || t.key != 0) {
    return make_error(rule::the_element_type_must_be_supported, what, " '", name,
                      "': ONNX has no element type ", is_known ? t.key : t.element);
  }
  if (t.rank > max_rank) {
    return make_error(rule::a_shape_must_have_at_most_8_axes, what, " '", name, "' has ", t.rank,
                      " axes; at most 8 are supported");
  }
  if (t.has_negative_extent) {
    return make_error(rule::an_extent_must_not_be_negative, what, " '", name,
                      "' has a negative extent");
  }
  return {};
}

/// A type that `check` found right.
constexpr contained_type type_of(type_info const& t) {
  contained_type type;
  type.tensor.element = element_of_number(t.element);
  type.tensor.has_shape = t.has_shape;
  type.tensor.shape = t.extents;
  type.container = t.container;
  return type;
}

/// What the denotations of a type belong to: a value, or an attribute of a node, which has
/// `position` types before it.
struct denoted {
  annotated what = annotated::value;
  std::size_t index = 0;
  std::int64_t position = -1;
};

constexpr void note_denotation(auto& r, denoted const& of, note_prefix prefix, std::int64_t number,
                               string_view text) {
  if (text.empty()) return;
  if (of.position >= 0)
    return r.notes.add(of.what, of.index, prefix, {}, text, of.position, number);
  bool const is_outermost = number < 0;
  r.notes.add(of.what, of.index, is_outermost ? note_prefix::none : prefix,
              is_outermost ? string_view("denotation") : string_view(), text, number);
}

/// Those of the dimensions in the message of a tensor's type.
constexpr void note_dimensions(auto& r, message m, denoted const& of) {
  std::int64_t axis = 0;
  while (m.next()) {
    if (m.number() != 2) continue;
    for (message dimensions(m, "a shape"); dimensions.next();) {
      if (dimensions.number() != 1 || axis == max_rank) continue;
      string_view denotation;
      for (message fields(dimensions, "a dimension"); fields.next();) {
        if (fields.number() == 3) denotation = fields.bytes();
      }
      note_denotation(r, of, note_prefix::dimension_denotation, axis++, denotation);
    }
  }
}

constexpr bool is_kind_of_type(std::uint64_t field) {
  return field == 1 || field == 4 || field == 5 || (field >= 7 && field <= 9);
}

/// Keeps the denotations in the message of a type that is `layer` types inside another, of the
/// types that it holds and of their dimensions. As in `read_type`, the last one of several counts.
constexpr void note_denotations(auto& r, message m, denoted const& of, int layer = 0) {
  auto const whole = m;
  std::uint64_t kind = 0;
  string_view held;
  string_view denotation;
  while (m.next()) {
    if (m.number() == 6) {
      denotation = m.bytes();
    } else {
      kind = m.number();
      held = is_kind_of_type(kind) ? m.bytes() : string_view();
    }
  }
  bool const is_of_value = of.position < 0;
  note_denotation(r, of, note_prefix::denotation, layer == 0 && is_of_value ? -1 : layer,
                  denotation);
  message inside(whole.from(), held, "a type", whole.depth() + 1);
  if (kind == 1 || kind == 8) return note_dimensions(r, inside, of);
  if (kind != 4 && kind != 5 && kind != 9) return;
  std::uint64_t const inner = kind == 5 ? 2 : 1;
  bool is_there = false;
  while (inside.next()) {
    if (inside.number() != inner) continue;
    held = inside.bytes();
    is_there = true;
  }
  if (!is_there) return;
  note_denotations(r, {whole.from(), held, "a type", inside.depth() + 1}, of, layer + 1);
}

/// Whether a value has kept a type with the axes of the one that a file declares.
constexpr bool has_axes_of(value const& kept, type_info const& t) {
  return kept.type.has_shape == t.has_shape && kept.type.shape.size() == t.rank &&
         (kept.container == not_contained) == (t.container == not_contained);
}

/// Keeps what the message says of the value besides its type.
constexpr void note_value(auto& r, message m, value_info const& v, value_id id) {
  if (!v.documentation.empty()) {
    r.notes.add(annotated::value, id, {}, "doc_string", v.documentation);
  }
  if (v.type.has_denotations && has_axes_of(r.b.unfinished().values[id], v.type)) {
    message type = m;
    for (auto fields = m; fields.next();) {
      if (fields.number() == 2) type = message(fields, "a type");
    }
    note_denotations(r, type, {annotated::value, id});
  } else if (!v.type.denotation.empty()) {
    r.notes.add(annotated::value, id, {}, "denotation", v.type.denotation);
  }
  while (v.has_metadata && m.next()) {
    if (m.number() == 4) r.notes.add_metadata(m, annotated::value, id);
  }
}

/// Whether a file says no more of an input of the graph than what is known of the constant that is
/// its default.
constexpr bool is_type_of(value const& constant, value_info const& v) {
  return v.documentation.empty() && !v.has_metadata && v.type.denotation.empty() &&
         !v.type.has_denotations && v.type.rank <= max_rank && v.type.container == not_contained &&
         v.type.has_shape && constant.type == type_of(v.type).tensor;
}

/// Keeps at which place among the inputs of the graph this one is, whose default is a constant, and
/// its message where that says more than the constant.
constexpr void note_default(auto& r, message const& m, value_info const& v, value_id id) {
  auto const& g = r.b.unfinished();
  auto& d = r.defaults;
  auto const place = g.inputs.size() + d.count;
  auto const text = is_type_of(g.values[id], v) ? string_view() : m.rest();
  if (d.count == 0) {
    d.first_place = place;
    d.first_note = r.notes.size();
  }
  d.is_usual = d.is_usual && text.empty() && (d.count == 0 || id > d.last);
  ++d.count;
  d.last = id;
  r.notes.add(annotated::value, id, note_prefix::input, {}, text, static_cast<std::int64_t>(place));
}

/// Before IR version 4 every initializer is an input. That is not noted where they stand behind the
/// other inputs, in their order.
constexpr void end_inputs(auto& r) {
  auto const& g = r.b.unfinished();
  auto const& d = r.defaults;
  bool const is_usual = d.is_usual && d.first_place == g.inputs.size();
  if (d.count != 0 && g.ir_version < 4 && is_usual) r.notes.truncate(d.first_note);
}

/// Adds an input of the graph, or of the body that is open. One of the graph that an initializer
/// has named is that constant, and noted as an input.
constexpr void read_input(auto& r, message const& m) {
  auto& g = r.b.unfinished();
  auto const v = read_value_info(r.b, m);
  if (g.failure) return;
  bool const is_inner = r.b.is_in_body();
  if (auto const id = r.b.find(v.name); !is_inner && g.is_constant(id)) {
    return note_default(r, m, v, id);
  }
  if (v.name.empty()) {
    g.fail(make_error(rule::a_name_must_not_be_empty, "an input of the graph has no name"));
  }
  if (!is_inner && !v.type.is_there) {
    g.fail(make_error(rule::an_input_must_have_a_type, "input '", v.name, "' has no type"));
  }
  if (!is_inner && v.type.element == 0 && v.type.container == not_contained) {
    g.fail(make_error(rule::the_element_type_must_be_supported, "input '", v.name,
                      "': ONNX has no element type 0"));
  }
  g.fail(check(v.type, "input", v.name));
  if (g.failure) return;
  auto const type = type_of(v.type);
  auto const id = r.b.input(v.name, type.tensor);
  g.values[id].container = type.container;
  note_value(r, m, v, id);
}

/// Keeps the type that a file declares for a value until one is inferred. What it says of a value
/// whose type is known, and what cannot be, is not looked at.
constexpr void declare(auto& r, message const& m, value_info const& v, value_id id) {
  auto& to = r.b.unfinished().values[id];
  if (to.type.element == element_type::undefined && !to.type.has_shape &&
      to.container == not_contained && !check(v.type, {}, {})) {
    auto const type = type_of(v.type);
    to.type = type.tensor;
    to.container = type.container;
  }
  note_value(r, m, v, id);
}

/// Marks an output of the graph, or of the body that is open.
constexpr void read_output(auto& r, message const& m) {
  auto const v = read_value_info(r.b, m);
  auto const id = v.name.empty() ? no_value : r.b.find(v.name);
  if (id == no_value) {
    r.b.unfinished().fail(make_error(rule::a_name_must_be_defined_before_it_is_used, "output '",
                                     v.name, "' of the graph is not defined"));
    return;
  }
  declare(r, m, v, id);
  r.b.output(id);
}

/// What a file says of a value that is neither an input nor an output. Tools leave entries behind
/// of values that are no more; nothing refers to those.
constexpr void read_inner_value(auto& r, message const& m) {
  auto const v = read_value_info(r.b, m);
  auto const id = v.name.empty() ? no_value : r.b.find_here(v.name);
  if (id != no_value) declare(r, m, v, id);
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format

namespace inlay::inline INLAY_VERSION::onnx_format {

/// Which field of an AttributeProto holds the value, and of what kind it is.
struct attribute_field {
  std::uint64_t number = 0;
  attribute_kind kind = attribute_kind::other;
};

/// Indexed by AttributeProto.AttributeType.
inline constexpr attribute_field attribute_fields[] = {
    {0, attribute_kind::other},           {2, attribute_kind::real},
    {3, attribute_kind::integer},         {4, attribute_kind::text},
    {5, attribute_kind::tensor},          {6, attribute_kind::graph},
    {7, attribute_kind::reals},           {8, attribute_kind::integers},
    {9, attribute_kind::texts},           {10, attribute_kind::tensors},
    {11, attribute_kind::graphs},         {22, attribute_kind::sparse_tensor},
    {23, attribute_kind::sparse_tensors}, {14, attribute_kind::type},
    {15, attribute_kind::types},
};

/// The row of that type, or, where a file older than types has none, that of the field that is
/// there.
constexpr attribute_field find_field(std::int64_t type, std::uint64_t present) {
  if (type > 0 && type < static_cast<std::int64_t>(span(attribute_fields).size())) {
    return attribute_fields[type];
  }
  for (auto const& row : attribute_fields) {
    if (row.number == present) return row;
  }
  return {};
}

/// The elements of one of the graph's arrays from `first` on.
template <class Vector> constexpr range since(std::size_t first, Vector const& in) {
  return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(in.size() - first)};
}

/// Whether an attribute holds one thing that is a message: it is there or it has no value.
constexpr bool is_one_message(attribute_kind kind) {
  using enum attribute_kind;
  return kind == tensor || kind == graph || kind == sparse_tensor || kind == type;
}

/// What is wrong with an attribute of that type, whose value stands in the field `present`, or in
/// none.
constexpr error check_field(attribute const& a, std::int64_t type, std::uint64_t present,
                            bool is_mixed) {
  auto const expected = find_field(type, present);
  constexpr auto broken = rule::an_attribute_must_hold_what_its_type_says;
  if (is_mixed) {
    return make_error(broken, "attribute '", a.name, "' has values in two fields");
  }
  if (present != 0 && present != expected.number) {
    return make_error(broken, "attribute '", a.name, "' is of type ", type,
                      ", but its value stands in field ", present);
  }
  if (!a.reference.empty()) {
    if (present == 0) return {};
    return make_error(broken, "attribute '", a.name, "' has a value and refers to '", a.reference,
                      "' as well");
  }
  bool const may_be_absent = expected.number != 0 && !is_one_message(expected.kind);
  if (present != 0 || may_be_absent) return {};
  return make_error(rule::an_attribute_must_have_a_value, "attribute '", a.name, "' has no value");
}

/// What the attributes that are read belong to: the node that comes next, or the function that is
/// open, which is noted as a graph.
struct attribute_holder {
  annotated what = annotated::node;
  std::size_t index = 0;
};

/// Appends the type in `m`, the `position`th of the attribute, to those of the graph.
constexpr void read_attribute_type(auto& r, message const& m, string_view name,
                                   attribute_holder holder, std::size_t position) {
  auto& g = r.b.unfinished();
  if (g.types.size() == max_nameless) {
    g.fail(make_error(rule::a_graph_must_have_at_most_262144_nameless_parts,
                      "the attributes of the graph hold more than 262144 types"));
    return;
  }
  type_info t;
  read_type(r.b, m, t);
  g.fail(check(t, "attribute", name));
  g.types.push_back(type_of(t));
  if (!t.has_denotations && t.denotation.empty()) return;
  note_denotations(r, m, {holder.what, holder.index, static_cast<std::int64_t>(position)});
}

/// Appends the tensor in `m` to those of the graph, and its value to the integers.
constexpr void read_attribute_tensor(auto& r, message const& m) {
  count_nameless(r);
  auto const t = read_tensor(m);
  auto const id = add_tensor(r.b, m, t, {});
  r.b.unfinished().integers.push_back(id);
  note_tensor(r, m, t, id, false);
}

/// Appends the attribute in `m` to those of the graph. The graphs that it holds are left for
/// `read_late_graphs`.
constexpr void read_attribute(auto& r, message m, attribute_holder holder) {
  auto& g = r.b.unfinished();
  auto const first_integer = g.integers.size();
  auto const first_real = g.reals.size();
  auto const first_text = g.texts.size();
  auto const first_type = g.types.size();
  attribute a;
  std::int64_t type = 0;
  std::uint64_t present = 0;
  bool is_mixed = false;
  // A single value that is not in the file is zero or empty: some writers leave those out.
  std::int64_t integer = 0;
  float real = 0;
  // Of a text, or of a single message, which is read last: of several, the last one counts.
  string_view bytes;
  string_view documentation;

  while (m.next()) {
    auto const field = m.number();
    switch (field) {
      case 1: a.name = m.bytes(); continue;
      case 13: documentation = m.bytes(); continue;
      case 20: type = m.integer(); continue;
      case 21: a.reference = m.bytes(); continue;
      case 2: real = m.real(); break;
      case 3: integer = m.integer(); break;
      case 4: bytes = m.bytes(); break;
      case 7:
        for (auto run = m.fixed(4); !run.empty(); run.remove_prefix(4)) {
          g.reals.push_back(read_little_endian<float>(run, 0));
        }
        break;
      case 8: m.each_integer([&](std::int64_t x) { g.integers.push_back(x); }); break;
      case 9: g.texts.push_back(m.bytes()); break;
      case 5:
      case 14:
      case 22: bytes = m.bytes(); break;
      case 10: read_attribute_tensor(r, {m, "a tensor"}); break;
      case 6:
      case 11:
        if (field == 6 && present == 6) r.late.pop_back();
        if (r.late.size() == max_nameless) {
          g.fail(make_error(rule::a_graph_must_have_at_most_262144_nameless_parts,
                            "its attributes hold more than 262144 graphs"));
          break;
        }
        r.late.push_back(
            {static_cast<std::uint32_t>(g.attributes.size()), m.bytes(), m.depth() + 1});
        break;
      case 23: g.integers.push_back(add_sparse_tensor(r, {m, "a sparse tensor"}, false)); break;
      case 15:
        read_attribute_type(r, {m, "a type"}, a.name, holder, g.types.size() - first_type);
        break;
      default:
        if (find_field(0, field).number == 0) continue;
    }
    is_mixed = is_mixed || (present != 0 && present != field);
    present = field;
  }

  auto const expected = find_field(type, present);
  bool const is_reference = !a.reference.empty();
  if (present == 0 || present != expected.number || is_mixed || is_reference) {
    g.fail(check_field(a, type, present, is_mixed));
  }
  if (g.failure) return;

  a.kind = expected.kind;
  auto const held = [&](char const* what) { return message(m.from(), bytes, what, m.depth() + 1); };
  if (!documentation.empty()) {
    r.notes.add(holder.what, holder.index, note_prefix::doc_string, a.name, documentation);
  }
  switch (is_reference ? attribute_kind::other : a.kind) {
    case attribute_kind::tensor:
    case attribute_kind::sparse_tensor:
      if (a.kind == attribute_kind::tensor) read_attribute_tensor(r, held("a tensor"));
      else g.integers.push_back(add_sparse_tensor(r, held("a sparse tensor"), false));
      a.values = since(first_integer, g.integers);
      break;
    case attribute_kind::integer: g.integers.push_back(integer); [[fallthrough]];
    case attribute_kind::integers:
    case attribute_kind::tensors:
    case attribute_kind::sparse_tensors: a.values = since(first_integer, g.integers); break;
    case attribute_kind::real: g.reals.push_back(real); [[fallthrough]];
    case attribute_kind::reals: a.values = since(first_real, g.reals); break;
    case attribute_kind::text: g.texts.push_back(bytes); [[fallthrough]];
    case attribute_kind::texts: a.values = since(first_text, g.texts); break;
    case attribute_kind::type:
      read_attribute_type(r, held("a type"), a.name, holder, 0);
      [[fallthrough]];
    case attribute_kind::types:
      a.values = since(first_type, g.types);
      r.notes.set_open_keys(a.name);
      break;
    default: break;
  }
  g.attributes.push_back(a);
}

/// Reads the graphs that attributes since `first` of `reading::late` have left: `read_body` makes
/// one a body of the graph and returns its index.
template <class ReadBody>
constexpr void read_late_graphs(auto& r, source const& from, std::size_t first,
                                ReadBody&& read_body) {
  auto& g = r.b.unfinished();
  auto const end = r.late.size();
  vector<std::int64_t> bodies;
  for (auto i = first; i < end && !g.failure;) {
    auto const attribute = r.late[i].attribute;
    bodies.clear();
    for (; i < end && r.late[i].attribute == attribute && !g.failure; ++i) {
      auto const held = r.late[i];
      bodies.push_back(read_body(message(from, held.bytes, "a graph", held.depth)));
    }
    g.attributes[attribute].values = r.b.append(g.integers, span(bodies.data(), bodies.size()));
  }
  r.late.truncate(first);
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format

// GraphProto: nodes over values, of the file itself or of an attribute.

// NodeProto: an operator applied to values that stand before it.

namespace inlay::inline INLAY_VERSION::onnx_format {

/// The first error of the node that comes next: its label, in a body with the name of that, then
/// what is wrong.
constexpr void fail_node(auto& b, node const& n, error const& e) {
  auto& g = b.unfinished();
  sentence label;
  label << "node " << b.nodes_here();
  if (!n.name.empty()) label << " '" << n.name << "'";
  label << " (" << n.type << ")";
  if (b.is_in_body()) label << " in '" << b.body_name() << "'";
  auto located = make_error(e.broken, label, ": ", e.text);
  located.offset = n.offset;
  g.failure = located;
}

/// Keeps what the current field of a node says besides what it computes.
constexpr void note_node(auto& r, message const& m) {
  auto const index = r.b.nodes_here();
  constexpr auto what = annotated::node;
  switch (m.number()) {
    case 6: r.notes.add(what, index, {}, "doc_string", m.bytes()); break;
    case 8:
      if (!m.bytes().empty()) r.notes.add(what, index, {}, "overload", m.bytes());
      break;
    case 9: r.notes.add_metadata(m, what, index); break;
    case 10: r.notes.add(what, index, {}, "device_configuration", m.bytes()); break;
    default: break;
  }
}

/// Appends the node in `m` to the graph, or to the body that is open. `read_body` reads the graphs
/// that its attributes hold.
template <class ReadBody>
constexpr void read_node(auto& r, message m, std::int64_t offset, ReadBody&& read_body) {
  auto& b = r.b;
  auto& g = b.unfinished();
  node n;
  n.offset = offset;
  n.inputs.first = static_cast<std::uint32_t>(g.operands.size());
  n.attributes.first = static_cast<std::uint32_t>(g.attributes.size());
  auto const first_output = r.outputs.size();
  auto const first_late = r.late.size();
  string_view undefined;
  while (m.next()) {
    switch (m.number()) {
      case 1: {
        auto const name = m.bytes();
        auto const id = name.empty() ? no_value : b.find(name);
        if (id == no_value && undefined.empty()) undefined = name;
        g.operands.push_back(id);
        break;
      }
      case 2:
        if (has_room(b, r.outputs.size())) r.outputs.push_back(m.bytes());
        if (m.bytes().empty()) count_nameless(r);
        break;
      case 3: n.name = m.bytes(); break;
      case 4: n.type = m.bytes(); break;
      case 5: read_attribute(r, {m, "an attribute"}, {annotated::node, b.nodes_here()}); break;
      case 7: n.domain = m.bytes(); break;
      default: note_node(r, m); break;
    }
  }
  n.inputs.count = static_cast<std::uint32_t>(g.operands.size()) - n.inputs.first;
  n.attributes.count = static_cast<std::uint32_t>(g.attributes.size()) - n.attributes.first;
  if (r.late.size() != first_late) read_late_graphs(r, m.from(), first_late, read_body);
  // An output is defined after the inputs are read: no node reads its own.
  n.outputs.first = static_cast<std::uint32_t>(g.operands.size());
  auto const last_output = g.failure ? first_output : r.outputs.size();
  for (auto i = first_output; i < last_output; ++i) {
    g.operands.push_back(b.add_value(r.outputs[i], {}));
  }
  n.outputs.count = static_cast<std::uint32_t>(g.operands.size()) - n.outputs.first;
  r.outputs.truncate(first_output);
  if (!n.domain.empty() && n.domain == "ai.onnx") n.domain = {};
  n.op = find_operator(n.domain, n.type);

  if (n.type.empty()) {
    g.fail(make_error(rule::a_name_must_not_be_empty, "it does not say which operator it applies"));
  }
  if (!undefined.empty()) {
    g.fail(make_error(rule::a_name_must_be_defined_before_it_is_used, "it reads '", undefined,
                      "', which nothing before it defines"));
  }
  // What the parts of a node found wrong has no place in the file yet.
  if (g.failure && g.failure.offset < 0) fail_node(b, n, g.failure);
  b.add_node(n);
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format

namespace inlay::inline INLAY_VERSION::onnx_format {

/// The messages of a graph, which may come in any order.
struct graph_parts {
  string_view name;
  string_view documentation;
  vector<string_view> nodes;
  vector<string_view> initializers;
  vector<string_view> sparse_initializers;
  vector<string_view> inputs;
  vector<string_view> outputs;
  vector<string_view> values;
  vector<string_view> quantizations;
  vector<string_view> metadata;
};

constexpr void split_graph(auto& r, message m, graph_parts& parts) {
  for (; r.parts <= max_parts && m.next(); ++r.parts) {
    switch (m.number()) {
      case 1: parts.nodes.push_back(m.bytes()); break;
      case 2: parts.name = m.bytes(); break;
      case 5: parts.initializers.push_back(m.bytes()); break;
      case 10: parts.documentation = m.bytes(); break;
      case 11: parts.inputs.push_back(m.bytes()); break;
      case 12: parts.outputs.push_back(m.bytes()); break;
      case 13: parts.values.push_back(m.bytes()); break;
      case 14: parts.quantizations.push_back(m.bytes()); break;
      case 15: parts.sparse_initializers.push_back(m.bytes()); break;
      case 16: parts.metadata.push_back(m.bytes()); break;
      default: break;
    }
  }
  if (r.parts > max_parts) {
    r.b.unfinished().fail(
        make_error(rule::a_graph_must_have_at_most_1048576_parts,
                   "the graph has more than 1048576 parts (nodes, initializers, inputs, ...)"));
  }
}

constexpr void read_initializer(auto& r, message const& m) {
  auto const t = read_tensor(m);
  if (t.name.empty()) {
    r.b.unfinished().fail(make_error(rule::a_name_must_not_be_empty, "an initializer has no name"));
  }
  auto const id = add_tensor(r.b, m, t, t.name);
  note_tensor(r, m, t, id, true);
}

/// A TensorAnnotation: the names of the tensors that quantize a value, by what they are for.
constexpr void read_quantization(auto& r, message const& m) {
  auto id = no_value;
  for (auto field = m; field.next();) {
    if (field.number() == 1) id = r.b.find_here(field.bytes());
  }
  if (id == no_value) return;
  for (auto field = m; field.next();) {
    if (field.number() != 2) continue;
    auto const e = read_text_entry({field, "an entry of a quantization"});
    r.notes.add(annotated::value, id, note_prefix::quantization, e.key, e.text);
  }
}

/// Reads one message after the other, until one is wrong.
template <class Read>
constexpr void each(source const& from, vector<string_view> const& parts, Read&& read) {
  for (auto const part : parts) {
    if (*from.failure) return;
    read(part);
    if (*from.failure && from.failure->offset < 0) {
      from.failure->offset = from.offset_of(part.data());
    }
  }
}

constexpr std::uint32_t read_body(auto& r, message const& m);

/// Reads the parts of a graph, which are messages of that depth.
constexpr void read_parts(auto& r, source const& from, graph_parts const& parts, int depth) {
  each(from, parts.initializers,
       [&](auto m) { read_initializer(r, {from, m, "a tensor", depth}); });
  each(from, parts.sparse_initializers,
       [&](auto m) { add_sparse_tensor(r, {from, m, "a sparse tensor", depth}, true); });
  each(from, parts.inputs, [&](auto m) { read_input(r, {from, m, "an input", depth}); });
  if (r.defaults.count != 0 && !r.b.is_in_body()) end_inputs(r);
  each(from, parts.nodes, [&](auto m) {
    read_node(r, {from, m, "a node", depth}, from.offset_of(m.data()),
              [&](message const& body) { return read_body(r, body); });
  });
  each(from, parts.outputs, [&](auto m) { read_output(r, {from, m, "an output", depth}); });
  each(from, parts.values, [&](auto m) { read_inner_value(r, {from, m, "a value", depth}); });
  each(from, parts.quantizations,
       [&](auto m) { read_quantization(r, {from, m, "a quantization", depth}); });
  if (!parts.documentation.empty()) {
    r.notes.add(annotated::graph, 0, {}, "doc_string", parts.documentation);
  }
  each(from, parts.metadata, [&](auto m) {
    auto const e = read_text_entry({from, m, "an entry of metadata", depth});
    r.notes.add(annotated::graph, 0, note_prefix::metadata, e.key, e.text);
  });
}

/// Reads a graph that an attribute holds; returns its index in `graph::bodies`.
constexpr std::uint32_t read_body(auto& r, message const& m) {
  graph_parts parts;
  split_graph(r, m, parts);
  auto const first_note = r.notes.size();
  r.b.begin_body(parts.name);
  if (++r.parts <= max_parts) read_parts(r, m.from(), parts, m.depth() + 1);
  auto const index = r.b.end_body();
  r.notes.end_body(first_note, r.b.unfinished().bodies[index], annotated::body, index);
  return index;
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format

namespace inlay::inline INLAY_VERSION::onnx_format {

/// An OperatorSetIdProto.
constexpr operator_set read_operator_set(message m) {
  operator_set s;
  while (m.next()) {
    if (m.number() == 1) s.domain = m.bytes();
    if (m.number() == 2) s.version = m.integer();
  }
  if (s.domain == "ai.onnx") s.domain = {};
  return s;
}

/// The messages of a function, which may come in any order.
struct function_parts {
  graph_parts graph;
  vector<string_view> inputs;   // names
  vector<string_view> outputs;  // names
  vector<string_view> defaults;
};

/// What of a function stands in its message itself is appended to the graph.
constexpr function split_function(auto& r, message m, function_parts& parts) {
  auto& g = r.b.unfinished();
  function f;
  auto const first_text = g.texts.size();
  auto const first_set = g.operator_sets.size();
  for (; r.parts <= max_parts && m.next(); ++r.parts) {
    switch (m.number()) {
      case 1: f.name = m.bytes(); break;
      case 4: parts.inputs.push_back(m.bytes()); break;
      case 5: parts.outputs.push_back(m.bytes()); break;
      case 6: g.texts.push_back(m.bytes()); break;
      case 7: parts.graph.nodes.push_back(m.bytes()); break;
      case 8: parts.graph.documentation = m.bytes(); break;
      case 9: g.operator_sets.push_back(read_operator_set({m, "an opset"})); break;
      case 10: f.domain = m.bytes(); break;
      case 11: parts.defaults.push_back(m.bytes()); break;
      case 12: parts.graph.values.push_back(m.bytes()); break;
      case 13: f.overload = m.bytes(); break;
      case 14: parts.graph.metadata.push_back(m.bytes()); break;
      default: break;
    }
  }
  f.attributes = since(first_text, g.texts);
  f.operator_sets = since(first_set, g.operator_sets);
  if (f.domain == "ai.onnx") f.domain = {};
  return f;
}

constexpr void read_defaults(auto& r, source const& from, function_parts const& parts, int depth,
                             function& f) {
  auto& g = r.b.unfinished();
  auto const first = g.attributes.size();
  auto const first_late = r.late.size();
  each(from, parts.defaults,
       [&](auto m) { read_attribute(r, {from, m, "an attribute", depth}, {annotated::graph, 0}); });
  f.default_attributes = since(first, g.attributes);
  read_late_graphs(r, from, first_late, [&](message const& body) { return read_body(r, body); });
}

/// Appends the function in `m` to the graph. Its inner names are its own.
constexpr void read_function(auto& r, message const& m) {
  auto& g = r.b.unfinished();
  auto const& from = m.from();
  function_parts parts;
  auto f = split_function(r, m, parts);
  if (r.parts > max_parts) {
    g.fail(make_error(rule::a_graph_must_have_at_most_1048576_parts,
                      "the functions have more than 1048576 parts (nodes, inputs, ...)"));
  }
  if (f.name.empty()) {
    g.fail(make_error(rule::a_name_must_not_be_empty, "a function of the model has no name"));
  }
  if (g.failure) return;
  auto const depth = m.depth() + 1;
  auto const first_note = r.notes.size();
  r.b.begin_body(f.name, true);
  read_defaults(r, from, parts, depth, f);
  for (auto const name : parts.inputs) {
    if (name.empty()) count_nameless(r);
    if (!g.failure && has_room(r.b, 0)) r.b.input(name, {});
  }
  auto const outputs = parts.outputs;
  read_parts(r, from, parts.graph, depth);
  for (auto const name : outputs) {
    auto const id = name.empty() ? no_value : r.b.find(name);
    if (id == no_value) {
      g.fail(make_error(rule::a_name_must_be_defined_before_it_is_used, "output '", name,
                        "' of the function '", f.name, "' is not defined"));
      break;
    }
    r.b.output(id);
  }
  f.body = r.b.end_body();
  r.notes.end_body(first_note, g.bodies[f.body], annotated::function, g.functions.size());
  g.functions.push_back(f);
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format

namespace inlay::inline INLAY_VERSION::onnx_format {

inline constexpr std::int64_t first_ir_version = 3;
inline constexpr std::int64_t last_ir_version = 14;

/// The messages of a file, which may come in any order.
struct model_parts {
  bool has_graph = false;
  graph_parts graph;
  vector<string_view> functions;
};

constexpr void read_operator_set(auto& r, message const& m) {
  auto& g = r.b.unfinished();
  auto const s = read_operator_set(m);
  if (s.domain.empty()) g.opset = s.version;
  else g.operator_sets.push_back(s);
}

/// What says nothing of the graph. The training that a model may describe is not looked into.
constexpr void note_model(auto& r, message const& m) {
  auto const add = [&](string_view key) { r.notes.add(annotated::model, 0, {}, key, m.bytes()); };
  switch (m.number()) {
    case 2:
      if (m.bytes() != own_producer) add("producer_name");
      break;
    case 3: add("producer_version"); break;
    case 4: add("domain"); break;
    case 5: r.notes.set_model_version(m.integer()); break;
    case 6: add("doc_string"); break;
    case 14: r.notes.add_metadata(m, annotated::model, 0); break;
    case 20: add("training_info"); break;
    case 26: add("device_configuration"); break;
    default: break;
  }
}

constexpr model_parts split_model(auto& r, message m) {
  auto& g = r.b.unfinished();
  model_parts parts;
  while (m.next()) {
    switch (m.number()) {
      case 1: g.ir_version = m.integer(); break;
      case 7:
        parts.has_graph = true;
        split_graph(r, {m, "the graph"}, parts.graph);
        break;
      case 8: read_operator_set(r, {m, "an opset"}); break;
      case 25: parts.functions.push_back(m.bytes()); break;
      default: note_model(r, m); break;
    }
  }
  g.graph_facts::operator_sets.count = static_cast<std::uint32_t>(g.operator_sets.size());
  return parts;
}

constexpr error no_opset() {
  return make_error(rule::the_opset_must_be_supported,
                    "the model does not say which opset it uses");
}

constexpr error check(graph const& g, model_parts const& parts) {
  if (!parts.has_graph) {
    return make_error(rule::the_file_must_hold_a_graph, "the file holds no graph of ONNX");
  }
  if (g.ir_version < first_ir_version || g.ir_version > last_ir_version) {
    return make_error(rule::the_ir_version_must_be_supported, "the model has IR version ",
                      g.ir_version, "; ", first_ir_version, " to ", last_ir_version,
                      " are supported");
  }
  // A model of other domains only need not say which version of ONNX's own it does not use.
  if (g.opset == 0) return g.operator_sets.empty() ? no_opset() : error{};
  if (g.opset < oldest_opset || g.opset > newest_opset) {
    return make_error(rule::the_opset_must_be_supported, "the model uses opset ", g.opset, "; ",
                      oldest_opset, " to ", newest_opset, " are supported");
  }
  return {};
}

/// Whether no node is one of ONNX's own, of which the model does not say the version.
constexpr void check_domains(graph& g) {
  for (auto const* const nodes : {&g.nodes, &g.body_nodes}) {
    for (auto const& n : *nodes) {
      if (n.domain.empty()) g.fail(no_opset());
    }
  }
}

/// Growing arrays is a good part of the work, in a constant expression above all. What a file
/// pretends to hold beyond its limits is not believed: a node of real work takes 32 bytes.
constexpr void reserve(auto& b, graph_parts const& parts, std::size_t file_size) {
  std::size_t constexpr limit = 1 << 17;
  auto const fitting = 1'000 + file_size / 32;
  auto const most = fitting < limit ? fitting : limit;
  auto const nodes = parts.nodes.size();
  auto const values = nodes + parts.initializers.size() + parts.inputs.size();
  b.reserve(nodes < most ? nodes : most, values < most ? values : most);
}

/// Builds the graph that the file holds.
template <class Builder> constexpr void read_model(Builder& b, string_view file) {
  auto& g = b.unfinished();
  source const from{file, &g.failure};
  reading<Builder> r{b};
  auto const parts = split_model(r, {from, file, "the model"});
  if (!g.failure) g.fail(check(g, parts));
  if (!g.failure && parts.graph.outputs.empty()) {
    g.fail(make_error(rule::a_graph_must_have_an_output, "the graph has no output"));
  }
  if (g.failure) return;
  g.name = parts.graph.name;
  reserve(b, parts.graph, file.size());
  read_parts(r, from, parts.graph, 3);
  each(from, parts.functions, [&](auto m) { read_function(r, {from, m, "a function", 2}); });
  if (g.opset == 0) check_domains(g);
  if (!g.failure) r.notes.finish(g);
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format

// Gives the dimensions of a graph's inputs that have only a name their values.

namespace inlay::inline INLAY_VERSION {

/// The value of the dimension of that name.
struct dimension_value {
  string_view name;
  std::int64_t value = 0;
};

/// "the model has no dimension 'n'; it has 'batch', 'height'"
template <class Graph> constexpr error no_such_dimension(Graph const& g, string_view name) {
  auto e = make_error(rule::the_dimension_must_be_in_the_model, "the model has no dimension '",
                      name, "'");
  bool is_first = true;
  for (auto const symbol : g.symbols) {
    if (symbol.empty()) continue;
    e.text << (is_first ? "; it has '" : ", '") << symbol << "'";
    is_first = false;
  }
  if (is_first) e.text << "; none of its dimensions has a name";
  return e;
}

namespace detail {

/// What each symbol comes to when the free ones have these values; 0 stands for none.
constexpr vector<dimension_sum> substitute(dimension_algebra& dimensions,
                                           vector<std::int64_t> const& values) {
  vector<dimension_sum> images;
  images.reserve(values.size());
  auto const image_of = [&](dimension_sum const& s) {
    dimension_sum image;
    for (auto const& t : s.terms()) {
      dimension_sum product(t.coefficient);
      for (int i = 0; i < t.degree; ++i) product = product * images[t.factors[i]];
      image += product;
    }
    return image;
  };
  for (std::uint32_t symbol = 0; symbol < values.size(); ++symbol) {
    auto const kind = dimensions.kind_of(symbol);
    // Not in a conditional expression: in a constant one, GCC 12 frees what that has made.
    if (values[symbol] > 0) {
      images.push_back(dimension_sum(values[symbol]));
      continue;
    }
    if (kind == dimension_kind::free) {
      images.push_back(dimension_sum::of_symbol(symbol));
      continue;
    }
    auto const left = image_of(dimensions.left_of(symbol));
    auto const right = image_of(dimensions.right_of(symbol));
    if (kind == dimension_kind::sum) images.push_back(left);
    else if (kind == dimension_kind::quotient)
      images.push_back(dimensions.divide_down(left, right));
    else images.push_back(dimensions.broadcast(left, right));
  }
  return images;
}

template <class Graph> constexpr void bind_values(Graph& g, vector<std::int64_t> const& values) {
  dimension_algebra dimensions(g);
  auto const images = substitute(dimensions, values);
  for (auto& v : g.values) {
    if (!has_symbol(v.type.shape)) continue;
    for (int i = 0; i < v.type.shape.size(); ++i) {
      auto& extent = v.type.shape[i];
      if (extent >= 0) continue;
      auto const symbol = static_cast<std::size_t>(-1 - extent);
      auto const& image = images[symbol];
      if (image.is_number() && image.number() < 0) {
        g.fail(make_error(rule::an_extent_must_not_be_negative, "dimension ", i, " of '", v.name,
                          "' is ", image.number(), " then"));
        return;
      }
      extent = dimensions.extent_of(image);
    }
  }
}

}  // namespace detail

/// The values go wherever the names stand, in expressions too, before types are inferred or after.
/// A dimension that is computed in a way that has no value then, for it divides by 0 or does not
/// broadcast, is one without a value; inferring types again tells why.
///   before   %0 : float32[batch, 8]   %1 : float32[2*batch, 4]
///   after    %0 : float32[1, 8]       %1 : float32[2, 4]              with {"batch", 1}
/// *Errors*: a name that is not there; a value below 1; an extent below 0 that comes of it.
template <class Graph>
constexpr Graph bind_dimensions(Graph g, span<dimension_value const> dimensions) {
  if (g.failure || dimensions.empty()) return g;
  vector<std::int64_t> values(g.symbols.size(), 0);
  for (auto const& d : dimensions) {
    bool is_there = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (d.name.empty() || g.symbols[i] != d.name) continue;
      values[i] = d.value;
      is_there = true;
    }
    if (!is_there) g.fail(no_such_dimension(g, d.name));
    if (d.value < 1) {
      g.fail(make_error(rule::the_value_of_a_dimension_must_be_at_least_1, "dimension '", d.name,
                        "' is given the value ", d.value, "; it must be at least 1"));
    }
  }
  if (!g.failure) detail::bind_values(g, values);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

/// The graph in an ONNX file, which must outlive it: names and weights are views of the bytes.
/// *Errors*: `failure` of the graph, with the place in the file.
/// *Costs*: linear in the number of messages. Elements in `raw_data`, or packed in `float_data` or
/// `double_data`, are not touched.
/// *Source*: onnx.proto of ONNX 1.23.
template <class Graph = graph> constexpr Graph read_onnx(string_view bytes) {
  basic_builder<Graph> b;
  if (bytes.size() >> 31 != 0) {
    b.unfinished().fail(make_error(rule::the_file_must_be_smaller_than_2_gib, "the file has ",
                                   bytes.size(), " bytes; an ONNX file has less than 2147483648"));
  } else {
    onnx_format::read_model(b, bytes);
  }
  return b.finish();
}

/// An ONNX file as a network that a constant holds; see `onnx`.
struct onnx_network {
  static constexpr std::size_t max_dimensions = 8;

  string_view bytes;
  dimension_value dimensions[max_dimensions]{};
  std::size_t dimension_count = 0;  // as the caller gave them

  /// The graph, with the named dimensions bound to their values.
  template <class Graph = graph> constexpr Graph operator()() const {
    auto g = read_onnx<Graph>(bytes);
    if (dimension_count > max_dimensions) {
      g.fail(make_error(rule::at_most_8_dimensions_can_be_given, dimension_count,
                        " dimensions are given values; at most ", max_dimensions, " can be"));
    }
    return bind_dimensions(std::move(g), span<dimension_value const>(dimensions, count()));
  }

 private:
  constexpr std::size_t count() const {
    return dimension_count < max_dimensions ? dimension_count : max_dimensions;
  }
};

/// The network in an ONNX file that the program holds as a string literal or an array with a
/// closing zero, and values for its dimensions that have only names:
///
///     inline constexpr auto net = inlay::onnx(lenet_onnx, {{"batch", 1}});
template <std::size_t N>
constexpr onnx_network onnx(char const (&literal)[N],
                            std::initializer_list<dimension_value> dimensions = {}) {
  onnx_network network{{literal, N - 1}};
  for (auto const& d : dimensions) {
    if (network.dimension_count < network.max_dimensions) {
      network.dimensions[network.dimension_count] = d;
    }
    ++network.dimension_count;
  }
  return network;
}

}  // namespace inlay::inline INLAY_VERSION
