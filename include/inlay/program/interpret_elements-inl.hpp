// Steps of element operators in the scalar interpreter.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/element_type.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/element_code-inl.hpp"
#include "inlay/program/link_chain.hpp"
#include "inlay/program/program.hpp"

INLAY_BEGIN_TARGET

/// Runs chains of operators that go element by element, of any element types. A run of elements
/// goes through each operator before the next one does.
template <class Memory> class element_interpreter {
 public:
  /// A step that is one.
  static constexpr void run(program const& p, step const& s, Memory& memory) {
    auto const& what = p.structures[s.structure];
    auto const count = what.layouts.count - 1;
    auto const* const locations = p.locations.data() + s.locations.first;
    auto const chain =
        chain_of(what, p.words.data() + what.words.first, p.links.data() + what.links.first,
                 entry_of<Memory>(what.op).operands);
    auto const* const layouts = p.layouts.data() + what.layouts.first;
    with_type(layouts[count].element, stored_types{}, [&]<class T>(T) {
      run(chain, {layouts, count}, layouts[count], locations, memory,
          memory.template write<T>(locations[count]));
    });
  }
  /// What a chain makes of tensors, at `output`.
  template <class T>
  static constexpr void run(link_chain const& chain, span<layout const> tensors, layout const& to,
                            location const* locations, Memory& memory, T* output) {
    if (elements_of(to.extents) == 0) return;
    element_interpreter(chain, tensors, locations, memory).run(to, output);
  }

 private:
  static constexpr std::int64_t most_in_run = 64;

  constexpr element_interpreter(link_chain const& chain, span<layout const> tensors,
                                location const* locations, Memory& memory)
      : memory_(&memory), locations_(locations), tensors_(tensors), chain_(&chain) {
    for (std::size_t i = 0; i < chain.count; ++i) {
      codes_[i] = find_element_code<Memory>(chain.of[i].op, chain.of[i].types);
    }
  }

  template <class T> constexpr void run(layout const& to, T* output) {
    int const outer = to.extents.size() - 1;
    auto const length = to.extents[outer];
    run_ = length < most_in_run ? length : most_in_run;
    strips_ = vector<any_number>((tensors_.size() + chain_->count) * static_cast<std::size_t>(run_),
                                 any_number{});
    host::loop_nest(to.extents, outer, [&](auto const* at) {
      for (std::int64_t first = 0; first < length; first += run_) {
        auto const left = length - first;
        auto const count = left < run_ ? left : run_;
        run_elements(at, outer, first, count);
        auto const* const from = strip(tensors_.size() + chain_->count - 1);
        auto place = place_of(to, at, outer, first);
        for (std::int64_t i = 0; i < count; ++i, place += to.strides[outer]) {
          output[place] = from[i].template as<T>();
        }
      }
    });
  }

  constexpr void run_elements(std::int64_t const* at, int outer, std::int64_t first,
                              std::int64_t count) {
    for (std::size_t k = 0; k < tensors_.size(); ++k) {
      auto const& t = tensors_[k];
      auto* const to = strip(k);
      with_type(t.element, stored_types{}, [&]<class T>(T) {
        auto const* const from = memory_->template read<T>(locations_[k]);
        auto place = place_of(t, at, outer, first);
        for (std::int64_t i = 0; i < count; ++i, place += t.strides[outer]) {
          to[i] = any_number::of(from[place]);
        }
      });
    }
    for (std::size_t i = 0; i < chain_->count; ++i) run_link(i, count);
  }

  constexpr void run_link(std::size_t number, std::int64_t count) {
    auto const& l = chain_->of[number];
    auto const code = codes_[number];
    auto const* const words = l.words.of;
    any_number const* from[most_operands]{};
    auto const operands = l.operands.count;
    for (std::uint32_t k = 0; k < operands; ++k) {
      auto const operand = l.operands.of[k];
      from[k] = strip(operand < 0 ? static_cast<std::size_t>(-1 - operand)
                                  : tensors_.size() + static_cast<std::size_t>(operand) - 1);
    }
    auto* const to = strip(tensors_.size() + number);
    any_number read[most_operands]{};
    for (std::int64_t i = 0; i < count; ++i) {
      for (std::uint32_t k = 0; k < operands; ++k) read[k] = from[k][i];
      to[i] = code(words, read);
    }
  }

  /// The tensors, then what each link makes.
  constexpr any_number* strip(std::size_t number) {
    return strips_.data() + number * static_cast<std::size_t>(run_);
  }
  static constexpr std::int64_t place_of(layout const& t, std::int64_t const* at, int outer,
                                         std::int64_t first) {
    auto place = first * t.strides[outer];
    for (int i = 0; i < outer; ++i) place += at[i] * t.strides[i];
    return place;
  }

  Memory* memory_;
  location const* locations_;
  span<layout const> tensors_;
  link_chain const* chain_;
  element_code codes_[most_links + 1]{};
  std::int64_t run_ = 0;
  vector<any_number> strips_;
};

INLAY_END_TARGET
