// Whether a tensor is what was expected.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compare.hpp"

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <inlay/core/bytes.hpp>
#include <inlay/core/small_types.hpp>
#include <limits>
#include <sstream>

namespace {

constexpr double relative = 1e-3, absolute = 1e-7;

template <class T> T element(tensor const& t, std::size_t i) {
  return inlay::read_little_endian<T>(t.elements, i);
}

/// A flat index as one index an axis: `[0, 2, 1]`
std::string place_of(std::size_t flat, inlay::shape const& s) {
  std::string text;
  for (int axis = s.size() - 1; axis >= 0; --axis) {
    auto const extent = static_cast<std::size_t>(s[axis]);
    text.insert(0, (axis == 0 ? "" : ", ") + std::to_string(flat % extent));
    flat /= extent;
  }
  return "[" + text + "]";
}

template <class T> std::string compare_as(tensor const& actual, tensor const& expected) {
  constexpr bool is_exact = std::integral<T>;
  auto const count = expected.elements.size() / sizeof(T);
  std::size_t wrong = 0, worst = 0;
  double largest = -1;
  for (std::size_t i = 0; i < count; ++i) {
    auto const x = element<T>(actual, i), y = element<T>(expected, i);
    if constexpr (is_exact) {
      if (x == y) continue;
    } else {
      auto const got = static_cast<double>(x), wanted = static_cast<double>(y);
      if (got == wanted || (std::isnan(got) && std::isnan(wanted))) continue;
      auto const allowed = absolute + relative * std::fabs(wanted);
      if (std::isfinite(wanted) && std::fabs(got - wanted) <= allowed) continue;
    }
    auto by = std::fabs(static_cast<double>(x) - static_cast<double>(y));
    if (std::isnan(by)) by = std::numeric_limits<double>::infinity();
    ++wrong;
    if (by > largest) worst = i, largest = by;
  }
  if (wrong == 0) return {};
  std::ostringstream text;
  text.precision(9);
  auto const show = [&](T x) {
    if constexpr (is_exact) text << +x;
    else text << static_cast<double>(x);
  };
  text << wrong << " of " << count << (count == 1 ? " element differs" : " elements differ")
       << "; the worst, " << place_of(worst, expected.type.shape) << ", is ";
  show(element<T>(actual, worst));
  text << ", not ";
  show(element<T>(expected, worst));
  text << ", by " << largest;
  return text.str();
}

using numbers =
    inlay::type_list<float, double, inlay::float16, inlay::bfloat16, inlay::float8e4m3fn,
                     inlay::float8e4m3fnuz, inlay::float8e5m2, inlay::float8e5m2fnuz, std::int8_t,
                     std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t,
                     std::uint32_t, std::uint64_t, bool>;

}  // namespace

std::string compare(tensor const& actual, tensor const& expected) {
  if (!(actual.type == expected.type)) {
    return "it is " + text_of(actual.type) + ", not " + text_of(expected.type);
  }
  auto const e = expected.type.element;
  if (!inlay::contains(numbers{}, e)) {
    return actual.elements == expected.elements ? "" : "the elements differ";
  }
  std::string wrong;
  inlay::with_type(e, numbers{}, [&]<class T>(T) { wrong = compare_as<T>(actual, expected); });
  return wrong;
}
