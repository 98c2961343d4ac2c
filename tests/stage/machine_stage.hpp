// The stage of the machine's vectors that a test is compiled for: Highway's, or xsimd's where
// INLAY_WITH_XSIMD is defined.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#if defined(INLAY_WITH_XSIMD)
#include "inlay/stage/xsimd.hpp"
#else
#include "inlay/stage/highway.hpp"
#endif

namespace inlay_test {

#if defined(INLAY_WITH_XSIMD)
using machine = inlay::xsimd;
using exact_machine = inlay::exact_xsimd;
#else
using machine = inlay::highway;
using exact_machine = inlay::exact_highway;
#endif

}  // namespace inlay_test
