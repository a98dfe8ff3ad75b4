// The conversion of a database whose history has a row for each update (up to migration 4) into segments. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "storage/postgres/connection.hpp"
#include "storage/postgres/latest_table.hpp"
#include "storage/postgres/segment_table.hpp"

namespace ubiety::postgres {

class Conversion {
 public:
  // Connects. Throws SqlError and UnfitServer.
  Conversion(const std::string& url, Demands demands, NewerThan newer_than);

  // Moves a day, in one transaction, and drops a partition that has nothing else. Returns what it did, for a person;
  // nullopt if nothing was left. Throws SqlError and BadRow.
  std::optional<std::string> step();

 private:
  struct Place {
    std::string partition;  // of the rows
    Timestamp from;         // of the rows that are left there
  };

  // Finds the place, and begins with the next partition if need be. nullopt if no partition is left.
  std::optional<Place> find_place();
  std::optional<Place> begin_partition();
  std::string move_day(const Place& place);
  std::uint64_t move_rows(const std::string& partition, Timestamp from, Timestamp to);

  Connection connection_;
  LatestTable latest_;
  SegmentTable segments_;
};

}  // namespace ubiety::postgres
