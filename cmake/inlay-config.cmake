# What find_package(inlay) gives: the target inlay::inlay, the function inlay_embed, and, where they
# were compiled, the targets inlay::interpreter and, if its LLVM is there, inlay::jit.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
include("${CMAKE_CURRENT_LIST_DIR}/inlay-targets.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/inlay_embed.cmake")
if(EXISTS "${CMAKE_CURRENT_LIST_DIR}/inlay-jit-targets.cmake")
  include("${CMAKE_CURRENT_LIST_DIR}/find_llvm.cmake")
  if(LLVM_FOUND)
    include("${CMAKE_CURRENT_LIST_DIR}/inlay-jit-targets.cmake")
  endif()
endif()
