// What writes the code that a kernel stands for: an instruction at a time, in loops and branches.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/config.hpp"
#include "inlay/core/element_type.hpp"
#include "inlay/core/span.hpp"

namespace inlay::inline INLAY_VERSION {

/// Something that the code computes: a vector, a mask, an index, a pointer. Only the emitter knows
/// what stands behind it.
using emitted = void*;

/// A vector's elements, and how many there are.
struct vector_type {
  element_type element = element_type::undefined;
  int lanes = 1;
};

enum class unary_operation : std::uint8_t {
  absolute,
  negate,
  complement,
  square_root,
  nearest,
  floor,
  ceil
};

enum class binary_operation : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  larger,
  smaller,
  copy_sign,
  bit_and,
  bit_or,
  bit_xor,
  shift_left,
  shift_right
};

enum class comparison : std::uint8_t { equal, less, less_or_equal, unordered };

enum class index_operation : std::uint8_t { add, subtract, multiply, divide, larger, smaller };

/// Some lanes of a vector: the first `count`, or all where that is null.
struct lane_run {
  int lanes = 1;
  emitted count = nullptr;
};

/// How many elements lie from one to the next: a number, or what the code knows if that is not
/// null.
struct element_distance {
  std::int64_t constant = 0;
  emitted variable = nullptr;

  friend bool operator==(element_distance const& a, std::int64_t b) {
    return a.variable == nullptr && a.constant == b;
  }
};

/// Writes code. Numbers compute as the stage says (see `stage`), indices as integers of 64 bits.
/// What is emitted between `begin_…` and `end_…` is the inside of a loop or of a branch, and is
/// used nowhere else but through what `end_…` returns.
class emitter {
 public:
  // Indices.
  virtual emitted index(std::int64_t constant) = 0;
  virtual emitted index(index_operation, emitted a, emitted b) = 0;

  // Numbers. All vectors of one call are of that type.
  /// The same number in each lane, of which these are the bits.
  virtual emitted number(vector_type, std::uint64_t bits) = 0;
  /// The number nearest to an index, in each lane.
  virtual emitted number_of(vector_type, emitted index) = 0;
  virtual emitted unary(unary_operation, vector_type, emitted x) = 0;
  virtual emitted binary(binary_operation, vector_type, emitted a, emitted b) = 0;
  /// a·b + c, rounded once.
  virtual emitted fused(vector_type, emitted a, emitted b, emitted c) = 0;
  /// Of lanes of 32 bits, of which a and b hold four bytes each, those of b with a sign: to c, the
  /// four products, exactly; the sum wraps.
  virtual emitted add_byte_products(int lanes, emitted a, emitted b, emitted c) = 0;
  /// Of lanes of `from`, lanes of `to`: toward zero, or the nearest ones if it `rounds`; integers
  /// wrap.
  virtual emitted convert(vector_type from, element_type to, emitted x, bool rounds) = 0;
  /// The same bits, seen as other elements of the same size.
  virtual emitted reinterpret(vector_type to, emitted x) = 0;

  // Choices.
  virtual emitted compare(comparison, vector_type, emitted a, emitted b) = 0;
  virtual emitted select(emitted mask, emitted a, emitted b) = 0;
  /// Whether each lane is one of the first `count`.
  virtual emitted first_lanes(int lanes, emitted count) = 0;
  /// An index: 1 if the mask holds in some lane, else 0.
  virtual emitted any(emitted mask) = 0;
  /// Bytes that are 1 where the mask holds.
  virtual emitted bools(emitted mask) = 0;

  // Lanes.
  /// Lanes of one vector or two, by their numbers: those of `b` stand behind those of `a`.
  virtual emitted shuffle(emitted a, emitted b, span<int const> lanes) = 0;

  // Memory.
  /// The place `elements + constant` elements of so many bytes behind `base`; `elements` may be
  /// null.
  virtual emitted place(emitted base, emitted elements, std::int64_t constant, int bytes) = 0;
  /// Elements that lie `stride` apart; lanes that are not there are not read, and are 0.
  virtual emitted load(element_type, emitted from, element_distance stride, lane_run) = 0;
  /// An integer of 64 bits as an index.
  virtual emitted load_index(emitted from) = 0;
  virtual void store(element_type, emitted to, element_distance stride, lane_run, emitted x) = 0;
  /// Elements at these places, integers of 32 bits that count `stride` elements.
  virtual emitted gather(element_type, emitted from, emitted numbers, element_distance stride,
                         lane_run) = 0;
  /// Memory for as long as the function runs, aligned as vectors are.
  virtual emitted workspace(std::int64_t bytes) = 0;

  // Control.
  /// A loop from `begin` to below `end`, which is entered without a question if it `runs_once` at
  /// least. `carried` are replaced by what each round starts with. Returns the index.
  virtual emitted begin_loop(emitted begin, emitted end, bool runs_once, span<emitted> carried) = 0;
  /// `carried`, what a round ends with, are replaced by what the loop leaves.
  virtual void end_loop(span<emitted> carried) = 0;
  /// What follows is done if a ≤ b, what follows `begin_else` if not.
  virtual void begin_if_at_most(emitted a, emitted b) = 0;
  virtual void begin_else() = 0;
  /// What the two branches end with; `results` of the first is replaced by what has come of them.
  virtual void end_if(span<emitted> results, span<emitted const> otherwise) = 0;

 protected:
  ~emitter() = default;
};

}  // namespace inlay::inline INLAY_VERSION
