// Reads histories past the partitioned table: newest partitions first, and only as many as a page needs. Asked for a
// page in order, PostgreSQL begins to read each partition there is, since the default one may hold rows of any time;
// with 365 of them that is 26 pages a second. One thread.
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
  // `partition_changes` counts the times that this process made or dropped a partition. Both outlive the reader.
  HistoryReader(Connection& connection, const std::atomic<std::uint64_t>& partition_changes)
      : connection_(connection), partition_changes_(partition_changes) {}

  // Throws SqlError, also when a partition is gone that somebody else dropped: a new reader knows the
  // others.
  HistoryPage page(const HistoryQuery& query);

 private:
  struct Partition {
    std::string name;
    std::int64_t from;  // inclusive, microseconds since 1970
    bool operator==(const Partition&) const = default;
  };

  // Partitions that are read by one statement, and the rows of the default one that belong between them. The groups
  // divide all of time: from `from` to before the `from` of the group before, which is newer.
  struct Group {
    std::string statement, sql;
    std::int64_t from;
    bool prepared = false;
  };

  void know_partitions();
  std::vector<Partition> partitions_newest_first();
  void group(std::vector<Partition> partitions);
  void add_group(const std::vector<Partition>& partitions, std::optional<std::int64_t> upper_bound, bool is_last);
  void read(Group& group, const HistoryQuery& query, std::vector<Status>& records);
  std::uint64_t count(const HistoryQuery& query);

  Connection& connection_;
  const std::atomic<std::uint64_t>& partition_changes_;
  std::vector<Partition> partitions_;  // newest first, as groups_
  std::vector<Group> groups_;
  std::optional<std::uint64_t> known_changes_;
  std::chrono::steady_clock::time_point known_since_;
  int statements_ = 0;  // that were ever prepared
};

}  // namespace ubiety::postgres
