// OpenMetrics 1.0, which prometheus-cpp 1.0 cannot write: https://prometheus.io/docs/specs/om/open_metrics_spec/. Pure,
// any thread.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

namespace ubiety::http {

// Counters, whose names end in _total, gauges and histograms.
std::string openmetrics_text(const std::vector<prometheus::MetricFamily>& families);

}  // namespace ubiety::http
