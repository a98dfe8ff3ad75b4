#include "http/metrics/request_metrics.hpp"

namespace ubiety::http {

RequestMetrics::RequestMetrics(std::span<const Route> routes) : routes_(routes), rows_(routes.size() + 1) {}

void RequestMetrics::answered(const Exchange& exchange, const AnswerSent& answer) {
  count(exchange.route(), exchange.method(), answer.status, std::chrono::steady_clock::now() - exchange.began());
}

void RequestMetrics::count(const Route* route, Method method, int status, std::chrono::duration<double> took) {
  auto& row = rows_[row_of(route)];
  ++row.counts[static_cast<std::size_t>(method)][index_of_status_code(status)];
  row.seconds.observe(took.count());
}

}  // namespace ubiety::http
