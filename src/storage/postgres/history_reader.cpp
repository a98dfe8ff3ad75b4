#include "storage/postgres/history_reader.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include "domain/status.hpp"
#include "storage/postgres/binary_format.hpp"
#include "storage/postgres/segment_columns.hpp"
#include "storage/postgres/values.hpp"

namespace ubiety::postgres {
namespace {

// Other processes create partitions for days ahead only, so no device reports to them sooner than this.
constexpr std::chrono::seconds time_to_refresh_partitions{5};

// Most pages need only the last days; a page that goes back further reads more partitions at a time.
constexpr std::size_t partitions_in_first_group = 4, partitions_in_other_groups = 16;

constexpr std::size_t max_segments_at_a_time = 256;

// All partitions but the default one. One whose lower bound is not a time (MINVALUE) begins with all of time.
constexpr const char* select_partitions = R"sql(
  SELECT name, coalesce((extract(epoch FROM substring(bounds FROM 'FROM \(''([^'']+)''\)')::timestamptz) * 1000000)::bigint,
                        -9223372036854775808)
  FROM (SELECT inhrelid::regclass::text AS name, pg_get_expr(relpartbound, oid) AS bounds
        FROM pg_inherits JOIN pg_class ON oid = inhrelid
        WHERE inhparent = 'device_history'::regclass) AS partitions
  WHERE bounds <> 'DEFAULT'
  ORDER BY 2 DESC)sql";

// The statements name the partitions, so they alone are not constants: a copy of a part for each partition replaces its
// placeholder.
//
// Reads the newest segments of a group that may have a record of the page. $1 device, $2 since, $3 before, $4 the
// timestamp of the record after which the page begins, $5 and $6 the segment behind which the statement goes on, $7 the
// number of segments, $8 and $9 the time of the group.
constexpr std::string_view select_segments = R"sql(
  SELECT last_timestamp, merge, )sql" UBIETY_SEGMENT_COLUMNS R"sql(
  FROM ((SELECT last_timestamp, merge, )sql" UBIETY_SEGMENT_COLUMNS R"sql(
         FROM device_history_default
         WHERE device_id = $1 AND last_timestamp > $2 AND first_timestamp < $3 AND first_timestamp <= $4
           AND (last_timestamp, merge) < ($5::timestamptz, $6::integer)
           AND last_timestamp >= $8 AND last_timestamp < $9
         ORDER BY last_timestamp DESC, merge DESC LIMIT $7::bigint){partitions}
  ) AS segments
  ORDER BY last_timestamp DESC, merge DESC LIMIT $7::bigint)sql";

constexpr std::string_view select_segments_of_partition = R"sql(
  UNION ALL
  (SELECT last_timestamp, merge, )sql" UBIETY_SEGMENT_COLUMNS R"sql(
   FROM {partition}
   WHERE device_id = $1 AND last_timestamp > $2 AND first_timestamp < $3 AND first_timestamp <= $4
     AND (last_timestamp, merge) < ($5::timestamptz, $6::integer)
   ORDER BY last_timestamp DESC, merge DESC LIMIT $7::bigint))sql";

// Counts the records of segments. Only those at the edges of the span are looked into.
constexpr std::string_view count_in = R"sql(
  SELECT sum(CASE WHEN first_timestamp > $2 AND last_timestamp < $3 THEN count ELSE (
    SELECT count(*)
    FROM (SELECT coalesce(timestamp, first_timestamp + "offset" * (unit * interval '1 microsecond')) AS timestamp
          FROM unnest(offsets, timestamps) AS arrays ("offset", timestamp)) AS records
    WHERE timestamp > $2 AND timestamp < $3) END)::bigint
  FROM {segments})sql";

// The segments of some partitions, and those of the default partition that meet a condition.
constexpr std::string_view counted_segments = R"sql(
  ((SELECT count, first_timestamp, last_timestamp, unit, offsets, timestamps FROM device_history_default
         WHERE device_id = $1 AND last_timestamp > $2 AND first_timestamp < $3{and}){partitions}
  ) AS segments)sql";

constexpr std::string_view counted_segments_of_partition = R"sql(
  UNION ALL
  (SELECT count, first_timestamp, last_timestamp, unit, offsets, timestamps FROM {partition}
   WHERE device_id = $1 AND last_timestamp > $2 AND first_timestamp < $3))sql";

// All that most pages need, from one look at each partition of the first group: its newest segments, the count of the
// records of all groups or of this one, and how far the streams $10 are merged.
constexpr std::string_view select_first = R"sql(
  WITH of_group AS MATERIALIZED (
    SELECT last_timestamp, merge, count, )sql" UBIETY_SEGMENT_COLUMNS R"sql(
    FROM (SELECT * FROM device_history_default
          WHERE device_id = $1 AND last_timestamp > $2 AND first_timestamp < $3
            AND last_timestamp >= $8 AND last_timestamp < $9{partitions}) AS segments)
  SELECT NULL::bigint, NULL::bigint, segments.*
  FROM (SELECT last_timestamp, merge, )sql" UBIETY_SEGMENT_COLUMNS R"sql( FROM of_group
        WHERE first_timestamp <= $4 AND (last_timestamp, merge) < ($5::timestamptz, $6::integer)
        ORDER BY last_timestamp DESC, merge DESC LIMIT $7::bigint) AS segments
  UNION ALL
  SELECT coalesce(({count_group}), 0) + coalesce(({count_others}), 0),
         NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  UNION ALL
  SELECT trimmed, id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM node_stream WHERE id = ANY ($10::bigint[]))sql";
constexpr std::string_view select_all_of_partition = R"sql(
  UNION ALL
  SELECT * FROM {partition} WHERE device_id = $1 AND last_timestamp > $2 AND first_timestamp < $3)sql";
constexpr int columns_before_segment = 2;

// $4 and $5 are the time of the group.
constexpr std::string_view is_of_counted_group = " AND last_timestamp >= $4 AND last_timestamp < $5";
constexpr std::string_view is_before_first_group = " AND last_timestamp < $8";

constexpr const char* around_statement = "around";
constexpr const char* select_trimmed = "SELECT id, trimmed FROM node_stream WHERE id = ANY ($1::bigint[])";

// A segment lies within one day (UTC), so no other partitions than that day's are read. A page runs it for each late
// update of the tail.
constexpr const char* select_around = R"sql(
  SELECT )sql" UBIETY_SEGMENT_COLUMNS R"sql(
  FROM device_history
  WHERE device_id = $1 AND last_timestamp >= $2::timestamptz
    AND last_timestamp < date_trunc('day', $2::timestamptz, 'UTC') + interval '1 day' AND first_timestamp <= $2)sql";

// Planning a statement for each page would take longer than running it.
constexpr const char* plan_once = "SET plan_cache_mode = force_generic_plan";

std::string with(std::string_view sql, std::string_view placeholder, std::string_view replacement) {
  return std::string(sql).replace(sql.find(placeholder), placeholder.size(), replacement);
}

// The names of the partitions are as PostgreSQL returned them, quoted where they need it.
template <class Partitions>
std::string for_partitions(std::string_view sql, std::string_view part, const Partitions& partitions) {
  std::string parts;
  for (const auto& partition : partitions) parts += with(part, "{partition}", partition.name);
  return with(sql, "{partitions}", parts);
}

template <class Partitions>
std::string count_of(const Partitions& partitions, std::string_view condition_of_default) {
  const auto segments = for_partitions(counted_segments, counted_segments_of_partition, partitions);
  return with(count_in, "{segments}", with(segments, "{and}", condition_of_default));
}

Parameter from_or_always(std::optional<Timestamp> from) { return from ? Parameter(*from) : Parameter("-infinity"); }
Parameter before_or_always(std::optional<Timestamp> before) {
  return before ? Parameter(*before) : Parameter("infinity");
}

std::string streams_of(const std::vector<log::UnmergedRecord>& unmerged) {
  std::set<log::StreamId> streams;
  for (const auto& record : unmerged) streams.insert(record.position.stream);
  std::string text = "{";
  for (const auto stream : streams) text += (text.size() > 1 ? "," : "") + std::to_string(stream);
  return text + "}";
}

// The newest timestamp that a record of the page may have.
Timestamp newest_of(const HistoryQuery& query) {
  auto newest = query.before.value_or(latest_timestamp);
  if (query.after) newest = std::min(newest, query.after->timestamp);
  return newest;
}

}  // namespace

// The segments for one page, from one snapshot of the database. It asks for more segments only when the page turns out
// to need them: until then next() returns the time up to which the next segment may last.
class HistoryReader::Snapshot final : public log::SegmentReader {
 public:
  // Begins with the group that has the newest record of the page. Call it in a transaction with one snapshot.
  Snapshot(HistoryReader& reader, const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged)
      : reader_(reader), query_(query), unmerged_(unmerged), group_(reader.group_of(newest_of(query))) {}

  // Has only what one statement returned, and needs no transaction. If that was not enough, is_incomplete() afterwards.
  struct OneStatement {};
  Snapshot(HistoryReader& reader, const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged,
           OneStatement)
      : reader_(reader), query_(query), unmerged_(unmerged), is_one_statement_(true) {
    trimmed_.emplace();
    limit_ = segments_for_page();
    take(reader_.read_first(query_, unmerged_, limit_), columns_before_segment);
  }

  bool is_incomplete() const { return is_incomplete_; }

  bool has_merged(log::Position position) override {
    if (!trimmed_) {
      trimmed_.emplace();
      const auto rows = reader_.connection_.query(select_trimmed, {streams_of(unmerged_)});
      for (const auto row : rows) trimmed_->raise_to({row.number(0), row.number(1)});
    }
    return trimmed_->has(position);
  }

  std::optional<Timestamp> next() override {
    if (next_ < segments_.size()) return segments_[next_].last_timestamp;
    return is_at_end_ ? std::nullopt : std::optional(lasts_until_);
  }

  std::vector<Status> records() override {
    if (next_ == segments_.size() && !fetch()) return {};
    auto records = records_in((*rows_)[segments_[next_++].row], first_column_ + 2);
    auto& average = reader_.records_in_segment_;
    average += (static_cast<double>(records.size()) - average) / 16;
    return records;
  }

  std::uint64_t count() override { return is_one_statement_ ? count_ : reader_.count(query_); }

  std::vector<Status> records_around(Timestamp time) override {
    std::vector<Status> found;
    is_incomplete_ = is_one_statement_;
    if (is_incomplete_) return found;
    const auto rows = reader_.connection_.query_binary(around_statement, {query_.device_id, time});
    for (const auto row : rows) {
      const auto records = records_in(row, 0);
      found.insert(found.end(), records.begin(), records.end());
    }
    return found;
  }

 private:
  struct Segment {
    Timestamp last_timestamp;
    std::int32_t merge;
    int row;
  };

  // As many segments as the page is likely to need.
  std::size_t segments_for_page() const {
    const auto likely = static_cast<double>(query_.limit) / std::max(1.0, reader_.records_in_segment_) + 2;
    return std::min(static_cast<std::size_t>(likely), max_segments_at_a_time);
  }

  // Reads the next segments. Returns false behind the last one.
  bool fetch() {
    if (is_one_statement_) is_incomplete_ = is_at_end_ = true;
    while (!is_at_end_) {
      limit_ = limit_ == 0 ? segments_for_page() : std::min(2 * limit_, max_segments_at_a_time);
      take(reader_.read(reader_.groups_[group_], query_, behind_, limit_), 0);
      if (!segments_.empty()) return true;
    }
    return false;
  }

  // Replaces the segments by those of a statement for limit_ segments of group_.
  void take(Rows rows, int first_column) {
    rows_.emplace(std::move(rows));
    first_column_ = first_column;
    segments_.clear();
    next_ = 0;
    for (int i = 0; i < rows_->size(); ++i) take((*rows_)[i], i);
    const auto is_newer = [](const Segment& left, const Segment& right) {
      return std::tie(left.last_timestamp, left.merge) > std::tie(right.last_timestamp, right.merge);
    };
    std::sort(segments_.begin(), segments_.end(), is_newer);
    if (segments_.size() == limit_) {
      behind_ = {segments_.back().last_timestamp, segments_.back().merge};
      lasts_until_ = segments_.back().last_timestamp;
      return;
    }
    const auto from = reader_.groups_[group_++].from;
    behind_ = {};
    lasts_until_ = from.value_or(earliest_timestamp);
    is_at_end_ = !from || (query_.since && *from <= *query_.since);
  }

  void take(const Row& row, int number) {
    if (!row.is_null(first_column_))
      segments_.push_back(
          {time_in(row.bytes(first_column_)), number_in<std::int32_t>(row.bytes(first_column_ + 1)), number});
    else if (row.is_null(1))
      count_ = row.is_null(0) ? 0 : static_cast<std::uint64_t>(number_in<std::int64_t>(row.bytes(0)));
    else
      trimmed_->raise_to({number_in<std::int64_t>(row.bytes(1)), number_in<std::int64_t>(row.bytes(0))});
  }

  HistoryReader& reader_;
  const HistoryQuery& query_;
  const std::vector<log::UnmergedRecord>& unmerged_;
  const bool is_one_statement_ = false;
  bool is_incomplete_ = false;

  std::optional<log::Positions> trimmed_;
  std::uint64_t count_ = 0;

  std::size_t group_ = 0;  // that is read next, behind this segment
  Behind behind_{};
  std::size_t limit_ = 0;
  std::optional<Rows> rows_;
  int first_column_ = 0;
  std::vector<Segment> segments_;  // in the rows, newest first
  std::size_t next_ = 0;
  Timestamp lasts_until_ = latest_timestamp;
  bool is_at_end_ = false;
};

HistoryPage HistoryReader::page(const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged) {
  refresh_partitions();
  if (group_of(newest_of(query)) == 0) {
    Snapshot snapshot(*this, query, unmerged, Snapshot::OneStatement{});
    auto page = log::page_of(query, unmerged, snapshot);
    if (!snapshot.is_incomplete()) return page;
  }
  Transaction transaction(connection_, one_snapshot);
  Snapshot snapshot(*this, query, unmerged);
  auto page = log::page_of(query, unmerged, snapshot);
  transaction.commit();
  return page;
}

void HistoryReader::refresh_partitions() {
  const auto changes = partition_changes_.load(std::memory_order_acquire);
  const auto now = std::chrono::steady_clock::now();
  if (known_changes_ == changes && now - known_since_ < time_to_refresh_partitions) return;
  auto partitions = partitions_newest_first();
  const bool are_the_same = known_changes_ && partitions == partitions_;
  known_changes_ = changes;
  known_since_ = now;
  if (!are_the_same) regroup(std::move(partitions));
}

HistoryReader::Partitions HistoryReader::partitions_newest_first() {
  Partitions partitions;
  const auto rows = connection_.query(select_partitions);
  for (const auto row : rows) partitions.push_back({row.text(0), row.number(1)});
  return partitions;
}

void HistoryReader::regroup(Partitions partitions) {
  connection_.forget_statements();
  connection_.run(plan_once);
  groups_.clear();
  std::optional<Timestamp> before;
  std::span<const KnownPartition> first;
  for (std::span<const KnownPartition> left = partitions; !left.empty() || groups_.empty();) {
    const auto some =
        left.first(std::min(left.size(), groups_.empty() ? partitions_in_first_group : partitions_in_other_groups));
    left = left.subspan(some.size());
    const auto from = left.empty() ? std::nullopt : std::optional(Timestamp{some.back().from});
    if (groups_.empty()) first = some;
    const auto number = std::to_string(groups_.size());
    groups_.push_back({{"segments_" + number, for_partitions(select_segments, select_segments_of_partition, some)},
                       {"count_" + number, count_of(some, is_of_counted_group)},
                       from,
                       before});
    before = from;
  }
  const auto others = std::span<const KnownPartition>(partitions).subspan(first.size());
  auto first_sql = for_partitions(select_first, select_all_of_partition, first);
  first_sql = with(first_sql, "{count_group}", with(count_in, "{segments}", "of_group"));
  recent_ = {"recent", with(first_sql, "{count_others}", "NULL::bigint")};
  first_ = {"first",
            others.empty() ? recent_.sql : with(first_sql, "{count_others}", count_of(others, is_before_first_group))};
  connection_.prepare(around_statement, select_around);
  partitions_ = std::move(partitions);
}

// The last group, which is unbounded, has what no other has.
std::size_t HistoryReader::group_of(Timestamp newest) const {
  const auto has = [newest](const Group& group) { return !group.from || *group.from <= newest; };
  return static_cast<std::size_t>(std::find_if(groups_.begin(), groups_.end(), has) - groups_.begin());
}

const std::string& HistoryReader::prepared(Statement& statement) {
  if (!std::exchange(statement.is_prepared, true)) connection_.prepare(statement.name, statement.sql);
  return statement.name;
}

Rows HistoryReader::read(Group& group, const HistoryQuery& query, const Behind& behind, std::size_t limit) {
  return connection_.query_binary(
      prepared(group.segments),
      {query.device_id, from_or_always(query.since), before_or_always(query.before),
       query.after ? Parameter(query.after->timestamp) : Parameter("infinity"), before_or_always(behind.last_timestamp),
       behind.merge, limit, from_or_always(group.from), before_or_always(group.before)});
}

Rows HistoryReader::read_first(const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged,
                               std::size_t limit) {
  const auto& group = groups_.front();
  const bool is_all_in_group = group.from && query.since && *query.since >= *group.from;
  return connection_.query_binary(
      prepared(is_all_in_group ? recent_ : first_),
      {query.device_id, from_or_always(query.since), before_or_always(query.before),
       query.after ? Parameter(query.after->timestamp) : Parameter("infinity"), Parameter("infinity"), 0, limit,
       from_or_always(group.from), before_or_always(group.before), streams_of(unmerged)});
}

std::uint64_t HistoryReader::count(const HistoryQuery& query) {
  std::uint64_t records = 0;
  for (auto i = group_of(query.before.value_or(latest_timestamp)); i < groups_.size(); ++i) {
    auto& group = groups_[i];
    const auto rows = connection_.query_prepared(
        prepared(group.count), {query.device_id, from_or_always(query.since), before_or_always(query.before),
                                from_or_always(group.from), before_or_always(group.before)});
    if (!rows[0].is_null(0)) records += static_cast<std::uint64_t>(rows[0].number(0));
    if (group.from && query.since && *query.since >= *group.from) break;
  }
  return records;
}

}  // namespace ubiety::postgres
