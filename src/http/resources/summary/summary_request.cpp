#include "http/resources/summary/summary_request.hpp"

#include <array>

#include "domain/text.hpp"
#include "http/message/header_fields.hpp"
#include "http/message/query.hpp"
#include "http/resources/filter_parameters.hpp"
#include "http/resources/fleet/device_members.hpp"

namespace ubiety::http {
namespace {

constexpr std::string_view cursor_version = "01";
constexpr std::int64_t max_limit = 100'000, max_offset = 1'000'000'000;
constexpr std::size_t sorted_limit = 100;  // unless the client says otherwise

// In the order of SummarySort::By.
constexpr std::array<std::string_view, 5> sort_names{"device_id", "battery_level", "rssi", "last_heard", "last_update"};
constexpr std::array<std::string_view, 2> order_names{"asc", "desc"};

// Returns nullopt for anything that summary_cursor did not write.
std::optional<std::string> decode_summary_cursor(std::string_view text) {
  if (!text.starts_with(cursor_version) || text.size() == cursor_version.size()) return std::nullopt;
  return from_hexadecimal(text.substr(cursor_version.size()));
}

// Each of the three parameters makes a summary a sorted one.
std::optional<SummarySort> read_sort(QueryReader& reader) {
  SummarySort sort;
  if (const auto by = reader.one_of("sort", sort_names)) sort.by = static_cast<SummarySort::By>(*by);
  if (const auto order = reader.one_of("order", order_names)) sort.is_descending = *order == 1;
  const bool is_sorted = reader.has("sort") || reader.has("order") || reader.has("offset");
  return is_sorted ? std::optional(sort) : std::nullopt;
}

}  // namespace

Result<SummaryRequest, Answer> parse_summary_request(std::string_view text,
                                                     std::optional<std::string_view> accept_encoding,
                                                     const Groups& groups) {
  SummaryRequest request;
  QueryReader reader(text);
  auto& query = request.query;
  query.sort = read_sort(reader);
  if (query.sort) query.limit = sorted_limit;
  if (const auto limit = reader.integer("limit", 1, max_limit)) query.limit = static_cast<std::size_t>(*limit);
  if (const auto offset = reader.integer("offset", 0, max_offset)) query.offset = static_cast<std::size_t>(*offset);
  if (const auto cursor = reader.text("cursor")) {
    if (auto device_id = decode_summary_cursor(*cursor))
      query.after = std::move(*device_id);
    else
      reader.fault("cursor", pydantic::bad_cursor());
    if (query.sort) reader.fault("cursor", {"a cursor goes without sort, order and offset", "value_error.cursor"});
  }
  query.filter = read_filter(reader, groups);
  query.members = read_members(reader);
  if (auto refusal = reader.refusal()) return Failure{std::move(*refusal)};

  request.gzip = query.is_of_all() && accepts_gzip(accept_encoding);
  return request;
}

std::string summary_cursor(std::string_view last_device_id) {
  return std::string(cursor_version) + to_hexadecimal(last_device_id);
}

}  // namespace ubiety::http
