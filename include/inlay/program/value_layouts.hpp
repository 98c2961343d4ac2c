// How the values of a graph lie in memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/program/image_layout.hpp"
#include "inlay/program/views.hpp"

namespace inlay::inline INLAY_VERSION {

/// Values that are views of others, and images; the rest lies as ONNX has it.
struct value_layouts {
  value_views views;
  image_layouts images;

  constexpr layout layout_of(value_id id, tensor_type const& t) const {
    return views.number_of_strides(id) == 0 ? images.layout_of(id, t) : views.layout_of(id, t);
  }
  /// Elements between where the memory of its root begins and its first element.
  constexpr std::int64_t offset_of(value_id id, shape const& extents) const {
    return views.offset_of(id) + images.offset_of(id, extents);
  }
  /// What is the same of all values of one type that lie alike.
  constexpr std::uint64_t form_of(value_id id) const {
    auto const image = images.forms.empty() ? 0 : images.forms[id];
    return std::uint64_t{views.number_of_strides(id)} << 32 | image;
  }
};

}  // namespace inlay::inline INLAY_VERSION
