// Watches the devices of a shard: who is silent, who has problems, and how many there are of each kind. It joins
// SilenceWatch and ProblemWatch, and keeps the totals. A device's WatchedStatus belongs to the caller, who passes it
// with each call. One thread at a time: the shard's.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fleet/fleet_totals.hpp"
#include "fleet/problem_watch.hpp"
#include "fleet/silence_watch.hpp"
#include "fleet/watched_status.hpp"

namespace ubiety {

struct DeviceChanges {
  std::vector<FellSilent> fell_silent;
  std::vector<Suspect> suspects;
  std::vector<ProblemChange> problems;
};

class DeviceWatch {
 public:
  DeviceWatch(SilenceWatch silence, std::chrono::microseconds max_clock_skew)
      : silence_(std::move(silence)), problems_(max_clock_skew) {}

  // Adds a device, heard now for the first time.
  void add(std::uint32_t device, WatchedStatus& latest, GroupNumber group, ListeningTime now);
  // Adds a device that a start found. `problems` is nullptr if the store has none of it.
  void restore(std::uint32_t device, WatchedStatus& latest, GroupNumber group, const SavedSilence& silence,
               const SavedProblems* problems, ListeningTime now);
  // What the store has of a device that was added already, since this process began.
  void restore_known(std::uint32_t device, WatchedStatus& latest, const SavedSilence& silence, ListeningTime now);
  void remove(std::uint32_t device, WatchedStatus& latest);
  void set_group(std::uint32_t device, GroupNumber group);

  // `latest` became the latest status after `before`.
  void note_latest(std::uint32_t device, WatchedStatus& latest, const Status& before);
  // A report of the device was accepted, with these times. Returns whether the device was silent.
  bool heard(std::uint32_t device, WatchedStatus& latest, const Status& report, const ListeningMoment& moment);

  // Finds who fell silent by now, and returns what changed since the last call. Call it once a second.
  DeviceChanges advance(ListeningTime now, Timestamp wall_now, const ProblemWatch::StatusOf& status_of);
  void forget_changes() { problems_.forget_changes(); }

  // A suspect is a problem of its own; it was last heard at `since`.
  void raise_silent(std::uint32_t device, WatchedStatus& latest, Timestamp since);
  // See SilenceWatch.
  void begin_outage(GroupNumber group) { silence_.begin_outage(group); }
  void end_outage(GroupNumber group, ListeningTime now) { silence_.end_outage(group, now); }
  std::vector<GroupCensus> census(std::span<const GroupQuestion> questions, ListeningTime now) const {
    return silence_.census(questions, now);
  }

  bool is_silent(std::uint32_t device) const { return silence_.is_silent(device); }
  ListeningTime last_heard(std::uint32_t device) const { return silence_.last_heard(device); }
  DeviceSilence silence_of(std::uint32_t device) const { return silence_.silence_of(device); }
  SavedSilence saved_silence(std::uint32_t device) const { return silence_.saved(device); }
  GroupNumber group_of(std::uint32_t device) const { return silence_.group_of(device); }
  // Whether the device is silent and its group is out, or the whole fleet.
  bool is_in_outage(std::uint32_t device) const { return silence_.is_in_outage(device); }

  ProblemWatch& problems() { return problems_; }
  const ProblemWatch& problems() const { return problems_; }

  std::uint64_t online() const { return totals_.online; }
  FleetTotals totals() const;
  // By the group's number, as far as there were devices; first those in no group.
  std::span<const GroupTotals> group_totals() const { return group_totals_; }
  // Of the group, or of all devices.
  GroupTotals totals_of(GroupNumber group) const;

 private:
  void count(GroupNumber group, int devices, int silent);

  SilenceWatch silence_;
  ProblemWatch problems_;
  FleetTotals totals_;  // but for the problems
  std::vector<GroupTotals> group_totals_;
};

}  // namespace ubiety
