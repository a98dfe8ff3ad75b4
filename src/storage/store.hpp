// The store: where updates become durable, and where a start finds them again. PostgreSQL and SQLite implement it, and
// one conformance suite holds both to what is written here.
//
// A Store is shared by all threads and only opens sessions. A Session is one connection, for one thread. Once a call on
// a session gave StoreFailure::unavailable the session is dead: drop it and open another.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/status_update.hpp"
#include "storage/ownership.hpp"
#include "storage/shared_connections.hpp"
#include "storage/store_result.hpp"

namespace ubiety {

using UpdateList = std::vector<const StatusUpdate*>;

// Updates to make durable together, none of them given twice.
struct WriteBatch {
  UpdateList fresh;     // later than all that is stored of the device: hardly ever there already
  UpdateList doubtful;  // late, repeated or written before with an unknown outcome: perhaps there already
};

// A place in a device's history, newest first: the record after which the next page begins.
struct HistoryPosition {
  Status record;
};

struct HistoryQuery {
  DeviceId device_id;
  std::size_t limit = 50;                  // 1 to 1000
  std::optional<Timestamp> since{};        // exclusive
  std::optional<Timestamp> before{};       // exclusive
  std::optional<HistoryPosition> after{};  // the end of the page before
  // How many match since and before, for whoever knows: it is not counted then.
  std::optional<std::uint64_t> total_records{};
};

// Of a commit that succeeded.
struct Committed {
  bool fresh_are_new = false;  // known for certain: none of the fresh updates was there before
};

struct HistoryPage {
  std::vector<Status> records;      // newest first; of equal timestamps the last received first
  std::uint64_t total_records = 0;  // all that match since and before, on whichever page
  bool has_more = false;            // older ones than these match
};

// Where a status that a start finds was kept.
enum class Origin { checkpoint, history };

// Takes the statuses that a start finds, those of the checkpoint first: the newest of a device is its latest.
using StatusSink = std::function<void(StatusUpdate&&, Origin)>;

struct Recovered {
  Timestamp newest_received{};  // of all statuses found, and not before the watermark
  Timestamp watermark{};        // 0 when there is none
};

// What an expiry removed.
struct Expired {
  std::uint64_t rows = 0;        // one by one
  std::uint64_t partitions = 0;  // whole, with rows that nobody counted
  bool has_more = false;         // there may be more to remove
  bool may_not_drop = false;     // the role may not drop partitions, so their rows are removed one by one
};

class Session {
 public:
  virtual ~Session() = default;

  // Makes the whole batch durable, or nothing of it. "Unavailable" unless this process owns the store. A row that is
  // there already keeps its place and takes the later time of receipt. Success is told only after the disk has it.
  virtual StoreResult<Committed> commit(const WriteBatch& batch) = 0;

  virtual StoreResult<HistoryPage> history(const HistoryQuery& query) = 0;

  // Tells the sink the checkpoint and all that was received since its watermark.
  virtual StoreResult<Recovered> load_latest(const StatusSink& sink) = 0;

  // Tells the sink the whole history, however long that takes.
  virtual StoreResult<Done> read_all(const StatusSink& sink) = 0;

  // Writes statuses to the checkpoint. A status that is newer stays there. No device is given twice.
  virtual StoreResult<Done> write_checkpoint(std::span<const StatusUpdate> statuses) = 0;

  // Says that the checkpoint holds whatever was received before `watermark`, which may lie before the last one: a start
  // then reads more.
  virtual StoreResult<Done> set_watermark(Timestamp watermark) = 0;

  // What the store needs done now and then, such as room for the coming days.
  virtual StoreResult<Done> keep_house(Timestamp now) = 0;

  // Removes some of the history with timestamps before `expired_before`, as much as holds up a commit for no longer
  // than a moment. What the checkpoint does not have yet stays.
  virtual StoreResult<Expired> expire(Timestamp expired_before) = 0;

  // Which database this is: when its first migration was applied. The same over restarts, backups and restores, and
  // another one for a database that was made again. Empty while there is no schema.
  virtual StoreResult<std::string> identity() = 0;

  // Whether the store answers. "Rejected" when it answers, and would lose what it commits.
  virtual StoreResult<Done> ping() = 0;
};

class KeyStore;
class Migrator;

class Store {
 public:
  virtual ~Store() = default;

  // Connects. Blocks for a few seconds at most. Any thread.
  virtual StoreResult<std::unique_ptr<Session>> open() = 0;

  // Connects, to look at or change the schema. Any thread.
  virtual StoreResult<std::unique_ptr<Migrator>> open_migrator() = 0;

  // Connects, to the API keys. Any thread.
  virtual StoreResult<std::unique_ptr<KeyStore>> open_keys() = 0;

  // Which process owns the store, for the one thread that claims it.
  virtual Ownership& ownership() = 0;

  // What it is called in the log: "postgresql" or "sqlite".
  virtual std::string_view name() const = 0;

  // Those who hold a connection to this store.
  SharedConnections& connections() { return connections_; }

 private:
  SharedConnections connections_;
};

}  // namespace ubiety
