#include "support/time_limit.hpp"

namespace ubiety::test {

std::chrono::milliseconds time_limit(std::chrono::milliseconds as_shipped) { return as_shipped * UBIETY_TIME_FACTOR; }

}  // namespace ubiety::test
