#include "http/client_address.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace ubiety::http {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

}  // namespace

std::string to_string(const ClientAddress& address) {
  const auto& bytes = address.bytes;
  const bool is_mapped = std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin());
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_mapped)
    ::inet_ntop(AF_INET, bytes.data() + mapped_prefix.size(), text.data(), text.size());
  else
    ::inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  return text.data();
}

}  // namespace ubiety::http
