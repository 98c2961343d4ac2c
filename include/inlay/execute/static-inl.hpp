// The static executor: a network's program as straight code.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/core/any_pointer.hpp"
#include "inlay/core/frozen.hpp"
#include "inlay/core/pack.hpp"
#include "inlay/graph/freeze.hpp"
#include "inlay/op/list.hpp"
#include "inlay/pass/optimize.hpp"
#include "inlay/program/arena-inl.hpp"
#include "inlay/program/copy_weight.hpp"
#include "inlay/program/freeze.hpp"
#include "inlay/program/link_chain.hpp"
#include "inlay/program/lower.hpp"
#include "inlay/program/run_step-inl.hpp"
#include "inlay/program/tape-inl.hpp"
#include "inlay/stage/scalar.hpp"

namespace inlay::inline INLAY_VERSION {

/// A network's graph as it was built, its optimised graph, and its program, as constants. Each
/// starts from the one before: compilers limit the length of one constant evaluation.
template <auto const& Network> using built_graph = frozen_graph<Network, expected_graph<Network>>;

template <auto const& Network>
inline constexpr auto optimize_network = [] {
  constexpr bool folds = has_constant_nodes(
      thaw<built_graph<Network>,
           member_list<&graph::values, &graph::nodes, &graph::operands, &graph::functions>>());
  return optimize<folds>(thaw<built_graph<Network>>());
};
template <auto const& Network>
using optimized_graph = frozen_graph<optimize_network<Network>, built_graph<Network>>;

template <auto const& Network>
inline constexpr auto lower_network = [] { return lower(thaw<optimized_graph<Network>>()); };
template <auto const& Network>
using network_program = frozen_program<lower_network<Network>, optimized_graph<Network>>;

/// The elements of a program's weights of one type, as the kernels read them.
template <class Program, class T> struct weight_pool {
  static constexpr std::size_t size =
      static_cast<std::size_t>(Program::facts.pools[element_of<T>]) / sizeof(T);

  alignas(tensor_alignment) static constexpr frozen_vector<T, size> elements = [] {
    frozen_vector<T, size> pool;
    auto const storage = Program::template get<&program::storage>();
    auto const packings = Program::template get<&program::packings>();
    for (auto const& w : Program::template get<&program::weights>()) {
      if (w.element != element_of<T>) continue;
      copy_weight(w, packings, storage.data(),
                  pool.elements + static_cast<std::size_t>(w.offset) / sizeof(T));
    }
    return pool;
  }();
};

}  // namespace inlay::inline INLAY_VERSION

INLAY_BEGIN_TARGET

/// The code of one structure: everything but the addresses is a constant. Named by program and
/// index, so that its symbols stay short. A constant expression computes with the scalar stage.
template <class Program, std::size_t Structure, class Stage> struct step_code {
  static constexpr structure what = Program::template get<&program::structures>()[Structure];
  using operator_type = operator_of<what.op>;
  /// What makes the first input of the kernel, and how many tensors there are instead of it.
  struct readers {
    static constexpr link_chain value =
        readers_of(what, Program::template get<&program::links>().data());
  };
  static constexpr bool has_readers = what.readers.count != 0;
  static constexpr std::size_t count_read_tensors() {
    if constexpr (has_readers) return readers::value.tensors();
    else return 1;
  }
  static constexpr std::size_t read_tensors = count_read_tensors();
  static constexpr std::size_t inputs = step_inputs<operator_type>() - 1 + read_tensors;
  static constexpr std::size_t others = what.layouts.count - 1 - inputs;
  /// The element operators behind it.
  struct links {
    static constexpr span<link const> value{
        Program::template get<&program::links>().data() + what.links.first, what.links.count};
  };

  template <std::size_t I>
  static constexpr layout layout_at =
      Program::template get<&program::layouts>()[what.layouts.first + I];
  static constexpr auto kernel =
      kernel_of<operator_type>(Program::template get<&program::words>().data() + what.words.first);
  /// Of the kernel's first input.
  using element = stored_type<layout_at<has_readers ? what.layouts.count - 1 : 0>.element>;
  template <std::size_t I> static constexpr auto find_element() {
    // A tensor that is left out has no type.
    constexpr auto e = layout_at<I>.element;
    if constexpr (e == element_type::undefined) return element{};
    else return stored_type<e>{};
  }
  template <std::size_t I> using element_at = decltype(find_element<I>());
  using result = element_at<what.layouts.count - 1>;

  /// Runs the step on the tensors that `locations` names.
  template <class Memory> static constexpr void run(Memory& memory, location const* locations) {
    run(memory, locations, std::make_index_sequence<inputs + others>{});
  }

 private:
  template <class Memory, std::size_t... Input>
  static constexpr void run(Memory& memory, location const* locations,
                            std::index_sequence<Input...>) {
    auto* const output = memory.template write<result>(locations[inputs + others]);
    pack<element_at<Input> const*...> const tensors(
        memory.template read<element_at<Input>>(locations[Input])...);
    if constexpr (inlay::detail::is_elementwise<operator_type>()) {
      constexpr std::index_sequence<Input...> all;
      if (std::is_constant_evaluated()) compute_elements<scalar>(all, output, tensors);
      else compute_elements<Stage>(all, output, tensors);
    } else {
      constexpr std::make_index_sequence<inputs - read_tensors> own;
      if (std::is_constant_evaluated()) compute_on<scalar>(own, output, tensors);
      else compute_on<Stage>(own, output, tensors);
    }
  }

  /// The element operators of the step, all of them.
  struct chain {
    static constexpr link_chain value =
        chain_of(what, Program::template get<&program::words>().data() + what.words.first,
                 links::value.data(), static_cast<int>(inputs));
  };
  template <class S, class Tensors, std::size_t... Input>
  INLAY_KERNEL static constexpr void compute_elements(std::index_sequence<Input...>, result* output,
                                                      Tensors const& tensors) {
    constexpr auto const& y = layout_at<inputs + others>;
    using lane = stored_type<chain::value.widest()>;
    if (elements_of(y.extents) == 0) return;
    S s;
    auto const compute = [&](auto const&... element) INLAY_INLINE_LAMBDA {
      return static_chain<chain>::apply(s, pack{element...});
    };
    each_element<lane>(s, compute, tensor<result>{output, y.extents, y.strides},
                       tensor_at<Input>(tensors)...);
  }

  template <class S, class Tensors, std::size_t... Input>
  INLAY_KERNEL static constexpr void compute_on(std::index_sequence<Input...>, result* output,
                                                Tensors const& tensors) {
    constexpr auto const& y = layout_at<inputs + others>;
    constexpr auto tile = tile_of_step<element, S>(kernel, layout_at<0>.extents, y.extents,
                                                   what.ending == id_of<op::max_pool>);
    S s;
    tensor<result> const to{output, y.extents, y.strides};
    run_step<operator_type, element, tile>(s, kernel, with_epilogue(to, tensors),
                                           first_input(tensors),
                                           tensor_at<read_tensors + Input>(tensors)...);
  }
  template <class Tensors> INLAY_INLINE static constexpr auto first_input(Tensors const& tensors) {
    if constexpr (!has_readers) {
      return tensor_at<0>(tensors);
    } else {
      return [&]<std::size_t... Input>(std::index_sequence<Input...>) INLAY_INLINE_LAMBDA {
        return chain_reader<readers, step_code, element_at<Input>...>{layout_at<0>.extents,
                                                                      pack{get<Input>(tensors)...}};
      }(std::make_index_sequence<read_tensors>{});
    }
  }
  template <std::size_t I, class Tensors>
  INLAY_INLINE static constexpr auto tensor_at(Tensors const& tensors) {
    return tensor<element_at<I> const>{get<I>(tensors), layout_at<I>.extents, layout_at<I>.strides};
  }
  template <std::size_t I> static constexpr bool is_condition() {
    return std::is_same_v<element_at<I>, bool>;
  }
  template <std::size_t Other, class All, class Tensors>
  INLAY_INLINE static constexpr void take_other(All& all, Tensors const& tensors) {
    auto const t = tensor_at<inputs + Other>(tensors);
    if constexpr (is_condition<inputs + Other>()) all.set_condition(int{Other}, t);
    else all.others[Other] = t;
  }
  /// The output, as a kernel that takes no tape sees it too.
  template <class Tensors>
  INLAY_INLINE static constexpr auto with_epilogue(tensor<result> const& to,
                                                   Tensors const& tensors) {
    if constexpr (what.links.count == 0 && what.ending == operator_id::unlisted) {
      return to;
    } else {
      using ending = ending_of<what.ending>;
      return [&]<std::size_t... Other>(std::index_sequence<Other...>) INLAY_INLINE_LAMBDA {
        constexpr bool has_conditions = (is_condition<inputs + Other>() || ...);
        results<result, static_tape<links>, static_cast<int>(others), ending, host_memory,
                has_conditions>
            all{to};
        (take_other<Other>(all, tensors), ...);
        return all;
      }(std::make_index_sequence<others>{});
    }
  }
};

/// What a running program reads and writes: the arena, and what the caller gave, in the order of
/// the inputs and outputs.
template <class Program, class Arena> struct program_memory {
  Arena& arena;
  input_pointer const* inputs;
  output_pointer const* outputs;

  template <class T> INLAY_INLINE constexpr T const* read(location const& l) {
    switch (l.where) {
      case place::weights: return weight_pool<Program, T>::elements.data() + elements_before<T>(l);
      case place::input: return inputs[l.port].template as<T const>() + elements_before<T>(l);
      default: return write<T>(l);
    }
  }
  template <class T> INLAY_INLINE constexpr T* write(location const& l) {
    switch (l.where) {
      case place::arena: return arena.template at<T>(l.offset);
      case place::output: return outputs[l.port].template as<T>() + elements_before<T>(l);
      default: return nullptr;
    }
  }

 private:
  template <class T> static constexpr std::size_t elements_before(location const& l) {
    return static_cast<std::size_t>(l.offset) / sizeof(T);
  }
};

/// Where each step finds its code and its tensors, apart from the rest of the program: a compiler
/// reads an element of a small array quickly.
template <class Program> struct step_table {
  static constexpr std::size_t size = Program::template get<&program::steps>().size();
  struct entry {
    std::uint32_t structure;
    std::uint32_t first_location;
  };
  static constexpr frozen_vector<entry, size> entries = [] {
    frozen_vector<entry, size> table;
    auto* to = table.elements;
    for (auto const& s : Program::template get<&program::steps>()) {
      *to++ = {s.structure, s.locations.first};
    }
    return table;
  }();
  static constexpr auto locations = [] {
    constexpr auto from = Program::template get<&program::locations>();
    frozen_vector<location, from.size()> table;
    for (std::size_t i = 0; i < from.size(); ++i) table.elements[i] = from[i];
    return table;
  }();
};

/// Runs all steps of a program, in straight code.
template <class Program, class Memory, class Stage> class static_executor {
  using table = step_table<Program>;
  static constexpr std::size_t chunk = 64;

 public:
  static constexpr void run(Memory& memory) {
    run_chunks(memory, std::make_index_sequence<(table::size + chunk - 1) / chunk>{});
  }

 private:
  // In chunks: a compiler's time grows faster than the length of a function.
  template <std::size_t... Chunk>
  static constexpr void run_chunks(Memory& memory, std::index_sequence<Chunk...>) {
    (run_chunk<Chunk * chunk>(
         memory, std::make_index_sequence<(
                     table::size - Chunk * chunk < chunk ? table::size - Chunk * chunk : chunk)>{}),
     ...);
  }
  template <std::size_t First, std::size_t... Step>
  static constexpr void run_chunk(Memory& memory, std::index_sequence<Step...>) {
    (step_code<Program, table::entries.elements[First + Step].structure, Stage>::run(
         memory, table::locations.elements + table::entries.elements[First + Step].first_location),
     ...);
  }
};

INLAY_END_TARGET
