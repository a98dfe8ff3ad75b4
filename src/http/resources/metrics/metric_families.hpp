// All metrics as Prometheus' families: names, help texts and sources. No other file knows a metric's name. The loop's
// thread.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "http/resources/metrics/fleet_census.hpp"
#include "http/service.hpp"

namespace ubiety::http {

// Without a fleet its families are omitted.
std::vector<prometheus::MetricFamily> metric_families(const Service& service, const Fleet* fleet);

}  // namespace ubiety::http
