# Finds the LLVM that inlay::jit is written for, or leaves LLVM_FOUND false.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
find_package(LLVM 22.1 QUIET CONFIG HINTS /usr/lib/llvm-22/lib/cmake/llvm)
