// Networks whose programs are compared with those of one step a node.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "inlay/graph/verify.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/program/interpret-inl.hpp"
#include "inlay/program/lower.hpp"

namespace inlay_test {
using namespace inlay;

inline constexpr auto f = element_type::float32;

/// Whole numbers and halves, both signs, of a linear congruential generator.
inline std::vector<float> numbers(std::int64_t count, std::uint32_t seed) {
  std::vector<float> all(static_cast<std::size_t>(count));
  for (auto& x : all) {
    seed = seed * 1664525u + 1013904223u;  // Numerical Recipes
    x = static_cast<float>(static_cast<std::int32_t>(seed) >> 24) / 16;
  }
  return all;
}

/// A graph whose nodes are to be computed together, and the values that it computes.
struct network {
  builder b;
  std::vector<value_id> values;
  std::uint32_t seed = 1;

  value_id constant(shape const& s) {
    auto const elements = numbers(elements_of(s), ++seed);
    return b.constant("", s, span<float const>(elements.data(), elements.size()));
  }
  value_id truths(shape const& s) {
    auto const count = static_cast<std::size_t>(elements_of(s));
    auto const elements = numbers(elements_of(s), ++seed);
    auto const are_positive = std::make_unique<bool[]>(count);
    for (std::size_t i = 0; i < count; ++i) are_positive[i] = elements[i] > 0;
    return b.constant("", s, span<bool const>(are_positive.get(), count));
  }
  template <class Operator>
  value_id add(std::initializer_list<value_id> inputs,
               std::initializer_list<named_attribute> attributes = {}) {
    values.push_back(apply<Operator>(b, "", inputs, attributes));
    return values.back();
  }
};

inline std::vector<std::vector<float>> outputs_of(program const& p) {
  std::vector<std::vector<float>> in;
  std::vector<std::vector<float>> out;
  std::vector<void const*> inputs;
  std::vector<void*> outputs;
  for (auto const& x : p.inputs) in.push_back(numbers(elements_of(x.type.shape), 77));
  for (auto const& y : p.outputs) out.emplace_back(elements_of(y.type.shape), 99.0f);
  for (auto const& x : in) inputs.push_back(x.data());
  for (auto& y : out) outputs.push_back(y.data());
  interpret(p, {inputs.data(), inputs.size()}, {outputs.data(), outputs.size()});
  return out;
}

/// The program of a network, and one in which a caller sees all values, so that each node is a step
/// that stores what it computes: both give the last value the same bits.
template <class Build> std::pair<program, program> programs_of(Build const& build) {
  network fused;
  build(fused);
  fused.b.output(fused.values.back());
  auto together = lower(infer_types(verify(fused.b.finish())));
  REQUIRE_FALSE(together.failure);

  network open;
  build(open);
  for (auto const id : open.values) open.b.output(id);
  auto apart = lower(infer_types(verify(open.b.finish())));
  REQUIRE_FALSE(apart.failure);

  auto const expected = outputs_of(apart).back();
  auto const computed = outputs_of(together).back();
  REQUIRE(computed.size() == expected.size());
  CHECK(std::memcmp(computed.data(), expected.data(), 4 * expected.size()) == 0);
  return {std::move(together), std::move(apart)};
}

}  // namespace inlay_test
