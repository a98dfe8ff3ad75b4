// Counts the fleet for the scrapes: however many come, the shards scan their devices once a second at most. The loop's
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "actors/fleet_counts.hpp"
#include "domain/clock.hpp"
#include "http/event_loop.hpp"
#include "http/outbox.hpp"

namespace ubiety::http {

struct Fleet {
  FleetCounts counts;
  std::vector<std::uint64_t> devices_of_shard;
};

class FleetCensus {
 public:
  // Has each shard asked to reply.
  using Ask = std::function<void(const Reply<ShardFleet>&)>;
  // Hears the outcome of a census that was asked for; nullptr when a shard did not answer in time.
  using Told = std::function<void(const Fleet*)>;

  FleetCensus(EventLoop& loop, std::size_t shards, std::chrono::nanoseconds patience, Ask ask, Told told);

  // What a census of a moment ago found; nullptr when there was none, and `told` will hear of the next.
  const Fleet* recent_or_ask(SteadyTime now);

  // To be called now and then. A scrape goes without the fleet rather than not at all: shards that are too busy to
  // answer are what it has to tell of.
  void give_up_in_time(SteadyTime now);

 private:
  void begin(SteadyTime now);
  void take_in(std::uint64_t number, const ShardFleet& part);

  const std::size_t shards_;
  const std::chrono::nanoseconds patience_;
  const Ask ask_;
  const Told told_;
  Outbox<ShardFleet> parts_;

  std::optional<Fleet> last_;
  SteadyTime last_at_{};  // when it was begun

  // The census under way. The answers to one before, which came too late, have another number.
  Fleet next_;
  std::uint64_t number_ = 0;
  std::size_t missing_shards_ = 0;  // 0: none is under way
  SteadyTime begun_{};
  bool awaited_ = false;  // `told` is to hear of it
};

}  // namespace ubiety::http
