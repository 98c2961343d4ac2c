// The options that commands share, and the model that they name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <inlay/frontend/onnx/load.hpp>
#include <inlay/pass/bind_dimensions.hpp>
#include <string>
#include <string_view>
#include <vector>

/// NAME=VALUE, each as it was given to --dim.
using dimension_options = std::vector<std::string>;

void add_dimensions(CLI::App& command, dimension_options& to);

/// What the options say; the names are views of them.   *Errors*: throws `misuse`.
std::vector<inlay::dimension_value> parse_dimensions(dimension_options const& options);

struct engine_options {
  std::string name = "interpreter";
  int threads = 1;
};

void add_engine(CLI::App& command, engine_options& to);

/// --arena-limit: the most bytes that the tensors between the layers may have.
void add_arena_limit(CLI::App& command, std::int64_t& to);

/// *Errors*: throws `misuse` where there is no such engine, or not with as many threads.
void check_engine(engine_options const& options);

/// "MODEL: what is wrong"; the name of the model once.
std::string sentence_of(std::string const& model, std::string_view why);

/// The model of a file, its dimensions given their values.   *Errors*: throws `mistake`.
inlay::onnx_file load_model(std::string const& path, dimension_options const& dimensions);
