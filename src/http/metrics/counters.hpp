// What the server counts: requests, connections, updates, scans, streams. The loop's thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "actors/parcel.hpp"
#include "http/http1/exchange.hpp"
#include "http/http1/refusal.hpp"
#include "http/message/answer.hpp"
#include "http/message/route.hpp"
#include "telemetry/metrics.hpp"

namespace ubiety::http {

// Requests by route, method and status, and their time by route. All labels come from lists that are known beforehand,
// so no client can make a new series.
class RequestMetrics final : public ExchangeObserver {
 public:
  // `routes` outlive the metrics; the routes of all exchanges are among them.
  explicit RequestMetrics(std::span<const Route> routes) : routes_(routes), rows_(routes.size() + 1) {}

  void answered(const Exchange& exchange, const AnswerSent& answer) override {
    count(exchange.route(), exchange.method(), answer.status, answer.began - exchange.began());
  }
  // `route` is nullptr for a path of no route.
  void count(const Route* route, Method method, int status, std::chrono::duration<double> took) {
    auto& row = rows_[row_of(route)];
    ++row.counts[static_cast<std::size_t>(method)][index_of_status_code(status)];
    row.seconds.observe(took.count());
  }

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

struct ConnectionMetrics {
  std::size_t limit;
  std::size_t open = 0;
  std::uint64_t accepted = 0;
  std::array<std::uint64_t, gate::reason_count> refused{};  // requests, by gate::Reason

  void note_refusal(gate::Reason reason) { ++refused[static_cast<std::size_t>(reason)]; }
};

struct UpdateMetrics {
  static constexpr std::size_t outcomes = static_cast<std::size_t>(UpdateOutcome::refused) + 1;

  std::array<std::uint64_t, outcomes> by_outcome{};
  // The time of receipt minus the device's own: how late reports arrive or, below 0, how far clocks are ahead.
  Histogram clock_error_seconds{-3600, -300, -60, -10, -1, 0, 1, 10, 60, 300, 3600, 86400};

  void note(const ParcelUpdate& answered) {
    constexpr double microseconds_in_a_second = 1e6;
    ++by_outcome[static_cast<std::size_t>(answered.outcome)];
    const auto& status = answered.update.status;
    clock_error_seconds.observe(static_cast<double>(status.received.microseconds - status.timestamp.microseconds) /
                                microseconds_in_a_second);
  }
};

// Scans of the shards for summaries.
struct ScanMetrics {
  std::size_t running = 0, waiting = 0;
  std::uint64_t finished = 0;
  std::uint64_t refused = 0;    // too many scans, or too many unread bytes
  std::uint64_t abandoned = 0;  // all clients had gone
};

// Of GET /fleet/stream.
struct StreamMetrics {
  std::size_t open = 0;
  std::uint64_t refused = 0;  // too many were open
  std::uint64_t sent_bytes = 0;
};

}  // namespace ubiety::http
