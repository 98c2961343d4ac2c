// The whole middle end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <utility>

#include "inlay/graph/verify.hpp"
#include "inlay/pass/eliminate_dead.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/pass/inline_functions.hpp"

namespace inlay::inline INLAY_VERSION {

/// Calls `visit(name, pass)` with every pass, in order.
template <class Visit> constexpr void each_pass(Visit&& visit) {
  visit("verify", [](graph g) { return verify(std::move(g)); });
  visit("inline_functions", [](graph g) { return inline_functions(std::move(g)); });
  visit("infer_types", [](graph g) { return infer_types(std::move(g)); });
  visit("eliminate_dead", [](graph g) { return eliminate_dead(std::move(g)); });
}

/// The graph after all passes. A graph that holds an error goes through untouched.
constexpr graph optimize(graph g) {
  each_pass([&](char const*, auto pass) { g = pass(std::move(g)); });
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
