// Reads histories. One statement makes most pages, whatever the number of partitions. One thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "storage/log/history.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/history_snapshot.hpp"

namespace ubiety::postgres {

class HistoryReader {
 public:
  // `partition_changes` counts how often this process created or dropped partitions. Both outlive the reader.
  HistoryReader(Connection& connection, const std::atomic<std::uint64_t>& partition_changes)
      : connection_(connection), partition_changes_(partition_changes), context_{HistoryStatements(connection)} {}

  // See log::page_of. Throws SqlError.
  HistoryPage page(const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged);

  // See log::read_span. Throws SqlError.
  void read_span(const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged, const RecordSink& sink);

 private:
  void refresh_partitions();
  PartitionTimes read_partitions();

  Connection& connection_;
  const std::atomic<std::uint64_t>& partition_changes_;
  HistorySnapshot::Context context_;
  std::optional<std::uint64_t> known_changes_;
  std::chrono::steady_clock::time_point known_since_;
};

}  // namespace ubiety::postgres
