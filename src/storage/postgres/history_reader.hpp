// Reads histories from the partitions themselves: newest first, and only as many as a page needs. A query of the
// partitioned table would open every partition, because the default partition may hold rows of any time: 26 pages a
// second with 365 partitions. One thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/postgres/connection.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

class HistoryReader {
 public:
  // `partition_changes` counts how often this process created or dropped partitions. Both outlive the reader.
  HistoryReader(Connection& connection, const std::atomic<std::uint64_t>& partition_changes)
      : connection_(connection), partition_changes_(partition_changes) {}

  // Throws SqlError, also if another process dropped a partition that the reader knows: a new reader then reads the
  // rest.
  HistoryPage page(const HistoryQuery& query);

 private:
  struct KnownPartition {
    std::string name;
    std::int64_t from;  // inclusive, microseconds since 1970
    bool operator==(const KnownPartition&) const = default;
  };
  using Partitions = std::vector<KnownPartition>;

  // Partitions that one statement reads, together with the rows of the default partition that lie between them. The
  // groups, newest first, divide all of time.
  struct Group {
    std::string statement, sql;
    std::optional<Timestamp> from;    // inclusive; nullopt for the last group
    std::optional<Timestamp> before;  // exclusive; nullopt for the first group
    bool is_prepared = false;
  };

  void refresh_partitions();
  Partitions partitions_newest_first();
  void regroup(Partitions partitions);
  void read(Group& group, const HistoryQuery& query, std::vector<Status>& records);
  std::uint64_t count(const HistoryQuery& query);

  Connection& connection_;
  const std::atomic<std::uint64_t>& partition_changes_;
  Partitions partitions_;  // newest first, as groups_
  std::vector<Group> groups_;
  std::optional<std::uint64_t> known_changes_;
  std::chrono::steady_clock::time_point known_since_;
};

}  // namespace ubiety::postgres
