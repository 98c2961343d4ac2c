// What the interpreter and its kernels, each compiled for another machine, know of each other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

/// Plain data only, without functions: both sides have the same, whatever else they are compiled
/// with.
namespace inlay::interpreter_kernels_v0_1 {

/// How a tensor lies in memory: its extents, and its strides in elements.
struct tensor_form {
  std::int64_t extents[8];
  std::int64_t strides[8];
  std::uint8_t rank;
};

/// One step: the forms of its tensors, inputs before outputs, where each starts, and the kernel's
/// parameters.
struct kernel_call {
  tensor_form const* forms;
  void const* const* inputs;
  void* output;
  std::int64_t const* words;
};

using kernel_function = void (*)(kernel_call const&);

/// The kernels of one operator for one element type: `choose` says which one suits a step, which
/// has no tensors yet.
struct kernel_entry {
  std::uint16_t op;
  std::uint8_t element;
  kernel_function (*choose)(kernel_call const&);
};

/// The kernels of one family for one kind of machine.
struct kernel_table {
  kernel_entry const* entries;
  std::size_t count;
  char const* target;
  bool same_bits;
};

}  // namespace inlay::interpreter_kernels_v0_1
