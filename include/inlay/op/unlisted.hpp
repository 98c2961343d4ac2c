// What is said of an operator that is not listed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

/// "the operator 'com.example.Thing' is not supported"
constexpr error unlisted_operator(node const& n) {
  return make_error(rule::the_operator_must_be_supported, "the operator '", n.domain,
                    n.domain.empty() ? "" : ".", n.type, "' is not supported");
}

}  // namespace inlay::inline INLAY_VERSION
