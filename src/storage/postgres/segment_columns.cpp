#include "storage/postgres/segment_columns.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

namespace ubiety::postgres {
namespace {

constexpr std::int16_t columns_of_copy = 14;

// The units of offsets, the largest first.
constexpr std::array<std::int32_t, 3> units{1'000'000, 1'000, 1};

bool fits(std::int64_t value) {
  return value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max();
}

std::int64_t delay_of(const Status& record) { return (record.received - record.timestamp).count(); }

// The largest unit that divides the distances from `first` of all records.
std::int32_t unit_of(std::span<const Status> records, Timestamp first) {
  const auto divides = [&](std::int32_t unit) {
    return std::all_of(records.begin(), records.end(),
                       [&](const Status& record) { return (record.timestamp - first).count() % unit == 0; });
  };
  return *std::find_if(units.begin(), units.end(), divides);
}

void append_times(std::string& out, std::span<const Status> records, Timestamp first, std::int32_t unit) {
  const auto offset_of = [&](const Status& record) { return (record.timestamp - first).count() / unit; };
  if (fits(offset_of(records.back()))) {
    append_array_field(out, oid::integer, records,
                       [&](const Status& record) { return static_cast<std::int32_t>(offset_of(record)); });
    append_null(out);
  } else {
    append_null(out);
    append_array_field(out, oid::timestamptz, records, [](const Status& record) { return record.timestamp; });
  }
}

bool have_delays(std::span<const Status> records) {
  return std::all_of(records.begin(), records.end(), [](const Status& record) { return fits(delay_of(record)); });
}

void append_receipts(std::string& out, std::span<const Status> records) {
  if (have_delays(records)) {
    append_array_field(out, oid::integer, records,
                       [](const Status& record) { return static_cast<std::int32_t>(delay_of(record)); });
    append_null(out);
  } else {
    append_null(out);
    append_array_field(out, oid::timestamptz, records, [](const Status& record) { return record.received; });
  }
}

Timestamp plus(Timestamp time, std::int64_t microseconds) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(to_postgres(time), microseconds, &sum))
    throw BadRow("the database has an impossible time");
  return from_postgres(sum);
}

// The columns of UBIETY_SEGMENT_COLUMNS.
using Columns = std::array<std::optional<std::string_view>, segment_column_count>;

std::string_view required(std::optional<std::string_view> column) {
  if (!column) throw BadRow("a segment has NULL where a value is required");
  return *column;
}

// `offsets` or, if that is NULL, `times`, as times.
std::vector<Timestamp> times_in(Timestamp first, std::int32_t unit, const std::optional<std::string_view>& offsets,
                                const std::optional<std::string_view>& times) {
  std::vector<Timestamp> read;
  if (offsets) {
    for (const auto offset : array_in<std::int32_t>(*offsets, oid::integer))
      read.push_back(plus(first, std::int64_t{offset} * unit));
  } else {
    for (const auto time : array_in<std::int64_t>(required(times), oid::timestamptz))
      read.push_back(from_postgres(time));
  }
  return read;
}

std::vector<Status> records_in(const Columns& columns) {
  const auto timestamps =
      times_in(time_in(required(columns[0])), number_in<std::int32_t>(required(columns[1])), columns[2], columns[3]);
  const auto battery_levels = array_in<std::int16_t>(required(columns[6]), oid::smallint);
  const auto rssis = array_in<std::int16_t>(required(columns[7]), oid::smallint);
  const auto onlines = array_in<std::int8_t>(required(columns[8]), oid::boolean);
  std::vector<std::int32_t> delays;
  std::vector<std::int64_t> created_ats;
  if (columns[4])
    delays = array_in<std::int32_t>(*columns[4], oid::integer);
  else
    created_ats = array_in<std::int64_t>(required(columns[5]), oid::timestamptz);
  const auto count = timestamps.size();
  for (const auto size : {battery_levels.size(), rssis.size(), onlines.size(), delays.size() + created_ats.size()})
    if (size != count) throw BadRow("the arrays of a segment differ in their sizes");
  std::vector<Status> records;
  records.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto received = columns[4] ? plus(timestamps[i], delays[i]) : from_postgres(created_ats[i]);
    records.push_back(status_from(timestamps[i], received, battery_levels[i], rssis[i], onlines[i] != 0));
  }
  return records;
}

}  // namespace

// A compressed record takes some 11 bytes, or 12 with a time of receipt in place of a delay.
std::size_t records_in_segment(std::span<const Status> records) { return have_delays(records) ? 240 : 206; }

const char* const copy_segments_in = R"sql(
  COPY device_history (last_timestamp, merge, count, closed, device_id, )sql" UBIETY_SEGMENT_COLUMNS R"sql()
  FROM STDIN (FORMAT binary))sql";

void append_segment(std::string& out, std::string_view device_id, SegmentKind kind, std::span<const Status> records) {
  const auto first = records.front().timestamp;
  const auto unit = unit_of(records, first);
  append_big_endian(out, columns_of_copy);
  append_field(out, records.back().timestamp);
  append_field(out, kind.merge);
  append_field(out, static_cast<std::int32_t>(records.size()));
  append_field(out, static_cast<std::int8_t>(kind.closed));
  append_field(out, device_id);
  append_field(out, first);
  append_field(out, unit);
  append_times(out, records, first, unit);
  append_receipts(out, records);
  append_array_field(out, oid::smallint, records,
                     [](const Status& record) { return std::int16_t{record.battery_level}; });
  append_array_field(out, oid::smallint, records, [](const Status& record) { return record.rssi; });
  append_array_field(out, oid::boolean, records,
                     [](const Status& record) { return static_cast<std::int8_t>(record.online); });
}

std::vector<Status> records_in(const Row& row, int first_column) {
  Columns columns;
  for (int i = 0; i < segment_column_count; ++i)
    columns[static_cast<std::size_t>(i)] = row.bytes_or_null(first_column + i);
  return records_in(columns);
}

std::vector<Status> records_in(FieldReader& row) {
  Columns columns;
  for (auto& column : columns) column = row.field_or_null();
  return records_in(columns);
}

}  // namespace ubiety::postgres
