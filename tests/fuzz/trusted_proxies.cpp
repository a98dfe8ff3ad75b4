// Whatever stands in X-Forwarded-For, a peer that is no proxy is the client itself, and what a client writes to the
// left of the address that its proxy saw changes nothing.
#include "http/message/header_fields.hpp"

#include "fuzzing.hpp"

using namespace ubiety;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const http::TrustedProxies proxies({*parse_ip_range("10.0.0.0/8"), *parse_ip_range("2001:db8:1::/48")});
  static const auto proxy = *parse_ip_address("10.0.0.1"), stranger = *parse_ip_address("192.0.2.1");
  const auto text = fuzz::text_of(data, size);

  fuzz::require(proxies.client_behind(stranger, text) == stranger, "a stranger's word does not count");
  const auto seen = std::string(text) + ", 192.0.2.1";
  fuzz::require(proxies.client_behind(proxy, seen) == stranger, "what stands left of the client's address is its word");
  const auto client = proxies.client_behind(proxy, text);
  fuzz::require(proxies.client_behind(proxy, to_string(client)) == client, "an address is read as it is written");
  return 0;
}
