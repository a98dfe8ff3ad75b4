// The channels of all streams. Streams that want the same join one channel as soon as they have come equally far. A
// stream whose client is slow gets a channel of its own until it has caught up. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "http/resources/stream/channel.hpp"

namespace ubiety::http {

class Channels {
 public:
  // A stream, by its number.
  void open(std::uint64_t stream, const FeedView& view, StreamKinds kinds, ChannelPlace place);
  void close(std::uint64_t stream);

  const Channel& of(std::uint64_t stream) const { return *of_stream_.at(stream); }

  // Joins channels that are equal, and divides streams that are ready for more from the others of their channel.
  // Returns the channels with ready streams, those of equal cursors beside each other; valid until the next call.
  std::vector<Channel*> begin_step(const std::function<bool(std::uint64_t stream)>& is_ready);

  // The stream did not get what the last step of its channel brought.
  void set_back(std::uint64_t stream);

  // Whether a stream wants this kind of events.
  bool any_wants(bool StreamKinds::*kind) const;

  std::size_t size() const { return channels_.size(); }
  std::size_t streams() const { return of_stream_.size(); }

 private:
  FeedViewPointer shared(const FeedView& view) const;
  Channel& add(FeedViewPointer view, StreamKinds kinds, ChannelPlace place);
  void move(std::uint64_t stream, Channel& to);
  void join_equal_ones();
  void divide(Channel& channel, const std::function<bool(std::uint64_t)>& is_ready);

  std::vector<std::unique_ptr<Channel>> channels_;
  std::unordered_map<std::uint64_t, Channel*> of_stream_;
};

}  // namespace ubiety::http
