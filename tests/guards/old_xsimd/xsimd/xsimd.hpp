// Says that it is the last xsimd before 8.1.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#define XSIMD_VERSION_MAJOR 8
#define XSIMD_VERSION_MINOR 0
