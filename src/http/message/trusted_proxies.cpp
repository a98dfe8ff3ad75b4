#include "http/message/trusted_proxies.hpp"

#include <algorithm>
#include <optional>

#include "http/message/header_fields.hpp"

namespace ubiety::http {
namespace {

bool is_port_or_nothing(std::string_view text) {
  constexpr std::size_t max_port_digits = 5;
  if (text.empty()) return true;
  return text.front() == ':' && text.size() > 1 && text.size() <= 1 + max_port_digits &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

// Some proxies write "192.0.2.1:4711" and "[2001:db8::1]:4711".
std::optional<IpAddress> parse_entry(std::string_view text) {
  std::string_view address = text, port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    address = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (address.find(':') == std::string_view::npos) return std::nullopt;
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    address = text.substr(0, text.find(':'));
    port = text.substr(address.size());
  }
  return is_port_or_nothing(port) ? parse_ip_address(address) : std::nullopt;
}

}  // namespace

bool TrustedProxies::contain(const IpAddress& address) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const IpRange& range) { return range.contains(address); });
}

IpAddress TrustedProxies::client_behind(const IpAddress& peer, std::string_view forwarded_for) const {
  auto client = peer;
  auto left = forwarded_for;
  while (!left.empty() && contain(client)) {
    const auto comma = left.rfind(',');
    const auto last = trimmed(comma == std::string_view::npos ? left : left.substr(comma + 1));
    left = comma == std::string_view::npos ? std::string_view{} : left.substr(0, comma);
    if (last.empty()) continue;  // empty elements are ignored (RFC 9110, 5.6.1.2)
    const auto address = parse_entry(last);
    if (!address) break;
    client = *address;
  }
  return client;
}

}  // namespace ubiety::http
