// How a source of this folder exports its kernels; CMake compiles it for several machines.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <inlay/stage/highway.hpp>
//
#include <inlay/execute/families.hpp>
#include <inlay/execute/interpreter/kernels-inl.hpp>
#include <inlay/stage/scalar.hpp>
#include <type_traits>

/// Without vectors, the scalar stage is quicker to compile, and exact.
using kernel_stage = std::conditional_t<inlay::has_emulated_vectors, inlay::scalar, inlay::highway>;
inline constexpr bool has_the_bits_of_scalar =
    inlay::has_emulated_vectors || inlay::highway::same_bits;

#define INLAY_TEXT(a) INLAY_QUOTE(a)

/// Defines `kernel_table const& name_MACHINE()`, where INLAY_MACHINE is the machine's name, with
/// the kernels of a list of operators.
#define INLAY_KERNEL_FAMILY(name, list)                                                     \
  namespace inlay::interpreter_kernels_v0_1::inline INLAY_OPERATOR_LIST {                   \
  kernel_table const& INLAY_JOIN_NAMES(name, INLAY_MACHINE)();                              \
  kernel_table const& INLAY_JOIN_NAMES(name, INLAY_MACHINE)() {                             \
    using namespace inlay;                                                                  \
    using kernels = interpreter_code::family<kernel_stage, list>;                           \
    static constexpr kernel_table table{kernels::entries.at,       kernels::count,          \
                                        kernels::strips.at,        kernels::strip_count,    \
                                        INLAY_TEXT(INLAY_MACHINE), has_the_bits_of_scalar}; \
    return table;                                                                           \
  }                                                                                         \
  }
