// Resource figures of a running process, from /proc. Any thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>

namespace ubiety::test {

// False with a sanitizer: its shadow memory and its quarantine of freed memory hide how much the service
// takes.
constexpr bool memory_is_judged = !UBIETY_IS_SANITIZED;

std::size_t resident_kilobytes(pid_t process);
std::chrono::milliseconds processor_time(pid_t process);  // of all threads, since the start of the process
std::size_t open_files(pid_t process);
// The sockets among them: what clients hold, without the files of the store.
std::size_t open_sockets(pid_t process);

}  // namespace ubiety::test
