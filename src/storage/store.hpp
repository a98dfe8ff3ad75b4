// The store: makes updates durable, and returns them at the next start. PostgreSQL and SQLite implement it, and one
// conformance suite tests both against this header.
//
// The log is the truth. A commit appends one row with all its updates to the log. A merge moves updates from the log
// into the history, where each device has segments of many records, and raises the latest statuses. What the log has is
// exactly what is not merged yet. See docs/FORMATS.md.
//
// All threads share a Store, which only opens sessions. A Session is one connection, for one thread. After a call on a
// session returned StoreFailure::unavailable, drop the session and open another.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.hpp"
#include "domain/status.hpp"
#include "domain/thread_safety.hpp"
#include "fleet/fleet_past.hpp"
#include "fleet/listening_clock.hpp"
#include "fleet/mutes.hpp"
#include "storage/log/format.hpp"
#include "storage/log/history.hpp"
#include "storage/log/merge_plan.hpp"
#include "storage/log/position.hpp"
#include "storage/log/removals.hpp"

namespace ubiety {

// What a failed call to the store means for the data.
struct StoreFailure {
  enum class Kind : std::uint8_t {
    unavailable,         // no connection, a full disk, a time-out. The outcome of an append is then unknown
    rejected,            // the store refuses the data itself; nothing was committed
    no_connection_left,  // on opening: the store answers, but grants no further connection
    stream_closed,       // on appending: the stream was closed, or the store does not have it. Nothing was committed
  };
  Kind kind;
  std::string message;  // for the log, one line
};

template <class Value>
using StoreResult = Result<Value, StoreFailure>;

struct Done {};

using StatusSink = std::function<void(StatusUpdate&&)>;

// Takes what a start loads: the removals first, then all latest statuses, then the rows of the log that are not merged,
// those of a stream in their order. The latest statuses do not reflect the log. Neither has what a removal took away.
class LoadSink {
 public:
  virtual ~LoadSink() = default;

  virtual void take_removal(log::Removal&&) {}
  virtual void take_latest(log::LatestStatus&& latest) = 0;
  // Without updates that a merge has moved already, or that a removal took away. May be empty.
  virtual void take_row(log::Row&& row) = 0;
  // A row that cannot be read. It stays in the log, and no merge touches it.
  virtual void note_damage(log::Position position, const std::string& reason) = 0;
  // Some latest statuses cannot be read, of unknown devices. Others may be passed twice then.
  virtual void note_damaged_latest(const std::string& reason) = 0;
};

// Which part of the history is read.
struct Selection {
  std::optional<DeviceId> device_id{};
  std::string prefix{};               // of the device ids
  std::optional<Timestamp> since{};   // inclusive
  std::optional<Timestamp> before{};  // exclusive
};

// What an expiry removed.
struct Expired {
  std::uint64_t records = 0;     // removed singly, or with their segments
  std::uint64_t partitions = 0;  // dropped, with records that were not counted
  bool has_more = false;         // there may be more to remove
  bool may_not_drop = false;     // the role may not drop partitions, so their segments are deleted singly
};

// What a step of a sweep removed.
struct Swept {
  std::uint64_t devices = 0;   // of which nothing is left
  std::uint64_t segments = 0;  // removed or cut
  bool has_more = false;       // call again
};

// What a step of a compaction did.
struct Compacted {
  std::uint64_t segments_before = 0;  // of the devices that it rewrote
  std::uint64_t segments_after = 0;
  std::uint64_t backlog = 0;  // closed days that are not compacted yet, with the one under way
  bool has_more = false;      // call again
};

class Session {
 public:
  virtual ~Session() = default;

  // -- the log: only for the process that owns the store --

  // Opens a stream for rows. The id is a random number, see StreamId. Succeeds if the stream is open already.
  virtual StoreResult<Done> open_stream(log::StreamId stream) = 0;

  // Appends a row: makes all its updates durable, or none. Returns success only after the row is on the disk, of the
  // synchronous standby too. The stream is open, and the row before this one is known to be durable. After
  // "unavailable" ask a new session for last_appended().
  virtual StoreResult<Done> append(log::Position position, const UpdateList& updates) = 0;

  // Settles an append of unknown outcome: first ends or waits for any append to the stream that is still under way.
  // Returns the sequence of the stream's last row, merged or not: 0 if it has none. All rows up to it are durable then.
  // "stream_closed" if the stream is closed or missing.
  virtual StoreResult<std::int64_t> last_appended(log::StreamId stream) = 0;

  // Appends rows that another disk held, each exactly once: skips a row that the store has, or had until a merge. Makes
  // all of them durable, or none. Opens a missing stream, and accepts a closed one. Rows of a stream come in their
  // order, and each once.
  virtual StoreResult<Done> append_once(const std::vector<log::Row>& rows) = 0;

  // -- a start --

  // Passes the latest statuses and the log to `sink`, from one snapshot, without a time limit.
  virtual StoreResult<Done> load(LoadSink& sink) = 0;

  // -- reads --

  // See log::page_of. The snapshot is taken during the call.
  virtual StoreResult<HistoryPage> history(const HistoryQuery& query,
                                           const std::vector<log::UnmergedRecord>& unmerged) = 0;

  // See log::read_span. The snapshot is taken during the call.
  virtual StoreResult<Done> read_span(const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged,
                                      const RecordSink& sink) = 0;

  // Returns, for each update, whether the history has a record of the same report. The log is not searched.
  virtual StoreResult<std::vector<bool>> has_records(const UpdateList& updates) = 0;

  // Passes the selected records of history and log to `sink`, without a time limit: in the order of the device ids'
  // bytes, those of a device oldest first, without repetitions.
  virtual StoreResult<Done> read_all(const Selection& selection, const StatusSink& sink) = 0;

  // -- the history: only for the process that owns the store --

  // Moves the updates of all rows up to `through` from the log into the history, and raises the latest statuses. If an
  // earlier merge was interrupted halfway, that merge is finished instead. Returns the positions that are merged. A
  // reader sees each update once at any moment: in the log or in the history.
  virtual StoreResult<log::Positions> merge(const log::Positions& through, log::MergeSource& source) = 0;

  // Returns the streams of which the database, after a failover, lacks merges of this process, and how far they are
  // merged now; nearly always none. From here on a merge takes their rows again, so first load them from the log.
  virtual StoreResult<log::Positions> lost_merges() { return log::Positions{}; }

  // Does a step, of a fraction of a second, to bring the segments of each closed day, before the day of `now`, into as
  // few as possible.
  virtual StoreResult<Compacted> compact(Timestamp now) = 0;

  // Replaces the latest statuses of these devices.
  virtual StoreResult<Done> write_latest(std::span<const log::LatestStatus> statuses) = 0;

  // Replaces the latest statuses of all devices, also those that cannot be read: afterwards the store has only these.
  virtual StoreResult<Done> rewrite_latest(std::span<const log::LatestStatus> statuses) = 0;

  // -- removed devices: only for the process that owns the store --

  // Records the removals, all or none: durable when it returns. From then on load() and read_all() pass on nothing that
  // they take away. History and latest statuses lose it by sweep(): until then history() and read_span() may return it,
  // unless the query says when the device was removed. Harmless if repeated.
  virtual StoreResult<Done> remove_devices(std::span<const log::Removal> removals) = 0;

  // Does a step, of a fraction of a second, to delete what removals took away from history and latest statuses. Call it
  // on the thread that merges, before a merge: a merge must not find the latest status of before a removal.
  virtual StoreResult<Swept> sweep() = 0;

  // Forgets the removals before this time, after it has swept them once more. Has no effect while the log has a row
  // received before then. Returns whether none is left. In steps, on the thread that merges.
  virtual StoreResult<bool> forget_removals(Timestamp before) = 0;

  // -- the listening clock of the fleet, see ListeningClock --

  // Returns nullopt if none was saved.
  virtual StoreResult<std::optional<ListeningClock::Saved>> listening() = 0;
  // Only for the process that owns the store.
  virtual StoreResult<Done> save_listening(const ListeningClock::Saved& saved) = 0;

  // -- outages and downtimes --

  virtual StoreResult<FleetPast> fleet_past() = 0;
  // Instead of all that were saved before. Only for the process that owns the store.
  virtual StoreResult<Done> save_fleet_past(const FleetPast& past) = 0;

  // -- mutes --

  // In no order. Also those that have ended, if they were not removed.
  virtual StoreResult<std::vector<Mute>> mutes() = 0;
  // These two only for the process that owns the store. A mute takes the place of one of the same target.
  virtual StoreResult<Done> save_mute(const Mute& mute) = 0;
  virtual StoreResult<Done> remove_mutes(std::span<const MuteTarget> targets) = 0;

  // -- upkeep --

  // Creates the partitions that the coming days need, if the store has partitions. Call it at intervals.
  virtual StoreResult<Done> ensure_partitions(Timestamp now) = 0;

  // Removes some records with timestamps before `expired_before`, in a piece small enough not to delay commits. Records
  // in the log stay until they are merged.
  virtual StoreResult<Expired> expire(Timestamp expired_before) = 0;

  // Identifies the database by the time of its first migration: restarts, backups and restores keep it, a database that
  // is created again has another. Empty while there is no schema.
  virtual StoreResult<std::string> identity() = 0;

  // Checks that the store answers. "Rejected" if it could lose commits.
  virtual StoreResult<Done> ping() = 0;
};

// Shares the connections that a database grants: when it grants no more, a holder that needs one closes an idle one of
// another holder. That holder connects again when it needs to. Any thread.
class SharedConnections {
 public:
  using Time = std::chrono::steady_clock::time_point;

  class Holder {
   public:
    virtual ~Holder() = default;
    // Closes the connection unless it is in use. Returns whether it closed one.
    virtual bool close_if_idle() = 0;
  };

  // A holder takes part between these two calls.
  void add(Holder& holder) {
    const MutexLock lock(mutex_);
    holders_.push_back(&holder);
  }
  void remove(Holder& holder) {
    const MutexLock lock(mutex_);
    std::erase(holders_, &holder);
  }

  // Closes one idle connection of another holder, in rotation. Returns false if there is none.
  bool close_an_idle_one(const Holder& wants) {
    const MutexLock lock(mutex_);
    for (std::size_t i = 0; i < holders_.size(); ++i) {
      auto* holder = holders_[next_++ % holders_.size()];
      if (holder != &wants && holder->close_if_idle()) return true;
    }
    return false;
  }

  // When the database last refused a connection because there were too many; the clock's zero if it never did.
  void note_refusal(Time now) { refused_.store(now.time_since_epoch().count(), std::memory_order_relaxed); }
  Time last_refusal() const { return Time(Time::duration(refused_.load(std::memory_order_relaxed))); }

 private:
  Mutex mutex_;
  std::vector<Holder*> holders_ GUARDED_BY(mutex_);
  std::size_t next_ GUARDED_BY(mutex_) = 0;
  std::atomic<Time::rep> refused_{0};
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
