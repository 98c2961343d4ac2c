// ValueInfoProto and TypeProto: the name and the declared type of a graph's input.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string_view>

#include "inlay/core/shape.hpp"
#include "inlay/frontend/onnx/tensor_elements.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/builder.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// A ValueInfoProto as it stands in the file, not yet checked.
struct value_info {
  std::string_view name;
  bool is_tensor = false;
  std::int64_t element = 0;
  bool has_shape = false;
  shape extents;
  std::int64_t rank = 0;  // as the file has it; `extents` has the first 8
  bool has_negative_extent = false;
};

/// The extent that a TensorShapeProto.Dimension stands for; one without a value is a symbol of the
/// graph.
constexpr std::int64_t read_dimension(builder& b, message m, value_info& v) {
  std::uint64_t kind = 0;
  std::int64_t extent = 0;
  std::string_view name;
  while (m.next()) {
    if (m.number() > 2) continue;
    kind = m.number();
    if (kind == 1) extent = m.integer();
    if (kind == 2) name = m.bytes();
  }
  if (kind == 1 && extent < 0) v.has_negative_extent = true;
  if (kind == 1) return extent;
  return kind == 2 && !name.empty() ? b.symbol(name) : b.nameless_symbol();
}

constexpr void read_tensor_type(builder& b, message m, value_info& v) {
  v.is_tensor = true;
  while (m.next()) {
    if (m.number() == 1) v.element = m.integer();
    if (m.number() != 2) continue;
    v.has_shape = true;
    for (message dimensions(m, "a shape"); dimensions.next();) {
      if (dimensions.number() != 1 || v.rank++ >= max_rank) continue;
      v.extents.push_back(read_dimension(b, {dimensions, "a dimension"}, v));
    }
  }
}

constexpr value_info read_value_info(builder& b, message m) {
  value_info v;
  while (m.next()) {
    if (m.number() == 1) v.name = m.bytes();
    if (m.number() != 2) continue;
    for (message type(m, "a type"); type.next();) {
      if (type.number() == 1) read_tensor_type(b, {type, "a tensor type"}, v);
    }
  }
  return v;
}

constexpr error check(value_info const& v) {
  if (v.name.empty()) {
    return make_error(rule::a_name_must_not_be_empty, "an input of the graph has no name");
  }
  if (!v.is_tensor) {
    return make_error(rule::an_input_must_be_a_tensor, "input '", v.name, "' is not a tensor");
  }
  if (element_of_number(v.element) == element_type::undefined) {
    return make_error(rule::the_element_type_must_be_supported, "input '", v.name,
                      "': ONNX has no element type ", v.element);
  }
  if (v.rank > max_rank) {
    return make_error(rule::a_shape_must_have_at_most_8_axes, "input '", v.name, "' has ", v.rank,
                      " axes; at most 8 are supported");
  }
  if (v.has_negative_extent) {
    return make_error(rule::an_extent_must_not_be_negative, "input '", v.name,
                      "' has a negative extent");
  }
  return {};
}

/// Adds an input of the graph. One that an initializer has named is that constant.
constexpr void read_input(builder& b, message const& m) {
  auto& g = b.unfinished();
  auto const v = read_value_info(b, m);
  if (g.failure) return;
  if (g.is_constant(b.find(v.name))) return;
  g.fail(check(v));
  if (g.failure) return;
  tensor_type type{element_of_number(v.element), v.extents};
  type.has_shape = v.has_shape;
  b.input(v.name, type);
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
