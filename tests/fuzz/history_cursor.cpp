// A cursor that is read is written as the same text, and its record can be stored.
#include "http/resources/device/history_query.hpp"

#include "fuzzing.hpp"

using namespace ubiety;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto decoded = http::decode_cursor(text);
  if (!decoded) return 0;
  const auto& record = *decoded;
  fuzz::require(record.battery_level <= max_battery_level, "battery level in range");
  fuzz::require(record.rssi >= min_rssi && record.rssi <= max_rssi, "RSSI in range");
  for (const auto time : {record.timestamp, record.received})
    fuzz::require(time >= earliest_timestamp && time <= latest_timestamp, "times in range");
  fuzz::require(http::encode_cursor(record) == text, "a cursor is written as it was read");
  return 0;
}
