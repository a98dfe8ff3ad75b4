// IPv4 and IPv6 addresses, and ranges of them. Pure functions, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ubiety {

// In network byte order; an IPv4 address as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

  bool is_v4() const;
};

// "192.0.2.1", "2001:db8::1", without brackets, port or zone.
std::optional<IpAddress> parse_ip_address(std::string_view text);

// The same form for IPv4; for IPv6, that of RFC 5952.
std::string to_string(const IpAddress& address);

// The address with all bits after the first `prefix_length` (of 128) set to zero.
IpAddress network_of(IpAddress address, int prefix_length);

struct IpRange {
  IpAddress network;
  int prefix_length = 128;  // of 128 bits for IPv4 too: an IPv4 /24 is a /120 here

  bool contains(const IpAddress& address) const { return network_of(address, prefix_length) == network; }
};

// "10.0.0.0/8", "2001:db8::/32" or a single address. nullopt if a bit is set after the prefix.
std::optional<IpRange> parse_ip_range(std::string_view text);

}  // namespace ubiety
