// Packed weights, images with their channels last, joined axes: a program computes the bits that it
// computes where everything lies as ONNX has it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <vector>

#include "inlay/graph/verify.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/program/interpret-inl.hpp"
#include "inlay/program/lower.hpp"

namespace {
using namespace inlay;

constexpr auto f = element_type::float32;

/// A network in the making. A plain one gets its weights as inputs and hands out every value: then
/// no weight can be packed, and everything but the last layer's values lies as the caller wants it.
struct network {
  explicit network(bool plain) : is_plain(plain) {}

  bool is_plain;
  builder b{};
  std::vector<std::vector<float>> inputs{};
  std::uint32_t state = 12345;

  value_id input(shape const& s) {
    inputs.push_back(numbers(s));
    return b.input(name(), {f, s});
  }
  value_id weights(shape const& s) {
    if (is_plain) return input(s);
    auto const elements = numbers(s);
    return b.constant(name(), s, span<float const>(elements.data(), elements.size()));
  }
  value_id conv(value_id x, shape const& w, std::initializer_list<named_attribute> attributes) {
    auto const window = weights(w);
    auto const bias = weights({w[0]});
    return keep(apply<op::conv>(b, "", {x, window, bias}, attributes));
  }
  value_id pool(value_id x) {
    return keep(apply<op::max_pool>(b, "", {x}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}}));
  }
  value_id keep(value_id value) {
    if (is_plain) b.output(value);
    return value;
  }

 private:
  string_view name() {
    static std::vector<std::string> names = [] {
      std::vector<std::string> all;
      for (int i = 0; i < 64; ++i) all.push_back("value" + std::to_string(i));
      return all;
    }();
    auto const& n = names.at(next_name_++);
    return {n.data(), n.size()};
  }
  std::vector<float> numbers(shape const& s) {
    std::vector<float> elements(static_cast<std::size_t>(elements_of(s)));
    for (auto& x : elements) {
      state = state * 1664525 + 1013904223;
      x = static_cast<float>(static_cast<std::int32_t>(state)) / 2147483648.0f;
    }
    return elements;
  }

  std::size_t next_name_ = 0;
};

/// The last output of a network, and its program.
struct outcome {
  program p;
  std::vector<float> last;
};
template <class Build> outcome run(Build const& build, bool is_plain) {
  network n(is_plain);
  auto const y = build(n);
  n.b.output(y);
  outcome result{lower(infer_types(verify(n.b.finish()))), {}};
  auto const& p = result.p;
  REQUIRE_MESSAGE(!p.failure,
                  std::string(p.failure.text.view().data(), p.failure.text.view().size()));
  std::vector<void const*> inputs;
  for (auto const& x : n.inputs) inputs.push_back(x.data());
  std::vector<std::vector<float>> memory;
  std::vector<void*> outputs;
  for (auto const& port : p.outputs) {
    memory.emplace_back(static_cast<std::size_t>(elements_of(port.type.shape)), 77.0f);
    outputs.push_back(memory.back().data());
  }
  interpret(p, {inputs.data(), inputs.size()}, {outputs.data(), outputs.size()});
  result.last = memory.back();
  return result;
}

template <class Build> program check(Build const& build) {
  auto const plain = run(build, true);
  auto optimized = run(build, false);
  CHECK(plain.p.packings.empty());
  REQUIRE(plain.last.size() == optimized.last.size());
  CHECK(std::memcmp(plain.last.data(), optimized.last.data(), plain.last.size() * sizeof(float)) ==
        0);
  return std::move(optimized.p);
}

layout const& layout_of(program const& p, std::size_t step, std::uint32_t i) {
  return p.layouts[p.structures[p.steps[step].structure].layouts.first + i];
}

}  // namespace

TEST_CASE("convolutions of many forms, one after the other") {
  auto const p = check([](network& n) {
    auto x = n.input({2, 3, 17, 19});
    x = n.conv(x, {8, 3, 3, 3}, {});  // 15 x 17
    x = n.keep(apply<op::relu>(n.b, "", {x}));
    x = n.conv(x, {20, 8, 1, 1}, {});                                       // pixels alone
    x = n.conv(x, {18, 20, 3, 3}, {{"pads", {1, 1, 1, 1}}});                // a border
    x = n.conv(x, {18, 18, 2, 3}, {{"strides", {2, 1}}});                   // 7 x 15
    x = n.conv(x, {36, 9, 3, 2}, {{"group", 2}, {"dilations", {1, 2}}});    // 5 x 13
    x = n.conv(x, {36, 1, 3, 3}, {{"group", 36}, {"pads", {1, 1, 1, 1}}});  // depthwise
    auto const shortcut = n.conv(x, {36, 36, 1, 1}, {});
    x = n.keep(apply<op::add>(n.b, "", {x, shortcut}));
    x = n.conv(x, {1, 36, 2, 2}, {});                    // 4 x 12
    x = n.conv(x, {5, 1, 4, 5}, {{"strides", {1, 2}}});  // of one channel
    return apply<op::relu>(n.b, "", {x});
  });
  // The second one sees its images as rows of pixels; the fourth, three columns of 18 channels as
  // one run.
  CHECK(layout_of(p, 2, 0).extents == shape{2, 8, 1, 255});
  CHECK(layout_of(p, 4, 0).extents == shape{2, 54, 15, 15});
}

TEST_CASE("images become a list") {
  check([](network& n) {
    auto x = n.pool(n.conv(n.input({1, 1, 12, 12}), {8, 1, 5, 5}, {}));
    x = n.pool(n.conv(x, {12, 8, 1, 1}, {}));
    x = n.keep(apply<op::flatten>(n.b, "", {x}));
    auto const w = n.weights({10, 48});
    auto const c = n.weights({10});
    return apply<op::gemm>(n.b, "", {x, w, c}, {{"transB", 1}, {"alpha", 0.5f}});
  });
}

TEST_CASE("products with constants of several ranks") {
  check([](network& n) {
    auto x = n.input({2, 5, 7});
    x = n.keep(apply<op::matmul>(n.b, "", {x, n.weights({7, 33})}));
    x = n.keep(apply<op::matmul>(n.b, "", {x, n.weights({2, 33, 6})}));
    x = n.keep(apply<op::matmul>(n.b, "", {x, n.weights({1, 6, 16})}));
    x = n.keep(apply<op::matmul>(n.b, "", {x, n.weights({16, 1})}));
    return apply<op::relu>(n.b, "", {x});
  });
}
