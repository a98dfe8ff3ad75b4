// What Linux says of a running process.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>

namespace ubiety::test {

// A sanitizer keeps a shadow of the memory, and for a while what was freed: what it takes then says nothing of the
// service.
constexpr bool memory_is_judged = !UBIETY_IS_SANITIZED;

std::size_t resident_kilobytes(pid_t process);
std::chrono::milliseconds processor_time(pid_t process);  // of all its threads, since its start
std::size_t open_files(pid_t process);

}  // namespace ubiety::test
