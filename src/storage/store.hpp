// The store: makes updates durable, and returns them at the next start. PostgreSQL and SQLite implement it, and one
// conformance suite tests both against this header.
//
// All threads share a Store, which only opens sessions. A Session is one connection, for one thread. After a call on a
// session returned StoreFailure::unavailable, drop the session and open another.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/result.hpp"
#include "domain/status.hpp"
#include "storage/shared_connections.hpp"

namespace ubiety {

// What a failed call to the store means for the data.
struct StoreFailure {
  enum class Kind : std::uint8_t {
    unavailable,         // no connection, a full disk, a time-out. The outcome of a commit is then unknown
    rejected,            // the store refuses the data itself; nothing was committed
    no_connection_left,  // on opening: the store answers, but grants no further connection
  };
  Kind kind;
  std::string message;  // for the log, one line
};

template <class Value>
using StoreResult = Result<Value, StoreFailure>;

struct Done {};

using UpdateList = std::vector<const StatusUpdate*>;

// Updates to make durable together. Each occurs once.
struct WriteBatch {
  UpdateList fresh;     // later than all that is stored of the device: hardly ever there already
  UpdateList doubtful;  // late, repeated or written before with an unknown outcome: perhaps there already
};

struct HistoryQuery {
  DeviceId device_id;
  std::size_t limit = 50;             // 1 to 1000
  std::optional<Timestamp> since{};   // exclusive
  std::optional<Timestamp> before{};  // exclusive
  std::optional<Status> after{};      // the last record of the page before
  // The number of records that match since and before, if the caller knows it: it is then not counted again.
  std::optional<std::uint64_t> total_records{};
};

// The outcome of a successful commit.
struct Committed {
  bool fresh_are_new = false;  // true only if certainly none of the fresh updates was stored before
};

struct HistoryPage {
  std::vector<Status> records;      // newest first; of equal timestamps the last received first
  std::uint64_t total_records = 0;  // all that match since and before, on all pages
  bool has_more = false;            // older records match too
};

// Where a start found a status.
enum class Origin { checkpoint, history };

// Takes the statuses that a start finds, those of the checkpoint first. The newest of a device is its latest.
using StatusSink = std::function<void(StatusUpdate&&, Origin)>;

struct Recovered {
  Timestamp newest_received{};  // of all statuses found, and not before the watermark
  Timestamp watermark{};        // 0 if there is none
};

// What an expiry removed.
struct Expired {
  std::uint64_t rows = 0;        // deleted singly
  std::uint64_t partitions = 0;  // dropped, with rows that were not counted
  bool has_more = false;         // there may be more to remove
  bool may_not_drop = false;     // the role may not drop partitions, so their rows are deleted singly
};

class Session {
 public:
  virtual ~Session() = default;

  // Makes the whole batch durable, or nothing of it. Returns success only after the batch is on the disk. A row that is
  // stored already takes the later time of receipt. "Unavailable" unless this process owns the store.
  virtual StoreResult<Committed> commit(const WriteBatch& batch) = 0;

  virtual StoreResult<HistoryPage> history(const HistoryQuery& query) = 0;

  // Passes the checkpoint, and all updates received since its watermark, to `sink`.
  virtual StoreResult<Recovered> load_latest(const StatusSink& sink) = 0;

  // Passes the whole history to `sink`, without a time limit.
  virtual StoreResult<Done> read_all(const StatusSink& sink) = 0;

  // Writes statuses of different devices to the checkpoint, where a newer status stays.
  virtual StoreResult<Done> write_checkpoint(std::span<const StatusUpdate> statuses) = 0;

  // Declares that the checkpoint contains everything received before `watermark`. An earlier watermark than the last
  // makes a start read more.
  virtual StoreResult<Done> set_watermark(Timestamp watermark) = 0;

  // Creates the partitions that the coming days need, if the store has partitions. Call it at intervals.
  virtual StoreResult<Done> ensure_partitions(Timestamp now) = 0;

  // Removes some records with timestamps before `expired_before`, in a piece small enough not to delay commits. Records
  // that may be missing from the checkpoint stay.
  virtual StoreResult<Expired> expire(Timestamp expired_before) = 0;

  // Identifies the database by the time of its first migration: restarts, backups and restores keep it, a database that
  // is created again has another. Empty while there is no schema.
  virtual StoreResult<std::string> identity() = 0;

  // Checks that the store answers. "Rejected" if it could lose commits.
  virtual StoreResult<Done> ping() = 0;
};

class KeyStore;
class Migrator;
class Ownership;

class Store {
 public:
  virtual ~Store() = default;

  // Connects. Blocks for at most a few seconds. Any thread.
  virtual StoreResult<std::unique_ptr<Session>> open() = 0;

  // Connects, to look at or change the schema. Any thread.
  virtual StoreResult<std::unique_ptr<Migrator>> open_migrator() = 0;

  // Connects, to the API keys. Any thread.
  virtual StoreResult<std::unique_ptr<KeyStore>> open_keys() = 0;

  // For the one thread that claims the store.
  virtual Ownership& ownership() = 0;

  // Its name in the log: "postgresql" or "sqlite".
  virtual std::string_view name() const = 0;

  // The holders of connections to this store.
  SharedConnections& connections() { return connections_; }

 private:
  SharedConnections connections_;
};

}  // namespace ubiety
