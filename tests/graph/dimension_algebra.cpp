// Arithmetic on dimensions: normal forms, and random expressions against their values.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/dimension_algebra.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "inlay/graph/builder.hpp"

namespace {
using namespace inlay;
using sum = dimension_sum;

/// A graph with the dimensions n and m, and what is computed with them.
struct workplace {
  graph g;
  dimension_algebra algebra;
  sum n;
  sum m;
  constexpr workplace() {
    g.symbols.push_back("n");
    g.symbols.push_back("m");
    algebra.attach(g);
    n = algebra.of(-1);
    m = algebra.of(-2);
  }
  constexpr std::int64_t down(sum const& a, sum const& b) {
    return algebra.extent_of(algebra.divide_down(a, b));
  }
};
template <class Test> constexpr bool holds(Test test) {
  workplace w;
  return test(w, w.n, w.m, w.algebra);
}
#define HOLDS(...)                                                                     \
  static_assert(holds([]([[maybe_unused]] workplace& w, [[maybe_unused]] sum const& n, \
                         [[maybe_unused]] sum const& m,                                \
                         [[maybe_unused]] dimension_algebra& a) { return __VA_ARGS__; }))

// One normal form.
HOLDS(n + n + n == sum(3) * n);
HOLDS(n* m == m * n);
HOLDS((n + m) * (n - m) == n * n - m * m);
HOLDS(n - n == sum(0) && (n - n).is_number());
HOLDS(a.extent_of(n) == -1 && a.extent_of(sum(7)) == 7 && w.g.symbols.size() == 2);
HOLDS(a.extent_of(n + m) == a.extent_of(m + n) && w.g.symbols.size() == 3);
HOLDS(a.of(a.extent_of(n + m)) == n + m);
HOLDS(a.extent_of(n + m) != a.extent_of(n - m));

// Quotients.
HOLDS(w.down(sum(4) * n, 2) == a.extent_of(sum(2) * n));
HOLDS(a.extent_of(a.divide_down(n + sum(2 * 1 - 3), 1) + sum(1)) == -1);
HOLDS(w.down(sum(2) * n + sum(1), 2) == -1);
HOLDS(w.down(sum(2) * n + sum(3), 4) == w.down(n + sum(1), 2));
HOLDS(w.down(sum(7) * n + sum(9), 4) ==
      a.extent_of(n + sum(2) + a.divide_down(sum(3) * n + sum(1), 4)));
HOLDS(w.down(n - sum(1), 2) == a.extent_of(a.divide_down(n + sum(1), 2) - sum(1)));
HOLDS(w.down(a.divide_down(n, 2), 3) == w.down(n, 6));
HOLDS(w.down(a.divide_down(n - sum(1), 2) + sum(1), 2) == w.down(n + sum(1), 4));
HOLDS(a.divide_up(n, 1) == n && a.divide_up(n, 2) == a.divide_down(n + sum(1), 2));
HOLDS(a.divide_up(sum(7), 2) == sum(4) && a.divide_down(sum(-7), 2) == sum(-4));
HOLDS(a.divide_down(sum(7), sum(-2)) == sum(-4));
HOLDS(w.down(n * m * sum(12), n) == a.extent_of(sum(12) * m));
HOLDS(w.down(n * m * sum(12), sum(8) * n) == w.down(sum(3) * m, 2));
HOLDS(w.down((n + m) * (n - m), n + m) == a.extent_of(n - m));
HOLDS(w.down(n* m + sum(5), n) == a.extent_of(m + a.divide_down(5, n)));
HOLDS(a.divide_down(n, n) == sum(1) && a.divide_down(0, n) == sum(0));
HOLDS(a.divide_down(-n, -m) == a.divide_down(n, m));
HOLDS(a.divide_down(n, 0).is_unknown());

// What is too large is unknown, and each such thing another dimension.
HOLDS((n * sum(INT64_MAX) * sum(2)).is_unknown());
HOLDS((sum(INT64_MAX) + sum(1)).is_unknown());
HOLDS((n * n * n * n * n * n * n * n * n).is_unknown());
HOLDS(a.extent_of(sum::unknown()) != a.extent_of(sum::unknown()));
HOLDS((sum::unknown() - sum::unknown()).is_unknown() && !(sum::unknown() == sum::unknown()));

// Broadcasts.
HOLDS(a.broadcast(n, n) == n && a.broadcast(n, 1) == n && a.broadcast(1, n) == n);
HOLDS(a.broadcast(n, 5) == sum(5) && a.broadcast(0, n) == sum(0));
HOLDS(a.broadcast(n, m) == a.broadcast(m, n));
HOLDS(a.broadcast(a.broadcast(n, m), m) == a.broadcast(m, n));
HOLDS(!a.can_broadcast(2, 3) && !a.can_broadcast(0, 2) && a.can_broadcast(1, 0));
HOLDS(a.can_broadcast(n, n + sum(1)) && !a.can_broadcast(n + sum(2), n + sum(3)));
HOLDS(!a.can_broadcast(n + sum(4), 3) && a.can_broadcast(n + sum(3), 3));
HOLDS(a.can_broadcast(sum(3) - n, 7));
HOLDS(!a.can_equal(n + sum(1), n) && a.can_equal(n, m) && !a.can_equal(n + sum(1), 0));
HOLDS(a.can_equal(a.divide_down(n - sum(1), 2), 0));
HOLDS(!a.can_equal(a.divide_down(n - sum(1), 2) + sum(2), 0));

/// The value of a sum: the definition of what each symbol means. Nothing where it divides by zero
/// or broadcasts what does not.
std::optional<std::int64_t> value_of(dimension_algebra const& a, sum const& s,
                                     std::vector<std::int64_t> const& values) {
  std::int64_t total = 0;
  for (auto const& t : s.terms()) {
    auto product = t.coefficient;
    for (int i = 0; i < t.degree; ++i) {
      auto const symbol = t.factors[i];
      if (a.kind_of(symbol) == dimension_kind::free) {
        product *= values[symbol];
        continue;
      }
      auto const x = value_of(a, a.left_of(symbol), values);
      auto const y = value_of(a, a.right_of(symbol), values);
      if (!x || !y) return {};
      if (a.kind_of(symbol) == dimension_kind::quotient) {
        if (*y == 0) return {};
        auto const q = *x / *y;
        product *= *x % *y != 0 && (*x < 0) != (*y < 0) ? q - 1 : q;
      } else {
        if (*x != *y && *x != 1 && *y != 1) return {};
        product *= *x == 1 ? *y : *x;
      }
    }
    total += product;
  }
  return total;
}

/// The same expression as a sum and as values, one for each choice of the symbols.
struct both_ways {
  sum symbolic;
  std::vector<std::optional<std::int64_t>> values;
};

}  // namespace

TEST_CASE("random expressions have the values that computing with numbers gives") {
  std::vector<std::vector<std::int64_t>> const choices{{1, 1, 1}, {1, 2, 3}, {5, 3, 2}, {4, 1, 9},
                                                       {7, 7, 7}, {2, 8, 5}, {3, 2, 1}, {11, 6, 4}};
  std::size_t checked = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    std::mt19937 random(seed);
    auto const pick = [&](int most) { return static_cast<int>(random() % unsigned(most)); };
    graph g;
    for (auto const* const name : {"a", "b", "c"}) g.symbols.push_back(name);
    dimension_algebra algebra(g);
    std::vector<both_ways> made;
    for (int i = 0; i < 3; ++i) {
      made.push_back({algebra.of(-1 - i), {}});
      for (auto const& c : choices) made.back().values.push_back(c[static_cast<std::size_t>(i)]);
    }
    for (int step = 0; step < 12; ++step) {
      auto const& x = made[static_cast<std::size_t>(pick(static_cast<int>(made.size())))];
      auto y = made[static_cast<std::size_t>(pick(static_cast<int>(made.size())))];
      if (pick(2) == 0) {
        std::int64_t const number = pick(13) - 4;
        y = {sum(number), std::vector<std::optional<std::int64_t>>(choices.size(), number)};
      }
      both_ways z;
      auto const what = pick(6);
      switch (what) {
        case 0: z.symbolic = x.symbolic + y.symbolic; break;
        case 1: z.symbolic = x.symbolic - y.symbolic; break;
        case 2: z.symbolic = x.symbolic * y.symbolic; break;
        case 3: z.symbolic = algebra.divide_down(x.symbolic, y.symbolic); break;
        case 4: z.symbolic = algebra.divide_up(x.symbolic, y.symbolic); break;
        default: z.symbolic = algebra.broadcast(x.symbolic, y.symbolic); break;
      }
      for (std::size_t i = 0; i < choices.size(); ++i) {
        auto const& p = x.values[i];
        auto const& q = y.values[i];
        std::optional<std::int64_t> value;
        bool const is_quotient = what == 3 || what == 4;
        if (p && q && *p < 100000 && *q < 100000 && *p > -100000 && *q > -100000 &&
            !(is_quotient && *q == 0)) {
          auto const down = [](std::int64_t u, std::int64_t v) {
            return u / v - (u % v != 0 && (u < 0) != (v < 0) ? 1 : 0);
          };
          if (what == 0) value = *p + *q;
          if (what == 1) value = *p - *q;
          if (what == 2) value = *p * *q;
          if (what == 3) value = down(*p, *q);
          if (what == 4) value = -down(-*p, *q);
          // Extents are not negative.
          if (what == 5 && *p >= 0 && *q >= 0 && (*p == *q || *p == 1 || *q == 1)) {
            value = *p == 1 ? *q : *p;
          }
        }
        z.values.push_back(value);
      }
      if (z.symbolic.is_unknown()) continue;
      std::int64_t least = 0;
      bool const is_bounded = algebra.least_of(z.symbolic, least);
      for (std::size_t i = 0; i < choices.size(); ++i) {
        auto const got = value_of(algebra, z.symbolic, choices[i]);
        if (!got || !z.values[i]) continue;
        CAPTURE(seed);
        CAPTURE(step);
        CAPTURE(what);
        REQUIRE(*got == *z.values[i]);
        if (is_bounded) REQUIRE(*got >= least);
        ++checked;
      }
      // An extent stands for the same sum.
      auto const extent = algebra.extent_of(z.symbolic);
      if (!z.symbolic.is_number() && extent < 0 && !g.symbols.empty()) {
        auto const again = algebra.of(extent);
        if (!(again == z.symbolic)) REQUIRE(again.is_symbol());
      }
      made.push_back(z);
    }
  }
  CHECK(checked > 100000);
}

TEST_CASE("equal expressions are equal extents, in a second algebra of the same graph too") {
  workplace w;
  auto const e = w.algebra.extent_of(w.algebra.divide_down(w.n + sum(1), 2) + w.m);
  auto const count = w.g.symbols.size();
  dimension_algebra again(w.g);
  CHECK(again.extent_of(w.m + again.divide_down(sum(1) + w.n, 2)) == e);
  CHECK(w.g.symbols.size() == count);
}

TEST_CASE("expressions stop growing at a size") {
  workplace w;
  auto x = w.n;
  for (int i = 0; i < 100; ++i) {
    auto const q = w.algebra.divide_down(x * x + x, 3);
    x = w.algebra.of(w.algebra.extent_of(q));
    REQUIRE(x.terms().size() <= max_expression_size);
  }
  CHECK(w.g.dimension_terms.size() < 1000);
}
