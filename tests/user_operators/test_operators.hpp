// Operators of a program, for the tests: of each kind one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <limits>

#include "inlay/op/operator.hpp"

namespace test {

/// y = x³.
struct cube : inlay::op::unary {
  static constexpr inlay::string_view name = "Cube";
  static constexpr inlay::string_view domain = "com.example";
  static constexpr int since = 2;
  using types = inlay::type_list<float, double, std::int32_t>;

  template <class T, inlay::stage S, class V> static constexpr V element(S& s, V const& x) {
    auto const square = s.multiply(x, x);
    return s.multiply(square, x);
  }
};

inline constexpr inlay::attribute_rule knee_attributes[] = {
    {"threshold", inlay::attribute_kind::real}, {"ratio", inlay::attribute_kind::real}};

/// Above a threshold the excess is divided by a ratio. It has the name of an operator of ONNX.
struct knee : inlay::op::unary {
  static constexpr inlay::string_view name = "Relu";
  static constexpr inlay::string_view domain = "com.example";
  static constexpr inlay::span<inlay::attribute_rule const> attributes = knee_attributes;
  using types = inlay::op::float_types;
  struct parameters {
    double threshold;
    double ratio;
  };

  static constexpr parameters read(auto const& n) {
    return {n.real("threshold", 1.0f), n.real("ratio", 2.0f)};
  }
  template <class T, inlay::stage S, class V>
  static constexpr V element(S& s, parameters const& p, V const& x) {
    auto const threshold = s.splat_like(x, static_cast<T>(p.threshold));
    auto const ratio = s.splat_like(x, static_cast<T>(p.ratio));
    auto const below = s.min(x, threshold);
    auto const excess = s.subtract(x, below);
    auto const reduced = s.divide(excess, ratio);
    return s.add(below, reduced);
  }
};

/// y[t,j] = x[t,j] + decay · y[t-1,j], from y[-1,j] = 0.
struct leaky_sum {
  static constexpr int inputs = 1;
  static constexpr bool works_in_place(inlay::shape const&) { return true; }
  double decay = 1;
};

/// *Order*: t ascending, fused.   *Shapes*: x and y [n, columns].
template <class T, class Memory, inlay::stage S>
INLAY_INLINE constexpr void run(S& s, leaky_sum const& k, inlay::tensor<T const, Memory> const& x,
                                inlay::tensor<T, Memory> const& y) {
  s.template loop_lanes<T>(x.extents[1], [&](auto j) INLAY_INLINE_LAMBDA {
    auto const decay = s.template splat<T>(static_cast<T>(k.decay));
    auto const zero = s.template splat<T>(T{0});
    typename S::index const first{0};
    s.fold(first, x.extents[0], zero, [&](auto t, auto before) INLAY_INLINE_LAMBDA {
      auto const now = s.load(x, t, j);
      auto const sum = s.fma(before, decay, now);
      s.store(y, t, j, sum);
      return sum;
    });
  });
}

inline constexpr inlay::attribute_rule decay_attributes[] = {
    {"decay", inlay::attribute_kind::real}};

/// That sum along the first axis.
struct integrate : inlay::op::unary {
  static constexpr inlay::string_view name = "Integrate";
  static constexpr inlay::string_view domain = "com.example";
  static constexpr inlay::span<inlay::attribute_rule const> attributes = decay_attributes;
  using types = inlay::op::float_types;
  using kernel = leaky_sum;

  static constexpr inlay::result<inlay::tensor_type> infer(auto const& n) {
    if (n.input_shape(0).size() > 0) return n.input(0);
    return inlay::make_error(inlay::rule::the_axis_must_be_within_the_rank,
                             "a single element has no axis to sum along");
  }
  static constexpr void lower(auto const& n, inlay::lowering& l) {
    auto const& x = l.inputs[0].extents;
    inlay::shape rows{1, 1};
    for (int i = 0; i < x.size(); ++i) rows[i == 0 ? 0 : 1] *= x[i];
    inlay::see_as(l.inputs[0], rows);
    inlay::see_as(l.outputs[0], rows);
    inlay::append_words(l.words, leaky_sum{n.real("decay", 1.0f)});
    l.multiply_adds = inlay::elements_of(rows);
  }
};

/// y[o,j] = x[o,j] minus the least of x[o,·]; element operators behind it are computed there.
struct above_least {
  static constexpr int inputs = 1;
  static constexpr bool takes_tape = true;
};

/// *Shapes*: x and y [outer, n].
template <class T, class Memory, inlay::stage S, class Results>
INLAY_INLINE constexpr void run(S& s, above_least const&, inlay::tensor<T const, Memory> const& x,
                                Results const& y) {
  auto const& to = results_to(y);
  s.loop(x.extents[0], [&](auto o) INLAY_INLINE_LAMBDA {
    auto const least = s.template reduce_lanes<T>(
        x.extents[1], std::numeric_limits<T>::infinity(),
        [&](auto j) INLAY_INLINE_LAMBDA { return s.load(x, o, j); },
        [&](auto const& p, auto const& q) INLAY_INLINE_LAMBDA { return s.min(p, q); });
    auto const row = to.seen([&](auto const& t) INLAY_INLINE_LAMBDA { return s.slice(t, &o, 1); });
    write_row(s, row, [&](auto j) INLAY_INLINE_LAMBDA {
      auto const element = s.load(x, o, j);
      return s.subtract(element, least);
    });
  });
}

/// That along the last axis.
struct lift : inlay::op::unary {
  static constexpr inlay::string_view name = "Lift";
  using types = inlay::op::float_types;
  using kernel = above_least;

  static constexpr void lower(auto const&, inlay::lowering& l) {
    auto const& x = l.inputs[0].extents;
    inlay::shape rows{1, 1};
    for (int i = 0; i < x.size(); ++i) rows[i + 1 < x.size() ? 0 : 1] *= x[i];
    inlay::see_as(l.inputs[0], rows);
    inlay::see_as(l.outputs[0], rows);
  }
};

}  // namespace test

namespace inlay {
using user_operators = operator_list<test::cube, test::knee, test::integrate, test::lift>;
}
