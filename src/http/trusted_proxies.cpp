#include "http/trusted_proxies.hpp"

#include <algorithm>

#include "http/list_field.hpp"

namespace ubiety::http {
namespace {

// Some proxies write "192.0.2.1:4711" and "[2001:db8::1]:4711".
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    return end == std::string_view::npos ? std::string_view{} : text.substr(1, end - 1);
  }
  const auto colon = text.find(':');
  return text.find(':', colon + 1) == std::string_view::npos ? text.substr(0, colon) : text;
}

}  // namespace

bool TrustedProxies::contain(const IpAddress& address) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const IpRange& range) { return range.contains(address); });
}

IpAddress TrustedProxies::client_behind(const IpAddress& peer, std::optional<std::string_view> forwarded_for) const {
  auto client = peer;
  auto left = forwarded_for.value_or(std::string_view{});
  while (!left.empty() && contain(client)) {
    const auto comma = left.rfind(',');
    const auto last = trimmed(comma == std::string_view::npos ? left : left.substr(comma + 1));
    const auto address = parse_ip_address(without_port(last));
    if (!address) break;
    client = *address;
    left = comma == std::string_view::npos ? std::string_view{} : left.substr(0, comma);
  }
  return client;
}

}  // namespace ubiety::http
