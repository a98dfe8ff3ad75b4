// The one JSON writer: appends to a string, in the order of the calls. Pure functions, any thread.
#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

#include "domain/timestamp.hpp"

namespace ubiety::json {

// Quoted, and escaped as RFC 8259 (section 7) demands it, no more. `text` is UTF-8.
void append_string(std::string& out, std::string_view text);

template <std::integral Integer>
void append_number(std::string& out, Integer value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

inline void append_boolean(std::string& out, bool value) { out += value ? "true" : "false"; }

// RFC 3339 in UTC, quoted.
void append_timestamp(std::string& out, Timestamp instant);

}  // namespace ubiety::json
