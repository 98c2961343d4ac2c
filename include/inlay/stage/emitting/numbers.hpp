// Arithmetic, comparisons and conversions, as code that computes them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "inlay/core/least_value.hpp"
#include "inlay/stage/emitting/values.hpp"

namespace inlay::inline INLAY_VERSION {

/// How many elements of `T` a vector holds: 64 bytes of them, as many as panels have columns.
/// Machines of shorter vectors take several for one.
template <class T> inline constexpr int emitted_width = 64 / int{sizeof(computed_type<T>)};
template <class T, int Most>
inline constexpr int emitted_width<narrow<T, Most>> =
    emitted_width<T> < Most ? emitted_width<T> : Most;

class emitting_numbers {
 public:
  template <class T> using vector = emitted_vector<T>;

  explicit emitting_numbers(emitter& to) : to_(&to) {}

  template <class T, class Lane = T> vector<computed_type<T>> splat(T x) {
    return number(static_cast<computed_type<T>>(x), emitted_width<Lane>);
  }
  template <class T, class U> vector<T> splat_like(vector<T> const& like, U x) {
    return number(static_cast<T>(x), like.lanes);
  }
  template <class T, class Lane = T> vector<computed_type<T>> splat_index(emitted_index i) {
    using element = computed_type<T>;
    if (i.is_known()) return number(static_cast<element>(i.constant), emitted_width<Lane>);
    vector<element> y{nullptr, emitted_width<Lane>};
    y.value = to_->number_of(y.type(), i.in(*to_));
    return y;
  }

  // Numbers.

  template <class T> vector<T> add(vector<T> const& a, vector<T> const& b) {
    return binary(binary_operation::add, a, b);
  }
  template <class T> vector<T> subtract(vector<T> const& a, vector<T> const& b) {
    return binary(binary_operation::subtract, a, b);
  }
  template <class T> vector<T> multiply(vector<T> const& a, vector<T> const& b) {
    return binary(binary_operation::multiply, a, b);
  }
  template <class T> vector<T> divide(vector<T> const& a, vector<T> const& b) {
    return binary(binary_operation::divide, a, b);
  }
  template <class T> vector<T> max(vector<T> const& a, vector<T> const& b) {
    return binary(binary_operation::larger, a, b);
  }
  template <class T> vector<T> min(vector<T> const& a, vector<T> const& b) {
    return binary(binary_operation::smaller, a, b);
  }
  template <class T> vector<T> copy_sign(vector<T> const& x, vector<T> const& sign) {
    return binary(binary_operation::copy_sign, x, sign);
  }
  template <class T> vector<T> fma(vector<T> const& a, vector<T> const& b, vector<T> const& c) {
    if constexpr (std::integral<T>) {
      auto const product = multiply(a, b);
      return add(product, c);
    } else {
      return {to_->fused(a.type(), a.value, b.value, c.value), a.lanes};
    }
  }
  template <class T> vector<T> sqrt(vector<T> const& x) {
    return unary(unary_operation::square_root, x);
  }
  template <class T> vector<T> abs(vector<T> const& x) {
    if constexpr (std::unsigned_integral<T>) return x;
    else return unary(unary_operation::absolute, x);
  }
  template <class T> vector<T> negate(vector<T> const& x) {
    return unary(unary_operation::negate, x);
  }
  template <class T> vector<T> nearest(vector<T> const& x) {
    return unary(unary_operation::nearest, x);
  }
  template <class T> vector<T> floor(vector<T> const& x) {
    return unary(unary_operation::floor, x);
  }
  template <class T> vector<T> ceil(vector<T> const& x) { return unary(unary_operation::ceil, x); }

  // The parts of a number; see `scalar_numbers`.

  vector<std::int32_t> half(vector<std::int32_t> const& n) { return shift_right<1>(n); }
  template <class T> vector<std::int32_t> exponent(vector<T> const& x) {
    using bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    constexpr int digits = std::numeric_limits<T>::digits - 1;
    constexpr bits bias = std::numeric_limits<T>::max_exponent - 1;
    auto const magnitude = abs(x);
    auto const least = splat_like(x, std::numeric_limits<T>::min());
    auto const scale = splat_like(x, static_cast<T>(std::int64_t{2} << digits));
    auto const is_tiny = less(magnitude, least);
    auto const larger = multiply(magnitude, scale);
    auto const scaled = select(is_tiny, larger, magnitude);
    auto const field = shift_right<digits>(reinterpret<bits>(scaled));
    auto const usual = splat_like(field, bias);
    auto const of_tiny = splat_like(field, bias + digits + 1);
    auto const offset = select(is_tiny, of_tiny, usual);
    return convert<std::int32_t>(subtract(field, offset));
  }
  template <std::floating_point T> vector<T> power_of_two(vector<std::int32_t> const& n) {
    using bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    auto const wide = convert<bits>(n);
    auto const bias = splat_like(wide, std::numeric_limits<T>::max_exponent - 1);
    auto const biased = add(wide, bias);
    return reinterpret<T>(shift_left<std::numeric_limits<T>::digits - 1>(biased));
  }

  // Conversions.

  template <class T> vector<std::int32_t> round_to_integer(vector<T> const& x) {
    using bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    constexpr T magic = sizeof(T) == 4 ? T{0x1.8p23f} : static_cast<T>(0x1.8p52);
    auto const shift = splat_like(x, magic);
    auto const shifted = reinterpret<bits>(add(x, shift));
    return convert<std::int32_t>(subtract(shifted, reinterpret<bits>(shift)));
  }
  template <class To, class From> vector<To> convert(vector<From> const& x) {
    if constexpr (std::same_as<To, From>) {
      return x;
    } else if constexpr (std::same_as<To, bool>) {
      auto const zero = splat_like(x, From{0});
      auto const is_zero = to_->compare(comparison::equal, x.type(), x.value, zero.value);
      auto const truth = number(true, x.lanes);
      auto const none = number(false, x.lanes);
      return {to_->select(is_zero, none.value, truth.value), x.lanes};
    } else {
      return {to_->convert(x.type(), element_of<To>, x.value, false), x.lanes};
    }
  }
  template <std::integral To, class From> vector<To> round(vector<From> const& x) {
    return {to_->convert(x.type(), element_of<To>, x.value, true), x.lanes};
  }
  template <std::integral To> vector<To> saturate(vector<std::int32_t> const& n) {
    auto const least = splat_like(n, least_value<To>());
    auto const most = splat_like(n, largest_value<To>());
    auto const above = max(n, least);
    return convert<To>(min(above, most));
  }

  // Choices and bits.

  template <class T> emitted_mask equal(vector<T> const& a, vector<T> const& b) {
    return compare(comparison::equal, a, b);
  }
  template <class T> emitted_mask less(vector<T> const& a, vector<T> const& b) {
    return compare(comparison::less, a, b);
  }
  template <class T> emitted_mask less_or_equal(vector<T> const& a, vector<T> const& b) {
    return compare(comparison::less_or_equal, a, b);
  }
  template <class T> emitted_mask is_nan(vector<T> const& x) {
    return compare(comparison::unordered, x, x);
  }
  emitted_mask is_true(vector<bool> const& x) {
    auto const none = number(false, x.lanes);
    return compare(comparison::less, none, x);
  }
  vector<bool> to_bools(emitted_mask const& m) { return {to_->bools(m.value), m.lanes}; }
  template <class T>
  vector<T> select(emitted_mask const& m, vector<T> const& a, vector<T> const& b) {
    return {to_->select(m.value, a.value, b.value), a.lanes};
  }
  template <class T> vector<T> bit_and(vector<T> const& a, vector<T> const& b) {
    return binary(binary_operation::bit_and, a, b);
  }
  template <class T> vector<T> bit_or(vector<T> const& a, vector<T> const& b) {
    return binary(binary_operation::bit_or, a, b);
  }
  template <class T> vector<T> bit_xor(vector<T> const& a, vector<T> const& b) {
    return binary(binary_operation::bit_xor, a, b);
  }
  template <class T> vector<T> bit_not(vector<T> const& x) {
    return unary(unary_operation::complement, x);
  }
  template <int By, class T> vector<T> shift_left(vector<T> const& x) {
    return binary(binary_operation::shift_left, x, splat_like(x, By));
  }
  template <int By, class T> vector<T> shift_right(vector<T> const& x) {
    return binary(binary_operation::shift_right, x, splat_like(x, By));
  }
  template <class V> V in_register(V const& x) { return x; }

 protected:
  emitter& to() const { return *to_; }

  template <class T> vector<T> number(T x, int lanes) {
    std::uint64_t bits = 0;
    if constexpr (sizeof(T) == 8) bits = std::bit_cast<std::uint64_t>(x);
    else if constexpr (std::floating_point<T>) bits = std::bit_cast<std::uint32_t>(x);
    else bits = static_cast<std::uint64_t>(x);
    vector<T> y{nullptr, lanes};
    y.value = to_->number(y.type(), bits);
    return y;
  }

 private:
  template <class T> vector<T> unary(unary_operation o, vector<T> const& x) {
    return {to_->unary(o, x.type(), x.value), x.lanes};
  }
  template <class T> vector<T> binary(binary_operation o, vector<T> const& a, vector<T> const& b) {
    return {to_->binary(o, a.type(), a.value, b.value), a.lanes};
  }
  template <class T> emitted_mask compare(comparison c, vector<T> const& a, vector<T> const& b) {
    return {to_->compare(c, a.type(), a.value, b.value), a.lanes};
  }
  template <class To, class From> vector<To> reinterpret(vector<From> const& x) {
    vector<To> y{nullptr, x.lanes};
    y.value = to_->reinterpret(y.type(), x.value);
    return y;
  }

  emitter* to_;
};

}  // namespace inlay::inline INLAY_VERSION
