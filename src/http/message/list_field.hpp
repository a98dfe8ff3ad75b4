// Fields that are lists (RFC 9110, 5.6.1). Pure, any thread.
#pragma once

#include <algorithm>
#include <string_view>

#include "domain/text/ascii.hpp"

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

// Calls `take` with each element of a list field. Empty elements count for nothing (RFC 9110, 5.6.1.2).
template <class Take>
void for_each_element(std::string_view list, Take take) {
  for_each_part(list, ',', [&take](std::string_view element) {
    if (!element.empty()) take(element);
    return true;
  });
}

// Calls `take` with the name of each choice of an Accept or Accept-Encoding, and whether its weight accepts it: one of
// 0, 0.0 to 0.000 does not (RFC 9110, 12.4.2).
template <class Take>
void for_each_choice(std::string_view list, Take take) {
  for_each_element(list, [&take](std::string_view choice) {
    bool is_accepted = true;
    for_each_part(choice, ';', [&is_accepted](std::string_view part) {
      const bool is_weight = part.size() > 2 && is_same_word(part.substr(0, 2), "q=");
      if (is_weight && part.find_first_not_of("0.", 2) == std::string_view::npos) is_accepted = false;
      return true;
    });
    take(trimmed(choice.substr(0, choice.find(';'))), is_accepted);
  });
}

}  // namespace ubiety::http
