#include "storage/postgres/history_reader.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "domain/status_order.hpp"
#include "storage/postgres/binary_format.hpp"
#include "storage/postgres/values.hpp"

namespace ubiety::postgres {
namespace {

// Partitions that others make are for days ahead: nobody reports to them sooner than this.
constexpr std::chrono::seconds time_to_know_partitions{5};

// A page is mostly of the last days; what goes back further is read by more at a time.
constexpr std::size_t partitions_in_first_group = 4, partitions_in_other_groups = 16;

constexpr auto beginning_of_time = std::numeric_limits<std::int64_t>::min();

// All but the default one. A lower bound that is no time is that of all times.
constexpr const char* select_partitions = R"sql(
  SELECT name, coalesce((extract(epoch FROM substring(bounds FROM 'FROM \(''([^'']+)''\)')::timestamptz) * 1000000)::bigint,
                        -9223372036854775808)
  FROM (SELECT inhrelid::regclass::text AS name, pg_get_expr(relpartbound, oid) AS bounds
        FROM pg_inherits JOIN pg_class ON oid = inhrelid
        WHERE inhparent = 'device_status'::regclass) AS partitions
  WHERE bounds <> 'DEFAULT'
  ORDER BY 2 DESC)sql";

// Parameters: device, since, before, the record after which the page begins, and how many. Times come as microseconds
// since 1970. Rows of equal timestamps are told apart by the time of receipt, then by their values, so that a page can
// begin anywhere among them. With all that have the last row's time they are put in order here: the key gives the
// times'. Each source is limited by itself, or PostgreSQL would read all of it and sort.
constexpr const char* of_source = R"sql(
  (SELECT timestamp, battery_level, rssi, online, created_at FROM @
   WHERE device_id = $1 AND timestamp > $2 AND timestamp < $3 AND timestamp <= $4 @
     AND (timestamp, created_at, battery_level, rssi, online) < ($4::timestamptz, $5::timestamptz, $6, $7, $8)
   ORDER BY timestamp DESC FETCH FIRST ($9::bigint) ROWS WITH TIES))sql";

constexpr const char* of_group = R"sql(
  SELECT timestamp, battery_level, rssi, online, created_at
  FROM (@) AS records
  ORDER BY timestamp DESC
  FETCH FIRST ($9::bigint) ROWS WITH TIES)sql";

constexpr const char* count_records =
    "SELECT count(*) FROM device_status WHERE device_id = $1 AND timestamp > $2 AND timestamp < $3";

std::string filled(std::string text, const std::string& content) { return text.replace(text.find('@'), 1, content); }

Parameter since_of(const HistoryQuery& query) { return query.since ? Parameter(*query.since) : Parameter("-infinity"); }
Parameter before_of(const HistoryQuery& query) {
  return query.before ? Parameter(*query.before) : Parameter("infinity");
}

Status status_in(const Row& row) {
  return read_columns({row.bytes(0), row.bytes(1), row.bytes(2), row.bytes(3), row.bytes(4)});
}

}  // namespace

HistoryPage HistoryReader::page(const HistoryQuery& query) {
  know_partitions();
  HistoryPage page;
  const auto wanted = query.limit + 1;
  auto upper_end = query.before ? query.before->microseconds : std::numeric_limits<std::int64_t>::max();
  if (query.after) upper_end = std::min(upper_end, query.after->record.timestamp.microseconds);
  for (auto& group : groups_) {
    if (group.from > upper_end) continue;
    read(group, query, page.records);
    if (page.records.size() >= wanted || (query.since && group.from <= query.since->microseconds)) break;
  }
  page.has_more = page.records.size() > query.limit;
  if (page.has_more) page.records.resize(query.limit);

  const bool all_seen = !page.has_more && !query.after;
  page.total_records = all_seen ? page.records.size() : query.total_records ? *query.total_records : count(query);
  return page;
}

void HistoryReader::know_partitions() {
  const auto changes = partition_changes_.load(std::memory_order_acquire);
  const auto now = std::chrono::steady_clock::now();
  if (known_changes_ == changes && now - known_since_ < time_to_know_partitions) return;
  if (!known_changes_) connection_.prepare("count_records", count_records);  // to plan it takes longer than to run it
  auto partitions = partitions_newest_first();
  const bool are_the_same = known_changes_ && partitions == partitions_;
  known_changes_ = changes;
  known_since_ = now;
  if (!are_the_same) group(std::move(partitions));
}

void HistoryReader::group(std::vector<Partition> partitions) {
  for (const auto& group : groups_)
    if (group.prepared) connection_.run(("DEALLOCATE " + group.statement).c_str());
  groups_.clear();
  std::optional<std::int64_t> upper_bound;
  for (std::size_t begin = 0; begin < partitions.size();) {
    const auto most = begin == 0 ? partitions_in_first_group : partitions_in_other_groups;
    const auto end = std::min(begin + most, partitions.size());
    add_group({partitions.begin() + static_cast<std::ptrdiff_t>(begin),
               partitions.begin() + static_cast<std::ptrdiff_t>(end)},
              upper_bound, end == partitions.size());
    upper_bound = groups_.back().from;
    begin = end;
  }
  if (partitions.empty()) add_group({}, {}, true);
  partitions_ = std::move(partitions);
}

std::vector<HistoryReader::Partition> HistoryReader::partitions_newest_first() {
  std::vector<Partition> partitions;
  const auto rows = connection_.query(select_partitions);
  for (const auto row : rows) partitions.push_back({row.text(0), row.number(1)});
  return partitions;
}

void HistoryReader::add_group(const std::vector<Partition>& partitions, std::optional<std::int64_t> upper_bound,
                              bool is_last) {
  const auto from = is_last ? beginning_of_time : partitions.back().from;
  std::string range;
  if (!is_last) range += " AND timestamp >= '" + time_text({from}) + "'";
  if (upper_bound) range += " AND timestamp < '" + time_text({*upper_bound}) + "'";
  auto sources = filled(filled(of_source, "device_status_default"), range);
  for (const auto& partition : partitions) sources += " UNION ALL " + filled(filled(of_source, partition.name), "");
  groups_.push_back({"records_" + std::to_string(++statements_), filled(of_group, sources), from});
}

void HistoryReader::read(Group& group, const HistoryQuery& query, std::vector<Status>& records) {
  if (!std::exchange(group.prepared, true)) connection_.prepare(group.statement, group.sql);

  // Where no page ends: later than every record.
  const Status values = query.after ? query.after->record : Status{};
  const auto rows = connection_.query_binary(
      group.statement, {query.device_id, since_of(query), before_of(query),
                        query.after ? Parameter(values.timestamp) : Parameter("infinity"),
                        query.after ? Parameter(values.received) : Parameter("infinity"), values.battery_level,
                        values.rssi, values.online, query.limit + 1 - records.size()});
  const auto begin = static_cast<std::ptrdiff_t>(records.size());
  for (const auto row : rows) records.push_back(status_in(row));
  std::sort(records.begin() + begin, records.end(), newest_first);
}

std::uint64_t HistoryReader::count(const HistoryQuery& query) {
  const auto rows = connection_.query_prepared("count_records", {query.device_id, since_of(query), before_of(query)});
  return static_cast<std::uint64_t>(rows[0].number(0));
}

}  // namespace ubiety::postgres
