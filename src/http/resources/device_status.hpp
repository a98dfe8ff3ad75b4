// What the resources answer about one device: its status as JSON, or that there is none. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "domain/device_id.hpp"
#include "domain/status_update.hpp"
#include "http/message/answer.hpp"

namespace ubiety::http {

enum class StatusForm {
  latest,   // all members, and `last_updated`, when the service received it
  record,   // of a history: without the device's id, which stands once before all records
  summary,  // without RSSI; the device's own time is `last_update`
};

// Appends the status as an object.
void append_status(std::string& out, StatusForm form, std::string_view device_id, const Status& status);

// 404 for a device that has never reported.
Answer device_not_found_answer(const DeviceId& device_id);

}  // namespace ubiety::http
