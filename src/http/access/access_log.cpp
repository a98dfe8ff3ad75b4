#include "http/access/access_log.hpp"

#include <chrono>

#include "http/http1/exchange.hpp"
#include "telemetry/log.hpp"

namespace ubiety::http {
namespace {

constexpr std::size_t longest_text = 256;  // of what clients choose

std::string_view shortened(std::string_view text) { return text.substr(0, longest_text); }

}  // namespace

// The path without its query, and no field but the one that says what the client is: neither may hold a secret.
void AccessLog::answered(const Exchange& exchange, const AnswerSent& answer) {
  const auto& client = exchange.client_address(proxies_);
  const auto duration =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - exchange.began());
  log::info("request", {{"method", name_of(exchange.method())},
                        {"route", template_of(exchange.route())},
                        {"path", shortened(exchange.path())},
                        {"status", answer.status},
                        {"duration_us", duration.count()},
                        {"bytes", answer.body_bytes},
                        {"client", to_string(client)},
                        {"key", exchange.key_id()},
                        {"user_agent", shortened(exchange.field("User-Agent").value_or(""))},
                        {"request_id", exchange.request_id()}});
}

}  // namespace ubiety::http
