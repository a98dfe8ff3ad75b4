// Finds a page among the sorted devices of all shards, of which it knows only samples. Pure functions, any thread.
//
// A shard's samples say how many of its devices come up to each. So for any sample, of whichever shard, it is known of
// how many devices at least and at most the same is true in all shards together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "actors/sorted_devices.hpp"

namespace ubiety::http {

struct SampledShard {
  std::size_t devices = 0;          // sorted ones
  std::vector<SortSample> samples;  // in their order, with rising counts
};

// Whether the left one comes first. Ids that are compared are in falling order when the sort is by id and descending.
bool sorts_before(std::int64_t left_value, std::string_view left_id, std::int64_t right_value,
                  std::string_view right_id, const SummarySort& sort);

struct PlaceInShard {
  std::size_t begin = 0, end = 0;
};

// Where the devices `offset` to `offset + limit` of all may be in each shard: all of them are within these places, and
// what comes before the places comes before the page. The places have about as many devices more as lie between two
// samples of all shards.
std::vector<PlaceInShard> find_page(const std::vector<SampledShard>& shards, const SummarySort& sort,
                                    std::size_t offset, std::size_t limit);

}  // namespace ubiety::http
