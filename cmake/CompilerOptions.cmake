# Flags that every translation unit of ours gets. Libraries come in as system includes and stay quiet.

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  add_compile_options(-Wthread-safety)  # see domain/thread_safety.hpp; clang-tidy checks what g++ compiles
endif()

# RelWithDebInfo is what ships: -O2 keeps assertions out, -g1 keeps backtraces useful and the build quick.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g -D_GLIBCXX_ASSERTIONS")
# What asan and tsan are built as: -O1 runs fast enough for the loads and halves the build, -g1 names lines in a report.
set(CMAKE_CXX_FLAGS_SANITIZED "-O1 -g1 -D_GLIBCXX_ASSERTIONS")

if(UBIETY_SANITIZE)
  add_compile_options(-fsanitize=${UBIETY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${UBIETY_SANITIZE})
  if(UBIETY_SANITIZE MATCHES thread)
    # g++ warns of atomic_thread_fence, which ThreadSanitizer does not follow; asio has one.
    add_compile_options(-Wno-tsan)
  endif()
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# ubiety_room(NAME <libraries it may use>): a static library of all sources below src/NAME. The unit tests that stand
# beside them are for tests/CMakeLists.txt.
function(ubiety_room name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  add_library(ubiety_${name} STATIC ${sources})
  target_include_directories(ubiety_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(ubiety_${name} PUBLIC ${ARGN})
endfunction()
