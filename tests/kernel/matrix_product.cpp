// The matrix product, against closed forms and ONNX's reference.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/kernel/matrix_product-inl.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "strict.hpp"

namespace {
using namespace inlay_test;

template <class T, class S, std::size_t N>
constexpr bool computes(tensor<T const> const& a, tensor<T const> const& b,
                        tensor<T const> const& c, matrix_product const& k, shape const& to,
                        T const (&expected)[N]) {
  T y[N]{};
  S s;
  run(s, k, a, b, c, dense(y, to));
  for (std::size_t i = 0; i < N; ++i) {
    if (y[i] != expected[i]) return false;
  }
  return true;
}
template <class T, std::size_t N>
constexpr bool gives(tensor<T const> const& a, tensor<T const> const& b, tensor<T const> const& c,
                     matrix_product const& k, shape const& to, T const (&expected)[N]) {
  return computes<T, scalar>(a, b, c, k, to, expected) &&
         computes<T, strict>(a, b, c, k, to, expected);
}

constexpr pattern<float, 32> left(1);
constexpr pattern<float, 32> right(2);
constexpr pattern<float, 32> added(3);
constexpr tensor<float const> none{};

// onnx 1.23.2: ReferenceEvaluator of MatMul and Gemm, on the integers of `pattern`.
static_assert(gives(dense<float const>(left.elements, {2, 3}),
                    dense<float const>(right.elements, {3, 2}), none, {}, {2, 2},
                    {11.0f, 7.0f, 5.0f, 13.0f}));
// [2, 1, 2, 3] by [3, 3, 2]: batches repeat with a stride of 0.
static_assert(gives({left.elements, {2, 3, 2, 3}, {6, 0, 3, 1}},
                    {right.elements, {2, 3, 3, 2}, {0, 6, 2, 1}}, none, {}, {2, 3, 2, 2},
                    {11.0f, 7.0f,   5.0f,   13.0f, 9.0f,  -28.0f, 9.0f,   -27.0f,
                     7.0f,  14.0f,  13.0f,  10.0f, -1.0f, 19.0f,  -18.0f, -30.0f,
                     9.0f,  -26.0f, -24.0f, 19.0f, 19.0f, 6.0f,   -30.0f, 24.0f}));
// transA = 1, transB = 1, alpha = 0.5, beta = -2, c of shape [4].
static_assert(gives({left.elements, {2, 3}, {1, 2}}, {right.elements, {3, 4}, {1, 3}},
                    {added.elements, {2, 4}, {0, 1}}, {0.5, -2}, {2, 4},
                    {2.5f, 10.5f, -3.5f, 4.5f, 5.0f, -8.5f, -22.0f, -13.5f}));

constexpr float identity[] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
constexpr float pi_e[] = {3.14159265f, 2.71828183f, 0.57721566f, -1.41421356f, 1e-30f, 1e30f};
static_assert(gives(dense<float const>(pi_e, {2, 3}), dense<float const>(identity, {3, 3}), none,
                    {}, {2, 3},
                    {3.14159265f, 2.71828183f, 0.57721566f, -1.41421356f, 1e-30f, 1e30f}));
static_assert(gives(dense<float const>(identity, {3, 3}), dense<float const>(pi_e, {3, 2}), none,
                    {}, {3, 2},
                    {3.14159265f, 2.71828183f, 0.57721566f, -1.41421356f, 1e-30f, 1e30f}));

// Integers wrap: 200 · 2^30 is 0 modulo 2^32, plus 3 · 5.
constexpr std::int32_t numbers[] = {200, 3};
constexpr std::int32_t factors[] = {1 << 30, 5};
static_assert(gives(dense<std::int32_t const>(numbers, {1, 2}),
                    dense<std::int32_t const>(factors, {2, 1}), tensor<std::int32_t const>{}, {},
                    {1, 1}, {15}));

// The first of `columns` sums of k numbers, each of which is multiplied by one.
template <std::int64_t Columns, std::size_t K> constexpr float sum_of(float const (&x)[K]) {
  constexpr auto k = static_cast<std::int64_t>(K);
  constexpr float one[] = {1};
  float y[Columns]{};
  strict s;
  run(s, matrix_product{}, dense<float const>(x, {1, k}),
      tensor<float const>{one, {k, Columns}, {0, 0}}, none, dense(y, {1, Columns}));
  return y[0];
}
// In the order of k: 2^24 first swallows each 1 that follows; last, it does not.
static_assert(sum_of<17>({0x1p24f, 1, 1, 1}) == 0x1p24f);
static_assert(sum_of<17>({1, 1, 1, 0x1p24f}) == 0x1p24f + 4);
// Of few columns, in two halves, of which the first may be larger.
static_assert(sum_of<16>({0x1p24f, 1, 1, 1}) == 0x1p24f + 2);
static_assert(sum_of<16>({0x1p24f, 1, 1, 1, 1}) == 0x1p24f + 2);
static_assert(sum_of<1>({1, 0x1p24f, 0, 1, 1, 1}) == 0x1p24f + 4);
// Fused.
constexpr float fused[] = {-0x1.002p0f, 0x1.001p0f, 0};
constexpr float fused_by[] = {1, 0x1.001p0f, 0};
static_assert(gives(dense<float const>(fused, {1, 3}), dense<float const>(fused_by, {3, 1}), none,
                    {}, {1, 1}, {0x1p-24f}));

// alpha rounds, then beta · c is added and rounded once: 3 · 0.1f, then fused.
constexpr float three[] = {3};
constexpr float one[] = {1};
constexpr float tenth = 0.1f;
static_assert(gives(dense<float const>(three, {1, 1}), dense<float const>(one, {1, 1}), none,
                    {static_cast<double>(tenth), 1}, {1, 1}, {3 * tenth}));
static_assert(gives(dense<float const>(fused_by + 1, {1, 1}), dense<float const>(one, {1, 1}),
                    dense<float const>(fused_by + 1, {1, 1}), {-0x1.001p0, 0x1.001p0}, {1, 1},
                    // -(1 + 2^-12)² rounds to -(1 + 2^-11), the other product does not.
                    {0x1p-24f}));

// A sum over nothing is +0.
static_assert(gives(dense<float const>(one, {1, 0}), dense<float const>(one, {0, 1}), none, {},
                    {1, 1}, {0.0f}));

}  // namespace

TEST_CASE("a product of ones counts to k, whatever the shape") {
  scalar s;
  std::vector<double> const all(400, 1.0);
  for (std::int64_t m = 0; m < 4; ++m) {
    for (std::int64_t n = 0; n < 4; ++n) {
      for (std::int64_t k = 0; k < 40; k += 13) {
        std::vector<double> y(static_cast<std::size_t>(m * n) + 1, -7.0);
        run(s, matrix_product{}, dense<double const>(all.data(), {m, k}),
            dense<double const>(all.data(), {k, n}), tensor<double const>{},
            dense(y.data(), {m, n}));
        for (std::int64_t i = 0; i < m * n; ++i) {
          REQUIRE(y[static_cast<std::size_t>(i)] == static_cast<double>(k));
        }
        REQUIRE(y.back() == -7.0);
      }
    }
  }
}

TEST_CASE("no batches are no products") {
  scalar s;
  float y[1] = {-7};
  run(s, matrix_product{}, dense<float const>(one, {0, 1, 1}), dense<float const>(one, {0, 1, 1}),
      none, dense(y, {0, 1, 1}));
  CHECK(y[0] == -7);
}
