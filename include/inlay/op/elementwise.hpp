// Operators that compute element by element.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

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

/// y = a + b; integers wrap.                                                ONNX: Add, since 7
struct add {
  static constexpr string_view name = "Add";
  static constexpr int since = 7;
  static constexpr arity inputs{2, 2};
  static constexpr arity outputs{1, 1};
  using types = arithmetic_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const to = broadcast(n.input_shape(0), n.input_shape(1), n.dimensions());
    if (!to) return to.failure();
    return tensor_type{n.input(0).element, *to};
  }
  template <class T, stage S, class V> static constexpr V element(S& s, V const& a, V const& b) {
    return s.add(a, b);
  }
};

/// y = x.                                                                   ONNX: Identity, since 1
struct identity {
  static constexpr string_view name = "Identity";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) { return n.input(0); }
  template <class T, stage S, class V> static constexpr V element(S&, V const& x) { return x; }
};

/// y = max(0, x); not a number stays so.                                    ONNX: Relu, since 6
struct relu {
  static constexpr string_view name = "Relu";
  static constexpr int since = 6;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  using types = signed_types;

  static constexpr result<tensor_type> infer(auto const& n) { return n.input(0); }
  template <class T, stage S, class V> static constexpr V element(S& s, V const& x) {
    auto const zero = s.splat_like(x, T{0});
    return s.max(zero, x);
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
