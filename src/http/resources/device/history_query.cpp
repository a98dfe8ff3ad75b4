#include "http/resources/device/device_resources.hpp"

#include <cstdint>

#include "domain/text.hpp"
#include "http/message/query.hpp"

namespace ubiety::http {
namespace {

// Version, timestamp, received, battery level, RSSI above the lowest, online.
constexpr std::uint8_t version = 1;
static_assert(max_rssi - min_rssi <= 255 && max_battery_level <= 255, "each has one byte");
constexpr std::size_t cursor_size = 1 + 8 + 8 + 1 + 1 + 1;

// Reads a number and removes it from the front.
template <class Integer>
Integer take(std::string_view& bytes) {
  const auto value = big_endian<Integer>(bytes.substr(0, sizeof(Integer)));
  bytes.remove_prefix(sizeof(Integer));
  return value;
}

}  // namespace

std::string encode_cursor(const Status& record) {
  std::string bytes;
  append_big_endian(bytes, version);
  append_big_endian(bytes, record.timestamp.microseconds);
  append_big_endian(bytes, record.received.microseconds);
  append_big_endian(bytes, record.battery_level);
  append_big_endian(bytes, static_cast<std::uint8_t>(record.rssi - min_rssi));
  append_big_endian(bytes, static_cast<std::uint8_t>(record.online));
  return to_hexadecimal(bytes);
}

std::optional<Status> decode_cursor(std::string_view text) {
  const auto decoded = from_hexadecimal(text);
  if (!decoded || decoded->size() != cursor_size) return std::nullopt;
  std::string_view bytes = *decoded;
  if (take<std::uint8_t>(bytes) != version) return std::nullopt;
  Status record;
  record.timestamp = {take<std::int64_t>(bytes)};
  record.received = {take<std::int64_t>(bytes)};
  record.battery_level = take<std::uint8_t>(bytes);
  const auto rssi = take<std::uint8_t>(bytes) + min_rssi;
  const auto online = take<std::uint8_t>(bytes);
  const auto storable = [](Timestamp time) { return time >= earliest_timestamp && time <= latest_timestamp; };
  if (record.battery_level > max_battery_level || rssi > max_rssi || online > 1 || !storable(record.timestamp) ||
      !storable(record.received))
    return std::nullopt;
  record.rssi = static_cast<std::int16_t>(rssi);
  record.online = online == 1;
  return record;
}

Result<HistoryQuery, Answer> parse_history_query(DeviceId device_id, std::string_view query) {
  HistoryQuery result;
  result.device_id = std::move(device_id);
  QueryReader reader(query);
  if (const auto limit = reader.integer("limit", 1, 1000)) result.limit = static_cast<std::size_t>(*limit);
  result.since = reader.time("since");
  result.before = reader.time("before");
  if (const auto cursor = reader.text("cursor"); cursor && !(result.after = decode_cursor(*cursor)))
    reader.fault("cursor", pydantic::bad_cursor());
  if (auto refusal = reader.refusal()) return Failure{std::move(*refusal)};
  return result;
}

std::string next_page_reference(const HistoryQuery& query, const Status& last) {
  auto reference = "?limit=" + std::to_string(query.limit);
  if (query.since) reference += "&since=" + percent_encode(format_timestamp(*query.since));
  if (query.before) reference += "&before=" + percent_encode(format_timestamp(*query.before));
  return reference + "&cursor=" + encode_cursor(last);
}

}  // namespace ubiety::http
