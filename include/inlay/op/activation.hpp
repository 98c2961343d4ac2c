// Activations, element by element.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/kernel/sigmoid-inl.hpp"
#include "inlay/op/elementwise.hpp"

namespace inlay::inline INLAY_VERSION {
namespace op {

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
