// Softmax, against closed forms and numpy.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/softmax-inl.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "strict.hpp"

namespace {
using namespace inlay_test;

template <class T, class S, std::size_t N> struct normalized {
  T elements[N]{};
  constexpr normalized(T const* x, shape const& s) {
    S stage_of_test;
    run(stage_of_test, softmax_normalization{}, dense<T const>(x, s), dense(elements, s));
  }
};

// Equal elements share evenly: 1/n, rounded once. exp(0) is 1, and sums of up to 2^24 ones are
// exact.
template <class T, class S, std::size_t N> constexpr bool equal_elements_share() {
  T x[N]{};
  for (auto& e : x) e = T(1.5);
  normalized<T, S, N> const y(x, {1, N, 1});
  for (auto const e : y.elements) {
    if (e != T(1) / T(N)) return false;
  }
  return true;
}
static_assert(equal_elements_share<float, scalar, 1>());
static_assert(equal_elements_share<float, scalar, 3>());
static_assert(equal_elements_share<float, scalar, 10>());
static_assert(equal_elements_share<float, scalar, 33>());
static_assert(equal_elements_share<double, scalar, 7>());
static_assert(equal_elements_share<float, strict, 33>());
static_assert(equal_elements_share<double, strict, 100>());

// Far below the largest, nothing is left; no overflow, however large the numbers.
constexpr float far[] = {1e30f, -1e30f, 1e30f};
constexpr normalized<float, scalar, 3> from_far(far, {1, 3, 1});
static_assert(from_far.elements[0] == 0.5f && from_far.elements[1] == 0 &&
              from_far.elements[2] == 0.5f);

constexpr pattern<double, 12> numbers(1);
// numpy: e = np.exp(x - x.max(axis, keepdims=True)); e / e.sum(axis, keepdims=True), x of [2, 3,
// 2].
constexpr double along_0[] = {0.8807970779778823,     0.8807970779778823,  0.8807970779778823,
                              0.00012339457598623172, 0.8807970779778823,  0.8807970779778823,
                              0.11920292202211755,    0.11920292202211755, 0.11920292202211755,
                              0.9998766054240137,     0.11920292202211755, 0.11920292202211755};
constexpr double along_1[] = {0.00235563308079668,   0.9929762720777151,   0.047314155221824035,
                              0.0003331064296760299, 0.9503302116973793,   0.006690621492609114,
                              0.00235563308079668,   0.047410722937878444, 0.047314155221824035,
                              0.952269826123778,     0.9503302116973793,   0.0003194509383437506};
constexpr double along_2[] = {0.0009110511944006454, 0.9990889488055994, 0.9820137900379085,
                              0.017986209962091555,  0.9820137900379085, 0.017986209962091555,
                              0.0009110511944006454, 0.9990889488055994, 0.0009110511944006454,
                              0.9990889488055994,    0.9820137900379085, 0.017986209962091555};
template <class S> constexpr bool agrees(shape const& seen, double const (&expected)[12]) {
  normalized<double, S, 12> const y(numbers.elements, seen);
  for (int i = 0; i < 12; ++i) {
    auto const error = y.elements[i] - expected[i];
    // Three operations of half a unit each, an exponential of one, on either side.
    auto const bound = 5 * 0x1p-52 * expected[i];
    if (error > bound || -error > bound) return false;
  }
  return true;
}
static_assert(agrees<scalar>({1, 2, 6}, along_0) && agrees<strict>({1, 2, 6}, along_0));
static_assert(agrees<scalar>({2, 3, 2}, along_1) && agrees<strict>({2, 3, 2}, along_1));
static_assert(agrees<scalar>({6, 2, 1}, along_2) && agrees<strict>({6, 2, 1}, along_2));

}  // namespace

TEST_CASE("the results sum to 1, up to the rounding of each") {
  scalar s;
  for (std::int64_t const n : {1, 2, 31, 32, 33, 100, 1000}) {
    std::vector<float> x;
    for (std::int64_t i = 0; i < n; ++i) x.push_back(static_cast<float>(i * 37 % 101) * 0.11f);
    std::vector<float> y(x.size());
    run(s, softmax_normalization{}, dense<float const>(x.data(), {1, n, 1}),
        dense(y.data(), {1, n, 1}));
    double sum = 0;
    for (auto const e : y) {
      CHECK(e > 0);
      CHECK(e <= 1);
      sum += static_cast<double>(e);
    }
    // Each quotient is off by half a unit of itself, their sum by that of the sum in float:
    // log2(32) levels of the tree and n / 32 steps of a lane.
    auto const steps = 6.0 + static_cast<double>(n) / 32;
    CHECK(std::fabs(sum - 1) <= steps * 0x1p-24);
  }
}

TEST_CASE("softmax over no elements writes nothing") {
  scalar s;
  float y[1] = {-7};
  run(s, softmax_normalization{}, dense<float const>(y, {1, 0, 1}), dense(y, {1, 0, 1}));
  run(s, softmax_normalization{}, dense<float const>(y, {0, 1, 1}), dense(y, {0, 1, 1}));
  CHECK(y[0] == -7);
}

TEST_CASE("what is not a number makes its whole axis so, and no other") {
  scalar s;
  float const nan = std::numeric_limits<float>::quiet_NaN();
  float const x[] = {1, nan, 2, 3};
  float y[4]{};
  run(s, softmax_normalization{}, dense<float const>(x, {2, 2, 1}), dense(y, {2, 2, 1}));
  CHECK(std::isnan(y[0]));
  CHECK(std::isnan(y[1]));
  CHECK(y[2] + y[3] == doctest::Approx(1));
}

TEST_CASE("softmax has the same bits when it runs as when it is a constant") {
  static constexpr normalized<double, scalar, 12> compiled(numbers.elements, {2, 3, 2});
  pattern<double, 12> volatile hidden_numbers(1);
  double x[12];
  for (int i = 0; i < 12; ++i) x[i] = hidden_numbers.elements[i];
  normalized<double, scalar, 12> const now(x, {2, 3, 2});
  for (int i = 0; i < 12; ++i) {
    CHECK(std::bit_cast<std::uint64_t>(now.elements[i]) ==
          std::bit_cast<std::uint64_t>(compiled.elements[i]));
  }
}
