// Networks that are constants: run while compiling, and when the program runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/execute/model.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <span>
#include <string>

#include "inlay/pass/optimize.hpp"
#include "inlay/program/interpret-inl.hpp"
#include "inlay/program/lower.hpp"
#include "networks.hpp"

namespace {
using namespace inlay_test;

constexpr model<dense> dense_model;
using dense_context = model<dense>::context;

static_assert(model<dense>::steps == 1);
static_assert(model<dense>::macs == 6);
static_assert(model<dense>::arena_bytes == 0);
static_assert(model<dense>::weight_bytes == 128);
static_assert(std::is_same_v<model<dense>::input<0>, view<float const, 1, 2>>);
static_assert(std::is_same_v<model<dense>::output<0>, view<float const, 1, 3>>);
static_assert(std::is_empty_v<model<dense>>);

// Every form of an argument, in a constant expression.
template <class Argument> constexpr bool answers(Argument const& x) {
  dense_context c;
  auto const y = dense_model(c, x);
  return y(0, 0) == 5.5f && y(0, 1) == 0 && y(0, 2) == 9 && y.shape() == shape{1, 3};
}
constexpr float flat_input[2] = {1, 1};
constexpr float nested_input[1][2] = {{1, 1}};
static_assert(answers(flat_input));
static_assert(answers(nested_input));
static_assert(answers(std::array<float, 2>{1, 1}));
static_assert(answers(std::span<float const, 2>(flat_input)));
static_assert(answers(view<float const, 1, 2>(flat_input)));

constexpr bool tries() {
  dense_context c;
  auto const y = dense_model.try_run(c, view<float const>(flat_input, {1, 2}));
  return y && (*y)(0, 0) == 5.5f;
}
static_assert(tries());

template <class... Extent> constexpr error refusal(view<float const> const& x) {
  dense_context c;
  return dense_model.try_run(c, x).failure();
}
static_assert(refusal({flat_input, {2, 1}}).broken ==
              rule::the_input_must_have_the_shape_of_the_model);
static_assert(refusal({flat_input, {2, 1}}).text.view() ==
              "input 'x' has shape 2x1, the network takes 1x2");
static_assert(refusal({flat_input, {2}}).text.view() ==
              "input 'x' has shape 2, the network takes 1x2");
static_assert(refusal({flat_input, {1, 2}, {2, 0}}).text.view() ==
              "input 'x' has shape 1x2 with gaps, the network takes 1x2");
static_assert(refusal({nullptr, {}}).text.view() ==
              "input 'x' has shape scalar, the network takes 1x2");
static_assert(!refusal({flat_input, {1, 2}}));

// Several inputs and outputs, of several types.
constexpr auto several = [] {
  builder b("several", 13);
  auto const x = b.input("x", {float32, {3}});
  auto const n = b.input("n", {element_type::int32, {2, 1}});
  auto const w = b.constant<std::int32_t>("w", {2}, {std::int32_t{10}, std::int32_t{20}});
  auto const r = apply<op::relu>(b, "", {x});
  b.output(apply<op::add>(b, "", {n, w}), "sum");
  b.output(r, "r");
  b.output(x, "same");
  b.output(r, "again");
  return b.finish();
};
constexpr model<several> several_model;
static_assert(model<several>::steps == 4 && model<several>::arena_bytes == 0 &&
              model<several>::macs == 0 && model<several>::weight_bytes == 64);

constexpr bool several_answer() {
  model<several>::context c;
  float const x[] = {-1, 2, -3};
  std::int32_t const n[] = {1, 2};
  auto const y = several_model(c, x, n);
  auto const sum = get<0>(y);
  auto const r = get<1>(y);
  auto const same = get<2>(y);
  auto const again = get<3>(y);
  return sum(0, 0) == 11 && sum(0, 1) == 21 && sum(1, 0) == 12 && sum(1, 1) == 22 && r[0] == 0 &&
         r[1] == 2 && r[2] == 0 && same[0] == -1 && same[2] == -3 && again[1] == 2;
}
static_assert(several_answer());

constexpr bool the_second_input_is_checked_too() {
  model<several>::context c;
  float const x[] = {-1, 2, -3};
  std::int32_t const n[] = {1, 2};
  auto const y =
      several_model.try_run(c, view<float const>(x, {3}), view<std::int32_t const>(n, {2}));
  return y.failure().text.view() == "input 'n' has shape 2, the network takes 2x1";
}
static_assert(the_second_input_is_checked_too());

constexpr auto dense_of_doubles = [] {
  builder b("", 13);
  auto const x = b.input("x", {element_type::float64, {2, 2}});
  auto const y = apply<op::matmul>(b, "", {x, x});
  b.output(apply<op::softmax>(b, "", {y}, {{"axis", 0}}));
  return b.finish();
};
constexpr bool doubles_answer() {
  model<dense_of_doubles> m;
  model<dense_of_doubles>::context c;
  // A matrix whose square is the identity.
  double const x[] = {0, 1, 1, 0};
  auto const y = m(c, x);
  // softmax of (1, 0): 1 / (1 + 1/e) = 0.7310585786300049 (numpy).
  auto const error = y(0, 0) - 0.7310585786300049;
  return y(0, 0) == y(1, 1) && y(0, 1) == y(1, 0) && error < 4e-16 && error > -4e-16;
}
static_assert(doubles_answer());

// The same, row by row.
constexpr bool rows_answer() {
  model<dense_of_doubles> m;
  model<dense_of_doubles>::context c;
  double const x[2][2] = {{0, 1}, {1, 0}};
  auto const y = m(c, x);
  return y(0, 0) == y(1, 1) && y(0, 1) == y(1, 0);
}
template <auto F>
concept is_constant = requires { typename std::bool_constant<(F(), true)>; };

// A whole network, at the compilers' own limits.
using image = std::array<float, 144>;
constexpr image test_image = [] {
  image x{};
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 37 % 64) / 64;
  return x;
}();
using scores = std::array<float, 10>;
template <std::int64_t Hidden> constexpr scores scores_of(image const& x) {
  model<image_network<Hidden>> m;
  typename model<image_network<Hidden>>::context c;
  auto const y = m(c, x);
  scores copy{};
  for (std::size_t i = 0; i < copy.size(); ++i) copy[i] = y[static_cast<std::int64_t>(i)];
  return copy;
}
constexpr scores small_scores = scores_of<28>(test_image);
static_assert(model<image_network<28>>::macs == 12'800 + 28 * 138);
static_assert(model<image_network<28>>::steps == 3);
// 800, 32, 16,384 (28 columns as two panels of 16) and 1,120 bytes, each up to a multiple of 64.
static_assert(model<image_network<28>>::weight_bytes == 832 + 64 + 16'384 + 1'152);
// What is left of the image, 8·4·4 floats, beside 28 of the layer behind it.
static_assert(model<image_network<28>>::arena_bytes == 512 + 128);

// onnx 1.23.2: ReferenceEvaluator, the same network in double.
constexpr double reference_scores[] = {
    0.01766287849881864,   0.00034959265057454684, 0.0034269152683541705, 3.583066639293847e-05,
    0.29751824979295266,   0.15117901968177375,    0.503593947934942,     0.006774453798407397,
    3.571147127748827e-05, 0.019423400236506322};
constexpr bool near_the_reference() {
  for (std::size_t i = 0; i < 10; ++i) {
    auto const error = static_cast<double>(small_scores[i]) / reference_scores[i] - 1;
    if (error > 1e-5 || error < -1e-5) return false;
  }
  return true;
}
static_assert(near_the_reference());

constexpr auto large_scores = [] { return scores_of<50>(test_image); };
static_assert(model<image_network<50>>::macs == 19'700);

struct activation_numbers {
  float x[8];
};
struct activation_results {
  float y[24]{};
  float z[8]{};
};
constexpr activation_results activations_of(activation_numbers const& in) {
  model<activations> const m;
  model<activations>::context context;
  auto const all = m(context, in.x);
  activation_results copy;
  for (std::int64_t i = 0; i < 24; ++i) copy.y[i] = inlay::get<0>(all)[i];
  for (std::int64_t i = 0; i < 8; ++i) copy.z[i] = inlay::get<1>(all)[i];
  return copy;
}

/// A copy of which the compiler knows nothing.
image opaque(image const& x) {
  image copy;
  for (std::size_t i = 0; i < x.size(); ++i) {
    float volatile const pixel = x[i];
    copy[i] = pixel;
  }
  return copy;
}
bool same_bits(scores const& a, scores const& b) {
  return std::memcmp(a.data(), b.data(), sizeof(a)) == 0;
}

}  // namespace

TEST_CASE("a network of 16,664 multiply-adds has the same bits when it runs") {
  CHECK(same_bits(scores_of<28>(opaque(test_image)), small_scores));
}

TEST_CASE("a network of 19,700 multiply-adds is a constant at the compilers' own limits") {
  CHECK(is_constant<large_scores>);
}

TEST_CASE("activations have the same bits as constants, when they run, and apart") {
  float const x[8] = {-2.5f, -0.75f, -0.0f, 0.25f, 0.5f, 1.25f, -1.0f, 3.0f};
  static constexpr auto compiled =
      activations_of({-2.5f, -0.75f, -0.0f, 0.25f, 0.5f, 1.25f, -1.0f, 3.0f});
  activation_numbers in{};
  for (std::size_t i = 0; i < 8; ++i) {
    float volatile const hidden = x[i];
    in.x[i] = hidden;
  }
  auto const ran = activations_of(in);
  CHECK(std::memcmp(&ran, &compiled, sizeof(ran)) == 0);

  auto const apart = lower(optimize(activations()), {.fuses = false});
  REQUIRE_FALSE(apart.failure);
  CHECK(apart.steps.size() == 10);
  CHECK(model<activations>::steps == 2);
  activation_results each{};
  void const* const inputs[] = {in.x};
  void* const outputs[] = {each.y, each.z};
  interpret(apart, inputs, outputs);
  CHECK(std::memcmp(&each, &compiled, sizeof(each)) == 0);
}

TEST_CASE("a context is used again, and what was in it does not matter") {
  model<image_network<28>> const m;
  auto const context = std::make_unique<model<image_network<28>>::context>();
  std::memset(static_cast<void*>(context.get()), 0xff, sizeof(*context));
  for (int round = 0; round < 3; ++round) {
    static_cast<void>(m(*context, image{}));
    auto const y = m(*context, test_image);
    CHECK(std::memcmp(y.data(), small_scores.data(), sizeof(small_scores)) == 0);
  }
}

TEST_CASE("two contexts are independent") {
  dense_context a;
  dense_context b;
  float const ones[] = {1, 1};
  float const twos[] = {2, 2};
  auto const y = dense_model(a, ones);
  auto const z = dense_model(b, twos);
  CHECK(y(0, 0) == 5.5f);
  CHECK(z(0, 0) == 10.5f);
  CHECK(y.data() != z.data());
}

TEST_CASE("the arena and the outputs are aligned") {
  dense_context c;
  auto const y = dense_model(c, flat_input);
  CHECK(reinterpret_cast<std::uintptr_t>(y.data()) % 64 == 0);
  CHECK(alignof(dense_context) == 64);
}

TEST_CASE("views of run-time shape answer or say what is wrong") {
  dense_context c;
  float numbers[] = {1, 1, 5};
  std::int64_t volatile columns = 2;
  auto const y = dense_model.try_run(c, view<float>(numbers, {1, columns}));
  REQUIRE(y);
  CHECK(y.value()(0, 2) == 9);
  columns = 3;
  auto const z = dense_model.try_run(c, view<float>(numbers, {1, columns}));
  REQUIRE_FALSE(z);
  CHECK(std::string(z.failure().text.view()) == "input 'x' has shape 1x3, the network takes 1x2");
  CHECK_THROWS_AS(static_cast<void>(z.value()), inlay::failure);
}

TEST_CASE("an axis of one element has no gaps, whatever its stride") {
  dense_context c;
  CHECK(dense_model.try_run(c, view<float const>(flat_input, {1, 2}, {100, 1})));
}

TEST_CASE("an array of rows is an argument, also in a constant expression") {
  CHECK(rows_answer());
  CHECK(is_constant<doubles_answer>);
  CHECK(is_constant<rows_answer>);
}

TEST_CASE("every form of an argument is accepted at run time") {
  CHECK(answers(flat_input));
  CHECK(answers(nested_input));
  CHECK(answers(std::array<float, 2>{1, 1}));
  CHECK(answers(std::span<float const, 2>(flat_input)));
  CHECK(answers(view<float const, 1, 2>(flat_input)));
  CHECK(several_answer());
  CHECK(doubles_answer());
}
