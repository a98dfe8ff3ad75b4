#include "http/metrics/request_metrics.hpp"

namespace ubiety::http {

RequestMetrics::RequestMetrics() {
  for (std::size_t route = 0; route < routes; ++route) seconds_.emplace_back(duration_bounds);
}

void RequestMetrics::answered(const Exchange& exchange, const AnswerSent& answer) {
  const auto route = static_cast<std::size_t>(exchange.route());
  ++counts_[route][static_cast<std::size_t>(exchange.method())][index_of_status_code(answer.status)];
  seconds_[route].observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - exchange.began()).count());
}

}  // namespace ubiety::http
