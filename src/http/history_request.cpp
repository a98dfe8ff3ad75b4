#include "http/history_request.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "http/history_cursor.hpp"
#include "http/percent_encoding.hpp"
#include "http/query_parameters.hpp"
#include "http/validation_answer.hpp"

namespace ubiety::http {
namespace {

constexpr std::int64_t smallest_limit = 1, largest_limit = 1000;

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

Result<std::size_t, Answer> limit_of(std::string_view text) {
  const auto value = integer_of(text);
  if (!value) return Failure{parameter_answer("query", "limit", "value is not a valid integer", "type_error.integer")};
  if (*value < smallest_limit)
    return Failure{parameter_answer("query", "limit", "ensure this value is greater than or equal to 1",
                                    "value_error.number.not_ge", smallest_limit)};
  if (*value > largest_limit)
    return Failure{parameter_answer("query", "limit", "ensure this value is less than or equal to 1000",
                                    "value_error.number.not_le", largest_limit)};
  return static_cast<std::size_t>(*value);
}

// The parameter's value as `read` has it, or nullopt without the parameter; nullopt from `read` is a 400 with
// `message`.
template <class Value>
Result<std::optional<Value>, Answer> optional_parameter(const QueryParameters& parameters, std::string_view name,
                                                        std::optional<Value> (*read)(std::string_view),
                                                        std::string_view message, std::string_view type) {
  const auto text = parameters.find(name);
  if (!text) return Failure{text.error()};
  if (!*text) return std::optional<Value>{};
  auto value = read(**text);
  if (!value) return Failure{parameter_answer("query", name, message, type)};
  return value;
}

}  // namespace

Result<HistoryQuery, Answer> parse_history_query(DeviceId device_id, std::string_view query) {
  const auto parameters = QueryParameters::parse(query);
  if (!parameters) return Failure{parameters.error()};
  HistoryQuery result;
  result.device_id = std::move(device_id);

  const auto limit_text = parameters->find("limit");
  if (!limit_text) return Failure{limit_text.error()};
  if (*limit_text) {
    const auto limit = limit_of(**limit_text);
    if (!limit) return Failure{limit.error()};
    result.limit = *limit;
  }
  constexpr std::string_view bad_time = "invalid datetime format", time_error = "value_error.datetime";
  const auto since = optional_parameter<Timestamp>(*parameters, "since", time_of, bad_time, time_error);
  if (!since) return Failure{since.error()};
  const auto before = optional_parameter<Timestamp>(*parameters, "before", time_of, bad_time, time_error);
  if (!before) return Failure{before.error()};
  const auto after =
      optional_parameter<HistoryPosition>(*parameters, "cursor", decode_cursor, "invalid cursor", "value_error.cursor");
  if (!after) return Failure{after.error()};
  result.since = *since;
  result.before = *before;
  result.after = *after;
  return result;
}

std::string next_page_target(const HistoryQuery& query, const Status& last) {
  auto target = "/status/" + percent_encode(query.device_id) + "/history?limit=" + std::to_string(query.limit);
  if (query.since) target += "&since=" + percent_encode(format_timestamp(*query.since));
  if (query.before) target += "&before=" + percent_encode(format_timestamp(*query.before));
  return target + "&cursor=" + encode_cursor({last});
}

}  // namespace ubiety::http
