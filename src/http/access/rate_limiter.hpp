// Limits each client's requests by the generic cell rate algorithm (GCRA, ITU-T I.371): a client may use its whole
// budget at once, and gets it back evenly over the window. One thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "domain/clock.hpp"
#include "domain/ip_address.hpp"

namespace ubiety::http {

// Whose requests are counted: 16 bytes that identify an API key or an address.
using Subject = std::array<std::uint8_t, 16>;

// An IPv4 address, or the /64 network of an IPv6 address, since one client usually owns all of it.
Subject subject_of(const IpAddress& address);

struct RateLimit {
  std::uint32_t requests = 0;  // 0: no limit
  std::chrono::seconds window{60};

  bool is_set() const { return requests != 0; }
};

struct LimitDecision {
  bool is_allowed;
  std::uint32_t remaining;           // requests that may follow at once
  std::chrono::seconds reset;        // until the whole budget is back
  std::chrono::seconds retry_after;  // if the request is not allowed: until the next one is
};

class RateLimiter {
 public:
  // Remembers about `capacity` clients, 24 bytes each. Beyond that it evicts clients that have most of their budget; a
  // secret decides among which, so a client cannot cause its own eviction.
  explicit RateLimiter(RateLimit limit, std::size_t capacity = 65'536);

  // Counts the request if it is allowed.
  LimitDecision take(const Subject& subject, SteadyTime now);

  const RateLimit& limit() const { return limit_; }

 private:
  struct Client {
    Subject subject{};
    SteadyTime full_again{};  // the algorithm's theoretical arrival time
  };
  static constexpr std::size_t clients_in_a_bucket = 8;
  using Bucket = std::array<Client, clients_in_a_bucket>;

  std::size_t bucket_of(const Subject& subject) const;
  LimitDecision decide(SteadyTime full_again, SteadyTime now) const;

  const RateLimit limit_;
  const std::chrono::nanoseconds interval_;  // after which one more request is allowed
  const std::array<std::uint64_t, 3> secret_;
  std::vector<Bucket> buckets_;
};

}  // namespace ubiety::http
