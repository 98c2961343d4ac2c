// What a graph is made of: values, nodes, attributes, constants. All plain data.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "inlay/core/element_type.hpp"
#include "inlay/core/shape.hpp"

namespace inlay::inline INLAY_VERSION {

/// A run of elements in one of the graph's arrays.
struct range {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// A value is named by its index in `graph::values`; an optional input that is left out is
/// `no_value`.
using value_id = std::uint32_t;
inline constexpr value_id no_value = 0xffff'ffff;

/// An operator, opaque to the graph. `op/list.hpp` gives each its number; 0 is one that is not
/// listed.
enum class operator_id : std::uint16_t { unlisted = 0 };

/// What is known of a tensor before it exists.
struct tensor_type {
  element_type element = element_type::undefined;
  bool has_shape = false;
  inlay::shape shape{};

  constexpr tensor_type() = default;
  constexpr tensor_type(element_type e, inlay::shape const& s)
      : element(e), has_shape(true), shape(s) {}

  friend constexpr bool operator==(tensor_type const& a, tensor_type const& b) {
    return a.element == b.element && a.has_shape == b.has_shape && a.shape == b.shape;
  }
};

inline constexpr std::uint32_t not_constant = 0xffff'ffff;

/// One tensor in single static assignment: an input, a constant, or the result of one node.
struct value {
  std::string_view name;
  tensor_type type;
  std::uint32_t constant = not_constant;  // index in `graph::constants`
};

/// A constant's elements, little-endian: a view of the file, or a run of its owner's storage.
struct constant {
  std::string_view bytes;
  std::size_t stored_at = 0;
  std::size_t stored_size = 0;

  constexpr std::string_view bytes_in(char const* storage) const {
    return stored_size == 0 ? bytes : std::string_view(storage + stored_at, stored_size);
  }
};

enum class attribute_kind : std::uint8_t {
  integer,
  real,
  text,
  tensor,
  graph,
  integers,
  reals,
  texts,
  tensors,
  graphs,
  other
};

/// One named argument of a node. The values are a run of the graph's array of that kind, also for a
/// single one.
struct attribute {
  std::string_view name;
  attribute_kind kind = attribute_kind::integer;
  range values;
};

/// One operator applied to values.
struct node {
  operator_id op = operator_id::unlisted;
  std::string_view type;     // the operator's name: "Conv"
  std::string_view domain;   // empty for ONNX's own operators
  std::string_view name;     // of this node; may be empty
  range inputs;              // in `graph::operands`
  range outputs;             // in `graph::operands`
  range attributes;          // in `graph::attributes`
  std::int64_t offset = -1;  // in the file it was read from
};

}  // namespace inlay::inline INLAY_VERSION
