#include "http/message/parameter_reader.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace ubiety::http {
namespace {

// nullopt when the text is no integer; one that is too large for the type is the type's largest.
std::optional<std::int64_t> integer_of(std::string_view text) {
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (stopped != end || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc::result_out_of_range)
    return text.starts_with('-') ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
  return value;
}

// An unescaped `+00:00` arrives with a space. The space between date and time, at the tenth place, is one.
std::optional<Timestamp> time_of(std::string_view text) {
  constexpr std::ptrdiff_t date_length = 10;
  std::string repaired(text);
  if (repaired.size() > date_length) std::replace(repaired.begin() + date_length + 1, repaired.end(), ' ', '+');
  return parse_timestamp(repaired);
}

}  // namespace

std::optional<std::int64_t> ParameterReader::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  const auto value = integer_of(*given);
  if (!value) {
    fault(name, "value is not a valid integer", "type_error.integer");
    return std::nullopt;
  }
  if (*value < least)
    fault(name, "ensure this value is greater than or equal to " + std::to_string(least), "value_error.number.not_ge",
          least);
  else if (*value > most)
    fault(name, "ensure this value is less than or equal to " + std::to_string(most), "value_error.number.not_le",
          most);
  else
    return value;
  return std::nullopt;
}

std::optional<bool> ParameterReader::boolean(std::string_view name) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  if (*given == "true") return true;
  if (*given == "false") return false;
  fault(name, "value could not be parsed to a boolean", "type_error.bool");
  return std::nullopt;
}

std::optional<Timestamp> ParameterReader::time(std::string_view name) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  const auto value = time_of(*given);
  if (!value) fault(name, "invalid datetime format", "value_error.datetime");
  return value;
}

std::optional<std::string_view> ParameterReader::text(std::string_view name) {
  auto value = parameters_.find(name);
  if (value) return *value;
  faults_.push_back(std::move(value.error()));
  return std::nullopt;
}

void ParameterReader::fault(std::string_view name, std::string_view message, std::string_view type,
                            std::optional<std::int64_t> limit) {
  faults_.push_back({"query", std::string(name), std::string(message), type, limit});
}

}  // namespace ubiety::http
