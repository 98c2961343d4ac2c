// Includes the stage that xsimd computes for, as installed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/stage/xsimd.hpp>

static_assert(inlay::stage<inlay::xsimd>);

int main() {}
