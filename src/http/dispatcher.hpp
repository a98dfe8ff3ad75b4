// Sends requests to the shards: all that the loop has read in one turn go to a shard as one message. When little comes,
// a turn is one request, and nothing is delayed. The loop's thread.
#pragma once

#include <vector>

#include "actors/engine.hpp"
#include "actors/messages.hpp"
#include "http/event_loop.hpp"

namespace ubiety::http {

class Dispatcher {
 public:
  Dispatcher(EventLoop& loop, Engine& engine)
      : loop_(loop), engine_(engine), updates_(engine.shards().size()), queries_(engine.shards().size()) {}

  void submit(Submission submission);
  void read_latest(LatestQuery query);
  void read_history(ReadHistory request);
  // To every shard; gives their number, which is that of the answers.
  std::size_t read_summary(const Reply<SummaryPart>& reply);

 private:
  void flush_after_this_turn();
  void flush();
  std::uint32_t shard_of(const DeviceId& device_id) const;

  EventLoop& loop_;
  Engine& engine_;
  std::vector<std::vector<Submission>> updates_;   // by shard
  std::vector<std::vector<LatestQuery>> queries_;  // by shard
  Timestamp last_received_{};
  bool flush_posted_ = false;
};

}  // namespace ubiety::http
