// Writes the log in PostgreSQL: the tables node_stream and update_log, see docs/FORMATS.md. The connection's thread.
// All throw SqlError.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "storage/log/format.hpp"
#include "storage/log/position.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/log_load.hpp"

namespace ubiety::postgres {

class LogTable {
 public:
  explicit LogTable(Connection& connection) : connection_(connection) {}

  // Opens a stream if this process is the owner in this epoch, or finds it open. Returns false if it was closed. Throws
  // SqlError too if another process is the owner.
  bool open_stream(log::StreamId stream, std::int64_t epoch);

  // One statement. Returns false if the stream is not open.
  bool append(log::Position position, const UpdateList& updates);

  // See Session::last_appended. nullopt if the stream is not open.
  std::optional<std::int64_t> last_appended(log::StreamId stream);

  // See Session::append_once. Throws SqlError too if another process is the owner.
  void append_once(const std::vector<log::Row>& rows, std::int64_t epoch);

  // Returns how far these streams are merged.
  log::Positions merged(const log::Positions& of);

  // Deletes the rows up to `through`, in a transaction. Returns the streams that had some, and how far. Throws SqlError
  // if there are other rows than expected.
  log::Positions remove(const log::Positions& through, const UnreadableRows& unreadable);
  // Records what remove() returned.
  void set_trimmed(const log::Positions& trimmed);

 private:
  std::int64_t remove_between(log::Position after, std::int64_t through, const std::vector<std::int64_t>& except);

  Connection& connection_;
  log::Positions trimmed_before_;  // by the streams that remove() looked at
};

}  // namespace ubiety::postgres
