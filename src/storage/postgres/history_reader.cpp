#include "storage/postgres/history_reader.hpp"

#include <utility>

namespace ubiety::postgres {
namespace {

// Another process may change the partitions. A page is right in any case, only slower until the change is known.
constexpr std::chrono::seconds time_to_refresh_partitions{5};

// Those whose lower bound is a time.
constexpr const char* select_partitions = R"sql(
  SELECT (extract(epoch FROM lower_bound::timestamptz) * 1000000)::bigint
  FROM (SELECT substring(pg_get_expr(relpartbound, oid) FROM 'FROM \(''([^'']+)''\)') AS lower_bound
        FROM pg_inherits JOIN pg_class ON oid = inhrelid
        WHERE inhparent = 'device_history'::regclass) AS partitions
  WHERE lower_bound IS NOT NULL
  ORDER BY 1 DESC)sql";

}  // namespace

HistoryPage HistoryReader::page(const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged) {
  using Reads = HistorySnapshot::Reads;
  refresh_partitions();
  if (HistorySnapshot::can_be_one_statement(context_, query)) {
    HistorySnapshot snapshot(context_, query, unmerged, Reads::one_statement);
    auto page = log::page_of(query, unmerged, snapshot);
    if (!snapshot.is_incomplete()) return page;
  }
  Transaction transaction(connection_, one_snapshot);
  HistorySnapshot snapshot(context_, query, unmerged, Reads::on_demand);
  auto page = log::page_of(query, unmerged, snapshot);
  transaction.commit();
  return page;
}

void HistoryReader::read_span(const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged,
                              const RecordSink& sink) {
  refresh_partitions();
  Transaction transaction(connection_, one_snapshot);
  HistorySnapshot snapshot(context_, query, unmerged, HistorySnapshot::Reads::on_demand);
  log::read_span(query, unmerged, snapshot, sink);
  transaction.commit();
}

void HistoryReader::refresh_partitions() {
  const auto changes = partition_changes_.load(std::memory_order_acquire);
  const auto now = std::chrono::steady_clock::now();
  if (known_changes_ == changes && now - known_since_ < time_to_refresh_partitions) return;
  auto partitions = read_partitions();
  if (!known_changes_ || partitions != context_.partitions) {
    context_.statements.begin_again();
    context_.partitions = std::move(partitions);
  }
  known_changes_ = changes;
  known_since_ = now;
}

PartitionTimes HistoryReader::read_partitions() {
  std::vector<Timestamp> newest_first;
  const auto rows = connection_.query(select_partitions);
  for (const auto row : rows) newest_first.push_back({row.number(0)});
  return PartitionTimes(std::move(newest_first));
}

}  // namespace ubiety::postgres
