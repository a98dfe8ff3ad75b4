// The query of a history, behind the line of a device id: what is read goes into the next page's link and comes out of
// it again; the answer to what is not is JSON.
#include "domain/text.hpp"
#include "fuzzing.hpp"
#include "http/resources/device/history_query.hpp"

using namespace ubiety;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [device_id, text] = fuzz::first_line_of(fuzz::text_of(data, size));
  if (!count_characters(device_id)) return 0;  // the router refuses it
  const auto request = http::parse_history_request(std::string(device_id), text);
  if (!request) {
    fuzz::require(request.error().status == 400 || request.error().status == 422,
                  "what is wrong with a query is a 400, what is missing a 422");
    fuzz::require_json(request.error().body);
    return 0;
  }
  const auto& query = request->query;
  if (const auto& buckets = request->buckets)
    fuzz::require(buckets->count >= 1 && buckets->from < buckets->to, "buckets divide a span");
  fuzz::require(query.limit >= 1 && query.limit <= 1000, "the limit is in range");

  const Status last = query.after ? *query.after : Status{{1}, {2}, -60, 76, true};
  const std::string reference = http::next_page_reference(query, last);
  fuzz::require(reference.starts_with('?'), "the next page has the same path");

  const auto next = http::parse_history_request(std::string(device_id), std::string_view(reference).substr(1));
  fuzz::require(next.ok(), "the next page's query is read");
  fuzz::require(
      next->query.limit == query.limit && next->query.since == query.since && next->query.before == query.before,
      "the next page asks for the same");
  fuzz::require(next->query.after && *next->query.after == last, "the next page begins after the last record");
  return 0;
}
