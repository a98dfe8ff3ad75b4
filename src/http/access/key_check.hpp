// Finds a request's API key and checks it, in memory. The loop's thread; pure functions: any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/clock.hpp"
#include "http/http1/exchange.hpp"
#include "keys/key_ring.hpp"
#include "keys/key_text.hpp"

namespace ubiety::http {

struct KeyOptions {
  bool are_needed = false;
  std::string header;  // the field with the key; Authorization: Bearer is accepted too
};

enum class KeyCheckResult {
  accepted,
  missing,       // the request has no key
  invalid,       // unknown, revoked or expired, or the request has two keys that differ
  insufficient,  // the key does not have the needed scope
  not_ready,     // the keys are not loaded yet
};
inline constexpr std::size_t key_check_results = 5;

constexpr std::string_view name_of(KeyCheckResult result) {
  constexpr std::array<std::string_view, key_check_results> names{"accepted", "missing", "invalid",
                                                                  "insufficient_scope", "not_ready"};
  return names[static_cast<std::size_t>(result)];
}

struct KeyMetrics {
  std::array<std::uint64_t, key_check_results> by_result{};

  void note(KeyCheckResult result) { ++by_result[static_cast<std::size_t>(result)]; }
};

// The token of `Authorization: Bearer …`; nullopt for other schemes, which a proxy may use for itself.
std::optional<std::string_view> bearer_token(std::string_view authorization);

class KeyCheck {
 public:
  // The arguments by reference outlive the check.
  KeyCheck(KeyOptions options, keys::PublishedKeys& published, const Clock& clock, KeyMetrics& metrics)
      : options_(std::move(options)), published_(&published), clock_(&clock), metrics_(&metrics) {}

  bool is_enabled() const { return options_.are_needed; }

  struct Outcome {
    KeyCheckResult result;
    const keys::RingKey* key = nullptr;  // for `accepted` and `insufficient`; valid until the next check
  };
  // Counts the result, and notes the use of an accepted key.
  Outcome check(const Exchange& exchange, Scope needed);

  // Whether a request that was accepted would be accepted now. Counts nothing, but notes the use of the key.
  bool still_accepts(const Exchange& exchange, Scope needed);

 private:
  Outcome find(const Exchange& exchange, Scope needed);

  KeyOptions options_;
  keys::PublishedKeys* published_;
  const Clock* clock_;
  KeyMetrics* metrics_;
  keys::KeyHasher hasher_;
};

// The answer to a request that is not accepted.
Answer refusal_answer(KeyCheckResult result, Scope needed);

}  // namespace ubiety::http
