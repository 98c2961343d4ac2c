// Every rule of types and constants, broken once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/verify_value.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string_view>
#include <utility>

#include "everything.hpp"
#include "inlay/graph/verify.hpp"

namespace {
using namespace inlay;

constexpr graph all() {
  auto g = inlay_test::everything();
  g.nodes[2].outputs.count = 1;
  return g;
}
template <class Change> constexpr bool breaks(rule expected, std::string_view text, Change change) {
  auto g = all();
  change(g);
  auto const e = verify(std::move(g)).failure;
  return e.broken == expected && e.text.view() == text;
}
template <class Change> constexpr bool stays_sound(Change change) {
  return breaks(rule::none, "", change);
}

// Containers are 0 optional, 1 map, 2 sequence, 3 opaque, 4 sparse_tensor.
static_assert(breaks(rule::a_container_must_stand_behind_what_it_holds,
                     "container 1 (map) holds container 1",
                     [](graph& g) { g.containers[1].inner = 1; }));
static_assert(breaks(rule::a_container_must_stand_behind_what_it_holds,
                     "container 2 (sequence) holds container 77",
                     [](graph& g) { g.containers[2].inner = 77; }));
static_assert(breaks(rule::keys_of_a_map_must_be_integers_or_strings,
                     "container 1 (map) has keys of type float32",
                     [](graph& g) { g.containers[1].key = element_type::float32; }));
static_assert(stays_sound([](graph& g) { g.containers[1].key = element_type::string; }));
static_assert(breaks(rule::sparse_and_opaque_types_must_be_innermost,
                     "container 4 (sparse_tensor) holds container 0",
                     [](graph& g) { g.containers[4].inner = 0; }));
static_assert(breaks(rule::sparse_and_opaque_types_must_be_innermost,
                     "container 3 (opaque) holds container 0",
                     [](graph& g) { g.containers[3].inner = 0; }));
static_assert(breaks(rule::sparse_and_opaque_types_must_be_innermost,
                     "value 'secret' is opaque and has a tensor's type",
                     [](graph& g) { g.values[19].type.element = element_type::int8; }));
static_assert(breaks(rule::an_index_must_be_in_range,
                     "value 'list' is in a container that does not exist",
                     [](graph& g) { g.values[18].container = 5; }));
static_assert(breaks(rule::an_index_must_be_in_range,
                     "value 'list' has the extent -99, which stands for no dimension",
                     [](graph& g) { g.values[18].type.shape[0] = -99; }));
static_assert(breaks(rule::an_index_must_be_in_range,
                     "attribute 'type' is in a container that does not exist",
                     [](graph& g) { g.types[0].container = 5; }));
static_assert(breaks(rule::an_index_must_be_in_range,
                     "attribute 'type' has the extent -99, which stands for no dimension",
                     [](graph& g) { g.types[0].tensor.shape[0] = -99; }));

constexpr void nest(graph& g, std::uint32_t layers) {
  auto const first = static_cast<std::uint32_t>(g.containers.size());
  g.containers.push_back({container_kind::optional, {}, not_contained, {}, {}});
  for (std::uint32_t i = 1; i < layers; ++i) {
    g.containers.push_back({container_kind::sequence, {}, first + i - 1, {}, {}});
  }
}
static_assert(stays_sound([](graph& g) { nest(g, 64); }));
static_assert(breaks(rule::containers_must_nest_at_most_64_deep,
                     "container 69 (sequence) has more than 64 layers",
                     [](graph& g) { nest(g, 65); }));

// Constants are 3 'words', 5 'far', 6 'loaded', 7 'sparse', 8 its values, 9 its indices.
static_assert(breaks(rule::a_tensor_of_strings_must_hold_as_many_texts_as_its_shape,
                     "the constant 'words' (string) of shape 3 has 2 texts",
                     [](graph& g) { g.values[11].type.shape[0] = 3; }));
static_assert(breaks(rule::a_tensor_of_strings_must_hold_as_many_texts_as_its_shape,
                     "the constant 'w' (float32) of shape 2 has 2 texts",
                     [](graph& g) { g.constants[0].texts = {0, 2}; }));
static_assert(breaks(rule::an_index_must_be_in_range,
                     "the texts of the constant 'words' are out of range",
                     [](graph& g) { g.constants[3].texts.first = 99; }));
static_assert(breaks(rule::a_tensor_must_hold_as_many_bytes_as_its_shape,
                     "the constant 'words' of shape 2 has 1 bytes",
                     [](graph& g) { g.constants[3].bytes = "a"; }));
static_assert(breaks(rule::an_index_must_be_in_range,
                     "the constant 'far' is in a file that does not exist",
                     [](graph& g) { g.constants[5].external = 2; }));
static_assert(breaks(rule::a_tensor_must_hold_as_many_bytes_as_its_shape,
                     "the constant 'far' of shape 2 has 0 bytes",
                     [](graph& g) { g.constants[5].external = not_external; }));
static_assert(breaks(rule::a_tensor_must_hold_as_many_bytes_as_its_shape,
                     "the constant 'far' of shape ? has 0 bytes",
                     [](graph& g) { g.values[13].type.shape[0] = -1; }));
static_assert(breaks(rule::a_tensor_must_hold_as_many_bytes_as_its_shape,
                     "the constant 'loaded' of shape 3 has 2 bytes",
                     [](graph& g) { g.constants[6].bytes = "ab"; }));

template <class Change> constexpr bool is_no_sparse(std::string_view what, Change change) {
  sentence text;
  text << "the sparse constant 'sparse' " << what;
  return breaks(rule::a_sparse_tensor_must_hold_its_values_and_their_indices, text.view(), change);
}
static_assert(is_no_sparse("has no constants of values and indices",
                           [](graph& g) { g.constants[7].sparse_values = 1; }));
static_assert(is_no_sparse("has no constants of values and indices",
                           [](graph& g) { g.constants[7].sparse_indices = no_value; }));
static_assert(is_no_sparse("has values of another type",
                           [](graph& g) { g.constants[7].sparse_values = 17; }));
static_assert(is_no_sparse("has indices that are not int64",
                           [](graph& g) { g.constants[7].sparse_indices = 16; }));
static_assert(is_no_sparse("has values that are no list",
                           [](graph& g) { g.values[16].type.shape = {1, 2}; }));
static_assert(is_no_sparse("does not have an index for each value",
                           [](graph& g) { g.values[17].type.shape = {1, 2}; }));
static_assert(is_no_sparse("does not have an index for each value",
                           [](graph& g) { g.values[17].type.shape = {}; }));
static_assert(is_no_sparse("has an index that is out of its shape",
                           [](graph& g) { g.values[15].type.shape = {3, 3}; }));
static_assert(is_no_sparse("has indices that do not ascend", [](graph& g) {
  auto const& indices = g.constants[9];
  g.storage[indices.stored_at] = 11;
}));

/// The same elements, with an index for each axis.
constexpr void index_each_axis(graph& g, std::int64_t last) {
  builder b;
  auto const id = b.constant<std::int64_t>("", {2, 2}, {0, 1, 2, last});
  auto const other = b.finish();
  g.constants[9].stored_at = g.storage.size();
  g.storage.append(other.storage.data(), other.storage.size());
  g.constants[9].stored_size = other.storage.size();
  g.values[17].type = other.values[id].type;
}
static_assert(stays_sound([](graph& g) { index_each_axis(g, 3); }));
static_assert(is_no_sparse("has an index that is out of its shape",
                           [](graph& g) { index_each_axis(g, 4); }));

}  // namespace

TEST_CASE("indices of a sparse tensor in another file are not looked at") {
  auto g = all();
  auto& indices = g.constants[9];
  indices.stored_size = 0;
  indices.external = 0;
  CHECK(verify(g).failure.text.view() == "");
}
