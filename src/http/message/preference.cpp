#include "http/message/preference.hpp"

#include "http/message/list_field.hpp"

namespace ubiety::http {
namespace {

std::string_view unquoted(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

bool prefers_representation(std::optional<std::string_view> prefer) {
  if (!prefer) return false;
  std::optional<bool> wanted;
  for_each_part(*prefer, ',', [&](std::string_view preference) {
    const auto wish = trimmed(preference.substr(0, preference.find(';')));  // without its parameters
    const auto equals_sign = wish.find('=');
    if (equals_sign == std::string_view::npos || !is_same_word(trimmed(wish.substr(0, equals_sign)), "return"))
      return true;
    wanted = unquoted(trimmed(wish.substr(equals_sign + 1))) == "representation";
    return false;
  });
  return wanted.value_or(false);
}

}  // namespace ubiety::http
