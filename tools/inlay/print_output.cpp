// What a terminal shows of an output.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "print_output.hpp"

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <inlay/core/bytes.hpp>
#include <inlay/core/error.hpp>
#include <iostream>
#include <numeric>

#include "mistake.hpp"

namespace {

/// Whether the elements of a tensor of that type stand for classes.
bool are_classes(inlay::tensor_type const& type) {
  using enum inlay::element_type;
  auto const& s = type.shape;
  return (type.element == float32 || type.element == float64) && s.size() == 2 && s[0] == 1 &&
         s[1] > 1;
}

template <class T> void print_elements(tensor const& t, class_options const& classes) {
  auto const count = t.elements.size() / sizeof(T);
  auto const at = [&](std::size_t i) { return inlay::read_little_endian<T>(t.elements, i); };
  auto const show = [&](std::size_t i) { std::cout << ' ' << +at(i); };
  std::cout << "  elements";
  for (std::size_t i = 0; i < std::min<std::size_t>(count, 8); ++i) show(i);
  std::cout << (count > 8 ? " …\n" : "\n");
  if (!are_classes(t.type)) return;
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  auto const shown = std::min(static_cast<std::size_t>(classes.top), count);
  auto const end = order.begin() + static_cast<std::ptrdiff_t>(shown);
  // What is not a number comes last.
  std::partial_sort(order.begin(), end, order.end(), [&](auto a, auto b) {
    auto const x = at(a), y = at(b);
    if (x != x || y != y) return x == x || (y != y && a < b);
    return x != y ? x > y : a < b;
  });
  order.erase(end, order.end());
  if (classes.labels.size() == count) {
    for (auto const i : order) {
      std::cout << "  " << printable(classes.labels[i]);
      show(i);
      std::cout << '\n';
    }
    return;
  }
  std::cout << "  top " << shown;
  char const* separator = "   ";
  for (auto const i : order) {
    std::cout << separator << '[' << i << ']';
    show(i);
    separator = ", ";
  }
  std::cout << '\n';
}

}  // namespace

std::string printable(std::string_view text) {
  inlay::sentence s;
  s << text;
  return std::string(s.view());
}

std::vector<std::string> read_labels(std::filesystem::path const& path) {
  std::ifstream file(path);
  if (!file) throw mistake("cannot open '" + path.string() + "'");
  std::vector<std::string> labels;
  for (std::string line; std::getline(file, line);) {
    if (labels.size() == most_classes) {
      throw mistake(path.string() + ": there are more than " + std::to_string(most_classes) +
                    " lines");
    }
    if (!line.empty() && line.back() == '\r') line.pop_back();
    labels.push_back(line);
  }
  return labels;
}

void check_labels(class_options const& classes, std::vector<tensor> const& outputs) {
  if (classes.file.empty()) return;
  auto const count = std::to_string(classes.labels.size());
  for (auto const& t : outputs) {
    if (are_classes(t.type) && std::to_string(t.type.shape[1]) == count) return;
  }
  throw mistake("--labels " + classes.file + ": it has " + count +
                " lines, and no output is floats 1x" + count);
}

void print_output(tensor const& t, class_options const& classes) {
  std::cout << printable(t.name) << ": " << text_of(t.type) << '\n';
  inlay::with_type(t.type.element, inlay::stored_types{},
                   [&]<class T>(T) { print_elements<T>(t, classes); });
}
