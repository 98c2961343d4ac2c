// Steps that write over an input which dies with them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/program/in_place.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "inlay/graph/verify.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/program/interpret-inl.hpp"
#include "inlay/program/lower.hpp"

namespace {
using namespace inlay;

constexpr auto f = element_type::float32;

constexpr program lowered(builder& b, bool fuses = false) {
  lower_options how;
  how.fuses = fuses;
  return lower(infer_types(verify(b.finish())), how);
}
constexpr location const& place_of(program const& p, std::size_t step, std::uint32_t operand) {
  return p.locations[p.steps[step].locations.first + operand];
}
/// Whether a step writes where its input lies.
constexpr bool is_in_place(program const& p, std::size_t step, std::uint32_t operand = 0) {
  auto const& from = place_of(p, step, operand);
  auto const& to = place_of(p, step, p.steps[step].locations.count - 1);
  return from.where == place::arena && to.where == place::arena && from.offset == to.offset;
}

/// x [4, 8] of the caller, a matrix product, what `then` makes of that, another product.
template <class Then> constexpr program between_products(Then const& then) {
  builder b;
  auto const x = b.input("x", {f, {4, 8}});
  auto const w = b.input("w", {f, {8, 8}});
  auto const a = apply<op::matmul>(b, "", {x, w});
  b.output(apply<op::matmul>(b, "", {then(b, a), w}), "y");
  return lowered(b);
}

constexpr auto relu_of = [](builder& b, value_id a) { return apply<op::relu>(b, "", {a}); };
constexpr auto rows_of = [](builder& b, value_id a) {
  return apply<op::softmax>(b, "", {a}, {{"axis", 1}});
};
constexpr auto columns_of = [](builder& b, value_id a) {
  return apply<op::softmax>(b, "", {a}, {{"axis", 0}});
};
constexpr auto twice = [](builder& b, value_id a) { return apply<op::add>(b, "", {a, a}); };
constexpr auto normal_of = [](builder& b, value_id a) {
  auto const one = b.constant<float>("one", {8}, {1.f, 1.f, 1.f, 1.f, 1.f, 1.f, 1.f, 1.f});
  return apply<op::layer_norm>(b, "", {a, one});
};
constexpr auto transposed = [](builder& b, value_id a) {
  auto const flipped = apply<op::transpose>(b, "", {a});
  return apply<op::transpose>(b, "", {flipped});
};

static_assert(is_in_place(between_products(relu_of), 1));
static_assert(between_products(relu_of).arena_bytes == 128);
static_assert(is_in_place(between_products(rows_of), 1));
static_assert(is_in_place(between_products(normal_of), 1));
static_assert(is_in_place(between_products(twice), 1) &&
              is_in_place(between_products(twice), 1, 1));
// A vector of columns may be computed twice, a product of others all the time.
static_assert(!is_in_place(between_products(columns_of), 1));
static_assert(!is_in_place(between_products(transposed), 1));

// What is read later stays: a + softmax(relu(a)).
constexpr auto later = [](builder& b, value_id a) {
  auto const r = apply<op::relu>(b, "", {a});
  auto const s = apply<op::softmax>(b, "", {r}, {{"axis", 1}});
  return apply<op::add>(b, "", {s, a});
};
static_assert(!is_in_place(between_products(later), 1) && is_in_place(between_products(later), 2) &&
              is_in_place(between_products(later), 3));
static_assert(between_products(later).arena_bytes == 256);

// Of two inputs it takes the one that has its shape.
constexpr auto broadcast = [](builder& b, value_id a) {
  auto const row = apply<op::reduce_sum>(b, "", {a}, {{"keepdims", 1}});
  return apply<op::add>(b, "", {row, a});
};
constexpr bool takes_the_larger_input() {
  auto const p = between_products(broadcast);
  return p.steps.size() == 4 && !is_in_place(p, 2, 0) && is_in_place(p, 2, 1);
}
static_assert(takes_the_larger_input());

// The caller's memory is not written, and an output is where the caller reads it.
constexpr bool leaves_the_caller_alone() {
  builder b;
  auto const x = b.input("x", {f, {16}});
  auto const a = apply<op::relu>(b, "", {x});
  b.output(apply<op::softmax>(b, "", {a}), "y");
  auto const p = lowered(b);
  return p.steps.size() == 2 && place_of(p, 0, 0).where == place::input &&
         place_of(p, 0, 1).where == place::arena && place_of(p, 1, 1).where == place::output;
}
static_assert(leaves_the_caller_alone());

// An element operator with links reads other tensors, too; a kernel's epilogue stays apart from
// them, for its tiles overlap.
constexpr bool others_of_element_operators() {
  builder b;
  auto const x = b.input("x", {f, {4, 8}});
  auto const w = b.input("w", {f, {8, 8}});
  auto const a = apply<op::matmul>(b, "", {x, w});
  auto const m = apply<op::matmul>(b, "", {a, w});
  // A view: the sum is no link of the softmax.
  auto const c = apply<op::flatten>(b, "", {apply<op::softmax>(b, "", {m}, {{"axis", 0}})});
  auto const r = apply<op::relu>(b, "", {a});
  auto const d = apply<op::matmul>(b, "", {apply<op::add>(b, "", {r, c}), w});
  auto const e = apply<op::matmul>(b, "", {a, w});
  b.output(apply<op::add>(b, "", {d, e}), "y");
  auto const p = lowered(b, true);
  return p.steps.size() == 6 && p.structures[p.steps[3].structure].links.count == 1 &&
         !is_in_place(p, 3, 0) && is_in_place(p, 3, 1);
}
static_assert(others_of_element_operators());
constexpr bool others_of_products() {
  builder b;
  auto const x = b.input("x", {f, {4, 8}});
  auto const w = b.input("w", {f, {8, 8}});
  auto const a = apply<op::matmul>(b, "", {x, w});
  auto const c = apply<op::add>(b, "", {apply<op::matmul>(b, "", {x, w}), a});
  b.output(apply<op::matmul>(b, "", {c, w}), "y");
  auto const p = lowered(b, true);
  return p.steps.size() == 3 && p.structures[p.steps[1].structure].links.count == 1 &&
         !is_in_place(p, 1, 3);
}
static_assert(others_of_products());

/// a = relu(x), then conv(a) and conv(a + a), the latter with another window: whether the sum is in
/// place.
constexpr bool sum_is_in_place(std::int64_t window) {
  builder b;
  auto const x = b.input("x", {f, {1, 2, 6, 6}});
  auto const one = b.input("one", {f, {2, 2, 1, 1}});
  auto const three = b.input("three", {f, {2, 2, 3, 3}});
  auto const w = b.input("w", {f, {2, 2, window, window}});
  auto const padding = window / 2;
  auto const pixels = apply<op::conv>(b, "", {x, one});
  auto const a = apply<op::relu>(b, "", {pixels});
  auto const c = apply<op::conv>(b, "", {a, three}, {{"pads", {1, 1, 1, 1}}});
  auto const d = apply<op::add>(b, "", {a, a});
  auto const e = apply<op::conv>(b, "", {d, w}, {{"pads", {padding, padding, padding, padding}}});
  b.output(apply<op::add>(b, "", {c, e}), "y");
  auto const p = lowered(b);
  for (std::size_t i = 0; i < p.steps.size(); ++i) {
    if (p.structures[p.steps[i].structure].op == id_of<op::add>) return is_in_place(p, i);
  }
  return false;
}
// Both images have a border of one pixel, or one of them has two.
static_assert(sum_is_in_place(3) && !sum_is_in_place(5));

/// A network, and what it computes: of a plain one every value is an output, so that nothing can be
/// in place.
template <class Build>
std::vector<float> compute(Build const& build, bool is_plain, bool fuses, int& in_place) {
  builder b;
  std::vector<value_id> values;
  auto const x = b.input("x", {f, build.input()});
  build(b, x, [&](value_id id) {
    values.push_back(id);
    return id;
  });
  for (auto const id : values) {
    if (is_plain && id != values.back()) b.output(id);
  }
  b.output(values.back());
  auto const p = lowered(b, fuses);
  REQUIRE_MESSAGE(!p.failure, std::string(std::string_view(p.failure.text.view())));
  for (std::size_t i = 0; i < p.steps.size(); ++i) {
    for (std::uint32_t k = 0; k + 1 < p.steps[i].locations.count; ++k) {
      in_place += is_in_place(p, i, k);
    }
  }
  std::vector<float> numbers(static_cast<std::size_t>(elements_of(build.input())));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = static_cast<float>(i * 37 % 101) / 16 - 3;
  }
  void const* const inputs[] = {numbers.data()};
  std::vector<std::vector<float>> memory;
  std::vector<void*> outputs;
  for (auto const& port : p.outputs) {
    memory.emplace_back(static_cast<std::size_t>(elements_of(port.type.shape)), 77.0f);
    outputs.push_back(memory.back().data());
  }
  interpret(p, inputs, {outputs.data(), outputs.size()});
  return memory.back();
}

template <class Build> void check_same_bits(Build const& build) {
  int in_plain = 0;
  int in_place = 0;
  auto const wanted = compute(build, true, false, in_plain);
  for (bool const fuses : {false, true}) {
    auto const found = compute(build, false, fuses, in_place);
    REQUIRE(found.size() == wanted.size());
    CHECK(std::memcmp(found.data(), wanted.data(), wanted.size() * sizeof(float)) == 0);
  }
  CHECK(in_plain == 0);
  CHECK(in_place > 0);
}

/// Rows of n elements through all that works in place.
struct row_network {
  std::int64_t n;

  shape input() const { return {3, n}; }
  template <class Keep> void operator()(builder& b, value_id x, Keep const& keep) const {
    std::vector<float> const ones(static_cast<std::size_t>(n), 1.25f);
    auto const scale = b.constant("scale", {n}, span<float const>(ones.data(), ones.size()));
    auto const a = keep(apply<op::relu>(b, "", {x}));
    auto const c = keep(apply<op::softmax>(b, "", {a}));
    auto const d = keep(apply<op::add>(b, "", {c, x}));
    auto const e = keep(apply<op::layer_norm>(b, "", {d, scale, scale}));
    auto const g = keep(apply<op::log_softmax>(b, "", {e}));
    auto const h = keep(apply<op::add>(b, "", {g, g}));
    auto const i = keep(apply<op::rms_norm>(b, "", {h, scale}));
    keep(apply<op::softmax>(b, "", {i}, {{"axis", 0}}));
  }
};

/// Images with borders: two that have the same one, and some that have none.
struct image_network {
  std::int64_t n;

  shape input() const { return {1, 3, n, n}; }
  template <class Keep> void operator()(builder& b, value_id x, Keep const& keep) const {
    std::vector<float> weights(3 * 3 * 3 * 3);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] = static_cast<float>(i * 29 % 31) / 64 - 0.25f;
    }
    auto const w = b.constant("w", {3, 3, 3, 3}, span<float const>(weights.data(), weights.size()));
    auto const ones = b.constant<float>("ones", {3}, {1.f, 0.5f, 2.f});
    auto const conv = [&](value_id from) {
      return keep(apply<op::conv>(b, "", {from, w}, {{"pads", {1, 1, 1, 1}}}));
    };
    auto const normal = keep(apply<op::batch_normalization>(b, "", {x, ones, ones, ones, ones}));
    auto const group =
        keep(apply<op::group_norm>(b, "", {normal, ones, ones}, {{"num_groups", 3}}));
    auto const a = keep(apply<op::relu>(b, "", {conv(group)}));
    auto const c = conv(a);
    auto const d = keep(apply<op::add>(b, "", {a, a}));
    auto const e = conv(d);
    auto const g = keep(apply<op::add>(b, "", {c, e}));
    auto const h = keep(apply<op::relu>(b, "", {g}));
    keep(apply<op::add>(b, "", {conv(h), h}));
  }
};

}  // namespace

TEST_CASE("what is computed in place has the bits of what is not, for rows of 1 to 70 elements") {
  for (std::int64_t n = 1; n <= 70; ++n) {
    CAPTURE(n);
    check_same_bits(row_network{n});
  }
}

TEST_CASE("images of the same border are computed in place, and their borders stay zeros") {
  for (std::int64_t const n : {1, 2, 3, 7, 16, 17}) {
    CAPTURE(n);
    check_same_bits(image_network{n});
  }
}

TEST_CASE("an arena that is too large names the step that has the most, and the largest tensors") {
  builder b;
  auto const x = b.input("x", {f, {4, 8}});
  auto const w = b.input("w", {f, {8, 1000}});
  auto const v = b.input("v", {f, {1000, 8}});
  auto const a = apply<op::matmul>(b, "first", {x, w});
  auto const c = apply<op::softmax>(b, "", {a}, {{"axis", 0}});
  b.output(apply<op::matmul>(b, "last", {c, v}), "y");
  auto const g = infer_types(verify(b.finish()));
  lower_options how;
  how.most_arena_bytes = 2 * 16'000;
  CHECK(lower(g, how).arena_bytes == 2 * 16'000);
  how.most_arena_bytes = 31'999;
  auto const p = lower(g, how);
  CHECK(p.failure.broken == rule::the_arena_must_fit_in_memory);
  CHECK(p.failure.text.view() ==
        "the tensors between the layers need 32000 bytes; at most 31999 are allowed. "
        "node 1 (Softmax) has the most, 32000: 16000 of node 0 'first' (MatMul), "
        "16000 of node 1 (Softmax)");
}
