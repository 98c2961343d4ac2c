// Groups of nodes: how many steps they become, and that they compute what their nodes do.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/program/fuse.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "inlay/pass/split_operators.hpp"
#include "network.hpp"

namespace {
using namespace inlay_test;

/// How many steps the network is, whose last value is its output.
template <class Build> std::size_t steps_of(Build const& build) {
  auto const [together, apart] = programs_of(build);
  CHECK(apart.links.empty());
  return together.steps.size();
}

}  // namespace

TEST_CASE("a convolution, what clips it and the pooling behind are one step") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 3, 9, 8}});
          auto const c = n.add<op::conv>({x, n.constant({20, 3, 3, 3}), n.constant({20})});
          auto const r = n.add<op::relu>({c});
          n.add<op::max_pool>({r}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
        }) == 1);
}

TEST_CASE("a pooling behind a convolution of groups on an image with a border") {
  // Three steps clear the border of the copy, one copies, one computes.
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {1, 4, 6, 6}});
          auto const c = n.add<op::conv>({x, n.constant({6, 2, 3, 3})},
                                         {{"group", 2}, {"pads", {1, 1, 1, 1}}});
          n.add<op::max_pool>({c}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
        }) == 5);
}

TEST_CASE("poolings of other windows, and those behind other tensors, are steps of their own") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {1, 3, 7, 7}});
          auto const c = n.add<op::conv>({x, n.constant({4, 3, 2, 2})});
          n.add<op::max_pool>({c}, {{"kernel_shape", {3, 3}}, {"strides", {2, 2}}});
        }) == 2);
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {1, 3, 7, 7}});
          auto const c = n.add<op::conv>({x, n.constant({4, 3, 2, 2})});
          auto const a = n.add<op::add>({c, n.constant({1, 4, 1, 1})});
          n.add<op::max_pool>({a}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
        }) == 2);
}

TEST_CASE("a residual block: the sum and its clipping belong to the second convolution") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {1, 3, 6, 6}});
          auto const stem = n.add<op::conv>({x, n.constant({8, 3, 1, 1})});
          auto const a = n.add<op::conv>({stem, n.constant({8, 8, 1, 1}), n.constant({8})});
          auto const r = n.add<op::relu>({a});
          auto const c = n.add<op::conv>({r, n.constant({8, 8, 1, 1})});
          auto const s = n.add<op::add>({stem, c});
          n.add<op::relu>({s});
        }) == 3);
}

TEST_CASE("depthwise convolutions and those over sequences") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {1, 20, 6, 6}});
          auto const c = n.add<op::conv>({x, n.constant({20, 1, 3, 3})}, {{"group", 20}});
          auto const s = n.add<op::add>({n.constant({20, 1, 4}), c});
          n.add<op::relu>({s});
        }) == 1);
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 3, 9}});
          auto const c = n.add<op::conv>({x, n.constant({5, 3, 2})});
          n.add<op::add>({n.add<op::relu>({c}), n.constant({2, 5, 8})});
        }) == 1);
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 3, 9}});
          auto const c = n.add<op::conv>({x, n.constant({5, 3, 2})});
          n.add<op::add>({n.add<op::relu>({c}), n.constant({5, 1})});
        }) == 1);
}

TEST_CASE("products with offsets of every shape") {
  for (auto const& offset : {shape{20}, shape{4, 1}, shape{3, 1, 20}, shape{3, 4, 20}, shape{}}) {
    CHECK(steps_of([&](network& n) {
            auto const x = n.b.input("x", {f, {3, 4, 6}});
            auto const m = n.add<op::matmul>({x, n.constant({6, 20})});
            auto const s = n.add<op::add>({m, n.constant(offset)});
            n.add<op::add>({n.constant({3, 4, 20}), n.add<op::relu>({s})});
          }) == 1);
  }
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {3, 6}});
          auto const m = n.add<op::gemm>({x, n.constant({6, 7}), n.constant({7})});
          n.add<op::add>({m, n.add<op::relu>({m})});
        }) == 1);
}

TEST_CASE("a product and the five nodes of a GELU are one step") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {3, 4, 6}});
          auto const m = n.add<op::matmul>({x, n.constant({6, 20})});
          auto const d = n.add<op::div>({m, n.constant({})});
          auto const e = n.add<op::erf>({d});
          auto const a = n.add<op::add>({e, n.constant({})});
          auto const y = n.add<op::mul>({m, a});
          n.add<op::mul>({y, n.constant({})});
        }) == 1);
}

TEST_CASE("element operators with attributes, as heads and as links") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {1, 3, 6, 6}});
          auto const c = n.add<op::conv>({x, n.constant({20, 3, 3, 3}), n.constant({20})});
          auto const a = n.add<op::leaky_relu>({c}, {{"alpha", 0.25f}});
          auto const b = n.add<op::leaky_relu>({a}, {{"alpha", 0.5f}});
          auto const h = n.add<op::hard_sigmoid>({b}, {{"beta", 0.375f}});
          auto const m = n.add<op::mul>({b, h});
          n.add<op::clip>({m, n.constant({}), n.constant({})});
        }) == 1);
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {3, 5}});
          auto const e = n.add<op::selu>({x}, {{"alpha", 0.5f}});
          auto const g = n.add<op::gelu>({e}, {{"approximate", "tanh"}});
          n.add<op::gelu>({n.add<op::add>({g, x})});
        }) == 1);
}

TEST_CASE("groups are alike only with the same attributes") {
  network n;
  auto const x = n.b.input("x", {f, {1, 3, 6, 6}});
  auto y = x;
  for (auto const alpha : {1.0f, 0.25f, 0.5f, 0.25f, 1.0f}) {
    auto const c = n.add<op::conv>({y, n.constant({3, 3, 1, 1})});
    y = n.add<op::leaky_relu>({c}, {{"alpha", alpha}});
  }
  n.b.output(y);
  auto const p = lower(infer_types(verify(n.b.finish())));
  REQUIRE(p.steps.size() == 5);
  CHECK(p.steps[1].structure == p.steps[3].structure);
  CHECK(p.steps[1].structure != p.steps[2].structure);
}

TEST_CASE("poolings and what follows them") {
  auto const pool = [](auto const& add) {
    return steps_of([&](network& n) {
      auto const x = n.b.input("x", {f, {2, 5, 7, 6}});
      auto const y = add(n, x);
      auto const m = n.add<op::mul>({y, n.constant({5, 1, 1})});
      n.add<op::relu>({n.add<op::add>({m, y})});
    });
  };
  CHECK(pool([](network& n, value_id x) {
          return n.add<op::max_pool>({x}, {{"kernel_shape", {3, 2}}, {"pads", {1, 0, 1, 1}}});
        }) == 1);
  CHECK(pool([](network& n, value_id x) {
          return n.add<op::average_pool>({x}, {{"kernel_shape", {2, 3}}, {"pads", {0, 1, 1, 1}}});
        }) == 1);
  CHECK(pool([](network& n, value_id x) { return n.add<op::global_average_pool>({x}); }) == 1);
  CHECK(pool([](network& n, value_id x) { return n.add<op::global_max_pool>({x}); }) == 1);
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 3, 9}});
          auto const p = n.add<op::max_pool>({x}, {{"kernel_shape", {2}}});
          n.add<op::add>({n.constant({2, 3, 8}), n.add<op::relu>({p})});
        }) == 1);
  // Images between kernels have their channels last.
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {1, 3, 7, 7}});
          auto const c = n.add<op::conv>({x, n.constant({20, 3, 1, 1})});
          auto const p = n.add<op::max_pool>({c}, {{"kernel_shape", {3, 3}}, {"strides", {2, 2}}});
          auto const a = n.add<op::leaky_relu>({p}, {{"alpha", 0.25f}});
          n.add<op::conv>({a, n.constant({4, 20, 1, 1})});
        }) == 3);
}

TEST_CASE("reductions and what follows them: over last axes, over others, over all") {
  for (std::int64_t const keeps : {0, 1}) {
    for (auto const& axes : {std::vector<std::int64_t>{3}, {1}, {0, 2}, {1, 3}, {0, 1, 2, 3}}) {
      auto const reduce = [&]<class Operator>(Operator, auto const& follow) {
        return steps_of([&](network& n) {
          auto const x = n.b.input("x", {f, {2, 3, 4, 5}});
          auto const list = n.b.constant("", {static_cast<std::int64_t>(axes.size())},
                                         span<std::int64_t const>(axes.data(), axes.size()));
          follow(n, n.add<Operator>({x, list}, {{"keepdims", keeps}}));
        });
      };
      // As they write 1 / sqrt(variance + epsilon).
      auto const add_a_number = [](network& n, value_id y) {
        auto const a = n.add<op::add>({y, n.constant({})});
        n.add<op::reciprocal>({n.add<op::softplus>({a})});
      };
      CHECK(reduce(op::reduce_mean{}, add_a_number) == 1);
      CHECK(reduce(op::reduce_max{}, add_a_number) == 1);
      CHECK(reduce(op::reduce_log_sum_exp{}, add_a_number) == 1);
      auto const alone = [](network& n, value_id y) { n.add<op::abs>({n.add<op::add>({y, y})}); };
      CHECK(reduce(op::reduce_sum{}, alone) == 1);
      CHECK(reduce(op::reduce_l2{}, alone) == 1);
      CHECK(reduce(op::reduce_log_sum_exp{}, alone) == 1);
    }
  }
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 3, 4, 5}});
          std::int64_t const last[] = {3};
          auto const m =
              n.add<op::reduce_mean>({x, n.b.constant("", {1}, span<std::int64_t const>(last))});
          auto const a = n.add<op::mul>({n.constant({2, 3, 4, 1}), m});
          n.add<op::add>({a, n.constant({2, 1, 1, 1})});
        }) == 2);
}

TEST_CASE("softmaxes and what follows them: of rows and of columns") {
  for (std::int64_t const axis : {-1, 1, 0}) {
    CHECK(steps_of([&](network& n) {
            auto const x = n.b.input("x", {f, {2, 21, 33}});
            auto const y = n.add<op::softmax>({x}, {{"axis", axis}});
            auto const m = n.add<op::mul>({y, n.constant({2, 21, 33})});
            n.add<op::sub>({m, n.add<op::mul>({y, n.constant({})})});
          }) == 1);
    CHECK(steps_of([&](network& n) {
            auto const x = n.b.input("x", {f, {2, 21, 33}});
            auto const y = n.add<op::log_softmax>({x}, {{"axis", axis}});
            n.add<op::neg>({n.add<op::relu>({y})});
          }) == 1);
  }
}

TEST_CASE("a normalization and a number behind it") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 3, 4}});
          auto const y = n.add<op::layer_norm>({x, n.constant({4})});
          n.add<op::add>({n.add<op::mul>({y, n.constant({})}), n.constant({2, 1, 4})});
        }) == 2);
}

TEST_CASE("what element operators make for one kernel is not stored") {
  auto const steps_behind = [](shape const& other, auto const& end) {
    return steps_of([&](network& n) {
      auto const x = n.b.input("x", {f, {2, 3, 4, 33}});
      auto const m = n.add<op::mul>({x, n.constant(other)});
      end(n, n.add<op::sub>({m, x}));
    });
  };
  auto const reduce = [](std::initializer_list<std::int64_t> axes) {
    return [axes](network& n, value_id x) {
      auto const list = n.b.constant("", {static_cast<std::int64_t>(axes.size())},
                                     span<std::int64_t const>(axes.begin(), axes.size()));
      n.add<op::relu>({n.add<op::reduce_sum>({x, list})});
    };
  };
  CHECK(steps_behind({33}, reduce({-1})) == 1);
  CHECK(steps_behind({}, reduce({0, 1, 2, 3})) == 1);
  CHECK(steps_behind({4, 1}, reduce({1, 3})) == 1);
  // Spread along some of the axes that are kept or reduced, down columns too.
  for (auto const& other : {shape{2, 1, 1, 1}, shape{3, 1, 1}, shape{4, 1}, shape{2, 3, 1, 33}}) {
    for (auto const& axes : {std::initializer_list<std::int64_t>{3}, {2}, {1, 2}, {0, 2}, {0}}) {
      CHECK(steps_behind(other, reduce(axes)) == 1);
    }
  }
  // Few columns are stored.
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 50, 4}});
          auto const axes = n.b.constant<std::int64_t>("", {1}, {1});
          n.add<op::reduce_sum>({n.add<op::mul>({x, x}), axes});
        }) == 2);
  // The elements of a row are those of both axes, through which no stride leads.
  CHECK(steps_behind({4, 1}, reduce({2, 3})) == 2);

  auto const softmax = [](network& n, value_id x) { n.add<op::relu>({n.add<op::softmax>({x})}); };
  auto const log_softmax = [](network& n, value_id x) { n.add<op::log_softmax>({x}); };
  for (auto const& other : {shape{33}, shape{2, 1, 1, 1}, shape{3, 4, 1}, shape{}}) {
    CHECK(steps_behind(other, softmax) == 1);
    CHECK(steps_behind(other, log_softmax) == 1);
    CHECK(steps_behind(other, [](network& n, value_id x) {
            auto const y = n.add<op::layer_norm>({x, n.constant({33}), n.constant({33})});
            n.add<op::add>({y, n.constant({2, 3, 4, 33})});
          }) == 1);
    CHECK(steps_behind(other, [](network& n, value_id x) {
            n.add<op::rms_norm>({x, n.constant({4, 33})}, {{"axis", -2}});
          }) == (other == shape{33} || other == shape{3, 4, 1} ? 2 : 1));
  }
  CHECK(steps_behind({}, [](network& n, value_id x) { n.add<op::softmax>({x}, {{"axis", 1}}); }) ==
        2);
  // Two read it, or the caller.
  CHECK(steps_behind(
            {}, [](network& n, value_id x) { n.add<op::add>({n.add<op::softmax>({x}), x}); }) == 2);
}

TEST_CASE("a product whose rows are normalized") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 3, 4, 6}});
          auto const m = n.add<op::matmul>({x, n.constant({2, 3, 6, 33})});
          auto const s = n.add<op::add>({m, n.constant({2, 1, 1, 33})});
          n.add<op::softmax>({s});
        }) == 1);
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {5, 6}});
          auto const m = n.add<op::gemm>({x, n.constant({6, 10}), n.constant({10})});
          n.add<op::log_softmax>({m}, {{"axis", 1}});
        }) == 1);
  // Down the columns, and along the list that a product by a list is.
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {5, 6}});
          n.add<op::softmax>({n.add<op::matmul>({x, n.constant({6, 10})})}, {{"axis", 0}});
        }) == 2);
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {5, 6}});
          n.add<op::softmax>({n.add<op::matmul>({x, n.constant({6})})});
        }) == 2);
}

TEST_CASE("normalizations whose scale and bias are of other shapes than their rows") {
  auto const steps_with = [](shape const& scale, shape const& bias) {
    network n;
    auto const x = n.b.input("x", {f, {2, 3, 4}});
    n.b.output(n.add<op::layer_norm>({x, n.constant(scale), n.constant(bias)}));
    auto const p = lower(split_operators(infer_types(verify(n.b.finish()))));
    CHECK(p.failure.text.view() == "");
    return p.steps.size();
  };
  CHECK(steps_with({1, 4}, {1, 1, 4}) == 1);
  CHECK(steps_with({2, 3, 1}, {2, 3, 4}) == 1);
  CHECK(steps_with({4}, {2, 3, 4}) == 1);
  CHECK(steps_with({2, 3, 4}, {}) == 1);
  // Strides cannot express these along rows.
  CHECK(steps_with({3, 1}, {4}) == 2);
  CHECK(steps_with({4}, {2, 1, 4}) == 2);
}

TEST_CASE("element operators of one shape: chains, diamonds, broadcast inputs") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {3, 5}});
          auto const r = n.add<op::relu>({x});
          auto const a = n.add<op::add>({r, x});
          auto const c = n.add<op::add>({n.constant({3, 1}), r});
          auto const d = n.add<op::add>({a, c});
          n.add<op::add>({d, d});
        }) == 1);
  // The first sum is smaller than the second: it is not computed again for each row.
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {1, 5}});
          auto const a = n.add<op::add>({x, n.constant({5})});
          n.add<op::add>({a, n.constant({3, 5})});
        }) == 2);
}

TEST_CASE(
    "the element type may change along a chain of element operators, but not behind a product") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {3, 5}});
          auto const zero = n.b.constant<float>("", {}, {0.0f});
          auto const is_above = n.add<op::greater>({x, zero});
          auto const chosen = n.add<op::where>({is_above, x, n.constant({3, 1})});
          auto const whole = n.add<op::cast>({chosen}, {{"to", 3}});
          auto const back = n.add<op::cast>({whole}, {{"to", 1}});
          n.add<op::mul>({back, x});
        }) == 1);
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {5, 6}});
          auto const m = n.add<op::matmul>({x, n.constant({6, 10})});
          auto const r = n.add<op::relu>({m});
          auto const whole = n.add<op::cast>({r}, {{"to", 6}});
          n.add<op::cast>({whole}, {{"to", 1}});
        }) == 2);
}

TEST_CASE("results of a product are chosen by truths, which are read as they lie") {
  for (auto const& mask : {shape{20}, shape{4, 1}, shape{3, 1, 20}, shape{3, 4, 20}, shape{}}) {
    CHECK(steps_of([&](network& n) {
            auto const x = n.b.input("x", {f, {3, 4, 6}});
            auto const m = n.add<op::matmul>({x, n.constant({6, 20})});
            auto const s = n.add<op::mul>({m, n.constant({})});
            auto const w = n.add<op::where>({n.truths(mask), s, n.constant({})});
            n.add<op::where>({n.truths({20}), n.constant({3, 4, 20}), w});
          }) == 1);
  }
  // Of images a kernel's own, and of truths that it computes, nothing is chosen in it.
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {1, 3, 6, 6}});
          auto const c = n.add<op::conv>({x, n.constant({8, 3, 1, 1})});
          n.add<op::where>({n.truths({6, 6}), c, n.constant({})});
        }) == 2);
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {4, 6}});
          auto const m = n.add<op::matmul>({x, n.constant({6, 20})});
          n.add<op::where>({n.add<op::greater>({m, n.constant({})}), m, n.constant({})});
        }) == 2);
}

TEST_CASE("a group holds as many links as it may, and reads as many tensors") {
  CHECK(steps_of([](network& n) {
          auto y = n.b.input("x", {f, {7}});
          for (std::size_t i = 0; i < most_links + 2; ++i) y = n.add<op::relu>({y});
        }) == 2);
  CHECK(steps_of([](network& n) {
          auto y = n.b.input("x", {f, {7}});
          for (std::size_t i = 0; i < most_others + 2; ++i) {
            y = n.add<op::add>({y, n.constant({7})});
          }
        }) == 2);
}

TEST_CASE("what others read is stored") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {4, 4}});
          auto const r = n.add<op::relu>({x});
          auto const m = n.add<op::matmul>({r, n.constant({4, 4})});
          n.add<op::add>({m, r});
        }) == 2);
}
