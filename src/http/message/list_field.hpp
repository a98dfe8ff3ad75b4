// Fields that are lists (RFC 9110, 5.6.1). Pure, any thread.
#pragma once

#include <algorithm>
#include <string_view>

#include "domain/text/ascii.hpp"

namespace ubiety::http {

// Calls visit(part) for each part of `text` between separators, without the blanks around it, while that returns true.
template <class Visit>
void for_each_part(std::string_view text, char separator, Visit visit) {
  for (;;) {
    const auto end = std::min(text.find(separator), text.size());
    if (!visit(trimmed(text.substr(0, end))) || end == text.size()) return;
    text.remove_prefix(end + 1);
  }
}

// Calls visit(element) for each element of a list field, but empty ones, which are ignored (RFC 9110, 5.6.1.2).
template <class Visit>
void for_each_element(std::string_view list, Visit visit) {
  for_each_part(list, ',', [&visit](std::string_view element) {
    if (!element.empty()) visit(element);
    return true;
  });
}

// Calls visit(name, is_accepted) for each choice of an Accept or Accept-Encoding. A choice with a weight of 0 is not
// accepted (RFC 9110, 12.4.2).
template <class Visit>
void for_each_choice(std::string_view list, Visit visit) {
  for_each_element(list, [&visit](std::string_view choice) {
    bool is_accepted = true;
    for_each_part(choice, ';', [&is_accepted](std::string_view part) {
      const bool is_weight = part.size() > 2 && ascii::equal_ignoring_case(part.substr(0, 2), "q=");
      if (is_weight && part.find_first_not_of("0.", 2) == std::string_view::npos) is_accepted = false;
      return true;
    });
    visit(trimmed(choice.substr(0, choice.find(';'))), is_accepted);
  });
}

}  // namespace ubiety::http
