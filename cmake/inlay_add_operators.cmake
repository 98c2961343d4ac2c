# inlay_add_operators(name HEADER header ...): a program's own operators, and components compiled
# with them. What compiles the library's own components stands here, too.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# inlay_add_operators(my_inlay HEADER my_operators.hpp [INCLUDES header...]
#                     [COMPONENTS interpreter jit command]) makes the targets
#
#   my_inlay              inlay::inlay with the operators of the header: for networks that are
#                         constants; with inlay::highway beside it, for those with vectors
#   my_inlay_interpreter  the same with sessions: what inlay::interpreter is without the header
#   my_inlay_jit          and those that LLVM compiles: what inlay::jit is
#   my_inlay_command      the command line, a program of this name, by those of the above that are
#                         components; only where the sources of Inlay are, by add_subdirectory
#
# The header defines inlay::user_operators, as docs/writing-operators.md says; its name is a word
# and `.hpp`. INCLUDES are other headers of the project that it includes: where one of them changes,
# the compiler takes no code from a cache that the old one wrote. Sources of one program that are
# compiled with other lists do not link where they mean the same thing.
set(INLAY_NAMESPACE "v${inlay_VERSION_MAJOR}_${inlay_VERSION_MINOR}"
    CACHE INTERNAL "The namespace of this version")
set(INLAY_INTERPRETER_LEVELS "v2;v3;v4" CACHE STRING
    "For which levels of x86-64 there are kernels beside those that are compiled with no flags")
# To load a model takes no longer with -O1, to compile it half as long; and LeNet is as fast as with
# -O2, which takes half as long again.
set(INLAY_INTERPRETER_OPTIMIZATION -O1 CACHE STRING
    "How interpreters are compiled, whatever the rest is")
mark_as_advanced(INLAY_INTERPRETER_OPTIMIZATION)

# inlay_find_sources(variable): the folder of the sources of components, here or installed.
function(inlay_find_sources variable)
  set(folder "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/src")
  if(NOT EXISTS "${folder}")
    cmake_path(SET folder NORMALIZE "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../src")
  endif()
  set(${variable} "${folder}" PARENT_SCOPE)
endfunction()

# inlay_hash_files(variable file...): one hash of all. A file that changes configures again.
function(inlay_hash_files variable)
  set(hashes "")
  foreach(file IN LISTS ARGN)
    file(SHA256 "${file}" hash)
    string(APPEND hashes ${hash})
  endforeach()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARGN})
  string(SHA256 hash "${hashes}")
  set(${variable} ${hash} PARENT_SCOPE)
endfunction()

# inlay_find_code_version(variable): of what writes code; an installed package says it.
function(inlay_find_code_version variable)
  set(installed "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/inlay-code-version.cmake")
  if(EXISTS "${installed}")
    include("${installed}")
  else()
    set(folder "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../include/inlay")
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS "${folder}/*.hpp")
    list(FILTER headers INCLUDE REGEX "/inlay/(core|stage|kernel|op|program|execute)/")
    inlay_hash_files(inlay_code_version ${headers})
  endif()
  set(${variable} ${inlay_code_version} PARENT_SCOPE)
endfunction()

# The sources of both components but for their sessions: a family of operators each.
set(INLAY_FAMILIES products convolutions windows rows reductions elements
    CACHE INTERNAL "The families of operators")

# inlay_compile_kernels(interpreter headers machine definition...): the kernels for one kind of
# machine. What they are named keeps the linker from giving them code of another kind.
function(inlay_compile_kernels interpreter headers machine)
  inlay_find_sources(sources)
  list(TRANSFORM INLAY_FAMILIES REPLACE "(.+)" "${sources}/interpreter/\\1.cpp"
       OUTPUT_VARIABLE families)
  set(kernels ${interpreter}_${machine})
  add_library(${kernels} OBJECT ${families})
  target_link_libraries(${kernels} PRIVATE ${headers} inlay::highway)
  target_compile_definitions(${kernels} PRIVATE INLAY_MACHINE=${machine} ${ARGN})
  set_target_properties(${kernels} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_compile_options(${kernels} PRIVATE
    ${INLAY_INTERPRETER_OPTIMIZATION} ${inlay_own_warnings})
  target_sources(${interpreter} PRIVATE $<TARGET_OBJECTS:${kernels}>)
endfunction()

# inlay_compile_interpreter(interpreter headers [list]): for the operators that the target `headers`
# has, which are the library's own without a `list`.
function(inlay_compile_interpreter interpreter headers)
  inlay_find_sources(sources)
  find_package(Threads REQUIRED)
  add_library(${interpreter} STATIC "${sources}/interpreter/session.cpp")
  set_target_properties(${interpreter} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(${interpreter} PUBLIC ${headers} PRIVATE Threads::Threads)
  target_compile_options(${interpreter} PRIVATE
    ${INLAY_INTERPRETER_OPTIMIZATION} ${inlay_own_warnings})
  inlay_compile_kernels(${interpreter} ${headers} baseline)
  # The sanitizers look at the baseline alone.
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
    foreach(level IN LISTS INLAY_INTERPRETER_LEVELS)
      set(machine x86_64_${level})
      string(JOIN _ name ${INLAY_NAMESPACE} ${ARGN} ${machine})
      target_compile_definitions(${interpreter} PRIVATE INLAY_HAS_${machine})
      inlay_compile_kernels(${interpreter} ${headers} ${machine} INLAY_VERSION=${name})
      target_compile_options(${interpreter}_${machine} PRIVATE -march=x86-64-${level})
    endforeach()
  endif()
endfunction()

# inlay_compile_jit(jit interpreter header...): the same sessions, whose steps LLVM compiles, which
# was found. Code that older writers wrote, or those of other headers, is not taken from a cache.
function(inlay_compile_jit jit interpreter)
  inlay_find_sources(sources)
  inlay_find_code_version(version)
  if(ARGN)
    inlay_hash_files(of_headers ${ARGN})
    string(SHA256 version "${version}${of_headers}")
  endif()
  list(TRANSFORM INLAY_FAMILIES REPLACE "(.+)" "${sources}/jit/\\1.cpp" OUTPUT_VARIABLE writers)
  add_library(${jit} STATIC "${sources}/jit/session.cpp" ${writers})
  set_target_properties(${jit} PROPERTIES
    POSITION_INDEPENDENT_CODE ON INLAY_CODE_VERSION ${version})
  # Only this one is compiled again where the version is another.
  set_source_files_properties("${sources}/jit/session.cpp" PROPERTIES
    COMPILE_DEFINITIONS "INLAY_CODE_VERSION=\"$<TARGET_PROPERTY:INLAY_CODE_VERSION>\"")
  separate_arguments(definitions UNIX_COMMAND "${LLVM_DEFINITIONS}")
  target_include_directories(${jit} SYSTEM PRIVATE ${LLVM_INCLUDE_DIRS})
  target_compile_definitions(${jit} PRIVATE ${definitions})
  # Who writes code need not be quick: what it writes is.
  target_compile_options(${jit} PRIVATE ${inlay_own_warnings} -O0)
  set(libraries LLVM)
  if(INLAY_STATIC_LLVM)
    llvm_map_components_to_libnames(libraries ${inlay_llvm_components})
  endif()
  target_link_libraries(${jit} PUBLIC ${interpreter} PRIVATE ${libraries} Threads::Threads)
endfunction()

function(inlay_add_operators name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER" "INCLUDES;COMPONENTS")
  foreach(header IN LISTS arg_HEADER arg_INCLUDES)
    cmake_path(ABSOLUTE_PATH header BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    if(NOT EXISTS "${header}")
      message(FATAL_ERROR "inlay_add_operators: there is no file ${header}")
    endif()
    list(APPEND headers "${header}")
  endforeach()
  cmake_path(GET arg_HEADER FILENAME file)
  if(NOT file MATCHES "^([A-Za-z_][A-Za-z0-9_]*)\\.hpp$")
    message(FATAL_ERROR "inlay_add_operators: the name of the HEADER is not a word and .hpp: "
                        "'${arg_HEADER}'")
  endif()
  set(list ${CMAKE_MATCH_1})
  foreach(component IN LISTS arg_COMPONENTS)
    if(NOT component MATCHES "^(interpreter|jit|command)$")
      message(FATAL_ERROR "inlay_add_operators: the COMPONENTS are interpreter, jit and command, "
                          "not '${component}'")
    endif()
  endforeach()

  list(GET headers 0 header)
  cmake_path(GET header PARENT_PATH folder)
  add_library(${name} INTERFACE)
  target_link_libraries(${name} INTERFACE inlay::inlay)
  target_include_directories(${name} INTERFACE "${folder}")
  target_compile_definitions(${name} INTERFACE INLAY_USER_OPERATORS=${list})

  if(arg_COMPONENTS)
    if(NOT TARGET inlay::highway)
      message(FATAL_ERROR "inlay_add_operators: the kernels of the interpreter need the component "
                          "highway of Inlay")
    endif()
    inlay_compile_interpreter(${name}_interpreter ${name} ${list})
  endif()
  set(jit "")
  if("jit" IN_LIST arg_COMPONENTS)
    include("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/find_llvm.cmake")
    if(NOT LLVM_FOUND)
      message(FATAL_ERROR "inlay_add_operators: the component jit needs LLVM 22 (llvm-22-dev)")
    endif()
    inlay_compile_jit(${name}_jit ${name}_interpreter ${headers})
    set(jit ${name}_jit)
  endif()
  if("command" IN_LIST arg_COMPONENTS)
    set(tools "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../tools/compile_command.cmake")
    if(NOT EXISTS "${tools}")
      message(FATAL_ERROR "inlay_add_operators: the component command needs the sources of Inlay, "
                          "by add_subdirectory or FetchContent")
    endif()
    include("${tools}")
    inlay_compile_command(${name}_command ${name}_interpreter ${jit})
  endif()
endfunction()
