// The housekeeper's watch over the store: whether it answers, is durable and grants enough connections. Changes go to
// ServiceState and to the log. One thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "actors/service_state.hpp"
#include "actors/store/store_connection.hpp"
#include "domain/clock.hpp"
#include "storage/store.hpp"

namespace ubiety {

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
