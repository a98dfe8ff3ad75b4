// Finds the client's address behind trusted proxies. X-Forwarded-For can be forged unless a trusted proxy sent it, so
// it counts only then; the rightmost address in it that is not itself a trusted proxy is the client. Any thread.
#pragma once

#include <string_view>
#include <vector>

#include "domain/ip_address.hpp"

namespace ubiety::http {

class TrustedProxies {
 public:
  explicit TrustedProxies(std::vector<IpRange> ranges) : ranges_(std::move(ranges)) {}

  bool are_none() const { return ranges_.empty(); }

  // The client behind `peer`, the other end of the connection. `forwarded_for` is the whole list, from all lines: some
  // proxies add a line of their own below the client's. A malformed entry ends the search: no trusted proxy wrote what
  // is left of it.
  IpAddress client_behind(const IpAddress& peer, std::string_view forwarded_for) const;

 private:
  bool contain(const IpAddress& address) const;

  std::vector<IpRange> ranges_;
};

}  // namespace ubiety::http
