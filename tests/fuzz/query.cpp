// The query of a history, behind the line of a device id: what is read goes into the next page's target and comes out
// of it again; the answer to what is not is JSON.
#include "domain/utf8.hpp"
#include "fuzzing.hpp"
#include "http/message/percent_encoding.hpp"
#include "http/resources/history_request.hpp"

using namespace ubiety;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [device_id, text] = fuzz::first_line_of(fuzz::text_of(data, size));
  if (!count_characters(device_id)) return 0;  // the router refuses it
  const auto query = http::parse_history_query(std::string(device_id), text);
  if (!query) {
    fuzz::require(query.error().status == 400, "what is wrong with a query is a 400");
    fuzz::require_json(query.error().body);
    return 0;
  }
  fuzz::require(query->limit >= 1 && query->limit <= 1000, "the limit is in range");

  const Status last = query->after ? query->after->record : Status{{1}, {2}, -60, 76, true};
  const std::string target = http::next_page_target(*query, last);
  constexpr std::string_view before_id = "/status/", after_id = "/history?";
  const auto id_end = target.find('/', before_id.size());
  fuzz::require(target.starts_with(before_id) && id_end != std::string::npos, "the target has a path");
  const auto encoded_id = std::string_view(target).substr(before_id.size(), id_end - before_id.size());
  fuzz::require(http::percent_decode(encoded_id) == device_id, "the target names the device");
  fuzz::require(std::string_view(target).substr(id_end).starts_with(after_id), "the target is the history's");

  const auto next = http::parse_history_query(std::string(device_id), target.substr(id_end + after_id.size()));
  fuzz::require(next.ok(), "the next page's query is read");
  fuzz::require(next->limit == query->limit && next->since == query->since && next->before == query->before,
                "the next page asks for the same");
  fuzz::require(next->after && next->after->record == last, "the next page begins after the last record");
  return 0;
}
