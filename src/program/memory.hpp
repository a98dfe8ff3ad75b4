// The memory of the process: what goes back to Linux, and what no other process may read.
#pragma once

namespace ubiety::program {

// Returns freed pages to Linux. By itself jemalloc returns the pages of an arena only while a thread allocates from the
// arena, so the megabytes of a start would stay. Its background_thread costs 4 % of a report's processor time. Any
// thread.
void release_free_memory();

// Disables core dumps, and access to the memory by other processes of the same user: the buffers of requests and
// answers hold API keys and are not wiped. Throws std::system_error on failure. Call it before threads start.
void keep_memory_private();

}  // namespace ubiety::program
