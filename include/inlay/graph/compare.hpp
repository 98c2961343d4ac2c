// Where two graphs differ.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "inlay/core/text.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/difference.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/print_attribute.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

class graph_comparison {
 public:
  constexpr graph_comparison(graph const& a, graph const& b)
      : a_(&a), b_(&b), in_b_(a.symbols.size(), 0), in_a_(b.symbols.size(), 0) {}

  constexpr sentence run() {
    auto const& a = *a_;
    auto const& b = *b_;
    first_.texts("the name", a.name, b.name);
    first_.numbers("the opset", a.opset, b.opset);
    first_.texts("the error", a.failure.text.view(), b.failure.text.view());
    first_.numbers("the rule that is broken", static_cast<int>(a.failure.broken),
                   static_cast<int>(b.failure.broken));
    first_.numbers("the number of values", a.values.size(), b.values.size());
    for (value_id id = 0; id < a.values.size() && !first_.found(); ++id) compare_value(id);
    first_.set_place({});
    compare_ids("input", a.inputs, b.inputs);
    first_.numbers("the number of nodes", a.nodes.size(), b.nodes.size());
    for (std::size_t i = 0; i < a.nodes.size() && !first_.found(); ++i) {
      compare_nodes(a.nodes[i], b.nodes[i]);
    }
    first_.set_place({});
    compare_ids("output", a.outputs, b.outputs);
    return first_.said();
  }

 private:
  constexpr void compare_ids(std::string_view what, span<value_id const> a,
                             span<value_id const> b) {
    if (a.size() != b.size()) first_.say("it has ", a.size(), " and ", b.size(), " ", what, "s");
    for (std::size_t i = 0; i < a.size() && !first_.found(); ++i) {
      if (a[i] == b[i]) continue;
      text_buffer x;
      text_buffer y;
      print_operand(x, a[i]);
      print_operand(y, b[i]);
      first_.say(what, " ", i, " is ", x.view(), " and ", y.view());
    }
  }

  constexpr void compare_value(value_id id) {
    auto const& a = a_->values[id];
    auto const& b = b_->values[id];
    sentence place;
    place << "value " << id;
    if (!a.name.empty()) place << " '" << a.name << "'";
    place << ": ";
    first_.set_place(place);
    first_.texts("the name", a.name, b.name);
    first_.texts("the element type", name_of(a.type.element), name_of(b.type.element));
    if (a.type.has_shape != b.type.has_shape) first_.say("only one has a shape");
    else if (a.type.has_shape) compare_shapes(a.type.shape, b.type.shape);
    if (a_->is_constant(id) != b_->is_constant(id)) first_.say("only one is a constant");
    if (first_.found() || !a_->is_constant(id)) return;
    first_.bytes(a_->bytes_of(a_->constants[a.constant]), b_->bytes_of(b_->constants[b.constant]));
  }

  constexpr void compare_shapes(shape const& a, shape const& b) {
    first_.numbers("the number of dimensions", a.size(), b.size());
    for (int i = 0; i < a.size() && !first_.found(); ++i) compare_extents(i, a[i], b[i]);
  }
  constexpr void compare_extents(int i, std::int64_t a, std::int64_t b) {
    sentence dimension;
    dimension << "dimension " << i;
    auto const x = static_cast<std::size_t>(-1 - a);
    auto const y = static_cast<std::size_t>(-1 - b);
    if ((a < 0) != (b < 0)) first_.say(dimension, " has a value in one graph only");
    if (x >= in_b_.size() || y >= in_a_.size()) return first_.numbers(dimension, a, b);
    first_.texts(dimension, a_->symbols[x], b_->symbols[y]);
    // Symbols may be numbered otherwise, but always in the same way: 0 stands for not seen yet.
    if (in_b_[x] == 0 && in_a_[y] == 0) {
      in_b_[x] = y + 1;
      in_a_[y] = x + 1;
    } else if (in_b_[x] != y + 1) {
      first_.say(dimension, " equals an earlier one in one graph only");
    }
  }

  constexpr void compare_nodes(node const& a, node const& b) {
    auto place = label_of(*a_, a);
    place << ": ";
    first_.set_place(place);
    first_.texts("the domain", a.domain, b.domain);
    first_.texts("the operator", a.type, b.type);
    first_.numbers("the operator_id", static_cast<int>(a.op), static_cast<int>(b.op));
    first_.texts("the name", a.name, b.name);
    compare_ids("input", a_->inputs_of(a), b_->inputs_of(b));
    compare_ids("output", a_->outputs_of(a), b_->outputs_of(b));
    auto const x = a_->attributes_of(a);
    auto const y = b_->attributes_of(b);
    if (x.size() != y.size()) {
      first_.say("it has ", x.size(), " and ", y.size(), " attributes");
    }
    for (std::size_t i = 0; i < x.size() && !first_.found(); ++i) {
      sentence number;
      number << "attribute " << i;
      first_.texts(number, x[i].name, y[i].name);
      compare_attributes(x[i], y[i]);
    }
  }

  constexpr void compare_attributes(attribute const& a, attribute const& b) {
    if (first_.found()) return;
    sentence subject;
    subject << "attribute '" << a.name << "'";
    if (a.kind != b.kind) {
      first_.say(subject, " is of kind ", attribute_kind_names[static_cast<std::uint8_t>(a.kind)],
                 " and ", attribute_kind_names[static_cast<std::uint8_t>(b.kind)]);
    }
    if (is_opaque(a.kind)) return;
    if (a.values.count != b.values.count) {
      first_.say(subject, " has ", a.values.count, " and ", b.values.count, " elements");
    }
    text_buffer x;
    text_buffer y;
    for (std::uint32_t i = 0; i < a.values.count && !first_.found(); ++i) {
      x.clear();
      y.clear();
      print_attribute_value(x, *a_, a.kind, a.values.first + i);
      print_attribute_value(y, *b_, b.kind, b.values.first + i);
      if (same_text(x.view(), y.view())) continue;
      if (is_list(a.kind)) subject << "[" << i << "]";
      first_.say(subject, " is ", x.view(), " and ", y.view());
    }
  }

  graph const* a_;
  graph const* b_;
  vector<std::size_t> in_b_;  // of each symbol of a, the one of b, plus 1
  vector<std::size_t> in_a_;
  difference first_;
};

}  // namespace detail

/// The first difference between two graphs: "node 3 'fc' (Gemm): attribute 'axis' is 1 and 2";
/// empty if they are equal. Values and nodes have numbers; where a graph keeps its operands,
/// attributes, symbols and bytes makes no difference, nor does the file that it was read from.
/// *Costs*: linear in the graphs.
constexpr sentence first_difference(graph const& a, graph const& b) {
  return detail::graph_comparison(a, b).run();
}

}  // namespace inlay::inline INLAY_VERSION
