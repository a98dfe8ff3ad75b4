// The spool: a queue on the node's own disk that makes updates durable while the database is unavailable. They are
// forwarded to the database in their order. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/status.hpp"
#include "storage/ownership.hpp"
#include "storage/store.hpp"

namespace ubiety {

// The oldest updates in the queue, and the place of the last of them.
struct SpoolSlice {
  std::vector<StatusUpdate> updates;  // in the order in which they were appended
  std::int64_t last = 0;
};

struct SpoolSize {
  std::uint64_t bytes = 0;
  std::uint64_t limit_bytes = 0;
};

class Spool {
 public:
  virtual ~Spool() = default;

  // Claims the spool for this process, like Ownership::claim(). Call it before the other functions.
  virtual StoreResult<Claim> claim(Timestamp now) = 0;

  // Appends all updates to the queue, or none. Returns success only after they are on the disk. Fails as "unavailable"
  // if they would exceed the limit.
  virtual StoreResult<Done> append(const UpdateList& updates) = 0;

  virtual StoreResult<SpoolSlice> oldest(std::size_t max_updates) = 0;

  // Removes the updates up to this place, which the database has.
  virtual StoreResult<Done> remove_through(std::int64_t last) = 0;

  // Passes all queued updates to `sink`, with the origin "history", where they belong.
  virtual StoreResult<Done> read_all(const StatusSink& sink) = 0;

  // The identity of the database for which the updates are meant (Session::identity); nullopt before bind_to().
  virtual std::optional<std::string> database() const = 0;
  // Durable when it returns.
  virtual StoreResult<Done> bind_to(const std::string& database) = 0;

  // The number of queued updates.
  virtual std::uint64_t waiting() const = 0;

  // The space that they take, and its limit.
  virtual SpoolSize size() const = 0;

  // A time not before the database's watermark; nullopt before the first was set. After a start without the database,
  // times of receipt begin after it.
  virtual std::optional<Timestamp> received_floor() const = 0;
  // Durable when it returns.
  virtual StoreResult<Done> set_received_floor(Timestamp received) = 0;
};

}  // namespace ubiety
