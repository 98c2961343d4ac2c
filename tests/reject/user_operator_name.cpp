// expect: two operators have the same domain and name
// An operator with the name of one that the library has.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#define INLAY_USER_OPERATORS mistaken_operators
#include <inlay/op/operator.hpp>

struct my_relu : inlay::op::unary {
  static constexpr inlay::string_view name = "Relu";
  using types = inlay::op::float_types;
  template <class T, inlay::stage S, class V> static constexpr V element(S&, V const& x) {
    return x;
  }
};

namespace inlay {
using user_operators = operator_list<my_relu>;
}

#include <inlay/op/list.hpp>
