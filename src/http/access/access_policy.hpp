// What a request passes on its way to its resource: the rules for other origins, the check of its key, and how often
// its client may ask. Health checks pass freely. The loop's thread.
#pragma once

#include "http/access/cors_policy.hpp"
#include "http/access/key_check.hpp"
#include "http/access/rate_limiter.hpp"
#include "http/http1/exchange.hpp"
#include "http/message/trusted_proxies.hpp"

namespace ubiety::http {

struct AccessOptions {
  std::vector<std::string> cors_origins;
  std::vector<IpRange> trusted_proxies;
  RateLimit rate_limit;
  KeyOptions keys{};
  RateLimit failed_keys;  // how often a client may come with a wrong key, or none
};

class AccessPolicy {
 public:
  // What the key check refers to outlives the front desk.
  AccessPolicy(const AccessOptions& options, KeyCheck key_check)
      : cors_(options.cors_origins),
        proxies_(options.trusted_proxies),
        key_check_(std::move(key_check)),
        limiter_(options.rate_limit),
        failure_limiter_(options.failed_keys) {}

  // Adds what every answer says to pages of other origins, the gate's refusals too.
  void mark(Exchange& exchange) const { cors_.mark(exchange); }

  // Answers a request that goes no further, and gives whether it did. The exchange is marked and knows its route.
  bool answered_if_refused(Exchange& exchange);

 private:
  // The answer to one that goes no further; else puts the key that it came with, if it needs one, into `key`.
  std::optional<Answer> key_answer(Exchange& exchange, const keys::RingKey*& key);
  std::optional<Answer> failed_key_answer(const Exchange& exchange, KeyVerdict verdict);
  std::optional<Answer> limit_answer(Exchange& exchange, const keys::RingKey* key);

  const CorsPolicy cors_;
  const TrustedProxies proxies_;
  KeyCheck key_check_;
  RateLimiter limiter_, failure_limiter_;
};

}  // namespace ubiety::http
