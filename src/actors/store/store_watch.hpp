// The housekeeper's watch over the store: whether this process owns it and its spool, whether it answers, is durable
// and grants enough connections. Changes go to ServiceState and to the log. One thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "actors/service_state.hpp"
#include "actors/store/store_connection.hpp"
#include "domain/clock.hpp"
#include "storage/spool.hpp"
#include "storage/store.hpp"

namespace ubiety {

// This process's claim to its spool and its store, which one process at a time may use. Reports the process for which
// this one waits.
class StoreClaim {
 public:
  // `spool` may be nullptr. `start_over` is called once, when the store no longer has what was loaded: nothing may be
  // served then.
  StoreClaim(Store& store, Spool* spool, ServiceState& state, const Clock& clock,
             std::function<void(const std::string& reason)> start_over)
      : store_(store), spool_(spool), state_(state), clock_(clock), start_over_(std::move(start_over)) {}

  // Returns whether this process owns the spool; true if there is none.
  StoreResult<bool> has_spool();
  // Returns whether this process owns the store. On a failure the store did not answer, and nothing changed.
  StoreResult<bool> has_store();

  // Makes sure that no earlier owner can still commit. Call it when the schema is up to date.
  StoreResult<Done> take_over();

 private:
  StoreResult<bool> settle(std::string_view what, const StoreResult<Claim>& claim);
  void stand_by(std::string_view what, const Owner& owner);
  void lose(const std::string& reason);

  Store& store_;
  Spool* const spool_;
  ServiceState& state_;
  const Clock& clock_;
  const std::function<void(const std::string&)> start_over_;
};

// Decides which of many failed attempts the log gets: the first of each reason, and the same reason again at growing
// intervals.
class FailureNotice {
 public:
  static constexpr std::chrono::seconds first_interval{5}, longest_interval{300};

  // Whether to log this failure now.
  bool is_due(std::string_view reason, SteadyTime now) {
    const bool is_new = reason != reason_;
    if (!is_new && now < next_) return false;
    interval_ = is_new ? first_interval : std::min(2 * interval_, longest_interval);
    next_ = now + interval_;
    reason_ = reason;
    return true;
  }

  // An attempt succeeded: the next failure is logged.
  void reset() { reason_.clear(); }

 private:
  std::string reason_;  // of the last line; empty before the first
  SteadyTime next_{};
  std::chrono::seconds interval_{};
};

// Whether the store answers and is durable, by pings.
class StoreWatch {
 public:
  // All references outlive the watch.
  StoreWatch(Store& store, ServiceState& state, StoreConnection& connection)
      : store_(store), state_(state), connection_(connection) {}

  // Returns whether the store answers.
  bool ping();

  void note_few_connections();

 private:
  void note_durability(const StoreResult<Done>& pinged);

  Store& store_;
  ServiceState& state_;
  StoreConnection& connection_;
  FailureNotice no_answer_;
};

}  // namespace ubiety
