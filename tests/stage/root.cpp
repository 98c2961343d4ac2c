// The square root, against that of the C library, which is exact.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/stage/root.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "inlay/stage/scalar.hpp"

namespace {
using namespace inlay;

template <class T> using limits = std::numeric_limits<T>;

constexpr std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }
constexpr std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

static_assert(scalar::sqrt(4.0f) == 2 && scalar::sqrt(2.0) == 0x1.6a09e667f3bcdp0);
static_assert(scalar::sqrt(0x1p-1074) == 0x1p-537 &&
              scalar::sqrt(0x1p-1073) == 0x1.6a09e667f3bcdp-537);
static_assert(scalar::sqrt(limits<double>::max()) == 0x1.fffffffffffffp511);
static_assert(scalar::sqrt(0x1p-149f) == 0x1.6a09e6p-75f);
static_assert(scalar::sqrt(limits<float>::max()) == 0x1.fffffep63f);
// Just below 1 there is no room: the root goes up to the same number, or the one above it.
static_assert(scalar::sqrt(0x1.fffffffffffffp-1) == 0x1.fffffffffffffp-1);
static_assert(scalar::sqrt(0x1.ffffffffffffep-1) == 0x1.fffffffffffffp-1);

template <class T> constexpr bool keeps_what_has_no_digits() {
  auto const infinity = limits<T>::infinity();
  auto const nan = limits<T>::quiet_NaN();
  auto const is_nan = [](T x) { return x != x; };
  return bits(scalar::sqrt(T(0))) == bits(T(0)) && bits(scalar::sqrt(-T(0))) == bits(-T(0)) &&
         scalar::sqrt(infinity) == infinity && is_nan(scalar::sqrt(nan)) &&
         is_nan(scalar::sqrt(-infinity)) && is_nan(scalar::sqrt(-limits<T>::denorm_min()));
}
static_assert(keeps_what_has_no_digits<float>());
static_assert(keeps_what_has_no_digits<double>());

// Three ways: in constant expressions, at run time, and the C library's.
template <class T> bool agree(T x) {
  T const exact = std::sqrt(x);
  if (exact != exact) return square_root(x) != square_root(x) && scalar::sqrt(x) != scalar::sqrt(x);
  return bits(square_root(x)) == bits(exact) && bits(scalar::sqrt(x)) == bits(exact);
}

}  // namespace

TEST_CASE("the roots of floats are exact, one in 1009 of all there are") {
  std::uint64_t wrong = 0;
  for (std::uint64_t n = 0; n < std::uint64_t{1} << 32; n += 1009) {
    if (!agree(std::bit_cast<float>(static_cast<std::uint32_t>(n)))) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("the roots of doubles are exact: any bits, squares, and their neighbours") {
  std::uint64_t state = 1;
  auto const next = [&] {
    state = state * 6364136223846793005u + 1442695040888963407u;  // Knuth, MMIX
    return state ^ state >> 32;
  };
  int wrong = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    auto const word = next();
    if (!agree(std::bit_cast<double>(word))) ++wrong;
    // Between 1 and 2; a float's square is a double.
    auto const side = std::bit_cast<double>((word & 0x000f'ffff'e000'0000) | 0x3ff0'0000'0000'0000);
    auto const square = bits(side * side);
    for (int step = -1; step <= 1; ++step) {
      if (!agree(std::bit_cast<double>(square + static_cast<std::uint64_t>(step)))) ++wrong;
    }
  }
  CHECK(wrong == 0);
}
