#include "program/memory.hpp"

#include <cstddef>

// jemalloc(3). Weak, since sanitizers bring an allocator of their own.
extern "C" __attribute__((weak)) int mallctl(const char* name, void* old_value, std::size_t* old_size, void* new_value,
                                             std::size_t new_size);

// What jemalloc looks for in a program. By itself it keeps what was freed for ten seconds.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "dirty_decay_ms:1000";
}

namespace ubiety::program {

void give_back_memory() {
  constexpr const char* decay_of_all_arenas = "arena.4096.decay";  // MALLCTL_ARENAS_ALL
  if (mallctl != nullptr) mallctl(decay_of_all_arenas, nullptr, nullptr, nullptr, 0);
}

}  // namespace ubiety::program
