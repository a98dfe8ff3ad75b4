// What PostgreSQL keeps of the fleet as a whole: the listening clock, and the last outage of each group. One thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "fleet/listening_clock.hpp"
#include "fleet/saved_outage.hpp"
#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {

// Returns nullopt if no clock was saved. Throws SqlError.
std::optional<ListeningClock::Saved> read_listening(Connection& connection);
// Throws SqlError.
void write_listening(Connection& connection, const ListeningClock::Saved& saved);

// Throws SqlError.
std::vector<SavedOutage> read_outages(Connection& connection);
// Instead of all that there were. Throws SqlError.
void write_outages(Connection& connection, std::span<const SavedOutage> outages);

}  // namespace ubiety::postgres
