// The spool: rows of the log on the node's own disk, which makes updates durable while the database is unavailable.
// Rows keep their positions, so that each is forwarded to the database exactly once. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/status.hpp"
#include "storage/ownership.hpp"
#include "storage/store.hpp"

namespace ubiety {

struct SpoolSize {
  std::uint64_t bytes = 0;
  std::uint64_t limit_bytes = 0;
};

class Spool {
 public:
  virtual ~Spool() = default;

  // Claims the spool for this process, like Ownership::claim(). Call it before the other functions.
  virtual StoreResult<Claim> claim(Timestamp now) = 0;

  // Appends a row. Returns success only after the row is on the disk. Succeeds if the spool has the row already. Fails
  // as "unavailable" if the row would exceed the limit.
  virtual StoreResult<Done> append(log::Position position, const UpdateList& updates) = 0;

  // Returns the rows that were appended first, in that order: up to 256 rows, and no more after the first megabyte.
  // Returns none only if none waits. A row that cannot be read is set aside in the file and skipped, see set_aside().
  virtual StoreResult<std::vector<log::Row>> oldest() = 0;

  // Removes these rows, which the database has: all or none.
  virtual StoreResult<Done> remove(const std::vector<log::Position>& positions) = 0;

  // Passes the rows to `sink` in the order in which they were appended.
  virtual StoreResult<Done> read_all(const std::function<void(log::Row&&)>& sink) = 0;

  // The identity of the database for which the rows are meant (Session::identity); nullopt before bind_to().
  virtual std::optional<std::string> database() const = 0;
  // Durable when it returns.
  virtual StoreResult<Done> bind_to(const std::string& database) = 0;

  // The number of updates in the rows that wait.
  virtual std::uint64_t waiting() const = 0;

  // The number of rows that could not be read and were set aside.
  virtual std::uint64_t set_aside() const = 0;

  // The space that the rows take, and its limit.
  virtual SpoolSize size() const = 0;
};

}  // namespace ubiety
