#include "config/list.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "domain/ip_address.hpp"
#include "domain/text/ascii.hpp"

namespace ubiety::config {
namespace {

bool is_quoted(std::string_view item) { return item.size() >= 2 && item.front() == '"' && item.back() == '"'; }

bool is_plain(std::string_view item) {
  return !item.empty() && item.find_first_of("\"\\[] ") == std::string_view::npos;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// IPv6 in brackets and as browsers write it, or a name or IPv4.
bool is_host(std::string_view text) {
  if (text.starts_with('[')) {
    const auto inner = text.ends_with(']') ? text.substr(1, text.size() - 2) : std::string_view{};
    const auto address = parse_ip_address(inner);
    return address && to_string(*address) == inner && inner.find(':') != std::string_view::npos;
  }
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_lower(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
  });
}

// Browsers leave out the scheme's own port and leading zeros: an origin with them would never match.
bool is_port_in_origin(std::string_view scheme, std::string_view text) {
  std::uint16_t port = 0;
  const auto* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || last != end || text.starts_with('0')) return false;
  return !(scheme == "http" && port == 80) && !(scheme == "https" && port == 443);
}

}  // namespace

std::optional<std::vector<std::string>> parse_list(std::string_view text) {
  text = trimmed(text);
  const bool is_json = text.starts_with('[');
  if (is_json) {
    if (text.size() < 2 || !text.ends_with(']')) return std::nullopt;
    text = trimmed(text.substr(1, text.size() - 2));
  }
  std::vector<std::string> list;
  while (!text.empty()) {
    const auto comma = text.find(',');
    auto item = trimmed(text.substr(0, comma));
    if (is_json != is_quoted(item)) return std::nullopt;
    if (is_json) item = item.substr(1, item.size() - 2);
    if (!is_plain(item)) return std::nullopt;
    list.emplace_back(item);
    if (comma == std::string_view::npos) break;
    text = trimmed(text.substr(comma + 1));
    if (text.empty()) return std::nullopt;
  }
  return list;
}

bool is_origin(std::string_view text) {
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos || scheme_end == 0 || !is_lower(text.front())) return false;
  const auto scheme = text.substr(0, scheme_end);
  if (!std::all_of(scheme.begin(), scheme.end(),
                   [](char c) { return is_lower(c) || is_digit(c) || c == '+' || c == '-'; }))
    return false;
  const auto authority = text.substr(scheme_end + 3);
  const auto host_end = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
  if (!is_host(authority.substr(0, host_end))) return false;
  return host_end == std::string_view::npos || is_port_in_origin(scheme, authority.substr(host_end + 1));
}

}  // namespace ubiety::config
