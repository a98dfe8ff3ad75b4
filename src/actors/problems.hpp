// What is wrong with the service's surroundings while it serves all the same. /health, a metric and an alert name each;
// the log has the details.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <string_view>

namespace ubiety {

enum class Problem {
  clock_behind,          // the machine's clock is behind times of receipt that were given or found
  spool_unusable,        // the spool's file cannot be used
  spool_of_another,      // the spool belongs to another database
  database_not_durable,  // the database does not keep what it commits
  few_connections,       // the database grants fewer connections than the service wants
};

inline constexpr std::array<std::string_view, 5> problem_names{
    "clock_behind", "spool_unusable", "spool_of_another_database", "database_not_durable", "few_connections"};

// Any thread.
class Problems {
 public:
  bool has(Problem problem) const { return present_[place(problem)].load(std::memory_order_relaxed); }

  // Returns whether this changes something.
  bool set(Problem problem, bool is_there) {
    return present_[place(problem)].exchange(is_there, std::memory_order_relaxed) != is_there;
  }

 private:
  static std::size_t place(Problem problem) { return static_cast<std::size_t>(problem); }

  std::array<std::atomic<bool>, problem_names.size()> present_{};
};

}  // namespace ubiety
