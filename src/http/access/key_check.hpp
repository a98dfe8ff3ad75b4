// The check of a request's API key, from memory. The loop's thread.
#pragma once

#include <string>

#include "domain/clock.hpp"
#include "http/access/key_verdict.hpp"
#include "http/http1/exchange.hpp"
#include "http/metrics/key_metrics.hpp"
#include "keys/key_hasher.hpp"
#include "keys/published_keys.hpp"

namespace ubiety::http {

struct KeyOptions {
  bool are_needed = false;
  std::string header;  // the field that carries the key; Authorization: Bearer does as well
};

class KeyCheck {
 public:
  // What is referred to outlives it.
  KeyCheck(KeyOptions options, keys::PublishedKeys& published, const Clock& clock, KeyMetrics& metrics)
      : options_(std::move(options)), published_(&published), clock_(&clock), metrics_(&metrics) {}

  bool is_enabled() const { return options_.are_needed; }

  struct Outcome {
    KeyVerdict verdict;
    const keys::RingKey* key = nullptr;  // of `accepted` and `insufficient`; valid until the next check
  };
  // Notes the key's use when it is accepted, and counts.
  Outcome check(const Exchange& exchange, Scope needed);

 private:
  Outcome judge(const Exchange& exchange, Scope needed);

  KeyOptions options_;
  keys::PublishedKeys* published_;
  const Clock* clock_;
  KeyMetrics* metrics_;
  keys::KeyHasher hasher_;
};

// The answer to a request that is not accepted.
Answer refusal_answer(KeyVerdict verdict, Scope needed);

}  // namespace ubiety::http
