// The sentence with which a graph is refused at run time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <inlay/inlay.hpp>

/// Prints why the graph has no program.
void print_refusal(inlay::graph net);
