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

/// What a convolution looks at, and the border that its windows hang over.
struct convolution_step {
  shape x;
  image_border border;
};
convolution_step convolution_of(program const& p, int number) {
  for (auto const& s : p.steps) {
    auto const& form = p.structures[s.structure];
    if (form.op != id_of<op::conv> || number-- != 0) continue;
    auto const* const layouts = p.layouts.data() + form.layouts.first;
    auto const k = from_words<convolution>(p.words.data() + form.words.first);
    auto const& y = layouts[form.layouts.count - 1];
    return {layouts[0].extents, k.border(layouts[0].extents, y.extents)};
  }
  FAIL("there is no such convolution");
  return {};
}

}  // namespace

TEST_CASE("convolutions of many forms, one after the other") {
  auto const p = check([](network& n) {
    auto x = n.input({2, 3, 17, 19});
    x = n.conv(x, {8, 3, 3, 3}, {});  // 15 x 17
    x = n.keep(apply<op::relu>(n.b, "", {x}));
    x = n.conv(x, {20, 8, 1, 1}, {});                                       // pixels alone
    x = n.conv(x, {18, 20, 2, 3}, {{"strides", {2, 1}}});                   // 7 x 15
    x = n.conv(x, {18, 18, 3, 3}, {{"pads", {1, 1, 1, 1}}});                // a border
    x = n.conv(x, {36, 9, 3, 2}, {{"group", 2}, {"dilations", {1, 2}}});    // 5 x 13
    x = n.conv(x, {36, 1, 3, 3}, {{"group", 36}, {"pads", {1, 1, 1, 1}}});  // depthwise
    auto const shortcut = n.conv(x, {36, 36, 1, 1}, {});
    x = n.keep(apply<op::add>(n.b, "", {x, shortcut}));
    x = n.conv(x, {1, 36, 2, 2}, {});                    // 4 x 12
    x = n.conv(x, {5, 1, 4, 5}, {{"strides", {1, 2}}});  // of one channel
    return apply<op::relu>(n.b, "", {x});
  });
  // The second one sees its images as rows of pixels; the third, three columns of 20 channels as
  // one run.
  CHECK(convolution_of(p, 1).x == shape{2, 8, 1, 255});
  CHECK(convolution_of(p, 2).x == shape{2, 60, 15, 15});
}

TEST_CASE("images have the border of zeros that windows need") {
  auto const p = check([](network& n) {
    // An input of the caller's, which is copied, for two kernels of different windows.
    auto const x = n.input({2, 3, 9, 7});
    auto y = n.conv(x, {8, 3, 3, 3}, {{"pads", {1, 1, 1, 1}}});
    auto const z = n.conv(x, {8, 3, 1, 5}, {{"pads", {0, 2, 0, 2}}});
    y = n.keep(apply<op::add>(n.b, "", {y, z}));
    // Behind the image alone, further in front than behind, over a hole, one row of the image.
    y = n.conv(y, {4, 8, 2, 2}, {{"pads", {0, 0, 1, 1}}});
    y = n.conv(y, {4, 4, 4, 1}, {{"pads", {2, 0, 1, 0}}});
    y = n.conv(y, {4, 2, 3, 3}, {{"pads", {2, 2, 2, 2}}, {"dilations", {2, 2}}, {"group", 2}});
    y = n.conv(y, {4, 4, 9, 3}, {{"strides", {1, 2}}, {"pads", {0, 1, 0, 1}}});
    y = n.conv(y, {4, 4, 1, 1}, {{"pads", {1, 0, 1, 0}}});
    // A border that is partly not looked at: the stride ends before it.
    y = n.conv(y, {4, 4, 2, 2}, {{"strides", {2, 2}}, {"pads", {1, 1, 1, 1}}});
    // The same image without a border, and for a kernel that is no convolution.
    auto const a = n.conv(y, {4, 4, 1, 1}, {});
    auto const c = n.conv(y, {4, 4, 3, 3}, {{"auto_pad", "SAME_UPPER"}});
    y = n.keep(apply<op::add>(n.b, "", {a, c}));
    return apply<op::relu>(n.b, "", {y});
  });
  for (int i = 0; i < 10; ++i) CHECK(convolution_of(p, i).border.is_empty());
}

TEST_CASE("a view of an image has a border of its own") {
  check([](network& n) {
    auto const x = n.input({1, 3, 8, 4});
    std::int64_t const extents[]{1, 4, 8, 3};
    auto const other = n.b.constant("shape", {4}, span<std::int64_t const>(extents, 4));
    auto const view = n.keep(apply<op::reshape>(n.b, "", {x, other}));
    auto const y = n.conv(x, {4, 3, 3, 3}, {{"pads", {1, 1, 1, 1}}});
    auto const z = n.conv(view, {4, 4, 3, 3}, {{"pads", {1, 1, 1, 2}}});
    return n.keep(apply<op::add>(n.b, "", {y, z}));
  });
}

TEST_CASE("sequences keep their padding") {
  check([](network& n) {
    auto const x = n.conv(n.input({2, 3, 9}), {8, 3, 3}, {{"pads", {1, 1}}});
    return n.conv(x, {4, 8, 2}, {{"pads", {0, 1}}});
  });
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
