// Prints what op/list.hpp lists, a line an operator, with tabs: name, since, inputs, outputs, what
// its steps are, by which executors, element types, attributes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdio>
#include <inlay/execute/families.hpp>
#include <inlay/op/list.hpp>
#include <string>

namespace {

using namespace inlay;

std::string text_of(string_view text) { return {text.data(), text.size()}; }

std::string range_of(arity a) {
  if (a.least == a.most) return std::to_string(a.least);
  auto const most = a.most > 1'000 ? "any" : std::to_string(a.most);
  return std::to_string(a.least) + " to " + most;
}

template <class Operator> std::string types() {
  std::string text;
  for (int i = 1; i < element_type_count; ++i) {
    auto const e = static_cast<element_type>(i);
    if (!contains(typename Operator::types{}, e)) continue;
    text += (text.empty() ? "" : " ") + text_of(name_of(e));
  }
  return text;
}

template <class Operator> std::string attributes() {
  std::string text;
  for (auto const& a : detail::attributes_of<Operator>()) {
    text += (text.empty() ? "" : " ") + text_of(a.name);
  }
  return text;
}

template <class Operator> char const* steps() {
  if constexpr (detail::is_elementwise<Operator>()) return "element";
  else return detail::is_view<Operator>() ? "view" : "kernel";
}

template <class... Operator> void print_all(operator_list<Operator...>) {
  (std::printf("%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n", text_of(Operator::name).c_str(), Operator::since,
               range_of(Operator::inputs).c_str(), range_of(Operator::outputs).c_str(),
               steps<Operator>(), "static interpreter jit", types<Operator>().c_str(),
               attributes<Operator>().c_str()),
   ...);
}

}  // namespace

int main() { print_all(operators{}); }
