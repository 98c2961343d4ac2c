// What an operator sees of a node: the types of its inputs and its attributes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string_view>

#include "inlay/core/bytes.hpp"
#include "inlay/core/result.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/text.hpp"
#include "inlay/graph/external.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

/// The operator sets that graphs may be written for.
inline constexpr std::int64_t oldest_opset = 7;
inline constexpr std::int64_t newest_opset = 28;

/// An attribute that an operator knows.
struct attribute_rule {
  std::string_view name;
  attribute_kind kind;
};

/// How many inputs or outputs an operator takes.
struct arity {
  int least;
  int most;
};

/// One node, read-only.
class node_view {
 public:
  constexpr node_view(graph const& g, node const& n)
      : graph_(&g), node_(&n), inputs_(g.operands.data() + n.inputs.first) {}

  /// The version of the operator set that the graph was written for; the newest where it does not
  /// say.
  constexpr std::int64_t opset() const { return graph_->opset == 0 ? newest_opset : graph_->opset; }

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

  constexpr bool has_attribute(std::string_view name) const { return find(name) != nullptr; }
  constexpr std::int64_t integer(std::string_view name, std::int64_t otherwise) const {
    auto const* const a = find(name);
    return a == nullptr ? otherwise : graph_->integers[a->values.first];
  }
  constexpr float real(std::string_view name, float otherwise) const {
    auto const* const a = find(name);
    return a == nullptr ? otherwise : graph_->reals[a->values.first];
  }
  constexpr std::string_view text(std::string_view name, std::string_view otherwise) const {
    auto const* const a = find(name);
    return a == nullptr ? otherwise : graph_->texts[a->values.first];
  }
  /// Empty where the attribute is left out.
  constexpr span<std::int64_t const> integers(std::string_view name) const {
    auto const* const a = find(name);
    if (a == nullptr) return {};
    return {graph_->integers.data() + a->values.first, a->values.count};
  }

  /// Whether the elements of an input are known.
  constexpr bool is_constant(int i) const {
    return has_input(i) && graph_->is_constant(id_of(i)) && !is_unresolved(*graph_, id_of(i));
  }
  /// Element `index` of an input that is a constant of int64.
  constexpr std::int64_t constant_integer(int i, std::size_t index) const {
    auto const& c = graph_->constants[graph_->values[id_of(i)].constant];
    return read_little_endian<std::int64_t>(graph_->bytes_of(c), index);
  }

 private:
  constexpr value_id id_of(int i) const { return inputs_[i]; }
  constexpr attribute const* find(std::string_view name) const {
    if (node_->attributes.count == 0) return nullptr;
    for (auto const& a : graph_->attributes_of(*node_)) {
      if (same_text(a.name, name)) return &a;
    }
    return nullptr;
  }

  graph const* graph_;
  node const* node_;
  value_id const* inputs_;
};

/// An axis counted from the end where it is negative, as ONNX counts; -1 where there is none such.
constexpr int axis_of(std::int64_t axis, int rank) {
  if (axis < -rank || axis >= rank) return -1;
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

}  // namespace inlay::inline INLAY_VERSION
