#include "domain/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "domain/text.hpp"

namespace ubiety {
namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr int v4_prefix_bits = 96;
constexpr int address_bits = 128;

}  // namespace

bool IpAddress::is_v4() const { return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes.begin()); }

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  IpAddress address;
  if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  std::copy(v4_prefix.begin(), v4_prefix.end(), address.bytes.begin());
  if (::inet_pton(AF_INET, terminated.c_str(), address.bytes.data() + v4_prefix.size()) == 1) return address;
  return std::nullopt;
}

std::string to_string(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.is_v4())
    ::inet_ntop(AF_INET, address.bytes.data() + v4_prefix.size(), text.data(), text.size());
  else
    ::inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size());
  return text.data();
}

IpAddress network_of(IpAddress address, int prefix_length) {
  for (std::size_t i = 0; i < address.bytes.size(); ++i) {
    const auto bits = std::clamp(prefix_length - static_cast<int>(8 * i), 0, 8);
    address.bytes[i] = static_cast<std::uint8_t>(address.bytes[i] & (0xFF00 >> bits));
  }
  return address;
}

std::optional<IpRange> parse_ip_range(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_ip_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  IpRange range{*address};
  if (slash != std::string_view::npos) {
    const auto length = parse_integer<int>(text.substr(slash + 1));
    const int bits_before = address->is_v4() ? v4_prefix_bits : 0;
    if (!length || *length < 0 || *length > address_bits - bits_before) return std::nullopt;
    range.prefix_length = bits_before + *length;
  }
  if (!range.contains(*address)) return std::nullopt;
  return range;
}

}  // namespace ubiety
