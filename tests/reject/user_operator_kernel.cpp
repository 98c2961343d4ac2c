// expect: a kernel needs a function beside it: run
// A kernel that nothing runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#define INLAY_USER_OPERATORS mistaken_operators
#include <inlay/op/operator.hpp>

struct still {
  static constexpr int inputs = 1;
};
struct stand : inlay::op::unary {
  static constexpr inlay::string_view name = "Stand", domain = "com.example";
  using types = inlay::op::float_types;
  using kernel = still;
  static constexpr void lower(auto const&, inlay::lowering&) {}
};

namespace inlay {
using user_operators = operator_list<stand>;
}

#include <inlay/op/list.hpp>
