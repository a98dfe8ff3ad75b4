// Finds faults of a process that has ended: a crash, or a report of its sanitizer. Any thread.
#pragma once

#include <optional>
#include <string>

#include "support/child_process.hpp"

namespace ubiety::test {

// Returns the fault, or nullopt if there was none. `error` is the standard error of the process.
std::optional<std::string> fault_report(const ExitStatus& status, const std::string& error);

}  // namespace ubiety::test
