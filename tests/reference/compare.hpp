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

/// "it is int32 2x3, not float32 2x3"; empty where the types are equal.
inline std::string compare_types(inlay::tensor_type const& actual,
                                 inlay::tensor_type const& expected) {
  if (actual == expected) return {};
  inlay::sentence s;
  s << "it is " << actual.element << " " << actual.shape << ", not " << expected.element << " "
    << expected.shape;
  return std::string(s.view());
}

template <class T>
std::string compare_bits(std::string const& actual, std::string const& expected) {
  std::ostringstream difference;
  difference.precision(17);
  for (std::size_t i = 0; i < expected.size() / sizeof(T); ++i) {
    if (actual.compare(i * sizeof(T), sizeof(T), expected, i * sizeof(T), sizeof(T)) == 0) continue;
    auto const got = inlay::read_little_endian<T>(actual, i);
    auto const wanted = inlay::read_little_endian<T>(expected, i);
    if (got != got && wanted != wanted) continue;
    difference << "element " << i << " is " << +got << ", not " << +wanted << ", to the bit";
    return difference.str();
  }
  return {};
}

/// Whether a result has the same bits; one NaN is as good as another.
inline std::string compare_bits(tensor_data const& actual, tensor_data const& expected) {
  auto wrong = compare_types(actual.type, expected.type);
  if (!wrong.empty()) return wrong;
  auto const e = actual.type.element;
  auto const& a = actual.elements;
  if (e == inlay::element_type::float32) return compare_bits<float>(a, expected.elements);
  if (e == inlay::element_type::float64) return compare_bits<double>(a, expected.elements);
  return a == expected.elements ? "" : "the elements differ";
}

/// What is wrong with a result; empty where nothing is.
inline std::string compare(tensor_data const& actual, tensor_data const& expected, tolerance t) {
  using enum inlay::element_type;
  auto const e = actual.type.element;
  auto wrong = compare_types(actual.type, expected.type);
  if (!wrong.empty()) return wrong;
  if (e == float32) return compare_floats<float>(actual.elements, expected.elements, t);
  if (e == float64) return compare_floats<double>(actual.elements, expected.elements, t);
  return actual.elements == expected.elements ? "" : "the elements differ";
}

}  // namespace reference
