// Ownership of a database: an advisory lock that a session of its own holds, and the epoch that the owner raises. When
// the session is lost, another one takes the lock again; as long as the epoch is the same, nobody else owned the store
// in between. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "storage/ownership.hpp"
#include "storage/postgres/abandoned_backends.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/owner_epoch.hpp"
#include "storage/postgres/watchdog.hpp"

namespace ubiety::postgres {

class DatabaseOwnership final : public Ownership {
 public:
  // What is referred to outlives it. `call_limit`: for each call to the server.
  DatabaseOwnership(std::string url, std::chrono::milliseconds call_limit, Watchdog& watchdog,
                    AbandonedBackends& abandoned, OwnerEpoch& epoch, Demands demands)
      : url_(std::move(url)),
        demands_(demands),
        call_limit_(call_limit),
        watchdog_(watchdog),
        abandoned_(abandoned),
        epoch_(epoch) {}

  StoreResult<Claim> claim() override;
  StoreResult<Done> take_over(Timestamp now) override;

 private:
  // Runs `action` on the connection, which is opened if there is none and dropped if the action fails.
  template <class Action>
  auto use_connection(Action action) -> StoreResult<decltype(action())>;
  void connect();
  Claim look_for_owner();
  Owner recorded_owner();
  void wait_for_committers();

  const std::string url_;
  const Demands demands_;
  const std::chrono::milliseconds call_limit_;
  Watchdog& watchdog_;
  AbandonedBackends& abandoned_;
  OwnerEpoch& epoch_;
  std::optional<Connection> connection_;
  bool has_lock_ = false;  // in this connection
};

}  // namespace ubiety::postgres
