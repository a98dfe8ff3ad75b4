#include "http/access/key_check.hpp"

#include "domain/text.hpp"
#include "keys/key_text.hpp"

namespace ubiety::http {
namespace {

// The key in a request.
struct PresentedKey {
  std::string_view text{};        // empty when there is none
  bool is_contradictory = false;  // the request has several, and they differ
};

// A field on two lines is refused: a proxy in front may have checked either line.
PresentedKey presented_key(const Exchange& exchange, std::string_view header) {
  const auto own = exchange.lines(header);
  const auto authorization = exchange.lines("Authorization");
  if (own.count > 1 || authorization.count > 1) return {{}, true};
  const auto token = authorization.count == 0 ? std::nullopt : bearer_token(authorization.first);
  if (own.count == 0) return {token.value_or(std::string_view())};
  return {own.first, token && *token != own.first};
}

}  // namespace

std::optional<std::string_view> bearer_token(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (!ascii::equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return std::nullopt;
  const auto token = authorization.find_first_not_of(' ', scheme.size());
  return token == std::string_view::npos ? std::string_view() : authorization.substr(token);
}

KeyCheck::Outcome KeyCheck::check(const Exchange& exchange, Scope needed) {
  const auto outcome = find(exchange, needed);
  metrics_->note(outcome.result);
  if (outcome.result == KeyCheckResult::accepted) outcome.key->use->note(exchange.began());
  return outcome;
}

bool KeyCheck::still_accepts(const Exchange& exchange, Scope needed) {
  const auto outcome = find(exchange, needed);
  if (outcome.result != KeyCheckResult::accepted) return false;
  outcome.key->use->note(std::chrono::steady_clock::now());
  return true;
}

KeyCheck::Outcome KeyCheck::find(const Exchange& exchange, Scope needed) {
  const auto presented = presented_key(exchange, options_.header);
  if (presented.is_contradictory) return {KeyCheckResult::invalid};
  if (presented.text.empty()) return {KeyCheckResult::missing};
  if (presented.text.size() != keys::key_length) return {KeyCheckResult::invalid};  // a long text is not hashed
  const auto* ring = published_->current();
  if (ring == nullptr) return {KeyCheckResult::not_ready};
  const auto* key = ring->find(hasher_.hash_of(presented.text));
  if (key == nullptr) return {KeyCheckResult::invalid};
  if (key->expires != keys::RingKey::never && clock_->now() >= key->expires) return {KeyCheckResult::invalid};
  return {key->scopes.allow(needed) ? KeyCheckResult::accepted : KeyCheckResult::insufficient, key};
}

// The challenges are those of RFC 6750, section 3.
Answer refusal_answer(KeyCheckResult result, Scope needed) {
  if (result == KeyCheckResult::not_ready)
    return unavailable_answer("the service is starting: its keys are not loaded yet");
  const bool insufficient = result == KeyCheckResult::insufficient;
  auto answer = insufficient ? detail_answer(403, "Insufficient scope") : detail_answer(401, "Invalid API key");
  std::string challenge = R"(Bearer realm="ubiety")";
  if (result == KeyCheckResult::invalid) challenge += R"(, error="invalid_token")";
  if (insufficient) challenge.append(R"(, error="insufficient_scope", scope=")").append(name_of(needed)).append("\"");
  answer.fields.push_back({"WWW-Authenticate", std::move(challenge)});
  return answer;
}

}  // namespace ubiety::http
