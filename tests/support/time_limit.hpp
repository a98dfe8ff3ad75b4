// How long a test waits, and what it calls quick. Times are written as they hold for what ships; whoever builds it
// slower (the presets of the sanitizers) says by what factor, and all of them are stretched by that.
#pragma once

#include <chrono>

namespace ubiety::test {

std::chrono::milliseconds time_limit(std::chrono::milliseconds as_shipped);

}  // namespace ubiety::test
