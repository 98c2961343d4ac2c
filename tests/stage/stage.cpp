// What is a stage and what is not.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/stage/stage.hpp"

#include <doctest/doctest.h>

#include <type_traits>

#include "inlay/stage/scalar.hpp"

namespace {
using namespace inlay;

static_assert(stage<scalar>);
static_assert(!stage<int>);

struct without_fma : scalar {
  template <class T> static constexpr T fma(T const&, T const&, T const&) = delete;
};
static_assert(!stage<without_fma>);

struct with_wide_sums : scalar {
  static constexpr double add(float const& a, float const& b) { return double{a} + double{b}; }
};
static_assert(!stage<with_wide_sums>);

static_assert(std::is_same_v<vec<scalar, float>, float>);
static_assert(reduction_lanes == 32);
static_assert(tensor<float>{}.data == nullptr);

}  // namespace

TEST_CASE("a stage that only adds a name is still one") {
  struct renamed : scalar {};
  CHECK(stage<renamed>);
}
