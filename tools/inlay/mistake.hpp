// What a command ends with.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <stdexcept>

/// What a command cannot go on with: a sentence, which `main` prints.
struct mistake : std::runtime_error {
  using runtime_error::runtime_error;
};
/// The same of the command line itself.
struct misuse : std::runtime_error {
  using runtime_error::runtime_error;
};
