// The whole middle end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <utility>

#include "inlay/graph/verify.hpp"
#include "inlay/pass/eliminate_dead.hpp"
#include "inlay/pass/infer_types.hpp"

namespace inlay::inline INLAY_VERSION {

/// The passes, in order. A graph that holds an error goes through untouched.
constexpr graph optimize(graph g) {
  g = verify(std::move(g));
  g = infer_types(std::move(g));
  g = eliminate_dead(std::move(g));
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
