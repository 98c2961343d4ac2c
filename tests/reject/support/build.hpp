// What the mistakes in this folder are made with.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <inlay/inlay.hpp>

using namespace inlay;

/// A float32 tensor of that shape.
constexpr tensor_type floats(shape const& s) { return {element_type::float32, s}; }

/// A constant of as many zeros as the shape says.
constexpr value_id zeros(builder& b, string_view name, shape const& s) {
  vector<float> const elements(static_cast<std::size_t>(elements_of(s)), 0.0f);
  return b.constant(name, s, span<float const>(elements.data(), elements.size()));
}
