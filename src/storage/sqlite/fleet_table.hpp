// What SQLite keeps of the fleet as a whole: the listening clock, and the last outage of each group. One thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "fleet/listening_clock.hpp"
#include "fleet/saved_outage.hpp"
#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {

// Returns nullopt if no clock was saved. Throws Error.
std::optional<ListeningClock::Saved> read_listening(const Database& database);
// Throws Error.
void write_listening(const Database& database, const ListeningClock::Saved& saved);

// Throws Error.
std::vector<SavedOutage> read_outages(const Database& database);
// Instead of all that there were. In a transaction of the caller. Throws Error.
void write_outages(const Database& database, std::span<const SavedOutage> outages);

}  // namespace ubiety::sqlite
