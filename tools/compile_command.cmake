# inlay_compile_command(command interpreter [jit]): the command line of the sessions that these
# libraries are.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
function(inlay_compile_command command interpreter)
  find_package(CLI11 REQUIRED)
  find_package(nlohmann_json REQUIRED)
  find_package(ZLIB REQUIRED)
  find_path(INLAY_STB_INCLUDE stb/stb_image.h REQUIRED)
  find_library(INLAY_STB_LIBRARY stb REQUIRED)

  set(folder "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/inlay")
  set(sources
    main options passes inspect print_program run print_output check bench embed session ceiling
    profile explain trace template_name interpreter_session scalar_session compare tensor_file pb
    npy npz image_file)
  list(TRANSFORM sources REPLACE "(.+)" "${folder}/\\1.cpp")
  add_executable(${command} ${sources})
  target_link_libraries(${command} PRIVATE
    ${interpreter} ${ARGN} inlay_warnings CLI11::CLI11 nlohmann_json::nlohmann_json
    ZLIB::ZLIB "${INLAY_STB_LIBRARY}")
  if(ARGN)
    target_compile_definitions(${command} PRIVATE INLAY_WITH_JIT)
  endif()
  find_package(TBB CONFIG QUIET)
  if(TARGET TBB::tbb)
    target_link_libraries(${command} PRIVATE TBB::tbb)
    target_compile_definitions(${command} PRIVATE INLAY_WITH_TBB)
  else()
    message(STATUS "--threads is left out: it needs oneTBB (libtbb-dev)")
  endif()
  target_include_directories(${command} SYSTEM PRIVATE "${INLAY_STB_INCLUDE}")
  # What it computes takes milliseconds; all kernels at -O3 would take a minute to compile.
  target_compile_options(${command} PRIVATE $<$<CONFIG:Release>:-O1>)
  # Whatever the rest is compiled with: it measures the machine.
  set(ceiling_options -O2 -ffp-contract=fast)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    # Clang would compute with halves of vectors of 64 bytes.
    list(APPEND ceiling_options -mprefer-vector-width=512)
  endif()
  set_source_files_properties("${folder}/ceiling.cpp" PROPERTIES
    COMPILE_OPTIONS "${ceiling_options}")
endfunction()
