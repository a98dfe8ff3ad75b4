#include "storage/postgres/binary_format.hpp"

#include <concepts>
#include <cstdint>

#include "domain/text/bytes.hpp"

namespace ubiety::postgres {
namespace {

using namespace std::string_view_literals;

// Signature, no flags, no header extension.
constexpr std::string_view header = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"sv;
constexpr std::int16_t columns_of_row = 6;
constexpr std::int16_t end_of_rows = -1;

// timestamptz counts microseconds from 2000-01-01T00:00:00Z.
constexpr std::int64_t postgres_epoch = 946'684'800'000'000;

template <std::integral Integer>
void append_field(std::string& out, Integer value) {
  append_big_endian(out, static_cast<std::int32_t>(sizeof(Integer)));
  append_big_endian(out, value);
}

template <std::integral Integer>
Integer number_in(std::string_view column) {
  if (column.size() != sizeof(Integer)) throw BadRow("the database returned a column of unexpected width");
  return big_endian<Integer>(column);
}

// Rejects infinity too.
Timestamp time_in(std::string_view column) {
  const auto time = number_in<std::int64_t>(column);
  if (time < earliest_timestamp.microseconds - postgres_epoch || time > latest_timestamp.microseconds - postgres_epoch)
    throw BadRow("the database returned a time out of range");
  return {time + postgres_epoch};
}

// Takes numbers and fields from the front of a row of COPY.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  template <std::integral Integer>
  Integer number() {
    return big_endian<Integer>(take(sizeof(Integer)));
  }

  std::string_view field() { return take(static_cast<std::size_t>(number<std::int32_t>())); }

  std::string_view take(std::size_t size) {
    if (size > bytes_.size()) throw BadRow("the database sent a truncated row in a COPY");
    const auto taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

 private:
  std::string_view bytes_;
};

}  // namespace

void append_header(std::string& out) { out += header; }

void append_row(std::string& out, const StatusUpdate& update) {
  const auto& [device_id, status] = update;
  append_big_endian(out, columns_of_row);
  append_big_endian(out, static_cast<std::int32_t>(device_id.size()));
  out += device_id;
  append_field(out, status.timestamp.microseconds - postgres_epoch);
  append_field(out, static_cast<std::int16_t>(status.battery_level));
  append_field(out, status.rssi);
  append_field(out, static_cast<std::int8_t>(status.online));
  append_field(out, status.received.microseconds - postgres_epoch);
}

void append_trailer(std::string& out) { append_big_endian(out, end_of_rows); }

void encode(std::string& out, std::span<const StatusUpdate* const> updates) {
  out.clear();
  append_header(out);
  for (const auto* update : updates) append_row(out, *update);
  append_trailer(out);
}

void encode(std::string& out, std::span<const StatusUpdate> updates) {
  out.clear();
  append_header(out);
  for (const auto& update : updates) append_row(out, update);
  append_trailer(out);
}

std::optional<StatusUpdate> RowReader::read(std::string_view piece) {
  ByteReader reader(piece);
  if (!header_seen_) {
    reader.take(header.size());
    header_seen_ = true;
  }
  if (reader.number<std::int16_t>() == end_of_rows) return std::nullopt;
  StatusUpdate update;
  update.device_id = reader.field();
  std::array<std::string_view, 5> columns_of_status;
  for (auto& column : columns_of_status) column = reader.field();
  update.status = read_columns(columns_of_status);
  return update;
}

Status read_columns(const std::array<std::string_view, 5>& columns) {
  const auto& [timestamp, battery_level, rssi, online, received] = columns;
  return {.timestamp = time_in(timestamp),
          .received = time_in(received),
          .rssi = number_in<std::int16_t>(rssi),
          .battery_level = static_cast<std::uint8_t>(number_in<std::int16_t>(battery_level)),
          .online = number_in<std::int8_t>(online) != 0};
}

}  // namespace ubiety::postgres
