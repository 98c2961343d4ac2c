// What any number of tensors come to, element by element, and what keeps to limits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/op/elementwise.hpp"

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
