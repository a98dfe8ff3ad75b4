#include "http/access/rate_limiter.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "domain/random.hpp"

namespace ubiety::http {
namespace {

constexpr int v6_client_bits = 64;

std::array<std::uint64_t, 3> new_secret() { return {random_secret() | 1, random_secret() | 1, random_secret() | 1}; }

std::uint64_t mixed(std::uint64_t left, std::uint64_t right) {
  const auto product = static_cast<__uint128_t>(left) * right;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::chrono::seconds at_least_one(std::chrono::nanoseconds time) {
  return std::max(std::chrono::ceil<std::chrono::seconds>(time), std::chrono::seconds{1});
}

}  // namespace

Subject subject_of(const IpAddress& address) {
  return address.is_v4() ? address.bytes : network_of(address, v6_client_bits).bytes;
}

RateLimiter::RateLimiter(RateLimit limit, std::size_t capacity)
    : limit_(limit),
      interval_(limit.is_set() ? std::chrono::nanoseconds(limit.window) / limit.requests : limit.window),
      secret_(new_secret()),
      buckets_(limit.is_set() ? std::bit_ceil(std::max<std::size_t>(1, capacity / clients_in_a_bucket)) : 0) {}

std::size_t RateLimiter::bucket_of(const Subject& subject) const {
  std::array<std::uint64_t, 2> words{};
  std::memcpy(words.data(), subject.data(), sizeof words);
  const auto hash = mixed(words[0] ^ secret_[0], words[1] ^ secret_[1]);
  return mixed(hash, secret_[2]) & (buckets_.size() - 1);
}

// `full_again` includes the request.
LimitDecision RateLimiter::decide(SteadyTime full_again, SteadyTime now) const {
  const auto missing = full_again - now;
  const auto budget = interval_ * limit_.requests;
  if (missing > budget) return {false, 0, at_least_one(missing - interval_), at_least_one(missing - budget)};
  return {true, static_cast<std::uint32_t>((budget - missing) / interval_), at_least_one(missing), {}};
}

LimitDecision RateLimiter::take(const Subject& subject, SteadyTime now) {
  auto& bucket = buckets_[bucket_of(subject)];
  auto client = std::find_if(bucket.begin(), bucket.end(), [&](const Client& one) { return one.subject == subject; });
  if (client == bucket.end()) {
    client = std::min_element(bucket.begin(), bucket.end(), [](const Client& left, const Client& right) {
      return left.full_again < right.full_again;
    });
    *client = {subject, now};
  }
  const auto full_again = std::max(client->full_again, now) + interval_;
  const auto decision = decide(full_again, now);
  if (decision.is_allowed) client->full_again = full_again;
  return decision;
}

}  // namespace ubiety::http
