// Fields that are lists (RFC 9110, 5.6.1). Pure, any thread.
#pragma once

#include <algorithm>
#include <string_view>

#include "domain/text.hpp"

namespace ubiety::http {

// In whatever case `text` is.
inline bool is_same_word(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char left, char right) { return (left >= 'A' && left <= 'Z' ? left + 32 : left) == right; });
}

// Tells each part of `text` between separators, without the blanks around it, while `tell` gives true.
template <class Tell>
void for_each_part(std::string_view text, char separator, Tell tell) {
  for (;;) {
    const auto end = std::min(text.find(separator), text.size());
    if (!tell(trimmed(text.substr(0, end))) || end == text.size()) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace ubiety::http
