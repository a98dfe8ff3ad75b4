#include "http/metrics/request_metrics.hpp"

#include <charconv>

namespace ubiety::http {

RequestMetrics::RequestMetrics() {
  constexpr auto other = statuses - 1;
  index_of_status_.fill(other);
  for (std::size_t index = 0; index < other; ++index) {
    const auto name = status_names[index];
    std::size_t status = 0;
    std::from_chars(name.data(), name.data() + name.size(), status);
    index_of_status_[status] = static_cast<std::uint8_t>(index);
  }
  for (std::size_t route = 0; route < routes; ++route) seconds_.emplace_back(duration_bounds);
}

void RequestMetrics::answered(const Exchange& exchange, const AnswerSent& answer) {
  const auto route = static_cast<std::size_t>(exchange.route());
  const auto status = static_cast<std::size_t>(answer.status);
  const auto index = status < index_of_status_.size() ? index_of_status_[status] : statuses - 1;
  ++counts_[route][static_cast<std::size_t>(exchange.method())][index];
  seconds_[route].observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - exchange.began()).count());
}

}  // namespace ubiety::http
