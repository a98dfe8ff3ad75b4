// Who sent a request: what the limits count by, and the log names. The loop's thread.
#pragma once

#include "http/access/trusted_proxies.hpp"
#include "http/exchange.hpp"

namespace ubiety::http {

inline IpAddress client_address(const Exchange& exchange, const TrustedProxies& proxies) {
  const auto peer = exchange.remote_address();
  if (proxies.are_none()) return peer;
  return proxies.client_behind(peer, exchange.list_field("X-Forwarded-For"));
}

}  // namespace ubiety::http
