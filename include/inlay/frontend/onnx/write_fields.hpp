// TensorProto, AttributeProto and ValueInfoProto, written as the headers beside this read them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/frontend/onnx/annotation_lists.hpp"
#include "inlay/frontend/onnx/attribute.hpp"
#include "inlay/frontend/onnx/wire_writer.hpp"
#include "inlay/frontend/onnx/write_notes.hpp"
#include "inlay/graph/attribute_kind.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/print_type.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// Where the elements of a constant stand in another file.
constexpr void write_external(wire_writer& to, external_data const& e) {
  auto const write_entry = [&](string_view key, string_view text) {
    to.message(13, [&] {
      to.text(1, key);
      to.text(2, text);
    });
  };
  write_entry("location", e.location);
  if (e.offset != 0) write_entry("offset", (sentence() << e.offset).view());
  if (e.length >= 0) write_entry("length", (sentence() << e.length).view());
  if (!e.checksum.empty()) write_entry("checksum", e.checksum);
  to.integer(14, 1);
}

/// The fields of a constant; its elements stand in `raw_data`, texts in `string_data`, unless they
/// are from another file. Without a name of its own, it has the one that is noted.
constexpr void write_tensor(wire_writer& to, graph const& g, annotation_lists const& notes,
                            value_id id, string_view name) {
  if (name.empty()) name = notes.find(annotated::value, id, "name");
  auto const& v = g.values[id];
  auto const& c = g.constants[v.constant];
  for (auto const extent : v.type.shape) to.integer(1, extent);
  to.integer(2, static_cast<std::int64_t>(v.type.element));
  for (std::uint32_t i = 0; i < c.texts.count; ++i) to.text(6, g.texts[c.texts.first + i]);
  if (!name.empty()) to.text(8, name);
  if (c.external < g.externals.size()) write_external(to, g.externals[c.external]);
  else if (v.type.element != element_type::string) to.text(9, g.bytes_of(c));
  write_notes(to, notes, annotated::value, id, 12, 16);
}

constexpr bool is_sparse(graph const& g, value_id id) {
  return g.constants[g.values[id].constant].sparse_values != no_value;
}

/// The fields of a sparse constant.
constexpr void write_sparse_tensor(wire_writer& to, graph const& g, annotation_lists const& notes,
                                   value_id id, string_view name) {
  auto const& v = g.values[id];
  auto const& c = g.constants[v.constant];
  to.message(1, [&] { write_tensor(to, g, notes, c.sparse_values, name); });
  to.message(2, [&] { write_tensor(to, g, notes, c.sparse_indices, {}); });
  for (auto const extent : v.type.shape) to.integer(3, extent);
}

/// What a file calls a dimension: its name, or its expression, as other tools write it. Empty where
/// it has none, or depends on one that has none.
constexpr text_buffer dimension_name(graph const& g, std::uint32_t symbol) {
  text_buffer name;
  bool const is_free =
      symbol >= g.dimensions.size() || g.dimensions[symbol].kind == dimension_kind::free;
  if (is_free) return name << g.symbols[symbol];
  if (has_names(g, symbol)) name = print_extent(g, -1 - static_cast<std::int64_t>(symbol));
  return name;
}

constexpr bool is_known(contained_type const& t) {
  return t.container != not_contained || t.tensor.has_shape ||
         t.tensor.element != element_type::undefined;
}

constexpr void write_denotation(wire_writer& to, std::uint64_t field, string_view text) {
  if (!text.empty()) to.text(field, text);
}

/// The fields of the type of a tensor, sparse or not. A shape that is not known is left out.
constexpr void write_tensor_type(wire_writer& to, graph const& g, tensor_type const& t,
                                 type_notes const& notes) {
  auto const write_extent = [&](std::int64_t extent) {
    if (extent >= 0) return to.integer(1, extent);
    auto const text = dimension_name(g, static_cast<std::uint32_t>(-1 - extent));
    if (!text.view().empty()) to.text(2, text.view());
  };
  auto const write_dimension = [&](int axis) {
    write_extent(t.shape[axis]);
    write_denotation(to, 3, notes.of_dimension(axis));
  };
  auto const write_shape = [&] {
    for (int axis = 0; axis < t.shape.size(); ++axis) {
      to.message(1, [&] { write_dimension(axis); });
    }
  };
  if (t.element != element_type::undefined) to.integer(1, static_cast<std::int64_t>(t.element));
  if (t.has_shape) to.message(2, write_shape);
}

/// The fields of a TypeProto, which stands inside so many others.
constexpr void write_type(wire_writer& to, graph const& g, contained_type const& t,
                          type_notes const& notes, int layer = 0) {
  write_denotation(to, 6, notes.of_type(layer));
  if (t.container == not_contained) {
    if (is_known(t)) to.message(1, [&] { write_tensor_type(to, g, t.tensor, notes); });
    return;
  }
  auto const& c = g.containers[t.container];
  contained_type const inner{t.tensor, c.inner};
  auto const write_inner = [&](std::uint64_t field) {
    if (!is_known(inner) && notes.of_type(layer + 1).empty()) return;
    to.message(field, [&] { write_type(to, g, inner, notes, layer + 1); });
  };
  switch (c.kind) {
    case container_kind::sequence: to.message(4, [&] { write_inner(1); }); break;
    case container_kind::optional: to.message(9, [&] { write_inner(1); }); break;
    case container_kind::map:
      to.message(5, [&] {
        if (c.key != element_type::undefined) to.integer(1, static_cast<std::int64_t>(c.key));
        write_inner(2);
      });
      break;
    case container_kind::sparse_tensor:
      to.message(8, [&] { write_tensor_type(to, g, t.tensor, notes); });
      break;
    case container_kind::opaque:
      to.message(7, [&] {
        if (!c.domain.empty()) to.text(1, c.domain);
        if (!c.name.empty()) to.text(2, c.name);
      });
      break;
  }
}

/// Whether a graph keeps what an attribute holds.
constexpr bool is_kept(graph const& g, attribute const& a) {
  if (detail::kind_of_elements(a.kind) == attribute_kind::tensor ||
      detail::kind_of_elements(a.kind) == attribute_kind::sparse_tensor) {
    for (std::size_t i = a.values.first; i < a.values.first + std::size_t{a.values.count}; ++i) {
      if (static_cast<value_id>(g.integers[i]) == no_value) return false;
    }
  }
  return a.kind != attribute_kind::other || !a.reference.empty();
}

/// The fields of an attribute that the graph has kept, of the node or function that `holder` and
/// `index` say. `write_body(index)` writes those of a graph.
template <class WriteBody>
constexpr void write_attribute(wire_writer& to, graph const& g, annotation_lists const& notes,
                               annotated holder, std::size_t index, attribute const& a,
                               WriteBody&& write_body) {
  to.text(1, a.name);
  std::int64_t type = 0;
  while (attribute_fields[type].kind != a.kind) ++type;
  auto const field = attribute_fields[type].number;
  for (std::size_t i = a.values.first; i < a.values.first + a.values.count; ++i) {
    using enum attribute_kind;
    switch (a.kind) {
      case real:
      case reals: to.real(field, g.reals[i]); break;
      case text:
      case texts: to.text(field, g.texts[i]); break;
      case attribute_kind::type:
      case types: {
        auto const position = static_cast<std::int64_t>(i - a.values.first);
        to.message(field, [&] {
          write_type(to, g, g.types[i], {&notes, holder, index, position, a.name});
        });
        break;
      }
      case tensor:
      case tensors:
        to.message(field,
                   [&] { write_tensor(to, g, notes, static_cast<value_id>(g.integers[i]), {}); });
        break;
      case sparse_tensor:
      case sparse_tensors:
        to.message(field, [&] {
          write_sparse_tensor(to, g, notes, static_cast<value_id>(g.integers[i]), {});
        });
        break;
      case attribute_kind::graph:
      case graphs:
        to.message(field, [&] { write_body(static_cast<std::uint32_t>(g.integers[i])); });
        break;
      default: to.integer(field, g.integers[i]); break;
    }
  }
  if (notes.has(holder, index)) {
    text_buffer key;
    key << "doc_string:" << a.name;
    auto const documentation = notes.find(holder, index, key.view());
    if (!documentation.empty()) to.text(13, documentation);
  }
  if (type != 0) to.integer(20, type);
  if (!a.reference.empty()) to.text(21, a.reference);
}

/// The name and type of a value; a type that is not known is left out.
constexpr void write_value(wire_writer& to, graph const& g, value_id id, string_view name,
                           type_notes const& notes) {
  auto const& v = g.values[id];
  contained_type const t{v.type, v.container};
  to.text(1, name);
  if (!is_known(t) && notes.of_type(0).empty()) return;
  to.message(2, [&] { write_type(to, g, t, notes); });
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
