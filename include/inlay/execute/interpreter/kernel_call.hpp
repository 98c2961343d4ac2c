// What the interpreter and its kernels, each compiled for another machine, know of each other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

/// Plain data only, without functions: both sides have the same, whatever else they are compiled
/// with.
namespace inlay::interpreter_kernels_v0_1 {

/// How a tensor lies in memory: its extents, its strides in elements, and the bytes of one.
struct tensor_form {
  std::int64_t extents[8];
  std::int64_t strides[8];
  std::uint8_t rank;
  std::uint8_t element_bytes;
};

struct kernel_call;
using kernel_function = void (*)(kernel_call const&);

/// Applies an element operator with these parameters to `count` elements of at most three operands,
/// which are next to each other; the result may stand where an operand did.
using strip_function = void (*)(void* result, void const* const* operands, std::size_t count,
                                std::int64_t const* words);

/// A link of a chain: what it reads and writes are strips, by their numbers.
struct strip_link {
  strip_function run;
  std::int64_t words[2];
  std::uint8_t operands[3];
  std::uint8_t result;
};

/// Links, the strips that tensors fill, behind strip 0, and the one that is the result.
struct strip_chain {
  strip_link const* links;
  std::uint8_t count;  // of links
  std::uint8_t others;
  std::uint8_t result;
};

/// What is made of a kernel's results before they are stored, or once whole rows are. Strip 0 holds
/// the results, those behind it the `others` tensors that links read besides.
struct kernel_epilogue : strip_chain {
  kernel_function ending;    // of rows, or null
  bool is_relu;              // the only link is Relu
  bool is_pooled;            // of 2x2 results each the largest is stored
  std::uint16_t conditions;  // which of the other tensors hold truths: a bit each
  /// What makes the kernel's first input of `others` tensors, which stand where that would, if
  /// there are links.
  strip_chain readers;
};

/// One step: the forms of its tensors, inputs before outputs, where each starts, and the kernel's
/// parameters. Behind the kernel's own inputs are those of its epilogue.
struct kernel_call {
  tensor_form const* forms;
  void const* const* inputs;
  void* output;
  std::int64_t const* words;
  kernel_epilogue const* epilogue;
};

/// The kernels of one operator for one element type: `choose` says which one suits a step, which
/// has no tensors yet.
struct kernel_entry {
  std::uint16_t op;
  std::uint8_t element;
  kernel_function (*choose)(kernel_call const&);
};

/// The code of an element operator as a link, for the element types of its operands and its result.
struct strip_entry {
  std::uint16_t op;
  std::uint8_t from;
  std::uint8_t to;
  strip_function run;
};

/// The kernels of one family for one kind of machine.
struct kernel_table {
  kernel_entry const* entries;
  std::size_t count;
  strip_entry const* strips;
  std::size_t strip_count;
  char const* target;
  bool same_bits;
};

}  // namespace inlay::interpreter_kernels_v0_1
