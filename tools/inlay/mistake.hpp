// What a command ends with.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <inlay/core/error.hpp>
#include <stdexcept>
#include <string>

/// What a command cannot go on with: a sentence, which `main` prints.
struct mistake : std::runtime_error {
  using runtime_error::runtime_error;
  /// What is wrong with a model: the sentence that is given, and the rule.
  mistake(std::string const& text, inlay::error const& e) : runtime_error(text), broken(e.broken) {}

  inlay::rule broken{};
};
/// The same of the command line itself.
struct misuse : std::runtime_error {
  using runtime_error::runtime_error;
};
