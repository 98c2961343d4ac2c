// The whole middle end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <utility>

#include "inlay/graph/verify.hpp"
#include "inlay/pass/constants_to_values.hpp"
#include "inlay/pass/convert_opset.hpp"
#include "inlay/pass/eliminate_common_subexpressions.hpp"
#include "inlay/pass/eliminate_dead.hpp"
#include "inlay/pass/eliminate_identities.hpp"
#include "inlay/pass/fix_reshapes.hpp"
#include "inlay/pass/fold_batch_norm-inl.hpp"
#include "inlay/pass/fold_constants-inl.hpp"
#include "inlay/pass/fold_pads.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/pass/inline_functions.hpp"
#include "inlay/pass/split_operators.hpp"

INLAY_BEGIN_TARGET

/// Calls `visit(name, pass)` with every pass, in order; without folding, if `Folds` says so.
template <bool Folds = true, class Visit> constexpr void each_pass(Visit&& visit) {
  visit("verify", [](auto g) { return verify(std::move(g)); });
  visit("inline_functions", [](auto g) { return inline_functions(std::move(g)); });
  visit("constants_to_values", [](auto g) { return constants_to_values(std::move(g)); });
  visit("convert_opset", [](auto g) { return convert_opset(std::move(g)); });
  visit("infer_types", [](auto g) { return infer_types(std::move(g)); });
  visit("split_operators", [](auto g) { return split_operators(std::move(g)); });
  visit("fix_reshapes", [](auto g) { return fix_reshapes(std::move(g)); });
  visit("eliminate_identities", [](auto g) { return eliminate_identities(std::move(g)); });
  if constexpr (Folds) {
    visit("fold_constants", [](auto g) { return fold_constants(std::move(g)); });
  }
  visit("fold_pads", [](auto g) { return fold_pads(std::move(g)); });
  visit("fold_batch_norm", [](auto g) { return fold_batch_norm(std::move(g)); });
  visit("eliminate_common_subexpressions",
        [](auto g) { return eliminate_common_subexpressions(std::move(g)); });
  visit("eliminate_dead", [](auto g) { return eliminate_dead(std::move(g)); });
}

/// The graph after all passes. A graph that holds an error goes through untouched.
/// *Costs*: `Folds` compiles every kernel for the compiler's own use, half a second; without it,
/// what `has_constant_nodes` finds is computed whenever the program runs.
template <bool Folds = true> constexpr graph optimize(graph g) {
  each_pass<Folds>([&](char const*, auto pass) { g = pass(std::move(g)); });
  return g;
}

INLAY_END_TARGET
