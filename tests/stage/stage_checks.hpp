// How stages are compared with the scalar one: over every number of elements up to three vectors
// and a rest, in memory with nothing beside it.
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
  if constexpr (!std::integral<T>) {
    if (a != a || b != b) return a != a && b != b;
  }
  return std::memcmp(&a, &b, sizeof(T)) == 0;
}

/// Numbers to compute with: what is special about the type, then random ones.
template <class T> std::vector<T> any_numbers(std::size_t count) {
  using limits = std::numeric_limits<T>;
  std::vector<T> x{T(0), T(1), T(3)};
  if constexpr (limits::is_specialized) {
    x.insert(x.end(), {limits::max(), limits::lowest(), limits::min()});
  }
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
    if constexpr (sixteen_bit_float<T>) {
      x.push_back(T::from_bits(static_cast<std::uint16_t>(word)));
    } else if constexpr (std::integral<T>) {
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

/// Runs kernel(s, n, tensors…) as stage `S` does. A kernel of one type is always the same one, and
/// looks at no extents.
template <class S> struct stage_runner {
  template <class Kernel, class... T>
  static void run(Kernel const& kernel, std::int64_t n, tensor<T> const&... tensors) {
    S s;
    kernel(s, n, tensors...);
  }
};

/// Elements one behind the other.
template <class T> tensor<T> row_of(T* data) { return {data, {}, {1}}; }

/// As a kernel: y[i] = f(s, x0[i], x1[i], …), over vectors of as many elements as one of `Lane`
/// has.
template <class Lane, class S, class F, class To, class... From>
void apply(F const& f, std::int64_t n, To* to, From const*... from) {
  auto const kernel = [&](auto& s, auto count, auto const& y, auto const&... x) {
    s.template loop_lanes<Lane>(count, [&](auto j) {
      auto const arguments = pack{s.load(x, j)...};
      auto const result = apply_pack([&](auto const&... a) { return f(s, a...); }, arguments);
      s.store(y, j, result);
    });
  };
  stage_runner<S>::run(kernel, n, row_of(to), row_of(from)...);
}

/// Compares functions of kernels through `S` with the same through the scalar stage.
template <class S> class stage_checks {
 protected:
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
          apply<Lane, S>(f, count, y.data(), static_cast<From const*>(x.data())...);
          apply<Lane, scalar>(expected, count, wanted.data(),
                              static_cast<From const*>(x.data())...);
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
};

}  // namespace inlay_test
