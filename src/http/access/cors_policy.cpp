#include "http/access/cors_policy.hpp"

#include <algorithm>
#include <utility>

#include "http/route.hpp"

namespace ubiety::http {
namespace {

constexpr std::string_view exposed_fields =
    "ETag, Link, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-ID";
constexpr std::string_view seconds_to_remember = "600";  // what Chromium takes at most is 7200
constexpr std::size_t longest_list = 1024;

// A list of field names and nothing else, fit to be repeated (RFC 9110, 5.1).
bool is_list_of_names(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~, \t";
  return text.size() <= longest_list && std::all_of(text.begin(), text.end(), [=](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  others.find(c) != std::string_view::npos;
         });
}

}  // namespace

bool CorsPolicy::lets_all_read() const { return origins_.size() == 1 && origins_.front() == "*"; }

bool CorsPolicy::lets_in(std::string_view origin) const {
  return lets_all_read() || std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

void CorsPolicy::mark(Exchange& exchange) const {
  if (!is_configured()) return;
  if (!lets_all_read()) exchange.add_field("Vary", "Origin");
  const auto origin = exchange.field("Origin");
  if (!origin || !lets_in(*origin)) return;
  exchange.add_field("Access-Control-Allow-Origin", lets_all_read() ? std::string_view("*") : *origin);
  if (!lets_all_read()) exchange.add_field("Access-Control-Allow-Credentials", "true");
  exchange.add_field("Access-Control-Expose-Headers", exposed_fields);
}

std::optional<Answer> CorsPolicy::preflight_answer(const Exchange& exchange) const {
  if (!is_configured() || exchange.method() != Method::options) return std::nullopt;
  const auto origin = exchange.field("Origin");
  if (!origin || !exchange.field("Access-Control-Request-Method")) return std::nullopt;

  auto answer = json_answer(204, {});
  const std::string methods(methods_of(exchange.route()));
  answer.fields.push_back({"Allow", methods});
  if (!lets_in(*origin)) return answer;
  answer.fields.push_back({"Access-Control-Allow-Methods", methods});
  answer.fields.push_back({"Access-Control-Max-Age", std::string(seconds_to_remember)});
  auto wanted = exchange.list_field("Access-Control-Request-Headers");
  if (!wanted.empty() && is_list_of_names(wanted))
    answer.fields.push_back({"Access-Control-Allow-Headers", std::move(wanted)});
  return answer;
}

}  // namespace ubiety::http
