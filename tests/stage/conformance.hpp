// What every stage must compute, next to the scalar stage: each operation, on each type of element,
// over every number of elements up to three vectors and a rest, in memory with nothing beside it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "guarded.hpp"
#include "inlay/core/element_type.hpp"
#include "inlay/stage/scalar.hpp"

namespace inlay_test {

using namespace inlay;

/// Random bits, the same ones in every run.   *Source*: Knuth, MMIX.
class random_bits {
 public:
  std::uint64_t operator()() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return state_ ^ state_ >> 29;
  }

 private:
  std::uint64_t state_ = 1;
};

/// Whether two results are the same: bit by bit, but for what is not a number.
template <class T> bool is_same(T const& a, T const& b) {
  if constexpr (std::floating_point<T>) {
    if (a != a || b != b) return a != a && b != b;
  }
  return std::memcmp(&a, &b, sizeof(T)) == 0;
}

/// Numbers to compute with: what is special about the type, then random ones.
template <class T> std::vector<T> any_numbers(std::size_t count) {
  using limits = std::numeric_limits<T>;
  std::vector<T> x{T(0), T(1), limits::max(), limits::lowest(), limits::min(), T(3)};
  if constexpr (std::floating_point<T>) {
    for (T const y : {-T(0), T(-1), limits::infinity(), -limits::infinity(), limits::quiet_NaN(),
                      limits::denorm_min(), -limits::denorm_min(), limits::epsilon(),
                      1 + limits::epsilon(), T(0.5), T(-1.5), 2 / limits::epsilon()}) {
      x.push_back(y);
    }
  }
  random_bits next;
  while (x.size() < count) {
    auto const word = next();
    if constexpr (std::integral<T>) {
      x.push_back(static_cast<T>(word));
    } else if constexpr (sizeof(T) == 4) {
      x.push_back(std::bit_cast<T>(static_cast<std::uint32_t>(word)));
    } else {
      x.push_back(std::bit_cast<T>(word));
    }
  }
  return x;
}
/// Numbers within ±limit with a fraction.
template <class T> std::vector<T> small_numbers(std::size_t count, double limit) {
  random_bits next;
  std::vector<T> x;
  while (x.size() < count) {
    auto const part = static_cast<double>(next() >> 11) * 0x1p-52 - 1;
    // Halves too, which are rounded to even.
    auto const y = x.size() % 4 == 0 ? std::floor(part * limit) + 0.5 : part * limit;
    x.push_back(static_cast<T>(y > -limit && y < limit ? y : 0));
  }
  return x;
}

/// As a kernel: y[i] = f(s, x0[i], x1[i], …), over vectors of as many elements as one of `Lane`
/// has.
template <class Lane, class S, class F, class To, class... From>
void apply(S& s, F const& f, std::int64_t n, tensor<To> const& y, tensor<From const> const&... x) {
  s.template loop_lanes<Lane>(n, [&](auto j) {
    auto const arguments = pack{s.load(x, j)...};
    auto const result = apply_pack([&](auto const&... a) { return f(s, a...); }, arguments);
    s.store(y, j, result);
  });
}

/// The suite. `S::same_bits` says whether multiplying and adding rounds once.
template <class S> class conformance {
 public:
  template <class... T> static void run(type_list<T...>) { (run_type<T>(), ...); }

 private:
  // More than three vectors of any machine at hand, and a rest.
  template <class T> static constexpr std::size_t most = 3 * 64 / sizeof(T) + 5;
  static constexpr std::size_t samples = 1024;
  template <class T> static std::string name() { return std::string(name_of(element_of<T>)); }

  /// f through the stage, and `expected` through the scalar one.
  template <class Lane, class To, class F, class G, class... From>
  static void check_against(char const* what, F const& f, G const& expected,
                            std::vector<From> const&... numbers) {
    std::string const subject = std::string(what) + " of " + name<Lane>();
    CAPTURE(subject);
    int wrong = 0;
    for (bool const is_at_start : {false, true}) {
      for (std::size_t n = 0; n <= most<Lane>; ++n) {
        guarded<To> const y(n, is_at_start);
        guarded<To> const wanted(n, is_at_start);
        auto const count = static_cast<std::int64_t>(n);
        auto const compute = [&](auto const&... x) {
          std::size_t which = 0;
          (fill(x, numbers, n, ++which), ...);
          S s;
          scalar reference;
          apply<Lane>(s, f, count, tensor<To>{y.data(), {count}, {1}},
                      tensor<From const>{x.data(), {count}, {1}}...);
          apply<Lane>(reference, expected, count, tensor<To>{wanted.data(), {count}, {1}},
                      tensor<From const>{x.data(), {count}, {1}}...);
        };
        compute(guarded<From>(n, is_at_start)...);
        for (std::size_t i = 0; i < n; ++i) wrong += !is_same(y.data()[i], wanted.data()[i]);
      }
    }
    CHECK(wrong == 0);
  }
  template <class Lane, class To, class F, class... From>
  static void check(char const* what, F const& f, std::vector<From> const&... numbers) {
    check_against<Lane, To>(what, f, f, numbers...);
  }
  // Other numbers for each size and each operand, so that all meet.
  template <class T>
  static void fill(guarded<T> const& x, std::vector<T> const& numbers, std::size_t n,
                   std::size_t which) {
    for (std::size_t i = 0; i < n; ++i) {
      x.data()[i] = numbers[(i * which + n * (7 + 4 * which)) % numbers.size()];
    }
  }

  template <class T> static void run_type() {
    auto const x = any_numbers<T>(samples);
    check<T, T>("splat", [](auto& s, auto const&) { return s.template splat<T>(T(3)); }, x);
    check<T, T>("add", [](auto& s, auto const& a, auto const& b) { return s.add(a, b); }, x, x);
    check<T, T>(
        "subtract", [](auto& s, auto const& a, auto const& b) { return s.subtract(a, b); }, x, x);
    check<T, T>(
        "multiply", [](auto& s, auto const& a, auto const& b) { return s.multiply(a, b); }, x, x);
    check<T, T>("max", [](auto& s, auto const& a, auto const& b) { return s.max(a, b); }, x, x);
    check<T, T>("min", [](auto& s, auto const& a, auto const& b) { return s.min(a, b); }, x, x);
    auto const fuse = [](auto& s, auto const& a, auto const& b, auto const& c) {
      return s.fma(a, b, c);
    };
    check_against<T, T>(
        "fma", fuse,
        [&](auto& s, auto const& a, auto const& b, auto const& c) {
          if (S::same_bits || std::integral<T>) return s.fma(a, b, c);
          return s.add(s.multiply(a, b), c);
        },
        x, x, x);
    if constexpr (std::floating_point<T>) run_real<T>(x);
    strides<T>(x);
    reductions<T>(x);
  }

  template <class T> static void run_real(std::vector<T> const& x) {
    check<T, T>(
        "divide", [](auto& s, auto const& a, auto const& b) { return s.divide(a, b); }, x, x);
    check<T, T>("sqrt", [](auto& s, auto const& a) { return s.sqrt(a); }, x);
    // A compiler that fuses the product into the sum changes these.
    check<T, T>(
        "a product, then a sum",
        [](auto& s, auto const& a, auto const& b) {
          auto const product = s.multiply(a, a);
          return s.add(product, b);
        },
        small_numbers<T>(samples, 4), small_numbers<T>(samples - 1, 4));
    check<T, std::int32_t>(
        "round_to_integer", [](auto& s, auto const& a) { return s.round_to_integer(a); },
        small_numbers<T>(samples, sizeof(T) == 4 ? 0x1p22 : 0x1p31));
    auto const integers = any_numbers<std::int32_t>(samples);
    check<T, T>(
        "convert", [](auto& s, auto const& n) { return s.template convert<T>(n); }, integers);
    check<T, std::int32_t>("half", [](auto& s, auto const& n) { return s.half(n); }, integers);
    constexpr std::int32_t least = std::numeric_limits<T>::min_exponent - 1;
    std::vector<std::int32_t> exponents;
    for (auto n = least; n <= -least + 1; ++n) exponents.push_back(n);
    check<T, T>(
        "power_of_two", [](auto& s, auto const& n) { return s.template power_of_two<T>(n); },
        exponents);
  }

  /// Vectors of elements that do not lie side by side, from either axis of a matrix.
  template <class T> static void strides(std::vector<T> const& x) {
    CAPTURE(name<T>());
    int wrong = 0;
    S s;
    for (std::int64_t const step : {0, 1, 2, 5}) {
      for (std::size_t n = 1; n <= most<T>; ++n) {
        auto const last = static_cast<std::size_t>(step) * (n - 1);
        guarded<T> const from(last + 1, false);
        guarded<T> const to(3 * (n - 1) + 1, true);
        for (std::size_t i = 0; i <= last; ++i) from.data()[i] = x[(i + n) % x.size()];
        auto const count = static_cast<std::int64_t>(n);
        tensor<T const> const rows{from.data(), {1, count}, {99, step}};
        tensor<T> const columns{to.data(), {count, 1}, {3, 99}};
        tensor<T const> const row = s.slice(rows, std::vector<std::int64_t>{0}.data(), 1);
        s.template loop_lanes<T>(count, [&](auto j) {
          auto const loaded = s.load(rows, std::int64_t{0}, j);
          auto const again = s.load_or_broadcast(row, j);
          auto const either = s.max(loaded, again);
          auto const back = s.shift(j, 0);
          s.store(columns, back, std::int64_t{0}, either);
        });
        for (std::size_t i = 0; i < to_size(n); ++i) {
          auto const wanted =
              i % 3 == 0 ? from.data()[i / 3 * static_cast<std::size_t>(step)] : T(0);
          wrong += !is_same(to.data()[i], wanted);
        }
      }
    }
    CHECK(wrong == 0);
  }
  static constexpr std::size_t to_size(std::size_t n) { return 3 * (n - 1) + 1; }

  /// The order of a reduction shows in the last bit of a sum.
  template <class T> static void reductions(std::vector<T> const& x) {
    CAPTURE(name<T>());
    auto numbers = x;
    if constexpr (std::floating_point<T>) numbers = small_numbers<T>(samples, 100);
    int wrong = 0;
    auto const sum = [](auto& s, tensor<T const> const& from, T* to) {
      auto const total = s.template reduce_lanes<T>(
          from.extents[0], T(0), [&](auto j) { return s.load(from, j); },
          [&](auto const& a, auto const& b) { return s.add(a, b); });
      tensor<T> const y{to, {1}, {1}};
      s.template loop_lanes<T>(1, [&](auto j) { s.store(y, j, total); });
    };
    for (std::size_t n = 0; n <= 3 * reduction_lanes + most<T>; ++n) {
      guarded<T> const from(n, false);
      fill(from, numbers, n, 1);
      tensor<T const> const row{from.data(), {static_cast<std::int64_t>(n)}, {1}};
      T found{};
      T wanted{};
      S s;
      scalar reference;
      sum(s, row, &found);
      sum(reference, row, &wanted);
      wrong += !is_same(found, wanted);
    }
    CHECK(wrong == 0);
  }
};

}  // namespace inlay_test
