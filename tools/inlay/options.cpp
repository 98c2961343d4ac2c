// The options that commands share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "options.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "command.hpp"

namespace {

constexpr std::string_view engines[] = {
    "interpreter",
    "scalar",
#if defined(INLAY_WITH_JIT)
    "jit",
#endif
};

constexpr int most_threads = 1024;

std::string names_of_engines() {
  std::string names;
  for (auto const name : engines) names.append(names.empty() ? "" : ", ").append(name);
  return names;
}

}  // namespace

void add_dimensions(CLI::App& command, dimension_options& to) {
  command.add_option("--dim", to, "NAME=VALUE gives a named dimension its value")
      ->allow_extra_args(false);
}

std::vector<inlay::dimension_value> parse_dimensions(dimension_options const& options) {
  std::vector<inlay::dimension_value> values;
  for (auto const& text : options) {
    auto const split = text.find('=');
    char* end = nullptr;
    auto const value =
        split == std::string::npos ? 0 : std::strtoll(text.c_str() + split + 1, &end, 10);
    if (split == std::string::npos || *end != '\0' || value < 1) {
      throw misuse("--dim takes NAME=VALUE with a value of at least 1, not '" + text + "'");
    }
    values.push_back({std::string_view(text).substr(0, split), value});
  }
  return values;
}

void add_engine(CLI::App& command, engine_options& to) {
  command.add_option("--engine", to.name, "What computes: " + names_of_engines())
      ->capture_default_str();
  command.add_option("--threads", to.threads, "How many threads compute a run, with the same bits")
      ->capture_default_str();
}

void add_arena_limit(CLI::App& command, std::int64_t& to) {
  command
      .add_option("--arena-limit", to,
                  "BYTES: at most so many for the tensors between the layers; a model that needs "
                  "more is refused")
      ->check(CLI::NonNegativeNumber);
}

void check_engine(engine_options const& options) {
  if (options.name == "static") {
    throw misuse(
        "the engine 'static' is compiled with a program of yours: 'inlay embed' writes a "
        "model as a header, of which inlay::model<net> is the code");
  }
  bool const is_there =
      std::find(std::begin(engines), std::end(engines), options.name) != std::end(engines);
  if (options.name == "jit" && !is_there) {
    throw misuse("the engine 'jit' needs LLVM, without which this program was built; there is: " +
                 names_of_engines());
  }
  if (!is_there) {
    throw misuse("there is no engine '" + options.name + "'; there is: " + names_of_engines());
  }
  auto const threads = "--threads " + std::to_string(options.threads);
  if (options.threads < 1 || options.threads > most_threads) {
    throw misuse(threads + ": a run has at least 1 thread, and at most " +
                 std::to_string(most_threads));
  }
  if (options.threads == 1) return;
  if (options.name == "scalar") throw misuse(threads + ": the engine 'scalar' has 1 thread");
#if !defined(INLAY_WITH_TBB)
  throw misuse(threads + ": threads need oneTBB, without which this program was built");
#endif
}

std::string sentence_of(std::string const& model, std::string_view why) {
  bool const names_model = why.find("'" + model + "'") != why.npos;
  return (names_model ? "" : model + ": ") + std::string(why);
}

inlay::onnx_file load_model(std::string const& path, dimension_options const& dimensions) {
  auto const values = parse_dimensions(dimensions);
  auto file = inlay::load_onnx(path);
  if (!file) throw mistake(sentence_of(path, file.failure().text.view()), file.failure());
  file->graph = inlay::bind_dimensions(
      std::move(file->graph),
      inlay::span<inlay::dimension_value const>(values.data(), values.size()));
  if (auto const& e = file->graph.failure) throw mistake(sentence_of(path, e.text.view()), e);
  return std::move(*file);
}
