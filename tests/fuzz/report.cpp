// A body is a report without faults, whose update can be stored, or one with faults, whose answer is JSON. Both readers
// read the same of it, where both take it.
#include "fuzzing.hpp"
#include "http/message/validation_answer.hpp"
#include "json/document_parser.hpp"
#include "json/reader.hpp"
#include "json/second_reader.hpp"

using namespace ubiety;

namespace {

bool is_same(const FieldValue& left, const FieldValue& right) {
  if (left.index() != right.index()) return false;
  if (const auto* flag = std::get_if<bool>(&left)) return *flag == std::get<bool>(right);
  if (const auto* integer = std::get_if<std::int64_t>(&left)) return *integer == std::get<std::int64_t>(right);
  if (const auto* number = std::get_if<double>(&left)) return *number == std::get<double>(right);
  if (const auto* text = std::get_if<std::string_view>(&left)) return *text == std::get<std::string_view>(right);
  return true;
}

void require_that_readers_agree(std::string_view text) {
  static json::DocumentParser parser;
  static json::SecondReader second_reader;
  const auto document = parser.parse(text);
  if (!document) return;
  const auto first = json::report_in(*document);
  const auto second = second_reader.read_document(text);
  fuzz::require(first.ok() == second.ok(), "both readers see a report, or none");
  if (!first) {
    fuzz::require(first.error().kind == second.error().kind, "both readers see no object");
    return;
  }
  for (std::size_t i = 0; i < field_count; ++i)
    fuzz::require(is_same(first->fields[i], second->fields[i]), "both readers read the same value");
  fuzz::require(first->repeated_keys == second->repeated_keys, "both readers see the same keys twice");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static json::ReportReader reader;
  const auto text = fuzz::text_of(data, size);
  require_that_readers_agree(text);
  const auto report = reader.read(text);
  if (!report) {
    fuzz::require(!report.error().position || *report.error().position <= size, "a fault lies in the text");
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
  fuzz::require(status.battery_level <= max_battery_level, "battery level in range");
  fuzz::require(status.rssi >= min_rssi && status.rssi <= max_rssi, "RSSI in range");
  fuzz::require(report->repeated_keys.empty(), "no key is given twice");
  return 0;
}
