#include "program/memory.hpp"

#include <cstddef>

// jemalloc(3). Weak, since sanitizers bring an allocator of their own.
extern "C" __attribute__((weak)) int mallctl(const char* name, void* old_value, std::size_t* old_size, void* new_value,
                                             std::size_t new_size);

// What jemalloc looks for in a program. By itself it makes four arenas a processor, each with pages that are half empty
// and pages that wait to be given back. Few threads allocate here, from a cache of their own at first. The environment
// variable MALLOC_CONF has the last word.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:1";
}

namespace ubiety::program {

void give_back_memory() {
  constexpr const char* purge_all_arenas = "arena.4096.purge";  // MALLCTL_ARENAS_ALL
  if (mallctl != nullptr) mallctl(purge_all_arenas, nullptr, nullptr, nullptr, 0);
}

}  // namespace ubiety::program
