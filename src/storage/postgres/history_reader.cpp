#include "storage/postgres/history_reader.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "domain/history_order.hpp"
#include "storage/postgres/binary_format.hpp"
#include "storage/postgres/result.hpp"
#include "storage/postgres/time_text.hpp"

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

std::string since_of(const HistoryQuery& query) { return query.since ? time_text(*query.since) : "-infinity"; }
std::string before_of(const HistoryQuery& query) { return query.before ? time_text(*query.before) : "infinity"; }

constexpr int binary_result = 1;

Status status_in(const PGresult* rows, int row) {
  std::array<std::string_view, 5> columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto column = static_cast<int>(i);
    columns[i] = {PQgetvalue(rows, row, column), static_cast<std::size_t>(PQgetlength(rows, row, column))};
  }
  return read_columns(columns);
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
  pqxx::nontransaction transaction(connection_);
  std::vector<Partition> partitions;
  for (const auto& row : transaction.exec(select_partitions))
    partitions.push_back({row[0].as<std::string>(), row[1].as<std::int64_t>()});
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
  auto* handle = connection_.handle();
  if (!std::exchange(group.prepared, true))
    check(handle, ResultHandle(PQprepare(handle, group.statement.c_str(), group.sql.c_str(), 0, nullptr)));

  // Where no page ends: later than every record.
  const Status values = query.after ? query.after->record : Status{};
  const std::array<std::string, 9> parameters{query.device_id,
                                              since_of(query),
                                              before_of(query),
                                              query.after ? time_text(values.timestamp) : "infinity",
                                              query.after ? time_text(values.received) : "infinity",
                                              std::to_string(values.battery_level),
                                              std::to_string(values.rssi),
                                              values.online ? "true" : "false",
                                              std::to_string(query.limit + 1 - records.size())};
  std::array<const char*, parameters.size()> texts;
  std::transform(parameters.begin(), parameters.end(), texts.begin(), [](const auto& text) { return text.c_str(); });
  const auto rows = check(handle, ResultHandle(PQexecPrepared(handle, group.statement.c_str(), texts.size(),
                                                              texts.data(), nullptr, nullptr, binary_result)));
  const auto begin = records.size();
  for (int row = 0; row < PQntuples(rows.get()); ++row) records.push_back(status_in(rows.get(), row));
  std::sort(records.begin() + static_cast<std::ptrdiff_t>(begin), records.end(), newest_first);
}

std::uint64_t HistoryReader::count(const HistoryQuery& query) {
  pqxx::nontransaction transaction(connection_);
  return transaction.exec_prepared1("count_records", query.device_id, since_of(query), before_of(query))[0]
      .as<std::uint64_t>();
}

}  // namespace ubiety::postgres
