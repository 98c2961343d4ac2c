# Finds the headers of xsimd, or leaves INLAY_XSIMD_INCLUDE false.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
find_path(INLAY_XSIMD_INCLUDE xsimd/xsimd.hpp DOC "The folder that holds xsimd/xsimd.hpp")
mark_as_advanced(INLAY_XSIMD_INCLUDE)
