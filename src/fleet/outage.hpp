// What the shards and GroupSilence say to each other about groups. Plain values, any thread.
//
// Once a tick, each shard sends its suspects to GroupSilence. GroupSilence asks all shards about the groups of the
// suspects, adds up their answers, and decides: each suspect is a problem of its own or belongs to an outage.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "fleet/listening_time.hpp"

namespace ubiety {

// Groups are numbered from 1; at most 16,777,215 of them. Every device is in the fleet; a device in no group is in
// number 0.
using GroupNumber = std::uint32_t;
inline constexpr GroupNumber whole_fleet = 0;
inline constexpr GroupNumber last_group = 0xFF'FFFF;

struct DeviceNumber {
  std::uint32_t shard = 0;
  std::uint32_t device = 0;  // within the shard

  friend bool operator==(const DeviceNumber&, const DeviceNumber&) = default;
};

// A silent device about which a problem is due.
struct Suspect {
  DeviceNumber device;
  GroupNumber group = whole_fleet;
  ListeningTime heard;  // when it was last heard
  // Half of the time for which it may be quiet: no shorter than its rhythm, if that is known.
  std::chrono::milliseconds usual_gap{};
};

// Asks who of a group was heard within a usual gap.
struct GroupQuestion {
  GroupNumber group = whole_fleet;
  std::chrono::milliseconds usual_gap{};

  friend auto operator<=>(const GroupQuestion&, const GroupQuestion&) = default;
};

// The answer of one shard, or the sum of all shards' answers.
struct GroupCensus {
  std::uint32_t members = 0;  // devices of the group, also those with a problem; for people
  std::uint32_t heard = 0;    // of them, heard within the usual gap
  // Of the devices without a problem, how many would have reported in that time at least: of devices whose own usual
  // gap is g, the share usual_gap/g, at most 1. A device with an unknown rhythm counts as one that reports every 25
  // hours.
  double expected = 0;
  std::uint32_t peers = 0;  // devices with a usual gap no longer than the one asked about
  std::uint32_t peers_heard = 0;

  GroupCensus& operator+=(const GroupCensus& other) {
    members += other.members;
    heard += other.heard;
    expected += other.expected;
    peers += other.peers;
    peers_heard += other.peers_heard;
    return *this;
  }
};

// An outage of a group or of the whole fleet. Everything that must survive a restart is in here.
struct Outage {
  GroupNumber group = whole_fleet;
  ListeningTime since;  // about when it began: from then on at least half of the group was not heard
  ListeningTime found;
  std::optional<ListeningTime> ended;  // nullopt while it runs
  // How it was found, and so how its end is.
  std::chrono::milliseconds usual_gap{};
  std::uint32_t heard = 0;  // devices that were still heard

  friend bool operator==(const Outage&, const Outage&) = default;
};

}  // namespace ubiety
