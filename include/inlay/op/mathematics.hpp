// Roots, powers and other functions, element by element.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/kernel/error_function-inl.hpp"
#include "inlay/kernel/logarithm-inl.hpp"
#include "inlay/kernel/math-inl.hpp"
#include "inlay/kernel/power-inl.hpp"
#include "inlay/kernel/trigonometry-inl.hpp"
#include "inlay/op/elementwise.hpp"

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
