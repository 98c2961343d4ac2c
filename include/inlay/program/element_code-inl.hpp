// Element operators that are chosen at run time, for one element at a time of any type.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/op/list.hpp"
#include "inlay/stage/scalar.hpp"

INLAY_BEGIN_TARGET

/// An element of any type that is stored, exactly: a real number, or the bits of an integer.
struct any_number {
  double real;
  std::int64_t integer;

  template <class T> INLAY_INLINE static constexpr any_number of(T x) {
    if constexpr (std::floating_point<T>) return {x, 0};
    else return {0, static_cast<std::int64_t>(x)};
  }
  template <class T> INLAY_INLINE constexpr T as() const {
    if constexpr (std::floating_point<T>) return static_cast<T>(real);
    else return static_cast<T>(integer);
  }
};

/// The element function of an operator with these parameters.
using element_code = any_number (*)(std::int64_t const* words, any_number const* operands);

namespace element_codes {

template <class Operator, class Form, class Operands> struct code_of;
template <class Operator, class Form, std::size_t... I>
struct code_of<Operator, Form, std::index_sequence<I...>> {
  static constexpr any_number run(std::int64_t const* words, any_number const* operands) {
    scalar s;
    return any_number::of<typename Form::to>(compute_element<Operator, Form>(
        s, words, operands[I].as<inlay::detail::operand_type<Operator, Form, I>>()...));
  }
};

/// Converted from the widest type that has all numbers of the given one.
template <class T>
using widened =
    std::conditional_t<std::floating_point<T>, double,
                       std::conditional_t<std::signed_integral<T>, std::int64_t, std::uint64_t>>;
template <class Operator, class Form> constexpr auto find_exact_form() {
  using From = typename Form::from;
  using To = typename Form::to;
  if constexpr (inlay::detail::converts<Operator>()) return element_form<widened<From>, To>{};
  else return Form{};
}
template <class Operator, class Form>
using exact_form = decltype(find_exact_form<Operator, Form>());

template <class Operator, class... Form>
constexpr element_code find_form(element_types const& types, type_list<Form...>) {
  using operands =
      std::make_index_sequence<static_cast<std::size_t>(inlay::detail::operands<Operator>())>;
  element_code found = nullptr;
  static_cast<void>(
      ((types == Form::types &&
        (found = &code_of<Operator, exact_form<Operator, Form>, operands>::run, true)) ||
       ...));
  return found;
}
template <class Operator> constexpr element_code find_types(element_types const& types) {
  if constexpr (inlay::detail::is_elementwise<Operator>()) {
    return find_form<Operator>(types, inlay::detail::forms_of<Operator>{});
  } else {
    return nullptr;
  }
}
template <class... Operator>
constexpr element_code find(operator_id op, element_types const& types,
                            operator_list<Operator...>) {
  element_code found = nullptr;
  static_cast<void>(
      ((op == id_of<Operator> && (found = find_types<Operator>(types), true)) || ...));
  return found;
}

}  // namespace element_codes

/// The code of an element operator, for these types. It is compiled for those who name a type.
template <class Any>
constexpr element_code find_element_code(operator_id op, element_types const& types) {
  using list = std::conditional_t<sizeof(Any) != 0, operators, void>;
  return element_codes::find(op, types, list{});
}

INLAY_END_TARGET
