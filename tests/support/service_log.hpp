// Waits for a line of the service's log. A thread of its own writes the log, so a line may come after its event; a stop
// writes all of it. Any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "support/service_process.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {

// Returns false if the log does not have the text in time.
inline bool wait_for_log(const ServiceProcess& service, std::string_view text) {
  return wait_until([&] { return service.log().find(text) != std::string::npos; }, std::chrono::seconds(10));
}

}  // namespace ubiety::test
