// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace ubiety {

// The number of Unicode characters of `text`, or nullopt when it is not UTF-8.
std::optional<std::size_t> count_characters(std::string_view text);

}  // namespace ubiety
