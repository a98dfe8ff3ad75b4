// Which segments a merge writes for one device. The plan for both stores. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "domain/status.hpp"

namespace ubiety::log {

// The order of the records in a segment: that of a history, backwards.
bool oldest_first(const Status& left, const Status& right);

// Sorts the records by oldest_first. Of exact repetitions only the first received stays.
void sort_and_fold(std::vector<Status>& records);

// A larger segment costs a reader of one page more, a smaller one more rows.
inline constexpr std::size_t max_segment_records = 288;

// Divides records, sorted by oldest_first, into the segments to write, in their order. A segment lies within one day
// (UTC), so that retention can drop whole days. It has at most max_segment_records, unless more have the same
// timestamp: no two segments of a plan share one, so their order is that of their records.
std::vector<std::span<const Status>> plan_segments(std::span<const Status> records);

}  // namespace ubiety::log
