// The state that all threads share: what the service can do now, what is wrong, times of receipt, how far the log is
// committed, and counters. Any thread.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "actors/fleet_board.hpp"
#include "actors/listening.hpp"
#include "actors/readiness.hpp"
#include "domain/thread_safety.hpp"
#include "domain/timestamp.hpp"
#include "fleet/groups.hpp"
#include "fleet/mutes.hpp"
#include "storage/log/position.hpp"
#include "telemetry/metrics.hpp"

namespace ubiety {

// What is wrong although the service still serves. /health, a metric and an alert name each; the log has the details.
enum class ServiceProblem {
  clock_behind,          // the machine's clock is behind a time of receipt that was assigned or stored
  spool_unusable,        // the spool's file cannot be used
  spool_of_another,      // the spool belongs to another database
  database_not_durable,  // the database could lose what it commits
  few_connections,       // the database grants fewer connections than the service wants
  lost_commits,          // the database went back behind commits that it had acknowledged, since the start
  damaged_log,           // rows of the log, or of the spool, cannot be read
};

inline constexpr std::array<std::string_view, 7> service_problem_names{
    "clock_behind", "spool_unusable", "spool_of_another_database", "database_not_durable", "few_connections",
    "lost_commits", "damaged_log"};

class ServiceProblems {
 public:
  bool has(ServiceProblem problem) const { return present_[place(problem)].load(std::memory_order_relaxed); }

  // Returns whether the value changed.
  bool set(ServiceProblem problem, bool is_there) {
    return present_[place(problem)].exchange(is_there, std::memory_order_relaxed) != is_there;
  }

 private:
  static std::size_t place(ServiceProblem problem) { return static_cast<std::size_t>(problem); }

  std::array<std::atomic<bool>, service_problem_names.size()> present_{};
};

struct CommitMetrics {
  Histogram seconds{duration_bounds};                              // of commits that succeeded
  Histogram updates{1, 4, 16, 64, 256, 1024, 4096, 16384, 65536};  // in one commit
  std::atomic<std::uint64_t> failures{0};                          // commits that failed, or of unknown outcome
  std::atomic<std::uint64_t> committed{0};                         // updates
  std::atomic<std::uint64_t> looked_up{0};                         // updates that the writer asked the store for
  std::atomic<std::uint64_t> lost{0};                              // updates that the store lost, see Problem
};

struct MergeMetrics {
  Histogram seconds{duration_bounds};       // of merges
  std::atomic<std::uint64_t> updates{0};    // that they moved
  std::atomic<std::uint64_t> failures{0};   // merges that failed
  std::atomic<std::uint64_t> compacted{0};  // segments that compaction took away
  std::atomic<std::uint64_t> days_to_compact{0};
};

// Sessions opened after the start are reconnections.
struct SessionMetrics {
  std::atomic<std::uint64_t> opened{0};
  std::atomic<std::uint64_t> failed{0};  // could not be opened

  void count(bool was_opened) { (was_opened ? opened : failed).fetch_add(1, std::memory_order_relaxed); }
};

// Pages of histories, by where they were read from, and histories in buckets.
struct HistoryMetrics {
  std::atomic<std::uint64_t> from_tail{0};
  std::atomic<std::uint64_t> from_store{0};
  std::atomic<std::uint64_t> in_buckets{0};
};

// What RETENTION_DAYS removed.
struct ExpiryMetrics {
  std::atomic<std::uint64_t> records{0};     // one by one
  std::atomic<std::uint64_t> partitions{0};  // whole
};

struct ActorMetrics {
  CommitMetrics commits;
  SessionMetrics sessions;
  MergeMetrics merges;
  HistoryMetrics histories;
  ExpiryMetrics expiry;
  std::atomic<std::uint64_t> restarts{0};  // of actors that failed
};

// Times of receipt. The loop assigns rising ones; they step back after a clock that was ahead is corrected.
class ReceiptTimes {
 public:
  // Times of receipt go on after this one: nothing that a start found was received later.
  Timestamp newest_stored() const { return {newest_stored_.load(std::memory_order_acquire)}; }
  void note_stored(Timestamp received) { raise(newest_stored_, received); }

  // The newest time that was assigned or stored.
  Timestamp newest() const { return std::max(newest_stored(), Timestamp{newest_assigned_.load()}); }
  void note_assigned(Timestamp received) { raise(newest_assigned_, received); }

  std::uint64_t steps_back() const { return steps_back_.load(std::memory_order_relaxed); }
  void note_step_back() { steps_back_.fetch_add(1, std::memory_order_relaxed); }

 private:
  static void raise(std::atomic<std::int64_t>& time, Timestamp to) {
    auto last = time.load(std::memory_order_relaxed);
    while (last < to.microseconds && !time.compare_exchange_weak(last, to.microseconds, std::memory_order_release)) {
    }
  }

  std::atomic<std::int64_t> newest_stored_{0}, newest_assigned_{0};
  std::atomic<std::uint64_t> steps_back_{0};
};

// The rows of the log that the store has, and whose updates are in the shards' tails or already merged.
class CommittedRows {
 public:
  void raise_to(log::Position position) {
    const MutexLock lock(mutex_);
    rows_.raise_to(position);
  }
  log::Positions get() const {
    const MutexLock lock(mutex_);
    return rows_;
  }
  // The store lost rows of this stream.
  void forget(log::StreamId stream) {
    const MutexLock lock(mutex_);
    rows_.forget(stream);
  }

 private:
  mutable Mutex mutex_;
  log::Positions rows_ GUARDED_BY(mutex_);
};

// Counts what else changes histories than updates do. What a shard knows of a history, such as its total, is true of a
// snapshot only if nothing was counted in between.
class HistoryChanges {
 public:
  struct Count {
    std::uint64_t merges = 0, removals = 0;
    bool operator==(const Count&) const = default;
    // Records are being removed, or the time changes before which they are expired.
    bool is_removing() const { return removals % 2 != 0; }
  };
  Count count() const { return {merges_.load(), removals_.load()}; }

  // A shard is asked for the updates of a merge that is not counted yet. It then has all updates that this merge moves.
  void note_merge() { ++merges_; }

  // Lasts as long as records are removed. The housekeeper's thread.
  class Removal {
   public:
    explicit Removal(HistoryChanges& changes) : changes_(changes) { ++changes_.removals_; }
    ~Removal() { ++changes_.removals_; }
    Removal(const Removal&) = delete;
    Removal& operator=(const Removal&) = delete;

   private:
    HistoryChanges& changes_;
  };

  // Records with timestamps before this are expired: they are neither served nor merged.
  Timestamp expired_before() const { return expired_before_.load(); }
  // Only during a Removal.
  void set_expired_before(Timestamp time) { expired_before_.store(time); }

 private:
  std::atomic<std::uint64_t> merges_{0}, removals_{0};
  std::atomic<Timestamp> expired_before_{earliest_timestamp};
};

struct ServiceState {
  // `spool` may be nullptr; else it outlives the state.
  explicit ServiceState(Spool* spool = nullptr, GroupRule group_rule = {})
      : readiness(spool), groups(std::move(group_rule)) {}

  Readiness readiness;
  ServiceProblems problems;
  ReceiptTimes receipts;
  CommittedRows committed;
  HistoryChanges history_changes;
  Listening listening;
  Groups groups;
  FleetBoard fleet;
  std::atomic<std::shared_ptr<const Mutes>> mutes;  // that run; nullptr until they are known
  ActorMetrics metrics;
  // How often removals of devices became durable: then there is something to sweep.
  std::atomic<std::uint64_t> removals{0};
  // How often a connection to the store broke, as the housekeeper sees it: behind it may be another server since.
  std::atomic<std::uint64_t> interruptions{0};
};

}  // namespace ubiety
