// The forwarder moves updates from the spool to the store, oldest first, once the store is back.
#pragma once

#include <vector>

#include "actors/service_state.hpp"
#include "actors/store/store_connection.hpp"
#include "storage/spool.hpp"

namespace ubiety {

// One thread.
class SpoolForwarder {
 public:
  SpoolForwarder(Store& store, Spool& spool, ServiceState& state);

  // Forwards the oldest rows, as many as Spool::oldest() returns, and removes them from the spool once the store has
  // them. After any failure the rows are forwarded again; by its position the store knows whether it has a row. Returns
  // false when the store or the spool failed.
  bool forward_piece();

 private:
  using Rows = std::vector<log::Row>;

  // Each returns false when the store failed.
  bool append(const Rows& rows);
  bool append_updates_singly(const log::Row& row);
  StoreResult<Done> append_once(const Rows& rows);

  Spool& spool_;
  ServiceState& state_;
  StoreConnection connection_;
};

}  // namespace ubiety
