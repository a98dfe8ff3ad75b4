// Which devices of a shard are silent. A device is silent when it was not heard for max(STALE_AFTER, 2 x its rhythm);
// any accepted report is heard, also a late or a repeated one. When a problem is due for a silent device, the watch
// names it as a suspect, for GroupSilence to decide. 24 bytes a device. One thread at a time: the shard's.
//
// Times are kept in quarters of a second, rounded down: a device may fall silent by a quarter of a second too early.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "domain/chunked_vector.hpp"
#include "fleet/due_wheel.hpp"
#include "fleet/listening_time.hpp"
#include "fleet/outage.hpp"
#include "fleet/rhythm.hpp"
#include "fleet/saved_silence.hpp"

namespace ubiety {

// What is known about a device's silence.
struct DeviceSilence {
  bool is_silent = false;
  bool is_problem = false;  // a problem of its own was raised
  bool is_known = false;    // its rhythm is known well enough to raise a problem by it
  ListeningTime heard;      // last
  ListeningTime due;        // when it is or was silent, if it is not heard earlier
  QuarterSeconds usual{};   // its rhythm
};

struct FellSilent {
  std::uint32_t device = 0;
  ListeningTime heard, due;  // silent since when, and when a report was due at the latest
};

struct CameBack {
  std::uint32_t device = 0;
  ListeningTime heard;  // before the silence
  bool was_problem = false;
};

struct SilenceChanges {
  std::vector<FellSilent> fell_silent;
  std::vector<CameBack> came_back;
  std::vector<Suspect> suspects;
};

class SilenceWatch {
 public:
  // How long a device must be silent until that may be a problem, if its rhythm is unknown or shows less than two
  // days: it may report daily, or be quiet by night.
  static constexpr std::chrono::seconds usual_learning_patience = std::chrono::hours(25);
  static constexpr std::size_t bytes_a_device = 24;

  // `shard` is what suspects are named with. `stale_after` is at least a second.
  SilenceWatch(std::uint32_t shard, std::chrono::seconds stale_after, ListeningTime now,
               std::chrono::seconds learning_patience = usual_learning_patience);

  // Adds a device, heard now for the first time. Numbers are dense: the next one, or one that was removed.
  void add(std::uint32_t device, GroupNumber group, ListeningTime now);
  void restore(std::uint32_t device, GroupNumber group, const SavedSilence& saved, ListeningTime now);
  void remove(std::uint32_t device);
  void set_group(std::uint32_t device, GroupNumber group) { devices_[device].group = group & last_group; }

  // A report of the device was accepted. It learns the gap before, if the gap teaches.
  void heard(std::uint32_t device, const ListeningMoment& moment);

  // Finds who fell silent by now. Returns what changed since the last call. Call it once a tick.
  SilenceChanges advance(ListeningTime now);

  // Answers each question. The questions are in the order of their groups. Takes about 10 ns a device.
  std::vector<GroupCensus> census(std::span<const GroupQuestion> questions, ListeningTime now) const;

  // GroupSilence decided: a suspect is a problem. Returns false if the device was heard in the meantime.
  bool raise_problem(std::uint32_t device);
  // While an outage runs, no device of the group learns. Those that stay away after its end become suspects again.
  void begin_outage(GroupNumber group);
  void end_outage(GroupNumber group, ListeningTime now);

  bool is_silent(std::uint32_t device) const { return devices_[device].is_silent == 1; }
  bool is_in_outage(std::uint32_t device) const;
  GroupNumber group_of(std::uint32_t device) const { return devices_[device].group; }
  ListeningTime last_heard(std::uint32_t device) const { return ListeningTime(QuarterSeconds(devices_[device].heard)); }
  DeviceSilence silence_of(std::uint32_t device) const;
  SavedSilence saved(std::uint32_t device) const;

 private:
  struct Device {
    Rhythm rhythm;
    std::uint32_t heard = 0;  // in quarters of a second
    std::uint32_t group : 24 = 0;
    std::uint32_t is_here : 1 = 0;
    std::uint32_t is_silent : 1 = 0;
    std::uint32_t is_suspect : 1 = 0;  // GroupSilence was asked; not in the wheel
    std::uint32_t is_problem : 1 = 0;
  };
  static_assert(sizeof(Device) + DueWheel::bytes_a_device == bytes_a_device);

  struct GroupState {
    bool is_out = false;
    ListeningTime ended;  // of its last outage; the clock's first value if there was none
  };

  Device& place(std::uint32_t device, GroupNumber group, ListeningTime heard);
  GroupState state_of(GroupNumber group) const { return group < groups_.size() ? groups_[group] : GroupState{}; }
  GroupState& group_at(GroupNumber group);

  std::chrono::milliseconds patience(const Device& device) const;
  std::chrono::milliseconds patience_before_problem(const Device& device) const;
  ListeningTime last_outage_of(const Device& device) const;
  ListeningTime counted_from(const Device& device) const;
  ListeningTime next_visit(const Device& device, ListeningTime now) const;
  std::optional<ListeningTime> visit(std::uint32_t number, ListeningTime now);
  bool teaches(const Device& device, const ListeningMoment& moment) const;
  void count(const Device& device, const GroupQuestion& question, ListeningTime now, GroupCensus& census) const;

  std::uint32_t shard_;
  std::chrono::milliseconds stale_after_;
  std::chrono::milliseconds learning_patience_;
  ChunkedVector<Device> devices_;
  DueWheel wheel_;
  std::vector<GroupState> groups_;  // by number, as far as there was an outage
  SilenceChanges changes_;          // since the last advance
};

}  // namespace ubiety
