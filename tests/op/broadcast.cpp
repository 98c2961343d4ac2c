// Broadcasting, against numpy's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/broadcast.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace {
using namespace inlay;

constexpr bool gives(shape const& a, shape const& b, shape const& to) {
  auto const ab = broadcast(a, b);
  auto const ba = broadcast(b, a);
  return ab && ba && *ab == to && *ba == to;
}

// onnx.shape_inference of Add, and numpy.broadcast_shapes.
static_assert(gives({3, 1}, {2, 1, 4}, {2, 3, 4}));
static_assert(gives({2, 3}, {3}, {2, 3}));
static_assert(gives({1}, {2, 3}, {2, 3}));
static_assert(gives({}, {2}, {2}));
static_assert(gives({}, {}, {}));
static_assert(gives({0}, {1}, {0}));
static_assert(gives({5, 1, 1}, {1, 4, 1}, {5, 4, 1}));
// The documentation of ONNX, "Broadcasting": shape(A) and shape(B) => shape(result).
static_assert(gives({2, 3, 4, 5}, {}, {2, 3, 4, 5}));
static_assert(gives({2, 3, 4, 5}, {5}, {2, 3, 4, 5}));
static_assert(gives({4, 5}, {2, 3, 4, 5}, {2, 3, 4, 5}));
static_assert(gives({1, 4, 5}, {2, 3, 1, 1}, {2, 3, 4, 5}));
static_assert(gives({3, 4, 5}, {2, 1, 1, 1}, {2, 3, 4, 5}));

constexpr bool refuses(shape const& a, shape const& b, std::string_view text) {
  auto const to = broadcast(a, b);
  return !to && to.failure().broken == rule::shapes_must_broadcast &&
         to.failure().text.view() == text;
}
static_assert(refuses({2, 3}, {2},
                      "the shapes 2x3 and 2 do not broadcast: 3 and 2 stand on the same axis"));
static_assert(refuses({2}, {5, 3},
                      "the shapes 2 and 5x3 do not broadcast: 3 and 2 stand on the same axis"));
static_assert(refuses({0}, {2},
                      "the shapes 0 and 2 do not broadcast: 0 and 2 stand on the same axis"));

}  // namespace

TEST_CASE("two shapes broadcast when each pair of extents is equal or has a 1") {
  for (int a = 0; a < 4; ++a) {
    for (int b = 0; b < 4; ++b) {
      auto const to = broadcast({7, a}, {b});
      CHECK(static_cast<bool>(to) == (a == b || a == 1 || b == 1));
      if (to) CHECK(*to == shape{7, a == 1 ? b : a});
    }
  }
}
