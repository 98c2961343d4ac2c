// Recurrent layers over sequences of a known length, as compositions of operators.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/vector.hpp"
#include "inlay/frontend/expr/layers.hpp"

// Parameters are those of PyTorch's layers of one level and one direction: "weight_ih_l0",
// "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", with the gates one after the other. They start from
// zeros.
// *Shapes*: {n, steps, columns} → {n, steps, Hidden}, the state after each step.
namespace inlay::inline INLAY_VERSION::expr {

/// What the cells of a recurrent layer of so many gates share.
template <class T> class recurrence {
 public:
  constexpr recurrence(tensor<T> x, name const& n, std::int64_t gates, std::int64_t hidden)
      : steps_(known_extent(x, 1, n)) {
    auto& r = x.where();
    auto const rows = gates * hidden;
    auto const w = parameter<T>(r, n, "weight_ih_l0", shape{rows, known_extent(x, 2, n)});
    weight_ = transpose(parameter<T>(r, n, "weight_hh_l0", shape{rows, hidden}));
    inputs_ = matmul(x, transpose(w)) + parameter<T>(r, n, "bias_ih_l0", shape{rows});
    bias_ = parameter<T>(r, n, "bias_hh_l0", shape{rows});
  }

  /// `cell(x, h, is_first)` of each step's gates, those of the input and those of the state, makes
  /// the state.
  template <class Cell> constexpr tensor<T> run(Cell&& cell) const {
    vector<value_id> states;
    tensor<T> state;
    for (std::int64_t i = 0; i < steps_; ++i) {
      auto const x = slice(inputs_, 1, i, i + 1);
      auto h = bias_;
      if (i > 0) h = matmul(state, weight_) + bias_;
      state = cell(x, h, state, i == 0);
      states.push_back(state.id());
    }
    auto& r = inputs_.where();
    named_attribute const along[] = {{"axis", 1}};
    return {r, r.add(id_of<op::concat>, {}, states, along)};
  }

 private:
  std::int64_t steps_;
  tensor<T> weight_;
  tensor<T> inputs_;
  tensor<T> bias_;
};

/// h = tanh(x + h), each through its weights.                                    *Source*: Elman,
/// 1990.
template <std::int64_t Hidden, class T> constexpr tensor<T> rnn(tensor<T> x, name const& n) {
  return recurrence<T>(x, n, 1, Hidden).run([](auto input, auto hidden, auto, bool) {
    return tanh(input + hidden);
  });
}

/// Gates input, forget, cell, output.         *Source*: Hochreiter and Schmidhuber, 1997; Gers,
/// 2000.
template <std::int64_t Hidden, class T> constexpr tensor<T> lstm(tensor<T> x, name const& n) {
  tensor<T> cell;
  return recurrence<T>(x, n, 4, Hidden).run([&](auto input, auto hidden, auto, bool is_first) {
    auto const [i, f, g, o] = split<4>(input + hidden, 2);
    auto const added = sigmoid(i) * tanh(g);
    if (is_first) cell = added;
    else cell = sigmoid(f) * cell + added;
    return sigmoid(o) * tanh(cell);
  });
}

/// Gates reset, update, new; the reset gate works behind the weights.     *Source*: Cho et al.,
/// 2014.
template <std::int64_t Hidden, class T> constexpr tensor<T> gru(tensor<T> x, name const& n) {
  return recurrence<T>(x, n, 3, Hidden).run([](auto input, auto hidden, auto state, bool is_first) {
    auto const [xr, xz, xn] = split<3>(input, 2);
    auto const [hr, hz, hn] = split<3>(hidden, is_first ? 0 : 2);
    auto const update = sigmoid(xz + hz);
    auto const next = tanh(xn + sigmoid(xr + hr) * hn);
    if (is_first) return (1 - update) * next;
    return (1 - update) * next + update * state;
  });
}

}  // namespace inlay::inline INLAY_VERSION::expr
