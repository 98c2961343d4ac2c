// The scalar interpreter, whose kernels of all operators one translation unit compiles for all.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/span.hpp"
#include "inlay/program/program.hpp"

namespace inlay_test {

/// `inlay::interpret`.
void interpret_program(inlay::program const& p, inlay::span<void const* const> inputs,
                       inlay::span<void* const> outputs);

}  // namespace inlay_test
