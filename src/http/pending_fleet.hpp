// A count of the fleet on its way.
#pragma once

#include <cstddef>

#include "actors/fleet_counts.hpp"

namespace ubiety::http {

struct PendingFleet {
  FleetCounts counts;  // of the shards that have answered
  std::size_t missing_shards;
};

}  // namespace ubiety::http
