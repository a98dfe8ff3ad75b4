// The spool: where updates become durable while the database is away, on a disk of the node's own, until they are
// forwarded to the database in the order in which they came. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/status_update.hpp"
#include "storage/store.hpp"

namespace ubiety {

// The oldest updates that wait, and the place of the last of them in the queue.
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

  // Takes the spool for this process, as Ownership::claim() does. What the functions below say holds from then on.
  virtual StoreResult<Claim> claim(Timestamp now) = 0;

  // Makes all of them durable, or none: behind whatever waits. Success is told only after the disk has them. A spool
  // that has reached its limit is "unavailable".
  virtual StoreResult<Done> append(const UpdateList& updates) = 0;

  virtual StoreResult<SpoolSlice> oldest(std::size_t most) = 0;

  // The database has the updates up to this place.
  virtual StoreResult<Done> remove_through(std::int64_t last) = 0;

  // Tells the sink all that wait, as coming from the history, where they belong.
  virtual StoreResult<Done> read_all(const StatusSink& sink) = 0;

  // The identity of the database to which the updates go (Session::identity); nullopt before bind().
  virtual std::optional<std::string> database() const = 0;
  // Durable when it returns.
  virtual StoreResult<Done> bind_to(const std::string& database) = 0;

  // How many updates wait.
  virtual std::uint64_t waiting() const = 0;

  // How much room they take. An append fails that would take more than the limit.
  virtual SpoolSize size() const = 0;

  // A time that is not before the database's watermark. A start without its database gives later times of receipt only;
  // nullopt before the first.
  virtual std::optional<Timestamp> received_floor() const = 0;
  // Durable when it returns.
  virtual StoreResult<Done> set_received_floor(Timestamp received) = 0;
};

}  // namespace ubiety
