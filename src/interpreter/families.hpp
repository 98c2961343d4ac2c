// The kernels that are compiled, and which of them this machine runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <inlay/execute/interpreter/kernel_call.hpp>
#include <vector>

/// With other operators the tables are others.
namespace inlay::interpreter_kernels_v0_1::inline INLAY_OPERATOR_LIST {

#define INLAY_DECLARE_MACHINE(name)          \
  kernel_table const& products_##name();     \
  kernel_table const& convolutions_##name(); \
  kernel_table const& windows_##name();      \
  kernel_table const& rows_##name();         \
  kernel_table const& reductions_##name();   \
  kernel_table const& elements_##name();
#define INLAY_FAMILIES_OF(name)                                   \
  {&products_##name(), &convolutions_##name(), &windows_##name(), \
   &rows_##name(),     &reductions_##name(),   &elements_##name()}

INLAY_DECLARE_MACHINE(baseline)
INLAY_DECLARE_MACHINE(x86_64_v2)
INLAY_DECLARE_MACHINE(x86_64_v3)
INLAY_DECLARE_MACHINE(x86_64_v4)

inline std::vector<kernel_table const*> families_of_machine() {
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
#if defined(INLAY_HAS_x86_64_v4)
  if (__builtin_cpu_supports("x86-64-v4")) return INLAY_FAMILIES_OF(x86_64_v4);
#endif
#if defined(INLAY_HAS_x86_64_v3)
  if (__builtin_cpu_supports("x86-64-v3")) return INLAY_FAMILIES_OF(x86_64_v3);
#endif
#if defined(INLAY_HAS_x86_64_v2)
  if (__builtin_cpu_supports("x86-64-v2")) return INLAY_FAMILIES_OF(x86_64_v2);
#endif
  return INLAY_FAMILIES_OF(baseline);
}

}  // namespace inlay::interpreter_kernels_v0_1::inline INLAY_OPERATOR_LIST
