// What the fleet's keeper publishes: outages, what just happened, how many reports come in. And what a start found of
// it in the store. Any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "domain/status.hpp"
#include "domain/thread_safety.hpp"
#include "domain/timestamp.hpp"
#include "fleet/fleet_past.hpp"
#include "fleet/fleet_totals.hpp"
#include "fleet/mutes.hpp"
#include "fleet/problem.hpp"

namespace ubiety {

// An outage and its group's devices at the moment.
struct OutageView {
  SavedOutage saved;
  GroupTotals now;
};

struct RunningOutages {
  std::vector<OutageView> first;
  std::size_t left_out = 0;  // further outages
};

// -- what just happened --

struct ProblemEvent {
  DeviceId device_id;
  std::string group;  // its name; empty without one
  Problem problem;
  std::optional<Timestamp> ended;  // nullopt: it began
};

struct OutageEvent {
  OutageView outage;  // it began, or ended if it has an end
};

// What one request removed: a device, or all that it selected.
struct RemovalEvent {
  std::optional<DeviceId> device_id{};
  std::string prefix{};                              // of the ids; empty for any
  std::optional<std::chrono::seconds> silent_for{};  // at least
  std::uint64_t devices = 1;
};

struct MuteEvent {
  MuteTarget target;
  std::optional<Timestamp> until;  // nullopt: the mute ended
};

struct FleetEvent {
  using What = std::variant<ProblemEvent, OutageEvent, RemovalEvent, MuteEvent>;

  Timestamp time;
  What what;
};

// A device that a removal took: only who has a copy of the fleet wants to know each.
struct DeviceGone {
  DeviceId device_id;
};

struct FleetChange {
  using What = std::variant<FleetEvent, DeviceGone>;

  std::uint64_t number = 0;  // consecutive, from 1
  What what;
};

class FleetBoard {
 public:
  static constexpr std::size_t kept_changes = 16'384, kept_events = 1'000, kept_downtimes = 1'000;

  // -- the keeper --

  void publish(double reports_per_second, std::vector<OutageView> outages);

  // -- the keeper, the remover and the mute keeper --

  void note(Timestamp time, FleetEvent::What what);

  void note(DeviceGone gone);

  void note(const Downtime& downtime);

  // -- anyone --

  // The mean of the last ten seconds.
  double reports_per_second() const;
  // The last outage of each group, running or ended.
  std::vector<OutageView> outages() const;
  // The running outages, those found first, at most so many.
  RunningOutages running_outages(std::size_t most) const;
  // The last events, the oldest first, at most so many.
  std::vector<FleetEvent> last_events(std::size_t most) const;
  // The last changes with greater numbers, the oldest first. Each event is one.
  std::vector<FleetChange> changes_after(std::uint64_t number) const;
  // The number of the last change; 0 before the first.
  std::uint64_t last_number() const;

  // The last ones, the oldest first.
  std::vector<Downtime> downtimes() const;

  // -- a start and the housekeeper --

  // What the store has. The keeper takes the outages once.
  void restore(FleetPast past);
  std::vector<SavedOutage> take_saved_outages();
  FleetPast to_save() const;

 private:
  void add(FleetChange::What what) REQUIRES(mutex_);

  mutable Mutex mutex_;
  double reports_per_second_ GUARDED_BY(mutex_) = 0;
  std::vector<OutageView> outages_ GUARDED_BY(mutex_);
  std::deque<FleetEvent> events_ GUARDED_BY(mutex_);
  std::deque<FleetChange> changes_ GUARDED_BY(mutex_);
  std::uint64_t last_number_ GUARDED_BY(mutex_) = 0;
  std::deque<Downtime> downtimes_ GUARDED_BY(mutex_);
  std::vector<SavedOutage> saved_ GUARDED_BY(mutex_);
};

}  // namespace ubiety
