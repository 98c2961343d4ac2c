// What operators that compute element by element have in common.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/op/broadcast.hpp"
#include "inlay/op/lowering.hpp"
#include "inlay/stage/stage.hpp"

namespace inlay::inline INLAY_VERSION {
namespace op {

using float_types = type_list<float, double>;
using arithmetic_types =
    type_list<float, double, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t,
              std::uint16_t, std::uint32_t, std::uint64_t>;
using signed_types =
    type_list<float, double, std::int8_t, std::int16_t, std::int32_t, std::int64_t>;

/// Operators of one input.
struct unary {
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};

  static constexpr result<tensor_type> infer(auto const& n) { return n.input(0); }
};

/// Operators of inputs that broadcast to the output.
struct broadcasting {
  static constexpr arity outputs{1, 1};

  static constexpr result<tensor_type> infer(auto const& n) {
    auto type = n.input(0);
    for (int i = 1; i < n.inputs(); ++i) {
      if (!n.has_input(i)) continue;
      auto const to = broadcast(type.shape, n.input_shape(i), n.dimensions());
      if (!to) return to.failure();
      type.shape = *to;
    }
    return type;
  }
};

/// Operators of two inputs.
struct binary : broadcasting {
  static constexpr arity inputs{2, 2};
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
