// Which partitions the history should have at a given time. Pure, any thread.
#pragma once

#include <string>
#include <vector>

#include "domain/timestamp.hpp"
#include "storage/postgres/store.hpp"

namespace ubiety::postgres {

struct Partition {
  std::string name;
  Timestamp from;  // inclusive
  Timestamp to;    // exclusive
};

// The partitions of the span that `now` lies in, the one before it and the two after it: devices report up to a day
// ahead of the clock, and somewhat behind it.
std::vector<Partition> partitions_around(Timestamp now, PartitionSpan span);

}  // namespace ubiety::postgres
