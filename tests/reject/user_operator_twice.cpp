// expect: two operators have the same domain and name
// Two operators of one name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#define INLAY_USER_OPERATORS mistaken_operators
#include <inlay/op/operator.hpp>

struct first : inlay::op::unary {
  static constexpr inlay::string_view name = "Same", domain = "com.example";
  using types = inlay::op::float_types;
  template <class T, inlay::stage S, class V> static constexpr V element(S&, V const& x) {
    return x;
  }
};
struct second : first {};

namespace inlay {
using user_operators = operator_list<first, second>;
}

#include <inlay/op/list.hpp>
