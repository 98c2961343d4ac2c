// Passes change graphs, never results.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>
#include <vector>

#include "inlay/graph/verify.hpp"
#include "inlay/pass/optimize.hpp"
#include "inlay/program/interpret-inl.hpp"
#include "inlay/program/lower.hpp"
#include "random_graphs.hpp"

namespace {
using namespace inlay_test;

/// The bytes of all outputs of a graph whose types are known.
std::vector<std::vector<float>> run(graph const& g) {
  auto const p = lower(g);
  REQUIRE(p.failure.text.view() == "");
  static constexpr float zero = 0;
  float x[36];
  for (int i = 0; i < 36; ++i) x[i] = i % 7 == 0 ? -zero : static_cast<float>(i % 11 - 5) * 0.37f;
  std::int32_t const n[] = {-7, 0, 3, std::numeric_limits<std::int32_t>::max()};
  void const* const inputs[] = {x, n};
  // Four bytes an element, whatever they mean.
  std::vector<std::vector<float>> outputs;
  std::vector<void*> pointers;
  for (auto const& port : p.outputs) {
    outputs.emplace_back(static_cast<std::size_t>(elements_of(port.type.shape)));
  }
  for (auto& y : outputs) pointers.push_back(y.data());
  interpret(p, inputs, pointers);
  return outputs;
}

bool equal_bits(std::vector<float> const& a, std::vector<float> const& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// Within 4 units in the last place of the largest; numbers are what they are compared as.
bool near(std::vector<float> const& a, std::vector<float> const& b) {
  if (a.size() != b.size()) return false;
  float largest = 0;
  for (auto const x : a) largest = std::max(largest, std::abs(x));
  auto const unit = std::nextafter(largest, std::numeric_limits<float>::infinity()) - largest;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::abs(a[i] - b[i]) > 4 * unit) return false;
  }
  return true;
}

constexpr int longest = 24;

}  // namespace

TEST_CASE("after each pass, random graphs give the same bits") {
  int folded = 0;
  int nodes_before = 0;
  int nodes_after = 0;
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    auto g = graph_maker(seed).make(1 + static_cast<int>(seed) % longest);
    REQUIRE(g.failure.text.view() == "");
    nodes_before += static_cast<int>(g.nodes.size());
    auto expected = run(g);
    each_pass([&](std::string_view name, auto pass) {
      auto const before = g.nodes.size();
      g = verify(pass(std::move(g)));
      CAPTURE(name.data());
      REQUIRE(g.failure.text.view() == "");
      auto const results = run(g);
      REQUIRE(results.size() == expected.size());
      bool const is_exact = name != "fold_batch_norm" || before == g.nodes.size();
      folded += is_exact ? 0 : 1;
      for (std::size_t i = 0; i < results.size(); ++i) {
        if (is_exact) CHECK(equal_bits(results[i], expected[i]));
        else CHECK(near(results[i], expected[i]));
      }
      // What rounds otherwise from here on is the reference of what follows.
      if (!is_exact) expected = results;
    });
    nodes_after += static_cast<int>(g.nodes.size());
  }
  // The graphs have something for each pass to do.
  CHECK(folded > 10);
  CHECK(nodes_after < nodes_before * 2 / 3);
}

namespace {

// In constant expressions the passes leave fewer nodes as well, and never a graph that is none.
constexpr bool optimizes(std::uint32_t seed) {
  auto const g = graph_maker(seed).make(5);
  auto const nodes = g.nodes.size();
  auto const after = verify(optimize(g));
  return !g.failure && !after.failure && after.nodes.size() <= nodes &&
         after.outputs.size() == g.outputs.size();
}
static_assert(optimizes(1) && optimizes(2) && optimizes(3));
static_assert(optimizes(4) && optimizes(5) && optimizes(6));

}  // namespace
