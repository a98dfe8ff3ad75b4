#include "storage/postgres/history_statements.hpp"

#include <limits>
#include <set>
#include <string_view>
#include <utility>

#include "storage/postgres/binary_format.hpp"
#include "storage/postgres/segment_columns.hpp"
#include "storage/postgres/values.hpp"

namespace ubiety::postgres {
namespace {

// {span} is a condition for the last timestamp, or nothing.
//
// The window counts the records of the newer segments: a segment behind $6 records is sent without its own. $1 device,
// $2 since, $3 before, $4 the timestamp of the record after which the page begins, $5 the number of segments, $6 the
// number of records that the page needs.
constexpr std::string_view select_page = R"sql(
  SELECT NULL::bigint, NULL::bigint, last_timestamp, merge, first_timestamp, unit,
         CASE WHEN newer < $6 THEN offsets[count - $6::integer + 1:] END,
         CASE WHEN newer < $6 THEN timestamps[count - $6::integer + 1:] END,
         CASE WHEN newer < $6 THEN delays[count - $6::integer + 1:] END,
         CASE WHEN newer < $6 THEN created_ats[count - $6::integer + 1:] END,
         CASE WHEN newer < $6 THEN battery_levels[count - $6::integer + 1:] END,
         CASE WHEN newer < $6 THEN rssis[count - $6::integer + 1:] END,
         CASE WHEN newer < $6 THEN onlines[count - $6::integer + 1:] END
  FROM (SELECT *, sum(count) OVER (ORDER BY last_timestamp DESC, merge DESC ROWS UNBOUNDED PRECEDING) - count AS newer
        FROM (SELECT * FROM device_history
              WHERE device_id = $1{span} AND last_timestamp > $2 AND first_timestamp < $3 AND first_timestamp <= $4
              ORDER BY last_timestamp DESC, merge DESC LIMIT $5::bigint) AS newest) AS segments)sql";

constexpr std::string_view and_count = R"sql(
  UNION ALL
  SELECT count, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM ({count}) AS counted)sql";

constexpr std::string_view and_trimmed = R"sql(
  UNION ALL
  SELECT trimmed, id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM node_stream WHERE id = ANY ($7::bigint[]))sql";

// Only segments at the edges of the query's span are looked into.
constexpr std::string_view select_count = R"sql(
  SELECT coalesce(sum(CASE WHEN first_timestamp > $2 AND last_timestamp < $3 THEN count ELSE (
    SELECT count(*)
    FROM (SELECT coalesce(timestamp, first_timestamp + "offset" * (unit * interval '1 microsecond')) AS timestamp
          FROM unnest(offsets, timestamps) AS arrays ("offset", timestamp)) AS records
    WHERE timestamp > $2 AND timestamp < $3) END), 0)::bigint AS count
  FROM device_history
  WHERE device_id = $1{span} AND last_timestamp > $2 AND first_timestamp < $3)sql";

// $5 and $6 are the segment behind which the statement goes on, $7 is the number of segments.
constexpr std::string_view select_segments = R"sql(
  SELECT last_timestamp, merge, )sql" UBIETY_SEGMENT_COLUMNS R"sql(
  FROM device_history
  WHERE device_id = $1{span} AND last_timestamp > $2 AND first_timestamp < $3 AND first_timestamp <= $4
    AND (last_timestamp, merge) < ($5::timestamptz, $6::integer)
  ORDER BY last_timestamp DESC, merge DESC LIMIT $7::bigint)sql";

// $2 are the times, sorted, $3 and $4 the first and the last. A segment has one of them if more are no later than its
// end than are earlier than its begin. width_bucket() counts by binary search.
constexpr std::string_view select_around = R"sql(
  SELECT )sql" UBIETY_SEGMENT_COLUMNS R"sql(
  FROM device_history
  WHERE device_id = $1{span} AND last_timestamp >= $3 AND first_timestamp <= $4
    AND width_bucket(last_timestamp, $2::timestamptz[]) >
        width_bucket(first_timestamp - interval '1 microsecond', $2::timestamptz[]))sql";

constexpr const char* select_trimmed = "SELECT id, trimmed FROM node_stream WHERE id = ANY ($1::bigint[])";

// Planning a statement for each page would take longer than running it.
constexpr const char* plan_once = "SET plan_cache_mode = force_generic_plan";

std::string with(std::string_view sql, std::string_view placeholder, std::string_view replacement) {
  return std::string(sql).replace(sql.find(placeholder), placeholder.size(), replacement);
}

std::string in_span(std::string_view sql, const TimeSpan& span) {
  std::string condition;
  if (span.from) condition += " AND last_timestamp >= '" + time_text(*span.from) + "'";
  if (span.before) condition += " AND last_timestamp < '" + time_text(*span.before) + "'";
  return with(sql, "{span}", condition);
}

Parameter from_or_always(std::optional<Timestamp> from) { return from ? Parameter(*from) : Parameter("-infinity"); }
Parameter before_or_always(std::optional<Timestamp> before) {
  return before ? Parameter(*before) : Parameter("infinity");
}
Parameter after_or_always(const std::optional<Status>& after) {
  return after ? Parameter(after->timestamp) : Parameter("infinity");
}

std::string streams_of(const std::vector<log::UnmergedRecord>& unmerged) {
  std::set<log::StreamId> streams;
  for (const auto& record : unmerged) streams.insert(record.position.stream);
  std::string text = "{";
  for (const auto stream : streams) text += (text.size() > 1 ? "," : "") + std::to_string(stream);
  return text + "}";
}

// The newest of each segment that a page needs: its records and one more, unless it begins within the history.
std::size_t records_needed(const HistoryQuery& query) {
  constexpr std::size_t all = std::numeric_limits<std::int32_t>::max() / 2;
  return query.before || query.after ? all : query.limit + 1;
}

}  // namespace

void HistoryStatements::begin_again() {
  names_.clear();
  connection_.forget_statements();
  connection_.run(plan_once);
}

const std::string& HistoryStatements::prepared(const Key& key) {
  if (const auto known = names_.find(key); known != names_.end()) return known->second;
  const auto name = "history_" + std::to_string(names_.size());
  connection_.prepare(name, sql_of(key));
  return names_.emplace(key, name).first->second;
}

std::string HistoryStatements::sql_of(const Key& key) {
  if (key.kind == Kind::count) return in_span(select_count, key.span);
  if (key.kind == Kind::segments) return in_span(select_segments, key.span);
  if (key.kind == Kind::around) return in_span(select_around, key.span);
  auto page = in_span(select_page, key.span);
  if (key.counted) page += with(and_count, "{count}", in_span(select_count, *key.counted));
  if (key.asks_for_trimmed) page += and_trimmed;
  return page;
}

Rows HistoryStatements::page(const HistoryQuery& query, const TimeSpan& span, const std::optional<TimeSpan>& counted,
                             const std::vector<log::UnmergedRecord>& unmerged, std::size_t most_segments) {
  const auto& name = prepared({Kind::page, span, counted, !unmerged.empty()});
  const Parameter since = from_or_always(query.since), before = before_or_always(query.before),
                  after = after_or_always(query.after), needed = records_needed(query);
  if (unmerged.empty())
    return connection_.query_binary(name, {query.device_id, since, before, after, most_segments, needed});
  return connection_.query_binary(name,
                                  {query.device_id, since, before, after, most_segments, needed, streams_of(unmerged)});
}

Rows HistoryStatements::segments(const HistoryQuery& query, const TimeSpan& span, const Behind& behind,
                                 std::size_t most_segments) {
  return connection_.query_binary(
      prepared({Kind::segments, span, {}, false}),
      {query.device_id, from_or_always(query.since), before_or_always(query.before), after_or_always(query.after),
       before_or_always(behind.last_timestamp), behind.merge, most_segments});
}

std::uint64_t HistoryStatements::count(const HistoryQuery& query, const TimeSpan& span) {
  const auto rows =
      connection_.query_prepared(prepared({Kind::count, span, {}, false}),
                                 {query.device_id, from_or_always(query.since), before_or_always(query.before)});
  return static_cast<std::uint64_t>(rows[0].number(0));
}

Rows HistoryStatements::around(const DeviceId& device_id, const TimeSpan& span, std::span<const Timestamp> times) {
  return connection_.query_binary(
      prepared({Kind::around, span, {}, false}),
      {device_id, array_parameter(oid::timestamptz_array, oid::timestamptz, times, [](Timestamp time) { return time; }),
       times.front(), times.back()});
}

Rows HistoryStatements::trimmed(const std::vector<log::UnmergedRecord>& unmerged) {
  return connection_.query(select_trimmed, {streams_of(unmerged)});
}

Timestamp SegmentRow::last_timestamp() const { return time_in(row_.bytes(first_)); }
std::int32_t SegmentRow::merge() const { return number_in<std::int32_t>(row_.bytes(first_ + 1)); }
bool SegmentRow::has_records() const { return !row_.is_null(first_ + 4) || !row_.is_null(first_ + 5); }
std::vector<Status> SegmentRow::records() const { return records_in(row_, first_ + 2); }

log::Position PageRow::trimmed() const {
  return {number_in<std::int64_t>(row_.bytes(1)), number_in<std::int64_t>(row_.bytes(0))};
}
std::uint64_t PageRow::count() const { return static_cast<std::uint64_t>(number_in<std::int64_t>(row_.bytes(0))); }

}  // namespace ubiety::postgres
