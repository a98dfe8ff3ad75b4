// What the resources answer about one device: its status as JSON, or that there is none. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "actors/device_state.hpp"
#include "domain/status.hpp"
#include "http/message/answer.hpp"
#include "json/writer.hpp"

namespace ubiety::http {

// Each name goes in one piece with its punctuation, since a summary renders every device: json::Object takes longer.
template <class Value>
void append_member(std::string& out, std::string_view name, const Value& value) {
  json::append(out.append(name), value);
}

// When the device was last heard; whether it is silent, and since when a report is missing.
inline void append_silence(std::string& out, const DeviceState& state) {
  append_member(out, R"(,"last_heard":)", state.last_heard);
  append_member(out, R"(,"stale":)", state.is_stale());
  if (state.was_due) append_member(out, R"(,"was_due":)", *state.was_due);
}

// The members that a device reports, without the object around them.
inline void append_reported(std::string& out, const Status& status) {
  append_member(out, R"("timestamp":)", status.timestamp);
  append_member(out, R"(,"battery_level":)", status.battery_level);
  append_member(out, R"(,"rssi":)", status.rssi);
  append_member(out, R"(,"online":)", status.online);
}

// Appends a record of a history, which the device's id precedes.
inline void append_record(std::string& out, const Status& status) {
  out += '{';
  append_reported(out, status);
  out += '}';
}

// Appends a device of a summary, with the device's own time as `last_update`.
inline void append_summary_device(std::string& out, std::string_view device_id, const DeviceState& state) {
  const auto& status = state.status;
  append_member(out, R"({"device_id":)", device_id);
  append_member(out, R"(,"battery_level":)", status.battery_level);
  append_member(out, R"(,"online":)", status.online);
  append_member(out, R"(,"last_update":)", status.timestamp);
  append_member(out, R"(,"rssi":)", status.rssi);
  append_silence(out, state);
  out += '}';
}

// 404 for a device that has never reported.
inline Answer device_not_found_answer(const DeviceId& device_id) {
  return detail_answer(404, "Device " + device_id + " not found");
}

}  // namespace ubiety::http
