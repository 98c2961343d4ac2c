// The subcommands of `inlay`, each a function that adds itself to the command line.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <CLI/CLI.hpp>

/// What a command found out, as its exit status.
enum class status : int { fine = 0, failed = 1, misused = 2 };

/// inlay inspect MODEL: what a model is made of. `result` is set when the command runs.
void add_inspect(CLI::App& app, status& result);
