// The devices of a table that match a query. A scan of all of them: for people and tools that page, not for the hot
// way.
#pragma once

#include "actors/shard/device_table.hpp"
#include "actors/summary.hpp"

namespace ubiety {

// Entries, devices and online; the caller says of which shard and version.
SummaryPage page_of(const DeviceTable& table, const SummaryQuery& query, const SummaryEncoder& encoder);

}  // namespace ubiety
