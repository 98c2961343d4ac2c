// Layers: operators with parameters of their own, which have names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "inlay/frontend/expr/elementwise.hpp"
#include "inlay/frontend/expr/operators.hpp"
#include "inlay/frontend/expr/window.hpp"

// A layer "conv1" has parameters "conv1.weight", "conv1.bias", of the names and shapes that they
// have in PyTorch's state_dict. They are inputs of the network behind its own, until it is given
// weights.
namespace inlay::inline INLAY_VERSION::expr {

/// A parameter of the network, named in the open scopes: `parameter(x, "scale", {8})` beside x.
template <class T> constexpr tensor<T> parameter(tensor<T> x, name const& n, shape const& s) {
  return {x.where(), x.where().parameter({}, n.text, {element_of<T>, s})};
}
/// That of a layer.
template <class T>
constexpr tensor<T> parameter(recorder& r, name const& layer, string_view own, shape const& s) {
  return {r, r.parameter(layer.text, own, {element_of<T>, s})};
}

/// An extent that a layer depends on, as the shapes of its parameters do. One without a value is a
/// mistake, and 1.
template <class T>
constexpr std::int64_t known_extent(tensor<T> x, std::int64_t axis, name const& layer) {
  auto const extent = x.extent(axis);
  if (extent >= 0) return extent;
  x.where().fail(make_error(rule::every_dimension_must_have_a_value, "layer '", layer.text,
                            "': axis ", axis, " of its input of shape ", x.shape(),
                            " has no value, and the layer depends on it"));
  return 1;
}

/// Its weights are [outputs, inputs of a group, …], or [inputs, outputs of a group, …] where it is
/// transposed.
template <class Operator, class T>
constexpr tensor<T> convolve(tensor<T> x, name const& n, std::int64_t channels, shape const& sizes,
                             window const& w) {
  auto& r = x.where();
  auto const groups = w.groups > 0 ? w.groups : 1;
  auto const inputs = known_extent(x, 1, n);
  bool const is_transposed = std::is_same_v<Operator, op::conv_transpose>;
  shape weights{is_transposed ? inputs : channels, (is_transposed ? channels : inputs) / groups};
  for (auto const size : sizes) weights.push_back(size);
  window_attributes a;
  describe(a, sizes, w, false);
  value_id operands[] = {x.id(), parameter<T>(r, n, "weight", weights).id(), no_value};
  if (w.bias) operands[2] = parameter<T>(r, n, "bias", shape{channels}).id();
  return {r, r.add(id_of<Operator>, n.text, span<value_id const>(operands, w.bias ? 3 : 2),
                   span<named_attribute const>(a.list, a.count))};
}

/// A convolution to so many channels, with windows of that size over images [n, c, h, w], or
/// [n, h, w] of one channel.
///   conv<8, 5>(x, "conv1"): {1, 1, 28, 28} → {1, 8, 24, 24}
///   conv<64, 3>(x, "conv2", {.stride = 2, .padding = 1, .bias = false})
template <std::int64_t Channels, std::int64_t... Size, class T>
  requires(sizeof...(Size) > 0)
constexpr tensor<T> conv(tensor<T> x, name const& n, window const& w = {}) {
  static_assert(Channels > 0, "a convolution has at least one channel");
  return convolve<op::conv>(images(x), n, Channels, sizes_of_window<Size...>(), w);
}
/// The same over sequences [n, c, w].
template <std::int64_t Channels, std::int64_t Size, class T>
constexpr tensor<T> conv1d(tensor<T> x, name const& n, window const& w = {}) {
  static_assert(Channels > 0, "a convolution has at least one channel");
  return convolve<op::conv>(x, n, Channels, size_of_window<Size>(), w);
}

/// The transposed convolution to so many channels.
///   conv_transpose<4, 2>(x, "up", {.stride = 2}): {1, 8, 7, 7} → {1, 4, 14, 14}
template <std::int64_t Channels, std::int64_t... Size, class T>
  requires(sizeof...(Size) > 0)
constexpr tensor<T> conv_transpose(tensor<T> x, name const& n, window const& w = {}) {
  static_assert(Channels > 0, "a convolution has at least one channel");
  return convolve<op::conv_transpose>(images(x), n, Channels, sizes_of_window<Size...>(), w);
}
template <std::int64_t Channels, std::int64_t Size, class T>
constexpr tensor<T> conv_transpose1d(tensor<T> x, name const& n, window const& w = {}) {
  static_assert(Channels > 0, "a convolution has at least one channel");
  return convolve<op::conv_transpose>(x, n, Channels, size_of_window<Size>(), w);
}

struct dense_options {
  bool bias = true;
};

/// The same as `dense`, with a number of outputs that need not be a constant.
template <class T>
constexpr tensor<T> dense_to(std::int64_t outputs, tensor<T> x, name const& n,
                             dense_options const& o = {}) {
  auto& r = x.where();
  auto const columns = known_extent(x, -1, n);
  auto const w = parameter<T>(r, n, "weight", shape{outputs, columns});
  node_name const node{n.text};
  if (x.rank() == 2) {
    auto const flips = named_attribute("transB", 1);
    if (!o.bias) return apply<op::gemm>(x, w, flips, node);
    return apply<op::gemm>(x, w, parameter<T>(r, n, "bias", shape{outputs}), flips, node);
  }
  auto const y = apply<op::matmul>(x, transpose(w), node);
  if (!o.bias) return y;
  return y + parameter<T>(r, n, "bias", shape{outputs});
}

/// x · wᵀ + b along the last axis; w is "weight" [Outputs, columns of x].
///   dense<10>(x, "fc"): {1, 256} → {1, 10}
template <std::int64_t Outputs, class T>
constexpr tensor<T> dense(tensor<T> x, name const& n, dense_options const& o = {}) {
  static_assert(Outputs > 0, "a dense layer has at least one output");
  return dense_to(Outputs, x, n, o);
}

struct epsilon_option {
  float epsilon = 1e-5f;
};

/// Each channel by the mean and the variance that training found.
template <class T>
constexpr tensor<T> batch_norm(tensor<T> x, name const& n, epsilon_option const& o = {}) {
  auto& r = x.where();
  shape const channels{known_extent(x, 1, n)};
  auto const scale = parameter<T>(r, n, "weight", channels);
  auto const bias = parameter<T>(r, n, "bias", channels);
  auto const mean = parameter<T>(r, n, "running_mean", channels);
  auto const variance = parameter<T>(r, n, "running_var", channels);
  return apply<op::batch_normalization>(x, scale, bias, mean, variance,
                                        named_attribute("epsilon", o.epsilon), node_name{n.text});
}

/// Rows along the last axis, to mean 0 and variance 1, by "weight" and "bias".
template <class T>
constexpr tensor<T> layer_norm(tensor<T> x, name const& n, epsilon_option const& o = {}) {
  auto& r = x.where();
  shape const columns{known_extent(x, -1, n)};
  auto const scale = parameter<T>(r, n, "weight", columns);
  auto const bias = parameter<T>(r, n, "bias", columns);
  return apply<op::layer_norm>(x, scale, bias, named_attribute("axis", -1),
                               named_attribute("epsilon", o.epsilon), node_name{n.text});
}

/// Rows along the last axis, divided by their root mean square, by "weight".
template <class T>
constexpr tensor<T> rms_norm(tensor<T> x, name const& n, epsilon_option const& o = {}) {
  auto const scale = parameter<T>(x.where(), n, "weight", shape{known_extent(x, -1, n)});
  return apply<op::rms_norm>(x, scale, named_attribute("axis", -1),
                             named_attribute("epsilon", o.epsilon), node_name{n.text});
}

/// Groups of channels of each image, to mean 0 and variance 1; "weight" and "bias" by channel.
template <std::int64_t Groups, class T>
constexpr tensor<T> group_norm(tensor<T> x, name const& n, epsilon_option const& o = {}) {
  auto& r = x.where();
  shape const channels{known_extent(x, 1, n)};
  auto const scale = parameter<T>(r, n, "weight", channels);
  auto const bias = parameter<T>(r, n, "bias", channels);
  return apply<op::group_norm>(x, scale, bias, named_attribute("epsilon", o.epsilon),
                               named_attribute("num_groups", Groups), node_name{n.text});
}

/// Each channel of each image, to mean 0 and variance 1, by "weight" and "bias".
template <class T>
constexpr tensor<T> instance_norm(tensor<T> x, name const& n, epsilon_option const& o = {}) {
  auto& r = x.where();
  shape const channels{known_extent(x, 1, n)};
  auto const scale = parameter<T>(r, n, "weight", channels);
  auto const bias = parameter<T>(r, n, "bias", channels);
  return apply<op::instance_norm>(x, scale, bias, named_attribute("epsilon", o.epsilon),
                                  node_name{n.text});
}

/// The rows of "weight" [Count, Width] that indices choose.
///   embedding<30522, 768>(tokens, "word"): {1, 128} → {1, 128, 768}
template <std::int64_t Count, std::int64_t Width, class T = float, class Index>
constexpr tensor<T> embedding(tensor<Index> indices, name const& n) {
  auto const table = parameter<T>(indices.where(), n, "weight", shape{Count, Width});
  return apply<op::gather>(table, indices, node_name{n.text});
}

/// What a function of a tensor records, under names that begin with that of the scope:
/// `within("encoder", x, block)`.
template <class T, class F> constexpr auto within(name const& n, tensor<T> x, F const& f) {
  auto& r = x.where();
  auto const before = r.scope_size();
  r.open_scope(n.text);
  auto const y = f(x);
  r.close_scope(before);
  return y;
}

/// `Count` times a function of a tensor, each of what the one before returned; under the names
/// `n.0`, `n.1`, … The function may take the number as well.
template <std::int64_t Count, class T, class F>
constexpr tensor<T> repeat(name const& n, tensor<T> x, F const& f) {
  auto& r = x.where();
  auto const before = r.scope_size();
  for (std::int64_t i = 0; i < Count; ++i) {
    if (!n.text.empty()) r.open_scope(n.text);
    r.open_scope(i);
    if constexpr (requires { f(x, i); }) x = f(x, i);
    else x = f(x);
    r.close_scope(before);
  }
  return x;
}
/// The same as a function: `repeat<6>(block)(x)`.
template <std::int64_t Count, class F> constexpr auto repeat(F f) {
  return [f]<class T>(tensor<T> x) { return repeat<Count>("", x, f); };
}

}  // namespace inlay::inline INLAY_VERSION::expr

namespace inlay::inline INLAY_VERSION {
using expr::repeat;
using expr::within;
}  // namespace inlay::inline INLAY_VERSION
