// The forwarder moves updates from the spool to the store, oldest first, once the store is back.
#pragma once

#include <cstdint>
#include <limits>

#include "actors/service_state.hpp"
#include "actors/store/store_connection.hpp"
#include "storage/spool.hpp"

namespace ubiety {

// One thread.
class SpoolForwarder {
 public:
  SpoolForwarder(Store& store, Spool& spool, ServiceState& state);

  // Forwards the oldest row, and removes it from the spool once the store has it. After any failure the row is
  // forwarded again; by its position the store knows whether it has the row. Returns false when the store or the spool
  // failed.
  bool forward_row();

 private:
  static constexpr auto nothing_forwarded = std::numeric_limits<std::uint64_t>::max();

  bool is_in_store(const log::Row& row);
  bool are_in_store_singly(const UpdateList& updates);
  StoreResult<Done> append(log::Position position, const UpdateList& updates);
  void send_writer_to_store_in_time();

  Spool& spool_;
  ServiceState& state_;
  StoreConnection connection_;
  std::uint64_t waited_ = nothing_forwarded;  // in the spool after the last row
};

}  // namespace ubiety
