// TensorProto, AttributeProto and ValueInfoProto, written as the headers beside this read them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "inlay/frontend/onnx/attribute.hpp"
#include "inlay/frontend/onnx/wire_writer.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// The fields of a constant; its elements stand in `raw_data`.
constexpr void write_tensor(wire_writer& to, graph const& g, value_id id, std::string_view name) {
  auto const& v = g.values[id];
  for (auto const extent : v.type.shape) to.integer(1, extent);
  to.integer(2, static_cast<std::int64_t>(v.type.element));
  if (!name.empty()) to.text(8, name);
  to.text(9, g.bytes_of(g.constants[v.constant]));
}

/// Whether a graph keeps what an attribute of this kind holds.
constexpr bool is_kept(attribute_kind kind) {
  using enum attribute_kind;
  return kind != attribute_kind::graph && kind != graphs && kind != other;
}

/// The fields of an attribute that the graph has kept.
constexpr void write_attribute(wire_writer& to, graph const& g, attribute const& a) {
  to.text(1, a.name);
  std::int64_t type = 1;
  while (attribute_fields[type].kind != a.kind) ++type;
  auto const field = attribute_fields[type].number;
  for (std::size_t i = a.values.first; i < a.values.first + a.values.count; ++i) {
    switch (a.kind) {
      case attribute_kind::real:
      case attribute_kind::reals: to.real(field, g.reals[i]); break;
      case attribute_kind::text:
      case attribute_kind::texts: to.text(field, g.texts[i]); break;
      case attribute_kind::tensor:
      case attribute_kind::tensors:
        to.message(field, [&] { write_tensor(to, g, static_cast<value_id>(g.integers[i]), {}); });
        break;
      default: to.integer(field, g.integers[i]); break;
    }
  }
  to.integer(20, type);
}

/// The fields of an input or output of the graph. A shape that is not known is left out.
constexpr void write_value(wire_writer& to, graph const& g, value_id id, std::string_view name) {
  auto const& t = g.values[id].type;
  auto const write_dimension = [&](std::int64_t extent) {
    if (extent >= 0) return to.integer(1, extent);
    auto const symbol = g.symbols[static_cast<std::size_t>(-1 - extent)];
    if (!symbol.empty()) to.text(2, symbol);
  };
  auto const write_shape = [&] {
    for (auto const extent : t.shape) to.message(1, [&] { write_dimension(extent); });
  };
  auto const write_tensor_type = [&] {
    to.integer(1, static_cast<std::int64_t>(t.element));
    if (t.has_shape) to.message(2, write_shape);
  };
  to.text(1, name);
  to.message(2, [&] { to.message(1, write_tensor_type); });
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
