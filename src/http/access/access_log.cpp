#include "http/access/access_log.hpp"

#include <chrono>

#include "http/message/route.hpp"
#include "telemetry/log.hpp"

namespace ubiety::http {
namespace {

constexpr std::size_t max_text_bytes = 256;  // of what a client sends

std::string_view shortened(std::string_view text) { return text.substr(0, max_text_bytes); }

}  // namespace

// Neither the query nor any field but User-Agent: they may hold secrets.
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
