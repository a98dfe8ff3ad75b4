#include "http/access/key_check.hpp"

#include "http/access/presented_key.hpp"
#include "keys/key_text.hpp"

namespace ubiety::http {

KeyCheck::Outcome KeyCheck::check(const Exchange& exchange, Scope needed) {
  const auto outcome = judge(exchange, needed);
  metrics_->note(outcome.verdict);
  if (outcome.verdict == KeyVerdict::accepted) outcome.key->use->note(exchange.began());
  return outcome;
}

KeyCheck::Outcome KeyCheck::judge(const Exchange& exchange, Scope needed) {
  const auto presented = presented_key(exchange, options_.header);
  if (presented.is_contradictory) return {KeyVerdict::invalid};
  if (presented.text.empty()) return {KeyVerdict::missing};
  if (presented.text.size() != keys::key_length) return {KeyVerdict::invalid};  // a long text is not hashed
  const auto* ring = published_->current();
  if (ring == nullptr) return {KeyVerdict::not_ready};
  const auto* key = ring->find(hasher_.hash_of(presented.text));
  if (key == nullptr) return {KeyVerdict::invalid};
  if (key->expires != keys::RingKey::never && clock_->now() >= key->expires) return {KeyVerdict::invalid};
  return {key->scopes.allow(needed) ? KeyVerdict::accepted : KeyVerdict::insufficient, key};
}

// The challenges are those of RFC 6750, section 3.
Answer refusal_answer(KeyVerdict verdict, Scope needed) {
  if (verdict == KeyVerdict::not_ready)
    return unavailable_answer("the service is starting: its keys are not loaded yet");
  const bool insufficient = verdict == KeyVerdict::insufficient;
  auto answer = insufficient ? detail_answer(403, "Insufficient scope") : detail_answer(401, "Invalid API key");
  std::string challenge = R"(Bearer realm="ubiety")";
  if (verdict == KeyVerdict::invalid) challenge += R"(, error="invalid_token")";
  if (insufficient) challenge.append(R"(, error="insufficient_scope", scope=")").append(name_of(needed)).append("\"");
  answer.fields.push_back({"WWW-Authenticate", std::move(challenge)});
  return answer;
}

}  // namespace ubiety::http
