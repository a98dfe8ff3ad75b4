// An instant in UTC, to the microsecond, and its text. Pure functions, any thread.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace ubiety {

// Microseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
struct Timestamp {
  std::int64_t microseconds = 0;

  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;

  friend Timestamp operator+(Timestamp instant, std::chrono::microseconds span) {
    return {instant.microseconds + span.count()};
  }
  friend Timestamp operator-(Timestamp instant, std::chrono::microseconds span) {
    return {instant.microseconds - span.count()};
  }
  friend std::chrono::microseconds operator-(Timestamp left, Timestamp right) {
    return std::chrono::microseconds{left.microseconds - right.microseconds};
  }
};

// Reads what pydantic 1.10 accepts as a datetime, but only with ASCII digits and without white space around it: an
// RFC 3339 date-time, or Unix time (see from_unix_time). In a date-time
// - the separator is `T`, `t` or one space; the offset is `Z`, `z`, `±hh:mm`, `±hhmm` or `±hh`; without one it is UTC;
// - month, day, hour, minute and second may have one digit, and the second may be absent;
// - fraction digits after the sixth are ignored;
// - `:60` is a leap second, valid only at 23:59 UTC, and read as the next second;
// - the instant lies in the years 0000 to 9999 UTC.
// Returns nullopt for anything else.
std::optional<Timestamp> parse_timestamp(std::string_view text);

// The longest text of format_timestamp: 2026-11-24T08:37:11.123456Z.
inline constexpr std::size_t max_timestamp_length = 27;

// Writes an instant of the years 0000 to 9999 to `out` as RFC 3339 in UTC, and returns the length. `out` must have room
// for max_timestamp_length characters. A fraction of zero is left out, as are its trailing zeros.
std::size_t format_timestamp(Timestamp instant, char* out);
std::string format_timestamp(Timestamp instant);

// The first and last instant that RFC 3339 can write.
inline constexpr Timestamp earliest_timestamp{-62'167'219'200'000'000};
inline constexpr Timestamp latest_timestamp{253'402'300'799'999'999};

// Reads Unix time as pydantic 1.10 does for a datetime (pydantic/datetime_parse.py, from_unix_seconds): seconds since
// 1970. A number beyond 2e10 (the year 2603) counts as milliseconds; beyond a thousand times that, as microseconds; and
// so on. Rounds to the nearest microsecond; halfway, to the even one.
Timestamp from_unix_time(std::int64_t number);

// The same for a double, which must not be NaN. Beyond ±3e20, the last instant of the year 9999 or the first of the
// year 1.
Timestamp from_unix_time(double number);

// The same for a number as text (parse_number); nullopt if it is not a number.
std::optional<Timestamp> parse_unix_time(std::string_view text);

}  // namespace ubiety
