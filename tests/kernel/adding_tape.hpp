// Element operators behind a kernel: one that reads another tensor.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <type_traits>

#include "inlay/kernel/results-inl.hpp"

namespace inlay_test {

/// Adds to each result the element of another tensor.
struct adding_tape {
  template <class T, inlay::stage S, class V, class Other>
  static constexpr V apply(S& s, V const& x, Other const& other) {
    auto const a = other(std::integral_constant<int, 0>{});
    return s.add(x, a);
  }
};
template <class T>
constexpr inlay::results<T, adding_tape, 1> adding(inlay::tensor<T> const& y,
                                                   inlay::tensor<T const> const& other) {
  inlay::results<T, adding_tape, 1> to{y};
  to.others[0] = other;
  return to;
}

}  // namespace inlay_test
