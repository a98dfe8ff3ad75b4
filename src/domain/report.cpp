#include "domain/report.hpp"

#include <algorithm>
#include <cmath>

#include "domain/timestamp.hpp"

namespace ubiety {
namespace {

class Validation {
 public:
  Validation(const Report& report, Timestamp now, std::chrono::microseconds max_future)
      : report_(report), latest_allowed_(now + max_future) {}

  void device_id(DeviceId& out) {
    const auto* text = text_of(Field::device_id);
    if (text == nullptr) return;
    const auto broken = check_device_id(*text);
    if (!broken) {
      out = *text;
      return;
    }
    switch (*broken) {
      case DeviceIdFault::empty: return limit_fault(Field::device_id, FaultKind::too_short, 1);
      case DeviceIdFault::too_long:
        return limit_fault(Field::device_id, FaultKind::too_long, static_cast<std::int64_t>(max_device_id_length));
      case DeviceIdFault::control_character:
      case DeviceIdFault::reserved:
      case DeviceIdFault::dot_segment:
      case DeviceIdFault::not_utf8: break;
    }
    fault(Field::device_id, FaultKind::bad_device_id);
    faults_.back().reason = rule_of(*broken);
  }

  void timestamp(Timestamp& out) {
    if (absent(Field::timestamp)) return;
    const auto& value = report_[Field::timestamp];
    std::optional<Timestamp> instant;
    if (const auto* text = std::get_if<std::string_view>(&value))
      instant = parse_timestamp(*text);
    else if (const auto* integer = std::get_if<std::int64_t>(&value))
      instant = from_unix_time(*integer);
    else if (const auto* number = std::get_if<double>(&value))
      instant = from_unix_time(*number);
    else
      return fault(Field::timestamp, FaultKind::not_a_time);
    if (!instant) return fault(Field::timestamp, FaultKind::bad_timestamp);
    if (*instant > latest_allowed_) {
      fault(Field::timestamp, FaultKind::too_far_ahead);
      faults_.back().time_limit = latest_allowed_;
      return;
    }
    out = *instant;
  }

  template <class Integer>
  void integer(Field field, Integer& out, int lowest, int highest) {
    if (absent(field)) return;
    const auto value = integer_of(report_[field]);
    if (!value) return fault(field, FaultKind::not_an_integer);
    if (*value < lowest) return limit_fault(field, FaultKind::too_small, lowest);
    if (*value > highest) return limit_fault(field, FaultKind::too_large, highest);
    out = static_cast<Integer>(*value);
  }

  void boolean(Field field, bool& out) {
    if (absent(field)) return;
    if (const auto* value = std::get_if<bool>(&report_[field]))
      out = *value;
    else
      fault(field, FaultKind::not_a_boolean);
  }

  void keys_of_no_field() {
    for (const auto& key : report_.repeated_keys)
      if (std::find(field_names.begin(), field_names.end(), key) == field_names.end())
        faults_.push_back({key, FaultKind::repeated_key});
  }

  Faults take_faults() { return std::move(faults_); }

 private:
  // Returns true, and notes a fault, if the field has no single value to validate.
  bool absent(Field field) {
    const auto name = field_names[static_cast<std::size_t>(field)];
    if (std::find(report_.repeated_keys.begin(), report_.repeated_keys.end(), name) != report_.repeated_keys.end())
      return fault(field, FaultKind::repeated_key), true;
    if (std::holds_alternative<Missing>(report_[field])) return fault(field, FaultKind::missing), true;
    if (std::holds_alternative<Null>(report_[field])) return fault(field, FaultKind::null), true;
    return false;
  }

  const std::string_view* text_of(Field field) {
    if (absent(field)) return nullptr;
    const auto* text = std::get_if<std::string_view>(&report_[field]);
    if (text == nullptr) fault(field, FaultKind::not_a_string);
    return text;
  }

  // As JSON Schema defines an integer: a number without a fraction, such as 76.0 or 7.6e1.
  static std::optional<std::int64_t> integer_of(const FieldValue& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
    const auto* number = std::get_if<double>(&value);
    if (number == nullptr || std::trunc(*number) != *number) return std::nullopt;
    // Beyond the range of every field, yet safe to convert.
    constexpr double bound = 1e15;
    return static_cast<std::int64_t>(std::clamp(*number, -bound, bound));
  }

  void fault(Field field, FaultKind kind) {
    faults_.push_back({std::string(field_names[static_cast<std::size_t>(field)]), kind});
  }
  void limit_fault(Field field, FaultKind kind, std::int64_t limit) {
    fault(field, kind);
    faults_.back().limit = limit;
  }
  const Report& report_;
  Timestamp latest_allowed_;
  Faults faults_;
};

}  // namespace

Result<StatusUpdate, Faults> validate(const Report& report, Timestamp received, Timestamp now,
                                      std::chrono::microseconds max_future) {
  StatusUpdate update;
  update.status.received = received;
  Validation validation(report, now, max_future);
  validation.device_id(update.device_id);
  validation.timestamp(update.status.timestamp);
  validation.integer(Field::battery_level, update.status.battery_level, min_battery_level, max_battery_level);
  validation.integer(Field::rssi, update.status.rssi, min_rssi, max_rssi);
  validation.boolean(Field::online, update.status.online);
  validation.keys_of_no_field();
  if (auto faults = validation.take_faults(); !faults.empty()) return Failure{std::move(faults)};
  return update;
}

}  // namespace ubiety
