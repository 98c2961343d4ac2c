# Finds the LLVM that inlay::jit is written for, or leaves LLVM_FOUND false.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# LLVM's own package looks for libedit, which no library of ours needs, by compiling C.
set(CMAKE_DISABLE_FIND_PACKAGE_LibEdit ON)
find_package(LLVM 22.1 QUIET CONFIG HINTS /usr/lib/llvm-22/lib/cmake/llvm)
set(inlay_llvm_components native orcjit orcdebugging passes)  # of its static libraries
unset(CMAKE_DISABLE_FIND_PACKAGE_LibEdit)
