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

  constexpr bool has_any() const { return !views.views.empty() || !images.forms.empty(); }

  constexpr layout layout_of(value_id id, tensor_type const& t) const {
    if (!has_any()) return layout(t);
    return images.is_channels_last(id) ? images.layout_of(id, t) : views.layout_of(id, t);
  }
  /// Elements between where the memory of its root begins and its first element.
  constexpr std::int64_t offset_of(value_id id, shape const& extents) const {
    return images.is_channels_last(id) ? images.offset_of(id, extents) : views.offset_of(id);
  }
  /// What is the same of all values of one type that lie alike; of parts, if they are of one image.
  constexpr std::uint64_t form_of(value_id id) const {
    if (!has_any()) return 0;
    auto const number = images.is_part(id) ? images.image_of(id) + 1 : views.number_of_strides(id);
    return std::uint64_t{number} << 32 | images.form_of(id);
  }
};

}  // namespace inlay::inline INLAY_VERSION
