// RETENTION_DAYS: removes expired records from the history in small steps, between the housekeeper's other work. On
// both stores a record expires when its timestamp is before the midnight (UTC) that was so many days ago. One thread.
#pragma once

#include <chrono>

#include "actors/service_state.hpp"
#include "actors/store/store_connection.hpp"
#include "domain/clock.hpp"

namespace ubiety {

class Expiry {
 public:
  // 0 days: nothing expires.
  Expiry(std::chrono::days retention, ServiceState& state) : retention_(retention), state_(state) {}

  // Begins a pass over the history, as of this time.
  void begin(Timestamp now);
  // From here on, what the pass will remove is neither served nor merged.
  void announce();
  bool is_under_way() const { return under_way_; }

  // Works for a fraction of a second, so that pings and commits do not wait long.
  void go_on(StoreConnection& connection);

 private:
  void end();

  const std::chrono::days retention_;
  ServiceState& state_;
  bool under_way_ = false, told_of_rights_ = false;
  Timestamp expired_before_ = earliest_timestamp;
  std::uint64_t records_ = 0, partitions_ = 0;  // of this pass
};

}  // namespace ubiety
