// What an operator's struct says of it: its place among others, and how it computes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/op/lowering.hpp"
#include "inlay/op/node_view.hpp"
#include "inlay/op/view.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// Empty for ONNX's own operators.
template <class Operator> constexpr string_view domain_of() {
  if constexpr (requires { Operator::domain; }) return Operator::domain;
  else return {};
}
/// The oldest version of the operator set of its domain that has this form of it.
template <class Operator> constexpr int since_of() {
  if constexpr (requires { Operator::since; }) return Operator::since;
  else return 1;
}

template <class Operator> constexpr bool has_view_of_input() {
  return requires(node_view const& n, tensor_view& v) { Operator::view_of_input(n, 0, v); };
}
template <class Operator> constexpr bool has_view_of_output() {
  return requires(node_view const& n, tensor_view& v) { Operator::view_of_output(n, 0, v); };
}
template <class Operator> constexpr bool is_view() {
  return has_view_of_input<Operator>() || has_view_of_output<Operator>();
}
template <class Operator> constexpr bool is_elementwise() {
  return !is_view<Operator>() && !requires { typename Operator::kernel; } &&
         !requires(node_view const& n, lowering& l) { Operator::lower(n, l); };
}
/// Whether programs have steps of this operator. Those of a view are copies.
template <class Operator> constexpr bool is_step() {
  return !is_view<Operator>() || requires { typename Operator::kernel; };
}

}  // namespace inlay::inline INLAY_VERSION::detail
