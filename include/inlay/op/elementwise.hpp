// What operators that compute element by element have in common.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

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

/// The types of an element function: of the operands, behind the conditions, and of the result.
template <class From, class To = From> struct element_form {
  using from = From;
  using to = To;
  static constexpr element_types types{element_of<From>, element_of<To>};
  /// The largest of them: as many elements of it as a vector holds are computed at a time.
  using widest = std::conditional_t<(sizeof(From) > sizeof(To)), From, To>;
};

namespace detail {

template <class... From, class To> constexpr auto forms_with(type_list<From...>, type_list<To>) {
  return type_list<element_form<From, To>...>{};
}
template <class... Type> constexpr auto forms_alike(type_list<Type...>) {
  return type_list<element_form<Type>...>{};
}
template <class Operator> constexpr auto find_forms() {
  if constexpr (requires { typename Operator::forms; }) return typename Operator::forms{};
  else if constexpr (requires { typename Operator::result_type; }) {
    return forms_with(typename Operator::types{}, type_list<typename Operator::result_type>{});
  } else {
    return forms_alike(typename Operator::types{});
  }
}

/// The forms that the element function of an operator has.
template <class Operator> using forms_of = decltype(find_forms<Operator>());

/// Whether the element function is a conversion, which has two types.
template <class Operator> constexpr bool converts() {
  return requires { requires Operator::converts; };
}
/// How many operands in front are truths, whatever the others are.
template <class Operator> constexpr int conditions() {
  if constexpr (requires { Operator::conditions; }) return Operator::conditions;
  else return 0;
}
template <class Operator, class Form, std::size_t Operand>
using operand_type = std::conditional_t<(static_cast<int>(Operand) < conditions<Operator>()), bool,
                                        typename Form::from>;

/// What holds the bits of a `T` that is not computed with.
template <class T>
using bits_of_size = std::conditional_t<
    sizeof(T) == 1, std::uint8_t,
    std::conditional_t<sizeof(T) == 2, std::uint16_t,
                       std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;
/// The same for integers and truths only.
template <class T>
using unsigned_of_size = std::conditional_t<std::is_integral_v<T>, bits_of_size<T>, T>;
/// The form whose code, as a loop over memory, does the same.
template <class Operator, class Form> constexpr auto find_coded_form() {
  if constexpr (requires { Operator::coded_form(Form{}); }) return Operator::coded_form(Form{});
  else return Form{};
}
template <class Operator, class Form>
using coded_form = decltype(find_coded_form<Operator, Form>());

}  // namespace detail

/// The element function of an operator, with the parameters that these words are.
template <class Operator, class Form, stage S, class... V>
constexpr auto compute_element(S& s, std::int64_t const* words, V const&... x) {
  using T = typename Form::from;
  if constexpr (detail::converts<Operator>()) {
    return Operator::template convert<T, typename Form::to>(s, x...);
  } else if constexpr (detail::has_parameters<Operator>()) {
    auto const parameters = from_words<typename Operator::parameters>(words);
    return Operator::template element<T>(s, parameters, x...);
  } else {
    return Operator::template element<T>(s, x...);
  }
}

}  // namespace inlay::inline INLAY_VERSION
