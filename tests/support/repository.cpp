#include "support/repository.hpp"

namespace ubiety::test {

std::filesystem::path repository() { return UBIETY_SOURCE_DIR; }

}  // namespace ubiety::test
