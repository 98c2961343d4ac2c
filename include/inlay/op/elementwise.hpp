// What operators that compute element by element have in common.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <cstddef>
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

namespace detail {

/// How many inputs the element function of an operator takes.
template <class Operator> constexpr int operands() {
  if constexpr (requires { Operator::operands; }) return Operator::operands;
  else return Operator::inputs.most;
}

template <class Operator> constexpr bool has_parameters() {
  return requires { typename Operator::parameters; };
}

/// The parameters that a node gives to the element function of its operator.
template <class Operator> constexpr element_words words_of_element(node_view const& n) {
  using parameters = typename Operator::parameters;
  static_assert(sizeof(parameters) <= sizeof(element_words));
  auto const held = std::bit_cast<words_of<parameters>>(Operator::read(n));
  element_words words;
  std::size_t i = 0;
  for (auto const word : held.words) words.of[i++] = word;
  return words;
}

}  // namespace detail

/// The element function of an operator, with the parameters that these words are.
template <class Operator, class T, stage S, class V, class... Rest>
constexpr V compute_element(S& s, std::int64_t const* words, V const& x, Rest const&... rest) {
  if constexpr (detail::has_parameters<Operator>()) {
    auto const parameters = from_words<typename Operator::parameters>(words);
    return Operator::template element<T>(s, parameters, x, rest...);
  } else {
    return Operator::template element<T>(s, x, rest...);
  }
}

}  // namespace inlay::inline INLAY_VERSION
