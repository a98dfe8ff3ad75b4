// A body is a report without faults, whose update can be stored, or one with faults, whose answer is JSON.
#include "fuzzing.hpp"
#include "http/resources/validation_answer.hpp"
#include "json/report_reader.hpp"

using namespace ubiety;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static json::ReportReader reader;
  const auto report = reader.read(fuzz::text_of(data, size));
  if (!report) {
    fuzz::require_json(http::read_error_answer(report.error()).body);
    return 0;
  }

  constexpr Timestamp received{1'764'000'000'123'456}, now{1'764'000'000'000'000};
  constexpr std::chrono::hours max_future{24};
  const auto update = validate(*report, received, now, max_future);
  if (!update) {
    fuzz::require(!update.error().empty(), "who is refused is told why");
    fuzz::require_json(http::faults_answer(update.error()).body);
    return 0;
  }
  const auto& [device_id, status] = *update;
  fuzz::require(!check_device_id(device_id), "the device id is one");
  fuzz::require(status.timestamp >= earliest_timestamp && status.timestamp <= now + max_future, "timestamp in range");
  fuzz::require(status.received == received, "the time of receipt is the service's");
  fuzz::require(status.battery_level <= highest_battery_level, "battery level in range");
  fuzz::require(status.rssi >= lowest_rssi && status.rssi <= highest_rssi, "RSSI in range");
  fuzz::require(report->repeated_keys.empty(), "no key is given twice");
  return 0;
}
