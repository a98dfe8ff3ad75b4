#include "http/resources/history/history_request.hpp"

#include "http/message/parameter_reader.hpp"
#include "http/message/percent_encoding.hpp"
#include "http/resources/history/history_cursor.hpp"

namespace ubiety::http {
Result<HistoryQuery, Answer> parse_history_query(DeviceId device_id, std::string_view query) {
  const auto parameters = QueryParameters::parse(query);
  if (!parameters) return Failure{parameters_answer({parameters.error()})};
  HistoryQuery result;
  result.device_id = std::move(device_id);
  ParameterReader reader(*parameters);
  if (const auto limit = reader.integer("limit", 1, 1000)) result.limit = static_cast<std::size_t>(*limit);
  result.since = reader.time("since");
  result.before = reader.time("before");
  if (const auto cursor = reader.text("cursor"); cursor && !(result.after = decode_cursor(*cursor)))
    reader.fault("cursor", "invalid cursor", "value_error.cursor");
  if (!reader.faults().empty()) return Failure{parameters_answer(reader.faults())};
  return result;
}

std::string next_page_reference(const HistoryQuery& query, const Status& last) {
  auto reference = "?limit=" + std::to_string(query.limit);
  if (query.since) reference += "&since=" + percent_encode(format_timestamp(*query.since));
  if (query.before) reference += "&before=" + percent_encode(format_timestamp(*query.before));
  return reference + "&cursor=" + encode_cursor({last});
}

}  // namespace ubiety::http
