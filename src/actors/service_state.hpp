// The state that all threads share: what the service can do now, what is wrong, the order of receipt, and counters.
// Any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "actors/readiness.hpp"
#include "actors/receipt_order.hpp"
#include "telemetry/histogram.hpp"

namespace ubiety {

// What is wrong although the service still serves. /health, a metric and an alert name each; the log has the details.
enum class Problem {
  clock_behind,          // the machine's clock is behind a time of receipt that was assigned or stored
  spool_unusable,        // the spool's file cannot be used
  spool_of_another,      // the spool belongs to another database
  database_not_durable,  // the database could lose what it commits
  few_connections,       // the database grants fewer connections than the service wants
};

inline constexpr std::array<std::string_view, 5> problem_names{
    "clock_behind", "spool_unusable", "spool_of_another_database", "database_not_durable", "few_connections"};

class Problems {
 public:
  bool has(Problem problem) const { return present_[place(problem)].load(std::memory_order_relaxed); }

  // Returns whether the value changed.
  bool set(Problem problem, bool is_there) {
    return present_[place(problem)].exchange(is_there, std::memory_order_relaxed) != is_there;
  }

 private:
  static std::size_t place(Problem problem) { return static_cast<std::size_t>(problem); }

  std::array<std::atomic<bool>, problem_names.size()> present_{};
};

struct CommitMetrics {
  Histogram seconds{duration_bounds};                              // of commits that succeeded
  Histogram updates{1, 4, 16, 64, 256, 1024, 4096, 16384, 65536};  // in one commit
  std::atomic<std::uint64_t> failures{0};                          // commits that failed, or of unknown outcome
  std::atomic<std::uint64_t> fresh{0};                             // updates by lane, see WriteBatch
  std::atomic<std::uint64_t> doubtful{0};
};

// Sessions opened after the start are reconnections.
struct SessionMetrics {
  std::atomic<std::uint64_t> opened{0};
  std::atomic<std::uint64_t> failed{0};  // could not be opened

  void count(bool was_opened) { (was_opened ? opened : failed).fetch_add(1, std::memory_order_relaxed); }
};

// Pages of histories, by where they were read from.
struct HistoryMetrics {
  std::atomic<std::uint64_t> from_memory{0};
  std::atomic<std::uint64_t> from_store{0};
};

// What RETENTION_DAYS removed.
struct ExpiryMetrics {
  std::atomic<std::uint64_t> rows{0};        // one by one
  std::atomic<std::uint64_t> partitions{0};  // whole
};

struct ActorMetrics {
  CommitMetrics commits;
  SessionMetrics sessions;
  HistoryMetrics histories;
  ExpiryMetrics expiry;
  std::atomic<std::uint64_t> restarts{0};  // of actors that failed
};

struct ServiceState {
  // `spool` may be nullptr; else it outlives the state.
  explicit ServiceState(Spool* spool = nullptr) : readiness(spool) {}

  Readiness readiness;
  Problems problems;
  ReceiptOrder receipts;
  ActorMetrics metrics;
};

}  // namespace ubiety
