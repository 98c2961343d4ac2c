// Steps that are split compute what they did as a whole.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/program/split_steps.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "inlay/graph/verify.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/program/lower.hpp"
#include "interpret_program.hpp"

namespace {
using namespace inlay;

constexpr auto float32 = element_type::float32;

std::string bytes_of_numbers(std::int64_t count, std::uint32_t seed) {
  std::string bytes(static_cast<std::size_t>(count) * 4, '\0');
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    seed = seed * 1664525u + 1013904223u;
    auto const x = static_cast<float>(static_cast<std::int32_t>(seed) >> 8) * 0x1p-23f;
    std::memcpy(bytes.data() + i, &x, 4);
  }
  return bytes;
}

/// Bytes that programs have views of.
string_view kept(std::string bytes) {
  static std::deque<std::string> all;
  all.push_back(std::move(bytes));
  return {all.back().data(), all.back().size()};
}

/// A network of one input and its weights.
class network {
 public:
  explicit network(shape const& x) : x_(b.input("x", {float32, x})) {}

  builder b{"network", 23};
  value_id x() const { return x_; }
  value_id weight(shape const& s) {
    return b.constant("", {float32, s}, kept(bytes_of_numbers(elements_of(s), ++seed_)));
  }
  value_id integers(std::initializer_list<std::int64_t> list) {
    std::string bytes(reinterpret_cast<char const*>(list.begin()), 8 * list.size());
    shape const s{static_cast<std::int64_t>(list.size())};
    return b.constant("", {element_type::int64, s}, kept(std::move(bytes)));
  }
  program finish(value_id y) {
    b.output(y, "y");
    auto p = lower(infer_types(verify(b.finish())));
    REQUIRE_MESSAGE(!p.failure, std::string(p.failure.text.view()));
    return p;
  }

 private:
  value_id x_;
  std::uint32_t seed_ = 0;
};

std::string results_of(program const& p) {
  std::vector<std::string> inputs;
  std::vector<void const*> from;
  for (auto const& port : p.inputs) {
    inputs.push_back(bytes_of_numbers(elements_of(port.type.shape), 99));
    from.push_back(inputs.back().data());
  }
  auto const& y = p.outputs[0].type;
  std::string result(static_cast<std::size_t>(bytes_of(y.element, elements_of(y.shape))), '\1');
  void* const to[] = {result.data()};
  inlay_test::interpret_program(p, {from.data(), from.size()}, to);
  return result;
}

/// The steps of each group in the opposite order.
program backwards(program p) {
  for (auto const& g : p.groups) {
    for (std::uint32_t i = 0; i < g.count / 2; ++i) {
      auto const other = p.steps[g.first + g.count - 1 - i];
      p.steps[g.first + g.count - 1 - i] = p.steps[g.first + i];
      p.steps[g.first + i] = other;
    }
  }
  return p;
}

/// How many parts the last step of a program has, if it is split into so many at most.
std::uint32_t parts_of_last(program const& p, std::int64_t parts) {
  return split_steps<graph>(p, {parts, 0}).groups.back().count;
}

/// Checks that a program computes the same bits in any number of parts, whichever is first, and
/// that all steps but the first `whole` are split.
void check_split(program const& p, std::uint32_t whole = 0) {
  auto const expected = results_of(p);
  for (std::int64_t const parts : {2, 3, 8}) {
    CAPTURE(parts);
    auto const split = split_steps<graph>(p, {parts, 0});
    REQUIRE(split.groups.size() == p.steps.size());
    CHECK(split.arena_bytes == p.arena_bytes);
    std::int64_t multiply_adds = 0;
    for (auto const& s : split.steps) multiply_adds += split.structures[s.structure].multiply_adds;
    CHECK(multiply_adds == p.multiply_adds);
    std::uint32_t next = 0;
    for (std::uint32_t i = 0; i < split.groups.size(); ++i) {
      auto const& g = split.groups[i];
      CAPTURE(i);
      CHECK(g.first == next);
      CHECK(g.count <= parts);
      if (i >= whole) CHECK(g.count > 1);
      next += g.count;
    }
    CHECK(next == split.steps.size());
    bool const is_same = results_of(split) == expected;
    bool const is_same_backwards = results_of(backwards(split)) == expected;
    CHECK(is_same);
    CHECK(is_same_backwards);
  }
}
}  // namespace

TEST_CASE("rows that are read through element operators") {
  for (auto const& other : {shape{33}, shape{6, 1, 1}, shape{6, 5, 1}}) {
    network n({4, 6, 5, 33});
    auto const sum = apply<op::add>(n.b, "", {n.x(), n.weight(other)});
    auto const twice = apply<op::mul>(n.b, "", {sum, n.x()});
    auto const p = n.finish(apply<op::softmax>(n.b, "", {twice}));
    CHECK(p.steps.size() == 1);
    check_split(p);
  }
  for (auto const& axes :
       {std::initializer_list<std::int64_t>{3}, {1, 3}, {1}, {0, 2}, {0, 1, 2}}) {
    network n({4, 6, 5, 33});
    auto const product = apply<op::mul>(n.b, "", {n.x(), n.weight({5, 1})});
    auto const sums = apply<op::reduce_sum>(n.b, "", {product, n.integers(axes)});
    auto const p = n.finish(apply<op::sqrt>(n.b, "", {sums}));
    CHECK(p.steps.size() == 1);
    check_split(p);
  }
}

TEST_CASE("a step with little to do stays whole, and a program in one part as it is") {
  network n({32, 64});
  auto const p = n.finish(apply<op::matmul>(n.b, "", {n.x(), n.weight({64, 64})}));
  // To read and to write elements is work, too: here less than half as much.
  auto const work = p.multiply_adds;
  CHECK(split_steps<graph>(p, {2, work}).steps.size() == 1);
  CHECK(split_steps<graph>(p, {2, work / 2}).steps.size() == 2);
  CHECK(split_steps<graph>(p, {8, 4 * work / 5}).steps.size() == 1);
  CHECK(split_steps<graph>(p, {8, 3 * work / 5}).steps.size() == 2);
  CHECK(split_steps<graph>(p, {1, 0}).steps.size() == 1);
}

TEST_CASE("parts of equal extents share a structure") {
  network n({64, 32});
  auto const p = n.finish(apply<op::matmul>(n.b, "", {n.x(), n.weight({32, 64})}));
  CHECK(split_steps<graph>(p, {4, 0}).structures.size() == 1);
  CHECK(split_steps<graph>(p, {3, 0}).structures.size() == 2);
}

TEST_CASE("element operators are split along any axis, in place too") {
  network n({5, 200});
  auto y = apply<op::mul>(n.b, "", {n.x(), n.weight({5, 1})});
  y = apply<op::add>(n.b, "", {apply<op::tanh>(n.b, "", {y}), n.weight({200})});
  check_split(n.finish(y));

  network list({700});
  check_split(list.finish(apply<op::relu>(list.b, "", {list.x()})));

  network in_place({40, 32});
  auto z = apply<op::matmul>(in_place.b, "", {in_place.x(), in_place.weight({32, 32})});
  z = apply<op::softmax>(in_place.b, "", {apply<op::softmax>(in_place.b, "", {z})});
  check_split(in_place.finish(apply<op::tanh>(in_place.b, "", {z})));
}

TEST_CASE("copies and transpositions are split") {
  network n({3, 40, 50});
  auto const y = apply<op::transpose>(n.b, "", {n.x()}, {{"perm", {0, 2, 1}}});
  check_split(n.finish(y));
  network halves({6, 70});
  auto const both = apply<op::concat>(halves.b, "", {halves.x(), halves.x()}, {{"axis", 1}});
  check_split(halves.finish(both));
}

TEST_CASE("matrix products are split along batches, rows and whole panels") {
  network batch({5, 3, 8});
  check_split(batch.finish(apply<op::matmul>(batch.b, "", {batch.x(), batch.weight({5, 8, 7})})));
  network rows({40, 8});
  auto y = apply<op::gemm>(rows.b, "", {rows.x(), rows.weight({8, 9}), rows.weight({9})});
  check_split(rows.finish(apply<op::relu>(rows.b, "", {y})));
  network columns({1, 8});
  y = apply<op::gemm>(columns.b, "",
                      {columns.x(), columns.weight({8, 300}), columns.weight({300})});
  check_split(columns.finish(apply<op::add>(columns.b, "", {y, columns.weight({300})})));
  network unpacked({40, 70});
  auto const t = apply<op::transpose>(unpacked.b, "", {unpacked.x()});
  check_split(unpacked.finish(apply<op::matmul>(unpacked.b, "", {t, unpacked.x()})));
}

TEST_CASE("columns are not split where other sums would be computed, or whole rows are needed") {
  network few({1, 8});
  auto const p = few.finish(apply<op::matmul>(few.b, "", {few.x(), few.weight({8, 24})}));
  CHECK(parts_of_last(p, 2) == 1);
  network ending({1, 8});
  auto const y = apply<op::matmul>(ending.b, "", {ending.x(), ending.weight({8, 64})});
  auto const q = ending.finish(apply<op::softmax>(ending.b, "", {y}));
  REQUIRE(q.steps.size() == 1);
  CHECK(parts_of_last(q, 2) == 1);
  network many({12, 8});
  auto const z = apply<op::matmul>(many.b, "", {many.x(), many.weight({8, 64})});
  auto const r = many.finish(apply<op::softmax>(many.b, "", {z}));
  REQUIRE(r.steps.size() == 1);
  check_split(r);
}

namespace {
/// A convolution of an image of c channels by o filters, and what `attributes` say.
program convolution_of(shape const& x, shape const& weights,
                       std::initializer_list<named_attribute> attributes, bool has_pool = false) {
  network n(x);
  auto y = apply<op::conv>(n.b, "", {n.x(), n.weight(weights), n.weight({weights[0]})}, attributes);
  y = apply<op::relu>(n.b, "", {y});
  if (has_pool) {
    y = apply<op::max_pool>(n.b, "", {y}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
  }
  return n.finish(y);
}
}  // namespace

TEST_CASE("convolutions are split along images, channels, groups, rows and columns") {
  check_split(convolution_of({9, 2, 6, 6}, {3, 2, 3, 3}, {}), 0);
  check_split(convolution_of({1, 8, 5, 5}, {80, 8, 3, 3}, {{"pads", {1, 1, 1, 1}}}), 5);
  check_split(convolution_of({1, 12, 7, 7}, {24, 2, 3, 3}, {{"group", 6}}), 0);
  check_split(convolution_of({1, 2, 19, 11}, {3, 2, 3, 3}, {{"strides", {2, 2}}}), 0);
  check_split(convolution_of({1, 3, 24, 24}, {8, 3, 3, 3}, {}, true), 0);
  check_split(convolution_of({1, 16, 9, 9}, {16, 16, 1, 1}, {}), 0);
  check_split(convolution_of({1, 3, 40}, {3, 3, 4}, {{"dilations", {2}}}), 0);
}

TEST_CASE("rows of an image with padding, whose windows hang over it, are split") {
  network n({1, 3, 17, 12});
  auto y = apply<op::conv>(n.b, "", {n.x(), n.weight({4, 3, 5, 3})},
                           {{"pads", {2, 1, 2, 1}}, {"strides", {2, 1}}});
  n.b.output(y, "y");
  lower_options how;
  how.fuses = false;
  auto const p = lower(infer_types(verify(n.b.finish())), how);
  REQUIRE(!p.failure);
  check_split(p, static_cast<std::uint32_t>(p.steps.size() - 1));
}

TEST_CASE("depthwise convolutions stay depthwise") {
  check_split(convolution_of({1, 70, 5, 5}, {70, 1, 3, 3}, {{"group", 70}}));
  check_split(convolution_of({1, 40, 3, 3}, {80, 1, 3, 3}, {{"group", 40}}), 0);
  // 17 groups would leave one alone, whose weights are packed in another way.
  auto const p = convolution_of({1, 17, 3, 3}, {17, 1, 3, 3}, {{"group", 17}});
  CHECK(parts_of_last(p, 2) == 1);
}

TEST_CASE("transposed convolutions are split along channels and groups") {
  network n({1, 4, 5, 5});
  check_split(n.finish(
      apply<op::conv_transpose>(n.b, "", {n.x(), n.weight({4, 40, 3, 3})}, {{"strides", {2, 2}}})));
  network groups({1, 6, 5, 5});
  check_split(groups.finish(apply<op::conv_transpose>(
      groups.b, "", {groups.x(), groups.weight({6, 2, 3, 3})}, {{"group", 3}})));
}

TEST_CASE("poolings are split along channels and rows") {
  network largest({1, 1, 19, 9});
  check_split(largest.finish(apply<op::max_pool>(
      largest.b, "", {largest.x()},
      {{"kernel_shape", {3, 3}}, {"strides", {2, 1}}, {"pads", {1, 1, 1, 1}}})));
  network average({1, 1, 19, 9});
  check_split(average.finish(apply<op::average_pool>(
      average.b, "", {average.x()}, {{"kernel_shape", {3, 3}}, {"pads", {1, 1, 1, 1}}})));
  network counted({1, 9, 3, 3});
  check_split(counted.finish(apply<op::average_pool>(
      counted.b, "", {counted.x()},
      {{"kernel_shape", {3, 3}}, {"pads", {1, 1, 1, 1}}, {"count_include_pad", 1}})));
  network global({1, 9, 5, 5});
  check_split(global.finish(apply<op::global_average_pool>(global.b, "", {global.x()})));
}

TEST_CASE("reductions are split along what is kept") {
  auto const reduced = [](shape const& x, std::initializer_list<std::int64_t> axes) {
    network n(x);
    auto y = apply<op::reduce_mean>(n.b, "", {n.x(), n.integers(axes)}, {{"keepdims", 0}});
    return n.finish(apply<op::tanh>(n.b, "", {y}));
  };
  check_split(reduced({9, 40}, {1}));
  check_split(reduced({9, 140}, {0}));
  check_split(reduced({5, 4, 3, 6}, {1, 3}));
  check_split(reduced({5, 4, 3, 6}, {2}));
  CHECK(parts_of_last(reduced({50}, {0}), 2) == 1);
}

TEST_CASE("normalizations and softmax are split along rows or channels") {
  network soft({9, 20});
  check_split(soft.finish(apply<op::log_softmax>(soft.b, "", {soft.x()})));
  network columns({9, 20, 3});
  check_split(columns.finish(apply<op::softmax>(columns.b, "", {columns.x()}, {{"axis", 1}})));
  network layer({9, 20});
  check_split(layer.finish(
      apply<op::layer_norm>(layer.b, "", {layer.x(), layer.weight({20}), layer.weight({20})})));
  network root({9, 20});
  check_split(root.finish(apply<op::rms_norm>(root.b, "", {root.x(), root.weight({20})})));
  network group({1, 18, 5, 5});
  check_split(group.finish(apply<op::group_norm>(
      group.b, "", {group.x(), group.weight({18}), group.weight({18})}, {{"num_groups", 9}})));
  network instance({1, 9, 5, 5});
  check_split(instance.finish(apply<op::instance_norm>(
      instance.b, "", {instance.x(), instance.weight({9}), instance.weight({9})})));
  // The variance is computed first, in one part.
  network channel({1, 9, 5, 5});
  auto const variance = apply<op::exp>(channel.b, "", {channel.weight({9})});
  auto const normal = apply<op::batch_normalization>(
      channel.b, "",
      {channel.x(), channel.weight({9}), channel.weight({9}), channel.weight({9}), variance});
  check_split(channel.finish(normal), 1);
}

TEST_CASE("rows are gathered in parts, along any of the three axes") {
  auto const gathered = [](shape const& x, std::int64_t axis) {
    network n(x);
    auto const indices = n.integers({2, 0, 1, -1, 2, 1, 1, 0, 2});
    return n.finish(apply<op::gather>(n.b, "", {n.x(), indices}, {{"axis", axis}}));
  };
  check_split(gathered({3, 4}, 0));
  check_split(gathered({20, 3}, 1));
  check_split(gathered({2, 3, 160}, 1));
}
