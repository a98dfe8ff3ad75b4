// What survives a restart of what happened to the fleet: outages, and when the service did not listen. Plain values,
// any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/timestamp.hpp"
#include "fleet/outage.hpp"

namespace ubiety {

struct SavedOutage {
  std::string group;  // its name, because numbers are of a process; empty for the whole fleet
  Outage outage;      // but for the group's number
  // When it was found, and when it ended, by the machine's clock: for people.
  Timestamp found_at;
  std::optional<Timestamp> ended_at;

  Timestamp began_at() const { return found_at - (outage.found - outage.since); }

  friend bool operator==(const SavedOutage&, const SavedOutage&) = default;
};

// The service was down, stopped, or answered reports with 503; by the machine's clock. No device is to blame for a gap
// then.
struct Downtime {
  Timestamp from, to;

  friend bool operator==(const Downtime&, const Downtime&) = default;
};

struct FleetPast {
  std::vector<SavedOutage> outages;  // the last one of each group, in no order
  std::vector<Downtime> downtimes;   // the last ones, the oldest first

  friend bool operator==(const FleetPast&, const FleetPast&) = default;
};

}  // namespace ubiety
