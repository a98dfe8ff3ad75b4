#include "http/resources/summary/summary_json.hpp"

#include "json/writer.hpp"

namespace ubiety::http {

void render_summary_device(std::string& out, std::string_view device_id, const Status& status) {
  out += ",{\"device_id\":";
  json::append_string(out, device_id);
  out += ",\"battery_level\":";
  json::append_number(out, status.battery_level);
  out += ",\"online\":";
  json::append_boolean(out, status.online);
  out += ",\"last_update\":";
  json::append_timestamp(out, status.timestamp);
  out += '}';
}

void append_summary_counts(std::string& out, std::uint64_t devices, std::uint64_t online) {
  out += "],\"total_devices\":";
  json::append_number(out, devices);
  out += ",\"online_devices\":";
  json::append_number(out, online);
  out += ",\"offline_devices\":";
  json::append_number(out, devices - online);
}

}  // namespace ubiety::http
