// Sends requests to the shards: all that the loop has read in one turn go to a shard together. The loop's thread.
#pragma once

#include <optional>
#include <vector>

#include "actors/engine.hpp"
#include "actors/messages.hpp"

namespace ubiety::http {

class Dispatcher {
 public:
  explicit Dispatcher(Engine& engine)
      : engine_(engine), updates_(engine.shards().size()), queries_(engine.shards().size()) {}

  // These two wait for the next flush.
  void submit(Submission submission);
  void read_latest(LatestQuery query);
  // At once. To be followed by a flush.
  void submit(std::shared_ptr<UpdateGroup> group);
  // At the end of each turn. `more_expected`: see Engine::submit.
  void flush(bool more_expected = false);

  void read_history(ReadHistory request);
  // To every shard.
  void read_summary(const ReadSummary& request);
  void count_fleet(Timestamp stale_before, const Reply<ShardFleet>& reply);

  std::uint32_t shard_of(const DeviceId& device_id) const;

 private:
  Engine& engine_;
  std::vector<std::vector<Submission>> updates_;   // by shard
  std::vector<std::vector<LatestQuery>> queries_;  // by shard
  std::optional<Timestamp> last_received_;         // since the last flush
};

}  // namespace ubiety::http
