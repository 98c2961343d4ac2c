// Element operators of several types, as code: in constant expressions and with vectors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../stage/machine_stage.hpp"
//
#include <doctest/doctest.h>

#include "inlay/execute/model.hpp"
#include "networks.hpp"

namespace {
using namespace inlay_test;

/// y = x > 0 ? x : 0.5, toward zero; and whether x is one of the others.
template <std::int64_t Columns> constexpr graph build() {
  builder b("types", 18);
  auto const x = b.input("x", {float32, {2, Columns}});
  auto const zero = b.constant<float>("zero", {}, {0.0f});
  auto const half = b.constant<float>("half", {}, {0.5f});
  auto const is_above = apply<op::greater>(b, "", {x, zero});
  auto const chosen = apply<op::where>(b, "", {is_above, x, half});
  b.output(apply<op::cast>(b, "", {chosen}, {{"to", 7}}), "y");
  auto const not_a_number = apply<op::is_nan>(b, "", {x});
  auto const infinite = apply<op::is_inf>(b, "", {x}, {{"detect_negative", 0}});
  b.output(apply<op::logical_or>(b, "", {not_a_number, infinite}), "z");
  return b.finish();
}
inline constexpr auto small = [] { return build<3>(); };
inline constexpr auto large = [] { return build<21>(); };

// Each output is one step.
static_assert(inlay::model<small>::steps == 3);

constexpr bool runs_as_a_constant() {
  constexpr auto infinity = static_cast<float>(__builtin_inf());
  float const x[2][3] = {{1.5f, -2, 3e30f},
                         {static_cast<float>(__builtin_nan("")), 5.75f, infinity}};
  inlay::model<small> const net;
  inlay::model<small>::context context;
  auto const outputs = net(context, x);
  std::int64_t const y[] = {1, 0, INT64_MAX, 0, 5, INT64_MAX};
  bool const z[] = {false, false, false, true, false, true};
  for (int i = 0; i < 6; ++i) {
    if (get<0>(outputs).data()[i] != y[i] || get<1>(outputs).data()[i] != z[i]) return false;
  }
  return true;
}
static_assert(runs_as_a_constant());

}  // namespace

TEST_CASE("elements of several types at a time have the scalar stage's bits") {
  float x[2][21];
  for (int i = 0; i < 42; ++i) (&x[0][0])[i] = static_cast<float>(i * i - 300) / 7;
  x[1][20] = static_cast<float>(__builtin_inf());
  x[0][3] = -x[1][20];
  x[0][17] = static_cast<float>(__builtin_nan(""));
  inlay::model<large> const net;
  inlay::model<large>::context context;
  inlay::model<large, machine> const quick;
  inlay::model<large, machine>::context quick_context;
  auto const expected = net(context, x);
  auto const computed = quick(quick_context, x);
  for (int i = 0; i < 42; ++i) {
    CAPTURE(i);
    CHECK(get<0>(computed).data()[i] == get<0>(expected).data()[i]);
    CHECK(get<1>(computed).data()[i] == get<1>(expected).data()[i]);
  }
}
