// Everything that is measured, as Prometheus' families: their names, what they mean, and from where they are read. This
// is the only file that knows a name. The loop's thread.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "http/resources/metrics/fleet_census.hpp"
#include "http/service.hpp"

namespace ubiety::http {

// `fleet` is nullptr when it could not be counted: its families are left out.
std::vector<prometheus::MetricFamily> metric_families(const Service& service, const Fleet* fleet);

}  // namespace ubiety::http
