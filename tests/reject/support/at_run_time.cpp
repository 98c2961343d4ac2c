// What every mistake needs at run time, compiled once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "at_run_time.hpp"

#include <cstdio>
#include <utility>

void print_refusal(inlay::graph net) {
  auto const p = inlay::lower(inlay::optimize(std::move(net)));
  auto const text = p.failure.text.view();
  std::printf("%.*s\n", static_cast<int>(text.size()), text.data());
}
