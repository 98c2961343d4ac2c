// The scalar stage: every operation, in constant expressions and at run time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/stage/scalar.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace {
using namespace inlay;

template <class T> using limits = std::numeric_limits<T>;

// a·b + c rounded once. 4097 · 16773121 is 2^36 + 1: behind 2^60, whose floats are 2^37 apart, it
// is just above a half. A double drops the 1, and then the half goes to the even neighbour.
static_assert(scalar::fma(4097.0f, 16773121.0f, 0x1p60f) == 0x1.000002p60f);
static_assert(static_cast<float>(4097.0 * 16773121.0 + 0x1p60) == 0x1p60f);
static_assert(scalar::fma(-4097.0f, 16773121.0f, -0x1p60f) == -0x1.000002p60f);
// (2^20 + 1) · (2^40 - 2^20 + 1) is 2^60 + 1, and the doubles behind 2^113 are 2^61 apart: not even
// 64 bits of fraction keep the 1.
static_assert(scalar::fma(0x1.00001p20, 0x1.ffffe00002p39, 0x1p113) == 0x1.0000000000001p113);
static_assert(static_cast<double>(0x1.00001p20L * 0x1.ffffe00002p39L + 0x1p113L) == 0x1p113);
// What is left of a square when its rounded value is taken away.
static_assert(scalar::fma(0x1.001p0f, 0x1.001p0f, -0x1.002p0f) == 0x1p-24f);
// The sign of an exact zero, and a result among the subnormal numbers.
static_assert(std::bit_cast<std::uint32_t>(scalar::fma(1.0f, -0.0f, -0.0f)) == 0x8000'0000u);
static_assert(std::bit_cast<std::uint32_t>(scalar::fma(1.0f, 1.0f, -1.0f)) == 0);
static_assert(scalar::fma(0x1p-100f, 0x1p-49f, 0.0f) == 0x1p-149f);
// Inexact there: just above a half and just below, which a double makes a half.
static_assert(scalar::fma(0x1.000002p-75f, 0x1p-75f, 0.0f) == 0x1p-149f);
static_assert(scalar::fma(0x1.800002p-100f, 0x1.000002p-48f, -0x1p-148f) == 0x1p-149f);
static_assert(scalar::fma(0x1p-149f, 0x1p-100f, 0x1.8p-148f) == 0x1.8p-148f);
static_assert(scalar::fma(-0x1p-149f, 0x1p-1f, 0x1p-149f) == 0);
static_assert(scalar::fma(0x1.000002p-149f, 0x1.8p-1f, 0x1p-149f) == 0x1p-148f);

// Numbers that reach an array through a constant of their own, as GCC 12 keeps them.
constexpr float fma_of_a_named_constant() {
  float const named = 3.0f;
  float const numbers[] = {named, 2};
  tensor<float const> const t{numbers, {2}, {1}};
  auto const a = scalar::load(t, 0);
  auto const b = scalar::load(t, 1);
  return scalar::fma(a, b, a);
}
template <auto F>
concept is_constant = requires { typename std::bool_constant<(F(), true)>; };

// A product is rounded before what follows: 1 + 2^-11 + 2^-24 goes to 1 + 2^-11.
constexpr float product_then_sum(float a, float c) {
  auto const product = scalar::multiply(a, a);
  return scalar::add(product, c);
}
static_assert(product_then_sum(0x1.001p0f, -0x1.002p0f) == 0);

// max and min take the second number unless the first is beyond it or is not a number.
constexpr std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }
constexpr std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }
template <class T> constexpr bool extremes() {
  T const nan = limits<T>::quiet_NaN();
  T const infinity = limits<T>::infinity();
  auto const is_nan = [](T x) { return x != x; };
  return scalar::max(T(1), T(2)) == 2 && scalar::max(T(2), T(1)) == 2 &&
         scalar::min(T(1), T(2)) == 1 && scalar::min(T(2), T(1)) == 1 &&
         bits(scalar::max(T(0), -T(0))) == bits(-T(0)) &&
         bits(scalar::max(-T(0), T(0))) == bits(T(0)) &&
         bits(scalar::min(T(0), -T(0))) == bits(-T(0)) &&
         bits(scalar::min(-T(0), T(0))) == bits(T(0)) && is_nan(scalar::max(nan, T(1))) &&
         is_nan(scalar::max(T(1), nan)) && is_nan(scalar::min(nan, T(1))) &&
         is_nan(scalar::min(T(1), nan)) && is_nan(scalar::max(infinity, nan)) &&
         is_nan(scalar::max(nan, nan)) && scalar::max(-infinity, T(1)) == 1 &&
         scalar::min(infinity, T(1)) == 1 && scalar::max(infinity, -infinity) == infinity;
}
static_assert(extremes<float>());
static_assert(extremes<double>());
static_assert(scalar::max<std::uint8_t>(255, 1) == 255 &&
              scalar::min<std::int8_t>(-128, 1) == -128);

// Integers wrap, also those smaller than int, whose products of 16 bits C++ computes as int.
template <class T> constexpr bool wraps() {
  T const largest = limits<T>::max();
  T const smallest = limits<T>::min();
  return scalar::add(largest, T(1)) == smallest && scalar::subtract(smallest, T(1)) == largest &&
         scalar::multiply(largest, largest) == 1 && scalar::multiply(largest, T(2)) == T(-2) &&
         scalar::fma(largest, largest, T(-1)) == 0 &&
         scalar::fma(smallest, T(2), largest) == largest;
}
static_assert(wraps<std::uint8_t>() && wraps<std::uint16_t>() && wraps<std::uint32_t>() &&
              wraps<std::uint64_t>());
static_assert(wraps<std::int8_t>() && wraps<std::int16_t>() && wraps<std::int32_t>() &&
              wraps<std::int64_t>());

// Halves go to the even neighbour.
template <class T> constexpr bool rounds() {
  struct {
    double x;
    int n;
  } const cases[] = {{0, 0},
                     {-0.0, 0},
                     {0.5, 0},
                     {0.75, 1},
                     {1.5, 2},
                     {2.5, 2},
                     {3.5, 4},
                     {-0.5, 0},
                     {-1.5, -2},
                     {-2.5, -2},
                     {-3.5, -4},
                     {2.25, 2},
                     {-2.75, -3},
                     {4194302.5, 4194302},
                     {4194303.5, 4194304},
                     {-4194303.5, -4194304}};
  for (auto const& c : cases) {
    if (scalar::round_to_integer(static_cast<T>(c.x)) != c.n) return false;
  }
  return true;
}
static_assert(rounds<float>());
static_assert(rounds<double>());
static_assert(scalar::round_to_integer(2147483646.5) == 2147483646);
static_assert(scalar::round_to_integer(-2147483647.5) == limits<std::int32_t>::min());
static_assert(scalar::round_to_integer(0x1.fffffffffffffp-2) == 0);
static_assert(scalar::round_to_integer(0x1.fffffep-2f) == 0);

static_assert(scalar::power_of_two<float>(0) == 1 && scalar::power_of_two<float>(127) == 0x1p127f);
static_assert(scalar::power_of_two<float>(-126) == limits<float>::min());
static_assert(scalar::power_of_two<double>(1023) == 0x1p1023);
static_assert(scalar::power_of_two<double>(-1022) == limits<double>::min());
static_assert(scalar::half(7) == 3 && scalar::half(-7) == -4 && scalar::half(-8) == -4);
static_assert(scalar::convert<float>(std::int32_t{16777217}) == 16777216.0f);
static_assert(scalar::divide(1.0f, 3.0f) == 0x1.555556p-2f);
static_assert(scalar::splat<float>(2) == 2.0f);

// Integers wrap, numbers lose their sign or change it.
static_assert(scalar::abs(-1.5f) == 1.5f && bits(scalar::abs(-0.0f)) == 0 &&
              bits(scalar::negate(0.0)) == bits(-0.0) && scalar::abs(-0x1p-1074) == 0x1p-1074);
static_assert(scalar::abs<std::int8_t>(-128) == -128 && scalar::abs<std::uint8_t>(200) == 200 &&
              scalar::negate<std::int8_t>(-128) == -128 && scalar::negate(5u) == 0u - 5);

// Quotients go toward zero; nothing traps.
static_assert(scalar::divide(-7, 2) == -3 && scalar::divide(7, -2) == -3);
static_assert(scalar::divide(7u, 0u) == 0 && scalar::divide<std::int8_t>(-5, 0) == 0);
static_assert(scalar::divide<std::int8_t>(-128, -1) == -128);
static_assert(scalar::divide(limits<std::int64_t>::min(), std::int64_t{-1}) ==
              limits<std::int64_t>::min());

// Whole numbers keep the sign of zero.
template <class T> constexpr bool whole() {
  return bits(scalar::nearest(T(-0.5))) == bits(-T(0)) && scalar::nearest(T(2.5)) == 2 &&
         bits(scalar::floor(-T(0))) == bits(-T(0)) && scalar::floor(T(-0.25)) == -1 &&
         bits(scalar::ceil(T(-0.75))) == bits(-T(0)) && scalar::ceil(T(0.25)) == 1 &&
         scalar::nearest(1 / limits<T>::epsilon() + 1) == 1 / limits<T>::epsilon() + 1 &&
         scalar::floor(-limits<T>::infinity()) == -limits<T>::infinity() &&
         scalar::nearest(limits<T>::quiet_NaN()) != 0 &&
         bits(scalar::copy_sign(T(2), -T(0))) == bits(T(-2));
}
static_assert(whole<float>() && whole<double>());

// Conversions. Integers wrap as C++ has it, numbers stop at the ends.
constexpr auto nan = limits<float>::quiet_NaN();
constexpr auto infinity = limits<float>::infinity();
static_assert(scalar::convert<std::int8_t>(std::int32_t{300}) == 44 &&
              scalar::convert<std::uint32_t>(std::int8_t{-1}) == 0xffff'ffff &&
              scalar::convert<std::int64_t>(std::int8_t{-1}) == -1);
static_assert(scalar::convert<float>(std::int64_t{0x40'0000'4000'0001}) == 0x1.000002p54f);
static_assert(scalar::convert<std::int32_t>(-2.9f) == -2 && scalar::convert<int>(2.9) == 2 &&
              scalar::convert<std::int32_t>(0x1p31f) == 0x7fff'ffff &&
              scalar::convert<std::int32_t>(-infinity) == limits<int>::min() &&
              scalar::convert<std::uint8_t>(-0.9f) == 0 &&
              scalar::convert<std::uint8_t>(255.9f) == 255 &&
              scalar::convert<std::uint8_t>(256.0f) == 255 &&
              scalar::convert<std::int8_t>(nan) == 0 &&
              scalar::convert<std::uint64_t>(0x1p64) == ~std::uint64_t{0});
static_assert(scalar::convert<bool>(-0.5f) && !scalar::convert<bool>(-0.0f) &&
              scalar::convert<bool>(nan) && scalar::convert<float>(true) == 1);
static_assert(scalar::round<std::uint8_t>(254.5f) == 254 &&
              scalar::round<std::uint8_t>(1.5f) == 2 && scalar::round<std::uint8_t>(-1e9f) == 0 &&
              scalar::round<std::int8_t>(127.5f) == 127 &&
              scalar::round<std::int8_t>(-128.5) == -128 &&
              scalar::round<std::int8_t>(-2.5f) == -2);
static_assert(scalar::round<std::int32_t>(8388609.0f) == 8388609 &&
              scalar::round<std::int32_t>(4194304.5f) == 4194304 &&
              scalar::round<std::int32_t>(-0x1.fffffffp30) == -2147483644 &&
              scalar::round<std::int32_t>(infinity) == limits<int>::max() &&
              scalar::round<std::int32_t>(nan) == 0);
static_assert(scalar::saturate<std::int8_t>(-129) == -128 &&
              scalar::saturate<std::uint8_t>(-1) == 0 &&
              scalar::saturate<std::uint16_t>(65536) == 65535 &&
              scalar::saturate<std::int16_t>(-7) == -7);

// Choices and bits.
static_assert(!scalar::less(nan, 1.0f) && !scalar::less_or_equal(1.0f, nan) &&
              !scalar::equal(nan, nan) && scalar::equal(0.0f, -0.0f) && scalar::is_nan(nan) &&
              scalar::less_or_equal(2, 2) && !scalar::less(2, 2));
static_assert(scalar::select(true, 1, 2) == 1 &&
              scalar::select(scalar::to_bools(false), 1, 2) == 2);
static_assert(scalar::bit_not<std::uint8_t>(0x0f) == 0xf0 && scalar::bit_xor(6, 3) == 5 &&
              scalar::bit_and(6, 3) == 2 && scalar::bit_or(6, 3) == 7);
static_assert(scalar::shift_left<1>(limits<int>::min()) == 0 && scalar::shift_right<1>(-3) == -2 &&
              scalar::shift_left<7, std::int8_t>(1) == -128 &&
              scalar::shift_right<4, std::uint8_t>(0xff) == 0x0f);

// 4 · 255 · -128 and 4 · 255 · 127, to which the ends of the integers are near.
constexpr quad<std::uint8_t> largest_bytes{{255, 255, 255, 255}};
constexpr quad<std::int8_t> least_bytes{{-128, -128, -128, -128}};
static_assert(scalar::add_products(largest_bytes, least_bytes, 560) == -130'000);
static_assert(scalar::add_products({{1, 2, 3, 4}}, {{5, -6, 7, -8}}, 1) == -17);
static_assert(scalar::add_products({{1, 0, 0, 0}}, {{1, 0, 0, 0}}, limits<int>::max()) ==
              limits<int>::min());

static_assert(scalar::divide_up(7, 3) == 3 && scalar::divide_up(6, 3) == 2);
static_assert(scalar::divide_up(1, 3) == 1 && scalar::divide_up(0, 3) == 0);
static_assert(scalar::divide_up(-1, 3) == 0 && scalar::divide_up(-100, 3) == 0);
static_assert(scalar::smaller(2, 3) == 2 && scalar::smaller(3, 2) == 2);
static_assert(scalar::shift(full<1, std::int64_t>{4}, 3).at == 7);
static_assert(scalar::shift(partial<8, std::int64_t>{4, 5}, 3).count == 5);

// Memory.
constexpr bool reads_and_writes() {
  float data[24]{};
  for (int i = 0; i < 24; ++i) data[i] = static_cast<float>(i);
  tensor<float> const t{data, {2, 3, 4}, {12, 4, 1}};
  full<1, std::int64_t> const lane{2};
  bool ok = scalar::load(t, 1, 2, lane) == 22 && scalar::broadcast(t, 0, 1, 3) == 7;
  scalar::store(t, 1, 0, lane, 100.0f);
  ok = ok && data[14] == 100;

  std::int64_t const at[] = {1, 2};
  auto const row = scalar::slice(t, at, 2);
  ok = ok && row.data == data + 20 && row.extents == shape{4} && row.strides == shape{1} &&
       scalar::load_or_broadcast(row, lane) == 22;
  auto const all = scalar::slice(t, at, 0);
  ok = ok && all.data == data && all.extents == t.extents;
  auto const one = scalar::slice(t, at, 1);
  ok = ok && one.data == data + 12 && one.extents == shape{3, 4};

  tensor<float const> const repeated{data + 5, {4}, {0}};
  tensor<float const> const column{data, {4, 3}, {1, 4}};
  return ok && scalar::load_or_broadcast(repeated, lane) == 5 && scalar::load(column, 3, 1) == 7;
}
static_assert(reads_and_writes());

// What is loaded is a float, what is stored is rounded: 2049 is half way between 2048 and 2050.
constexpr bool widens_and_rounds() {
  float16 data[2]{float16(2048), float16(0.5f)};
  tensor<float16> const t{data, {2}, {1}};
  auto const x = scalar::load(t, full<1, std::int64_t>{0});
  static_assert(std::is_same_v<decltype(x), float const>);
  auto const sum = scalar::add(x, 1.0f);
  scalar::store(t, full<1, std::int64_t>{1}, sum);
  return sum == 2049 && data[1] == float16(2048);
}
static_assert(widens_and_rounds());

constexpr bool gathers_and_transposes() {
  int const data[]{1, 2, 3, 4, 5, 6};
  tensor<int const> const t{data, {3}, {2}};
  bool const gathered = scalar::gather(t, 2, full<1, std::int64_t>{0}) == 5;
  int turned[6]{};
  tensor<int const> const x{data, {2, 3}, {3, 1}};
  tensor<int> const y{turned, {3, 2}, {2, 1}};
  scalar::transpose_block(x, y, 1, 2);
  std::uint8_t const bytes[]{9, 9, 9, 9, 1, 2, 3, 4};
  auto const four = scalar::load_quads(tensor<std::uint8_t const>{bytes, {2, 4}, {4, 1}}, 1);
  return gathered && turned[5] == 6 && turned[0] == 0 && four.element[0] == 1 &&
         four.element[3] == 4;
}
static_assert(gathers_and_transposes());

// Control.
constexpr bool loops() {
  std::int64_t visited = 0;
  scalar::loop(5, [&](auto i) { visited = visited * 10 + i; });
  scalar::loop(0, [&](auto) { visited = -1; });
  scalar::loop_lanes<float>(3, [&](auto j) { visited = visited * 10 + j.at; });
  auto const folded =
      scalar::fold(2, 5, 1, [](auto i, int acc) { return acc * 10 + static_cast<int>(i); });
  auto const none = scalar::fold(5, 2, 7, [](auto, int) { return 0; });
  return visited == 1234'012 && folded == 1234 && none == 7;
}
static_assert(loops());

constexpr bool nests() {
  std::int64_t visited = 0;
  auto const visit = [&](auto at) { visited = visited * 100 + at[0] * 10 + at[1]; };
  scalar::loop_nest({2, 2, 9}, 2, visit);
  bool const ordered = visited == 11'011;  // 00, 01, 10, 11
  int times = 0;
  auto const count = [&](auto) { ++times; };
  scalar::loop_nest({2, 3, 4}, 3, count);
  bool const all = times == 24;
  scalar::loop_nest({}, 0, count);
  bool const once = times == 25;
  scalar::loop_nest({2, 0, 4}, 3, count);
  scalar::loop_nest({0}, 1, count);
  return ordered && all && once && times == 25;
}
static_assert(nests());

/// What stage.hpp says of reductions, as text: lane `lane` once lanes `step` apart are combined.
std::string described(std::int64_t n, std::int64_t lane, int step) {
  if (step < reduction_lanes) {
    return "(" + described(n, lane, step * 2) + described(n, lane + step, step * 2) + ")";
  }
  std::string chain = "e";
  for (auto i = lane; i < n; i += reduction_lanes)
    chain = "(" + chain + "." + std::to_string(i) + ")";
  return chain;
}

/// a·b + c for integers below 2^24 and a c below 2^100, computed exactly, then rounded to a float.
__extension__ using wide = __int128;
float exact_sum(std::int64_t a, std::int64_t b, std::int64_t c, int shift) {
  wide sum = static_cast<wide>(a) * b + (static_cast<wide>(c) << shift);
  bool const negative = sum < 0;
  if (negative) sum = -sum;
  int dropped = 0;
  while (sum >> dropped >= wide{1} << 24) ++dropped;
  auto kept = static_cast<std::int64_t>(sum >> dropped);
  auto const rest = sum - (static_cast<wide>(kept) << dropped);
  auto const half = dropped == 0 ? wide{1} : wide{1} << (dropped - 1);
  if (rest > half || (rest == half && dropped != 0 && kept % 2 != 0)) ++kept;
  auto const magnitude = std::ldexp(static_cast<float>(kept), dropped);
  return negative ? -magnitude : magnitude;
}

/// A number of which the compiler knows nothing.
template <class T> T opaque(T x) {
  T volatile hidden = x;
  return hidden;
}

struct random_numbers {
  std::uint64_t state = 1;
  std::int64_t below(std::int64_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;  // Knuth, MMIX
    return static_cast<std::int64_t>((state >> 33) % static_cast<std::uint64_t>(n));
  }
};

}  // namespace

TEST_CASE(
    "a fused multiply-add equals the exact sum, rounded once, also where a double would not") {
  random_numbers random;
  int differ = 0;
  for (int i = 0; i < 200'000; ++i) {
    auto a = random.below(1 << 24);
    auto b = random.below(1 << 24);
    auto const c = random.below(1 << 24) - (1 << 23);
    auto const shift = static_cast<int>(random.below(60));
    if (i % 3 == 0) {
      // A product beside a power of two is where halves lie.
      auto const k = random.below(11) + 1;
      a = (std::int64_t{1} << k) + 1;
      b = (std::int64_t{1} << 2 * k) - (std::int64_t{1} << k) + 1;
    }
    auto const x = static_cast<float>(a);
    auto const y = static_cast<float>(b);
    auto const z = std::ldexp(static_cast<float>(c), shift);
    auto const exact = exact_sum(a, b, c, shift);
    REQUIRE(scalar::fma(x, y, z) == exact);
    if (static_cast<float>(static_cast<double>(x) * y + z) != exact) ++differ;
  }
  CHECK(differ > 10);
}

TEST_CASE("a fused multiply-add of doubles is exact at run time") {
  CHECK(scalar::fma(opaque(0x1.00001p20), opaque(0x1.ffffe00002p39), opaque(0x1p113)) ==
        0x1.0000000000001p113);
  CHECK(scalar::fma(opaque(4097.0f), opaque(16773121.0f), opaque(0x1p60f)) == 0x1.000002p60f);
}

TEST_CASE("a number that has a name is as constant as one that has none") {
  CHECK(is_constant<[] { return scalar::fma(3.0f, 2.0f, 3.0f); }>);
  CHECK(is_constant<fma_of_a_named_constant>);
  CHECK(fma_of_a_named_constant() == 9);
}

TEST_CASE("a product is not fused into the sum that follows it") {
  auto const x = opaque(0x1.001p0f);
  auto const y = opaque(-0x1.002p0f);
  CHECK(product_then_sum(x, y) == 0);
  // 1 + 2^-28: the square's 2^-56 is below a double's 2^-53.
  auto const p = opaque(0x1.0000001p0);
  auto const product = scalar::multiply(p, p);
  CHECK(scalar::add(product, opaque(-0x1.0000002p0)) == 0);

  // In a loop that a compiler vectorises, too.
  std::vector<float> xs(100, x);
  std::vector<float> ys(100, y);
  for (std::size_t i = 0; i < xs.size(); ++i) ys[i] = product_then_sum(xs[i], ys[i]);
  for (auto const r : ys) CHECK(r == 0);
}

TEST_CASE("a reduction combines in the order that is written down") {
  auto const combine = [](std::string const& a, std::string const& b) { return "(" + a + b + ")"; };
  for (std::int64_t const n : {0, 1, 2, 31, 32, 33, 64, 100}) {
    auto const text = scalar::reduce_lanes<std::string>(
        n, "e", [](auto j) { return "." + std::to_string(j.at); }, combine);
    CHECK(text == described(n, 0, 1));
  }
  // The outermost pair is of the even and the odd lanes, 16 each.
  auto const text = scalar::reduce_lanes<std::string>(
      2, "e", [](auto j) { return std::to_string(j.at); },
      [](std::string const& a, std::string const& b) {
        return a == "e" ? b : b == "e" ? a : a + b;
      });
  CHECK(text == "01");
}

TEST_CASE("rounding agrees with the C library everywhere") {
  random_numbers random;
  for (int i = 0; i < 200'000; ++i) {
    auto const quarters = random.below(std::int64_t{1} << 24) - (1 << 23);
    auto const x = static_cast<float>(quarters) / 4;
    REQUIRE(static_cast<float>(scalar::round_to_integer(x)) == std::nearbyint(x));
    REQUIRE(bits(scalar::nearest(x)) == bits(std::nearbyint(x)));
    REQUIRE(bits(scalar::floor(x)) == bits(std::floor(x)));
    REQUIRE(bits(scalar::ceil(x)) == bits(std::ceil(x)));
    auto const d = static_cast<double>(random.below(std::int64_t{1} << 32)) / 8 - 0x1p28;
    REQUIRE(static_cast<double>(scalar::round_to_integer(d)) == std::nearbyint(d));
  }
  for (int n = -126; n < 128; ++n) REQUIRE(scalar::power_of_two<float>(n) == std::ldexp(1.0f, n));
  for (int n = -1022; n < 1024; ++n) REQUIRE(scalar::power_of_two<double>(n) == std::ldexp(1.0, n));
}
