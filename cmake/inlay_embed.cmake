# inlay_embed(target file): a file's bytes as a constexpr array that the target can include.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# inlay_embed(digits models/lenet.onnx) lets the sources of `digits` write
#
#   #include <lenet.onnx.hpp>
#
# which defines `inline constexpr char lenet_onnx[]`, the bytes of the file and one closing zero; it
# includes the reader of ONNX files.
# The header is written again whenever the file changes. The target is one of this directory.
set(INLAY_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/embed_file.cmake"
    CACHE INTERNAL "The script that writes a file as a header")

function(inlay_embed target file)
  cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  cmake_path(GET file FILENAME name)
  get_source_file_property(made_by_the_build "${file}" GENERATED)
  if(NOT EXISTS "${file}" AND NOT made_by_the_build)
    message(FATAL_ERROR "inlay_embed: there is no file ${file} to embed in the target ${target}")
  endif()

  set(folder "${CMAKE_CURRENT_BINARY_DIR}/inlay_embed/${target}")
  add_custom_command(
    OUTPUT "${folder}/${name}.hpp"
    COMMAND "${CMAKE_COMMAND}" "-Dfile=${file}" "-Dheader=${folder}/${name}.hpp"
            -P "${INLAY_EMBED_SCRIPT}"
    DEPENDS "${file}" "${INLAY_EMBED_SCRIPT}"
    COMMENT "Embedding ${name}"
    VERBATIM)
  target_sources(${target} PRIVATE "${folder}/${name}.hpp")
  target_include_directories(${target} SYSTEM PRIVATE "${folder}")
endfunction()
