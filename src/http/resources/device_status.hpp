// What the resources answer about one device: its status as JSON, or that there is none. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "domain/status.hpp"
#include "http/message/answer.hpp"

namespace ubiety::http {

enum class StatusForm {
  latest,   // all members; `last_updated` is the time of receipt
  record,   // of a history: without the device's id, which precedes all records
  summary,  // without RSSI; `last_update` is the device's own time
};

// Appends the status as an object.
void append_status(std::string& out, StatusForm form, std::string_view device_id, const Status& status);

// 404 for a device that has never reported.
Answer device_not_found_answer(const DeviceId& device_id);

}  // namespace ubiety::http
