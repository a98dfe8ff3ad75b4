#include "storage/postgres/binary_format.hpp"

#include <concepts>
#include <cstdint>
#include <type_traits>

namespace ubiety::postgres {
namespace {

using namespace std::string_view_literals;

// Signature, no flags, no header extension.
constexpr std::string_view header = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"sv;
constexpr std::int16_t columns = 6;
constexpr std::int16_t end_of_rows = -1;

// timestamptz counts microseconds from 2000-01-01T00:00:00Z.
constexpr std::int64_t postgres_epoch = 946'684'800'000'000;

template <std::integral Integer>
void append_big_endian(std::string& out, Integer value) {
  const auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
  char bytes[sizeof(Integer)];
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    bytes[i] = static_cast<char>(static_cast<unsigned char>(bits >> (8 * (sizeof(Integer) - 1 - i))));
  out.append(bytes, sizeof(Integer));
}

template <std::integral Integer>
void append_field(std::string& out, Integer value) {
  append_big_endian(out, static_cast<std::int32_t>(sizeof(Integer)));
  append_big_endian(out, value);
}

// Takes big-endian numbers off the front of a row.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

  template <std::integral Integer>
  Integer number() {
    std::make_unsigned_t<Integer> bits = 0;
    for (const char byte : take(sizeof(Integer)))
      bits = static_cast<std::make_unsigned_t<Integer>>((bits << 8) | static_cast<unsigned char>(byte));
    return static_cast<Integer>(bits);
  }

  template <std::integral Integer>
  Integer field() {
    if (number<std::int32_t>() != static_cast<std::int32_t>(sizeof(Integer)))
      throw BadRow("a column of unexpected width in a COPY from the database");
    return number<Integer>();
  }

  std::string_view text_field() { return take(static_cast<std::size_t>(number<std::int32_t>())); }

  // Infinity, too, is no time of ours.
  Timestamp time_field() {
    const auto time = field<std::int64_t>();
    if (time < earliest_timestamp.microseconds - postgres_epoch ||
        time > latest_timestamp.microseconds - postgres_epoch)
      throw BadRow("a time out of range in a COPY from the database");
    return {time + postgres_epoch};
  }

  std::string_view take(std::size_t size) {
    if (size > bytes_.size()) throw BadRow("a truncated row in a COPY from the database");
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
  append_big_endian(out, columns);
  append_big_endian(out, static_cast<std::int32_t>(device_id.size()));
  out += device_id;
  append_field(out, status.timestamp.microseconds - postgres_epoch);
  append_field(out, static_cast<std::int16_t>(status.battery_level));
  append_field(out, status.rssi);
  append_field(out, static_cast<std::int8_t>(status.online));
  append_field(out, status.received.microseconds - postgres_epoch);
}

void append_trailer(std::string& out) { append_big_endian(out, end_of_rows); }

std::optional<StatusUpdate> RowReader::read(std::string_view piece) {
  Cursor cursor(piece);
  if (!header_seen_) {
    cursor.take(header.size());
    header_seen_ = true;
  }
  if (cursor.number<std::int16_t>() == end_of_rows) return std::nullopt;
  StatusUpdate update;
  update.device_id = cursor.text_field();
  update.status.timestamp = cursor.time_field();
  update.status.battery_level = static_cast<std::uint8_t>(cursor.field<std::int16_t>());
  update.status.rssi = cursor.field<std::int16_t>();
  update.status.online = cursor.field<std::int8_t>() != 0;
  update.status.received = cursor.time_field();
  return update;
}

}  // namespace ubiety::postgres
