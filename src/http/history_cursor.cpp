#include "http/history_cursor.hpp"

#include <cstdint>

namespace ubiety::http {
namespace {

// Version, timestamp, received, battery level, rssi + 160, online; two digits a byte.
constexpr std::uint64_t version = 1;
constexpr std::size_t cursor_size = 2 * (1 + 8 + 8 + 1 + 1 + 1);

void append(std::string& out, std::uint64_t value, int bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (int shift = bytes * 8 - 4; shift >= 0; shift -= 4) out += digits[(value >> shift) & 0xF];
}

// Takes `bytes` off the front. Only for text that consists of hexadecimal digits.
std::uint64_t take(std::string_view& text, std::size_t bytes) {
  std::uint64_t value = 0;
  for (const char c : text.substr(0, bytes * 2))
    value = (value << 4) | static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  text.remove_prefix(bytes * 2);
  return value;
}

}  // namespace

std::string encode_cursor(const HistoryPosition& position) {
  const auto& record = position.record;
  std::string text;
  text.reserve(cursor_size);
  append(text, version, 1);
  append(text, static_cast<std::uint64_t>(record.timestamp.microseconds), 8);
  append(text, static_cast<std::uint64_t>(record.received.microseconds), 8);
  append(text, record.battery_level, 1);
  append(text, static_cast<std::uint64_t>(record.rssi - lowest_rssi), 1);
  append(text, record.online ? 1 : 0, 1);
  return text;
}

std::optional<HistoryPosition> decode_cursor(std::string_view text) {
  if (text.size() != cursor_size || text.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  if (take(text, 1) != version) return std::nullopt;
  Status record;
  record.timestamp = {static_cast<std::int64_t>(take(text, 8))};
  record.received = {static_cast<std::int64_t>(take(text, 8))};
  record.battery_level = static_cast<std::uint8_t>(take(text, 1));
  const auto rssi = static_cast<int>(take(text, 1)) + lowest_rssi;
  const auto online = take(text, 1);
  const auto storable = [](Timestamp time) { return time >= earliest_timestamp && time <= latest_timestamp; };
  if (record.battery_level > highest_battery_level || rssi > highest_rssi || online > 1 ||
      !storable(record.timestamp) || !storable(record.received))
    return std::nullopt;
  record.rssi = static_cast<std::int16_t>(rssi);
  record.online = online == 1;
  return HistoryPosition{record};
}

}  // namespace ubiety::http
