// What is wrong with an operator of a program, as sentences of the compiler.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/op/operator.hpp"
#include "inlay/op/operator_kind.hpp"
#include "inlay/stage/scalar.hpp"

namespace inlay::inline INLAY_VERSION::detail {

template <class... A, class... B>
constexpr operator_list<A..., B...> join(operator_list<A...>, operator_list<B...>) {
  return {};
}

/// Whether no operator of the second list has the domain and the name of one before it.
template <class... Before, class... Operator>
constexpr bool have_names_of_their_own(operator_list<Before...>, operator_list<Operator...>) {
  if constexpr (sizeof...(Operator) == 0) {
    return true;
  } else {
    constexpr string_view domains[] = {domain_of<Before>()..., domain_of<Operator>()...};
    constexpr string_view names[] = {Before::name..., Operator::name...};
    for (std::size_t i = sizeof...(Before); i < sizeof...(Before) + sizeof...(Operator); ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        if (names[i] == names[k] && domains[i] == domains[k]) return false;
      }
    }
    return true;
  }
}

template <class First, class... Rest> First first_of(type_list<First, Rest...>);

/// Whether the scalar stage can call the element function, for the first of its forms.
template <class Operator, class Form, std::size_t... Operand>
constexpr bool has_element(std::index_sequence<Operand...>) {
  using T = typename Form::from;
  if constexpr (converts<Operator>()) {
    return true;
  } else if constexpr (has_parameters<Operator>()) {
    return requires(scalar& s, typename Operator::parameters const& p) {
      Operator::template element<T>(
          s, p, std::declval<vec<scalar, operand_type<Operator, Form, Operand>> const&>()...);
    };
  } else {
    return requires(scalar& s) {
      Operator::template element<T>(
          s, std::declval<vec<scalar, operand_type<Operator, Form, Operand>> const&>()...);
    };
  }
}
template <class Operator> constexpr bool has_element() {
  using form = decltype(first_of(forms_of<Operator>{}));
  return has_element<Operator, form>(
      std::make_index_sequence<static_cast<std::size_t>(operands<Operator>())>{});
}

/// Whether the scalar stage can run the kernel, for the first of its element types. Those that
/// compute in tiles or read indices are called in other ways.
template <class Operator, std::size_t... Input>
constexpr bool has_run(std::index_sequence<Input...>) {
  using kernel = typename Operator::kernel;
  using T = decltype(first_of(typename Operator::types{}));
  if constexpr (requires { &kernel::product; } || requires { kernel::index_input; }) {
    return true;
  } else {
    return requires(scalar& s, kernel const& k, tensor<T> const& y) {
      run(s, k, (static_cast<void>(Input), std::declval<tensor<T const> const&>())..., y);
    };
  }
}

template <class Operator> struct check_kernel {
  using kernel = typename Operator::kernel;
  static_assert(
      requires { int{kernel::inputs}; },
      "a kernel needs a number of inputs: static constexpr int inputs = 1");
  static_assert(std::is_empty_v<kernel> || sizeof(kernel) % 8 == 0,
                "the parameters of a kernel are members of 8 bytes");
  static_assert(
      requires(node_view const& n, lowering& l) { Operator::lower(n, l); },
      "an operator with a kernel needs a lowering: static constexpr void lower(auto const&, "
      "lowering&)");
  static_assert(
      has_run<Operator>(std::make_index_sequence<static_cast<std::size_t>(kernel::inputs)>{}),
      "a kernel needs a function beside it: run(S&, kernel const&, tensors...)");
};

/// An operator of a program has what the library's have.
template <class Operator> struct check_operator {
  static_assert(
      requires { string_view(Operator::name); },
      "an operator needs a name: static constexpr string_view name = \"Name\"");
  static_assert(domain_of<Operator>() != "ai.onnx", "ONNX's own domain is the empty one");
  static_assert(
      requires { arity(Operator::inputs), arity(Operator::outputs); },
      "an operator needs numbers of inputs and outputs: static constexpr arity inputs{1, 1}");
  static_assert(
      requires { Operator::types::size; },
      "an operator needs element types: using types = type_list<float, double>");
  static_assert(
      requires(node_view const& n) { Operator::infer(n); } ||
          requires(node_view const& n) { Operator::infer(n, 0); },
      "an operator needs a type rule: static constexpr result<tensor_type> infer(auto const&)");
  static constexpr bool is_checked = [] {
    if constexpr (requires { typename Operator::kernel; }) {
      return sizeof(check_kernel<Operator>) != 0;
    } else if constexpr (is_elementwise<Operator>()) {
      constexpr bool takes_few = operands<Operator>() <= 3;
      static_assert(takes_few, "an element function takes at most 3 operands");
      if constexpr (takes_few) {
        static_assert(has_element<Operator>(),
                      "an operator needs an element function, element<T>(S&, V const&...), a "
                      "kernel, or a view");
      }
      return true;
    } else {
      return true;
    }
  }();
};

template <class... Operator> constexpr bool are_operators(operator_list<Operator...>) {
  return (check_operator<Operator>::is_checked && ...);
}

}  // namespace inlay::inline INLAY_VERSION::detail
