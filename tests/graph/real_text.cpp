// Real numbers as text, and back to the same bits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/real_text.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace {
using namespace inlay;

constexpr bool reads(std::string_view text, std::uint32_t bits) {
  float x = 0;
  return detail::read_real(text, x) && std::bit_cast<std::uint32_t>(x) == bits;
}
static_assert(reads("2.0", 0x4000'0000) && reads("-0.0", 0x8000'0000));
static_assert(reads("0x1.99999ap-4", 0x3dcc'cccd) && reads("0x1.p24", 0x4b80'0000));
static_assert(reads("0x0.000002p-126", 1) && reads("0x1.fffffep127", 0x7f7f'ffff));
static_assert(reads("inf", 0x7f80'0000) && reads("-inf", 0xff80'0000));
static_assert(reads("nan", 0x7fc0'0000) && reads("-nan.800002", 0xffc0'0001));
static_assert(reads("0.1", 0x3dcc'cccd) && reads("16777216.0", 0x4b80'0000));
static_assert(reads("0.0000000001", 0x2edb'e6ff));

constexpr bool refuses(std::string_view text) {
  float x = 0;
  return !detail::read_real(text, x);
}
static_assert(refuses("") && refuses("-") && refuses(".") && refuses("1.") && refuses(".5"));
static_assert(refuses("--1.0") && refuses("1.0.0") && refuses("1e5") && refuses("1.0f"));
static_assert(refuses("16777217.0") && refuses("0.00000000001"));
static_assert(refuses("infinity") && refuses("nan.") && refuses("nan.0") && refuses("nan.000001"));
static_assert(refuses("0x") && refuses("0x1.") && refuses("0x1.0") && refuses("0x2.0p0"));
static_assert(refuses("0x1.0000002p0") && refuses("0x1.000001p0") && refuses("0x1.gp0"));
static_assert(refuses("0x1.0p128") && refuses("0x1.0p-127") && refuses("0x0.8p0"));
static_assert(refuses("0x1.0p") && refuses("0x1.0p-") && refuses("0x1.0p+1") && refuses("0xp1"));

}  // namespace

TEST_CASE("each number that is printed is read with the same bits") {
  text_buffer out;
  auto const comes_back = [&](std::uint32_t bits) {
    out.clear();
    detail::print_real(out, std::bit_cast<float>(bits));
    return reads(out.view(), bits);
  };
  std::uint32_t state = 5;
  for (int i = 0; i < 100'000; ++i) {
    state = state * 1664525u + 1013904223u;  // Numerical Recipes
    REQUIRE_MESSAGE(comes_back(state), state);
  }
  for (std::uint32_t exponent = 0; exponent < 512; ++exponent) {
    for (std::uint32_t fraction : {0u, 1u, 0x40'0000u, 0x7f'ffffu}) {
      REQUIRE(comes_back(exponent << 23 | fraction));
    }
  }
}

TEST_CASE("a decimal number is the nearest float") {
  std::uint32_t state = 7;
  for (int i = 0; i < 20'000; ++i) {
    state = state * 1664525u + 1013904223u;
    auto text = std::to_string(state >> 8);
    auto const digits = state % 8;
    text.insert(text.size() > digits ? text.size() - digits : 0, ".");
    float x = 0;
    if (!detail::read_real(text, x)) continue;
    REQUIRE_MESSAGE(x == std::strtof(text.c_str(), nullptr), text);
  }
}
