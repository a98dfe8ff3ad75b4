// Whose word is taken for where a request came from. X-Forwarded-For is the client's own word until a proxy that is
// known adds to it; so it counts only from such a proxy, and then the rightmost address in it that is not a proxy
// itself.
#pragma once

#include <string_view>
#include <vector>

#include "domain/ip_address.hpp"

namespace ubiety::http {

class TrustedProxies {
 public:
  explicit TrustedProxies(std::vector<IpRange> ranges) : ranges_(std::move(ranges)) {}

  bool are_none() const { return ranges_.empty(); }

  // The client behind `peer`, the other end of the connection. `forwarded_for` is the whole list, of all lines: some
  // proxies add a line of their own, below the client's. An entry that is no address ends the search: what stands left
  // of it was not written by a proxy of ours.
  IpAddress client_behind(const IpAddress& peer, std::string_view forwarded_for) const;

 private:
  bool contain(const IpAddress& address) const;

  std::vector<IpRange> ranges_;
};

}  // namespace ubiety::http
