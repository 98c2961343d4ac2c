// The scalar interpreter, over any memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <utility>

#include "inlay/op/list.hpp"
#include "inlay/program/program.hpp"
#include "inlay/program/run_step-inl.hpp"
#include "inlay/stage/scalar.hpp"

INLAY_BEGIN_TARGET

/// Runs every step of a program in turn, on tensors that `memory` finds by location.
template <class Memory> class interpreter {
 public:
  static constexpr void run(program const& p, Memory& memory) {
    for (auto const& s : p.steps) run_operators(p, s, memory, operators{});
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
    // A view is no step: its elements are where its input's are.
    if constexpr (!inlay::detail::is_view<Operator>()) {
      auto const element = p.layouts[p.structures[s.structure].layouts.first].element;
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
    constexpr std::size_t output = sizeof...(Input);
    scalar stage;
    run_step<Operator, T>(stage, kernel_of<Operator>(p.words.data() + what.words.first),
                          tensor<T>{memory.template write<T>(locations[output]),
                                    layouts[output].extents, layouts[output].strides},
                          tensor<T const>{memory.template read<T>(locations[Input]),
                                          layouts[Input].extents, layouts[Input].strides}...);
  }
};

INLAY_END_TARGET
