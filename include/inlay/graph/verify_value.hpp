// Whether values are what their types say: the rules of types and constants.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/bytes.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION::detail {

template <class Graph>
constexpr void verify_symbols(Graph& g, shape const& s, string_view what, string_view name) {
  for (auto const extent : s) {
    if (extent >= 0 || static_cast<std::size_t>(-1 - extent) < g.symbols.size()) continue;
    g.fail(make_error(rule::an_index_must_be_in_range, what, " '", name, "' has the extent ",
                      extent, ", which stands for no dimension"));
  }
}

/// Whether what a symbol follows from exists, and stands before it.
template <class Graph> constexpr void verify_dimension(Graph& g, std::uint32_t symbol) {
  auto const& d = g.dimensions[symbol];
  auto const size = g.dimension_terms.size();
  bool is_right = symbol < g.symbols.size() && d.kind <= dimension_kind::broadcast;
  for (auto const r : {d.left, d.right}) {
    is_right = is_right && r.first <= size && r.count <= size - r.first;
    for (std::size_t i = r.first; is_right && i < r.first + std::size_t{r.count}; ++i) {
      auto const& t = g.dimension_terms[i];
      is_right = t.degree <= max_factors;
      for (int k = 0; is_right && k < t.degree; ++k) is_right = t.factors[k] < symbol;
    }
  }
  if (is_right) return;
  g.fail(make_error(rule::an_index_must_be_in_range, "dimension ", symbol,
                    " does not follow from those before it"));
}

/// Types of keys in ONNX are integers and strings.
constexpr bool can_be_key(element_type e) {
  using enum element_type;
  return e == string || (e >= uint8 && e <= int64) || e == uint32 || e == uint64;
}

template <class Graph> constexpr void verify_containers(Graph& g) {
  auto const refuse = [&](rule broken, std::size_t i, auto const&... what) {
    g.fail(make_error(broken, "container ", i, " (",
                      container_names[static_cast<std::size_t>(g.containers[i].kind)], ") ",
                      what...));
  };
  vector<char> depth(g.containers.size(), 1);
  for (std::size_t i = 0; i < g.containers.size(); ++i) {
    auto const& c = g.containers[i];
    if (c.kind == container_kind::map && !can_be_key(c.key)) {
      refuse(rule::keys_of_a_map_must_be_integers_or_strings, i, "has keys of type ", c.key);
    }
    if (c.inner == not_contained) continue;
    if (c.inner >= i) {
      refuse(rule::a_container_must_stand_behind_what_it_holds, i, "holds container ", c.inner);
      return;
    }
    if (c.kind == container_kind::sparse_tensor || c.kind == container_kind::opaque) {
      refuse(rule::sparse_and_opaque_types_must_be_innermost, i, "holds container ", c.inner);
    }
    if (depth[c.inner] == max_nesting) {
      refuse(rule::containers_must_nest_at_most_64_deep, i, "has more than ", max_nesting,
             " layers");
      return;
    }
    depth[i] = static_cast<char>(depth[c.inner] + 1);
  }
}

/// A type in containers, of a value or an attribute.
template <class Graph>
constexpr void verify_contained(Graph& g, tensor_type const& t, std::uint32_t container,
                                string_view what, string_view name) {
  if (has_symbol(t.shape)) verify_symbols(g, t.shape, what, name);
  if (container == not_contained) return;
  if (container >= g.containers.size()) {
    g.fail(make_error(rule::an_index_must_be_in_range, what, " '", name,
                      "' is in a container that does not exist"));
    return;
  }
  auto innermost = container;
  while (g.containers[innermost].inner != not_contained) innermost = g.containers[innermost].inner;
  if (g.containers[innermost].kind == container_kind::opaque && !(t == tensor_type{})) {
    g.fail(make_error(rule::sparse_and_opaque_types_must_be_innermost, what, " '", name,
                      "' is opaque and has a tensor's type"));
  }
}

template <class Graph> constexpr void verify_types(Graph& g) {
  for (auto const& a : g.attributes) {
    if (a.kind != attribute_kind::type && a.kind != attribute_kind::types) continue;
    for (std::uint32_t i = 0; i < a.values.count && !g.failure; ++i) {
      auto const& t = g.types[a.values.first + i];
      verify_contained(g, t.tensor, t.container, "attribute", a.name);
    }
  }
}

/// The elements of a sparse tensor are those at the given places, in ascending order.
/// *Source*: SparseTensorProto in onnx.proto.
template <class Graph> constexpr void verify_sparse(Graph& g, value const& v, constant const& c) {
  auto const refuse = [&](string_view what) {
    g.fail(make_error(rule::a_sparse_tensor_must_hold_its_values_and_their_indices,
                      "the sparse constant '", v.name, "' ", what));
  };
  if (c.sparse_values >= g.values.size() || c.sparse_indices >= g.values.size() ||
      !g.is_constant(c.sparse_values) || !g.is_constant(c.sparse_indices)) {
    return refuse("has no constants of values and indices");
  }
  auto const& values = g.values[c.sparse_values];
  auto const& indices = g.values[c.sparse_indices];
  auto const& places = indices.type.shape;
  auto const rank = v.type.shape.size();
  if (values.type.element != v.type.element) return refuse("has values of another type");
  if (values.type.shape.size() != 1) return refuse("has values that are no list");
  if (indices.type.element != element_type::int64) return refuse("has indices that are not int64");
  bool const is_flat = places.size() == 1;
  if (places.size() == 0 || places[0] != values.type.shape[0] ||
      (!is_flat && (places.size() != 2 || places[1] != rank))) {
    return refuse("does not have an index for each value");
  }
  if (indices.constant >= g.constants.size() || !is_in_memory(places)) return;
  auto const bytes = g.bytes_of(g.constants[indices.constant]);
  auto const width = is_flat ? std::size_t{1} : static_cast<std::size_t>(rank);
  auto const count = static_cast<std::size_t>(places[0]);
  // Elements in another file are not there yet.
  if (bytes.size() / 8 != count * width || bytes.empty()) return;
  std::int64_t last = -1;
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t place = 0;
    for (std::size_t k = 0; k < width; ++k) {
      auto const extent = is_flat ? elements_of(v.type.shape) : v.type.shape[static_cast<int>(k)];
      auto const index = read_little_endian<std::int64_t>(bytes, i * width + k);
      if (index < 0 || index >= extent) return refuse("has an index that is out of its shape");
      place = place * extent + index;
    }
    if (place <= last) return refuse("has indices that do not ascend");
    last = place;
  }
}

template <class Graph> constexpr void verify_texts(Graph& g, value const& v, constant const& c) {
  if (std::uint64_t{c.texts.first} + c.texts.count > g.texts.size()) {
    g.fail(make_error(rule::an_index_must_be_in_range, "the texts of the constant '", v.name,
                      "' are out of range"));
    return;
  }
  auto const wanted = v.type.element == element_type::string ? elements_of(v.type.shape) : 0;
  if (wanted == c.texts.count) return;
  g.fail(make_error(rule::a_tensor_of_strings_must_hold_as_many_texts_as_its_shape,
                    "the constant '", v.name, "' (", v.type.element, ") of shape ", v.type.shape,
                    " has ", c.texts.count, " texts"));
}

/// What is more than bytes. `size` bytes are in the graph.
template <class Graph>
constexpr void verify_elsewhere(Graph& g, value const& v, constant const& c, std::uint64_t size,
                                bool has_size) {
  bool const is_external = c.external != not_external;
  bool const is_sparse = c.sparse_values != no_value || c.sparse_indices != no_value;
  if (is_external && c.external >= g.externals.size()) {
    g.fail(make_error(rule::an_index_must_be_in_range, "the constant '", v.name,
                      "' is in a file that does not exist"));
  } else if (!is_in_memory(v.type.shape) ||
             (!has_size && !((is_external || is_sparse) && size == 0))) {
    g.fail(make_error(rule::a_tensor_must_hold_as_many_bytes_as_its_shape, "the constant '", v.name,
                      "' of shape ", v.type.shape, " has ", size, " bytes"));
  } else if (is_sparse) {
    verify_sparse(g, v, c);
  } else if (!is_external) {
    verify_texts(g, v, c);
  }
}

template <class Graph> constexpr void verify_constant(Graph& g, value const& v) {
  if (v.constant >= g.constants.size()) {
    g.fail(
        make_error(rule::an_index_must_be_in_range, "the constant '", v.name, "' has no elements"));
    return;
  }
  auto const& c = g.constants[v.constant];
  if (c.stored_at > g.storage.size() || c.stored_size > g.storage.size() - c.stored_at) {
    g.fail(make_error(rule::an_index_must_be_in_range, "the elements of the constant '", v.name,
                      "' are out of range"));
    return;
  }
  auto const size = g.bytes_of(c).size();
  bool const has_size =
      is_in_memory(v.type.shape) &&
      static_cast<std::uint64_t>(bytes_of(v.type.element, elements_of(v.type.shape))) == size;
  if (!has_size || v.type.element == element_type::string || c.texts.count != 0 ||
      (c.external & c.sparse_values & c.sparse_indices) != not_external) {
    verify_elsewhere(g, v, c, size, has_size);
  }
}

}  // namespace inlay::inline INLAY_VERSION::detail
