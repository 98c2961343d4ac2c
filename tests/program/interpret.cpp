// The scalar interpreter, on programs of small graphs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/program/interpret-inl.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "inlay/graph/verify.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/program/lower.hpp"
#include "interpret_program.hpp"

namespace {
using namespace inlay;

constexpr auto f = element_type::float32;

program lowered(builder& b) { return lower(infer_types(verify(b.finish()))); }

template <class T> std::vector<T> run(program const& p, std::vector<T> const& x, std::size_t size) {
  REQUIRE_FALSE(p.failure);
  std::vector<T> y(size, T(77));
  void const* const inputs[] = {x.data()};
  void* const outputs[] = {y.data()};
  interpret(p, inputs, outputs);
  return y;
}

}  // namespace

TEST_CASE("x · w + b, through Relu") {
  builder b;
  auto const x = b.input("x", {f, {2, 2}});
  auto const w = b.constant<float>("w", {2, 3}, {1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f});
  auto const c = b.constant<float>("c", {3}, {0.5f, -100.0f, 0.0f});
  b.output(apply<op::relu>(b, "", {apply<op::gemm>(b, "", {x, w, c})}));
  auto const y = run<float>(lowered(b), {1, 1, -1, 2}, 6);
  CHECK(y == std::vector<float>{5.5f, 0, 9, 7.5f, 0, 9});
}

TEST_CASE("views and copies: an input under another shape, and twice") {
  builder b;
  auto const x = b.input("x", {f, {2, 2}});
  b.output(apply<op::flatten>(b, "", {x}, {{"axis", 0}}));
  b.output(x);
  auto const p = lowered(b);
  float const in[] = {1, 2, 3, 4};
  float first[4]{};
  float second[4]{};
  void const* const inputs[] = {in};
  void* const outputs[] = {first, second};
  interpret(p, inputs, outputs);
  for (int i = 0; i < 4; ++i) {
    CHECK(first[i] == in[i]);
    CHECK(second[i] == in[i]);
  }
}

TEST_CASE("two element types in one program") {
  builder b;
  auto const x = b.input("x", {element_type::int8, {3}});
  auto const d = b.input("d", {element_type::float64, {2}});
  auto const w = b.constant<std::int8_t>("w", {}, {std::int8_t{100}});
  auto const v = b.constant<double>("v", {2}, {0.25, -1.0});
  auto const sum = apply<op::add>(b, "", {x, w});
  b.output(apply<op::add>(b, "", {sum, x}));
  b.output(apply<op::add>(b, "", {v, d}));
  auto const p = lowered(b);
  REQUIRE_FALSE(p.failure);
  std::int8_t const xs[] = {1, 20, -50};
  double const ds[] = {1, 2};
  std::int8_t ys[3]{};
  double es[2]{};
  void const* const inputs[] = {xs, ds};
  void* const outputs[] = {ys, es};
  interpret(p, inputs, outputs);
  CHECK(int{ys[0]} == 102);
  CHECK(int{ys[1]} == -116);  // 140 - 256
  CHECK(int{ys[2]} == 0);
  CHECK(es[0] == 1.25);
  CHECK(es[1] == 1);
}

TEST_CASE("a convolution, a pooling and a softmax") {
  builder b("", 13);
  auto const x = b.input("x", {f, {1, 1, 4, 4}});
  auto const w = b.constant<float>("w", {2, 1, 1, 1}, {1.0f, -1.0f});
  auto const conv = apply<op::conv>(b, "", {x, w});
  auto const pool = apply<op::max_pool>(b, "", {conv}, {{"kernel_shape", {4, 4}}});
  auto const flat = apply<op::flatten>(b, "", {pool});
  b.output(apply<op::softmax>(b, "", {flat}));
  // The largest are 3 and 3: one half each.
  auto const y = run<float>(lowered(b), {0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, -3, -2, -1, 0}, 2);
  CHECK(y == std::vector<float>{0.5f, 0.5f});
}

TEST_CASE("operands of a product repeat along its batches") {
  builder b;
  auto const x = b.input("x", {element_type::int32, {2, 1, 1, 2}});
  auto const w = b.constant<std::int32_t>("w", {3, 2, 1}, {1, 0, 0, 1, 1, 1});
  b.output(apply<op::matmul>(b, "", {x, w}));
  auto const y = run<std::int32_t>(lowered(b), {10, 20, 30, 40}, 6);
  CHECK(y == std::vector<std::int32_t>{10, 20, 30, 30, 40, 70});
}

TEST_CASE("a program of no elements writes none") {
  builder b;
  auto const x = b.input("x", {f, {0, 3}});
  b.output(apply<op::relu>(b, "", {x}));
  auto const y = run<float>(lowered(b), {}, 1);
  CHECK(y[0] == 77);
}

TEST_CASE("a sum over no channels takes no time, however large the window") {
  auto const giga = std::int64_t{1} << 30;
  builder b;
  auto const x = b.input("x", {f, {2, 0, 1, giga}});
  auto const c = b.constant<float>("c", {2}, {0.5f, -1.0f});
  b.output(apply<op::conv>(b, "", {x, x, c}));
  CHECK(run<float>(lowered(b), {}, 4) == std::vector<float>{0.5f, -1, 0.5f, -1});
}

TEST_CASE("every element type is copied whole") {
  auto const copies = []<class... T>(type_list<T...>) {
    auto const one = []<class E>(E) {
      builder b;
      b.output(b.input("x", {element_of<E>, {3}}));
      auto const p = lowered(b);
      REQUIRE_FALSE(p.failure);
      E const in[] = {E(0), E(1), E(100)};
      E out[3]{};
      void const* const inputs[] = {in};
      void* const outputs[] = {out};
      interpret(p, inputs, outputs);
      for (int i = 0; i < 3; ++i) CHECK(out[i] == in[i]);
    };
    (one(T{}), ...);
  };
  copies(stored_types{});
}

namespace inlay_test {

void interpret_program(inlay::program const& p, inlay::span<void const* const> inputs,
                       inlay::span<void* const> outputs) {
  inlay::interpret(p, inputs, outputs);
}

}  // namespace inlay_test
