// The steps of what networks are made of: none copies what strides can express.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "inlay/op/list.hpp"
#include "inlay/pass/fold_pads.hpp"
#include "network.hpp"

namespace {
using namespace inlay_test;

/// The operators of the steps, in order, with the number of the links behind each and its ending.
std::string steps_of(program const& p) {
  std::string all;
  for (auto const& s : p.steps) {
    auto const& what = p.structures[s.structure];
    auto const name = entry_of<graph>(what.op).name;
    if (!all.empty()) all += ' ';
    all.append(name.data(), name.size());
    if (what.links.count != 0) all += '+' + std::to_string(what.links.count);
    if (what.ending == operator_id::unlisted) continue;
    auto const ending = entry_of<graph>(what.ending).name;
    all += '+';
    all.append(ending.data(), ending.size());
  }
  return all;
}
template <class Build> std::string steps_of(Build const& build) {
  return steps_of(programs_of(build).first);
}

constexpr std::int64_t sequence = 5;
constexpr std::int64_t width = 12;
constexpr std::int64_t head_count = 3;

value_id shape_of(network& n, std::initializer_list<std::int64_t> extents) {
  return n.b.constant<std::int64_t>("", {static_cast<std::int64_t>(extents.size())},
                                    span<std::int64_t const>(extents.begin(), extents.size()));
}
value_id single(network& n, float x) { return n.b.constant<float>("", shape{}, {x}); }

value_id linear(network& n, value_id x, std::int64_t inputs, std::int64_t outputs) {
  auto const y = n.add<op::matmul>({x, n.constant({inputs, outputs})});
  return n.add<op::add>({y, n.constant({outputs})});
}
value_id normalize(network& n, value_id x) {
  return n.add<op::layer_norm>({x, n.constant({width}), n.constant({width})});
}
/// x / 2 · (1 + erf(x / √2)), as exporters write it.
value_id gelu(network& n, value_id x) {
  auto const e = n.add<op::erf>({n.add<op::div>({x, single(n, 1.41421356f)})});
  auto const half = n.add<op::mul>({x, n.add<op::add>({e, single(n, 1)})});
  return n.add<op::mul>({half, single(n, 0.5f)});
}
/// x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³))), as exporters write it.
value_id gelu_by_tanh(network& n, value_id x) {
  auto const cube = n.add<op::mul>({n.add<op::mul>({x, x}), x});
  auto const inner = n.add<op::add>({x, n.add<op::mul>({cube, single(n, 0.044715f)})});
  auto const t = n.add<op::tanh>({n.add<op::mul>({inner, single(n, 0.79788456f)})});
  auto const twice = n.add<op::mul>({x, n.add<op::add>({t, single(n, 1)})});
  return n.add<op::mul>({twice, single(n, 0.5f)});
}
enum class masked { not_at_all, by_sums, by_truths };

value_id attention(network& n, value_id x, masked how) {
  auto const heads = [&](std::initializer_list<std::int64_t> perm) {
    auto const y = linear(n, x, width, width);
    auto const r =
        n.add<op::reshape>({y, shape_of(n, {1, sequence, head_count, width / head_count})});
    return n.add<op::transpose>({r}, {{"perm", perm}});
  };
  auto const q = heads({0, 2, 1, 3});
  auto const k = heads({0, 2, 3, 1});
  auto const v = heads({0, 2, 1, 3});
  auto scores = n.add<op::div>({n.add<op::matmul>({q, k}), single(n, 2)});
  shape const mask{1, 1, sequence, sequence};
  if (how == masked::by_sums) scores = n.add<op::add>({scores, n.constant(mask)});
  if (how == masked::by_truths) {
    scores = n.add<op::where>({n.truths(mask), scores, single(n, -1e9f)});
  }
  auto const context = n.add<op::matmul>({n.add<op::softmax>({scores}), v});
  auto const t = n.add<op::transpose>({context}, {{"perm", {0, 2, 1, 3}}});
  return linear(n, n.add<op::reshape>({t, shape_of(n, {1, sequence, width})}), width, width);
}

}  // namespace

TEST_CASE("a block of BERT") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {1, sequence, width}});
          auto const a = n.add<op::add>({attention(n, x, masked::not_at_all), x});
          auto const middle = normalize(n, a);
          auto const wide = gelu(n, linear(n, middle, width, 4 * width));
          auto const y = n.add<op::add>({linear(n, wide, 4 * width, width), middle});
          normalize(n, y);
        }) ==
        "MatMul+1 MatMul+1 MatMul+1 MatMul+1+Softmax MatMul MatMul+2 LayerNormalization "
        "MatMul+6 MatMul+2 LayerNormalization");
}

TEST_CASE("a block of GPT-2") {
  for (auto const how : {masked::by_sums, masked::by_truths}) {
    CHECK(steps_of([&](network& n) {
            auto const x = n.b.input("x", {f, {1, sequence, width}});
            auto const a = n.add<op::add>({x, attention(n, normalize(n, x), how)});
            auto const wide = gelu_by_tanh(n, linear(n, normalize(n, a), width, 4 * width));
            n.add<op::add>({a, linear(n, wide, 4 * width, width)});
          }) ==
          "LayerNormalization MatMul+1 MatMul+1 MatMul+1 MatMul+2+Softmax MatMul MatMul+2 "
          "LayerNormalization MatMul+10 MatMul+2");
  }
}

TEST_CASE("a block of ResNet-50 that changes the number of channels") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {1, 3, 8, 8}});
          auto const conv = [&](value_id from, std::int64_t channels, std::int64_t outputs,
                                std::int64_t window, std::int64_t stride) {
            auto const w = n.constant({outputs, channels, window, window});
            auto const pad = window / 2;
            return n.add<op::conv>({from, w, n.constant({outputs})},
                                   {{"strides", {stride, stride}}, {"pads", {pad, pad, pad, pad}}});
          };
          auto const first = n.add<op::relu>({conv(x, 3, 8, 1, 1)});
          auto const a = n.add<op::relu>({conv(first, 8, 4, 1, 1)});
          auto const b = n.add<op::relu>({conv(a, 4, 4, 3, 2)});
          auto const c = conv(b, 4, 16, 1, 1);
          auto const s = n.add<op::add>({c, conv(first, 8, 16, 1, 2)});
          n.add<op::global_average_pool>({n.add<op::relu>({s})});
          // Two steps write the border.
        }) == "Conv+1 Identity Identity Conv+1 Conv+1 Conv Conv+2 GlobalAveragePool");
}

TEST_CASE("padding that a node of its own says is that of the window behind it") {
  auto const steps_behind = [](auto const& build, bool is_folded) {
    network n;
    auto const x = n.b.input("x", {f, {1, 3, 9, 8}});
    build(n, x);
    n.b.output(n.values.back());
    auto g = infer_types(verify(n.b.finish()));
    if (is_folded) g = fold_pads(std::move(g));
    auto const p = lower(std::move(g));
    REQUIRE_FALSE(p.failure);
    return steps_of(p);
  };
  auto const pad = [](network& n, value_id x, float value) {
    return n.add<op::pad>({x, shape_of(n, {0, 0, 1, 1, 0, 0, 2, 1}), single(n, value)});
  };
  auto const largest = [&](network& n, value_id x) {
    auto const padded = pad(n, x, -std::numeric_limits<float>::infinity());
    n.add<op::max_pool>({padded}, {{"kernel_shape", {3, 3}}, {"strides", {2, 2}}});
  };
  CHECK(steps_behind(largest, true) == "MaxPool");
  auto const average = [&](network& n, value_id x) {
    n.add<op::average_pool>({pad(n, x, 0)}, {{"kernel_shape", {2, 3}}});
  };
  CHECK(steps_behind(average, true) == "AveragePool");
  // The image is copied to where it has a border, as it is for any convolution that pads: three
  // steps write the border.
  auto const depthwise = [&](network& n, value_id x) {
    auto const c = n.add<op::conv>({pad(n, x, 0), n.constant({3, 1, 3, 3})}, {{"group", 3}});
    n.add<op::relu>({c});
  };
  CHECK(steps_behind(depthwise, true) == "Identity Identity Identity Transpose Conv+1");
  // Behind a kernel that writes into the border there is no copy.
  auto const two = [&](network& n, value_id x) {
    auto const c = n.add<op::conv>({x, n.constant({4, 3, 1, 1})});
    n.add<op::conv>({pad(n, c, 0), n.constant({4, 4, 3, 3})});
  };
  CHECK(steps_behind(two, true) == "Identity Identity Identity Conv Conv");
  // Otherwise four steps write the padding, and one copies.
  CHECK(steps_behind(largest, false) == "Identity Identity Identity Identity Identity MaxPool");
}
