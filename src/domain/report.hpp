// A report as the client sent it, and the rules that turn it into a StatusUpdate. Any thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/field_value.hpp"
#include "domain/result.hpp"
#include "domain/status.hpp"

namespace ubiety {

// In the order in which their faults are reported.
enum class Field { device_id, timestamp, battery_level, rssi, online };
inline constexpr std::size_t field_count = 5;
inline constexpr std::array<std::string_view, field_count> field_names{"device_id", "timestamp", "battery_level",
                                                                       "rssi", "online"};

struct Report {
  std::array<FieldValue, field_count> fields;
  std::vector<std::string> repeated_keys;  // keys that occur more than once, whether they name a field or not

  FieldValue& operator[](Field field) { return fields[static_cast<std::size_t>(field)]; }
  const FieldValue& operator[](Field field) const { return fields[static_cast<std::size_t>(field)]; }
};

enum class FaultKind {
  missing,
  null,
  not_a_string,
  not_an_integer,
  not_a_boolean,
  too_small,
  too_large,
  too_short,
  too_long,
  bad_device_id,
  not_a_time,  // of a JSON type that cannot hold a time
  bad_timestamp,
  too_far_ahead,
  repeated_key,
};

struct Fault {
  std::string location;  // the field's name, or the repeated key
  FaultKind kind;
  std::int64_t limit = 0;     // of too_small, too_large, too_short, too_long
  Timestamp time_limit{};     // of too_far_ahead
  std::string_view reason{};  // of bad_device_id: for a person
};

using Faults = std::vector<Fault>;

// Returns the update, or every fault of the report: faults of fields in the order of Field, then repeated keys that
// name no field. The update gets `received` as its time of receipt. Its timestamp may be at most `now` + `max_future`.
Result<StatusUpdate, Faults> validate(const Report& report, Timestamp received, Timestamp now,
                                      std::chrono::microseconds max_future);

}  // namespace ubiety
