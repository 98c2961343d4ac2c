# inlay_add_test(name [LONG] COMMAND ...): add_test under the prefix of this build.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
set(INLAY_TEST_PREFIX "" CACHE STRING
    "Precedes the name of every test, so that several builds can share one ctest run")

# A LONG test carries the label `long`, which scripts/test leaves out unless asked.
function(inlay_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 test "LONG" "" "COMMAND")
  add_test(NAME "${INLAY_TEST_PREFIX}${name}" COMMAND ${test_COMMAND})
  if(test_LONG)
    set_tests_properties("${INLAY_TEST_PREFIX}${name}" PROPERTIES LABELS long)
  endif()
endfunction()
