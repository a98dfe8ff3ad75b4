#include "http/message/accept.hpp"

#include <optional>

#include "http/message/list_field.hpp"

namespace ubiety::http {

bool accepts_html(std::string_view accept) {
  std::optional<bool> by_type, by_kind, by_star;
  for_each_choice(accept, [&](std::string_view range, bool is_accepted) {
    if (is_same_word(range, "text/html")) by_type = is_accepted;
    if (is_same_word(range, "text/*")) by_kind = is_accepted;
    if (range == "*/*") by_star = is_accepted;
  });
  return by_type.value_or(by_kind.value_or(by_star.value_or(false)));
}

}  // namespace ubiety::http
