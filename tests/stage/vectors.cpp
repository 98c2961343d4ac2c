// The stage of the machine's vectors computes what the scalar stage does, on the machine that the
// flags name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "machine_stage.hpp"

#include <doctest/doctest.h>

#include "conformance.hpp"

namespace {
using namespace inlay;
using namespace inlay_test;

using elements = type_list<float, double, std::int8_t, std::uint8_t, std::int16_t, std::uint16_t,
                           std::int32_t, std::uint32_t, std::int64_t, std::uint64_t>;

static_assert(stage<machine> && stage<exact_machine>);
static_assert(exact_machine::same_bits);
#if defined(__FMA__)
static_assert(machine::same_bits);
#elif defined(__x86_64__)
static_assert(!machine::same_bits);
#endif
// Flags that turn vectors on get them.
#if defined(__AVX512BW__) && defined(__AVX512VL__) && defined(__AVX512DQ__)
static_assert(machine::width<float> == 16);
#elif defined(__AVX2__) || (defined(__AVX__) && defined(INLAY_WITH_XSIMD))
static_assert(machine::width<float> == 8);
#elif defined(__SSSE3__)
static_assert(machine::width<float> == 4);
#endif

}  // namespace

TEST_CASE("the stage of vectors conforms") { inlay_test::conformance<machine>::run(elements{}); }
TEST_CASE("the exact stage of vectors conforms") {
  inlay_test::conformance<exact_machine>::run(type_list<float, double>{});
}
