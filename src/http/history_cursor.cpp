#include "http/history_cursor.hpp"

#include <cstdint>

#include "domain/hexadecimal.hpp"

namespace ubiety::http {
namespace {

// Version, timestamp, received, battery level, rssi + 160, online.
constexpr std::uint64_t version = 1;
constexpr std::size_t cursor_size = 1 + 8 + 8 + 1 + 1 + 1;

void append(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xFF);
}

// Takes `size` bytes off the front.
std::uint64_t take(std::string_view& bytes, std::size_t size) {
  std::uint64_t value = 0;
  for (const char c : bytes.substr(0, size)) value = (value << 8) | static_cast<unsigned char>(c);
  bytes.remove_prefix(size);
  return value;
}

}  // namespace

std::string encode_cursor(const HistoryPosition& position) {
  const auto& record = position.record;
  std::string bytes;
  append(bytes, version, 1);
  append(bytes, static_cast<std::uint64_t>(record.timestamp.microseconds), 8);
  append(bytes, static_cast<std::uint64_t>(record.received.microseconds), 8);
  append(bytes, record.battery_level, 1);
  append(bytes, static_cast<std::uint64_t>(record.rssi - lowest_rssi), 1);
  append(bytes, record.online ? 1 : 0, 1);
  return to_hexadecimal(bytes);
}

std::optional<HistoryPosition> decode_cursor(std::string_view text) {
  const auto decoded = from_hexadecimal(text);
  if (!decoded || decoded->size() != cursor_size) return std::nullopt;
  std::string_view bytes = *decoded;
  if (take(bytes, 1) != version) return std::nullopt;
  Status record;
  record.timestamp = {static_cast<std::int64_t>(take(bytes, 8))};
  record.received = {static_cast<std::int64_t>(take(bytes, 8))};
  record.battery_level = static_cast<std::uint8_t>(take(bytes, 1));
  const auto rssi = static_cast<int>(take(bytes, 1)) + lowest_rssi;
  const auto online = take(bytes, 1);
  const auto storable = [](Timestamp time) { return time >= earliest_timestamp && time <= latest_timestamp; };
  if (record.battery_level > highest_battery_level || rssi > highest_rssi || online > 1 ||
      !storable(record.timestamp) || !storable(record.received))
    return std::nullopt;
  record.rssi = static_cast<std::int16_t>(rssi);
  record.online = online == 1;
  return HistoryPosition{record};
}

}  // namespace ubiety::http
