// What a device sends, and how it reads in the service's answers.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace ubiety::test {

struct Report {
  std::string device_id;
  std::string timestamp = "2025-06-09T14:00:00Z";
  int battery_level = 76;
  int rssi = -60;
  bool online = true;

  std::string json() const;            // the body of POST /status
  std::string history_record() const;  // as it stands in the history, if the timestamp is written as the service does
};

// The body of a good report in which one field has another value, given as JSON, or is absent (no value).
std::string body_with(std::string_view field, std::string_view value);
std::string body_without(std::string_view field);

// A device id that no other test of this process uses.
std::string fresh_device(std::string_view name = "device");

// As the service writes times.
std::string utc_text(std::chrono::system_clock::time_point time);

// %XX for all but unreserved characters.
std::string percent_encode(std::string_view text);

}  // namespace ubiety::test
