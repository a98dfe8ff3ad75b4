#include "http/access/access_policy.hpp"

#include <algorithm>
#include <charconv>

#include "http/access/required_scope.hpp"

namespace ubiety::http {
namespace {

// Whoever watches over the service is let through at any time.
bool is_limited(Route route) {
  return route != Route::health && route != Route::health_live && route != Route::health_ready &&
         route != Route::metrics;
}

void add_number(Exchange& exchange, std::string_view name, std::int64_t number) {
  std::array<char, 20> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  exchange.add_field(name, {text.data(), static_cast<std::size_t>(end - text.data())});
}

// The first half of its hash: no address looks like that, but by a chance of 1 in 2^80.
Subject subject_of(const keys::RingKey& key) {
  Subject subject{};
  std::copy_n(key.hash.begin(), subject.size(), subject.begin());
  return subject;
}

std::optional<Answer> too_many_answer(const RateLimiter::Verdict& verdict, std::string_view detail) {
  if (verdict.allowed) return std::nullopt;
  auto answer = detail_answer(429, detail);
  answer.fields.push_back({"Retry-After", std::to_string(verdict.retry_after.count())});
  return answer;
}

}  // namespace

bool AccessPolicy::answered_if_refused(Exchange& exchange) {
  auto answer = cors_.preflight_answer(exchange);
  const keys::RingKey* key = nullptr;
  if (!answer) answer = key_answer(exchange, key);
  // A key that is not for what is asked counts too; without a good key there is another budget.
  if (is_limited(exchange.route()) && (!answer || key != nullptr))
    if (auto too_many = limit_answer(exchange, key)) answer = std::move(too_many);
  if (answer) exchange.answer(std::move(*answer));
  return answer.has_value();
}

std::optional<Answer> AccessPolicy::key_answer(Exchange& exchange, const keys::RingKey*& key) {
  if (!key_check_.is_enabled()) return std::nullopt;
  const auto scope = required_scope(exchange.route(), exchange.method());
  if (!scope) return std::nullopt;
  exchange.set_needs_key();
  const auto check = key_check_.check(exchange, *scope);
  key = check.key;
  if (key != nullptr) exchange.set_key_id(key->id);
  if (check.verdict == KeyVerdict::accepted) return std::nullopt;
  if (auto answer = failed_key_answer(exchange, check.verdict)) return answer;
  return refusal_answer(check.verdict, *scope);
}

// Whoever tries keys gets nowhere: each has 256 random bits. The budget keeps his noise down. A good key is let in even
// then, for behind one address may be a whole fleet, of which one device has a wrong key.
std::optional<Answer> AccessPolicy::failed_key_answer(const Exchange& exchange, KeyVerdict verdict) {
  if (!failure_limiter_.limit().is_set()) return std::nullopt;
  if (verdict != KeyVerdict::missing && verdict != KeyVerdict::invalid) return std::nullopt;
  const auto subject = subject_of(exchange.client_address(proxies_));
  return too_many_answer(failure_limiter_.take(subject, exchange.began()), "Too many failed authentications");
}

// The fields are those of draft-ietf-httpapi-ratelimit-headers-07.
std::optional<Answer> AccessPolicy::limit_answer(Exchange& exchange, const keys::RingKey* key) {
  if (!limiter_.limit().is_set()) return std::nullopt;
  const auto subject = key != nullptr ? subject_of(*key) : subject_of(exchange.client_address(proxies_));
  const auto verdict = limiter_.take(subject, exchange.began());
  add_number(exchange, "RateLimit-Limit", limiter_.limit().requests);
  add_number(exchange, "RateLimit-Remaining", verdict.remaining);
  add_number(exchange, "RateLimit-Reset", verdict.reset.count());
  return too_many_answer(verdict, "Rate limit exceeded");
}

}  // namespace ubiety::http
