// What survives a restart of an outage. Plain values, any thread.
#pragma once

#include <optional>
#include <string>

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

}  // namespace ubiety
