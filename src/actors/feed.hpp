// The feed: what changes in the fleet, for the streams of http. A channel stands for streams that want the same and
// have come equally far. It has no queue: a cursor in each shard's changes says which devices its clients lack, and the
// shard renders their current states. So what a channel costs has a bound, however slow its clients are. The questions
// to the shards, and their answers: plain values.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/device_filter.hpp"
#include "actors/device_member.hpp"
#include "actors/device_state.hpp"
#include "actors/match_memory.hpp"
#include "actors/requests.hpp"
#include "actors/summary.hpp"

namespace ubiety {

// What streams want to see of devices. Shared, and never changes.
struct FeedView {
  bool has_statuses = true;  // false: nothing of devices
  DeviceFilter filter;
  // Append the event of a device that matches, or no longer does. Pure functions.
  void (*render_status)(std::string& out, std::string_view device_id, const DeviceState& state);
  void (*render_left)(std::string& out, std::string_view device_id);
  // The members that are shown; without them render_members is not needed.
  DeviceMembers members{};
  void (*render_members)(std::string& out, std::string_view device_id, const DeviceDetails& details,
                         const DeviceMembers& members) = nullptr;
  bool is_of_ids_alone = filter.is_of_ids_alone();  // a device that matches always will

  friend bool operator==(const FeedView&, const FeedView&) = default;
};
using FeedViewPointer = std::shared_ptr<const FeedView>;

// How far a channel is in a shard.
struct FeedCursor {
  std::optional<std::uint64_t> next;   // the first change to read, see ChangeRing; nullopt: from now on
  std::optional<std::uint32_t> sweep;  // the next device of a pass over all of them; nullopt: none is under way

  // The cursor of a channel whose clients have nothing: a pass over all devices, and what changes from now on.
  static FeedCursor of_everything() { return {std::nullopt, 0}; }

  friend auto operator<=>(const FeedCursor&, const FeedCursor&) = default;
};

struct ChannelRead {
  FeedViewPointer view;
  FeedCursor cursor;
  MatchMemory memory;      // of the shard's devices
  std::size_t most_bytes;  // of text, about
};

struct ChannelNews {
  FeedCursor cursor;  // behind what was read
  MatchMemory memory;
  std::string text{};          // events, one behind the other
  std::size_t last_event = 0;  // where the last of them begins
  bool is_lost = false;        // the shard no longer knows what changed behind the cursor: nothing was read
  bool is_behind = false;      // there was more to read
};

// The shard answers in the order of the channels, and with nothing while it lacks some of its devices.
struct ReadFeed {
  std::shared_ptr<std::vector<ChannelRead>> channels;
  Reply<std::vector<ChannelNews>> reply;
};

}  // namespace ubiety
