#include "http/resources/stream/channels.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ubiety::http {
namespace {

// Channels with the same key are one.
std::tuple<const ChannelPlace&, const FeedView*, StreamKinds> key_of(const Channel& channel) {
  return {channel.place(), channel.view().get(), channel.kinds()};
}

}  // namespace

void Channels::open(std::uint64_t stream, const FeedView& view, StreamKinds kinds, ChannelPlace place) {
  auto& channel = add(shared(view), kinds, std::move(place));
  channel.streams.push_back(stream);
  of_stream_.emplace(stream, &channel);
}

void Channels::close(std::uint64_t stream) {
  const auto found = of_stream_.find(stream);
  if (found == of_stream_.end()) return;
  std::erase(found->second->streams, stream);
  of_stream_.erase(found);
}

std::vector<Channel*> Channels::begin_step(const std::function<bool(std::uint64_t stream)>& is_ready) {
  std::erase_if(channels_, [](const auto& channel) { return channel->streams.empty(); });
  join_equal_ones();
  const auto count = channels_.size();
  for (std::size_t i = 0; i < count; ++i) divide(*channels_[i], is_ready);
  std::vector<Channel*> ready;
  for (const auto& channel : channels_)
    if (is_ready(channel->streams.front())) ready.push_back(channel.get());
  return ready;
}

void Channels::set_back(std::uint64_t stream) {
  const auto found = of_stream_.find(stream);
  if (found == of_stream_.end()) return;  // it was closed
  const auto& channel = *found->second;
  move(stream, add(channel.view(), channel.kinds(), channel.place_before()));
}

bool Channels::any_wants(bool StreamKinds::*kind) const {
  return std::any_of(channels_.begin(), channels_.end(),
                     [kind](const auto& channel) { return channel->kinds().*kind && !channel->streams.empty(); });
}

// Equal views are one object, so that they are compared by their addresses.
FeedViewPointer Channels::shared(const FeedView& view) const {
  const auto found =
      std::find_if(channels_.begin(), channels_.end(), [&](const auto& channel) { return *channel->view() == view; });
  return found == channels_.end() ? std::make_shared<const FeedView>(view) : (*found)->view();
}

Channel& Channels::add(FeedViewPointer view, StreamKinds kinds, ChannelPlace place) {
  return *channels_.emplace_back(std::make_unique<Channel>(std::move(view), kinds, std::move(place)));
}

void Channels::move(std::uint64_t stream, Channel& to) {
  auto& channel = of_stream_.at(stream);
  std::erase(channel->streams, stream);
  to.streams.push_back(stream);
  channel = &to;
}

// Channels that are equally far also stand beside each other then, so that shards look up once what they need.
void Channels::join_equal_ones() {
  std::sort(channels_.begin(), channels_.end(),
            [](const auto& left, const auto& right) { return key_of(*left) < key_of(*right); });
  Channel* last = nullptr;
  for (const auto& channel : channels_) {
    if (last == nullptr || key_of(*channel) != key_of(*last)) {
      last = channel.get();
      continue;
    }
    for (const auto stream : channel->streams) of_stream_[stream] = last;
    last->streams.insert(last->streams.end(), channel->streams.begin(), channel->streams.end());
    channel->streams.clear();
  }
  std::erase_if(channels_, [](const auto& channel) { return channel->streams.empty(); });
}

// The first stream of a channel is ready if any is.
void Channels::divide(Channel& channel, const std::function<bool(std::uint64_t)>& is_ready) {
  auto& streams = channel.streams;
  const auto busy = std::stable_partition(streams.begin(), streams.end(), is_ready);
  if (busy == streams.begin() || busy == streams.end()) return;
  auto& of_busy = add(channel.view(), channel.kinds(), channel.place());
  of_busy.streams.assign(busy, streams.end());
  streams.erase(busy, streams.end());
  for (const auto stream : of_busy.streams) of_stream_[stream] = &of_busy;
}

}  // namespace ubiety::http
