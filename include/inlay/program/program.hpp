// The program: kernels in order, over offsets into one arena.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/error.hpp"
#include "inlay/core/frozen.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/node.hpp"
#include "inlay/kernel/panels.hpp"
#include "inlay/op/lowering.hpp"

namespace inlay::inline INLAY_VERSION {

/// Where a tensor is.
enum class place : std::uint8_t {
  nowhere,  // an optional tensor that is left out
  arena,    // at `offset` bytes
  weights,  // at `offset` bytes in the pool of its element type
  input,    // what the caller gave as input `port`
  output,   // what the caller reads as output `port`
};

struct location {
  place where = place::nowhere;
  std::uint32_t port = 0;
  std::int64_t offset = 0;
};

/// A group has at most so many links, each of at most so many operands, and reads at most so many
/// other tensors.
inline constexpr std::size_t most_links = 12;
inline constexpr std::uint32_t most_operands = 3;
inline constexpr std::size_t most_others = 6;

/// What a link reads: the kernel's result (0) and those of the links (1, …), or other tensors (-1,
/// -2, …).
struct link_operands {
  std::int32_t of[most_operands]{};
  std::uint32_t count = 0;

  /// How many other tensors there are, up to the last one that is read.
  constexpr std::uint32_t tensors() const {
    std::int32_t most = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (-of[i] > most) most = -of[i];
    }
    return static_cast<std::uint32_t>(most);
  }
  friend constexpr bool operator==(link_operands const&, link_operands const&) = default;
};

/// An element operator that is applied to what a kernel computes before it is stored, or to what it
/// reads.
struct link {
  operator_id op = operator_id::unlisted;
  element_types types;
  link_operands operands;
  element_words words;
  friend constexpr bool operator==(link const&, link const&) = default;
};

/// What a step computes, without where: an operator, how its tensors lie in memory, its parameters.
/// Equal structures share one body of code.
struct structure {
  operator_id op = operator_id::unlisted;
  element_types types;
  range layouts;  // in `program::layouts`: inputs, those of the links, then outputs
  range words;    // in `program::words`
  range links;    // in `program::links`
  /// In `program::links`, too: what makes the kernel's first input of other tensors (-1, -2, …),
  /// which stand where that would.
  range readers;
  /// What is computed of the results: a largest pooling of 2x2 before they are stored, or a
  /// normalization of their rows.
  operator_id ending = operator_id::unlisted;
  /// A bit each of the words: other extents of the first input may change it. None where the
  /// program is for these alone.
  std::uint32_t sized_words = 0;
  std::int64_t multiply_adds = 0;
};

/// One kernel applied to tensors.
struct step {
  std::uint32_t structure = 0;
  range locations;         // in `program::locations`, one a layout
  std::uint32_t node = 0;  // of the graph it came from
};

/// An input or output of the whole program.
struct port {
  string_view name;
  tensor_type type;
};

inline constexpr std::uint32_t not_packed = 0xffff'ffff;

/// A constant that some step reads: its elements one after the other, or in panels.
struct weight {
  element_type element = element_type::undefined;
  std::int64_t offset = 0;  // in the pool of its element type, in bytes
  constant elements;
  std::uint32_t packing = not_packed;  // in `program::packings`
};

/// Bytes in the pool of each element type.
struct pool_sizes {
  std::int64_t bytes[element_type_count]{};
  constexpr std::int64_t operator[](element_type e) const {
    return bytes[static_cast<std::size_t>(e)];
  }
};

/// Tensors start at multiples of this many bytes.
inline constexpr std::int64_t tensor_alignment = 64;

/// What there is of a program besides its arrays.
struct program_facts {
  std::int64_t arena_bytes = 0;
  std::int64_t multiply_adds = 0;
  pool_sizes pools;
  error failure;
  std::int64_t live_bytes = 0;  // the largest sum of tensors of the arena that live at once
};

struct program : program_facts {
  vector<structure> structures;
  vector<layout> layouts;
  vector<std::int64_t> words;
  vector<link> links;
  vector<step> steps;
  vector<location> locations;
  vector<port> inputs;
  vector<port> outputs;
  vector<weight> weights;
  vector<right_operand> packings;
  vector<char> storage;  // bytes of weights that no file holds
  /// Steps behind each other that may run at the same time, all of them; empty where each step runs
  /// alone.
  vector<range> groups;
};

/// What a program may be made of.
struct lower_options {
  bool fuses = true;  // nodes that can be computed together are
  /// Rows of fewer elements are stored before a kernel reads them, whatever makes them.
  std::int64_t least_read_row = 1;
  /// Of other extents, steps are to be the same ones: images have the widest borders that windows
  /// over any extents need, and nothing is fused that only some extents allow.
  bool serves_all_extents = false;
  /// The most bytes that the arena may have.
  std::int64_t most_arena_bytes = INT64_MAX;
};

/// What `freeze` keeps of a program.
struct program_arrays
    : member_list<&program::structures, &program::layouts, &program::words, &program::links,
                  &program::steps, &program::locations, &program::inputs, &program::outputs,
                  &program::weights, &program::packings, &program::storage> {};

}  // namespace inlay::inline INLAY_VERSION
