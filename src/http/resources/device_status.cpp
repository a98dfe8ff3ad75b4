#include "http/resources/device_status.hpp"

#include "json/writer.hpp"

namespace ubiety::http {

void append_status(std::string& out, StatusForm form, std::string_view device_id, const Status& status) {
  const bool is_summary = form == StatusForm::summary;
  json::append_object(out, [&](json::Object& object) {
    if (form != StatusForm::record) object.member("device_id", device_id);
    if (!is_summary) object.member("timestamp", status.timestamp);
    object.member("battery_level", status.battery_level);
    if (!is_summary) object.member("rssi", status.rssi);
    object.member("online", status.online);
    if (is_summary) object.member("last_update", status.timestamp);
    if (form == StatusForm::latest) object.member("last_updated", status.received);
  });
}

Answer device_not_found_answer(const DeviceId& device_id) {
  return detail_answer(404, "Device " + device_id + " not found");
}

}  // namespace ubiety::http
