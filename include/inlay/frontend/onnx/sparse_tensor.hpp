// SparseTensorProto: the elements of a tensor that are not zero, and where they are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/bytes.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/frontend/onnx/reading.hpp"
#include "inlay/frontend/onnx/tensor.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/builder.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// Keeps what the message says of a tensor besides its elements: its name too where that is not the
/// value's.
constexpr void note_tensor(auto& r, message m, tensor const& t, value_id id, bool is_named) {
  if (r.b.unfinished().failure) return;
  if (!is_named && !t.name.empty()) r.notes.add(annotated::value, id, {}, "name", t.name);
  if (!t.documentation.empty()) {
    r.notes.add(annotated::value, id, {}, "doc_string", t.documentation);
  }
  while (t.has_metadata && m.next()) {
    if (m.number() == 16) r.notes.add_metadata(m, annotated::value, id);
  }
}

/// What is wrong with the indices of a sparse tensor of these extents: int64 [n], each of an
/// element of the flat tensor, or [n, rank], each of an axis.
constexpr error check_indices(graph const& g, string_view name, tensor_type const& values,
                              value_id id, shape const& extents) {
  constexpr auto broken = rule::indices_of_a_sparse_tensor_must_be_in_range;
  auto const& type = g.values[id].type;
  auto const count = values.shape.size() == 1 ? values.shape[0] : -1;
  bool const is_flat = type.shape == shape{count};
  if (count < 0 || type.element != element_type::int64 ||
      (!is_flat && !(type.shape == shape{count, extents.size()}))) {
    return make_error(broken, "sparse tensor '", name, "' of ", extents.size(),
                      " axes has values of shape ", values.shape, ", and indices of type ",
                      type.element, " and shape ", type.shape);
  }
  std::int64_t elements = 0;
  if (!is_in_memory(extents) || !count_elements(extents, 0, extents.size(), elements)) {
    return make_error(rule::a_tensor_must_fit_in_memory, "sparse tensor '", name, "' (", extents,
                      ") is too large");
  }
  auto const bytes = g.bytes_of(g.constants[g.values[id].constant]);
  for (std::size_t i = 0; i < bytes.size() / 8; ++i) {
    auto const index = read_little_endian<std::int64_t>(bytes, i);
    auto const axis = is_flat ? 0 : static_cast<int>(i % static_cast<std::size_t>(extents.size()));
    if (index >= 0 && index < (is_flat ? elements : extents[axis])) continue;
    return make_error(broken, "sparse tensor '", name, "' (", extents, ") has the index ", index,
                      is_flat ? "" : " on axis ", is_flat ? sentence() : sentence() << axis);
  }
  return {};
}

/// Adds the sparse tensor in `m` as three constants: two without a name, and the tensor itself,
/// which has the name of its values where it is an initializer.
constexpr value_id add_sparse_tensor(auto& r, message const& m, bool is_initializer) {
  auto& g = r.b.unfinished();
  tensor values;
  value_id parts[2] = {no_value, no_value};
  shape extents;
  std::int64_t rank = 0;
  for (auto field = m; field.next();) {
    auto const number = field.number();
    if (number == 3) {
      field.each_integer([&](std::int64_t extent) {
        if (rank++ < max_rank) extents.push_back(extent);
      });
    }
    if (number != 1 && number != 2) continue;
    message const held(field, "a tensor");
    auto const t = read_tensor(held);
    if (number == 1) values = t;
    count_nameless(r);
    parts[number - 1] = add_tensor(r.b, held, t, {});
    if (g.failure) return no_value;
    note_tensor(r, held, t, parts[number - 1], is_initializer && number == 1);
  }
  if (g.failure) return no_value;
  auto const name = is_initializer ? values.name : string_view{};
  if (is_initializer && name.empty()) {
    g.fail(make_error(rule::a_name_must_not_be_empty, "a sparse initializer has no name"));
  } else if (parts[0] == no_value || parts[1] == no_value) {
    g.fail(make_error(rule::indices_of_a_sparse_tensor_must_be_in_range, "sparse tensor '", name,
                      "' lacks its values or its indices"));
  } else if (rank > max_rank) {
    g.fail(make_error(rule::a_shape_must_have_at_most_8_axes, "sparse tensor '", name, "' has ",
                      rank, " axes; at most 8 are supported"));
  } else {
    g.fail(check_indices(g, name, g.values[parts[0]].type, parts[1], extents));
  }
  if (g.failure || !has_room(r.b, 0)) return no_value;
  if (!is_initializer) count_nameless(r);
  tensor_type const type{g.values[parts[0]].type.element, extents};
  auto const id = is_initializer ? r.b.constant(name, type, string_view{})
                                 : r.b.attached_constant(name, type, {});
  g.constants.back().sparse_values = parts[0];
  g.constants.back().sparse_indices = parts[1];
  return id;
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
