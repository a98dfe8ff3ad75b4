#include "http/metrics/request_metrics.hpp"

namespace ubiety::http {

RequestMetrics::RequestMetrics() {
  for (std::size_t route = 0; route < routes; ++route) seconds_.emplace_back(duration_bounds);
}

void RequestMetrics::answered(const Exchange& exchange, const AnswerSent& answer) {
  count(exchange.route(), exchange.method(), answer.status, std::chrono::steady_clock::now() - exchange.began());
}

void RequestMetrics::count(Route route, Method method, int status, std::chrono::duration<double> took) {
  ++counts_[static_cast<std::size_t>(route)][static_cast<std::size_t>(method)][index_of_status_code(status)];
  seconds_[static_cast<std::size_t>(route)].observe(took.count());
}

}  // namespace ubiety::http
