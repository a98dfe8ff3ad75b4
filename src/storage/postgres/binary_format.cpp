#include "storage/postgres/binary_format.hpp"

namespace ubiety::postgres {
namespace {

using namespace std::string_view_literals;

// Signature, no flags, no header extension.
constexpr std::string_view header = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"sv;
constexpr std::int16_t end_of_rows = -1;
constexpr std::size_t smallest_element = sizeof(std::int32_t) + 1;

}  // namespace

void append_header(std::string& out) { out += header; }

void append_trailer(std::string& out) { append_big_endian(out, end_of_rows); }

Timestamp time_in(std::string_view column) { return from_postgres(number_in<std::int64_t>(column)); }

Timestamp from_postgres(std::int64_t time) {
  if (time < to_postgres(earliest_timestamp) || time > to_postgres(latest_timestamp))
    throw BadRow("the database has a time out of range");
  return {time + postgres_epoch};
}

Status status_from(Timestamp timestamp, Timestamp received, std::int16_t battery_level, std::int16_t rssi,
                   bool online) {
  if (battery_level < min_battery_level || battery_level > max_battery_level || rssi < min_rssi || rssi > max_rssi)
    throw BadRow("the database has a value out of range");
  return {.timestamp = timestamp,
          .received = received,
          .rssi = rssi,
          .battery_level = static_cast<std::uint8_t>(battery_level),
          .online = online};
}

std::optional<std::string_view> FieldReader::field_or_null() {
  const auto size = number<std::int32_t>();
  if (size < 0) return std::nullopt;
  return take(static_cast<std::size_t>(size));
}

std::string_view FieldReader::field() {
  const auto field = field_or_null();
  if (!field) throw BadRow("the database returned NULL where a value is required");
  return *field;
}

std::string_view FieldReader::take(std::size_t size) {
  if (size > bytes_.size()) throw BadRow("the database returned truncated values");
  const auto taken = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return taken;
}

std::size_t read_array_head(FieldReader& reader, std::uint32_t element_type) {
  const auto dimensions = reader.number<std::int32_t>();
  reader.number<std::int32_t>();  // whether it has NULLs; each element says so too
  if (reader.number<std::uint32_t>() != element_type) throw BadRow("the database returned an array of another type");
  if (dimensions == 0) return 0;
  if (dimensions != 1) throw BadRow("the database returned an array of several dimensions");
  const auto count = reader.number<std::int32_t>();
  reader.number<std::int32_t>();  // the first index
  if (count < 0 || static_cast<std::size_t>(count) > reader.left() / smallest_element)
    throw BadRow("the database returned a truncated array");
  return static_cast<std::size_t>(count);
}

std::optional<FieldReader> CopyReader::read(std::string_view piece, std::int16_t columns) {
  FieldReader reader(piece);
  if (!header_seen_) {
    reader.take(header.size());
    header_seen_ = true;
  }
  const auto count = reader.number<std::int16_t>();
  if (count == end_of_rows) return std::nullopt;
  if (count != columns) throw BadRow("the database returned an unexpected number of columns");
  return reader;
}

}  // namespace ubiety::postgres
