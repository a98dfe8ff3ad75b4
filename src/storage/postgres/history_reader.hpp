// Reads histories from the partitions themselves: newest first, and only as many as a page needs. A query of the
// partitioned table would open every partition, because the default partition may hold segments of any time: 26 pages a
// second with 365 partitions. One thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/log/history.hpp"
#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {

class HistoryReader {
 public:
  // `partition_changes` counts how often this process created or dropped partitions. Both outlive the reader.
  HistoryReader(Connection& connection, const std::atomic<std::uint64_t>& partition_changes)
      : connection_(connection), partition_changes_(partition_changes) {}

  // See log::page_of. Throws SqlError, also if another process dropped a partition that the reader knows: a new reader
  // then reads the rest.
  HistoryPage page(const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged);

 private:
  class Snapshot;

  struct KnownPartition {
    std::string name;
    std::int64_t from;  // inclusive, microseconds since 1970
    bool operator==(const KnownPartition&) const = default;
  };
  using Partitions = std::vector<KnownPartition>;

  // Prepared when it is first used.
  struct Statement {
    std::string name, sql;
    bool is_prepared = false;
  };

  // Partitions that one statement reads, together with the segments of the default partition that end between them. The
  // groups, newest first, divide all of time.
  struct Group {
    Statement segments, count;
    std::optional<Timestamp> from;    // inclusive; nullopt for the last group
    std::optional<Timestamp> before;  // exclusive; nullopt for the first group
  };

  // The segment behind which a statement goes on, if any.
  struct Behind {
    std::optional<Timestamp> last_timestamp{};
    std::int32_t merge = 0;
  };

  void refresh_partitions();
  Partitions partitions_newest_first();
  void regroup(Partitions partitions);
  std::size_t group_of(Timestamp newest) const;
  Rows read(Group& group, const HistoryQuery& query, const Behind& behind, std::size_t limit);
  Rows read_first(const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged, std::size_t limit);
  // Counts only in the groups that overlap the query's span.
  std::uint64_t count(const HistoryQuery& query);
  const std::string& prepared(Statement& statement);

  Connection& connection_;
  const std::atomic<std::uint64_t>& partition_changes_;
  Partitions partitions_;  // newest first, as groups_
  std::vector<Group> groups_;
  Statement first_, recent_;  // read the first group. first_ counts in all groups, recent_ in that one only
  std::optional<std::uint64_t> known_changes_;
  std::chrono::steady_clock::time_point known_since_;
  double records_in_segment_ = 32;  // of late, for the number of segments that a page needs
};

}  // namespace ubiety::postgres
