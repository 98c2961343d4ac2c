# The vcpkg port of Inlay, of the sources that it stands in:
# vcpkg install inlay --overlay-ports=packaging/vcpkg
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
get_filename_component(SOURCE_PATH "${CURRENT_PORT_DIR}/../../.." ABSOLUTE)

vcpkg_check_features(OUT_FEATURE_OPTIONS options
  FEATURES
    interpreter INLAY_BUILD_INTERPRETER
    jit INLAY_BUILD_JIT)

# What no feature asks for is not looked for, be it installed or not.
if("interpreter" IN_LIST FEATURES)
  vcpkg_check_linkage(ONLY_STATIC_LIBRARY)
else()
  set(VCPKG_BUILD_TYPE release)  # headers are the same for both
  list(APPEND options -DINLAY_HIGHWAY_INCLUDE=)
endif()
if(NOT "xsimd" IN_LIST FEATURES)
  list(APPEND options -DINLAY_XSIMD_INCLUDE=)
endif()

vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS
    ${options}
    -DINLAY_STATIC_LLVM=ON
    -DINLAY_WARNINGS_AS_ERRORS=OFF
    -DINLAY_BUILD_TESTS=OFF
    -DINLAY_BUILD_EXAMPLES=OFF
    -DINLAY_BUILD_TOOLS=OFF
    -DINLAY_BUILD_BENCHMARKS=OFF
  MAYBE_UNUSED_VARIABLES INLAY_STATIC_LLVM)
vcpkg_cmake_install()

if("interpreter" IN_LIST FEATURES)
  vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/inlay)
  vcpkg_fixup_pkgconfig()
  file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include")
else()
  vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/inlay)
  vcpkg_fixup_pkgconfig()
  file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/lib")
endif()

vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
