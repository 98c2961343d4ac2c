// Brings old forms of operators to the newest, so that operators know one form.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <type_traits>
#include <utility>

#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/store_constant.hpp"
#include "inlay/op/list.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/pass/remove_parts.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// From this opset on, `convert_opset` leaves all nodes as they are.
inline constexpr std::int64_t first_opset_of_all_forms = 18;

/// The operators whose forms `convert_opset` knows.
using converted_operators = operator_list<
    op::abs, op::add, op::average_pool, op::batch_normalization, op::bitwise_and, op::bitwise_not,
    op::bitwise_or, op::bitwise_xor, op::cast, op::cast_like, op::ceil, op::celu, op::clip,
    op::concat, op::conv, op::cos, op::div, op::elu, op::equal, op::erf, op::exp, op::expand,
    op::flatten, op::floor, op::gather, op::gelu, op::gemm, op::global_average_pool,
    op::global_max_pool, op::greater, op::greater_or_equal, op::group_norm, op::hard_sigmoid,
    op::hard_swish, op::identity, op::instance_norm, op::is_inf, op::is_nan, op::layer_norm,
    op::leaky_relu, op::less, op::less_or_equal, op::log, op::log_softmax, op::logical_and,
    op::logical_not, op::logical_or, op::logical_xor, op::matmul, op::max, op::max_pool, op::mean,
    op::min, op::mish, op::mul, op::neg, op::pad, op::pow, op::prelu, op::reciprocal, op::reduce_l1,
    op::reduce_l2, op::reduce_log_sum, op::reduce_log_sum_exp, op::reduce_max, op::reduce_mean,
    op::reduce_min, op::reduce_prod, op::reduce_sum, op::reduce_sum_square, op::relu, op::reshape,
    op::rms_norm, op::round, op::selu, op::sigmoid, op::sign, op::sin, op::slice, op::softmax,
    op::softplus, op::softsign, op::split, op::sqrt, op::squeeze, op::sub, op::sum, op::swish,
    op::tanh, op::thresholded_relu, op::transpose, op::unsqueeze, op::where>;
template <class... Operator> constexpr bool is_one_of(node const& n, operator_list<Operator...>) {
  return (is<Operator>(n) || ...);
}
template <class Operator, class... Other> constexpr bool is_in(operator_list<Other...>) {
  return (std::is_same_v<Operator, Other> || ...);
}

/// Operators whose axes have become an input: in opset 13, and in opset 18.
using axes_since_13 = operator_list<op::reduce_sum, op::squeeze, op::unsqueeze>;
using axes_since_18 = operator_list<op::reduce_l1, op::reduce_l2, op::reduce_log_sum,
                                    op::reduce_log_sum_exp, op::reduce_max, op::reduce_mean,
                                    op::reduce_min, op::reduce_prod, op::reduce_sum_square>;
using softmaxes = operator_list<op::log_softmax, op::softmax>;

/// The opset since which an operator means what it means in the newest; one that is still to come
/// where nobody knows.
template <class Operator> constexpr std::int64_t form_of() {
  if (!domain_of<Operator>().empty()) return 0;  // no opset of ONNX says anything of it
  if (is_in<Operator>(softmaxes{}) || is_in<Operator>(axes_since_13{})) return 13;
  if (is_in<Operator>(axes_since_18{})) return 18;
  if (std::is_same_v<Operator, op::slice>) return 10;
  if (std::is_same_v<Operator, op::pad>) return 11;
  if (std::is_same_v<Operator, op::split>) return 18;
  if (std::is_same_v<Operator, op::batch_normalization>) return 14;
  if (std::is_same_v<Operator, op::clip>) return 11;
  if (std::is_same_v<Operator, op::group_norm>) return 21;
  if (since_of<Operator>() > oldest_opset) return since_of<Operator>();
  return is_in<Operator>(converted_operators{}) ? oldest_opset : newest_opset + 1;
}
template <class List> struct form_table;
template <class... Operator> struct form_table<operator_list<Operator...>> {
  // Operators that are not listed have the number 0.
  static constexpr std::int64_t since[] = {newest_opset + 1, form_of<Operator>()...};
};
template <class Node> constexpr std::int64_t form_since(Node const& n) {
  // It depends on `Node`, so that only who has one makes the table.
  using list = std::conditional_t<sizeof(Node) != 0, operators, void>;
  return form_table<list>::since[static_cast<std::size_t>(n.op)];
}

/// Whether nodes of this operator mean the same in both opsets, as far as the table of
/// `convert_opset` says.
template <class Node> constexpr bool has_one_form(Node const& n, std::int64_t a, std::int64_t b) {
  auto const oldest = a < b ? a : b;
  auto const newest = a < b ? b : a;
  return oldest >= oldest_opset && newest <= newest_opset && oldest >= form_since(n);
}

/// Whether `opset_converter` brings old forms of this operator to the newest.
template <class Node> constexpr bool is_rewritten(Node const& n) {
  return is<op::batch_normalization>(n) || is<op::clip>(n) || is<op::pad>(n) || is<op::slice>(n) ||
         is<op::split>(n) || is_one_of(n, softmaxes{}) || is_one_of(n, axes_since_13{}) ||
         is_one_of(n, axes_since_18{});
}

/// Rewrites the nodes of one graph of an older opset.
template <class Graph> class opset_converter {
 public:
  constexpr explicit opset_converter(Graph g) : graph_(std::move(g)) {}

  constexpr Graph run() {
    bool has_softmax = false;
    for (auto& n : graph_.nodes) {
      if (graph_.opset >= form_since(n)) continue;
      if (is<op::batch_normalization>(n)) convert_batch_normalization(n);
      if (is_one_of(n, axes_since_13{}) || is_one_of(n, axes_since_18{})) {
        convert_lists(n, {"axes"});
      }
      if (is<op::slice>(n)) convert_lists(n, {"starts", "ends", "axes"});
      if (is<op::split>(n)) convert_lists(n, {"split"});
      if (has_limits_to_take(n)) take_limits(n);
      if (is<op::pad>(n)) convert_pad(n);
      if (is_one_of(n, softmaxes{})) has_softmax = true;
    }
    if (has_softmax) write_out_axes();
    if (has_softmax || !limits_.empty() || !pad_values_.empty()) {
      graph_ = infer_types(std::move(graph_));
    }
    if (!graph_.failure && !limits_.empty()) add_limits();
    if (!graph_.failure) give_pad_values();
    if (!graph_.failure && has_softmax) convert_softmaxes();
    return std::move(graph_);
  }

 private:
  /// Drops `spatial`, which is 1 where there are no other statistics, and outputs left out.
  constexpr void convert_batch_normalization(node& n) {
    while (n.outputs.count > 1 && graph_.outputs_of(n)[n.outputs.count - 1] == no_value) {
      --n.outputs.count;
    }
    bool is_old = false;
    for (auto const& a : graph_.attributes_of(n)) {
      if (!is_spatial(a)) continue;
      is_old = true;
      if (graph_.integers[a.values.first] != 0) continue;
      fail(graph_, n,
           make_error(rule::the_form_of_the_operator_must_be_supported,
                      "attribute 'spatial' is 0; only statistics of whole channels are supported"));
    }
    if (is_old) drop_attribute(n, attribute_kind::integer, "spatial");
  }
  constexpr bool is_spatial(attribute const& a) const {
    return graph_.opset < 9 && a.kind == attribute_kind::integer && a.name == "spatial";
  }

  /// Lists that attributes hold become the inputs behind the first one.
  constexpr void convert_lists(node& n, std::initializer_list<string_view> names) {
    if (n.inputs.count != 1) return;
    value_id const x = graph_.inputs_of(n)[0];
    vector<value_id> lists;
    for (auto const name : names) {
      auto const list = node_view(graph_, n).integers(name);
      if (!node_view(graph_, n).has_attribute(name)) break;
      // The array that it is in grows.
      vector<std::int64_t> copy;
      copy.append(list.data(), list.size());
      lists.push_back(add_list({copy.data(), copy.size()}));
      drop_attribute(n, attribute_kind::integers, name);
    }
    if (lists.empty()) return;
    n.inputs = {static_cast<std::uint32_t>(graph_.operands.size()),
                static_cast<std::uint32_t>(1 + lists.size())};
    graph_.operands.push_back(x);
    for (auto const id : lists) graph_.operands.push_back(id);
  }

  /// The constant of a Pad, which is 0 where none is given, is an input as well. It has the element
  /// type of what is padded.
  constexpr void convert_pad(node& n) {
    auto const value = node_view(graph_, n).real("value", 0);
    drop_attribute(n, attribute_kind::real, "value");
    convert_lists(n, {"pads"});
    if (value == 0 || n.inputs.count != 2) return;
    value_id const x = graph_.inputs_of(n)[0];
    value_id const pads = graph_.inputs_of(n)[1];
    n.inputs = {static_cast<std::uint32_t>(graph_.operands.size()), 3};
    for (auto const id : {x, pads, no_value}) graph_.operands.push_back(id);
    pad_values_.push_back({n.inputs.first, value});
  }
  constexpr void give_pad_values() {
    for (auto const& pad : pad_values_) {
      auto const element = graph_.values[graph_.operands[pad.inputs]].type.element;
      auto const id = add_value({element, {}});
      graph_.values[id].constant = store_constant(graph_, [&](auto put) {
        if (element == element_type::float64) put(double{pad.value});
        else put(pad.value);
      });
      graph_.operands[pad.inputs + 2] = id;
    }
  }

  constexpr void drop_attribute(node& n, attribute_kind kind, string_view name) {
    auto const all = n.attributes;
    n.attributes = {static_cast<std::uint32_t>(graph_.attributes.size()), 0};
    for (std::uint32_t i = 0; i < all.count; ++i) {
      auto const a = graph_.attributes[all.first + i];
      if (a.kind == kind && a.name == name) continue;
      graph_.attributes.push_back(a);
      ++n.attributes.count;
    }
  }

  /// The limits of a Clip, which attributes state.
  struct clip_limits {
    bool has[2]{};
    float of[2]{};
  };
  /// Not where a graph that keeps its opset comes for the second time.
  static constexpr bool has_limits_to_take(node const& n) {
    return is<op::clip>(n) && n.inputs.count == 1;
  }
  constexpr void take_limits(node& n) {
    string_view const names[] = {"min", "max"};
    clip_limits limits;
    for (int i = 0; i < 2; ++i) {
      limits.has[i] = node_view(graph_, n).has_attribute(names[i]);
      limits.of[i] = node_view(graph_, n).real(names[i], 0);
      drop_attribute(n, attribute_kind::real, names[i]);
    }
    limits_.push_back(limits);
  }
  /// They become inputs of the type that is clipped.
  constexpr void add_limits() {
    auto const* limits = limits_.data();
    for (auto& n : graph_.nodes) {
      if (!has_limits_to_take(n)) continue;
      auto const x = graph_.inputs_of(n)[0];
      value_id ids[2] = {no_value, no_value};
      for (int i = 0; i < 2; ++i) {
        if (limits->has[i]) ids[i] = add_number(n, graph_.values[x].type.element, limits->of[i]);
      }
      ++limits;
      n.inputs = {static_cast<std::uint32_t>(graph_.operands.size()), 3};
      graph_.operands.push_back(x);
      for (auto const id : ids) graph_.operands.push_back(id);
    }
  }
  constexpr value_id add_number(node const& n, element_type e, float x) {
    auto const id = add_value({e, {}});
    if (contains(op::float_types{}, e)) {
      with_type(e, op::float_types{}, [&]<class T>(T) {
        T const numbers[] = {static_cast<T>(x)};
        graph_.values[id].constant = store_elements(graph_, span<T const>(numbers, 1));
      });
    } else {
      fail(graph_, n,
           make_error(rule::the_element_type_must_be_supported, "element type ", e,
                      " has limits since opset 11 only, and this is opset ", graph_.opset));
    }
    return id;
  }

  /// The axes of old softmaxes, which types need.
  constexpr void write_out_axes() {
    for (auto& n : graph_.nodes) {
      if (is_one_of(n, softmaxes{}) && !node_view(graph_, n).has_attribute("axis")) set_axis(n, 1);
    }
  }
  /// Along several axes, a softmax is one along the rows of a matrix. That needs the rank, and so
  /// the types.
  constexpr void convert_softmaxes() {
    auto const old = graph_.nodes;
    vector<std::uint32_t> moved;
    graph_.nodes.clear();
    for (auto n : old) {
      moved.push_back(static_cast<std::uint32_t>(graph_.nodes.size()));
      if (is_one_of(n, softmaxes{})) add_softmax(n);
      else graph_.nodes.push_back(n);
    }
    if (!graph_.annotations.empty()) move_annotations(graph_, {.nodes = &moved});
  }

  constexpr void add_softmax(node n) {
    value_id const x = graph_.inputs_of(n)[0];
    value_id const y = graph_.outputs_of(n)[0];
    auto const s = graph_.values[x].type.shape;
    auto const axis = axis_of(node_view(graph_, n).integer("axis", 1), s.size());
    if (axis == s.size() - 1) {
      set_axis(n, axis);
      graph_.nodes.push_back(n);
      return;
    }
    auto const matrix = add_node(id_of<op::flatten>, op::flatten::name, n, {x});
    set_axis(graph_.nodes.back(), axis);
    auto const rows = add_node(n.op, n.type, n, {matrix});
    graph_.nodes.back().name = n.name;
    set_axis(graph_.nodes.back(), 1);
    // An extent without a value is known when the program runs.
    auto const extents = has_symbol(s) ? add_node(find_operator({}, "Shape"), "Shape", n, {x})
                                       : add_list({s.begin(), static_cast<std::size_t>(s.size())});
    add_node(id_of<op::reshape>, op::reshape::name, n, {rows, extents}, y);
    bool has_zero = false;
    for (auto const extent : s) has_zero = has_zero || extent == 0;
    if (has_zero) set_integer(graph_.nodes.back(), "allowzero", 1);
  }

  constexpr value_id add_value(tensor_type const& type) {
    value v;
    v.type = type;
    graph_.values.push_back(v);
    return static_cast<value_id>(graph_.values.size() - 1);
  }
  /// A node that comes from where `from` does; its output is `y`, or a new value.
  constexpr value_id add_node(operator_id op, string_view type, node const& from,
                              std::initializer_list<value_id> inputs, value_id y = no_value) {
    if (y == no_value) y = add_value({});
    node n;
    n.op = op;
    n.type = type;
    n.offset = from.offset;
    n.inputs = {static_cast<std::uint32_t>(graph_.operands.size()),
                static_cast<std::uint32_t>(inputs.size())};
    graph_.operands.append(inputs.begin(), inputs.size());
    n.outputs = {static_cast<std::uint32_t>(graph_.operands.size()), 1};
    graph_.operands.push_back(y);
    graph_.nodes.push_back(n);
    return y;
  }
  constexpr value_id add_list(span<std::int64_t const> elements) {
    auto const count = static_cast<std::int64_t>(elements.size());
    auto const id = add_value({element_type::int64, {count}});
    graph_.values[id].constant = store_elements(graph_, elements);
    return id;
  }

  constexpr void set_axis(node& n, std::int64_t axis) { set_integer(n, "axis", axis); }
  /// Gives the node this attribute and no other.
  constexpr void set_integer(node& n, string_view name, std::int64_t x) {
    range const held{static_cast<std::uint32_t>(graph_.integers.size()), 1};
    graph_.integers.push_back(x);
    n.attributes = {static_cast<std::uint32_t>(graph_.attributes.size()), 1};
    graph_.attributes.push_back({name, attribute_kind::integer, held});
  }

  struct pad_value {
    std::uint32_t inputs = 0;  // of the node, in `graph::operands`
    float value = 0;
  };

  Graph graph_;
  vector<clip_limits> limits_;  // of each Clip
  vector<pad_value> pad_values_;
};

}  // namespace detail

/// Old forms of operators become forms that mean the same in the newest opset too, which the graph
/// then has, unless it holds bodies or operators that are not in the table. Bodies are left alone.
///   before   opset 12   %1 = Softmax(%0)                where %0 is float32 2x3x4
///   after    opset 28   %2 = Flatten(%0) {axis = 1}   %3 = Softmax(%2) {axis = 1}
///                       %1 = Reshape(%3, %4)            where %4 is 2, 3, 4
///
/// The versions since opset 7; those without a word differ in element types, or say what went
/// without saying before:
///
///     Abs                  7, 13
///     Add                  7, 13, 14
///     And                  7
///     AveragePool          7, 10: `ceil_mode`, 11, 19: `dilations`, 22
///     BatchNormalization   7: `spatial` (goes; 0 is an error), 9: without it, 14: `training_mode`
///                          and 3 outputs instead of 5, of which one is supported, 15
///     BitwiseAnd           18
///     BitwiseNot           18
///     BitwiseOr            18
///     BitwiseXor           18
///     Cast                 6, 9, 13, 19: `saturate`, 21, 23, 24: `round_mode`, 25
///     CastLike             15, 19: `saturate`, 21, 23, 24: `round_mode`, 25
///     Ceil                 7, 13
///     Celu                 12, 28
///     Clip                 7: `min` and `max` are attributes, 11, 12, 13
///     Concat               4, 11: an axis below 0, 13
///     Conv                 7, 11, 22
///     Cos                  7, 22
///     Div                  7, 13, 14
///     Elu                  7, 22
///     Equal                7, 11, 13, 19
///     Erf                  9, 13
///     Exp                  7, 13
///     Expand               8, 13
///     Flatten              7, 9, 11: axes below 0, 13, 21, 23, 24, 25
///     Floor                7, 13
///     Gather               1, 11: indices below 0, 13
///     Gelu                 20
///     Gemm                 7, 9, 11: the third input may be left out, 13
///     GlobalAveragePool    7, 22
///     GlobalMaxPool        7, 22
///     Greater              7, 9, 13
///     GreaterOrEqual       12, 16
///     GroupNormalization   18, 21: scale and bias have an element a channel instead of one a
///                          group; the graph keeps an opset before
///     HardSigmoid          7, 22
///     HardSwish            14, 22
///     Identity             7, 13, 14, 16, 19, 21, 23, 24, 25
///     InstanceNormalization  6, 22
///     IsInf                10, 20
///     IsNaN                9, 13, 20
///     LayerNormalization   17
///     LeakyRelu            7, 16
///     Less                 7, 9, 13
///     LessOrEqual          12, 16
///     Log                  7, 13
///     LogSoftmax           as Softmax
///     MatMul               7, 9, 13
///     Max                  7: all of one shape, 8, 12, 13
///     MaxPool              7, 8: indices, 10: `ceil_mode`, `dilations`, 11, 12, 22
///     Mean                 7: all of one shape, 8, 13
///     Min                  as Max
///     Mish                 18, 22
///     Mul                  7, 13, 14
///     Neg                  7, 13
///     Not                  1
///     Or                   7
///     Pad                  2, 11: pads and the constant in inputs instead of attributes, 13,
///                          18: axes, 19: `wrap`, 21, 23, 24, 25
///     Pow                  7, 12: another type of exponent, 13, 15
///     PRelu                7, 9, 16
///     Reciprocal           7, 13
///     Reduce…              7, 11: axes below 0, 12, 13, 18: axes in an input instead of an
///                          attribute (ReduceSum: 13), 20, 28
///     Relu                 7, 13, 14
///     Reshape              7, 13, 14: `allowzero`, 19, 21, 23, 24, 25
///     RMSNormalization     23
///     Round                11, 22
///     Selu                 7, 22
///     Sigmoid              7, 13
///     Sign                 9, 13
///     Sin                  7, 22
///     Slice                1, 10: starts, ends and axes in inputs instead of attributes, 11, 13
///     Softmax              7: over all axes from `axis` (1) on, 11: axes below 0, 13: along `axis`
///                          (-1)
///     Softplus             7, 22
///     Softsign             7, 22
///     Split                2, 11: axes below 0, 13: sizes in an input instead of an attribute,
///                          18: the last part may be smaller
///     Sqrt                 7, 13
///     Squeeze              7, 11: axes below 0, 13: axes in an input instead of an attribute, 21,
///                          23, 24, 25
///     Sub                  7, 13, 14
///     Sum                  as Mean
///     Swish                24
///     Tanh                 7, 13
///     ThresholdedRelu      10, 22
///     Transpose            1, 13, 21, 23, 24, 25
///     Unsqueeze            as Squeeze
///     Where                9, 16
///     Xor                  7
///
/// *Source*: the schemas of onnx 1.23.2 (onnx.defs.get_schema).
/// *Errors*: statistics of a BatchNormalization that are not of channels; where there is an old
/// Softmax or Clip, those of `infer_types`.
template <class Graph> constexpr Graph convert_opset(Graph g) {
  if (g.failure || g.opset == 0 || g.opset == newest_opset) return g;
  if (g.opset < detail::first_opset_of_all_forms) g = detail::opset_converter(std::move(g)).run();
  if (g.failure || !g.bodies.empty()) return g;
  for (auto const& n : g.nodes) {
    if (g.opset < detail::form_since(n) && !detail::is_rewritten(n)) return g;
  }
  g.opset = newest_opset;
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
