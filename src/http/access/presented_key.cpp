#include "http/access/presented_key.hpp"

#include <algorithm>

namespace ubiety::http {

std::optional<std::string_view> bearer_token(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  const auto equals = [](char given, char wanted) {
    return (given >= 'A' && given <= 'Z' ? given - 'A' + 'a' : given) == wanted;
  };
  if (authorization.size() < scheme.size() ||
      !std::equal(scheme.begin(), scheme.end(), authorization.begin(),
                  [&](char wanted, char given) { return equals(given, wanted); }))
    return std::nullopt;
  const auto token = authorization.find_first_not_of(' ', scheme.size());
  return token == std::string_view::npos ? std::string_view() : authorization.substr(token);
}

// A field that stands there twice is looked at no further: whichever a proxy before us has believed, we do not.
PresentedKey presented_key(const Exchange& exchange, std::string_view header) {
  const auto own = exchange.lines(header);
  const auto authorization = exchange.lines("Authorization");
  if (own.count > 1 || authorization.count > 1) return {{}, true};
  const auto token = authorization.count == 0 ? std::nullopt : bearer_token(authorization.first);
  if (own.count == 0) return {token.value_or(std::string_view())};
  return {own.first, token && *token != own.first};
}

}  // namespace ubiety::http
