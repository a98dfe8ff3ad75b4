// A channel: streams that want the same and have come equally far, so that what they get is rendered once. One thread
// at a time.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/feed.hpp"
#include "http/resources/feed_position.hpp"
#include "http/resources/stream/event_text.hpp"
#include "http/resources/stream/fleet_news.hpp"
#include "http/resources/stream/stream_request.hpp"

namespace ubiety::http {

// How far a channel's clients are.
struct ChannelPlace {
  std::vector<FeedCursor> cursors;  // by shard
  std::uint64_t last_event = 0;     // of the fleet, by its number
  std::uint64_t overview = 0;       // its version, see FleetNews
  bool owes_reset = false;          // the clients have to forget what they have
  bool owes_current = true;         // the clients do not know yet that they have caught up

  // Nothing before now is missing.
  static ChannelPlace from_now(std::size_t shards, std::uint64_t last_event);
  // The clients have nothing that counts.
  static ChannelPlace from_nothing(std::size_t shards, std::uint64_t last_event);
  // Behind a position, or from nothing if it is not one of this run.
  static ChannelPlace after(const StreamPlace& place, std::uint64_t run, std::size_t shards, std::uint64_t last_event);

  auto operator<=>(const ChannelPlace&) const = default;
};

class Channel {
 public:
  Channel(FeedViewPointer view, StreamKinds kinds, ChannelPlace place)
      : view_(std::move(view)), kinds_(kinds), place_(std::move(place)), memories_(place_.cursors.size()) {}

  const FeedViewPointer& view() const { return view_; }
  StreamKinds kinds() const { return kinds_; }
  const ChannelPlace& place() const { return place_; }
  // Where the step that ended last began.
  const ChannelPlace& place_before() const { return before_; }

  // The numbers of its streams.
  std::vector<std::uint64_t> streams;

  // -- a step: first a question to each shard, then the answers of those that answered, then the end --

  void begin_step(const FleetNews& news);
  ChannelRead question_to(std::uint32_t shard, std::size_t most_bytes);
  void take(std::uint32_t shard, ChannelNews&& news);
  // Returns the text for the clients; empty if there is nothing new.
  std::string end_step(std::uint64_t run);

  // Whether there is more to read at once.
  bool is_behind() const { return is_behind_; }

  // The position of clients that have all of this channel; empty while it is not known.
  std::string position(std::uint64_t run) const;

 private:
  void begin_again(std::uint64_t last_event);
  void add_news(const FleetNews& news);
  void add_item(const FleetNewsItem& item);

  const FeedViewPointer view_;
  const StreamKinds kinds_;
  ChannelPlace place_, before_;
  std::vector<MatchMemory> memories_;  // by shard

  // Of the step under way.
  EventText text_;
  bool is_behind_ = true;  // at first
  bool is_lost_ = false;
};

}  // namespace ubiety::http
