// What /metrics says, read strictly: each series by its name and labels as they stand there.
#pragma once

#include <map>
#include <string>

namespace ubiety::test {

using Metrics = std::map<std::string, double>;

// Asks the service. Throws HttpError for anything that is not Prometheus' text format, or a series that stands twice.
Metrics scrape(int port);

}  // namespace ubiety::test
