// The query of a summary, behind the line of an Accept-Encoding: what is read has its parameters in range, the answer
// to what is not is JSON, and a cursor is read as the device that it was made of.
#include "fuzzing.hpp"
#include "http/resources/summary/summary_request.hpp"

using namespace ubiety;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [accept_encoding, text] = fuzz::first_line_of(fuzz::text_of(data, size));
  const auto request = http::parse_summary_request(text, accept_encoding, Groups());
  if (!request) {
    fuzz::require(request.error().status == 400, "what is wrong with a query is a 400");
    fuzz::require_json(request.error().body);
    return 0;
  }
  const auto& filter = request->query.filter;
  const auto& limit = request->query.limit;
  const auto& after = request->query.after;
  fuzz::require(!limit || (*limit >= 1 && *limit <= 100'000), "the limit is in range");
  fuzz::require(!filter.battery_below || (*filter.battery_below >= 0 && *filter.battery_below <= 101),
                "the battery level is in range");
  fuzz::require(!request->gzip || request->query.is_of_all(), "only the whole summary is kept deflated");
  if (after.empty()) return 0;
  const auto again = http::parse_summary_request("cursor=" + http::summary_cursor(after), {}, Groups());
  fuzz::require(again.ok() && again->query.after == after, "a cursor names its device");
  return 0;
}
