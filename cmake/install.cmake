# Installs the headers and the package that find_package(inlay) finds.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
include(CMakePackageConfigHelpers)

set(package_folder "${CMAKE_INSTALL_DATADIR}/cmake/inlay")
if(TARGET inlay_interpreter)
  set(independence "")
else()
  set(independence ARCH_INDEPENDENT)
endif()
write_basic_package_version_file("${PROJECT_BINARY_DIR}/inlay-config-version.cmake"
  COMPATIBILITY SameMinorVersion ${independence})

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/inlay" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(TARGETS inlay EXPORT inlay-targets)
if(TARGET inlay_interpreter)
  install(TARGETS inlay_interpreter EXPORT inlay-targets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endif()
if(TARGET inlay_jit)
  install(TARGETS inlay_jit EXPORT inlay-jit-targets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(EXPORT inlay-jit-targets NAMESPACE inlay:: DESTINATION "${package_folder}")
endif()
install(EXPORT inlay-targets NAMESPACE inlay:: DESTINATION "${package_folder}")
install(FILES
  "${PROJECT_SOURCE_DIR}/cmake/inlay-config.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/inlay_embed.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/find_llvm.cmake"
  "${PROJECT_BINARY_DIR}/inlay-config-version.cmake"
  DESTINATION "${package_folder}")
