// What Linux says of a running process.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>

namespace ubiety::test {

std::size_t resident_kilobytes(pid_t process);
std::chrono::milliseconds processor_time(pid_t process);  // of all its threads, since its start
std::size_t open_files(pid_t process);

}  // namespace ubiety::test
