// How windows slide over the images and sequences of a network.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/frontend/expr/operators.hpp"

namespace inlay::inline INLAY_VERSION::expr {

/// Along every axis of an image alike. The stride of 0 is the size of the window, for poolings, and
/// 1 for convolutions.
struct window {
  std::int64_t stride = 0;
  std::int64_t padding = 0;
  std::int64_t dilation = 1;
  std::int64_t groups = 1;  // of the channels of a convolution
  bool bias = true;         // of a convolution
};

/// The attributes of such a window, those that are not what the operator takes without them.
struct window_attributes {
  std::int64_t sizes[2]{};
  std::int64_t strides[2]{};
  std::int64_t pads[4]{};
  std::int64_t dilations[2]{};
  named_attribute list[5]{};
  std::size_t count = 0;

  constexpr void append(named_attribute const& a) { list[count++] = a; }
  constexpr void append(string_view attribute, std::int64_t const* values, int size) {
    append({attribute, span<std::int64_t const>(values, static_cast<std::size_t>(size))});
  }
};

/// One size for both axes of an image, or one for each.
template <std::int64_t... Size> constexpr shape sizes_of_window() {
  static_assert(sizeof...(Size) == 1 || sizeof...(Size) == 2,
                "a window has one size, or one for its rows and one for its columns");
  static_assert(((Size > 0) && ...), "a window has at least one row and one column");
  shape sizes{Size...};
  if (sizes.size() == 1) sizes.push_back(sizes[0]);
  return sizes;
}
/// That of a window over sequences.
template <std::int64_t Size> constexpr shape size_of_window() {
  static_assert(Size > 0, "a window has at least one element");
  return {Size};
}

/// Images [n, c, h, w]; those of one channel may have no axis for it.
///   {1, 28, 28} → {1, 1, 28, 28}
template <class T> constexpr tensor<T> images(tensor<T> x) {
  return x.rank() == 3 ? unsqueeze(x, {1}) : x;
}

/// Fills in the attributes; it must stay where it is while they are used.
constexpr void describe(window_attributes& to, shape const& sizes, window const& w, bool is_pool) {
  int const axes = sizes.size();
  bool strides = false;
  for (int i = 0; i < axes; ++i) {
    to.sizes[i] = sizes[i];
    to.strides[i] = w.stride != 0 ? w.stride : is_pool ? sizes[i] : 1;
    to.dilations[i] = w.dilation;
    to.pads[i] = to.pads[axes + i] = w.padding;
    strides = strides || to.strides[i] != 1;
  }
  // In the order of the alphabet, as files have them.
  if (w.dilation != 1) to.append("dilations", to.dilations, axes);
  if (!is_pool && w.groups != 1) to.append({"group", w.groups});
  if (is_pool) to.append("kernel_shape", to.sizes, axes);
  if (w.padding != 0) to.append("pads", to.pads, 2 * axes);
  if (strides) to.append("strides", to.strides, axes);
}

template <class Operator, class T>
constexpr tensor<T> pool(tensor<T> x, shape const& sizes, window const& w) {
  window_attributes a;
  describe(a, sizes, w, true);
  auto const input = x.id();
  auto const id = x.where().add(id_of<Operator>, {}, span<value_id const>(&input, 1),
                                span<named_attribute const>(a.list, a.count));
  return {x.where(), id};
}

/// The largest elements of windows over images, side by side where no stride is given.
///   max_pool<2>(x): {1, 8, 24, 24} → {1, 8, 12, 12}
///   max_pool<3>(x, {.stride = 2, .padding = 1}): {1, 8, 112, 112} → {1, 8, 56, 56}
template <std::int64_t... Size, class T>
  requires(sizeof...(Size) > 0)
constexpr tensor<T> max_pool(tensor<T> x, window const& w = {}) {
  return pool<op::max_pool>(images(x), sizes_of_window<Size...>(), w);
}
/// The same over sequences [n, c, w].
template <std::int64_t Size, class T>
constexpr tensor<T> max_pool1d(tensor<T> x, window const& w = {}) {
  return pool<op::max_pool>(x, size_of_window<Size>(), w);
}
/// The means of windows, likewise; of those elements that are within the image.
template <std::int64_t... Size, class T>
  requires(sizeof...(Size) > 0)
constexpr tensor<T> average_pool(tensor<T> x, window const& w = {}) {
  return pool<op::average_pool>(images(x), sizes_of_window<Size...>(), w);
}
template <std::int64_t Size, class T>
constexpr tensor<T> average_pool1d(tensor<T> x, window const& w = {}) {
  return pool<op::average_pool>(x, size_of_window<Size>(), w);
}

}  // namespace inlay::inline INLAY_VERSION::expr
