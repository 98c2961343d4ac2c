// The scalar interpreter: a program step by step, without a compiler.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "inlay/core/vector.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/arena-inl.hpp"
#include "inlay/program/program.hpp"
#include "inlay/program/run_step-inl.hpp"
#include "inlay/stage/scalar.hpp"

INLAY_BEGIN_TARGET

/// The memory of a program at run time, on the heap.
class heap_memory {
 public:
  /// `inputs` and `outputs` point to the tensors of the program's ports, contiguous.
  heap_memory(program const& p, span<void const* const> inputs, span<void* const> outputs)
      : inputs_(inputs), outputs_(outputs), arena_(words(p.arena_bytes), word{}) {
    for (int e = 0; e < element_type_count; ++e) {
      pools_[e] = vector<word>(words(p.pools.bytes[e]), word{});
    }
    for (auto const& w : p.weights) {
      auto const bytes = w.elements.bytes_in(p.storage.data());
      auto* to = reinterpret_cast<char*>(pools_[static_cast<std::size_t>(w.element)].data());
      for (std::size_t i = 0; i < bytes.size(); ++i)
        to[static_cast<std::size_t>(w.offset) + i] = bytes[i];
    }
  }

  template <class T> T const* read(location const& l) {
    switch (l.where) {
      case place::weights: {
        auto const& pool = pools_[static_cast<std::size_t>(element_of<T>)];
        return reinterpret_cast<T const*>(pool.data()) +
               static_cast<std::size_t>(l.offset) / sizeof(T);
      }
      case place::input: return static_cast<T const*>(inputs_[l.port]);
      default: return write<T>(l);
    }
  }
  template <class T> T* write(location const& l) {
    switch (l.where) {
      case place::arena:
        return reinterpret_cast<T*>(arena_.data()) + static_cast<std::size_t>(l.offset) / sizeof(T);
      case place::output: return static_cast<T*>(outputs_[l.port]);
      default: return nullptr;
    }
  }

 private:
  struct alignas(tensor_alignment) word {
    std::byte bytes[tensor_alignment];
  };
  static std::size_t words(std::int64_t bytes) {
    return static_cast<std::size_t>(bytes) / sizeof(word);
  }

  span<void const* const> inputs_;
  span<void* const> outputs_;
  vector<word> arena_;
  vector<word> pools_[element_type_count];
};

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
    run_step<Operator, T>(stage, p.words.data() + what.words.first,
                          tensor<T>{memory.template write<T>(locations[output]),
                                    layouts[output].extents, layouts[output].strides},
                          tensor<T const>{memory.template read<T>(locations[Input]),
                                          layouts[Input].extents, layouts[Input].strides}...);
  }
};

/// Runs a program; inputs and outputs in the order of its ports, contiguous.
inline void interpret(program const& p, span<void const* const> inputs, span<void* const> outputs) {
  heap_memory memory(p, inputs, outputs);
  interpreter<heap_memory>::run(p, memory);
}

INLAY_END_TARGET
