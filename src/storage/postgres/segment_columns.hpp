// A segment as the columns of device_history, see docs/FORMATS.md. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/status.hpp"
#include "storage/postgres/binary_format.hpp"
#include "storage/postgres/values.hpp"

namespace ubiety::postgres {

extern const char* const copy_segments_in;

struct SegmentKind {
  std::int32_t merge;   // distinguishes segments that end at the same time
  bool closed = false;  // written by a compaction
};

// Returns how many of a device's records a segment should have at most, so that three fill a page of the table.
std::size_t records_in_segment(std::span<const Status> records);

// Appends a row for copy_segments_in. `records`: at least one, sorted by log::oldest_first, of one day.
void append_segment(std::string& out, std::string_view device_id, SegmentKind kind, std::span<const Status> records);

// The columns from which records_in() reads, as a list for SELECT.
#define UBIETY_SEGMENT_COLUMNS \
  "first_timestamp, unit, offsets, timestamps, delays, created_ats, battery_levels, rssis, onlines"
inline constexpr int segment_column_count = 9;

// Returns the records, in their order. Throws BadRow.
std::vector<Status> records_in(const Row& row, int first_column);
std::vector<Status> records_in(FieldReader& row);

}  // namespace ubiety::postgres
