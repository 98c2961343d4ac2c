# What find_package(inlay) gives: the target inlay::inlay, the function inlay_embed, and, where it
# was compiled, the target inlay::interpreter.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
include("${CMAKE_CURRENT_LIST_DIR}/inlay-targets.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/inlay_embed.cmake")
