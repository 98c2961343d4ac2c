// Recurrent layers over sequences of a known length, as compositions of operators.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/pack.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/frontend/expr/layers.hpp"

// Parameters are those of PyTorch's layers of one level and one direction: "weight_ih_l0",
// "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", with the gates one after the other. They start from
// the state that they are given, else from zeros.
// *Shapes*: x {n, steps, columns}, state {n, 1, Hidden} → {n, steps, Hidden}, the state after each
// step.
namespace inlay::inline INLAY_VERSION::expr {

/// Whether a state stands for zeros, that no value has.
template <class T> constexpr bool is_zero(tensor<T> state) { return state.id() == no_value; }

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

  /// `cell(x, h, state)` of each step's gates, those of the input and those of the state before,
  /// makes the state. Where it starts from zeros, the first `state` is none.
  template <class Cell> constexpr tensor<T> run(tensor<T> state, Cell&& cell) const {
    vector<value_id> states;
    for (std::int64_t i = 0; i < steps_; ++i) {
      auto const x = slice(inputs_, 1, i, i + 1);
      auto h = bias_;
      if (!is_zero(state)) h = matmul(state, weight_) + bias_;
      state = cell(x, h, state);
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
template <std::int64_t Hidden, class T>
constexpr tensor<T> rnn(tensor<T> x, name const& n, tensor<T> state = {}) {
  return recurrence<T>(x, n, 1, Hidden).run(state, [](auto input, auto hidden, auto) {
    return tanh(input + hidden);
  });
}

/// Gates input, forget, cell, output. Starts from the state and the cell {n, 1, Hidden}; returns
/// the state after each step, and the cell after the last.
/// *Source*: Hochreiter and Schmidhuber, 1997; Gers, 2000.
template <std::int64_t Hidden, class T>
constexpr pack<tensor<T>, tensor<T>> lstm(tensor<T> x, name const& n, tensor<T> state,
                                          tensor<T> cell) {
  auto const states = recurrence<T>(x, n, 4, Hidden).run(state, [&](auto input, auto hidden, auto) {
    auto const [i, f, g, o] = split<4>(input + hidden, 2);
    auto const added = sigmoid(i) * tanh(g);
    if (is_zero(cell)) cell = added;
    else cell = sigmoid(f) * cell + added;
    return sigmoid(o) * tanh(cell);
  });
  return pack<tensor<T>, tensor<T>>(states, cell);
}
/// The same from zeros; the state after each step.
template <std::int64_t Hidden, class T> constexpr tensor<T> lstm(tensor<T> x, name const& n) {
  return get<0>(lstm<Hidden>(x, n, tensor<T>(), tensor<T>()));
}

/// Gates reset, update, new; the reset gate works behind the weights.     *Source*: Cho et al.,
/// 2014.
template <std::int64_t Hidden, class T>
constexpr tensor<T> gru(tensor<T> x, name const& n, tensor<T> state = {}) {
  return recurrence<T>(x, n, 3, Hidden).run(state, [](auto input, auto hidden, auto before) {
    auto const [xr, xz, xn] = split<3>(input, 2);
    auto const [hr, hz, hn] = split<3>(hidden, is_zero(before) ? 0 : 2);
    auto const update = sigmoid(xz + hz);
    auto const next = tanh(xn + sigmoid(xr + hr) * hn);
    if (is_zero(before)) return (1 - update) * next;
    return (1 - update) * next + update * before;
  });
}

}  // namespace inlay::inline INLAY_VERSION::expr
