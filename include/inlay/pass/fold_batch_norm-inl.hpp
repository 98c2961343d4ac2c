// Moves normalizations into convolutions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/bytes.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/store_constant.hpp"
#include "inlay/op/list.hpp"
#include "inlay/pass/folding_budget.hpp"
#include "inlay/pass/remove_parts.hpp"
#include "inlay/pass/value_uses.hpp"
#include "inlay/stage/scalar.hpp"

INLAY_BEGIN_TARGET

/// Folds the normalizations of one graph.
template <class Graph> class batch_norm_folder {
  struct convolution_operands {
    value_id x;
    value_id weights;
    value_id bias;
  };

  constexpr convolution_operands operands_of(node const& conv) const {
    auto const inputs = graph_->inputs_of(conv);
    return {inputs[0], inputs[1], inputs.size() > 2 ? inputs[2] : no_value};
  }

  // Templates before their use: Clang instantiates none whose body it has not seen.
  template <class T> constexpr T read(value_id id, std::size_t i) const {
    return read_little_endian<T>(graph_->bytes_of(graph_->constants[graph_->values[id].constant]),
                                 i);
  }
  template <class T, class Compute>
  constexpr value_id add_constant(shape const& s, Compute&& compute) {
    auto& g = *graph_;
    value v;
    v.type = {element_of<T>, s};
    v.constant =
        store_constant(g, [&](auto put) { compute([&](double x) { put(static_cast<T>(x)); }); });
    g.values.push_back(v);
    return static_cast<value_id>(g.values.size() - 1);
  }

  /// In double, and every element rounded once at its end:
  /// factor = scale / sqrt(variance + epsilon), w' = w · factor, b' = (b - mean) · factor + B.
  template <class T>
  constexpr convolution_operands fold_into(node const& n, value_id weights, value_id bias) {
    auto& g = *graph_;
    // Copies, for values are added.
    auto const shape_of_weights = g.values[weights].type.shape;
    auto const channels = static_cast<std::size_t>(shape_of_weights[0]);
    auto const epsilon = static_cast<double>(node_view(g, n).real("epsilon", 1e-5f));
    value_id const scales = g.inputs_of(n)[1];
    value_id const offsets = g.inputs_of(n)[2];
    value_id const means = g.inputs_of(n)[3];
    value_id const variances = g.inputs_of(n)[4];
    vector<double> factors;
    factors.reserve(channels);
    for (std::size_t c = 0; c < channels; ++c) {
      // As the kernel adds them, for the sum of two floats may be another float.
      auto const spread =
          static_cast<double>(static_cast<T>(read<T>(variances, c) + static_cast<T>(epsilon)));
      auto const root = scalar::sqrt(spread);
      factors.push_back(scalar::divide(static_cast<double>(read<T>(scales, c)), root));
    }

    auto const count = static_cast<std::size_t>(elements_of(shape_of_weights));
    auto const of_channel = channels == 0 ? 0 : count / channels;
    auto const new_weights = add_constant<T>(shape_of_weights, [&](auto put) {
      for (std::size_t c = 0, i = 0; c < channels; ++c) {
        for (std::size_t k = 0; k < of_channel; ++k, ++i) {
          put(scalar::multiply(static_cast<double>(read<T>(weights, i)), factors[c]));
        }
      }
    });
    auto const new_bias = add_constant<T>({shape_of_weights[0]}, [&](auto put) {
      for (std::size_t c = 0; c < channels; ++c) {
        double const before = bias == no_value ? 0 : static_cast<double>(read<T>(bias, c));
        auto const difference = before - static_cast<double>(read<T>(means, c));
        put(scalar::fma(difference, factors[c], static_cast<double>(read<T>(offsets, c))));
      }
    });
    return {no_value, new_weights, new_bias};
  }

 public:
  constexpr explicit batch_norm_folder(Graph& g) : graph_(&g), budget_(g), uses_(g) {}

  /// Gives the convolution before `n` new weights and the output of `n`, if that can be.
  constexpr bool fold(node const& n) {
    auto& g = *graph_;
    auto const inputs = g.inputs_of(n);
    auto const index = uses_.producer[inputs[0]];
    if (index == value_uses<Graph>::not_a_node || uses_.count[inputs[0]] != 1) return false;
    auto& conv = g.nodes[index];
    if (!is<op::conv>(conv)) return false;
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      if (!is_foldable(g, inputs[i])) return false;
    }
    auto const [x, weights, bias] = operands_of(conv);
    if (!is_foldable(g, weights) || (bias != no_value && !is_foldable(g, bias))) return false;
    auto const& type = g.values[weights].type;
    auto const count = elements_of(type.shape);
    auto const channels = type.shape[0];
    auto const bytes = bytes_of(type.element, saturating_add(count, channels));
    if (!budget_.take(bytes, saturating_add(count, channels))) return false;
    auto const new_inputs = type.element == element_type::float32
                                ? fold_into<float>(n, weights, bias)
                                : fold_into<double>(n, weights, bias);
    value_id const operands[] = {x, new_inputs.weights, new_inputs.bias};
    conv.inputs = {static_cast<std::uint32_t>(g.operands.size()), 3};
    g.operands.append(operands, 3);
    g.operands[conv.outputs.first] = g.outputs_of(n)[0];
    uses_.producer[g.outputs_of(n)[0]] = index;
    return true;
  }

 private:
  Graph* graph_;
  folding_budget<Graph> budget_;
  value_uses<Graph> uses_;
};

/// A batch normalization whose producer is a convolution that nothing else reads moves into its
/// weights and its bias, where all of those are constants. Runs after types are inferred. The
/// result may differ in the last bits: elements of the new weights are rounded once.
///   before   %3 = Conv(%0, %1)   %8 = BatchNormalization(%3, %4, %5, %6, %7)   return %8
///   after    %8 = Conv(%0, %9, %10)   return %8
template <class Graph> constexpr Graph fold_batch_norm(Graph g) {
  if (g.failure) return g;
  bool has_any = false;
  for (auto const& n : g.nodes) has_any = has_any || n.op == id_of<op::batch_normalization>;
  if (!has_any) return g;
  batch_norm_folder folder(g);
  vector<char> is_removed(g.nodes.size(), 0);
  for (std::size_t i = 0; i < g.nodes.size(); ++i) {
    if (is<op::batch_normalization>(g.nodes[i]) && folder.fold(g.nodes[i])) is_removed[i] = 1;
  }
  remove_nodes(g, is_removed);
  return g;
}

INLAY_END_TARGET
