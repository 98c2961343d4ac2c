// expect: an operator needs an element function
// An element function of two operands, where the operator has one input.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#define INLAY_USER_OPERATORS mistaken_operators
#include <inlay/op/operator.hpp>

struct sum_of_one : inlay::op::unary {
  static constexpr inlay::string_view name = "Sum", domain = "com.example";
  using types = inlay::op::float_types;
  template <class T, inlay::stage S, class V>
  static constexpr V element(S& s, V const& x, V const& y) {
    return s.add(x, y);
  }
};

namespace inlay {
using user_operators = operator_list<sum_of_one>;
}

#include <inlay/op/list.hpp>
