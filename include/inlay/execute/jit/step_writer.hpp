// What the code of a step is written from, and who writes it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "inlay/core/span.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/program.hpp"
#include "inlay/stage/emitting.hpp"

namespace inlay::inline INLAY_VERSION::jit {

/// The vector registers of a machine.
struct machine_registers {
  int count = 16;
  int bytes = 16;

  /// How many of them hold a vector.
  constexpr int of_vector(int vector_bytes) const {
    return vector_bytes <= bytes ? 1 : vector_bytes / bytes;
  }
};

/// Writes what an element operator with these parameters makes of vectors of so many lanes.
using link_writer = emitted (*)(emitting& s, std::int64_t const* words, emitted const* operands,
                                int lanes);

/// A link, and who writes it.
struct written_link {
  link what;
  link_writer write = nullptr;
};

/// How many tensors links read, besides results.
inline std::size_t tensors_read(std::vector<written_link> const& links) {
  std::uint32_t most = 0;
  for (auto const& l : links) most = std::max(most, l.what.operands.tensors());
  return most;
}

/// The numbers of a layout that only the code knows: a bit an axis.
struct unknown_numbers {
  std::uint8_t extents = 0;
  std::uint8_t strides = 0;

  static constexpr int image_axes = 1 << 2 | 1 << 3;  // rows and columns
};

/// Whether a kernel's parameter is one of some, which have a bit each.
constexpr bool is_word_of(std::uint32_t words, std::size_t i) {
  return i < 32 && (words >> i & 1) != 0;
}

/// How a tensor lies, as numbers of the code.
struct emitted_layout {
  emitted_numbers extents;
  emitted_numbers strides;
};

/// The tensors of a step: where each begins, null where one is left out, and how it lies; and the
/// kernel's parameters.
struct step_tensors {
  std::vector<emitted> places;
  std::vector<emitted_layout> layouts;
  std::vector<emitted_index> words;
};

/// A step: how its tensors lie, inputs and those of its links before the output; the kernel's
/// parameters; what is made of its results, and what makes its first input of other tensors. Where
/// element operators are all there is, the first one is a link too. What is unknown has the numbers
/// of an example.
struct step_form {
  std::string name;  // what it computes: "_Conv_Relu"
  span<layout const> layouts;
  std::vector<unknown_numbers> unknown;  // of each layout
  span<std::int64_t const> words;
  std::uint32_t unknown_words = 0;  // a bit each
  std::vector<written_link> links;
  std::vector<written_link> readers;
  operator_id ending = operator_id::unlisted;
  machine_registers registers;

  /// How many tensors stand where the kernel's first input would.
  std::size_t first_tensors() const { return readers.empty() ? 1 : tensors_read(readers); }
  layout const& output() const { return layouts[layouts.size() - 1]; }
};

/// Writes the code of a step.
using step_writer = void (*)(emitting& s, step_form const& form, step_tensors const& tensors);

/// Who writes the steps of an operator, for one element type, and its links.
struct step_entry {
  operator_id op = operator_id::unlisted;
  element_type element = element_type::undefined;
  step_writer write = nullptr;
};
struct link_entry {
  operator_id op = operator_id::unlisted;
  element_types types;
  link_writer write = nullptr;
};

/// The writers of some operators.
struct writer_family {
  span<step_entry const> steps;
  span<link_entry const> links;
};

}  // namespace inlay::inline INLAY_VERSION::jit
