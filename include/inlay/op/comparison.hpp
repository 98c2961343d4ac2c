// Truths about numbers, element by element.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/least_value.hpp"
#include "inlay/op/elementwise.hpp"

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
