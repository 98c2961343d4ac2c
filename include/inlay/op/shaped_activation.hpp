// Activations with attributes, element by element.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>

#include "inlay/core/span.hpp"
#include "inlay/kernel/error_function-inl.hpp"
#include "inlay/kernel/math-inl.hpp"
#include "inlay/kernel/sigmoid-inl.hpp"
#include "inlay/op/elementwise.hpp"

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
