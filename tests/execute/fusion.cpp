// What is computed together has the bits of what is computed apart, in sessions of all kinds.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <inlay/execute/interpreter.hpp>
#include <inlay/frontend/onnx/read.hpp>
#include <inlay/frontend/onnx/write.hpp>
#include <inlay/pass/optimize.hpp>
#include <inlay/program/interpret-inl.hpp>
#include <inlay/program/lower.hpp>
#include <vector>
#if defined(INLAY_WITH_JIT)
#include <inlay/execute/jit.hpp>
#endif

#include "../program/network.hpp"

namespace {

using namespace inlay_test;

/// Checks a session of a model against what the scalar stage computes a node at a time.
template <class Session, class Context>
void check(Session const& session, std::int64_t steps, std::vector<float> const& x,
           shape const& extents, std::vector<float> const& expected) {
  CHECK(session.needs()->steps == steps);
  Context context;
  auto const y = session.run(context, {{"x", view<float const>(x.data(), extents)}}).value();
  auto const* const computed = y[0].template elements<float>();
  REQUIRE(computed != nullptr);
  std::size_t different = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    auto const near = 1e-5f + 1e-4f * std::abs(expected[i]);
    bool const agrees = session.same_bits()
                            ? std::memcmp(computed + i, &expected[i], sizeof(float)) == 0
                            : std::abs(computed[i] - expected[i]) <= near;
    if (!agrees) ++different;
  }
  CHECK(different == 0);
}

/// The network of the input x, whose last value is its output, is so many steps.
template <class Build>
void check_steps(std::int64_t steps, shape const& extents, Build const& build) {
  network n;
  n.b = builder("fusion", 18);
  build(n, n.b.input("x", {f, extents}));
  n.b.output(n.values.back(), "y");
  auto const bytes = write_onnx(n.b.finish()).value();
  string_view const model(bytes.data(), bytes.size());
  auto const p = lower(optimize(read_onnx(model)), {.fuses = false});
  REQUIRE(!p.failure);
  auto const x = numbers(elements_of(extents), 5);
  std::vector<float> expected(static_cast<std::size_t>(elements_of(p.outputs[0].type.shape)));
  void const* const inputs[] = {x.data()};
  void* const outputs[] = {expected.data()};
  interpret(p, inputs, outputs);
  using inlay::interpreter::context;
  using inlay::interpreter::session;
  // As it stores short rows before a kernel reads them.
  auto const stored = lower(optimize(read_onnx(model)), {.least_read_row = 512});
  check<session, context>(inlay::interpreter::load(model).value(),
                          static_cast<std::int64_t>(stored.steps.size()), x, extents, expected);
#if defined(INLAY_WITH_JIT)
  auto const compiled = inlay::jit::load(model).value();
  check<decltype(compiled), inlay::jit::context>(compiled, steps, x, extents, expected);
#endif
}

}  // namespace

TEST_CASE("what reductions read through element operators has the scalar stage's bits") {
  for (std::int64_t const n : {17, 64, 400, 1000}) {
    for (auto const& other : {shape{n}, shape{5, 1}, shape{3, 1, n}, shape{2, 1, 1, 1}}) {
      for (auto const& axes : {std::initializer_list<std::int64_t>{3}, {2}, {1}, {0, 2}, {1, 3}}) {
        CAPTURE(n);
        auto const count = static_cast<std::int64_t>(axes.size());
        auto const reduce = [&](network& net, value_id x, auto reduction) {
          auto const moved = net.add<op::sub>({net.add<op::neg>({x}), net.constant(other)});
          auto const square = net.add<op::mul>({moved, x});
          auto const list =
              net.b.constant("", {count}, span<std::int64_t const>(axes.begin(), axes.size()));
          net.add<op::neg>({net.add<decltype(reduction)>({square, list})});
        };
        check_steps(1, {2, 3, 5, n}, [&](network& net, value_id x) {
          if (n % 2 == 0) reduce(net, x, op::reduce_mean{});
          else reduce(net, x, op::reduce_max{});
        });
      }
    }
  }
}

TEST_CASE("products of which truths choose have the scalar stage's bits") {
  for (std::int64_t const n : {1, 8, 17, 100}) {
    for (auto const& mask : {shape{n}, shape{7, 1}, shape{7, n}, shape{2, 1, n}, shape{}}) {
      CAPTURE(n);
      check_steps(1, {2, 7, 9}, [&](network& net, value_id x) {
        auto const m = net.add<op::matmul>({x, net.constant({9, n})});
        auto const some = net.add<op::where>({net.truths(mask), m, net.constant({n})});
        auto const more = net.add<op::mul>({some, net.constant({7, 1})});
        auto const all = net.add<op::where>({net.truths({7, n}), net.constant({}), more});
        net.add<op::softmax>({all});
      });
    }
  }
}
