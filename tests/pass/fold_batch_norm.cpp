// Normalizations move into convolutions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/fold_batch_norm-inl.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string_view>
#include <vector>

#include "golden.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/program/interpret-inl.hpp"
#include "inlay/program/lower.hpp"

namespace {
using namespace inlay_test;

constexpr auto pass = [](graph g) { return fold_batch_norm(std::move(g)); };

// scale 2, 1; offsets 1, 0; means 1, 0; variances with epsilon 1, 1/4.
constexpr std::string_view example = R"(
graph "example" opset 28
input %0 : float32[1, 1, 1, 2]
constant %1 : float32[2, 1, 1, 1] = AABAQAAAgL8=
constant %2 : float32[2] = AAAAQAAAgD8=
constant %4 : float32[2] = AACAPwAAAAA=
constant %5 : float32[2] = AACAPwAAAAA=
constant %6 : float32[2] = AABAPwAAAAA=
%3 = Conv(%0, %1) "conv" : float32[1, 2, 1, 2]
%7 "y" = BatchNormalization(%3, %2, %4, %5, %6) {epsilon = 0.25} : float32[1, 2, 1, 2]
return %7
)";
static_assert(becomes(pass, example, R"(
graph "example" opset 28
input %0 : float32[1, 1, 1, 2]
constant %1 : float32[2, 1, 1, 1]
constant %2 : float32[2]
constant %4 : float32[2]
constant %5 : float32[2]
constant %6 : float32[2]
constant %8 : float32[2, 1, 1, 1]
constant %9 : float32[2]
%7 "y" = Conv(%0, %8, %9) "conv" : float32[1, 2, 1, 2]
return %7
)"));
static_assert(leaves_failures_alone(pass, example));

constexpr bool folds_the_numbers() {
  auto const g = pass(parse(example, find_operator));
  auto const element = [&](value_id id, std::size_t i) {
    return read_little_endian<float>(g.bytes_of(g.constants[g.values[id].constant]), i);
  };
  return element(8, 0) == 6 && element(8, 1) == -2 && element(9, 0) == -1 && element(9, 1) == 0;
}
static_assert(folds_the_numbers());

// What somebody else reads, what is no constant, and what is no convolution.
static_assert(stays(pass, R"(
graph "others" opset 28
input %0 : float32[1, 2, 1, 1]
input %1 : float32[2, 2, 1, 1]
input %2 : float32[2]
%3 = Conv(%0, %1) : float32[1, 2, 1, 1]
%4 = BatchNormalization(%3, %2, %2, %2, %2) : float32[1, 2, 1, 1]
%5 = Relu(%4) : float32[1, 2, 1, 1]
%6 = BatchNormalization(%5, %2, %2, %2, %2) : float32[1, 2, 1, 1]
%7 = BatchNormalization(%0, %2, %2, %2, %2) : float32[1, 2, 1, 1]
return %6
return %7
)"));
constexpr bool a_convolution_with_another_reader_stays() {
  auto g = parse(example, find_operator);
  g.outputs.push_back(3);
  g = pass(std::move(g));
  if (g.nodes.size() != 2) return false;
  g.outputs.pop_back();
  g.bodies.push_back({});
  g.bodies[0].outputs = {g.nodes[0].outputs};
  return pass(std::move(g)).nodes.size() == 2;
}
static_assert(a_convolution_with_another_reader_stays());

template <class T> std::vector<T> run(graph g, std::vector<T> const& x) {
  auto const p = lower(std::move(g));
  REQUIRE_FALSE(p.failure);
  std::vector<T> y(static_cast<std::size_t>(elements_of(p.outputs[0].type.shape)));
  void const* const inputs[] = {x.data()};
  void* const outputs[] = {y.data()};
  interpret(p, inputs, outputs);
  return y;
}

/// Positive numbers: no sum loses digits.
template <class T> struct positive_numbers {
  std::uint32_t state = 1;
  T operator()() {
    state = state * 1664525u + 1013904223u;  // Numerical Recipes
    return static_cast<T>(static_cast<double>(state >> 8) * 0x1p-24 + 0x1p-4);
  }
  std::vector<T> operator()(std::size_t count) {
    std::vector<T> numbers;
    while (numbers.size() < count) numbers.push_back((*this)());
    return numbers;
  }
};

/// The largest distance between a network with two normalizations and the folded one, in units in
/// the last place of T.
template <class T> double distance_of(std::int64_t groups, bool has_bias) {
  positive_numbers<T> next;
  builder b("", 28);
  auto const numbers = [&](shape const& s, T offset = 0) {
    auto elements = next(static_cast<std::size_t>(elements_of(s)));
    for (auto& e : elements) e += offset;
    return b.constant("", s, span<T const>(elements.data(), elements.size()));
  };
  auto y = b.input("x", {element_of<T>, {2, 4, 5, 5}});
  auto const weights = numbers({6, 4 / groups, 3, 3});
  auto const bias = has_bias ? numbers({6}) : no_value;
  y = apply<op::conv>(b, "", {y, weights, bias}, {{"group", groups}});
  for (int i = 0; i < 2; ++i) {
    auto const scale = numbers({6});
    auto const offset = numbers({6}, T(16));
    auto const mean = numbers({6});
    auto const variance = numbers({6});
    y = apply<op::batch_normalization>(b, "", {y, scale, offset, mean, variance});
  }
  b.output(y);
  auto const g = infer_types(b.finish());
  auto const folded = fold_batch_norm(g);
  CHECK(folded.nodes.size() == 1);
  CHECK(verify(folded).failure.text.view() == "");
  auto const x = next(200);
  auto const expected = run(g, x);
  auto const result = run(folded, x);
  double most = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    auto const unit = std::nextafter(expected[i], T(1e30)) - expected[i];
    most = std::max(most, static_cast<double>(std::abs(result[i] - expected[i]) / unit));
  }
  return most;
}

}  // namespace

TEST_CASE("two normalizations in a row, groups, with and without bias: within 4 units") {
  for (std::int64_t const groups : {1, 2}) {
    for (bool const has_bias : {false, true}) {
      CHECK(distance_of<float>(groups, has_bias) <= 4);
      CHECK(distance_of<double>(groups, has_bias) <= 4);
    }
  }
}
