// TensorProto: what the message says of a tensor, and the tensor as a constant of the graph.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/element_type.hpp"
#include "inlay/core/shape.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/frontend/onnx/external_entry.hpp"
#include "inlay/frontend/onnx/tensor_elements.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/builder.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// A TensorProto as it stands in the file, not yet checked.
struct tensor {
  string_view name;
  std::int64_t data_type = 0;
  shape extents;
  std::int64_t rank = 0;  // as the file has it; `extents` has the first 8
  bool is_segment = false;
  bool is_external = false;
  external_data external;
  string_view documentation;
  bool has_metadata = false;
  tensor_elements elements;
};

constexpr tensor read_tensor(message m) {
  tensor t;
  while (m.next()) {
    switch (m.number()) {
      case 1:
        m.each_integer([&](std::int64_t extent) {
          if (t.rank++ < max_rank) t.extents.push_back(extent);
        });
        break;
      case 2: t.data_type = m.integer(); break;
      case 3: t.is_segment = true; break;
      case 8: t.name = m.bytes(); break;
      case 12: t.documentation = m.bytes(); break;
      case 13: read_external_entry({m, "an external tensor"}, t.external); break;
      case 16: t.has_metadata = true; break;
      case 14: t.is_external = m.integer() == 1; break;
      default: t.elements.scan(m); break;
    }
  }
  return t;
}

/// What is wrong with a tensor, apart from its elements.
constexpr error check(tensor const& t) {
  auto const e = element_of_number(t.data_type);
  if (e == element_type::undefined) {
    return make_error(rule::the_element_type_must_be_supported, "tensor '", t.name,
                      "': ONNX has no element type ", t.data_type);
  }
  if (t.is_external && e == element_type::string) {
    return make_error(rule::the_element_type_must_be_supported, "tensor '", t.name,
                      "': texts cannot stand in another file");
  }
  if (t.is_segment) {
    return make_error(rule::segments_are_not_supported, "tensor '", t.name,
                      "' is a segment of a larger one; segments are not supported");
  }
  if (t.rank > max_rank) {
    return make_error(rule::a_shape_must_have_at_most_8_axes, "tensor '", t.name, "' has ", t.rank,
                      " axes; at most 8 are supported");
  }
  for (auto const extent : t.extents) {
    if (extent >= 0) continue;
    return make_error(rule::an_extent_must_not_be_negative, "tensor '", t.name, "' has the extent ",
                      extent);
  }
  std::int64_t count = 0;
  std::int64_t bits = 0;
  if (!count_elements(t.extents, 0, t.extents.size(), count) ||
      !checked_multiply(count, bits_of(e), bits)) {
    return make_error(rule::a_tensor_must_fit_in_memory, "tensor '", t.name, "' (", e, " ",
                      t.extents, ") has 2^63 bits or more");
  }
  return t.is_external ? check(t.name, t.external) : t.elements.check(t.name, e);
}

/// A graph has at most so many values: in a file, one may take two bytes.
inline constexpr std::size_t max_values = std::size_t{1} << 20;

/// Whether there is room for one more value than the graph has and `pending`.
constexpr bool has_room(auto& b, std::size_t pending) {
  auto& g = b.unfinished();
  if (g.values.size() + pending < max_values) return true;
  g.fail(make_error(rule::a_graph_must_have_at_most_1048576_parts,
                    "the graph has more than 1048576 tensors"));
  return false;
}

/// Adds the tensor that `m` holds and `t` describes to the graph, without a name if it is an
/// attribute's or a part of a sparse one; `no_value` if it is not as it should be.
constexpr value_id add_tensor(auto& b, message const& m, tensor const& t, string_view name) {
  auto& g = b.unfinished();
  if (!g.failure) g.fail(check(t));
  if (g.failure || !has_room(b, 0)) return no_value;

  tensor_type const type{element_of_number(t.data_type), t.extents};
  if (t.is_external) {
    auto const id = name.empty() ? b.attached_constant(name, type, {}) : b.constant(name, type, {});
    g.constants.back().external = static_cast<std::uint32_t>(g.externals.size());
    g.externals.push_back(t.external);
    return id;
  }
  auto const content = t.elements.read(m, t.name, type.element, g);
  auto const size = static_cast<std::int64_t>(g.bytes_of(content).size());
  auto const wanted = bytes_of(type.element, elements_of(type.shape));
  if (size != wanted) {
    g.fail(make_error(rule::a_tensor_must_hold_as_many_bytes_as_its_shape, "tensor '", t.name,
                      "' (", type.element, " ", type.shape, ") must hold ", wanted, " bytes, not ",
                      size));
    return no_value;
  }
  bool const is_text = type.element == element_type::string;
  if (is_text && content.texts.count != elements_of(type.shape)) {
    g.fail(make_error(rule::a_tensor_must_hold_as_many_bytes_as_its_shape, "tensor '", t.name,
                      "' (", type.element, " ", type.shape, ") must hold ", elements_of(type.shape),
                      " texts, not ", content.texts.count));
    return no_value;
  }
  auto const id = name.empty() ? b.attached_constant(name, type, content.bytes)
                               : b.constant(name, type, content.bytes);
  g.constants.back() = content;
  return id;
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
