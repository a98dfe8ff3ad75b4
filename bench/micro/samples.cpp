#include "micro/samples.hpp"

#include <cstdio>

#include "json/writer.hpp"

namespace ubiety::micro {

StatusUpdate update_of(std::uint32_t device, std::int64_t nth) {
  char device_id[24];
  std::snprintf(device_id, sizeof device_id, "bench-%07u", device);
  const Timestamp time = new_year + std::chrono::seconds(nth) + std::chrono::microseconds(123'456);
  return {device_id,
          {time, time, static_cast<std::int16_t>(-40 - static_cast<int>(device % 50)),
           static_cast<std::uint8_t>(10 + device % 90), device % 10 != 0}};
}

std::vector<StatusUpdate> fleet(std::uint32_t devices) {
  std::vector<StatusUpdate> updates;
  updates.reserve(devices);
  for (std::uint32_t device = 0; device < devices; ++device) updates.push_back(update_of(device));
  return updates;
}

std::string report_text(const StatusUpdate& update) {
  std::string text = "{\"device_id\":";
  json::append_string(text, update.device_id);
  text += ",\"timestamp\":";
  json::append_timestamp(text, update.status.timestamp);
  text += ",\"battery_level\":";
  json::append_number(text, update.status.battery_level);
  text += ",\"rssi\":";
  json::append_number(text, update.status.rssi);
  text += ",\"online\":";
  json::append_boolean(text, update.status.online);
  text += '}';
  return text;
}

}  // namespace ubiety::micro
