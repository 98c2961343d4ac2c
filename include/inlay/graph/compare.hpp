// Where two graphs differ.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/compare_value.hpp"
#include "inlay/graph/difference.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/nesting.hpp"
#include "inlay/graph/print_attribute.hpp"
#include "inlay/graph/print_type.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

class graph_comparison {
 public:
  constexpr graph_comparison(graph const& a, graph const& b)
      : a_(&a),
        b_(&b),
        values_(a, b, first_),
        in_a_(a),
        in_b_(b),
        is_compared_(a.bodies.size(), 0) {}

  constexpr sentence run() {
    auto const& a = *a_;
    auto const& b = *b_;
    compare_facts();
    first_.numbers("the number of values", a.values.size(), b.values.size());
    for (value_id id = 0; id < a.values.size() && !first_.found(); ++id) {
      values_.compare(id);
      compare_annotations(annotated::value, id, id);
    }
    first_.set_place({});
    compare_ids("input", all(a.inputs), all(b.inputs));
    first_.numbers("the number of nodes", a.nodes.size(), b.nodes.size());
    for (std::uint32_t i = 0; i < a.nodes.size() && !first_.found(); ++i) {
      compare_nodes(label_of_node(a.nodes[i], i), a.nodes[i], b.nodes[i]);
      compare_annotations(annotated::node, i, i);
    }
    first_.set_place({});
    compare_ids("output", all(a.outputs), all(b.outputs));
    first_.numbers("the number of functions", a.functions.size(), b.functions.size());
    for (std::uint32_t i = 0; i < a.functions.size() && !first_.found(); ++i) compare_functions(i);
    return first_.said();
  }

 private:
  constexpr void compare_facts() {
    auto const& a = *a_;
    auto const& b = *b_;
    first_.texts("the name", a.name, b.name);
    first_.numbers("the opset", a.opset, b.opset);
    if (a.ir_version != 0 && b.ir_version != 0) {
      first_.numbers("the ir_version", a.ir_version, b.ir_version);
    }
    first_.texts("the error", a.failure.text.view(), b.failure.text.view());
    first_.numbers("the rule that is broken", static_cast<int>(a.failure.broken),
                   static_cast<int>(b.failure.broken));
    compare_operator_sets(a.graph_facts::operator_sets, b.graph_facts::operator_sets);
    compare_annotations(annotated::model, 0, 0);
    compare_annotations(annotated::graph, 0, 0);
  }

  constexpr void compare_operator_sets(range a, range b) {
    first_.numbers("the number of operator sets", a.count, b.count);
    for (std::uint32_t i = 0; i < a.count && !first_.found(); ++i) {
      auto const& x = a_->operator_sets[a.first + i];
      auto const& y = b_->operator_sets[b.first + i];
      first_.texts("the domain of an operator set", x.domain, y.domain);
      sentence version;
      version << "the version of '" << x.domain << "'";
      first_.numbers(version, x.version, y.version);
    }
  }

  /// Of the same part, which may have another index in each graph.
  constexpr void compare_annotations(annotated what, std::uint32_t a, std::uint32_t b) {
    auto i = in_a_.first(what, a);
    auto k = in_b_.first(what, b);
    while (i != annotation_index::nothing && k != annotation_index::nothing && !first_.found()) {
      auto const& x = a_->annotations[i];
      auto const& y = b_->annotations[k];
      first_.texts("the key of a note", x.key, y.key);
      sentence note;
      note << "the note '" << x.key << "'";
      first_.texts(note, x.text, y.text);
      i = in_a_.next(i);
      k = in_b_.next(k);
    }
    if (i != k && !first_.found()) {
      auto const& more = i == annotation_index::nothing ? b_->annotations[k] : a_->annotations[i];
      first_.say("only one has the note '", more.key, "'");
    }
  }

  static constexpr span<value_id const> all(vector<value_id> const& ids) {
    return {ids.data(), ids.size()};
  }
  static constexpr span<value_id const> operands_in(graph const& g, range r) {
    return {g.operands.data() + r.first, r.count};
  }
  constexpr void compare_ids(string_view what, span<value_id const> a, span<value_id const> b) {
    if (a.size() != b.size()) first_.say("it has ", a.size(), " and ", b.size(), " ", what, "s");
    for (std::size_t i = 0; i < a.size() && !first_.found(); ++i) {
      if (a[i] == b[i]) continue;
      sentence number;
      number << what << " " << i;
      values_.compare_ids(number.view(), a[i], b[i]);
    }
  }

  constexpr void compare_nodes(sentence const& label, node const& a, node const& b) {
    sentence place = label;
    place << ": ";
    first_.set_place(place);
    first_.texts("the domain", a.domain, b.domain);
    first_.texts("the operator", a.type, b.type);
    first_.numbers("the operator_id", static_cast<int>(a.op), static_cast<int>(b.op));
    first_.texts("the name", a.name, b.name);
    compare_ids("input", a_->inputs_of(a), b_->inputs_of(b));
    compare_ids("output", a_->outputs_of(a), b_->outputs_of(b));
    compare_attributes(place, a.attributes, b.attributes);
  }

  constexpr void compare_attributes(sentence const& place, range a, range b) {
    if (a.count != b.count) {
      first_.say("it has ", a.count, " and ", b.count, " attributes");
    }
    for (std::uint32_t i = 0; i < a.count && !first_.found(); ++i) {
      auto const& x = a_->attributes[a.first + i];
      auto const& y = b_->attributes[b.first + i];
      sentence number;
      number << "attribute " << i;
      first_.texts(number, x.name, y.name);
      compare_attribute(place, x, y);
    }
  }

  constexpr void compare_attribute(sentence const& place, attribute const& a, attribute const& b) {
    if (first_.found()) return;
    sentence subject;
    subject << "attribute '" << a.name << "'";
    if (a.kind != b.kind) {
      first_.say(subject, " is of kind ", name_of(a.kind), " and ", name_of(b.kind));
    }
    if (a.reference != b.reference) {
      first_.say(subject, " refers to '", a.reference, "' and '", b.reference, "'");
    }
    if (a.kind == attribute_kind::other) return;
    if (a.values.count != b.values.count) {
      first_.say(subject, " has ", a.values.count, " and ", b.values.count, " elements");
    }
    auto const element = kind_of_elements(a.kind);
    bool const is_nested = element == attribute_kind::type || element == attribute_kind::graph;
    text_buffer x;
    text_buffer y;
    for (std::uint32_t i = 0; i < a.values.count && !first_.found(); ++i) {
      auto const at = a.values.first + i;
      auto const other = b.values.first + i;
      if (is_nested) {
        compare_nested(place, subject, element, at, other);
        continue;
      }
      x.clear();
      y.clear();
      print_attribute_value(x, *a_, a.kind, at);
      print_attribute_value(y, *b_, b.kind, other);
      if (x.view() == y.view()) continue;
      if (is_list(a.kind)) subject << "[" << i << "]";
      first_.say(subject, " is ", x.view(), " and ", y.view());
    }
  }

  constexpr void compare_nested(sentence const& place, sentence const& subject,
                                attribute_kind element, std::uint32_t a, std::uint32_t b) {
    sentence inside = place;
    inside << subject << ": ";
    first_.set_place(inside);
    if (element == attribute_kind::type) {
      values_.compare_types(a_->types[a], b_->types[b]);
    } else {
      compare_bodies(inside, static_cast<std::uint32_t>(a_->integers[a]),
                     static_cast<std::uint32_t>(b_->integers[b]));
    }
    first_.set_place(place);
  }

  /// A body that a graph holds twice, or inside itself, is compared once.
  constexpr void compare_bodies(sentence const& place, std::uint32_t a, std::uint32_t b) {
    bool const is_in_a = a < a_->bodies.size();
    if (is_in_a != (b < b_->bodies.size())) first_.say("only one has a body");
    if (first_.found() || !is_in_a || is_compared_[a] != 0 || depth_ == max_nesting) return;
    is_compared_[a] = 1;
    ++depth_;
    auto const& x = a_->bodies[a];
    auto const& y = b_->bodies[b];
    first_.texts("the name of the body", x.name, y.name);
    compare_annotations(annotated::body, a, b);
    compare_ids("input", operands_in(*a_, x.inputs), operands_in(*b_, y.inputs));
    compare_ids("constant", operands_in(*a_, x.constants), operands_in(*b_, y.constants));
    first_.numbers("the number of nodes", x.nodes.count, y.nodes.count);
    auto const name = label_of_body(*a_, a);
    for (std::uint32_t i = 0; i < x.nodes.count && !first_.found(); ++i) {
      auto const at = x.nodes.first + i;
      auto const other = y.nodes.first + i;
      auto label = label_of_node(a_->body_nodes[at], i);
      label << " of " << name;
      compare_nodes(label, a_->body_nodes[at], b_->body_nodes[other]);
      compare_annotations(annotated::body_node, at, other);
    }
    first_.set_place(place);
    compare_ids("output", operands_in(*a_, x.outputs), operands_in(*b_, y.outputs));
    --depth_;
  }

  constexpr void compare_functions(std::uint32_t i) {
    auto const& a = a_->functions[i];
    auto const& b = b_->functions[i];
    sentence place;
    place << "function '" << a.name << "': ";
    first_.set_place(place);
    first_.texts("the name", a.name, b.name);
    first_.texts("the domain", a.domain, b.domain);
    first_.texts("the overload", a.overload, b.overload);
    first_.numbers("the number of attributes without a default", a.attributes.count,
                   b.attributes.count);
    for (std::uint32_t k = 0; k < a.attributes.count && !first_.found(); ++k) {
      sentence number;
      number << "attribute " << k;
      first_.texts(number, a_->texts[a.attributes.first + k], b_->texts[b.attributes.first + k]);
    }
    compare_attributes(place, a.default_attributes, b.default_attributes);
    compare_operator_sets(a.operator_sets, b.operator_sets);
    compare_annotations(annotated::function, i, i);
    compare_bodies(place, a.body, b.body);
  }

  graph const* a_;
  graph const* b_;
  difference first_;
  value_comparison values_;
  annotation_index in_a_;
  annotation_index in_b_;
  vector<char> is_compared_;  // by body of a
  int depth_ = 0;
};

}  // namespace detail

/// The first difference between two graphs: "node 3 'fc' (Gemm): attribute 'axis' is 1 and 2";
/// empty if they are equal. Values and nodes have numbers; where a graph keeps its operands,
/// attributes, bodies, symbols and bytes makes no difference, nor does the place in the file that
/// it was read from, nor its ir_version where only one was read from a file.
/// *Costs*: linear in the graphs.
constexpr sentence first_difference(graph const& a, graph const& b) {
  return detail::graph_comparison(a, b).run();
}

}  // namespace inlay::inline INLAY_VERSION
