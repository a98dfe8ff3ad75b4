// What SQLite keeps of the fleet as a whole: the listening clock, outages and downtimes. One thread.
#pragma once

#include <optional>

#include "fleet/fleet_past.hpp"
#include "fleet/listening_clock.hpp"
#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {

// Returns nullopt if no clock was saved. Throws Error.
std::optional<ListeningClock::Saved> read_listening(const Database& database);
// Throws Error.
void write_listening(const Database& database, const ListeningClock::Saved& saved);

// Throws Error.
FleetPast read_fleet_past(const Database& database);
// Instead of all that there were. In a transaction of the caller. Throws Error.
void write_fleet_past(const Database& database, const FleetPast& past);

}  // namespace ubiety::sqlite
