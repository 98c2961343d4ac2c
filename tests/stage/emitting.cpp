// What the emitting stage writes computes, once compiled, what the scalar stage does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/stage/emitting.hpp"

#include <doctest/doctest.h>

#include "compiled_stage.hpp"
#include "conformance.hpp"
#include "type_conformance.hpp"

namespace {
using namespace inlay;
using suite = inlay_test::type_conformance<emitting>;

// Of each size one, with a sign and without.
using integers = type_list<std::int8_t, std::uint16_t, std::int32_t, std::uint64_t>;
}  // namespace

TEST_CASE("the emitting stage conforms") {
  using conformance = inlay_test::conformance<emitting>;
  conformance::run(type_list<float, double>{});
  conformance::run(integers{});
}
TEST_CASE("the emitting stage chooses by comparisons") {
  suite::run_choices(type_list<float, double, std::int8_t, std::uint16_t, std::uint32_t>{});
}
TEST_CASE("the emitting stage has the bits of integers") { suite::run_bits(integers{}); }
TEST_CASE("the emitting stage converts") {
  suite::run_conversions(type_list<float, double, std::uint8_t, std::int32_t, std::int64_t>{},
                         type_list<float, double, std::int8_t, std::uint8_t, std::int32_t,
                                   std::uint32_t, std::int64_t>{});
  suite::run_rounding();
}
TEST_CASE("the emitting stage adds products of bytes") { suite::run_products(); }
TEST_CASE("the emitting stage gathers and transposes") {
  suite::run_memory(type_list<float, double, std::int8_t, std::int16_t, std::int64_t>{});
}
