#include "program/memory.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstddef>
#include <system_error>

// jemalloc(3). Weak, because a sanitizer brings its own allocator.
extern "C" __attribute__((weak)) int mallctl(const char* name, void* old_value, std::size_t* old_size, void* new_value,
                                             std::size_t new_size);

// The options of jemalloc; the environment variable MALLOC_CONF overrides them. By default jemalloc makes four arenas
// per processor, each with half-empty pages and pages that wait to be returned. Few threads allocate here, and each
// first from its own cache.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:1";
}

namespace ubiety::program {

void release_free_memory() {
  constexpr const char* purge_all_arenas = "arena.4096.purge";  // MALLCTL_ARENAS_ALL
  if (mallctl != nullptr) mallctl(purge_all_arenas, nullptr, nullptr, nullptr, 0);
}

// Both calls are needed: the limit does not apply to a core that is piped to a program, and an exec resets the flag.
void keep_memory_private() {
  const rlimit none{0, 0};
  if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::setrlimit(RLIMIT_CORE, &none) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot disable core dumps");
}

}  // namespace ubiety::program
