// Formats a line of the log, as text or as JSON. What a client sent is escaped, so that it can neither forge a line nor
// control a terminal. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "domain/timestamp.hpp"
#include "telemetry/log.hpp"

namespace ubiety::log {

// Without a line end.
std::string format_line(Format format, Timestamp time, Level level, std::string_view event, Fields fields);

}  // namespace ubiety::log
