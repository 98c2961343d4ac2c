// How far results are from exact ones, and numbers to try.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace inlay_test {

/// How far y is from `exact`, in units of the last place that it can have.
template <class T> double units_away(T y, long double exact) {
  using limits = std::numeric_limits<T>;
  if (exact == 0 || !std::isfinite(y)) return static_cast<long double>(y) == exact ? 0 : 1e9;
  int exponent = 0;
  std::frexp(exact, &exponent);
  auto const smallest = limits::min_exponent - limits::digits;
  auto const last = exponent - limits::digits;
  auto const unit = std::ldexp(1.0L, last < smallest ? smallest : last);
  return static_cast<double>(std::fabs(static_cast<long double>(y) - exact) / unit);
}

struct random_numbers {
  std::uint64_t state = 1;
  /// Below 1, evenly.
  double next() {
    state = state * 6364136223846793005u + 1442695040888963407u;  // Knuth, MMIX
    return static_cast<double>(state >> 11) * 0x1p-53;
  }
};

/// Numbers between two others, evenly, and as many of them by powers of two nearer to 0.
template <class T, class Visit> void each_number(double least, double most, Visit const& visit) {
  random_numbers random;
  for (int i = 0; i < 40'000; ++i) {
    auto const x = least + (most - least) * random.next();
    visit(static_cast<T>(x));
    visit(static_cast<T>(std::ldexp(x, -i % 60)));
  }
}

}  // namespace inlay_test
