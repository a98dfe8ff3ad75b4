// Reads a decimal number from its text. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace ubiety {

using Number = std::variant<std::int64_t, double>;

// An integer that fits is exact. Any other number is the nearest double: infinite when it is too large for one, 0 when
// it is too small. nullopt when the text is not a number. Leading zeros, a plus sign, `5.` and `.5` are accepted;
// hexadecimal digits, `inf`, `nan` and blanks are not.
std::optional<Number> parse_number(std::string_view text);

}  // namespace ubiety
