// The scalar interpreter, over any memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <utility>

#include "inlay/op/list.hpp"
#include "inlay/program/interpret_elements-inl.hpp"
#include "inlay/program/program.hpp"
#include "inlay/program/run_step-inl.hpp"
#include "inlay/program/tape-inl.hpp"
#include "inlay/stage/scalar.hpp"

INLAY_BEGIN_TARGET

/// Runs every step of a program in turn, on tensors that `memory` finds by location. No code is
/// compiled for kernels with links or an ending where `Memory::has_epilogues` is false.
template <class Memory> class scalar_interpreter {
 public:
  static constexpr void run(program const& p, Memory& memory) {
    for (auto const& s : p.steps) run_step(p, s, memory);
  }
  static constexpr void run_step(program const& p, step const& s, Memory& memory) {
    if (entry_of<Memory>(p.structures[s.structure].op).is_elementwise) {
      element_interpreter<Memory>::run(p, s, memory);
    } else {
      run_operators(p, s, memory, operators{});
    }
  }

 private:
  template <class... Operator>
  static constexpr void run_operators(program const& p, step const& s, Memory& memory,
                                      operator_list<Operator...>) {
    auto const op = p.structures[s.structure].op;
    static_cast<void>(((op == id_of<Operator> &&
                        (run_types<Operator>(p, s, memory, typename Operator::types{}), true)) ||
                       ...));
  }
  template <class Operator, class... T>
  static constexpr void run_types(program const& p, step const& s, Memory& memory,
                                  type_list<T...>) {
    if constexpr (inlay::detail::is_step<Operator>() &&
                  !inlay::detail::is_elementwise<Operator>()) {
      auto const& what = p.structures[s.structure];
      // Tensors that are read instead of the first one may have other elements.
      auto const first = what.readers.count == 0 ? 0 : what.layouts.count - 1;
      auto const element = p.layouts[what.layouts.first + first].element;
      using inputs = std::make_index_sequence<static_cast<std::size_t>(step_inputs<Operator>())>;
      static_cast<void>(
          ((element == element_of<T> && (run_tensors<Operator, T>(p, s, memory, inputs{}), true)) ||
           ...));
    }
  }
  template <class Operator, class T, std::size_t... Input>
  static constexpr void run_tensors(program const& p, step const& s, Memory& memory,
                                    std::index_sequence<Input...>) {
    auto const& what = p.structures[s.structure];
    auto const* const layouts = p.layouts.data() + what.layouts.first;
    auto const* const locations = p.locations.data() + s.locations.first;
    auto const kernel = kernel_of<Operator>(p.words.data() + what.words.first);
    auto const output = what.layouts.count - 1;
    // Tensors that are read instead of the first one are made one of.
    auto const more = tensors_more(what, p.links.data());
    vector<T> made;
    if (what.readers.count != 0) make_first_input(p, what, locations, memory, made);
    auto const tensor_at = [&]<class E>(std::size_t i, E) {
      if constexpr (std::is_same_v<E, T>) {
        if (i == 0 && !made.empty()) {
          // What works in place sees both alike.
          constexpr bool is_alike = requires { &Operator::kernel::works_in_place; };
          return contiguous(made.data(), layouts[is_alike ? output : 0].extents);
        }
      }
      auto const k = i == 0 ? 0 : i + more;
      return tensor<E const>{memory.template read<E>(locations[k]), layouts[k].extents,
                             layouts[k].strides};
    };
    tensor<T> const y{memory.template write<T>(locations[output]), layouts[output].extents,
                      layouts[output].strides};
    scalar stage;
    if constexpr (inlay::detail::takes_tape<Operator>() && has_epilogues()) {
      if (what.links.count != 0 || what.ending != operator_id::unlisted) {
        dynamic_tape const tape({p.links.data() + what.links.first, what.links.count},
                                &find_element_code<Memory>);
        constexpr int others = most_others;
        constexpr bool has_conditions = inlay::detail::takes_conditions<Operator>();
        results<T, dynamic_tape, others, dynamic_ending, host_memory, has_conditions> to{
            y, tape, dynamic_ending(what.ending)};
        for (std::size_t i = sizeof...(Input); i + more < output; ++i) {
          auto const k = static_cast<int>(i - sizeof...(Input));
          if constexpr (has_conditions) {
            if (layouts[i + more].element == element_type::boolean) {
              to.set_condition(k, tensor_at(i, bool{}));
              continue;
            }
          }
          to.others[k] = tensor_at(i, T{});
        }
        if constexpr (can_pool<Operator>()) {
          if (what.ending == id_of<op::max_pool>) {
            return inlay::run_step<Operator, T, pooled_tile>(
                stage, kernel, to, tensor_at(Input, step_input<Operator, Input, T>{})...);
          }
        }
        return inlay::run_step<Operator, T>(stage, kernel, to,
                                            tensor_at(Input, step_input<Operator, Input, T>{})...);
      }
    }
    inlay::run_step<Operator, T>(stage, kernel, y,
                                 tensor_at(Input, step_input<Operator, Input, T>{})...);
  }
  template <class T>
  static constexpr void make_first_input(program const& p, structure const& what,
                                         location const* locations, Memory& memory,
                                         vector<T>& made) {
    auto const chain = readers_of(what, p.links.data());
    auto const* const layouts = p.layouts.data() + what.layouts.first;
    layout const to(element_of<T>, layouts[0].extents);
    made = vector<T>(static_cast<std::size_t>(elements_of(to.extents)), T{});
    element_interpreter<Memory>::run(chain, {layouts, chain.tensors()}, to, locations, memory,
                                     made.data());
  }
  template <class T> static constexpr tensor<T const> contiguous(T const* data, shape const& s) {
    return {data, s, contiguous_strides(s)};
  }
  static constexpr bool has_epilogues() {
    if constexpr (requires { Memory::has_epilogues; }) return Memory::has_epilogues;
    else return true;
  }
  template <class Operator> static constexpr bool can_pool() {
    return inlay::detail::find_can_pool<Operator>() != nullptr;
  }
  static constexpr tile_shape pooled_tile =
      choose_tile({.rows = 4, .columns = 1, .is_inside = true, .is_pooled = true},
                  scalar::width<float>, scalar::registers);
};

INLAY_END_TARGET
