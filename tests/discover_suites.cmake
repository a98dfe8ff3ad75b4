# Run by ctest when it starts: a test for each suite that `executable` lists, or for each of `wanted` if that names any.
# See ubiety_add_suites in CMakeLists.txt.
cmake_minimum_required(VERSION 3.25)

# ubiety_add_test(SUITE COMMAND …)
function(ubiety_add_test suite)
  add_test("${name}.${suite}" ${ARGN})
  set_tests_properties("${name}.${suite}" PROPERTIES ${properties})
endfunction()

set(suites "")
if(EXISTS "${executable}")
  execute_process(COMMAND "${executable}" --gtest_list_tests OUTPUT_VARIABLE listed COMMAND_ERROR_IS_FATAL ANY)
  # "Suite." alone in a line; its tests follow, indented.
  string(REGEX MATCHALL "\n[^ \n]+\\." suites "${listed}")
  list(TRANSFORM suites REPLACE "^\n(.*)\\.$" "\\1")
endif()
if(NOT wanted)
  set(wanted ${suites})
endif()

if(NOT suites)
  ubiety_add_test(not_built sh -c "echo '${executable} is not built' >&2 && false")
  return()
endif()
foreach(suite IN LISTS wanted)
  if(suite IN_LIST suites)
    ubiety_add_test(${suite} "${executable}" "--gtest_filter=${suite}.*")
  else()
    ubiety_add_test(${suite} sh -c "echo '${executable} has no suite ${suite}' >&2 && false")
  endif()
endforeach()
