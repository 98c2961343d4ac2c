# Writes a file as a C++ header: cmake -Dfile=lenet.onnx -Dheader=lenet.onnx.hpp -P embed_file.cmake
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

if(NOT EXISTS "${file}")
  message(FATAL_ERROR "embed_file: there is no file ${file}")
endif()
cmake_path(GET file FILENAME name)
string(MAKE_C_IDENTIFIER "${name}" identifier)

# Every byte is an escape and every escape has two digits, so no two run together.
file(READ "${file}" digits HEX)
string(REPEAT "[0-9a-f]?" 63 rest_of_row)
string(REGEX REPLACE "([0-9a-f]${rest_of_row})" "\n  \"\\1\"" rows "${digits}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" rows "${rows}")
if(rows STREQUAL "")
  set(rows " \"\"")
endif()
# What reads a model comes with it; in single_include/ that is all in one file.
set(reader "")
cmake_path(GET file EXTENSION LAST_ONLY extension)
if(extension STREQUAL ".onnx")
  string(CONCAT reader
    "#if __has_include(<inlay/frontend/onnx/read.hpp>)\n"
    "#include <inlay/frontend/onnx/read.hpp>\n"
    "#elif __has_include(<inlay/inlay.hpp>)\n"
    "#include <inlay/inlay.hpp>\n"
    "#endif\n\n")
endif()
file(WRITE "${header}"
     "#pragma once\n\n${reader}inline constexpr char ${identifier}[] =${rows};\n")
