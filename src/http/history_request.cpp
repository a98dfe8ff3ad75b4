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

// Reads one parameter after the other and gathers what is wrong with them.
class Reading {
 public:
  explicit Reading(const QueryParameters& parameters) : parameters_(parameters) {}

  void limit(std::size_t& out) {
    const auto text = find("limit");
    if (!text) return;
    const auto value = integer_of(*text);
    if (!value)
      fault("limit", "value is not a valid integer", "type_error.integer");
    else if (*value < smallest_limit)
      fault("limit", "ensure this value is greater than or equal to 1", "value_error.number.not_ge", smallest_limit);
    else if (*value > largest_limit)
      fault("limit", "ensure this value is less than or equal to 1000", "value_error.number.not_le", largest_limit);
    else
      out = static_cast<std::size_t>(*value);
  }

  void time(std::string_view name, std::optional<Timestamp>& out) {
    const auto text = find(name);
    if (text && !(out = time_of(*text))) fault(name, "invalid datetime format", "value_error.datetime");
  }

  void cursor(std::optional<HistoryPosition>& out) {
    const auto text = find("cursor");
    if (text && !(out = decode_cursor(*text))) fault("cursor", "invalid cursor", "value_error.cursor");
  }

  const std::vector<ParameterFault>& faults() const { return faults_; }

 private:
  std::optional<std::string_view> find(std::string_view name) {
    auto value = parameters_.find(name);
    if (value) return *value;
    faults_.push_back(std::move(value.error()));
    return std::nullopt;
  }

  void fault(std::string_view name, std::string_view message, std::string_view type,
             std::optional<std::int64_t> limit = std::nullopt) {
    faults_.push_back({"query", std::string(name), message, type, limit});
  }

  const QueryParameters& parameters_;
  std::vector<ParameterFault> faults_;
};

}  // namespace

Result<HistoryQuery, Answer> parse_history_query(DeviceId device_id, std::string_view query) {
  const auto parameters = QueryParameters::parse(query);
  if (!parameters) return Failure{parameters_answer({parameters.error()})};
  HistoryQuery result;
  result.device_id = std::move(device_id);
  Reading reading(*parameters);
  reading.limit(result.limit);
  reading.time("since", result.since);
  reading.time("before", result.before);
  reading.cursor(result.after);
  if (!reading.faults().empty()) return Failure{parameters_answer(reading.faults())};
  return result;
}

std::string next_page_target(const HistoryQuery& query, const Status& last) {
  auto target = "/status/" + percent_encode(query.device_id) + "/history?limit=" + std::to_string(query.limit);
  if (query.since) target += "&since=" + percent_encode(format_timestamp(*query.since));
  if (query.before) target += "&before=" + percent_encode(format_timestamp(*query.before));
  return target + "&cursor=" + encode_cursor({last});
}

}  // namespace ubiety::http
