#include "http/http1/authority.hpp"

#include <cstddef>

#include "http/http1/characters.hpp"

namespace ubiety::http::gate {
namespace {

constexpr std::size_t max_port_digits = 5;

bool is_port(std::string_view text) {
  if (text.size() > max_port_digits) return false;
  for (const char c : text) {
    if (!character::is(c, character::digit)) return false;
  }
  return true;
}

// Enough of IPv6 to keep out what is none: zones and future versions have no business in a Host.
bool is_address_in_brackets(std::string_view text) {
  if (text.find(':') == std::string_view::npos) return false;
  for (const char c : text) {
    if (!character::is(c, character::hex) && c != ':' && c != '.') return false;
  }
  return true;
}

}  // namespace

bool is_valid_authority(std::string_view authority) {
  std::size_t at = 0;
  if (!authority.empty() && authority[0] == '[') {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos || !is_address_in_brackets(authority.substr(1, close - 1))) return false;
    at = close + 1;
  } else {
    while (at < authority.size() && character::is(authority[at], character::host)) {
      if (authority[at] == '%') {
        if (authority.size() - at < 3) return false;
        if (!character::is(authority[at + 1], character::hex)) return false;
        if (!character::is(authority[at + 2], character::hex)) return false;
        at += 2;
      }
      ++at;
    }
    if (at == 0) return false;
  }
  if (at == authority.size()) return true;
  return authority[at] == ':' && is_port(authority.substr(at + 1));
}

}  // namespace ubiety::http::gate
