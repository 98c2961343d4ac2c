// The passes and the lowering, which take long to compile: once for all commands.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <inlay/graph/graph.hpp>
#include <inlay/program/program.hpp>

/// inlay::optimize.
inlay::graph optimize(inlay::graph g);
/// The same; `show` is called with the graph after each pass, and with the pass's name.
void optimize(inlay::graph g,
              std::function<void(char const* pass, inlay::graph const&)> const& show);

/// inlay::lower.
inlay::program lower(inlay::graph g, inlay::lower_options const& how = {});
