// The passes and the lowering.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes.hpp"

#include <inlay/pass/optimize.hpp>
#include <inlay/program/lower.hpp>
#include <utility>

inlay::graph optimize(inlay::graph g) { return inlay::optimize(std::move(g)); }

void optimize(inlay::graph g,
              std::function<void(char const* pass, inlay::graph const&)> const& show) {
  inlay::each_pass([&](char const* name, auto pass) {
    g = pass(std::move(g));
    show(name, g);
  });
}

inlay::program lower(inlay::graph g, inlay::lower_options const& how) {
  return inlay::lower(std::move(g), how);
}
