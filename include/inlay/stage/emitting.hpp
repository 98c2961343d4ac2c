// The stage that writes the code of a kernel, an instruction a line.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/stage/emitting/products.hpp"
#include "inlay/stage/stage.hpp"

namespace inlay::inline INLAY_VERSION {

/// Writes through an `emitter`. Indices, extents and strides are known while the code is written,
/// or only to the code.
class emitting : public emitting_products {
 public:
  using emitting_products::emitting_products;
  template <class T> using vec = emitted_vector<computed_type<T>>;
  template <class T> using mask = emitted_mask;
  template <class T> static constexpr int width = emitted_width<T>;
  template <class T> using lanes = full<width<T>, index>;
  /// Of 64 bytes.
  static constexpr int registers = 32;
  static constexpr bool same_bits = true;

  // Indices.

  static index divide_up(index a, index b) { return (larger(a, 0) + (b - 1)) / b; }
  static index smaller(index a, index b) { return index::smaller(a, b); }
  static index larger(index a, index b) { return index::larger(a, b); }
  static std::int64_t known(index i, std::int64_t otherwise) {
    return i.is_known() ? i.constant : otherwise;
  }
  template <int Lanes> static full<Lanes, index> shift(full<Lanes, index> j, index by) {
    return {j.at + by};
  }
  template <int Lanes> static partial<Lanes, index> shift(partial<Lanes, index> j, index by) {
    return {j.at + by, j.count};
  }
  template <class T, bool Whole> static auto lanes_from(index at, index end) {
    if constexpr (Whole || width<T> == 1) {
      return lanes<T>{at};
    } else {
      return partial<width<T>, index>{at, smaller(larger(end - at, 0), width<T>)};
    }
  }

  // Control.

  template <class Body> void loop(index n, Body&& body) {
    if (n.most <= 0) return;
    if (n.is_known() && n.constant == 1) return static_cast<void>(body(index{0}));
    bool const runs_once = n.least > 0;
    auto const i = to().begin_loop(to().index(0), n.in(to()), runs_once, {});
    body(index(to(), i, 0, below(n)));
    to().end_loop({});
  }
  template <class Body> void loop_nest(emitted_numbers const& extents, int axes, Body&& body) {
    index at[max_rank];
    nest(extents, axes, 0, at, body);
  }
  template <class Body> void loop_tiles(index n, index size, Body&& body) {
    auto const last = n - size;
    loop(divide_up(n, size), [&](index tile) { body(smaller(tile * size, last)); });
  }
  template <class T, class Body> void loop_lanes(index n, Body&& body) {
    constexpr int step = width<T>;
    auto const whole = n / step;
    loop(whole, [&](index i) { body(full<step, index>{i * step}); });
    if constexpr (step > 1) {
      auto const first = whole * step;
      if_at_most(1, n - first, [&](auto are_some) {
        if constexpr (are_some.value) body(partial<step, index>{first, n - first});
      });
    }
  }
  template <class Body> auto if_at_most(index a, index b, Body&& body) {
    using result = decltype(body(std::true_type{}));
    if (a.most <= b.least) return body(std::true_type{});
    if (a.least > b.most) return body(std::false_type{});
    to().begin_if_at_most(a.in(to()), b.in(to()));
    if constexpr (std::is_void_v<result>) {
      body(std::true_type{});
      to().begin_else();
      body(std::false_type{});
      to().end_if({}, {});
    } else {
      result then = body(std::true_type{});
      to().begin_else();
      result const otherwise = body(std::false_type{});
      values results(then);
      values const others(otherwise);
      to().end_if(results.all(), others.all());
      results.give(then);
      return then;
    }
  }
  /// The choice of what a() computes, where that is wanted anywhere.
  template <class A, class V> V select_rare(emitted_mask const& m, A const& a, V const& b) {
    index const is_any(to(), to().any(m.value), 0, 1);
    return if_at_most(1, is_any, [&](auto is_wanted) {
      if constexpr (is_wanted.value) {
        V const rare = a();
        return select(m, rare, b);
      } else {
        return b;
      }
    });
  }
  template <class V, class Body> V fold(index begin, index end, V const& initial, Body&& body) {
    if (end.most <= begin.least) return initial;
    bool const is_known = begin.is_known() && end.is_known();
    if (is_known && end.constant == begin.constant + 1) return body(begin, initial);
    values carried(initial);
    auto const i =
        to().begin_loop(begin.in(to()), end.in(to()), begin.most < end.least, carried.all());
    V before = initial;
    carried.give(before);
    V after = body(index(to(), i, begin.least, below(end)), before);
    values next(after);
    to().end_loop(next.all());
    next.give(after);
    return after;
  }
  template <class T, class Identity, class At, class Combine>
  vec<T> reduce_lanes(index n, Identity const& identity, At&& at, Combine&& combine) {
    constexpr int step = width<T> < reduction_lanes ? width<T> : reduction_lanes;
    constexpr int count = reduction_lanes / step;
    lane_vectors<vec<T>, count> all;
    for (auto& x : all.at) {
      x = splat<std::remove_const_t<T>, narrow<T, step>>(static_cast<T>(identity));
    }
    auto const blocks = n / reduction_lanes;
    all = fold(0, blocks, all, [&](index block, auto lane) {
      for (int v = 0; v < count; ++v) {
        auto const x = at(full<step, index>{block * reduction_lanes + v * step});
        lane.at[v] = combine(lane.at[v], x);
      }
      return lane;
    });
    for (int v = 0; v < count; ++v) {
      auto const first = blocks * reduction_lanes + v * step;
      auto const left = smaller(larger(n - first, 0), step);
      if (left.is_known() && left.constant == 0) break;
      all.at[v] = combine_some<step>(all.at[v], first, left, at, combine);
    }
    for (int half = count / 2; half > 0; half /= 2) {
      for (int v = 0; v < half; ++v) all.at[v] = combine(all.at[v], all.at[v + half]);
    }
    auto total = all.at[0];
    for (int half = step / 2; half > 0; half /= 2) {
      auto const lower = lanes_of(total, 0, half, 1);
      auto const upper = lanes_of(total, half, half, 1);
      total = combine(lower, upper);
    }
    return lanes_of(total, 0, width<T>, 0);
  }

 private:
  /// The most that an index below `end` can be.
  static std::int64_t below(index end) { return end.most == INT64_MAX ? INT64_MAX : end.most - 1; }

  /// Vectors that a reduction carries.
  template <class V, int Count> struct lane_vectors {
    V at[Count];
  };

  /// The vectors that something is made of: itself, or the array `at`.
  class values {
   public:
    template <class T> explicit values(emitted_vector<T> const& v) : of_{v.value}, count_(1) {}
    template <class V>
      requires requires(V const& v) { v.at[0]; }
    explicit values(V const& v) : count_(std::extent_v<decltype(v.at)>) {
      static_assert(std::extent_v<decltype(v.at)> <= most);
      for (std::size_t i = 0; i < count_; ++i) of_[i] = v.at[i].value;
    }
    span<emitted> all() { return {of_, count_}; }
    span<emitted const> all() const { return {of_, count_}; }
    template <class T> void give(emitted_vector<T>& v) const { v.value = of_[0]; }
    template <class V>
      requires requires(V const& v) { v.at[0]; }
    void give(V& v) const {
      for (std::size_t i = 0; i < count_; ++i) v.at[i].value = of_[i];
    }

   private:
    static constexpr std::size_t most = 64;
    emitted of_[most]{};
    std::size_t count_;
  };

  template <class Body>
  void nest(emitted_numbers const& extents, int axes, int axis, index* at, Body const& body) {
    if (axis == axes) return static_cast<void>(body(static_cast<index const*>(at)));
    loop(extents[axis], [&](index i) {
      at[axis] = i;
      nest(extents, axes, axis + 1, at, body);
    });
  }
  /// Combines what is there of the elements from `first` on.
  template <int Step, class V, class At, class Combine>
  V combine_some(V const& before, index first, index left, At const& at, Combine const& combine) {
    if (left.is_known() && left.constant == Step) {
      auto const x = at(full<Step, index>{first});
      return combine(before, x);
    }
    auto const x = at(partial<Step, index>{first, left});
    auto const combined = combine(before, x);
    emitted_mask const is_there{to().first_lanes(Step, left.in(to())), Step};
    return select(is_there, combined, before);
  }
  template <class V> V lanes_of(V const& x, int first, int count, int step) {
    int numbers[64];
    for (int l = 0; l < count; ++l) numbers[l] = first + l * step;
    span<int const> const which(numbers, static_cast<std::size_t>(count));
    return {to().shuffle(x.value, x.value, which), count};
  }
};

static_assert(stage<emitting>);

}  // namespace inlay::inline INLAY_VERSION
