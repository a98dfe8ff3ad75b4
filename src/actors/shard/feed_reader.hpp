// A shard's part of the feed: renders the current states of the devices that channels lack. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/feed.hpp"
#include "actors/shard/device_table.hpp"

namespace ubiety {

// The devices that changed within a span of changes: each once, in the order of their first changes, with the current
// state of each rendered at most once.
class ChangeWindow {
 public:
  // The changes from `begin` on, which the table's ring knows, up to a bound.
  ChangeWindow(const DeviceTable& table, std::uint64_t begin);

  std::uint64_t begin() const { return begin_; }
  std::uint64_t end() const { return end_; }

  std::size_t size() const { return devices_.size(); }
  std::uint32_t device(std::size_t place) const { return devices_[place].number; }
  // The first change of the device at this place.
  std::uint64_t change(std::size_t place) const { return devices_[place].change; }
  // The event of the device at this place. Adds 1 to `rendered` if it had to be rendered. Valid until the next call.
  std::string_view status(std::size_t place, const FeedView& view, std::size_t& rendered);

 private:
  struct Device {
    std::uint64_t change;
    std::uint32_t number;
    std::size_t text = 0, text_size = 0;  // where its event is in `texts_`; no size until it is rendered
  };

  const DeviceTable& table_;
  std::uint64_t begin_, end_;
  std::vector<Device> devices_;
  const FeedView* rendered_for_ = nullptr;  // all devices that are rendered
  std::string texts_;
};

// Serves the channels of one message.
class FeedReader {
 public:
  // The table outlives the reader and does not change meanwhile.
  FeedReader(const DeviceTable& table, ListeningTime now) : table_(table), now_(now) {}

  // Reads from the cursor on: the rest of a pass over all devices, or else the changes. Does nothing once all channels
  // together have cost some milliseconds.
  ChannelNews read(ChannelRead&& channel);

 private:
  void sweep(const ChannelRead& channel, ChannelNews& news);
  void read_changes(const ChannelRead& channel, ChannelNews& news);
  void learn(const FeedView& view, ChannelNews& news);
  ChangeWindow& window_from(std::uint64_t change);
  bool matches(const FeedView& view, std::uint32_t device) const;

  const DeviceTable& table_;
  const ListeningTime now_;
  std::optional<ChangeWindow> window_;  // of the last channel, and mostly of the next
  std::size_t looked_at_ = 0;           // devices, for all channels together
  std::size_t rendered_ = 0;
};

// Returns what each channel lacks, in their order.
std::vector<ChannelNews> read_feed(const DeviceTable& table, ListeningTime now, std::vector<ChannelRead>& channels);

}  // namespace ubiety
