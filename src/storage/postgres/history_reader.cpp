#include "storage/postgres/history_reader.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "domain/status.hpp"
#include "storage/postgres/binary_format.hpp"
#include "storage/postgres/values.hpp"

namespace ubiety::postgres {
namespace {

// Other processes create partitions for days ahead only, so no device reports to them sooner than this.
constexpr std::chrono::seconds time_to_refresh_partitions{5};

// Most pages need only the last days; a page that goes back further reads more partitions at a time.
constexpr std::size_t partitions_in_first_group = 4, partitions_in_other_groups = 16;

// All partitions but the default one. One whose lower bound is not a time (MINVALUE) begins with all of time.
constexpr const char* select_partitions = R"sql(
  SELECT name, coalesce((extract(epoch FROM substring(bounds FROM 'FROM \(''([^'']+)''\)')::timestamptz) * 1000000)::bigint,
                        -9223372036854775808)
  FROM (SELECT inhrelid::regclass::text AS name, pg_get_expr(relpartbound, oid) AS bounds
        FROM pg_inherits JOIN pg_class ON oid = inhrelid
        WHERE inhparent = 'device_status'::regclass) AS partitions
  WHERE bounds <> 'DEFAULT'
  ORDER BY 2 DESC)sql";

// Reads a page from a group of partitions. It is the one statement that is not a constant, since it names the
// partitions: a copy of select_from_partition for each of them replaces its placeholder.
//
// $1 device, $2 since, $3 before, $4–$8 the record after which the page begins, $9 the number of records, $10 and $11
// the time of the group. Each source has its own limit, without which PostgreSQL would read and sort all of it. The key
// orders records by time only, so all with the time of the last one are read, and the reader sorts them.
constexpr std::string_view select_from_group = R"sql(
  SELECT timestamp, battery_level, rssi, online, created_at
  FROM ((SELECT timestamp, battery_level, rssi, online, created_at FROM device_status_default
         WHERE device_id = $1 AND timestamp > $2 AND timestamp < $3 AND timestamp <= $4
           AND timestamp >= $10 AND timestamp < $11
           AND (timestamp, created_at, battery_level, rssi, online) < ($4::timestamptz, $5::timestamptz, $6, $7, $8)
         ORDER BY timestamp DESC FETCH FIRST ($9::bigint) ROWS WITH TIES){partitions}
  ) AS records
  ORDER BY timestamp DESC
  FETCH FIRST ($9::bigint) ROWS WITH TIES)sql";

constexpr std::string_view select_from_partition = R"sql(
  UNION ALL
  (SELECT timestamp, battery_level, rssi, online, created_at FROM {partition}
   WHERE device_id = $1 AND timestamp > $2 AND timestamp < $3 AND timestamp <= $4
     AND (timestamp, created_at, battery_level, rssi, online) < ($4::timestamptz, $5::timestamptz, $6, $7, $8)
   ORDER BY timestamp DESC FETCH FIRST ($9::bigint) ROWS WITH TIES))sql";

constexpr const char* count_records =
    "SELECT count(*) FROM device_status WHERE device_id = $1 AND timestamp > $2 AND timestamp < $3";
constexpr const char* count_statement = "count_records";

constexpr const char* forget_statements = "DEALLOCATE ALL";

std::string with(std::string_view sql, std::string_view placeholder, std::string_view replacement) {
  return std::string(sql).replace(sql.find(placeholder), placeholder.size(), replacement);
}

// The names of the partitions are as PostgreSQL returned them, quoted where they need it.
template <class Partitions>
std::string statement_for(const Partitions& partitions) {
  std::string from_partitions;
  for (const auto& partition : partitions)
    from_partitions += with(select_from_partition, "{partition}", partition.name);
  return with(select_from_group, "{partitions}", from_partitions);
}

Parameter from_or_always(std::optional<Timestamp> from) { return from ? Parameter(*from) : Parameter("-infinity"); }
Parameter before_or_always(std::optional<Timestamp> before) {
  return before ? Parameter(*before) : Parameter("infinity");
}

Status status_in(const Row& row) {
  return read_columns({row.bytes(0), row.bytes(1), row.bytes(2), row.bytes(3), row.bytes(4)});
}

}  // namespace

HistoryPage HistoryReader::page(const HistoryQuery& query) {
  refresh_partitions();
  HistoryPage page;
  const auto wanted = query.limit + 1;
  auto newest = query.before.value_or(latest_timestamp);
  if (query.after) newest = std::min(newest, query.after->timestamp);
  for (auto& group : groups_) {
    if (group.from && *group.from > newest) continue;
    read(group, query, page.records);
    if (page.records.size() >= wanted || (query.since && group.from && *group.from <= *query.since)) break;
  }
  page.has_more = page.records.size() > query.limit;
  if (page.has_more) page.records.resize(query.limit);

  const bool all_seen = !page.has_more && !query.after;
  page.total_records = all_seen ? page.records.size() : query.total_records ? *query.total_records : count(query);
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
  connection_.run(forget_statements);
  connection_.prepare(count_statement, count_records);  // planning it takes longer than running it
  groups_.clear();
  std::optional<Timestamp> before;
  for (std::span<const KnownPartition> left = partitions; !left.empty() || groups_.empty();) {
    const auto some =
        left.first(std::min(left.size(), groups_.empty() ? partitions_in_first_group : partitions_in_other_groups));
    left = left.subspan(some.size());
    const auto from = left.empty() ? std::nullopt : std::optional(Timestamp{some.back().from});
    groups_.push_back({"records_" + std::to_string(groups_.size()), statement_for(some), from, before});
    before = from;
  }
  partitions_ = std::move(partitions);
}

void HistoryReader::read(Group& group, const HistoryQuery& query, std::vector<Status>& records) {
  if (!std::exchange(group.is_prepared, true)) connection_.prepare(group.statement, group.sql);

  // Without a position the page begins after a record that is later than all others.
  const Status values = query.after ? *query.after : Status{};
  const auto rows = connection_.query_binary(
      group.statement,
      {query.device_id, from_or_always(query.since), before_or_always(query.before),
       query.after ? Parameter(values.timestamp) : Parameter("infinity"),
       query.after ? Parameter(values.received) : Parameter("infinity"), values.battery_level, values.rssi,
       values.online, query.limit + 1 - records.size(), from_or_always(group.from), before_or_always(group.before)});
  const auto begin = static_cast<std::ptrdiff_t>(records.size());
  for (const auto row : rows) records.push_back(status_in(row));
  std::sort(records.begin() + begin, records.end(), newest_first);
}

std::uint64_t HistoryReader::count(const HistoryQuery& query) {
  const auto rows = connection_.query_prepared(
      count_statement, {query.device_id, from_or_always(query.since), before_or_always(query.before)});
  return static_cast<std::uint64_t>(rows[0].number(0));
}

}  // namespace ubiety::postgres
