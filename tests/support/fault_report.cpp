#include "support/fault_report.hpp"

#include <signal.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace ubiety::test {
namespace {

// The signals that a process raises by its own fault. Signals that end a process from outside are others.
constexpr std::array crashes{SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};

// How a report begins. A process may continue after a report, so the exit code is not enough.
constexpr std::array<std::string_view, 2> beginnings{"Sanitizer:", ": runtime error: "};

}  // namespace

std::optional<std::string> fault_report(const ExitStatus& status, const std::string& error) {
  for (const auto words : beginnings)
    if (const auto begin = error.find(words); begin != std::string::npos) {
      const auto line = error.rfind('\n', begin);
      return error.substr(line == std::string::npos ? 0 : line + 1);
    }
  if (std::find(crashes.begin(), crashes.end(), status.signal) == crashes.end()) return std::nullopt;
  return "ended by signal " + std::to_string(status.signal) + ":\n" + error;
}

}  // namespace ubiety::test
