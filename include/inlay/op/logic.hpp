// Truths made of truths, bits made of bits, and what is chosen by them, element by element.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/op/elementwise.hpp"

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
