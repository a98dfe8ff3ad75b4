#include "http/access/rate_limiter.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace ubiety::http {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime start{1'000'000s};

Subject client(std::uint32_t number) {
  Subject subject{1};
  for (std::size_t i = 0; i < 4; ++i) subject[12 + i] = static_cast<std::uint8_t>(number >> 8 * i);
  return subject;
}

TEST(RateLimiter, gives_the_whole_budget_at_once_and_then_no_more) {
  RateLimiter limiter({.requests = 3, .window = 60s});
  for (const auto remaining : {2u, 1u, 0u}) {
    const auto verdict = limiter.take(client(1), start);
    EXPECT_TRUE(verdict.is_allowed);
    EXPECT_EQ(verdict.remaining, remaining);
  }
  const auto verdict = limiter.take(client(1), start);
  EXPECT_FALSE(verdict.is_allowed);
  EXPECT_EQ(verdict.retry_after, 20s) << "a third of the window for a third of the budget";
  EXPECT_EQ(verdict.reset, 60s);
}

TEST(RateLimiter, gives_it_back_evenly) {
  RateLimiter limiter({.requests = 3, .window = 60s});
  while (limiter.take(client(1), start).is_allowed) continue;
  EXPECT_FALSE(limiter.take(client(1), start + 19s).is_allowed) << "a refusal costs nothing";
  EXPECT_TRUE(limiter.take(client(1), start + 20s).is_allowed);
  EXPECT_FALSE(limiter.take(client(1), start + 20s).is_allowed);
  EXPECT_EQ(limiter.take(client(1), start + 200s).remaining, 2u) << "and never more than all of it";
}

TEST(RateLimiter, counts_each_client_by_itself) {
  RateLimiter limiter({.requests = 1, .window = 60s});
  EXPECT_TRUE(limiter.take(client(1), start).is_allowed);
  EXPECT_FALSE(limiter.take(client(1), start).is_allowed);
  EXPECT_TRUE(limiter.take(client(2), start).is_allowed);
}

// In any time t a client is let through at most budget + t / interval times; and never refused while it sends no more
// often than once an interval.
RC_GTEST_PROP(RateLimiter, holds_for_any_times, ()) {
  const auto requests = *rc::gen::inRange(1u, 20u);
  const std::chrono::seconds window{*rc::gen::inRange(1, 100)};
  const auto pauses = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 20'000));
  RateLimiter limiter({requests, window});
  const auto interval = std::chrono::nanoseconds(window) / requests;
  auto now = start;
  std::int64_t allowed = 0;
  for (const auto pause : pauses) {
    now += std::chrono::milliseconds(pause);
    allowed += limiter.take(client(1), now).is_allowed;
    RC_ASSERT(allowed <= static_cast<std::int64_t>(requests) + (now - start) / interval);
    if (std::chrono::milliseconds(pause) < interval) continue;
    auto copy = limiter;  // so that this request does not count
    RC_ASSERT(copy.take(client(1), now + interval).is_allowed);
  }
}

TEST(RateLimiter, remembers_the_clients_with_least_left_when_it_is_full) {
  RateLimiter limiter({.requests = 10, .window = 60s}, 64);
  for (int i = 0; i < 10; ++i) limiter.take(client(0), start);
  for (std::uint32_t other = 1; other < 10'000; ++other) limiter.take(client(other), start);
  EXPECT_FALSE(limiter.take(client(0), start).is_allowed) << "others, of one request each, took its place";
}

TEST(RateLimiter, takes_an_ipv4_address_and_the_network_of_an_ipv6_address) {
  const auto subject = [](std::string_view text) { return subject_of(parse_ip_address(text).value()); };
  EXPECT_NE(subject("192.0.2.1"), subject("192.0.2.2"));
  EXPECT_EQ(subject("2001:db8::1"), subject("2001:db8::ffff:0:0:1"));
  EXPECT_NE(subject("2001:db8::1"), subject("2001:db8:0:1::1"));
}

}  // namespace
}  // namespace ubiety::http
