// expect: an operator needs element types: using types = type_list<float, double>
// An operator that does not say of which elements it is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#define INLAY_USER_OPERATORS mistaken_operators
#include <inlay/op/operator.hpp>

struct nothing_much : inlay::op::unary {
  static constexpr inlay::string_view name = "Nothing", domain = "com.example";
  template <class T, inlay::stage S, class V> static constexpr V element(S&, V const& x) {
    return x;
  }
};

namespace inlay {
using user_operators = operator_list<nothing_much>;
}

#include <inlay/op/list.hpp>
