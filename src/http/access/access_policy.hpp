// Decides whether a request may go on to its resource: the rules for other origins, the check of its API key, its
// client's rate limit. The loop's thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/access/key_check.hpp"
#include "http/access/rate_limiter.hpp"
#include "http/http1/exchange.hpp"
#include "http/message/header_fields.hpp"

namespace ubiety::http {

// Cross-origin resource sharing: which other origins' pages may call the service, by the Fetch standard
// (https://fetch.spec.whatwg.org/#http-cors-protocol).
class CorsPolicy {
 public:
  // Origins as browsers send them: "https://dashboard.example". A single "*" allows every page, without credentials.
  explicit CorsPolicy(std::vector<std::string> origins) : origins_(std::move(origins)) {}

  // Adds the fields for the request's origin, and Vary, so that caches know that the answer depends on it.
  void mark(Exchange& exchange) const;

  // The answer to a preflight, which a browser sends before the request itself; nullopt for any other request. An
  // origin that is not allowed gets no permission. mark() adds its fields to this answer, too.
  std::optional<Answer> preflight_answer(const Exchange& exchange) const;

 private:
  bool is_configured() const { return !origins_.empty(); }
  bool allows_all() const;
  bool allows(std::string_view origin) const;

  const std::vector<std::string> origins_;
};

struct AccessOptions {
  std::vector<std::string> cors_origins;
  std::vector<IpRange> trusted_proxies;
  RateLimit rate_limit;
  KeyOptions keys{};
  RateLimit failed_keys;  // for requests whose key is wrong or missing, for each client
};

class AccessPolicy {
 public:
  // Whatever the key check refers to outlives the policy.
  AccessPolicy(const AccessOptions& options, KeyCheck key_check)
      : cors_(options.cors_origins),
        proxies_(options.trusted_proxies),
        key_check_(std::move(key_check)),
        limiter_(options.rate_limit),
        failure_limiter_(options.failed_keys) {}

  // Adds the CORS fields that every answer has, the answers to the gate's refusals too.
  void mark(Exchange& exchange) const { cors_.mark(exchange); }

  // Answers a request that may not go on, and returns whether it did. The exchange has its route.
  bool answered_if_refused(Exchange& exchange);

 private:
  // The answer to a request without a good key; nullopt for one that may go on. Sets `key` to the request's key, if
  // one is needed and known.
  std::optional<Answer> key_answer(Exchange& exchange, const keys::RingKey*& key);
  std::optional<Answer> failed_key_answer(const Exchange& exchange, KeyCheckResult result);
  std::optional<Answer> limit_answer(Exchange& exchange, const keys::RingKey* key);

  const CorsPolicy cors_;
  const TrustedProxies proxies_;
  KeyCheck key_check_;
  RateLimiter limiter_, failure_limiter_;
};

}  // namespace ubiety::http
