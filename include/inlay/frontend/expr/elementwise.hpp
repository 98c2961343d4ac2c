// Arithmetic, comparisons, mathematics and activations on tensors of a network, element by element.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <type_traits>

#include "inlay/frontend/expr/apply.hpp"

// A function for each operator, of the operator's inputs and attributes, in the order of
// op/list.hpp. Inputs may be tensors, which broadcast, and numbers: `max(x, 0)`, `clip(x, 0, 6)`,
// `leaky_relu(x, alpha = 0.1f)`.
namespace inlay::inline INLAY_VERSION::expr {

template <class T> constexpr auto abs(tensor<T> x) { return apply<op::abs>(x); }
template <class T> constexpr auto add(tensor<T> x, auto... a) { return apply<op::add>(x, a...); }
template <class T> constexpr auto bitwise_and(tensor<T> x, auto... a) {
  return apply<op::bitwise_and>(x, a...);
}
template <class T> constexpr auto bitwise_not(tensor<T> x) { return apply<op::bitwise_not>(x); }
template <class T> constexpr auto bitwise_or(tensor<T> x, auto... a) {
  return apply<op::bitwise_or>(x, a...);
}
template <class T> constexpr auto bitwise_xor(tensor<T> x, auto... a) {
  return apply<op::bitwise_xor>(x, a...);
}
/// The elements as `To`s.
template <class To, class T> constexpr auto cast(tensor<T> x, auto... a) {
  return apply<op::cast, To>(x, named_attribute("to", static_cast<int>(element_of<To>)), a...);
}
template <class T> constexpr auto cast_like(tensor<T> x, auto... a) {
  return apply<op::cast_like>(x, a...);
}
template <class T> constexpr auto ceil(tensor<T> x) { return apply<op::ceil>(x); }
template <class T> constexpr auto celu(tensor<T> x, auto... a) { return apply<op::celu>(x, a...); }
template <class T> constexpr auto clip(tensor<T> x, auto... a) { return apply<op::clip>(x, a...); }
template <class T> constexpr auto cos(tensor<T> x) { return apply<op::cos>(x); }
template <class T> constexpr auto div(tensor<T> x, auto... a) { return apply<op::div>(x, a...); }
template <class T> constexpr auto elu(tensor<T> x, auto... a) { return apply<op::elu>(x, a...); }
template <class T> constexpr auto equal(tensor<T> x, auto... a) {
  return apply<op::equal>(x, a...);
}
template <class T> constexpr auto erf(tensor<T> x) { return apply<op::erf>(x); }
template <class T> constexpr auto exp(tensor<T> x) { return apply<op::exp>(x); }
template <class T> constexpr auto floor(tensor<T> x) { return apply<op::floor>(x); }
template <class T> constexpr auto gelu(tensor<T> x, auto... a) { return apply<op::gelu>(x, a...); }
template <class T> constexpr auto greater(tensor<T> x, auto... a) {
  return apply<op::greater>(x, a...);
}
template <class T> constexpr auto greater_or_equal(tensor<T> x, auto... a) {
  return apply<op::greater_or_equal>(x, a...);
}
template <class T> constexpr auto hard_sigmoid(tensor<T> x, auto... a) {
  return apply<op::hard_sigmoid>(x, a...);
}
template <class T> constexpr auto hard_swish(tensor<T> x) { return apply<op::hard_swish>(x); }
template <class T> constexpr auto identity(tensor<T> x) { return apply<op::identity>(x); }
template <class T> constexpr auto is_inf(tensor<T> x, auto... a) {
  return apply<op::is_inf>(x, a...);
}
template <class T> constexpr auto is_nan(tensor<T> x) { return apply<op::is_nan>(x); }
template <class T> constexpr auto leaky_relu(tensor<T> x, auto... a) {
  return apply<op::leaky_relu>(x, a...);
}
template <class T> constexpr auto less(tensor<T> x, auto... a) { return apply<op::less>(x, a...); }
template <class T> constexpr auto less_or_equal(tensor<T> x, auto... a) {
  return apply<op::less_or_equal>(x, a...);
}
template <class T> constexpr auto log(tensor<T> x) { return apply<op::log>(x); }
template <class T> constexpr auto logical_and(tensor<T> x, auto... a) {
  return apply<op::logical_and>(x, a...);
}
template <class T> constexpr auto logical_not(tensor<T> x) { return apply<op::logical_not>(x); }
template <class T> constexpr auto logical_or(tensor<T> x, auto... a) {
  return apply<op::logical_or>(x, a...);
}
template <class T> constexpr auto logical_xor(tensor<T> x, auto... a) {
  return apply<op::logical_xor>(x, a...);
}
template <class T> constexpr auto max(tensor<T> x, auto... a) { return apply<op::max>(x, a...); }
template <class T> constexpr auto mean(tensor<T> x, auto... a) { return apply<op::mean>(x, a...); }
template <class T> constexpr auto min(tensor<T> x, auto... a) { return apply<op::min>(x, a...); }
template <class T> constexpr auto mish(tensor<T> x) { return apply<op::mish>(x); }
template <class T> constexpr auto mul(tensor<T> x, auto... a) { return apply<op::mul>(x, a...); }
template <class T> constexpr auto neg(tensor<T> x) { return apply<op::neg>(x); }
template <class T> constexpr auto pow(tensor<T> x, auto... a) { return apply<op::pow>(x, a...); }
template <class T> constexpr auto prelu(tensor<T> x, auto... a) {
  return apply<op::prelu>(x, a...);
}
template <class T> constexpr auto reciprocal(tensor<T> x) { return apply<op::reciprocal>(x); }
template <class T> constexpr auto relu(tensor<T> x) { return apply<op::relu>(x); }
template <class T> constexpr auto round(tensor<T> x) { return apply<op::round>(x); }
template <class T> constexpr auto selu(tensor<T> x, auto... a) { return apply<op::selu>(x, a...); }
template <class T> constexpr auto sigmoid(tensor<T> x) { return apply<op::sigmoid>(x); }
template <class T> constexpr auto sign(tensor<T> x) { return apply<op::sign>(x); }
template <class T> constexpr auto sin(tensor<T> x) { return apply<op::sin>(x); }
template <class T> constexpr auto softplus(tensor<T> x) { return apply<op::softplus>(x); }
template <class T> constexpr auto softsign(tensor<T> x) { return apply<op::softsign>(x); }
template <class T> constexpr auto sqrt(tensor<T> x) { return apply<op::sqrt>(x); }
template <class T> constexpr auto sub(tensor<T> x, auto... a) { return apply<op::sub>(x, a...); }
template <class T> constexpr auto sum(tensor<T> x, auto... a) { return apply<op::sum>(x, a...); }
template <class T> constexpr auto swish(tensor<T> x, auto... a) {
  return apply<op::swish>(x, a...);
}
template <class T> constexpr auto tanh(tensor<T> x) { return apply<op::tanh>(x); }
template <class T> constexpr auto thresholded_relu(tensor<T> x, auto... a) {
  return apply<op::thresholded_relu>(x, a...);
}
/// `where(x > 0, x, 0)`: of the second input where the first is true, else of the third. One of
/// these two may be a number.
template <class T, class A, class B>
  requires(a_tensor<A> || a_tensor<B>)
constexpr auto where(tensor<T> condition, A a, B b) {
  static_assert(std::is_same_v<T, bool>,
                "a condition is a tensor of truths, such as a comparison: x > 0");
  return apply<op::where>(condition, a, b);
}

/// Tensors and numbers, of which at least one is a tensor.
template <class A, class B>
concept operands = (a_tensor<A> && (a_tensor<B> || a_number<B>)) || (a_number<A> && a_tensor<B>);

template <class T> constexpr auto operator-(tensor<T> x) { return apply<op::neg>(x); }
constexpr auto operator!(tensor<bool> x) { return apply<op::logical_not>(x); }
template <class T> constexpr auto operator~(tensor<T> x) { return apply<op::bitwise_not>(x); }

template <class A, class B>
  requires operands<A, B>
constexpr auto operator+(A const& a, B const& b) {
  return apply<op::add>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator-(A const& a, B const& b) {
  return apply<op::sub>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator*(A const& a, B const& b) {
  return apply<op::mul>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator/(A const& a, B const& b) {
  return apply<op::div>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator<(A const& a, B const& b) {
  return apply<op::less>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator>(A const& a, B const& b) {
  return apply<op::greater>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator<=(A const& a, B const& b) {
  return apply<op::less_or_equal>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator>=(A const& a, B const& b) {
  return apply<op::greater_or_equal>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator==(A const& a, B const& b) {
  return apply<op::equal>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator!=(A const& a, B const& b) {
  return !apply<op::equal>(a, b);
}
template <class A, class B> constexpr auto operator&&(tensor<A> a, tensor<B> b) {
  static_assert(std::is_same_v<A, bool> && std::is_same_v<B, bool>,
                "&& takes two tensors of truths, such as comparisons: x > 0 && y > 0");
  return apply<op::logical_and>(a, b);
}
template <class A, class B> constexpr auto operator||(tensor<A> a, tensor<B> b) {
  static_assert(std::is_same_v<A, bool> && std::is_same_v<B, bool>,
                "|| takes two tensors of truths, such as comparisons: x > 0 || y > 0");
  return apply<op::logical_or>(a, b);
}
/// Of truths, or of the bits of integers.
template <class T> constexpr auto operator&(tensor<T> a, tensor<T> b) {
  if constexpr (std::is_same_v<T, bool>) return apply<op::logical_and>(a, b);
  else return apply<op::bitwise_and>(a, b);
}
template <class T> constexpr auto operator|(tensor<T> a, tensor<T> b) {
  if constexpr (std::is_same_v<T, bool>) return apply<op::logical_or>(a, b);
  else return apply<op::bitwise_or>(a, b);
}
template <class T> constexpr auto operator^(tensor<T> a, tensor<T> b) {
  if constexpr (std::is_same_v<T, bool>) return apply<op::logical_xor>(a, b);
  else return apply<op::bitwise_xor>(a, b);
}

template <class T, class B> constexpr tensor<T>& operator+=(tensor<T>& a, B const& b) {
  return a = a + b;
}
template <class T, class B> constexpr tensor<T>& operator-=(tensor<T>& a, B const& b) {
  return a = a - b;
}
template <class T, class B> constexpr tensor<T>& operator*=(tensor<T>& a, B const& b) {
  return a = a * b;
}
template <class T, class B> constexpr tensor<T>& operator/=(tensor<T>& a, B const& b) {
  return a = a / b;
}

}  // namespace inlay::inline INLAY_VERSION::expr
