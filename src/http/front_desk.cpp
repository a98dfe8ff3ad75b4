#include "http/front_desk.hpp"

#include <charconv>

#include "http/client_address.hpp"

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

}  // namespace

bool FrontDesk::has_answered(Exchange& exchange) {
  cors_.mark(exchange);
  auto answer = cors_.preflight_answer(exchange);
  if (!answer && is_limited(exchange.route())) answer = limit_answer(exchange);
  if (answer) exchange.answer(std::move(*answer));
  return answer.has_value();
}

// The fields are those of draft-ietf-httpapi-ratelimit-headers-07.
std::optional<Answer> FrontDesk::limit_answer(Exchange& exchange) {
  if (!limiter_.limit().is_set()) return std::nullopt;
  const auto client = client_address(exchange, proxies_);
  const auto verdict = limiter_.take(subject_of(client), exchange.began());
  add_number(exchange, "RateLimit-Limit", limiter_.limit().requests);
  add_number(exchange, "RateLimit-Remaining", verdict.remaining);
  add_number(exchange, "RateLimit-Reset", verdict.reset.count());
  if (verdict.allowed) return std::nullopt;
  auto answer = detail_answer(429, "Rate limit exceeded");
  answer.fields.push_back({"Retry-After", std::to_string(verdict.retry_after.count())});
  return answer;
}

}  // namespace ubiety::http
