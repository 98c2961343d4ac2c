# Finds the headers of Highway, or leaves INLAY_HIGHWAY_INCLUDE false.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
find_path(INLAY_HIGHWAY_INCLUDE hwy/highway.h DOC "The folder that holds hwy/highway.h")
mark_as_advanced(INLAY_HIGHWAY_INCLUDE)
