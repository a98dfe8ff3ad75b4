#include "keys/private_memory.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <system_error>

namespace ubiety::keys {

// Both: a core that goes to a program instead of a file is not held up by the limit, and the flag is lost by an exec.
void keep_memory_private() {
  const rlimit none{0, 0};
  if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::setrlimit(RLIMIT_CORE, &none) != 0)
    throw std::system_error(errno, std::generic_category(), "the process cannot be kept from dumping core");
}

}  // namespace ubiety::keys
