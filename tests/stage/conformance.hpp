// What every stage must compute, next to the scalar stage: arithmetic, loads and reductions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "stage_checks.hpp"

namespace inlay_test {

/// The suite. `S::same_bits` says whether multiplying and adding rounds once.
template <class S> class conformance : stage_checks<S> {
  using checks = stage_checks<S>;
  template <class T> static constexpr auto most = checks::template most<T>;
  using checks::fill;
  using checks::samples;

 public:
  template <class... T> static void run(type_list<T...>) { (run_type<T>(), ...); }

 private:
  template <class T> static void run_type() {
    auto const x = any_numbers<T>(samples);
    checks::template check<T, T>("abs", [](auto& s, auto const& a) { return s.abs(a); }, x);
    checks::template check<T, T>("negate", [](auto& s, auto const& a) { return s.negate(a); }, x);
    checks::template check<T, T>(
        "splat", [](auto& s, auto const&) { return s.template splat<T>(T(3)); }, x);
    checks::template check<T, T>(
        "add", [](auto& s, auto const& a, auto const& b) { return s.add(a, b); }, x, x);
    checks::template check<T, T>(
        "subtract", [](auto& s, auto const& a, auto const& b) { return s.subtract(a, b); }, x, x);
    checks::template check<T, T>(
        "multiply", [](auto& s, auto const& a, auto const& b) { return s.multiply(a, b); }, x, x);
    checks::template check<T, T>(
        "max", [](auto& s, auto const& a, auto const& b) { return s.max(a, b); }, x, x);
    checks::template check<T, T>(
        "min", [](auto& s, auto const& a, auto const& b) { return s.min(a, b); }, x, x);
    checks::template check<T, T>(
        "divide", [](auto& s, auto const& a, auto const& b) { return s.divide(a, b); }, x, x);
    // By small numbers, so that quotients of integers are not all 0.
    checks::template check<T, T>(
        "divide", [](auto& s, auto const& a, auto const& b) { return s.divide(a, b); }, x,
        divisors<T>());
    auto const fuse = [](auto& s, auto const& a, auto const& b, auto const& c) {
      return s.fma(a, b, c);
    };
    checks::template check_against<T, T>(
        "fma", fuse,
        [&](auto& s, auto const& a, auto const& b, auto const& c) {
          if (S::same_bits || std::integral<T>) return s.fma(a, b, c);
          return s.add(s.multiply(a, b), c);
        },
        x, x, x);
    if constexpr (std::floating_point<T>) run_real<T>(x);
    strides<T>(x);
    narrow_vectors<T>(x);
    reductions<T>(x);
  }

  template <class T> static std::vector<T> divisors() {
    std::vector<T> all;
    for (auto const x : small_numbers<double>(samples - 1, 100)) {
      all.push_back(static_cast<T>(std::unsigned_integral<T> ? std::fabs(x) : x));
    }
    return all;
  }

  template <class T> static void run_real(std::vector<T> const& x) {
    checks::template check<T, T>(
        "splat_index",
        [](auto& s, auto const&) {
          // Halfway between two floats.
          return s.template splat_index<T>((std::int64_t{1} << 24) + 1);
        },
        x);
    checks::template check<T, T>("sqrt", [](auto& s, auto const& a) { return s.sqrt(a); }, x);
    checks::template check<T, T>(
        "copy_sign", [](auto& s, auto const& a, auto const& b) { return s.copy_sign(a, b); }, x, x);
    auto const near = small_numbers<T>(samples, 10);
    for (auto const& numbers : {x, near}) {
      checks::template check<T, T>(
          "nearest", [](auto& s, auto const& a) { return s.nearest(a); }, numbers);
      checks::template check<T, T>(
          "floor", [](auto& s, auto const& a) { return s.floor(a); }, numbers);
      checks::template check<T, T>(
          "ceil", [](auto& s, auto const& a) { return s.ceil(a); }, numbers);
    }
    // A compiler that fuses the product into the sum changes these.
    checks::template check<T, T>(
        "a product, then a sum",
        [](auto& s, auto const& a, auto const& b) {
          auto const product = s.multiply(a, a);
          return s.add(product, b);
        },
        small_numbers<T>(samples, 4), small_numbers<T>(samples - 1, 4));
    checks::template check<T, std::int32_t>(
        "round_to_integer", [](auto& s, auto const& a) { return s.round_to_integer(a); },
        small_numbers<T>(samples, sizeof(T) == 4 ? 0x1p22 : 0x1p31));
    auto const integers = any_numbers<std::int32_t>(samples);
    checks::template check<T, T>(
        "convert", [](auto& s, auto const& n) { return s.template convert<T>(n); }, integers);
    checks::template check<T, std::int32_t>(
        "half", [](auto& s, auto const& n) { return s.half(n); }, integers);
    checks::template check<T, std::int32_t>(
        "exponent", [](auto& s, auto const& a) { return s.exponent(a); }, x);
    constexpr std::int32_t least = std::numeric_limits<T>::min_exponent - 1;
    std::vector<std::int32_t> exponents;
    for (auto n = least; n <= -least + 1; ++n) exponents.push_back(n);
    checks::template check<T, T>(
        "power_of_two", [](auto& s, auto const& n) { return s.template power_of_two<T>(n); },
        exponents);
  }

  /// Vectors of elements that do not lie side by side, from either axis of a matrix.
  template <class T> static void strides(std::vector<T> const& x) {
    CAPTURE(checks::template name<T>());
    int wrong = 0;
    auto const kernel = [](auto& s, auto count, auto const& rows, auto const& row,
                           auto const& columns) {
      std::remove_cvref_t<decltype(count)> const first{0};
      auto const sliced = s.slice(rows, &first, 1);
      s.template loop_lanes<T>(count, [&](auto j) {
        auto const loaded = s.load(rows, first, j);
        auto const again = s.load_or_broadcast(row, j);
        auto const third = s.load(sliced, j);
        auto const two = s.max(loaded, again);
        auto const either = s.max(two, third);
        auto const back = s.shift(j, 0);
        s.store(columns, back, first, either);
      });
    };
    for (std::int64_t const step : {0, 1, 2, 5}) {
      for (std::size_t n = 1; n <= most<T>; ++n) {
        auto const last = static_cast<std::size_t>(step) * (n - 1);
        guarded<T> const from(last + 1, false);
        guarded<T> const to(3 * (n - 1) + 1, true);
        for (std::size_t i = 0; i <= last; ++i) from.data()[i] = x[(i + n) % x.size()];
        auto const count = static_cast<std::int64_t>(n);
        tensor<T const> const rows{from.data(), {1, count}, {99, step}};
        tensor<T const> const row{from.data(), {count}, {step}};
        tensor<T> const columns{to.data(), {count, 1}, {3, 99}};
        stage_runner<S>::run(kernel, count, rows, row, columns);
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

  /// Vectors of half as many elements, which everything that makes vectors can be asked for.
  template <class T> static void narrow_vectors(std::vector<T> const& x) {
    CAPTURE(checks::template name<T>());
    constexpr int width = S::template width<T>;
    constexpr int half = width == 1 ? 1 : width / 2;
    using lane = narrow<T, half>;
    CHECK(S::template width<lane> == half);
    int wrong = 0;
    scalar reference;
    auto const kernel = [](auto& s, auto count, auto const& row, auto const& y) {
      std::remove_cvref_t<decltype(count)> const begin{0};
      auto const j = s.template lanes_from<lane, false>(begin, count);
      auto const loaded = s.load(row, j);
      auto const three = s.template splat<T, lane>(T(3));
      auto const first = s.template broadcast<lane>(row, begin);
      auto const sum = s.add(s.in_register(loaded), three);
      auto larger = s.max(sum, first);
      if constexpr (std::floating_point<T>) {
        auto const seven = s.template splat_index<T, lane>(7);
        larger = s.max(larger, seven);
      }
      s.store(y, j, larger);
    };
    for (int n = 1; n <= half; ++n) {
      auto const size = static_cast<std::size_t>(n);
      guarded<T> const from(size, false);
      guarded<T> const to(size, false);
      fill(from, x, size, 1);
      stage_runner<S>::run(kernel, n, row_of<T const>(from.data()), row_of(to.data()));
      for (std::size_t i = 0; i < size; ++i) {
        auto wanted = reference.max(reference.add(from.data()[i], T(3)), from.data()[0]);
        if constexpr (std::floating_point<T>) wanted = reference.max(wanted, T(7));
        wrong += !is_same(to.data()[i], wanted);
      }
    }
    CHECK(wrong == 0);
  }

  /// The order of a reduction shows in the last bit of a sum.
  template <class T> static void reductions(std::vector<T> const& x) {
    CAPTURE(checks::template name<T>());
    auto numbers = x;
    if constexpr (std::floating_point<T>) numbers = small_numbers<T>(samples, 100);
    int wrong = 0;
    auto const sum = [](auto& s, auto count, auto const& from, auto const& to) {
      auto const total = s.template reduce_lanes<T>(
          count, T(0), [&](auto j) { return s.load(from, j); },
          [&](auto const& a, auto const& b) { return s.add(a, b); });
      s.template loop_lanes<T>(1, [&](auto j) { s.store(to, j, total); });
    };
    for (std::size_t n = 0; n <= 3 * reduction_lanes + most<T>; ++n) {
      guarded<T> const from(n, false);
      fill(from, numbers, n, 1);
      auto const row = row_of<T const>(from.data());
      auto const count = static_cast<std::int64_t>(n);
      T found{};
      T wanted{};
      stage_runner<S>::run(sum, count, row, row_of(&found));
      stage_runner<scalar>::run(sum, count, row, row_of(&wanted));
      wrong += !is_same(found, wanted);
    }
    CHECK(wrong == 0);
  }
};

}  // namespace inlay_test
