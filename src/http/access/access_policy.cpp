#include "http/access/access_policy.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "domain/text.hpp"
#include "http/message/route.hpp"

namespace ubiety::http {
namespace {

constexpr std::string_view exposed_fields =
    "ETag, Link, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-ID, X-Ubiety-Position";
constexpr std::string_view preflight_max_age = "600";  // seconds; Chromium accepts at most 7200
constexpr std::size_t max_list_bytes = 1024;

// Whether the text is a list of field names (RFC 9110, 5.1), which is safe to echo.
bool is_list_of_names(std::string_view text) {
  return text.size() <= max_list_bytes && std::all_of(text.begin(), text.end(), [](char c) {
           return ascii::is_token(c) || c == ',' || c == ' ' || c == '\t';
         });
}

bool is_limited(const Route* route) { return route == nullptr || route->is_limited(); }

// Returns nullopt if no key is needed. A 404 and a 405 need none, since they reveal nothing.
std::optional<Scope> required_scope(const Route* route, Method method) {
  const auto* operation = route == nullptr ? nullptr : route->operation(method);
  return operation == nullptr ? std::nullopt : operation->scope;
}

void add_number(Exchange& exchange, std::string_view name, std::int64_t number) {
  std::array<char, 20> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  exchange.add_field(name, {text.data(), static_cast<std::size_t>(end - text.data())});
}

// The first half of the key's hash. It equals the bytes of an address with a probability of 2^-80.
Subject subject_of(const keys::RingKey& key) {
  Subject subject{};
  std::copy_n(key.hash.begin(), subject.size(), subject.begin());
  return subject;
}

std::optional<Answer> too_many_answer(const LimitDecision& decision, std::string_view detail) {
  if (decision.is_allowed) return std::nullopt;
  auto answer = detail_answer(429, detail);
  answer.fields.push_back({"Retry-After", std::to_string(decision.retry_after.count())});
  return answer;
}

}  // namespace

bool CorsPolicy::allows_all() const { return origins_.size() == 1 && origins_.front() == "*"; }

bool CorsPolicy::allows(std::string_view origin) const {
  return allows_all() || std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

void CorsPolicy::mark(Exchange& exchange) const {
  if (!is_configured()) return;
  if (!allows_all()) exchange.add_field("Vary", "Origin");
  const auto origin = exchange.field("Origin");
  if (!origin || !allows(*origin)) return;
  exchange.add_field("Access-Control-Allow-Origin", allows_all() ? std::string_view("*") : *origin);
  if (!allows_all()) exchange.add_field("Access-Control-Allow-Credentials", "true");
  exchange.add_field("Access-Control-Expose-Headers", exposed_fields);
}

std::optional<Answer> CorsPolicy::preflight_answer(const Exchange& exchange) const {
  if (!is_configured() || exchange.method() != Method::options) return std::nullopt;
  const auto origin = exchange.field("Origin");
  if (!origin || !exchange.field("Access-Control-Request-Method")) return std::nullopt;

  auto answer = json_answer(204, {});
  const auto methods = allow_field_of(exchange.route());
  answer.fields.push_back({"Allow", methods});
  if (!allows(*origin)) return answer;
  answer.fields.push_back({"Access-Control-Allow-Methods", methods});
  answer.fields.push_back({"Access-Control-Max-Age", std::string(preflight_max_age)});
  auto wanted = exchange.list_field("Access-Control-Request-Headers");
  if (!wanted.empty() && is_list_of_names(wanted))
    answer.fields.push_back({"Access-Control-Allow-Headers", std::move(wanted)});
  return answer;
}

bool AccessPolicy::answered_if_refused(Exchange& exchange) {
  auto answer = cors_.preflight_answer(exchange);
  const keys::RingKey* key = nullptr;
  if (!answer) answer = key_answer(exchange, key);
  // A known key without the scope counts against its limit; a request without a known key has a budget of its own.
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
  if (check.result == KeyCheckResult::accepted) return std::nullopt;
  if (auto answer = failed_key_answer(exchange, check.result)) return answer;
  return refusal_answer(check.result, *scope);
}

// Guessing keys is hopeless, since each has 256 random bits: the budget only bounds the load. A good key is accepted
// all the same, because one address may stand for a whole fleet of which one device has a wrong key.
std::optional<Answer> AccessPolicy::failed_key_answer(const Exchange& exchange, KeyCheckResult result) {
  if (!failure_limiter_.limit().is_set()) return std::nullopt;
  if (result != KeyCheckResult::missing && result != KeyCheckResult::invalid) return std::nullopt;
  const auto subject = subject_of(exchange.client_address(proxies_));
  return too_many_answer(failure_limiter_.take(subject, exchange.began()), "Too many failed authentications");
}

// The fields are those of draft-ietf-httpapi-ratelimit-headers-07.
std::optional<Answer> AccessPolicy::limit_answer(Exchange& exchange, const keys::RingKey* key) {
  if (!limiter_.limit().is_set()) return std::nullopt;
  const auto subject = key != nullptr ? subject_of(*key) : subject_of(exchange.client_address(proxies_));
  const auto decision = limiter_.take(subject, exchange.began());
  add_number(exchange, "RateLimit-Limit", limiter_.limit().requests);
  add_number(exchange, "RateLimit-Remaining", decision.remaining);
  add_number(exchange, "RateLimit-Reset", decision.reset.count());
  return too_many_answer(decision, "Rate limit exceeded");
}

}  // namespace ubiety::http
