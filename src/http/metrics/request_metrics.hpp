// Counts requests by route, method and status, and measures their time by route. All labels come from lists that are
// known beforehand, so no client can make a new series. The loop's thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "http/http1/exchange.hpp"
#include "http/message/route.hpp"
#include "http/message/status_code.hpp"
#include "telemetry/histogram.hpp"

namespace ubiety::http {

class RequestMetrics final : public ExchangeObserver {
 public:
  // `routes` outlive the metrics; the routes of all exchanges are among them.
  explicit RequestMetrics(std::span<const Route> routes);

  void answered(const Exchange& exchange, const AnswerSent& answer) override;
  // `route` is nullptr for a path of no route.
  void count(const Route* route, Method method, int status, std::chrono::duration<double> took);

  // Calls visit(route, method, status, count) for each combination that was seen; the route is nullptr for all paths
  // of no route.
  template <class Visit>
  void for_each_count(Visit visit) const {
    for (std::size_t row = 0; row < rows_.size(); ++row)
      for (std::size_t method = 0; method < methods; ++method)
        for (std::size_t status = 0; status < statuses; ++status)
          if (const auto count = rows_[row].counts[method][status])
            visit(route_of(row), static_cast<Method>(method), name_of_status(status), count);
  }

  // Calls visit(route, seconds) for each route, and at last for nullptr.
  template <class Visit>
  void for_each_route(Visit visit) const {
    for (std::size_t row = 0; row < rows_.size(); ++row) visit(route_of(row), rows_[row].seconds);
  }

 private:
  static constexpr std::size_t methods = static_cast<std::size_t>(Method::other) + 1;
  static constexpr std::size_t statuses = status_codes.size() + 1;  // and "other"

  struct Row {
    std::array<std::array<std::uint64_t, statuses>, methods> counts{};
    Histogram seconds{duration_bounds};
  };

  static std::string name_of_status(std::size_t index) {
    return index < status_codes.size() ? std::to_string(status_codes[index].code) : "other";
  }
  std::size_t row_of(const Route* route) const {
    return route == nullptr ? routes_.size() : static_cast<std::size_t>(route - routes_.data());
  }
  const Route* route_of(std::size_t row) const { return row < routes_.size() ? &routes_[row] : nullptr; }

  const std::span<const Route> routes_;
  std::vector<Row> rows_;  // by route, and one for the paths of no route
};

}  // namespace ubiety::http
