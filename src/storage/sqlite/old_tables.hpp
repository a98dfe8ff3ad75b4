// The tables before migration 0005, which had a row for each update and a log in JSON: moves their data into segments.
// Each call throws Error. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "storage/sqlite/history_days.hpp"
#include "storage/sqlite/merger.hpp"
#include "storage/sqlite/segment_table.hpp"

namespace ubiety::sqlite {

class OldTables {
 public:
  OldTables(Database& database, NewerThan newer_than);

  // Whether data may be left in them.
  bool exist();
  // See MigrationTarget::convert_step. What is in the old tables is exactly what is left.
  std::optional<std::string> convert_step();

 private:
  bool settle_log();
  std::uint64_t convert_records();
  void convert(const DeviceId& device_id, std::vector<Status>& records);
  std::int64_t devices_left();
  void drop();

  Database& database_;
  const NewerThan newer_than_;
  HistoryDays days_;
  SegmentTable segments_;
  LatestTable latest_;
  std::uint64_t converted_ = 0;
  DeviceId last_device_;
};

// Adds the functions that the down script of migration 0005 names. Throws Error.
void add_json_functions(Database& database);

}  // namespace ubiety::sqlite
