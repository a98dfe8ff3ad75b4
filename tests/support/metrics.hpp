// Reads /metrics strictly: each series, by its name and labels as they are written. Any thread.
#pragma once

#include <map>
#include <string>

namespace ubiety::test {

using Metrics = std::map<std::string, double>;

// Requests the metrics. Throws HttpError if they are not in Prometheus' text format, or if a series occurs twice.
Metrics scrape(int port);

}  // namespace ubiety::test
