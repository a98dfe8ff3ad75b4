// The address of the other end of a connection.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace ubiety::http {

// In the order of the network; an IPv4 address as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).
struct ClientAddress {
  std::array<std::uint8_t, 16> bytes{};
  friend auto operator<=>(const ClientAddress&, const ClientAddress&) = default;
};

// "192.0.2.1" or "2001:db8::1" (RFC 5952).
std::string to_string(const ClientAddress& address);

}  // namespace ubiety::http
