// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ubiety {

// The size in bytes of the first character of `text`; 0 if `text` is empty or does not begin with a character.
std::size_t first_character_size(std::string_view text);

// The number of Unicode characters in `text`; nullopt if it is not valid UTF-8.
std::optional<std::size_t> count_characters(std::string_view text);

// `text` with U+FFFD in place of each byte that is not part of a character.
std::string replace_malformed(std::string_view text);

}  // namespace ubiety
