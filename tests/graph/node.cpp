// The plain data that graphs are made of.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/node.hpp"

#include <doctest/doctest.h>

#include <type_traits>

namespace {
using namespace inlay;

static_assert(!tensor_type{}.has_shape);
static_assert(tensor_type(element_type::float32, {}).has_shape);
static_assert(tensor_type(element_type::float32, {2}) == tensor_type(element_type::float32, {2}));
static_assert(!(tensor_type(element_type::float32, {2}) == tensor_type(element_type::int32, {2})));
static_assert(!(tensor_type(element_type::float32, {2}) ==
                tensor_type(element_type::float32, {3})));
// A scalar is not the same as a shape that nobody knows.
static_assert(!(tensor_type(element_type::undefined, {}) == tensor_type{}));

static_assert(value{}.constant == not_constant);
static_assert(node{}.op == operator_id::unlisted && node{}.offset == -1);

constexpr char storage[] = "xxabcd";
static_assert(constant{"file"}.bytes_in(storage) == "file");
static_assert(constant{{}, 2, 3}.bytes_in(storage) == "abc");
static_assert(constant{}.bytes_in(nullptr).empty());

static_assert(std::is_trivially_copyable_v<node> && std::is_trivially_copyable_v<value> &&
              std::is_trivially_copyable_v<attribute> && std::is_trivially_copyable_v<constant>);

}  // namespace

TEST_CASE("a constant in its owner's storage moves with it") {
  char other[] = "yyefgh";
  constant const c{{}, 2, 3};
  CHECK(c.bytes_in(other) == "efg");
}
