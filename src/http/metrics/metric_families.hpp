// Everything that is measured, as Prometheus' families: their names, what they mean, and from where they are read. This
// is the only file that knows a name. The loop's thread.
#pragma once

#include <prometheus/metric_family.h>

#include <optional>
#include <vector>

#include "actors/fleet_counts.hpp"
#include "http/service.hpp"

namespace ubiety::http {

// `fleet` is absent while the latest statuses are not loaded.
std::vector<prometheus::MetricFamily> metric_families(const Service& service, const std::optional<FleetCounts>& fleet);

}  // namespace ubiety::http
