// A device's report, as it is sent and as the service returns it. Any thread.
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
  std::string history_record() const;  // as the history has it, if the timestamp is in the service's format
};

// Returns the body of a valid report in which one field has another value, written in JSON, or is absent.
std::string body_with(std::string_view field, std::string_view value);
std::string body_without(std::string_view field);

// Returns a device id that no other test of this process uses.
std::string fresh_device(std::string_view name = "device");

// Formats a time as the service does.
std::string utc_text(std::chrono::system_clock::time_point time);

// Encodes all but the unreserved characters as %XX.
std::string percent_encode(std::string_view text);

}  // namespace ubiety::test
