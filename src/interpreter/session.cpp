// The interpreter's sessions; it is compiled for the oldest machine.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Of kernels it has those that fold constants, which are scalar: to load a model takes no longer,
// and to compile this two thirds of the time.
#define INLAY_WITHOUT_INLINING
#include <inlay/execute/interpreter/session-inl.hpp>

#include "families.hpp"

namespace inlay::inline INLAY_VERSION::interpreter {

kernel_set const& kernels_of_machine() {
  static kernel_set const kernels{inlay::interpreter_kernels_v0_1::families_of_machine()};
  return kernels;
}

}  // namespace inlay::inline INLAY_VERSION::interpreter
