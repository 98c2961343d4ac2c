// The subcommands of `inlay`, each a function that adds itself to the command line.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <CLI/CLI.hpp>
#include <inlay/graph/graph.hpp>
#include <inlay/program/program.hpp>

/// What a command found out, as its exit status.
enum class status : int { fine = 0, failed = 1, misused = 2 };

/// inlay inspect MODEL: what a model is made of. `result` is set when the command runs.
void add_inspect(CLI::App& app, status& result);

/// Prints the steps of a program: what each computes, of how many multiply-adds, and where its
/// tensors are. `g` is the graph that it was lowered from.
void print_program(inlay::graph const& g, inlay::program const& p);
