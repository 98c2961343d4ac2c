// expect: the operator is not listed: inlay::user_operators names those of a program
// An operator that no list names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/op/list.hpp>

struct cube : inlay::op::unary {
  static constexpr inlay::string_view name = "Cube", domain = "com.example";
  using types = inlay::op::float_types;
  template <class T, inlay::stage S, class V> static constexpr V element(S&, V const& x) {
    return x;
  }
};

constexpr auto number = inlay::id_of<cube>;
