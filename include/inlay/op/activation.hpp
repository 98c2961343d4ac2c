// Activations, element by element.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/kernel/math-inl.hpp"
#include "inlay/kernel/sigmoid-inl.hpp"
#include "inlay/op/elementwise.hpp"

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
