// Two operators of this program, and a layer that is made of one of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <inlay/op/operator.hpp>

namespace my {

/// An element function: y = 1.5 x - 0.5 x³ between -1 and 1, and the same as there beyond.
struct soft_clip : inlay::op::unary {
  static constexpr inlay::string_view name = "SoftClip", domain = "com.example";
  using types = inlay::op::float_types;

  template <class T, inlay::stage S, class V> static constexpr V element(S& s, V const& x) {
    auto const most = s.splat_like(x, T{1});
    auto const least = s.splat_like(x, T{-1});
    auto const slope = s.splat_like(x, T(1.5));
    auto const bend = s.splat_like(x, T(-0.5));
    auto const below = s.min(x, most);
    auto const within = s.max(below, least);
    auto const square = s.multiply(within, within);
    auto const factor = s.fma(bend, square, slope);
    return s.multiply(within, factor);
  }
};

/// A kernel: y[t,j] = y[t-1,j] + rate · (x[t,j] - y[t-1,j]), from y[-1,j] = 0.
struct low_pass {
  static constexpr int inputs = 1;
  double rate = 1;
};
template <class T, class Memory, inlay::stage S>
constexpr void run(S& s, low_pass const& k, inlay::tensor<T const, Memory> const& x,
                   inlay::tensor<T, Memory> const& y) {
  s.template loop_lanes<T>(x.extents[1], [&](auto j) INLAY_INLINE_LAMBDA {
    auto const rate = s.template splat<T>(static_cast<T>(k.rate));
    auto const zero = s.template splat<T>(T{0});
    typename S::index const first{0};
    s.fold(first, x.extents[0], zero, [&](auto t, auto before) INLAY_INLINE_LAMBDA {
      auto const now = s.load(x, t, j);
      auto const change = s.subtract(now, before);
      auto const after = s.fma(change, rate, before);
      s.store(y, t, j, after);
      return after;
    });
  });
}

inline constexpr inlay::attribute_rule smooth_attributes[] = {
    {"rate", inlay::attribute_kind::real}};

/// Its operator: a low pass along the first axis, of all that lies behind it.
struct smooth : inlay::op::unary {
  static constexpr inlay::string_view name = "Smooth", domain = "com.example";
  static constexpr inlay::span<inlay::attribute_rule const> attributes = smooth_attributes;
  using types = inlay::op::float_types;
  using kernel = low_pass;

  static constexpr void lower(auto const& n, inlay::lowering& l) {
    auto const& x = l.inputs[0].extents;
    inlay::shape rows{1, 1};
    for (int i = 0; i < x.size(); ++i) rows[i == 0 ? 0 : 1] *= x[i];
    inlay::see_as(l.inputs[0], rows);
    inlay::see_as(l.outputs[0], rows);
    inlay::append_words(l.words, low_pass{n.real("rate", 1)});
  }
};

}  // namespace my

namespace inlay {
using user_operators = operator_list<my::soft_clip, my::smooth>;
}
