// GET /metrics: everything that is measured, in Prometheus' text format. The loop's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "actors/requests.hpp"
#include "domain/clock.hpp"
#include "http/http1/exchange.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"

namespace ubiety::http {

struct Fleet {
  FleetCounts counts;
  std::vector<std::uint64_t> devices_of_shard;
};

// All metrics in Prometheus' text format, version 0.0.4. Without a fleet its metrics are omitted. metric_families.cpp
// alone knows the metrics' names, help texts and sources.
std::string metrics_text(const Service& service, const Fleet* fleet);

// Counts the fleet for scrapes. However many there are, the shards scan their devices at most once a second.
class FleetCensus {
 public:
  // Sends the request to each shard.
  using Request = std::function<void(const Reply<ShardFleet>&)>;
  // Receives the result of a census; nullptr if a shard did not answer in time.
  using OnResult = std::function<void(const Fleet*)>;

  FleetCensus(EventLoop& loop, std::size_t shards, std::chrono::nanoseconds timeout, Request request,
              OnResult on_result);

  // The result of a recent census. Without one returns nullptr, and calls on_result with the result of the next census.
  const Fleet* recent_or_request(SteadyTime now);

  // Call it regularly. If shards do not answer in time, the scrape omits the fleet metrics but still succeeds: an
  // overloaded service is when metrics matter.
  void expire(SteadyTime now);

 private:
  void begin(SteadyTime now);
  void add_part(std::uint64_t number, const ShardFleet& part);

  const std::size_t shards_;
  const std::chrono::nanoseconds timeout_;
  const Request request_;
  const OnResult on_result_;
  Outbox<ShardFleet> parts_;

  std::optional<Fleet> last_;
  SteadyTime last_at_{};  // when it began

  // The current census. Late answers to an earlier one have another number.
  Fleet next_;
  std::uint64_t number_ = 0;
  std::size_t missing_shards_ = 0;  // 0: no census is running
  SteadyTime begun_{};
  bool is_awaited_ = false;  // a scrape waits for the result
};

class MetricsResource {
 public:
  explicit MetricsResource(Service& service);

  // Answers when the fleet is counted, or when counting takes too long.
  void get(Exchange&& exchange);

 private:
  void answer_all(const Fleet* fleet);

  Service& service_;
  FleetCensus census_;
  std::vector<std::uint64_t> waiting_;  // tickets
};

}  // namespace ubiety::http
