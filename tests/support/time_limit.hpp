// Scales the time limits of tests. Limits are written for a release build. A slower build, such as a sanitizer's,
// sets a factor by which all limits are multiplied. Any thread.
#pragma once

#include <chrono>

namespace ubiety::test {

std::chrono::milliseconds time_limit(std::chrono::milliseconds as_shipped);

}  // namespace ubiety::test
