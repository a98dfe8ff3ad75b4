// Reads the feed for all streams, in steps, and hands out what their clients get. Without streams it does nothing. The
// loop's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/outbox.hpp"
#include "http/resources/fleet_census.hpp"
#include "http/resources/stream/channels.hpp"
#include "http/resources/stream/send_budget.hpp"
#include "http/service.hpp"

namespace ubiety::http {

using StreamPiece = std::shared_ptr<const std::string>;

// The clients, as the feed sees them.
struct StreamHooks {
  // Whether the client has taken what it got before.
  std::function<bool(std::uint64_t stream)> is_ready;
  // Sends a piece to a client that is ready. Returns false if it could not be sent now.
  std::function<bool(std::uint64_t stream, const StreamPiece& piece)> send;
};

class StreamFeed {
 public:
  StreamFeed(Service& service, StreamHooks hooks);

  void open(std::uint64_t stream, const StreamRequest& request);
  void close(std::uint64_t stream) { channels_.close(stream); }

  // The client has taken its piece.
  void note_ready(std::uint64_t stream);

  // Whether a step is under way: then a client may be about to get a piece.
  bool is_busy() const { return missing_ != 0 || !outgoing_.empty(); }
  // Text that keeps a quiet connection alive.
  std::string heartbeat_of(std::uint64_t stream) const;

  std::size_t channels() const { return channels_.size(); }

 private:
  enum class Scope { all, behind };  // which channels a step is for

  void tick();
  void look_at_numbers(SteadyTime now);
  void step_soon();
  void begin_step(Scope scope);
  void ask(std::uint32_t shard, std::size_t most_bytes);
  void take(std::uint64_t ticket, std::vector<ChannelNews>&& news);
  void end_step();
  void hand_out();

  // What a channel's streams get.
  struct Outgoing {
    StreamPiece piece;
    std::vector<std::uint64_t> streams;  // that did not get it yet
  };

  Service& service_;
  const StreamHooks hooks_;
  Channels channels_;
  SendBudget budget_;
  Outbox<std::vector<ChannelNews>> answers_;
  FleetNews news_;
  FleetCensus census_;  // for overviews

  // The step under way.
  std::uint64_t step_ = 0;          // its number
  std::vector<Channel*> reading_;   // what it reads
  std::vector<bool> has_answered_;  // by shard
  std::size_t missing_ = 0;         // shards that have not answered
  std::deque<Outgoing> outgoing_;
  SteadyTime began_{};  // the last step for all channels, and the step under way
  SteadyTime asked_{};
  SteadyTime next_overview_{};
  bool is_step_posted_ = false;
};

}  // namespace ubiety::http
