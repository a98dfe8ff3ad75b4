// What a request passes on its way to its resource: the rules for other origins, and how often its client may ask.
// Health checks pass freely. The loop's thread.
#pragma once

#include "http/cors_policy.hpp"
#include "http/exchange.hpp"
#include "http/rate_limiter.hpp"
#include "http/trusted_proxies.hpp"

namespace ubiety::http {

struct FrontDeskOptions {
  std::vector<std::string> cors_origins;
  std::vector<IpRange> trusted_proxies;
  RateLimit rate_limit;
};

class FrontDesk {
 public:
  explicit FrontDesk(const FrontDeskOptions& options)
      : cors_(options.cors_origins), proxies_(options.trusted_proxies), limiter_(options.rate_limit) {}

  // Answers a request that goes no further, and gives whether it did. The exchange knows its route.
  bool has_answered(Exchange& exchange);

 private:
  std::optional<Answer> limit_answer(Exchange& exchange);

  const CorsPolicy cors_;
  const TrustedProxies proxies_;
  RateLimiter limiter_;
};

}  // namespace ubiety::http
