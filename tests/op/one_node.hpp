// A graph of one node, for the tests of operators.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <initializer_list>
#include <string_view>

#include "inlay/op/list.hpp"

namespace inlay_test {

using namespace inlay;

constexpr tensor_type float32(shape const& s) { return {element_type::float32, s}; }

/// `Operator` applied to inputs of these types.
template <class Operator>
constexpr graph one_node(std::initializer_list<tensor_type> inputs,
                         std::initializer_list<named_attribute> attributes, std::int64_t opset) {
  builder b("", opset);
  vector<value_id> ids;
  for (auto const& type : inputs) ids.push_back(b.input({}, type));
  // A node's inputs come as a list.
  value_id output = no_value;
  if (ids.size() == 1) output = apply<Operator>(b, "", {ids[0]}, attributes);
  if (ids.size() == 2) output = apply<Operator>(b, "", {ids[0], ids[1]}, attributes);
  if (ids.size() == 3) output = apply<Operator>(b, "", {ids[0], ids[1], ids[2]}, attributes);
  if (ids.size() == 5) {
    output = apply<Operator>(b, "", {ids[0], ids[1], ids[2], ids[3], ids[4]}, attributes);
  }
  b.output(output);
  return b.finish();
}

constexpr result<tensor_type> type_of(graph g) {
  inference known(g);
  return entry_of<graph>(g.nodes[0].op).infer({g, g.nodes[0], &known}, 0);
}

/// Whether the result of `Operator` on float32 inputs of these shapes is float32 of the shape `to`.
template <class Operator>
constexpr bool infers(shape const& to, std::initializer_list<tensor_type> inputs,
                      std::initializer_list<named_attribute> attributes = {},
                      std::int64_t opset = 22) {
  auto const type = type_of(one_node<Operator>(inputs, attributes, opset));
  return type && *type == tensor_type(inputs.begin()->element, to);
}

template <class Operator>
constexpr bool refuses(rule broken, std::string_view text,
                       std::initializer_list<tensor_type> inputs,
                       std::initializer_list<named_attribute> attributes = {},
                       std::int64_t opset = 22) {
  auto const type = type_of(one_node<Operator>(inputs, attributes, opset));
  return !type && type.failure().broken == broken && type.failure().text.view() == text;
}

/// What `Operator` hands to its kernel. Its type rule must accept the inputs.
template <class Operator>
constexpr lowering lowered(std::initializer_list<tensor_type> inputs,
                           std::initializer_list<named_attribute> attributes = {},
                           std::int64_t opset = 22) {
  auto const g = one_node<Operator>(inputs, attributes, opset);
  lowering l;
  for (auto const& type : inputs) l.inputs.push_back(layout(type));
  l.outputs.push_back(layout(*type_of(g)));
  entry_of<graph>(g.nodes[0].op).lower({g, g.nodes[0]}, l);
  return l;
}

constexpr bool looks(layout const& l, shape const& extents, shape const& strides) {
  return l.extents == extents && l.strides == strides;
}

}  // namespace inlay_test
