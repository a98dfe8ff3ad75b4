// How long a commit may take before it is given up. After each that was, the next has twice as long: a store that is
// only slow would otherwise be asked for ever, and never be let finish.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>

namespace ubiety::postgres {

// Any thread.
class CommitLimit {
 public:
  explicit CommitLimit(std::chrono::milliseconds least) : least_(least), current_(least) {}

  std::chrono::milliseconds current() const { return current_.load(std::memory_order_relaxed); }
  void given_up() { current_.store(std::min(2 * current(), most * least_), std::memory_order_relaxed); }
  void kept() {
    if (current() != least_) current_.store(least_, std::memory_order_relaxed);
  }

 private:
  static constexpr int most = 16;  // times the least

  const std::chrono::milliseconds least_;
  std::atomic<std::chrono::milliseconds> current_;
};

}  // namespace ubiety::postgres
