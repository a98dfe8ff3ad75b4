// How often one client may ask. The generic cell rate algorithm (GCRA, ITU-T I.371): a client may send its whole budget
// at once, and gets it back evenly over the window. One thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "domain/clock.hpp"
#include "domain/ip_address.hpp"

namespace ubiety::http {

// Who is counted: 16 bytes that name an API key or an address.
using Subject = std::array<std::uint8_t, 16>;

// An IPv4 address, or the /64 of an IPv6 address, of which one client has all.
Subject subject_of(const IpAddress& address);

struct RateLimit {
  std::uint32_t requests = 0;  // 0: no limit
  std::chrono::seconds window{60};

  bool is_set() const { return requests != 0; }
};

class RateLimiter {
 public:
  // Remembers up to about `capacity` clients at a time, 24 bytes each. When there are more, those are forgotten that
  // have most of their budget; whose, depends on a secret, so that nobody can have himself forgotten.
  explicit RateLimiter(RateLimit limit, std::size_t capacity = 65'536);

  struct Verdict {
    bool allowed;
    std::uint32_t remaining;           // requests that may follow at once
    std::chrono::seconds reset;        // until the whole budget is back
    std::chrono::seconds retry_after;  // of one that is not allowed: until the next is
  };

  // Counts a request, if it is allowed.
  Verdict take(const Subject& subject, SteadyTime now);
  // The same without counting.
  Verdict look(const Subject& subject, SteadyTime now) const;

  const RateLimit& limit() const { return limit_; }

 private:
  struct Client {
    Subject subject{};
    SteadyTime full_again{};  // the algorithm's theoretical arrival time
  };
  static constexpr std::size_t clients_in_a_bucket = 8;
  using Bucket = std::array<Client, clients_in_a_bucket>;

  std::size_t bucket_of(const Subject& subject) const;
  Verdict verdict(SteadyTime full_again, SteadyTime now) const;

  const RateLimit limit_;
  const std::chrono::nanoseconds interval_;  // in which one request comes back
  const std::array<std::uint64_t, 3> secret_;
  std::vector<Bucket> buckets_;
};

}  // namespace ubiety::http
