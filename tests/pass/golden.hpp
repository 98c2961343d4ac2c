// A pass before and after, as text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string_view>
#include <utility>

#include "inlay/graph/parse.hpp"
#include "inlay/graph/print.hpp"
#include "inlay/graph/verify.hpp"
#include "inlay/op/list.hpp"

namespace inlay_test {

using namespace inlay;

/// What the pass makes of the graph that the text says, or why that text is no graph.
template <class Pass> constexpr text_buffer text_after(Pass pass, std::string_view before) {
  auto g = verify(parse(before, find_operator));
  if (!g.failure) g = verify(pass(std::move(g)));
  return print(g);
}

template <class Pass>
constexpr bool becomes(Pass pass, std::string_view before, std::string_view after) {
  // Texts of tests start on a line of their own.
  return text_after(pass, before).view() == after.substr(1);
}
template <class Pass> constexpr bool stays(Pass pass, std::string_view before) {
  return becomes(pass, before, before);
}

/// A pass leaves a graph alone that holds an error.
template <class Pass> constexpr bool leaves_failures_alone(Pass pass, std::string_view before) {
  auto g = parse(before, find_operator);
  g.fail(make_error(rule::the_file_must_not_be_truncated, "earlier"));
  auto const expected = print(g);
  return print(pass(std::move(g))).view() == expected.view();
}

}  // namespace inlay_test
