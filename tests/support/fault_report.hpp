// What a process says of a fault of its own: a crash, or a report of the sanitizer that it is built with.
#pragma once

#include <optional>
#include <string>

#include "support/child_process.hpp"

namespace ubiety::test {

// Nothing when it ended, or was ended, in order; `error` is its standard error.
std::optional<std::string> fault_report(const ExitStatus& status, const std::string& error);

}  // namespace ubiety::test
