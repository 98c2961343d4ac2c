// Whether a tensor is what was expected.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cmath>
#include <cstddef>
#include <sstream>
#include <string>

#include "inlay/core/bytes.hpp"
#include "inlay/core/error.hpp"
#include "inlay/graph/node.hpp"

namespace reference {

struct tensor_data {
  inlay::tensor_type type;
  std::string elements;
};

/// How far floats may be away; other elements must be equal.
struct tolerance {
  double relative = 0;  // to the expected number
  double absolute = 0;
  double of_largest = 0;  // relative to the largest number of the tensor
};

template <class T>
std::string compare_floats(std::string const& actual, std::string const& expected, tolerance t) {
  std::ostringstream difference;
  auto const count = expected.size() / sizeof(T);
  double largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    double const wanted = inlay::read_little_endian<T>(expected, i);
    if (std::isfinite(wanted)) largest = std::fmax(largest, std::fabs(wanted));
  }
  for (std::size_t i = 0; i < count; ++i) {
    double const got = inlay::read_little_endian<T>(actual, i);
    double const wanted = inlay::read_little_endian<T>(expected, i);
    auto const allowed = t.absolute + t.relative * std::fabs(wanted) + t.of_largest * largest;
    if (got == wanted || (std::isnan(got) && std::isnan(wanted))) continue;
    if (std::isfinite(wanted) && std::fabs(got - wanted) <= allowed) continue;
    difference << "element " << i << " is " << got << ", not " << wanted;
    return difference.str();
  }
  return {};
}

/// What is wrong with a result; empty where nothing is.
inline std::string compare(tensor_data const& actual, tensor_data const& expected, tolerance t) {
  using enum inlay::element_type;
  auto const e = actual.type.element;
  if (!(actual.type == expected.type)) {
    auto const& wanted = expected.type;
    inlay::sentence s;
    s << "it is " << e << " " << actual.type.shape << ", not " << wanted.element << " "
      << wanted.shape;
    return std::string(s.view());
  }
  if (e == float32) return compare_floats<float>(actual.elements, expected.elements, t);
  if (e == float64) return compare_floats<double>(actual.elements, expected.elements, t);
  return actual.elements == expected.elements ? "" : "the elements differ";
}

}  // namespace reference
