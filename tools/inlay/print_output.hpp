// What a terminal shows of an output: its first elements, and the classes that it names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tensor_file.hpp"

inline constexpr int most_classes = 1'000'000;

/// How the largest elements of an output are shown.
struct class_options {
  int top = 5;
  std::string file;                 // of the labels; none is no label
  std::vector<std::string> labels;  // of each element
};

/// Without what a terminal would obey.
std::string printable(std::string_view text);

/// The lines of a file. *Errors*: a `mistake` where it cannot be read, or has too many.
std::vector<std::string> read_labels(std::filesystem::path const& path);

/// *Errors*: a `mistake` where there are labels, and no output with as many elements.
void check_labels(class_options const& classes, std::vector<tensor> const& outputs);

/// Name, type, the first elements, and of floats 1xN the largest ones.
void print_output(tensor const& t, class_options const& classes);
