// Reads Unix time as pydantic 1.10 does for a datetime (pydantic/datetime_parse.py, from_unix_seconds): seconds since
// 1970. A number beyond 2e10 (the year 2603) counts as milliseconds; beyond a thousand times that, as microseconds; and
// so on. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/timestamp.hpp"

namespace ubiety {

// Rounded to the nearest microsecond; halfway, to the even one.
Timestamp from_unix_time(std::int64_t number);

// The same for a double, which must not be NaN. Beyond ±3e20, the last instant of the year 9999 or the first of the
// year 1.
Timestamp from_unix_time(double number);

// The same for a number as text (parse_number); nullopt if it is not a number.
std::optional<Timestamp> parse_unix_time(std::string_view text);

}  // namespace ubiety
