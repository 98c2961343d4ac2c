// The Highway stage computes what the scalar stage does, on the machine that the flags name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/stage/highway.hpp"

#include <doctest/doctest.h>

#include "conformance.hpp"

namespace {
using namespace inlay;

using elements = type_list<float, double, std::int8_t, std::uint8_t, std::int16_t, std::uint16_t,
                           std::int32_t, std::uint32_t, std::int64_t, std::uint64_t>;

static_assert(stage<highway> && stage<exact_highway>);
static_assert(exact_highway::same_bits);
#if defined(__FMA__)
static_assert(highway::same_bits);
#elif defined(__x86_64__)
static_assert(!highway::same_bits);
#endif
// Flags that turn vectors on get them.
#if defined(__AVX512BW__) && defined(__AVX512VL__) && defined(__AVX512DQ__)
static_assert(highway::width<float> == 16);
#elif defined(__AVX2__)
static_assert(highway::width<float> == 8);
#elif defined(__SSSE3__)
static_assert(highway::width<float> == 4);
#endif

}  // namespace

TEST_CASE("the highway stage conforms") { inlay_test::conformance<highway>::run(elements{}); }
TEST_CASE("the exact highway stage conforms") {
  inlay_test::conformance<exact_highway>::run(type_list<float, double>{});
}
