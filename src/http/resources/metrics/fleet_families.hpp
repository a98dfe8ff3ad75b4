// The metrics of the fleet: how many devices there are, which groups are out, which devices have problems. The loop's
// thread.
#pragma once

#include <cstddef>

#include "http/resources/fleet_census.hpp"
#include "http/resources/metrics/families.hpp"
#include "http/service.hpp"

namespace ubiety::http {

// More groups than these have no series of their own, and no more outages at once.
inline constexpr std::size_t groups_shown = 200, outages_shown = 200;

// What the metrics ask of a census.
CensusLists census_lists(const Service& service);

// Without a fleet (nullptr) only the outages are known.
void add_fleet(Families& families, const Service& service, const Fleet* fleet);

}  // namespace ubiety::http
