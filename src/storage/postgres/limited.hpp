// Calls to PostgreSQL that take no longer than they may. One thread, that of the connection.
#pragma once

#include <chrono>
#include <string>

#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {

// Gives what `action` gives, or "unavailable" when that takes longer than `limit`. The connection has a watchdog.
template <class Action>
auto limited(Connection& connection, std::chrono::milliseconds limit, Action action)
    -> StoreResult<decltype(action())> {
  const CallLimit call(*connection.socket(), limit);
  auto outcome = guarded(action);
  if (outcome || !connection.socket()->given_up()) return outcome;
  return Failure{StoreFailure{StoreFailure::Kind::unavailable,
                              "PostgreSQL did not answer within " + std::to_string(limit.count()) + " ms"}};
}

}  // namespace ubiety::postgres
