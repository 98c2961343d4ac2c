// What an operator sees of a node: the types of its inputs and its attributes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/bytes.hpp"
#include "inlay/core/checked.hpp"
#include "inlay/core/result.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/graph/external.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/op/inference.hpp"

namespace inlay::inline INLAY_VERSION {

/// The operator sets that graphs may be written for.
inline constexpr std::int64_t oldest_opset = 7;
inline constexpr std::int64_t newest_opset = 28;

/// An attribute that an operator knows.
struct attribute_rule {
  string_view name;
  attribute_kind kind;
};

/// How many inputs or outputs an operator takes.
struct arity {
  int least;
  int most;
};

/// One node, read-only. Where types are inferred, extents may be dimensions without a value, and
/// computing with them needs what is `known`; elsewhere all of them are numbers.
class node_view {
 public:
  constexpr node_view(graph const& g, node const& n, inference* known = nullptr)
      : graph_(&g), node_(&n), inputs_(g.operands.data() + n.inputs.first), known_(known) {}

  /// The version of the operator set that the graph was written for; the newest where it does not
  /// say.
  constexpr std::int64_t opset() const { return graph_->opset == 0 ? newest_opset : graph_->opset; }

  /// The operator's name.
  constexpr string_view type() const { return node_->type; }
  constexpr int inputs() const { return static_cast<int>(node_->inputs.count); }
  constexpr int outputs() const { return static_cast<int>(node_->outputs.count); }
  constexpr bool has_input(int i) const { return i < inputs() && id_of(i) != no_value; }
  constexpr bool has_output(int i) const {
    return i < outputs() && graph_->outputs_of(*node_)[static_cast<std::size_t>(i)] != no_value;
  }
  constexpr tensor_type const& input(int i) const { return graph_->values[inputs_[i]].type; }
  constexpr shape const& input_shape(int i) const { return graph_->values[inputs_[i]].type.shape; }
  constexpr tensor_type const& output(int i) const {
    return graph_->values[graph_->outputs_of(*node_)[static_cast<std::size_t>(i)]].type;
  }

  constexpr bool has_attribute(string_view name) const { return find(name) != nullptr; }
  constexpr std::int64_t integer(string_view name, std::int64_t otherwise) const {
    auto const* const a = find(name);
    return a == nullptr ? otherwise : graph_->integers[a->values.first];
  }
  constexpr float real(string_view name, float otherwise) const {
    auto const* const a = find(name);
    return a == nullptr ? otherwise : graph_->reals[a->values.first];
  }
  constexpr string_view text(string_view name, string_view otherwise) const {
    auto const* const a = find(name);
    return a == nullptr ? otherwise : graph_->texts[a->values.first];
  }
  /// Empty where the attribute is left out.
  constexpr span<std::int64_t const> integers(string_view name) const {
    auto const* const a = find(name);
    if (a == nullptr) return {};
    return {graph_->integers.data() + a->values.first, a->values.count};
  }

  /// For computing with dimensions without a value; there while types are inferred.
  constexpr dimension_algebra* dimensions() const {
    return known_ == nullptr ? nullptr : &known_->dimensions;
  }
  constexpr dimension_sum sum_of(std::int64_t extent) const {
    return known_->dimensions.of(extent);
  }
  constexpr dimension_sum sum_of_element(shape_element const& e) const {
    return e.is_number ? dimension_sum(e.value) : sum_of(e.value);
  }
  constexpr std::int64_t extent_of(dimension_sum const& s) const {
    return known_->dimensions.extent_of(s);
  }
  /// Whether two extents might be one: false where they provably differ.
  constexpr bool can_equal(std::int64_t a, std::int64_t b) const {
    if (a == b) return true;
    return (a < 0 || b < 0) && known_->dimensions.can_equal(sum_of(a), sum_of(b));
  }
  /// The sum, the product, and the quotient rounded down or up, of extents. What does not fit is a
  /// dimension of which nothing is known.   5 / 2 → 2, or 3
  constexpr std::int64_t add(std::int64_t a, std::int64_t b) const {
    std::int64_t sum = 0;
    if (a >= 0 && b >= 0 && checked_add(a, b, sum)) return sum;
    return extent_of(sum_of(a) + sum_of(b));
  }
  constexpr std::int64_t multiply(std::int64_t a, std::int64_t b) const {
    std::int64_t product = 0;
    if (a >= 0 && b >= 0 && checked_multiply(a, b, product)) return product;
    return extent_of(sum_of(a) * sum_of(b));
  }
  constexpr std::int64_t divide_down(std::int64_t a, std::int64_t b) const {
    if (a >= 0 && b > 0) return a / b;
    return extent_of(known_->dimensions.divide_down(sum_of(a), sum_of(b)));
  }
  constexpr std::int64_t divide_up(std::int64_t a, std::int64_t b) const {
    if (a >= 0 && b > 0) return a / b + (a % b != 0 ? 1 : 0);
    return extent_of(known_->dimensions.divide_up(sum_of(a), sum_of(b)));
  }
  /// The product of the extents [first, last).
  constexpr dimension_sum product(shape const& s, int first, int last) const {
    dimension_sum all(1);
    for (int i = first; i < last; ++i) all = all * sum_of(s[i]);
    return all;
  }
  /// The product as an extent; false where it is a number that does not fit.
  [[nodiscard]] constexpr bool count(shape const& s, int first, int last,
                                     std::int64_t& into) const {
    if (!has_symbol(s)) return count_elements(s, first, last, into);
    into = extent_of(product(s, first, last));
    return true;
  }

  /// Whether the elements of an input of int64 or int32 are known before they are computed.
  constexpr bool has_elements(int i) const {
    if (!is_constant(i)) {
      return known_ != nullptr && has_input(i) && known_->values.has(id_of(i));
    }
    // Not while they are still in another file.
    return graph_->constants[graph_->values[id_of(i)].constant].external == not_external;
  }
  /// Element `index` of such an input.
  constexpr shape_element element(int i, std::size_t index) const {
    if (is_constant(i)) return {constant_integer(i, index), true};
    return known_->values[id_of(i)][index];
  }

  /// Whether the elements of an input are known.
  constexpr bool is_constant(int i) const {
    return has_input(i) && graph_->is_constant(id_of(i)) && !is_unresolved(*graph_, id_of(i));
  }
  /// Element `index` of an input that is a constant of int64 or int32.
  constexpr std::int64_t constant_integer(int i, std::size_t index) const {
    auto const& v = graph_->values[id_of(i)];
    auto const bytes = graph_->bytes_of(graph_->constants[v.constant]);
    if (v.type.element == element_type::int32) {
      return read_little_endian<std::int32_t>(bytes, index);
    }
    return read_little_endian<std::int64_t>(bytes, index);
  }

 private:
  constexpr value_id id_of(int i) const { return inputs_[i]; }
  constexpr attribute const* find(string_view name) const {
    if (node_->attributes.count == 0) return nullptr;
    for (auto const& a : graph_->attributes_of(*node_)) {
      if (a.name == name) return &a;
    }
    return nullptr;
  }

  graph const* graph_;
  node const* node_;
  value_id const* inputs_;
  inference* known_;
};

/// An axis counted from the end where it is negative, as ONNX counts; -1 where there is none such.
constexpr int axis_of(std::int64_t axis, int rank) {
  if (axis < -rank || axis >= rank) return -1;
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

}  // namespace inlay::inline INLAY_VERSION
