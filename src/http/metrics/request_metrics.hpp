// Counts requests by route, method and status, and how long they took by route. All three are from lists that are known
// beforehand, so that nobody makes a series of his own by asking for what is not there. The loop's thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

#include "http/http1/exchange.hpp"
#include "http/http1/exchange_observer.hpp"
#include "http/message/status_code.hpp"
#include "telemetry/histogram.hpp"

namespace ubiety::http {

class RequestMetrics final : public ExchangeObserver {
 public:
  RequestMetrics();

  void answered(const Exchange& exchange, const AnswerSent& answer) override;
  void count(Route route, Method method, int status, std::chrono::duration<double> took);

  // Tells (route, method, status, count) of each combination that has been seen.
  template <class Tell>
  void for_each_count(Tell tell) const {
    for (std::size_t route = 0; route < routes; ++route)
      for (std::size_t method = 0; method < methods; ++method)
        for (std::size_t status = 0; status < statuses; ++status)
          if (const auto count = counts_[route][method][status])
            tell(static_cast<Route>(route), static_cast<Method>(method), name_of_status(status), count);
  }
  const Histogram& seconds_of(Route route) const { return seconds_[static_cast<std::size_t>(route)]; }

  static constexpr std::size_t routes = static_cast<std::size_t>(Route::unknown) + 1;

 private:
  static constexpr std::size_t methods = static_cast<std::size_t>(Method::other) + 1;
  static constexpr std::size_t statuses = status_codes.size() + 1;  // and "other"

  static std::string name_of_status(std::size_t index) {
    return index < status_codes.size() ? std::to_string(status_codes[index].code) : "other";
  }

  std::array<std::array<std::array<std::uint64_t, statuses>, methods>, routes> counts_{};
  std::deque<Histogram> seconds_;
};

}  // namespace ubiety::http
