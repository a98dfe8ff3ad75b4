// All metrics: names, help texts and sources. No other file knows a metric's name. The loop's thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/requests.hpp"

namespace ubiety::http {

struct Service;

struct Fleet {
  FleetCounts counts;
  std::vector<std::uint64_t> devices_of_shard;
};

// All metrics in Prometheus' text format, version 0.0.4. Without a fleet its metrics are omitted.
std::string metrics_text(const Service& service, const Fleet* fleet);

}  // namespace ubiety::http
