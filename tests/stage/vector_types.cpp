// The stage of the machine's vectors goes between types as the scalar stage does, on the machine
// that the flags name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "machine_stage.hpp"

#include <doctest/doctest.h>

#include "type_conformance.hpp"

namespace {
using namespace inlay;
using suite = inlay_test::type_conformance<inlay_test::machine>;

using integers = type_list<std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t,
                           std::uint32_t, std::int64_t, std::uint64_t>;
}  // namespace

TEST_CASE("the stage of vectors chooses by comparisons") {
  suite::run_choices(type_list<float, double, std::int8_t, std::uint16_t, std::uint32_t>{});
}
TEST_CASE("the stage of vectors has the bits of integers") { suite::run_bits(integers{}); }
TEST_CASE("the stage of vectors converts") {
  suite::run_conversions(type_list<float, double, std::uint8_t, std::int32_t, std::int64_t>{},
                         type_list<float, double, std::int8_t, std::uint8_t, std::int32_t,
                                   std::uint32_t, std::int64_t>{});
  suite::run_rounding();
}
TEST_CASE("the stage of vectors widens and rounds floats of 16 bits") {
  suite::run_halves(type_list<float16, bfloat16>{});
}
TEST_CASE("the stage of vectors gathers and transposes") {
  suite::run_memory(
      type_list<float, double, std::int8_t, std::int16_t, std::int64_t, float16, bfloat16>{});
}
TEST_CASE("the stage of vectors adds products of bytes") { suite::run_products(); }
