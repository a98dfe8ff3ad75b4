// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ubiety {

// The bytes of the first character of `text`; 0 when there is none, or what stands there is not UTF-8.
std::size_t first_character_size(std::string_view text);

// The number of Unicode characters of `text`, or nullopt when it is not UTF-8.
std::optional<std::size_t> count_characters(std::string_view text);

// `text` with U+FFFD in place of each byte that is not part of a character.
std::string replace_malformed(std::string_view text);

}  // namespace ubiety
