// Status updates as rows of SQLite, in the order of columns that all tables of ours share.
#pragma once

#include "domain/status_update.hpp"
#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {

// Of a row that begins with timestamp, battery_level, rssi, online and the time of receipt.
inline Status status_in(const Statement& row) {
  return {.timestamp = {row.integer(0)},
          .received = {row.integer(4)},
          .rssi = static_cast<std::int16_t>(row.integer(2)),
          .battery_level = static_cast<std::uint8_t>(row.integer(1)),
          .online = row.integer(3) != 0};
}

// Binds device_id, timestamp, battery_level, rssi, online and the time of receipt to the parameters 1 to 6. The update
// has to outlive the statement's run.
inline void bind_update(Statement& statement, const StatusUpdate& update) {
  const auto& status = update.status;
  statement.bind(1, update.device_id)
      .bind(2, status.timestamp.microseconds)
      .bind(3, status.battery_level)
      .bind(4, status.rssi)
      .bind(5, status.online ? 1 : 0)
      .bind(6, status.received.microseconds);
}

}  // namespace ubiety::sqlite
