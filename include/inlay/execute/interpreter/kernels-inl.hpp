// The kernels of the interpreter for the machine that this translation unit is compiled for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/execute/interpreter/element_chain-inl.hpp"
#include "inlay/execute/interpreter/kernel_call.hpp"
#include "inlay/execute/interpreter/strip_tape-inl.hpp"
#include "inlay/execute/interpreter/tiles.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/run_step-inl.hpp"

INLAY_BEGIN_TARGET

namespace interpreter_code {

using interpreter_kernels_v0_1::kernel_entry;
using interpreter_kernels_v0_1::kernel_table;
using interpreter_kernels_v0_1::strip_entry;

template <class T> tensor<T> tensor_at(tensor_form const& form, T* data) {
  return {data, shape_of(form.extents, form.rank), shape_of(form.strides, form.rank)};
}

/// The kernel of an operator for elements of `T`, a tile at a time.
template <class Operator, class T, class S, tile_shape Tile> struct kernel_code {
  INLAY_KERNEL static void run(kernel_call const& call) {
    run(call, 1, input<step_input<Operator, 0, T>>(call, 0), rest{});
  }
  /// What links make of tensors is its first input.
  INLAY_KERNEL static void run_reading(kernel_call const& call) {
    byte_strips<S> memory;
    strip_reader<T, S> const x(call, memory);
    run(call, call.epilogue->readers.others, x, rest{});
  }

 private:
  static constexpr auto inputs = static_cast<std::size_t>(step_inputs<Operator>());
  using rest = std::make_index_sequence<inputs - 1>;

  /// The inputs behind the first one stand from tensor `next` on.
  template <class First, std::size_t... Input>
  INLAY_INLINE static void run(kernel_call const& call, std::size_t next, First const& first,
                               std::index_sequence<Input...>) {
    S s;
    auto const kernel = kernel_of<Operator>(call.words);
    auto const behind = next + inputs - 1;
    if constexpr (inlay::detail::takes_tape<Operator>()) {
      strip_memory<T, S> memory;
      strip_tape<T, S> const tape(*call.epilogue, memory);
      auto const others = static_cast<std::size_t>(tape.others());
      auto const y = tensor_at<T>(call.forms[behind + others], static_cast<T*>(call.output));
      constexpr bool has_conditions = inlay::detail::takes_conditions<Operator>();
      results<T, strip_tape<T, S>, int{most_others}, ending, host_memory, has_conditions> to{
          y, tape, ending_of(call)};
      for (std::size_t k = 0; k < others; ++k) {
        if constexpr (has_conditions) {
          if ((call.epilogue->conditions >> k & 1) != 0) {
            to.set_condition(static_cast<int>(k), input<bool>(call, behind + k));
            continue;
          }
        }
        to.others[k] = input<T>(call, behind + k);
      }
      run_step<Operator, T, Tile>(s, kernel, to, first,
                                  input<step_input<Operator, Input + 1, T>>(call, next + Input)...);
    } else {
      auto const y = tensor_at<T>(call.forms[behind], static_cast<T*>(call.output));
      run_step<Operator, T, Tile>(s, kernel, y, first,
                                  input<step_input<Operator, Input + 1, T>>(call, next + Input)...);
    }
  }
  template <class E>
  INLAY_INLINE static tensor<E const> input(kernel_call const& call, std::size_t i) {
    return tensor_at<E const>(call.forms[i], static_cast<E const*>(call.inputs[i]));
  }
  using ending =
      std::conditional_t<inlay::detail::takes_ending<Operator>(), called_ending, no_ending>;
  INLAY_INLINE static ending ending_of(kernel_call const& call) {
    if constexpr (inlay::detail::takes_ending<Operator>()) return {call.epilogue->ending};
    else return {};
  }
};

template <class Operator, class List> struct first_alike;
template <class Operator, class First, class... Rest>
struct first_alike<Operator, operator_list<First, Rest...>> {
  static constexpr bool is_alike() {
    if constexpr (requires { typename Operator::kernel; } && requires { typename First::kernel; }) {
      return std::is_same_v<typename Operator::kernel, typename First::kernel>;
    } else {
      return std::is_same_v<Operator, First>;
    }
  }
  using type = typename std::conditional_t<is_alike(), inlay::detail::type_tag<First>,
                                           first_alike<Operator, operator_list<Rest...>>>::type;
};
template <class Operator> struct first_alike<Operator, operator_list<>> {
  using type = Operator;
};
/// The first operator with the same kernel: they share its code.
template <class Operator> using coded_as = typename first_alike<Operator, operators>::type;

/// Of which elements the code does the same.
template <class Operator, class T> constexpr auto find_coded_element() {
  if constexpr (requires { requires Operator::kernel::moves_bits; }) {
    return inlay::detail::bits_of_size<T>{};
  } else {
    return T{};
  }
}
template <class Operator, class T>
using coded_element = decltype(find_coded_element<Operator, T>());

/// Whether an operator's kernel computes in tiles.
template <class Operator> constexpr bool has_tiles() {
  if constexpr (requires { typename Operator::kernel; }) {
    return requires { &Operator::kernel::product; };
  } else {
    return false;
  }
}

template <class Operator, class T, class S> struct kernel_choice {
  static kernel_function choose(kernel_call const& call) {
    if constexpr (has_tiles<Operator>()) {
      auto const kernel = kernel_of<Operator>(call.words);
      auto const& x = call.forms[0];
      auto const& y = call.forms[step_inputs<Operator>() + call.epilogue->others];
      auto product = product_of_step(kernel, shape_of(x.extents, x.rank),
                                     shape_of(y.extents, y.rank), call.epilogue->is_pooled);
      product.is_contiguous = has_contiguous_columns(kernel, call.forms[1], y.rank);
      return of_product(product, std::make_index_sequence<tiles.count>{});
    } else if constexpr (inlay::detail::is_elementwise<Operator>()) {
      return &element_chain<S>::run;
    } else {
      using code = kernel_code<Operator, T, S, tile_shape{}>;
      if constexpr (inlay::detail::takes_reader<Operator>()) {
        if (call.epilogue->readers.count != 0) return &code::run_reading;
      }
      return &code::run;
    }
  }

 private:
  /// Whether the columns of the right-hand side are, packed or not, next to each other.
  template <class Kernel>
  static bool has_contiguous_columns(Kernel const& kernel, tensor_form const& form,
                                     std::uint8_t rank) {
    if (form.rank > rank) return true;
    auto const right =
        kernel.right(shape_of(form.extents, form.rank), shape_of(form.strides, form.rank));
    return right.strides[static_cast<int>(right.columns)] == 1;
  }

  static constexpr auto tiles = [] {
    if constexpr (has_tiles<Operator>()) {
      constexpr auto kind = kind_of_products<typename Operator::kernel>();
      return tiles_for<T>(kind, S::template width<T>);
    } else {
      return tile_list{};
    }
  }();

  template <std::size_t... Tile>
  static kernel_function of_product(product_extents const& product, std::index_sequence<Tile...>) {
    static constexpr kernel_function functions[] = {
        &kernel_code<Operator, T, S, tiles.at[Tile]>::run...};
    return functions[quickest_tile(tiles, product, int{sizeof(T)})];
  }
};

template <class S, class Operator, class... T>
constexpr void add_entries(kernel_entry*& to, type_list<T...>) {
  ((*to++ = {static_cast<std::uint16_t>(id_of<Operator>), static_cast<std::uint8_t>(element_of<T>),
             &kernel_choice<coded_as<Operator>, coded_element<Operator, T>, S>::choose}),
   ...);
}

/// Adds the code of an operator as a link, if it computes element by element.
template <class S, class Operator, class... Form>
constexpr void add_strips(strip_entry*& to, type_list<Form...>) {
  if constexpr (inlay::detail::is_elementwise<Operator>()) {
    ((*to++ = {static_cast<std::uint16_t>(id_of<Operator>),
               static_cast<std::uint8_t>(Form::types.from),
               static_cast<std::uint8_t>(Form::types.to),
               &strip_code<Operator, inlay::detail::coded_form<Operator, Form>, S>::run}),
     ...);
  }
}

/// The kernels of the operators of a list.
template <class S, class List> struct family;
template <class S, class... Operator> struct family<S, operator_list<Operator...>> {
  static constexpr std::size_t count = (Operator::types::size + ...);
  struct entry_array {
    kernel_entry at[count];
  };
  static constexpr entry_array entries = [] {
    entry_array all{};
    auto* to = all.at;
    (add_entries<S, Operator>(to, typename Operator::types{}), ...);
    return all;
  }();

  static constexpr std::size_t strip_count =
      (std::size_t{0} + ... +
       (inlay::detail::is_elementwise<Operator>() ? inlay::detail::forms_of<Operator>::size : 0));
  struct strip_array {
    strip_entry at[strip_count + 1];
  };
  static constexpr strip_array strips = [] {
    strip_array all{};
    auto* to = all.at;
    (add_strips<S, Operator>(to, inlay::detail::forms_of<Operator>{}), ...);
    return all;
  }();
};

}  // namespace interpreter_code

INLAY_END_TARGET
