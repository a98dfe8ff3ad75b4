#include "http/resources/device/history_query.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "domain/text.hpp"
#include "http/message/query.hpp"

namespace ubiety::http {
namespace {

// Version, timestamp, received, battery level, RSSI above the lowest, online.
constexpr std::uint8_t version = 1;
static_assert(max_rssi - min_rssi <= 255 && max_battery_level <= 255, "each has one byte");
constexpr std::size_t cursor_size = 1 + 8 + 8 + 1 + 1 + 1;

// Reads a number and removes it from the front.
template <class Integer>
Integer take(std::string_view& bytes) {
  const auto value = big_endian<Integer>(bytes.substr(0, sizeof(Integer)));
  bytes.remove_prefix(sizeof(Integer));
  return value;
}

constexpr std::array<std::string_view, 4> of_pages{"limit", "since", "before", "cursor"};

// An exclusive bound in place of an inclusive one; nullopt where it bounds nothing.
std::optional<Timestamp> just_before(Timestamp time) {
  return time > earliest_timestamp ? std::optional(Timestamp{time.microseconds - 1}) : std::nullopt;
}

// Notes what prevents buckets of this span.
void check_buckets(QueryReader& reader, const BucketSpan& span) {
  if (span.to <= span.from) return reader.fault("to", {"ensure this time is after from", "value_error.datetime.order"});
  const auto microseconds = (span.to - span.from).count();
  if (auto problem = pydantic::outside(static_cast<std::int64_t>(span.count), 1, microseconds))
    reader.fault("buckets", std::move(*problem));
}

}  // namespace

std::string encode_cursor(const Status& record) {
  std::string bytes;
  append_big_endian(bytes, version);
  append_big_endian(bytes, record.timestamp.microseconds);
  append_big_endian(bytes, record.received.microseconds);
  append_big_endian(bytes, record.battery_level);
  append_big_endian(bytes, static_cast<std::uint8_t>(record.rssi - min_rssi));
  append_big_endian(bytes, static_cast<std::uint8_t>(record.online));
  return to_hexadecimal(bytes);
}

std::optional<Status> decode_cursor(std::string_view text) {
  const auto decoded = from_hexadecimal(text);
  if (!decoded || decoded->size() != cursor_size) return std::nullopt;
  std::string_view bytes = *decoded;
  if (take<std::uint8_t>(bytes) != version) return std::nullopt;
  Status record;
  record.timestamp = {take<std::int64_t>(bytes)};
  record.received = {take<std::int64_t>(bytes)};
  record.battery_level = take<std::uint8_t>(bytes);
  const auto rssi = take<std::uint8_t>(bytes) + min_rssi;
  const auto online = take<std::uint8_t>(bytes);
  const auto storable = [](Timestamp time) { return time >= earliest_timestamp && time <= latest_timestamp; };
  if (record.battery_level > max_battery_level || rssi > max_rssi || online > 1 || !storable(record.timestamp) ||
      !storable(record.received))
    return std::nullopt;
  record.rssi = static_cast<std::int16_t>(rssi);
  record.online = online == 1;
  return record;
}

Result<HistoryRequest, Answer> parse_history_request(DeviceId device_id, std::string_view query) {
  HistoryRequest request;
  auto& page = request.query;
  page.device_id = std::move(device_id);
  QueryReader reader(query);
  const auto limit = reader.integer("limit", 1, 1000);
  if (limit) page.limit = static_cast<std::size_t>(*limit);
  request.has_limit = limit.has_value();
  page.since = reader.time("since");
  page.before = reader.time("before");
  const auto cursor = reader.text("cursor");
  if (cursor && !(page.after = decode_cursor(*cursor))) reader.fault("cursor", pydantic::bad_cursor());
  const auto from = reader.time("from"), to = reader.time("to");
  const auto buckets = reader.integer("buckets", 1, max_history_buckets);
  if (buckets) {
    const auto is_given = [&](std::string_view name) { return reader.has(name); };
    if (std::any_of(of_pages.begin(), of_pages.end(), is_given))
      reader.fault("buckets", {"buckets exclude limit, since, before and cursor", "value_error.combination"});
    for (const std::string_view name : {"from", "to"})
      if (!is_given(name)) reader.fault(name, pydantic::missing());
    if (from && to) {
      request.buckets = {*from, *to, static_cast<std::size_t>(*buckets)};
      check_buckets(reader, *request.buckets);
    }
  }
  if (from) page.since = std::max(page.since, just_before(*from));
  if (to) page.before = std::min(page.before.value_or(*to), *to);
  if (auto refusal = reader.refusal()) return Failure{std::move(*refusal)};
  return request;
}

std::string next_page_reference(const HistoryQuery& query, const Status& last) {
  auto reference = "?limit=" + std::to_string(query.limit);
  if (query.since) reference += "&since=" + percent_encode(format_timestamp(*query.since));
  if (query.before) reference += "&before=" + percent_encode(format_timestamp(*query.before));
  return reference + "&cursor=" + encode_cursor(last);
}

}  // namespace ubiety::http
