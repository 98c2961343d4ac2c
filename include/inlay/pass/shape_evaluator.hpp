// Computes the tensors that shapes are made of, before anything runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/bytes.hpp"
#include "inlay/core/checked.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/store_constant.hpp"
#include "inlay/op/inference.hpp"
#include "inlay/op/node_view.hpp"
#include "inlay/op/slice.hpp"
#include "inlay/pass/make_constant.hpp"

namespace inlay::inline INLAY_VERSION::detail {

inline constexpr string_view shape_operators[] = {
    "Add",    "Cast",     "Concat", "Constant",  "Div",     "Equal", "Expand",
    "Gather", "Identity", "Mul",    "Range",     "Reshape", "Shape", "Size",
    "Slice",  "Squeeze",  "Sub",    "Unsqueeze", "Where"};

/// Whether nodes of this operator are evaluated, listed or not.
constexpr bool is_shape_operator(node const& n) {
  if (!n.domain.empty()) return false;
  for (auto const name : shape_operators) {
    if (name == n.type) return true;
  }
  return false;
}

/// Lists and single numbers of int64 or int32, elements of which may be dimensions without a value,
/// and truths about them.
template <class Graph> class shape_evaluator {
 public:
  constexpr shape_evaluator(Graph& g, inference& known) : graph_(&g), known_(&known) {}

  /// Computes the output of a node, if it can be: the type, and either a constant in its place,
  /// which is true then, or the elements as far as they are numbers.
  struct outcome {
    bool is_known = false;
    bool is_constant = false;
  };
  constexpr outcome run(node const& n) {
    if (n.outputs.count != 1 || !is_shape_operator(n)) return {};
    auto const id = graph_->outputs_of(n)[0];
    if (n.type == "Constant") {
      bool const is_constant = make_constant(*graph_, n);
      return {is_constant, is_constant};
    }
    if (n.type == "Range") return make_range(n);
    result_ = {};
    if (!evaluate(n) || result_.size() > most) return {};
    if (known_->elements > inference::most_elements) return {};
    known_->elements += result_.size();
    auto& v = graph_->values[id];
    v.type = {element_, is_scalar_ ? shape{} : shape{static_cast<std::int64_t>(result_.size())}};
    for (auto const& e : result_) {
      if (e.is_number) continue;
      known_->values.set(id, result_);
      return {true, false};
    }
    store(v);
    return {true, true};
  }

 private:
  static constexpr auto most = static_cast<std::size_t>(shape_values::most_elements);

  struct tensor {
    vector<shape_element> elements;
    element_type element = element_type::undefined;
    bool is_scalar = false;
  };

  constexpr bool evaluate(node const& n) {
    node_view const view(*graph_, n, known_);
    auto const type = n.type;
    if (type == "Shape" || type == "Size") return measure(view);
    vector<tensor> inputs(n.inputs.count, tensor{});
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      auto const id = graph_->inputs_of(n)[i];
      if (id != no_value && !load(id, inputs[i])) return false;
    }
    if (inputs.empty() || inputs[0].element == element_type::undefined) return false;
    element_ = inputs[0].element;
    is_scalar_ = inputs[0].is_scalar;
    if (type == "Identity") return copy(inputs[0]);
    if (type == "Cast") return cast(view, inputs[0]);
    if (type == "Concat") return concatenate(view, inputs);
    if (type == "Gather") return gather(view, inputs);
    if (type == "Slice") return slice(view, inputs);
    if (type == "Reshape") return look_as(inputs[0], inputs.size() == 2, &inputs[1]);
    if (type == "Expand") return inputs.size() == 2 && repeat(inputs[0], inputs[1]);
    if (type == "Where") return inputs.size() == 3 && choose(inputs);
    if (type == "Unsqueeze") return inputs[0].is_scalar && relist(inputs[0], false);
    if (type == "Squeeze") return inputs[0].elements.size() == 1 && relist(inputs[0], true);
    return inputs.size() == 2 && calculate(type, inputs[0], inputs[1]);
  }

  /// The elements of a value, where they are known and few.
  constexpr bool load(value_id id, tensor& to) const {
    auto const& v = graph_->values[id];
    auto const& t = v.type;
    bool const is_long = t.element == element_type::int64;
    bool const is_truth = t.element == element_type::boolean;
    if (!(is_long || is_truth || t.element == element_type::int32) || !t.has_shape ||
        t.shape.size() > 1) {
      return false;
    }
    to.element = t.element;
    to.is_scalar = t.shape.size() == 0;
    if (known_->values.has(id)) {
      for (auto const& e : known_->values[id]) to.elements.push_back(e);
      return true;
    }
    auto const count = static_cast<std::size_t>(to.is_scalar ? 1 : t.shape[0]);
    if (v.constant == not_constant || count > most) return false;
    auto const bytes = graph_->bytes_of(graph_->constants[v.constant]);
    if (bytes.size() != count * static_cast<std::size_t>(bits_of(t.element)) / 8) return false;
    for (std::size_t i = 0; i < count; ++i) {
      std::int64_t number = 0;
      if (is_long) number = read_little_endian<std::int64_t>(bytes, i);
      else if (is_truth) number = bytes[i] != 0 ? 1 : 0;
      else number = read_little_endian<std::int32_t>(bytes, i);
      to.elements.push_back({number, true});
    }
    return true;
  }

  constexpr void store(value& v) {
    v.constant = store_constant(*graph_, [&](auto put) {
      for (auto const& e : result_) {
        if (element_ == element_type::int64) put(e.value);
        else if (element_ == element_type::boolean) put(e.value != 0);
        else put(static_cast<std::int32_t>(e.value));
      }
    });
  }

  /// Shape, with `start` and `end` since opset 15, and Size.
  constexpr bool measure(node_view const& n) {
    if (n.inputs() != 1 || !n.has_input(0) || !n.input(0).has_shape) return false;
    auto const& x = n.input_shape(0);
    element_ = element_type::int64;
    is_scalar_ = n.type() == "Size";
    if (is_scalar_) {
      std::int64_t count = 0;
      if (!n.count(x, 0, x.size(), count)) return false;
      result_.push_back(shape_element::of(count));
      return true;
    }
    auto const first = within(n.integer("start", 0), x.size());
    auto const last = within(n.integer("end", x.size()), x.size());
    for (auto i = first; i < last; ++i) {
      result_.push_back(shape_element::of(x[static_cast<int>(i)]));
    }
    return true;
  }
  /// A place from 0 to `size`, counted from the end where it is negative.
  static constexpr std::int64_t within(std::int64_t at, std::int64_t size) {
    if (at < 0) at = at < -size ? 0 : at + size;
    return at > size ? size : at;
  }

  constexpr bool copy(tensor const& x) {
    result_ = x.elements;
    return true;
  }
  constexpr bool relist(tensor const& x, bool is_scalar) {
    is_scalar_ = is_scalar;
    return copy(x);
  }
  /// To a list of one, or of all: the other shapes are no list.
  constexpr bool look_as(tensor const& x, bool has_shape, tensor const* to) {
    if (!has_shape || to->is_scalar || to->elements.size() > 1) return false;
    if (to->elements.empty()) return x.elements.size() == 1 && relist(x, true);
    auto const& extent = to->elements[0];
    auto const size = static_cast<std::int64_t>(x.elements.size());
    return extent.is_number && (extent.value == -1 || extent.value == size) && relist(x, false);
  }

  constexpr bool cast(node_view const& n, tensor const& x) {
    auto const to = n.integer("to", 0);
    element_ = element_type::int64;
    if (to == static_cast<std::int64_t>(element_type::int32)) element_ = element_type::int32;
    else if (to != static_cast<std::int64_t>(element_type::int64)) return false;
    for (auto const& e : x.elements) {
      bool const fits = e.value == static_cast<std::int32_t>(e.value);
      if (e.is_number && element_ == element_type::int32 && !fits) return false;
    }
    return copy(x);
  }

  constexpr bool concatenate(node_view const& n, vector<tensor> const& inputs) {
    if (auto const axis = n.integer("axis", 0); axis != 0 && axis != -1) return false;
    for (auto const& x : inputs) {
      if (x.is_scalar || x.element != element_ || result_.size() > most) return false;
      result_.append(x.elements.data(), x.elements.size());
    }
    return true;
  }

  constexpr bool gather(node_view const& n, vector<tensor> const& inputs) {
    auto const axis = n.integer("axis", 0);
    if (inputs.size() != 2 || is_scalar_ || (axis != 0 && axis != -1)) return false;
    auto const& from = inputs[0].elements;
    auto const size = static_cast<std::int64_t>(from.size());
    for (auto const& e : inputs[1].elements) {
      if (!e.is_number || e.value < -size || e.value >= size) return false;
      result_.push_back(from[static_cast<std::size_t>(e.value < 0 ? e.value + size : e.value)]);
    }
    is_scalar_ = inputs[1].is_scalar;
    return true;
  }

  /// One of a slice's numbers: since opset 10 an input, before an attribute.
  static constexpr bool slice_number(node_view const& n, vector<tensor> const& inputs,
                                     std::size_t input, string_view name, std::int64_t otherwise,
                                     std::int64_t& into) {
    into = otherwise;
    if (n.opset() >= 10) {
      if (input >= inputs.size() || inputs[input].element == element_type::undefined) return true;
      auto const& x = inputs[input].elements;
      if (x.size() != 1 || !x[0].is_number) return false;
      into = x[0].value;
      return true;
    }
    auto const values = n.integers(name);
    if (values.size() > 1) return false;
    if (values.size() == 1) into = values[0];
    return true;
  }
  constexpr bool slice(node_view const& n, vector<tensor> const& inputs) {
    auto const& from = inputs[0].elements;
    auto const size = static_cast<std::int64_t>(from.size());
    std::int64_t numbers[4]{};
    constexpr string_view names[] = {"starts", "ends", "axes", "steps"};
    constexpr std::int64_t otherwise[] = {0, INT64_MAX, 0, 1};
    for (std::size_t i = 0; i < 4; ++i) {
      if (!slice_number(n, inputs, i + 1, names[i], otherwise[i], numbers[i])) return false;
    }
    auto const step = numbers[3];
    if (is_scalar_ || step == 0 || (numbers[2] != 0 && numbers[2] != -1)) return false;
    auto const run = run_of(size, numbers[0], numbers[1], step);
    for (std::int64_t i = 0; i < run.count; ++i) {
      result_.push_back(from[static_cast<std::size_t>(run.first + i * run.step)]);
    }
    return true;
  }

  /// A number, as often as a list of one says.
  constexpr bool repeat(tensor const& x, tensor const& to) {
    if (to.is_scalar || to.elements.size() > 1 || x.elements.size() != 1) return false;
    if (to.elements.empty()) return copy(x);
    auto const count = to.elements[0];
    if (!count.is_number || count.value < 0 || count.value > shape_values::most_elements) {
      return false;
    }
    for (std::int64_t i = 0; i < count.value; ++i) result_.push_back(x.elements[0]);
    is_scalar_ = false;
    return true;
  }
  constexpr bool choose(vector<tensor> const& inputs) {
    if (element_ != element_type::boolean || inputs[1].element != inputs[2].element) return false;
    element_ = inputs[1].element;
    std::size_t count = 1;
    for (auto const& x : inputs) {
      auto const size = x.elements.size();
      if (size != 1 && count != 1 && size != count) return false;
      if (size != 1) count = size;
      is_scalar_ = is_scalar_ && x.is_scalar;
    }
    auto const at = [&](std::size_t input, std::size_t i) {
      auto const& elements = inputs[input].elements;
      return elements[elements.size() == 1 ? 0 : i];
    };
    for (std::size_t i = 0; i < count; ++i) {
      if (!at(0, i).is_number) return false;
      result_.push_back(at(at(0, i).value != 0 ? 1 : 2, i));
    }
    return true;
  }
  /// Range: a constant of any length, or as long as dimensions say, but of unknown elements.
  constexpr outcome make_range(node const& n) {
    auto& g = *graph_;
    auto const inputs = g.inputs_of(n);
    if (inputs.size() != 3) return {};
    shape_element ends[3];
    for (std::size_t i = 0; i < 3; ++i) {
      tensor x;
      if (inputs[i] == no_value || !load(inputs[i], x) || x.elements.size() != 1) return {};
      if (x.element == element_type::boolean || (i > 0 && x.element != element_)) return {};
      ends[i] = x.elements[0];
      element_ = x.element;
    }
    auto const delta = ends[2].value;
    if (!ends[2].is_number || delta == 0 || delta == INT64_MIN) return {};
    auto& v = g.values[g.outputs_of(n)[0]];
    if (!ends[0].is_number || !ends[1].is_number) {
      v.type = {element_, {length_of(sum_of(ends[0]), sum_of(ends[1]), delta)}};
      return {true, false};
    }
    auto const start = ends[0].value;
    auto const limit = ends[1].value;
    bool const is_empty = delta > 0 ? start >= limit : start <= limit;
    std::int64_t span = 0;
    if (!is_empty) {
      bool const fits = start != INT64_MIN && checked_add(limit, -start, span);
      if (!fits || span == INT64_MIN) return {};
    }
    auto const count = inlay::divide_up(delta > 0 ? span : -span, delta > 0 ? delta : -delta);
    auto const so_far = known_->elements;
    if (so_far > inference::most_elements ||
        static_cast<std::size_t>(count) > inference::most_elements - so_far) {
      return {};
    }
    known_->elements += static_cast<std::size_t>(count);
    v.type = {element_, {count}};
    v.constant = store_constant(g, [&](auto put) {
      for (std::int64_t i = 0; i < count; ++i) {
        auto const number = start + i * delta;
        if (element_ == element_type::int64) put(number);
        else put(static_cast<std::int32_t>(number));
      }
    });
    return {true, true};
  }
  /// How many numbers there are from one to another one.
  constexpr std::int64_t length_of(dimension_sum const& start, dimension_sum const& limit,
                                   std::int64_t delta) {
    auto& dimensions = known_->dimensions;
    auto span = limit - start;
    if (delta < 0) span = start - limit;
    std::int64_t least = 0;
    bool const is_forward = dimensions.least_of(span, least) && least >= 0;
    if (!is_forward) return dimensions.extent_of(dimension_sum::unknown());
    return dimensions.extent_of(
        dimensions.divide_up(span, dimension_sum(delta > 0 ? delta : -delta)));
  }

  /// Add, Sub, Mul, Div, Equal.
  constexpr bool calculate(string_view type, tensor const& a, tensor const& b) {
    auto const size_a = a.elements.size();
    auto const size_b = b.elements.size();
    if (a.element != b.element || (size_a != size_b && size_a != 1 && size_b != 1)) return false;
    is_scalar_ = a.is_scalar && b.is_scalar;
    for (std::size_t i = 0; i < (size_a == 1 ? size_b : size_a); ++i) {
      shape_element y;
      if (!calculate(type, a.elements[size_a == 1 ? 0 : i], b.elements[size_b == 1 ? 0 : i], y)) {
        return false;
      }
      result_.push_back(y);
    }
    if (type == "Equal") element_ = element_type::boolean;
    return true;
  }
  constexpr bool calculate(string_view type, shape_element const& a, shape_element const& b,
                           shape_element& to) {
    auto const x = sum_of(a);
    auto const y = sum_of(b);
    dimension_sum z;
    if (type == "Equal") {
      auto const difference = x - y;
      bool const is_same = difference.is_number() && difference.number() == 0;
      if (!is_same && known_->dimensions.can_equal(x, y)) return false;
      to = {is_same ? 1 : 0, true};
      return true;
    }
    if (type == "Add") z = x + y;
    else if (type == "Sub") z = x - y;
    else if (type == "Mul") z = x * y;
    else if (!divide(x, y, z)) return false;
    if (z.is_unknown()) return false;
    if (z.is_number()) to = {z.number(), true};
    else to = {known_->dimensions.extent_of(z), false};
    return !to.is_number || element_ == element_type::int64 ||
           to.value == static_cast<std::int32_t>(to.value);
  }
  /// Towards zero, as ONNX divides integers.
  constexpr bool divide(dimension_sum const& x, dimension_sum const& y, dimension_sum& to) {
    if (x.is_number() && y.is_number()) {
      if (y.number() == 0) return false;
      to = dimension_sum(x.number() / y.number());
      return true;
    }
    std::int64_t least_x = 0;
    std::int64_t least_y = 0;
    auto& dimensions = known_->dimensions;
    bool const is_positive = dimensions.least_of(x, least_x) && least_x >= 0 &&
                             dimensions.least_of(y, least_y) && least_y >= 0;
    if (is_positive) to = dimensions.divide_down(x, y);
    return is_positive;
  }
  constexpr dimension_sum sum_of(shape_element const& e) const {
    if (e.is_number) return dimension_sum(e.value);
    return known_->dimensions.of(e.value);
  }

  Graph* graph_;
  inference* known_;
  vector<shape_element> result_;
  element_type element_ = element_type::undefined;
  bool is_scalar_ = false;
};

}  // namespace inlay::inline INLAY_VERSION::detail
