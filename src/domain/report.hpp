// A report as it came in, its fields not yet believed, and the rules that make a StatusUpdate of it. Any thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/result.hpp"
#include "domain/status_update.hpp"

namespace ubiety {

// The fields in the order in which their faults are told.
enum class Field { device_id, timestamp, battery_level, rssi, online };
inline constexpr std::size_t field_count = 5;
inline constexpr std::array<std::string_view, field_count> field_names{"device_id", "timestamp", "battery_level",
                                                                       "rssi", "online"};

struct Missing {};
struct Null {};
// A value of a type that no field takes: an object, an array.
struct Composite {};
using FieldValue = std::variant<Missing, Null, bool, std::int64_t, double, std::string_view, Composite>;

// Views into the text that was parsed: valid as long as that is.
struct Report {
  std::array<FieldValue, field_count> fields;
  std::vector<std::string> repeated_keys;  // keys that were given more than once, fields or not

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
  not_a_time,  // a type that no time has
  bad_timestamp,
  too_far_ahead,
  repeated_key,
};

struct Fault {
  std::string location;  // a field's name, or a repeated key
  FaultKind kind;
  std::int64_t limit = 0;     // of too_small, too_large, too_short, too_long
  Timestamp time_limit{};     // of too_far_ahead
  std::string_view reason{};  // of bad_device_id: for a person
};

using Faults = std::vector<Fault>;

// Every fault of the report, in the order of Field, then repeated keys of no field; or the update. `received` is when
// it came in; `now` and `max_future` (the furthest that a timestamp may lie ahead) bound its timestamp.
Result<StatusUpdate, Faults> validate(const Report& report, Timestamp received, Timestamp now,
                                      std::chrono::microseconds max_future);

}  // namespace ubiety
