// A sound effect of operators that Inlay does not have: it runs as a constant of this program, and
// as a file that is loaded, interpreted and compiled, with the same bits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/execute/interpreter.hpp>
#include <inlay/frontend/expr.hpp>
#include <inlay/inlay.hpp>
#if defined(WITH_JIT)
#include <inlay/execute/jit.hpp>
#endif
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "my_operators.hpp"

namespace my {

inline constexpr inlay::expr::attribute_name rate{"rate"};

/// A composition: x, divided by how loud it has been where that is more than 1.
constexpr auto limit(auto x) {
  auto const envelope = apply<smooth>(abs(x), rate = 0.05f);
  return x / max(envelope, 1);
}

}  // namespace my

namespace {

constexpr int frames = 100;

constexpr auto net = inlay::network([](inlay::input<float, frames, 2> sound) {
  return apply<my::soft_clip>(my::limit(sound * 4));
});
// Mul, Abs, Smooth, and one loop over the elements for Max, Div and SoftClip.
static_assert(inlay::model<net>::steps == 4);

/// The same by hand.
void effect(float const (&sound)[frames][2], float (&clipped)[frames][2]) {
  for (int channel = 0; channel < 2; ++channel) {
    float envelope = 0;
    for (int t = 0; t < frames; ++t) {
      float const loud = sound[t][channel] * 4;
      envelope = std::fma(std::abs(loud) - envelope, 0.05f, envelope);
      float const limited = loud / std::max(envelope, 1.0f);
      float const within = std::max(std::min(limited, 1.0f), -1.0f);
      clipped[t][channel] = within * std::fma(-0.5f, within * within, 1.5f);
    }
  }
}

bool is_same(float const* y, float const (&expected)[frames][2], char const* who) {
  int same = 0;
  for (int i = 0; i < frames * 2; ++i) same += y[i] == expected[i / 2][i % 2] ? 1 : 0;
  std::printf("%s: %d of %d numbers are the same\n", who, same, frames * 2);
  return same == frames * 2;
}

bool is_same(inlay::result<inlay::interpreter::session> const& session,
             float const (&sound)[frames][2], float const (&expected)[frames][2], char const* who) {
  inlay::interpreter::context context;
  inlay::view<float const> const view(sound[0], {frames, 2});
  auto const outputs = session
                           ? session->run(context, {{"sound", view}})
                           : inlay::result<inlay::span<inlay::any_view const>>(session.failure());
  if (outputs) return is_same((*outputs)[0].elements<float>(), expected, who);
  auto const text = outputs.failure().text.view();
  std::fprintf(stderr, "%s: %.*s\n", who, static_cast<int>(text.size()), text.data());
  return false;
}

}  // namespace

int main() {
  float sound[frames][2];
  for (int t = 0; t < frames; ++t) {
    sound[t][0] = static_cast<float>(std::sin(0.1 * t));
    sound[t][1] = static_cast<float>(t % 10) / 10 - 0.5f;
  }
  float expected[frames][2];
  effect(sound, expected);

  inlay::model<net> const model;
  inlay::model<net>::context context;
  bool ok = is_same(model(context, sound).data(), expected, "constant");
  ok = is_same(inlay::interpreter::load(MODEL), sound, expected, "interpreter") && ok;
#if defined(WITH_JIT)
  ok = is_same(inlay::jit::load(MODEL), sound, expected, "compiler") && ok;
#endif
  return ok ? 0 : 1;
}
