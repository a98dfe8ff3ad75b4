// Records that the history may have already: the times at which to look for them, and what of them it has. Both stores
// look for many at once, so that each segment is read once. Pure functions, any thread.
#pragma once

#include <span>
#include <vector>

#include "domain/status.hpp"

namespace ubiety::log {

// Returns the timestamps of the records: sorted, each once.
std::vector<Timestamp> times_of(std::span<const Status> records);

// Whether one of `times`, sorted, lies from `first` to `last`, both inclusive.
bool has_time(std::span<const Timestamp> times, Timestamp first, Timestamp last);

// Appends to `found` those of `records` that have one of `times`, sorted.
void append_at(std::span<const Timestamp> times, std::span<const Status> records, std::vector<Status>& found);

// Removes from `records` what repeats one of `stored`. The others keep their order.
void drop_stored(std::vector<Status>& records, std::vector<Status> stored);

}  // namespace ubiety::log
