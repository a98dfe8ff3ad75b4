// The latest status of each device, as of the last merge. Each call throws Error. One thread.
#pragma once

#include <functional>

#include "storage/log/merge_plan.hpp"
#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {

class LatestTable {
 public:
  LatestTable(Database& database, NewerThan newer_than);

  void read(const std::function<void(log::LatestStatus&&)>& sink);
  // Writes the status unless the stored one is newer, and raises the newest timestamp.
  void raise(const log::LatestStatus& latest);
  void replace(const log::LatestStatus& latest);

 private:
  const NewerThan newer_than_;
  PreparedOnUse select_all_, select_one_, put_;
};

}  // namespace ubiety::sqlite
