// Sums, products, quotients, and what is whole or larger, element by element.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/op/elementwise.hpp"

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
