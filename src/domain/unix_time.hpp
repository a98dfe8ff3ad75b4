// Unix time, as pydantic 1.10 reads it for a datetime (pydantic/datetime_parse.py, from_unix_seconds): seconds since
// 1970 or, where that is further away than 2e10 seconds (the year 2603), milliseconds, microseconds and so on by
// thousands. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/timestamp.hpp"

namespace ubiety {

// Rounded to the nearest microsecond, to the even one of two.
Timestamp from_unix_time(std::int64_t number);

// As above. Beyond ±3e20, and when infinite, the last instant of the year 9999 or the first of the year 1.
// `number` is not NaN.
Timestamp from_unix_time(double number);

// A number as text (parse_number), or nullopt.
std::optional<Timestamp> parse_unix_time(std::string_view text);

}  // namespace ubiety
