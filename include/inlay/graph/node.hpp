// What a graph is made of: values, nodes, attributes, constants. All plain data.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/element_type.hpp"
#include "inlay/core/shape.hpp"
#include "inlay/core/string_view.hpp"

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

/// What holds tensors, or stands for one.
enum class container_kind : std::uint8_t { sequence, optional, map, sparse_tensor, opaque };

namespace detail {
/// Indexed by container_kind.
inline constexpr string_view container_names[] = {"sequence", "optional", "map", "sparse_tensor",
                                                  "opaque"};

/// The most layers around a tensor, and the most bodies around a node.
inline constexpr int max_nesting = 64;
}  // namespace detail

inline constexpr std::uint32_t not_contained = 0xffff'ffff;

/// One layer around a tensor type: sequence(optional(tensor(float32))) are two, the outer one with
/// `inner` the index of the other in `graph::containers`. An inner layer stands before its outer
/// one.
struct container {
  container_kind kind = container_kind::sequence;
  element_type key = element_type::undefined;  // of a map
  std::uint32_t inner = not_contained;
  string_view domain;  // of an opaque type
  string_view name;    // of an opaque type
};

/// A type that an attribute holds: a tensor's, inside the containers around it.
struct contained_type {
  tensor_type tensor;
  std::uint32_t container = not_contained;  // index in `graph::containers`, of the outermost
};

inline constexpr std::uint32_t not_constant = 0xffff'ffff;

/// One tensor in single static assignment: an input, a constant, or the result of one node.
struct value {
  string_view name;
  tensor_type type;
  std::uint32_t constant = not_constant;    // index in `graph::constants`
  std::uint32_t container = not_contained;  // index in `graph::containers`, of the outermost
};

inline constexpr std::uint32_t not_external = 0xffff'ffff;

/// A constant's elements, little-endian: a view of the file, or a run of its owner's storage. Those
/// of a tensor of strings are in `graph::texts`; those of a sparse tensor are two other constants.
struct constant {
  string_view bytes;
  std::size_t stored_at = 0;
  std::size_t stored_size = 0;
  std::uint32_t external = not_external;  // index in `graph::externals`, of those of another file
  range texts{};                          // of a tensor of strings
  value_id sparse_values = no_value;      // [n], the elements that are not zero
  value_id sparse_indices = no_value;     // int64 [n] into the flat tensor, or [n, rank]

  constexpr string_view bytes_in(char const* storage) const {
    return stored_size == 0 ? bytes : string_view(storage + stored_at, stored_size);
  }
};

/// Where the elements of a constant are that stand in another file.
struct external_data {
  string_view location;  // relative to the folder of the model
  std::int64_t offset = 0;
  std::int64_t length = -1;  // to the end of the file
  string_view checksum;
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
  sparse_tensor,
  sparse_tensors,
  type,
  types,
  other
};

/// One named argument of a node. The values are a run of the graph's array of that kind, also for a
/// single one. Tensors, sparse tensors and graphs are runs of `graph::integers`, which index
/// `graph::values` or `graph::bodies`; types are a run of `graph::types`.
struct attribute {
  string_view name;
  attribute_kind kind = attribute_kind::integer;
  range values;
  string_view reference{};  // in a function: the attribute of its caller that this one is
};

/// One operator applied to values.
struct node {
  operator_id op = operator_id::unlisted;
  string_view type;          // the operator's name: "Conv"
  string_view domain;        // empty for ONNX's own operators
  string_view name;          // of this node; may be empty
  range inputs;              // in `graph::operands`
  range outputs;             // in `graph::operands`
  range attributes;          // in `graph::attributes`
  std::int64_t offset = -1;  // in the file it was read from
};

/// A graph inside a graph: what an attribute of a node holds (`If`, `Loop`, `Scan`), or what a
/// function does. Its nodes may read the values of the graphs around it that are defined before the
/// node that holds it; all values of all graphs share one numbering. Its nodes stand together;
/// those of a body inside it stand before them.
struct body {
  string_view name;
  range nodes;      // in `graph::body_nodes`
  range inputs;     // in `graph::operands`
  range outputs;    // in `graph::operands`
  range constants;  // in `graph::operands`: the initializers that only it sees
};

/// The version of a set of operators.
struct operator_set {
  string_view domain;  // empty for ONNX's own operators
  std::int64_t version = 0;
};

/// An operator that the model itself defines.
struct function {
  string_view name;
  string_view domain;
  string_view overload;
  std::uint32_t body = 0;    // index in `graph::bodies`
  range attributes;          // in `graph::texts`: names of attributes without a default
  range default_attributes;  // in `graph::attributes`
  range operator_sets;       // in `graph::operator_sets`
};

/// What an annotation says something of.
enum class annotated : std::uint8_t { model, graph, node, body, body_node, function, value };

/// Something said of a part of the graph that no pass needs: the producer's name, a documentation,
/// an entry of `metadata_props`, the overload that a node calls. Entries of `metadata_props` have
/// their key behind a colon: `metadata:license`. So has what is said of an attribute, of the node
/// or function: `doc_string:axis`.
///
/// `input:2` of a constant: in the file it is an input too, the third, which a caller may give
/// another value. Passes and executors take the constant, its default, for what it is; what they
/// make of such a graph no longer asks the caller. The text is the input's message where that says
/// more than the constant, such as an axis of any extent. Before IR version 4 all constants with a
/// name are inputs, and noted only where they stand in another order, or before other inputs.
///
/// `denotation` of a value is of its type, `denotation:1` of the type inside that, and
/// `dimension_denotation:0` of its first axis. Of the types that an attribute holds, the place
/// among them comes first and the attribute last: `dimension_denotation:0:1:type`.
struct annotation {
  annotated what = annotated::model;
  std::uint32_t index = 0;  // of the node, body, function or value
  string_view key;
  string_view text;
};

}  // namespace inlay::inline INLAY_VERSION
