// Arithmetic on counts sees every overflow.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/checked.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace {
using namespace inlay;

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

constexpr bool multiplies(std::int64_t a, std::int64_t b, std::int64_t product) {
  std::int64_t into = 0;
  return checked_multiply(a, b, into) && into == product;
}
constexpr bool adds(std::int64_t a, std::int64_t b, std::int64_t sum) {
  std::int64_t into = 0;
  return checked_add(a, b, into) && into == sum;
}
constexpr bool product_overflows(std::int64_t a, std::int64_t b) {
  std::int64_t into = 0;
  return !checked_multiply(a, b, into);
}
constexpr bool sum_overflows(std::int64_t a, std::int64_t b) {
  std::int64_t into = 0;
  return !checked_add(a, b, into);
}

static_assert(multiplies(6, 7, 42));
static_assert(multiplies(0, smallest, 0));
static_assert(multiplies(largest, 1, largest));
static_assert(multiplies(-1, largest, smallest + 1));
// 2^63 - 1 = 7 · 7 · 73 · 127 · 337 · 92737 · 649657
static_assert(multiplies(7 * 7 * 73, largest / (7 * 7 * 73), largest));
static_assert(multiplies(std::int64_t{1} << 31, std::int64_t{1} << 31, std::int64_t{1} << 62));
static_assert(product_overflows(std::int64_t{1} << 32, std::int64_t{1} << 31));
static_assert(product_overflows(smallest, -1));
static_assert(product_overflows(largest, 2));
static_assert(multiplies(std::int64_t{1} << 32, -(std::int64_t{1} << 31), smallest));

static_assert(adds(40, 2, 42));
static_assert(adds(largest, smallest, -1));
static_assert(adds(largest - 1, 1, largest));
static_assert(sum_overflows(largest, 1));
static_assert(sum_overflows(smallest, -1));

static_assert(divide_up(65, 64) == 2 && divide_up(64, 64) == 1 && divide_up(-3, 2) == 0);
static_assert(round_up(65, 64) == 128);
static_assert(round_up(64, 64) == 64);
static_assert(round_up(1, 64) == 64);
static_assert(round_up(0, 64) == 0);

static_assert(saturating_multiply(3, 4) == 12);
static_assert(saturating_multiply(std::int64_t{1} << 42, std::int64_t{1} << 42) == INT64_MAX);
static_assert(saturating_add(INT64_MAX, 1) == INT64_MAX);
static_assert(saturating_add(1, 2) == 3);

}  // namespace

TEST_CASE("a product that reaches 2 to the 63 is refused at run time too") {
  std::int64_t volatile half = std::int64_t{1} << 62;
  std::int64_t into = 0;
  CHECK_FALSE(checked_multiply(half, 2, into));
  CHECK_FALSE(checked_add(half, half, into));
  CHECK(checked_multiply(half, -2, into));
  CHECK(into == smallest);
}
