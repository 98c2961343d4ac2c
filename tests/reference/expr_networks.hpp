// Networks as expressions, each of which a script writes as an ONNX file too.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <inlay/frontend/expr.hpp>

namespace reference {

using namespace inlay;
using namespace inlay::attributes;

// A layer of BERT: attention and two dense layers, each added to its input and normalized.
inline constexpr auto bert_layer = [](auto x, auto mask) {
  constexpr expr::epsilon_option tiny{1e-12f};
  auto const q = dense<64>(x, "attention.self.query");
  auto const k = dense<64>(x, "attention.self.key");
  auto const v = dense<64>(x, "attention.self.value");
  auto const context = attention<4>(q, k, v, mask);
  auto const attended = layer_norm(dense<64>(context, "attention.output.dense") + x,
                                   "attention.output.LayerNorm", tiny);
  auto const hidden = gelu(dense<256>(attended, "intermediate.dense"));
  return layer_norm(dense<64>(hidden, "output.dense") + attended, "output.LayerNorm", tiny);
};
inline constexpr auto bert = network([](input<float, 2, 16, 64> x, input<float, 2, 1, 1, 16> mask) {
  x.named("x");
  mask.named("mask");
  auto const last = repeat<2>("layer", x, [&](auto y) { return bert_layer(y, mask); });
  return last.named("y");
});

// Residual blocks of two convolutions, with a convolution beside them where the shape changes.
template <std::int64_t Channels, std::int64_t Stride>
constexpr auto basic_block = [](auto x) {
  auto y = conv<Channels, 3>(x, "conv1", {.stride = Stride, .padding = 1, .bias = false});
  y = relu(batch_norm(y, "bn1"));
  y = conv<Channels, 3>(y, "conv2", {.padding = 1, .bias = false});
  y = batch_norm(y, "bn2");
  if constexpr (Stride != 1) {
    x = conv<Channels, 1>(x, "downsample.0", {.stride = Stride, .bias = false});
    x = batch_norm(x, "downsample.1");
  }
  return relu(y + x);
};
inline constexpr auto residual = network([](input<float, 1, 3, 32, 32> image) {
  image.named("x");
  auto x = conv<8, 7>(image, "conv1", {.stride = 2, .padding = 3, .bias = false});
  x = max_pool<3>(relu(batch_norm(x, "bn1")), {.stride = 2, .padding = 1});
  x = repeat<2>("layer1", x, basic_block<8, 1>);
  x = repeat<1>("layer2", x, basic_block<16, 2>);
  return dense<10>(flatten(global_average_pool(x)), "fc").named("y");
});

// What ONNX has an operator for.
inline constexpr auto einsum_of_matrices = network(
    [](input<float, 2, 3, 4> x, input<float, 2, 4, 5> y) { return einsum("bij,bjk->bik", x, y); });
inline constexpr auto einsum_of_three =
    network([](input<float, 3, 4> x, input<float, 4, 5> y, input<float, 2, 5> z) {
      return einsum("ij,jk,lk->li", x, y, z);
    });
inline constexpr auto einsum_outer =
    network([](input<float, 3> x, input<float, 2, 4> y) { return einsum("i,jk->kij", x, y); });
inline constexpr auto einsum_joined =
    network([](input<float, 2, 3, 4, 5> x, input<float, 4, 6, 3, 5> y) {
      return einsum("abcd,cebd->ea", x, y);
    });
inline constexpr auto einsum_of_one =
    network([](input<float, 2, 3, 4> x) { return einsum("abc->ca", x); });
inline constexpr auto einsum_without_arrow =
    network([](input<float, 3, 4> x, input<float, 4, 2> y) { return einsum("ij, jk", x, y); });
inline constexpr auto lstm_of_5 = network([](input<float, 2, 4, 3> x) { return lstm<5>(x, "r"); });
inline constexpr auto gru_of_5 = network([](input<float, 2, 4, 3> x) { return gru<5>(x, "r"); });
inline constexpr auto rnn_of_5 = network([](input<float, 2, 4, 3> x) { return rnn<5>(x, "r"); });
inline constexpr auto lstm_from_state =
    network([](input<float, 2, 4, 3> x, input<float, 2, 1, 5> state, input<float, 2, 1, 5> cell) {
      auto const [states, last_cell] = lstm<5>(x, "r", state, cell);
      return concat(states, last_cell, inlay::attributes::axis = 1);
    });
inline constexpr auto gru_from_state = network(
    [](input<float, 2, 4, 3> x, input<float, 2, 1, 5> state) { return gru<5>(x, "r", state); });
inline constexpr auto rnn_from_state = network(
    [](input<float, 2, 4, 3> x, input<float, 2, 1, 5> state) { return rnn<5>(x, "r", state); });
inline constexpr auto self_attention =
    network([](input<float, 2, 6, 8> x) { return multi_head_attention<2>(x, "a"); });
inline constexpr auto embedded =
    network([](input<std::int64_t, 2, 5> tokens) { return embedding<11, 4>(tokens, "e"); });

// As examples/lenet/lenet.onnx.
inline constexpr auto lenet = network([](input<float, batch, 1, 28, 28> image) {
  image.named("image");
  auto x = max_pool<2>(relu(conv<8, 5>(image, "conv1")));
  x = max_pool<2>(relu(conv<16, 5>(x, "conv2")));
  return softmax(dense<10>(flatten(x), "fc")).named("probabilities");
});

/// Calls `visit(name, network)` with those that a file says with the same nodes.
template <class Visit> void each_equal(Visit&& visit) {
  visit("bert", bert);
  visit("residual", residual);
  visit("lenet", lenet);
}
/// With those that a file says with other operators.
template <class Visit> void each_composition(Visit&& visit) {
  visit("einsum_of_matrices", einsum_of_matrices);
  visit("einsum_of_three", einsum_of_three);
  visit("einsum_outer", einsum_outer);
  visit("einsum_joined", einsum_joined);
  visit("einsum_of_one", einsum_of_one);
  visit("einsum_without_arrow", einsum_without_arrow);
  visit("lstm", lstm_of_5);
  visit("gru", gru_of_5);
  visit("rnn", rnn_of_5);
  visit("lstm_from_state", lstm_from_state);
  visit("gru_from_state", gru_from_state);
  visit("rnn_from_state", rnn_from_state);
  visit("attention", self_attention);
  visit("embedding", embedded);
}

}  // namespace reference
