// What the resources answer about one device: its status as JSON, or that there is none. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "domain/status.hpp"
#include "http/message/answer.hpp"
#include "json/writer.hpp"

namespace ubiety::http {

enum class StatusForm {
  latest,   // all members; `last_updated` is the time of receipt
  record,   // of a history: without the device's id, which precedes all records
  summary,  // without RSSI; `last_update` is the device's own time
};

// Appends the status as an object. Each name goes in one piece with its punctuation, since a summary renders every
// device: json::Object takes longer.
inline void append_status(std::string& out, StatusForm form, std::string_view device_id, const Status& status) {
  const auto add = [&out](std::string_view name, const auto& value) { json::append(out.append(name), value); };
  const bool is_record = form == StatusForm::record, is_summary = form == StatusForm::summary;
  if (!is_record) add(R"({"device_id":)", device_id);
  if (!is_summary) add(is_record ? R"({"timestamp":)" : R"(,"timestamp":)", status.timestamp);
  add(R"(,"battery_level":)", status.battery_level);
  if (!is_summary) add(R"(,"rssi":)", status.rssi);
  add(R"(,"online":)", status.online);
  if (is_summary) add(R"(,"last_update":)", status.timestamp);
  if (form == StatusForm::latest) add(R"(,"last_updated":)", status.received);
  out += '}';
}

// 404 for a device that has never reported.
inline Answer device_not_found_answer(const DeviceId& device_id) {
  return detail_answer(404, "Device " + device_id + " not found");
}

}  // namespace ubiety::http
