// What every stage must compute, next to the scalar stage: between types, by choice and by bits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>

#include "inlay/core/small_types.hpp"
#include "stage_checks.hpp"

namespace inlay_test {

/// The suite. A stage that computes the fused multiply-add as two operations takes it too.
template <class S> class type_conformance : stage_checks<S> {
  using checks = stage_checks<S>;
  template <class T> static constexpr auto most = checks::template most<T>;
  using checks::fill;
  using checks::samples;

 public:
  template <class... T> static void run_choices(type_list<T...>) { (choices<T>(), ...); }
  template <class... T> static void run_bits(type_list<T...>) { (bits<T>(), ...); }
  template <class... To, class From> static void run_conversions(type_list<To...>, From from) {
    (conversions<To>(from), ...);
  }
  template <class... T> static void run_halves(type_list<T...>) { (half<T>(), ...); }
  template <class... T> static void run_memory(type_list<T...>) {
    (gathers<T>(), ...);
    (transposes<T>(), ...);
  }

  static void run_rounding() {
    auto const x = around<float>();
    auto const y = around<double>();
    auto const n = any_numbers<std::int32_t>(samples);
    checks::template check<float, bool>(
        "convert to bool", [](auto& s, auto const& a) { return s.template convert<bool>(a); },
        any_numbers<float>(samples));
    auto const to = [&]<class To>(To) {
      auto const round = [](auto& s, auto const& a) { return s.template round<To>(a); };
      checks::template check<float, To>("round", round, x);
      checks::template check<float, To>("round any", round, any_numbers<float>(samples));
      if constexpr (sizeof(To) < 4) {
        checks::template check<std::int32_t, To>(
            "saturate", [](auto& s, auto const& a) { return s.template saturate<To>(a); }, n);
      } else {
        checks::template check<double, To>("round", round, y);
      }
    };
    to(std::int8_t{}), to(std::uint8_t{}), to(std::int16_t{}), to(std::int32_t{});
  }

  static void run_products() {
    auto const bytes = [](std::size_t count, auto extreme) {
      auto x = any_numbers<decltype(extreme)>(count);
      std::fill(x.begin(), x.begin() + 24, extreme);
      return x;
    };
    auto const a = bytes(samples, std::uint8_t{255});
    auto const b = bytes(samples, std::int8_t{-128});
    auto const c = any_numbers<std::int32_t>(samples);
    int wrong = 0;
    for (std::size_t n = 0; n <= most<std::int32_t>; ++n) {
      guarded<std::uint8_t> const left(4 * n + 4, false);
      guarded<std::int8_t> const right(4 * n, false);
      guarded<std::int32_t> const sums(n, false);
      std::copy_n(a.begin(), 4 * n + 4, left.data());
      std::copy_n(b.begin(), 4 * n, right.data());
      fill(sums, c, n, 1);
      auto const wanted = products<scalar>(n, left.data(), right.data(), sums.data());
      auto const found = products<S>(n, left.data(), right.data(), sums.data());
      wrong += found != wanted;
    }
    CHECK(wrong == 0);
  }

 private:
  /// Numbers of every size around the range of the small integers, halves among them.
  template <class T> static std::vector<T> around() {
    auto x = small_numbers<T>(samples, 0x1p17);
    for (std::size_t i = 0; i < x.size(); i += 2) x[i] = std::floor(x[i] / 128) / 2;
    x.insert(x.begin(), {T(-0.5), T(0.5), T(1.5), T(127.5), T(-128.5), T(255.5), T(-0x1p31)});
    return x;
  }

  template <class T> static void choices() {
    auto const x = any_numbers<T>(samples);
    auto y = any_numbers<T>(samples - 3);
    for (std::size_t i = 0; i < y.size(); i += 2) y[i] = x[i * 3 % x.size()];
    checks::template check<T, T>(
        "select by comparisons",
        [](auto& s, auto const& a, auto const& b) {
          auto const is_less = s.less(a, b);
          auto const is_equal = s.equal(a, b);
          auto const is_at_most = s.less_or_equal(a, b);
          auto const three = s.template splat<T>(T(3));
          auto const four = s.template splat<T>(T(4));
          auto const first = s.select(is_less, a, three);
          auto const second = s.select(is_equal, four, first);
          return s.select(is_at_most, second, b);
        },
        x, y);
    checks::template check<T, bool>(
        "to_bools",
        [](auto& s, auto const& a, auto const& b) {
          auto const is_less = s.less(a, b);
          return s.to_bools(is_less);
        },
        x, y);
    checks::template check<T, T>(
        "select by bools",
        [](auto& s, auto const& c, auto const& a, auto const& b) {
          auto const is_chosen = s.is_true(c);
          return s.select(is_chosen, a, b);
        },
        truths(), x, y);
    if constexpr (std::floating_point<T>) {
      checks::template check<T, bool>(
          "is_nan",
          [](auto& s, auto const& a) {
            auto const is = s.is_nan(a);
            return s.to_bools(is);
          },
          x);
    }
  }
  static std::vector<bool> truths() {
    std::vector<bool> x;
    random_bits next;
    while (x.size() < samples) x.push_back(next() % 2 == 1);
    return x;
  }

  template <class T> static void bits() {
    auto const x = any_numbers<T>(samples);
    checks::template check<T, T>(
        "bits",
        [](auto& s, auto const& a, auto const& b) {
          auto const left = s.template shift_left<3>(a);
          auto const right = s.template shift_right<2>(b);
          auto const inverse = s.bit_not(b);
          auto const both = s.bit_and(right, a);
          auto const either = s.bit_or(both, inverse);
          return s.bit_xor(left, either);
        },
        x, x);
  }

  /// To `To` from each type.
  template <class To, class... From> static void conversions(type_list<From...>) {
    auto const convert = [](auto& s, auto const& a) { return s.template convert<To>(a); };
    auto const from = [&]<class T>(T) {
      using wider = std::conditional_t<(sizeof(T) > sizeof(To)), T, To>;
      checks::template check<wider, To>("convert", convert, any_numbers<T>(samples));
      if constexpr (std::floating_point<T>) {
        checks::template check<wider, To>("convert fractions", convert, around<T>());
      }
    };
    (from(From{}), ...);
    checks::template check<To, To>("convert bools", convert, truths());
  }

  /// All numbers of 16 bits, and for each the floats around it and around its upper end.
  template <class T> static void half() {
    CAPTURE(checks::template name<T>());
    constexpr std::size_t each = 6;
    std::vector<T> halves;
    std::vector<float> floats;
    for (unsigned i = 0; i < 0x10000; ++i) {
      halves.push_back(T::from_bits(static_cast<std::uint16_t>(i)));
      auto const x = static_cast<float>(halves.back());
      auto const next = static_cast<float>(T::from_bits(static_cast<std::uint16_t>(i + 1)));
      auto const middle = static_cast<float>((static_cast<double>(x) + next) / 2);
      for (auto const y : {x, middle}) {
        auto const bits = std::bit_cast<std::uint32_t>(y);
        for (unsigned const k : {0u, 1u, ~0u}) floats.push_back(std::bit_cast<float>(bits + k));
      }
    }
    auto const keep = [](auto&, auto const& x) { return x; };
    std::vector<float> widened(halves.size());
    std::vector<T> narrowed(floats.size());
    apply<T, S>(keep, static_cast<std::int64_t>(halves.size()), widened.data(),
                static_cast<T const*>(halves.data()));
    apply<T, S>(keep, static_cast<std::int64_t>(floats.size()), narrowed.data(),
                static_cast<float const*>(floats.data()));
    int wrong = 0;
    for (std::size_t i = 0; i < halves.size(); ++i) {
      wrong += !is_same(widened[i], static_cast<float>(halves[i]));
      for (std::size_t k = i * each; k < (i + 1) * each; ++k) {
        wrong += !is_same(narrowed[k], T(floats[k]));
      }
    }
    CHECK(wrong == 0);
    // In floats: what is stored is rounded, what is between is not.
    halves.resize(samples);
    checks::template check<T, T>(
        "sums", [](auto& stage, auto const& a, auto const& b) { return stage.add(a, b); }, halves,
        halves);
  }

  template <class T> static void gathers() {
    CAPTURE(checks::template name<T>());
    auto const x = any_numbers<T>(samples);
    int wrong = 0;
    auto const kernel = [](auto& s, auto count, auto const& t, auto const& at, auto const& y) {
      s.template loop_lanes<wider_than_index<T>>(count, [&](auto j) {
        auto const which = s.load(at, j);
        auto const elements = s.gather(t, which, j);
        s.store(y, j, elements);
      });
    };
    for (std::int64_t const step : {1, 3}) {
      for (std::size_t n = 1; n <= most<T>; ++n) {
        auto const count = static_cast<std::int64_t>(n);
        guarded<T> const from(static_cast<std::size_t>(step) * (n - 1) + 1, false);
        guarded<std::int32_t> const indices(n, true);
        guarded<T> const to(n, false);
        fill(from, x, static_cast<std::size_t>(step) * (n - 1) + 1, 1);
        for (std::size_t i = 0; i < n; ++i) {
          indices.data()[i] = static_cast<std::int32_t>(i * 7 % n);
        }
        tensor<T const> const t{from.data(), {count}, {step}};
        tensor<std::int32_t const> const at{indices.data(), {count}, {1}};
        stage_runner<S>::run(kernel, count, t, at, row_of(to.data()));
        for (std::size_t i = 0; i < n; ++i) {
          wrong += !is_same(to.data()[i], from.data()[i * 7 % n * static_cast<std::size_t>(step)]);
        }
      }
    }
    CHECK(wrong == 0);
  }
  template <class T> using wider_than_index = std::conditional_t<(sizeof(T) > 4), T, std::int32_t>;

  /// A block within a matrix, whose neighbours stay.
  template <class T> static void transposes() {
    CAPTURE(checks::template name<T>());
    constexpr std::int64_t rows = S::template block_rows<T>;
    constexpr std::int64_t columns = S::template block_columns<T>;
    for (std::int64_t const beside : {0, 3}) {
      auto const height = rows + beside;
      auto const width = columns + beside;
      auto const count = static_cast<std::size_t>(height * width);
      guarded<T> const from(count, false);
      guarded<T> const to(count, false);
      fill(from, any_numbers<T>(samples), count, 1);
      tensor<T const> const x{from.data(), {height, width}, {width, 1}};
      tensor<T> const y{to.data(), {width, height}, {height, 1}};
      auto const kernel = [](auto& s, auto at, auto const& from_here, auto const& to_there) {
        s.transpose_block(from_here, to_there, at, at);
      };
      stage_runner<S>::run(kernel, beside, x, y);
      int wrong = 0;
      for (std::int64_t i = 0; i < height; ++i) {
        for (std::int64_t j = 0; j < width; ++j) {
          auto const wanted = i < beside || j < beside ? T{} : from.data()[i * width + j];
          wrong += !is_same(to.data()[j * height + i], wanted);
        }
      }
      CHECK(wrong == 0);
    }
  }

  template <class Any>
  static std::vector<std::int32_t> products(std::size_t n, std::uint8_t const* a,
                                            std::int8_t const* b, std::int32_t const* c) {
    auto const count = static_cast<std::int64_t>(n);
    std::vector<std::int32_t> y(n);
    tensor<std::uint8_t const> const left{a, {count + 1, 4}, {4, 1}};
    tensor<std::int8_t const> const right{b, {count, 4}, {4, 1}};
    tensor<std::uint8_t const> const same{a, {1, 4}, {0, 1}};
    tensor<std::int32_t const> const sums{c, {count}, {1}};
    tensor<std::int32_t> const to{y.data(), {count}, {1}};
    auto const add = [](auto& s, auto size, auto const& from, auto const& by, auto const& start,
                        auto const& into) {
      s.template loop_lanes<std::int32_t>(size, [&](auto j) {
        auto const x = s.load_quads(from, j);
        auto const w = s.load_quads(by, j);
        auto const before = s.load(start, j);
        auto const sum = s.add_products(x, w, before);
        s.store(into, j, sum);
      });
    };
    stage_runner<Any>::run(add, count, left, right, sums, to);
    // The same four on the left for all, in both ways; and of every other element on the right.
    tensor<std::int32_t const> const again{y.data(), {count}, {1}};
    stage_runner<Any>::run(add, count, same, right, again, to);
    auto const add_broadcast = [](auto& s, auto size, auto const& from, auto const& by,
                                  auto const& start, auto const& into) {
      s.template loop_lanes<std::int32_t>(size, [&](auto j) {
        auto const x = s.broadcast_quads(from, 0);
        auto const w = s.load_quads(by, j);
        auto const before = s.load(start, j);
        auto const sum = s.add_products(x, w, before);
        s.store(into, j, sum);
      });
    };
    stage_runner<Any>::run(add_broadcast, count / 2, left,
                           tensor<std::int8_t const>{b, {count / 2, 4}, {8, 1}}, again, to);
    return y;
  }
};

}  // namespace inlay_test
