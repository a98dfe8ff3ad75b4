#include "http/access/cors_policy.hpp"

#include <algorithm>
#include <utility>

#include "domain/text/ascii.hpp"
#include "http/message/route.hpp"

namespace ubiety::http {
namespace {

constexpr std::string_view exposed_fields =
    "ETag, Link, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-ID";
constexpr std::string_view preflight_max_age = "600";  // seconds; Chromium accepts at most 7200
constexpr std::size_t max_list_bytes = 1024;

// Whether the text lists field names and nothing else (RFC 9110, 5.1), so that it can be echoed.
bool is_list_of_names(std::string_view text) {
  return text.size() <= max_list_bytes && std::all_of(text.begin(), text.end(), [](char c) {
           return ascii::is_token(c) || c == ',' || c == ' ' || c == '\t';
         });
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

}  // namespace ubiety::http
