// The subcommands of `inlay`, each a function that adds itself to the command line.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <CLI/CLI.hpp>
#include <inlay/graph/graph.hpp>
#include <inlay/program/program.hpp>

#include "mistake.hpp"

/// What a command found out, as its exit status.
enum class status : int { fine = 0, failed = 1, misused = 2 };

// Each sets `result` when the command runs.

/// inlay inspect MODEL: what a model is made of.
void add_inspect(CLI::App& app, status& result);

/// Prints the steps of a program: what each computes, of how many multiply-adds, and where its
/// tensors are. `g` is the graph that it was lowered from.
void print_program(inlay::graph const& g, inlay::program const& p);
/// inlay run MODEL: a model's outputs for inputs from files.
void add_run(CLI::App& app, status& result);
/// inlay check FOLDER: ONNX's backend tests.
void add_check(CLI::App& app, status& result);
/// inlay bench MODEL: how long a model takes.
void add_bench(CLI::App& app, status& result);
/// inlay embed MODEL: a model as a C++ header.
void add_embed(CLI::App& app, status& result);
/// inlay explain-compile-time TRACE: what took a compiler its time.
void add_explain_compile_time(CLI::App& app, status& result);
