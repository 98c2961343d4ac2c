// Where tensors live while a program runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/program/arena-inl.hpp"

#include <doctest/doctest.h>

#include <new>

namespace {
using namespace inlay;

// In a constant expression an arena has as many elements of a type as fit into its bytes.
constexpr bool a_typed_arena_has_a_place_for_each_type() {
  typed_arena<stored_types> arena(256);
  *arena.at<float>(64) = 1.5f;
  *arena.at<std::int64_t>(64) = 7;
  *arena.at<bool>(255) = true;
  arena.at<double>(0)[31] = 2.5;
  return *arena.at<float>(64) == 1.5f && *arena.at<std::int64_t>(64) == 7 &&
         *arena.at<double>(248) == 2.5 && arena.at<float>(64) - arena.at<float>(0) == 16;
}
static_assert(a_typed_arena_has_a_place_for_each_type());

}  // namespace

TEST_CASE("an arena of bytes has its tensors at their offsets") {
  alignas(64) std::byte bytes[256];
  byte_arena const arena{bytes};
  CHECK(static_cast<void*>(arena.at<float>(64)) == bytes + 64);
  CHECK(static_cast<void*>(arena.at<double>(0)) == bytes);
  *new (arena.at<float>(192)) float = 3;
  CHECK(*arena.at<float>(192) == 3);
}
