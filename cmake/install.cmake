# Installs the headers, the package that find_package(inlay) finds, and files for pkg-config.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
include(CMakePackageConfigHelpers)

# Headers alone suit every machine.
if(TARGET inlay_interpreter)
  set(independence "")
  set(folder_of_package "${CMAKE_INSTALL_LIBDIR}")
else()
  set(independence ARCH_INDEPENDENT)
  set(folder_of_package "${CMAKE_INSTALL_DATADIR}")
endif()
set(package_folder "${folder_of_package}/cmake/inlay")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/inlay-config-version.cmake"
  COMPATIBILITY SameMinorVersion ${independence})

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/inlay" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(TARGETS inlay EXPORT inlay-targets)
install(EXPORT inlay-targets NAMESPACE inlay:: DESTINATION "${package_folder}")
foreach(component IN ITEMS highway xsimd interpreter jit)
  if(TARGET inlay_${component})
    install(TARGETS inlay_${component} EXPORT inlay-${component}-targets
      ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
      LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
    install(EXPORT inlay-${component}-targets NAMESPACE inlay:: DESTINATION "${package_folder}")
  endif()
endforeach()
# What compiles components with a program's own operators.
inlay_find_code_version(code_version)
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/inlay-code-version.cmake"
  CONTENT "set(inlay_code_version ${code_version})\n")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/src" DESTINATION "${package_folder}"
  FILES_MATCHING PATTERN "*.cpp" PATTERN "*.hpp")
install(FILES
  "${PROJECT_BINARY_DIR}/inlay-code-version.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/inlay-config.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/inlay_add_operators.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/inlay_embed.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/find_highway.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/find_xsimd.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/find_llvm.cmake"
  "${PROJECT_BINARY_DIR}/inlay-config-version.cmake"
  DESTINATION "${package_folder}")

# inlay_pkg_config(name description requires libs): name.pc, with places relative to itself. What
# is required in private is there for its headers alone.
file(RELATIVE_PATH prefix_from_pc "${CMAKE_INSTALL_FULL_DATADIR}/pkgconfig"
  "${CMAKE_INSTALL_PREFIX}")
if(TARGET inlay_interpreter)
  file(RELATIVE_PATH prefix_from_pc "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig"
    "${CMAKE_INSTALL_PREFIX}")
endif()
function(inlay_pkg_config name description fields)
  string(REPLACE ";" "\n" fields "${fields}")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/inlay.pc.in" "${PROJECT_BINARY_DIR}/${name}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${name}.pc" DESTINATION "${folder_of_package}/pkgconfig")
endfunction()
inlay_pkg_config(inlay "A header-only deep-learning compiler" "Cflags: -I\${includedir}")
if(TARGET inlay_highway)
  inlay_pkg_config(inlay-highway "Inlay with the vectors of Highway"
    "Requires: inlay = ${PROJECT_VERSION};Requires.private: libhwy")
endif()
if(TARGET inlay_xsimd)
  inlay_pkg_config(inlay-xsimd "Inlay with the vectors of xsimd"
    "Requires: inlay = ${PROJECT_VERSION};Requires.private: xsimd")
endif()
if(TARGET inlay_interpreter)
  inlay_pkg_config(inlay-interpreter "Inlay's models that are loaded while a program runs"
    "Requires: inlay = ${PROJECT_VERSION};Libs: -L\${libdir} -linlay_interpreter -pthread")
endif()
if(TARGET inlay_jit)
  include("${CMAKE_CURRENT_LIST_DIR}/find_llvm.cmake")
  if(INLAY_STATIC_LLVM)
    execute_process(
      COMMAND "${LLVM_TOOLS_BINARY_DIR}/llvm-config" --link-static --libs --system-libs
              ${inlay_llvm_components}
      OUTPUT_VARIABLE llvm_libraries OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    string(REPLACE "\n" " " llvm_libraries "${llvm_libraries}")
  else()
    set(llvm_libraries "-lLLVM-${LLVM_VERSION_MAJOR}")
  endif()
  string(PREPEND llvm_libraries "-L\${libdir} -linlay_jit -pthread -L${LLVM_LIBRARY_DIR} ")
  inlay_pkg_config(inlay-jit "Inlay's models that are compiled while a program runs"
    "Requires: inlay-interpreter = ${PROJECT_VERSION};Libs: ${llvm_libraries}")
endif()
