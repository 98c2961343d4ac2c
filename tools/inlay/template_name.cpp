// Names of templates as Clang prints them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "template_name.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace {

constexpr std::string_view punctuation = "<>=!+-*/%^&|~,()[]";

bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// The word that ends before this place.
std::string_view word_before(std::string_view name, std::size_t end) {
  auto begin = end;
  while (begin > 0 && is_of_word(name[begin - 1])) --begin;
  return name.substr(begin, end - begin);
}

/// What stands behind the first `opening`, up to a comma or the end of the arguments.
std::string_view argument_of(std::string_view name, std::string_view opening) {
  auto const at = name.find(opening);
  if (at == name.npos) return {};
  auto const rest = name.substr(at + opening.size());
  return rest.substr(0, rest.find_first_of("<>, "));
}

/// The number behind the program, the first argument, of a template whose name starts so.
std::string_view number_behind_program(std::string_view name) {
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '<') ++depth;
    else if (name[i] == '>') --depth;
    else if (name[i] == ',' && depth == 1) {
      auto const rest = name.substr(std::min(i + 2, name.size()));
      return rest.substr(0, rest.find_first_not_of("0123456789"));
    }
  }
  return {};
}

}  // namespace

std::string without_arguments(std::string_view name) {
  std::string plain;
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (depth == 0 && punctuation.find(name[i]) != punctuation.npos &&
        word_before(name, i) == "operator") {
      auto end = std::min(name.find_first_not_of(punctuation, i), name.size());
      // operator<<int> is operator< of int.
      if (end - i > 1 && end < name.size() && (name[end - 1] == '<' || name[end - 1] == '(')) --end;
      plain += name.substr(i, end - i);
      i = end;
      if (i == name.size()) break;
    }
    auto const c = name[i];
    if (c == '<' || c == '(') ++depth;
    if (depth == 0) plain += c;
    if ((c == '>' || c == ')') && depth > 0) --depth;
  }
  // A lambda has no name.
  for (auto at = plain.find("::::"); at != plain.npos; at = plain.find("::::")) {
    plain.replace(at, 4, "::(lambda)::");
  }
  return plain;
}

std::string network_in(std::string_view name) {
  for (std::string_view const opening : {"inlay::model<", "inlay::weighted_model<"}) {
    auto const found = argument_of(name, opening);
    if (!found.empty()) return std::string(found);
  }
  // The innermost of what is frozen is the network.
  constexpr std::string_view opening = "inlay::frozen<";
  for (auto at = name.rfind(opening); at != name.npos;
       at = at == 0 ? name.npos : name.rfind(opening, at - 1)) {
    auto const found = argument_of(name.substr(at), opening);
    if (!found.empty() && !found.starts_with("inlay::")) return std::string(found);
  }
  return {};
}

std::string part_of_network(std::string_view name) {
  if (name.starts_with("inlay::step_code<")) {
    auto const structure = number_behind_program(name);
    return structure.empty() ? "" : "code of step structure " + std::string(structure);
  }
  if (name.starts_with("inlay::static_executor<")) return "code that calls the steps";
  if (name.starts_with("inlay::weight_pool<")) return "weights, packed";
  if (name.starts_with("inlay::frozen<")) {
    auto const what = argument_of(name, "inlay::frozen<");
    if (what == "inlay::lower_network") return "lowered to steps, memory planned";
    if (what == "inlay::optimize_network") return "optimized";
    return "graph read or recorded";
  }
  auto const plain = without_arguments(name);
  if (plain == "inlay::optimize") return "optimized";
  if (plain == "inlay::lower") return "lowered to steps, memory planned";
  return {};
}

std::string short_path(std::string_view path) {
  if (auto const at = path.rfind("/inlay/"); at != path.npos) {
    return std::string(path.substr(at + 1));
  }
  if (auto const at = path.rfind("/c++/"); at != path.npos) {  // a version is the next folder
    auto const rest = path.substr(at + 5);
    return std::string(rest.substr(std::min(rest.find('/'), rest.size() - 1) + 1));
  }
  if (auto const at = path.rfind("/include/"); at != path.npos) {
    return std::string(path.substr(at + 9));
  }
  return std::string(path.substr(path.find_last_of('/') + 1));
}

bool is_of_inlay(std::string_view name) {
  return name.starts_with("inlay::") || name.find("include/inlay/") != name.npos;
}
