// What PostgreSQL keeps of the fleet as a whole: the listening clock, outages and downtimes. One thread.
#pragma once

#include <optional>

#include "fleet/fleet_past.hpp"
#include "fleet/listening_clock.hpp"
#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {

// Returns nullopt if no clock was saved. Throws SqlError.
std::optional<ListeningClock::Saved> read_listening(Connection& connection);
// Throws SqlError.
void write_listening(Connection& connection, const ListeningClock::Saved& saved);

// Throws SqlError.
FleetPast read_fleet_past(Connection& connection);
// Instead of all that there were. Throws SqlError.
void write_fleet_past(Connection& connection, const FleetPast& past);

}  // namespace ubiety::postgres
