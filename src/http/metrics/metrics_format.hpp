// The two formats of /metrics, and which of them a client prefers (RFC 9110, 12.5.1). Pure, any thread.
#pragma once

#include <string_view>

namespace ubiety::http {

enum class MetricsFormat { prometheus, openmetrics };

std::string_view content_type_of(MetricsFormat format);

// OpenMetrics for whoever names it and likes nothing of ours more; Prometheus' format for everybody else.
MetricsFormat preferred_metrics_format(std::string_view accept);

}  // namespace ubiety::http
