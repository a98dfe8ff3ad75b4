// Writes the lines of the log to a file descriptor without blocking the caller: a bounded queue, and a thread that
// writes from it. Lines that do not fit are dropped, and a line in the log says how many. Any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "domain/thread_safety.hpp"

namespace ubiety::log {

class LogQueue {
 public:
  // Returns the line that reports the number of dropped lines. The writing thread calls it.
  using DroppedLine = std::function<std::string(std::uint64_t count)>;

  // The queue and its thread last as long as the process, because a thread that blocks in write() cannot be stopped.
  static LogQueue& start(int descriptor, std::size_t max_bytes, DroppedLine dropped_line);

  // Never waits for the descriptor: drops the line if the queue is full.
  void push(std::string_view line);

  // Blocks until all lines pushed before are written, at most for `limit`. Returns whether they are. Safe in a signal
  // handler.
  bool flush(std::chrono::milliseconds limit) const;

  // The number of lines that did not fit, or that the descriptor refused.
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  LogQueue(int descriptor, std::size_t max_bytes, DroppedLine dropped_line);
  void write_forever();

  const int descriptor_;
  const std::size_t max_bytes_;
  const DroppedLine dropped_line_;

  Mutex mutex_;
  ConditionVariable arrived_;
  std::string waiting_ GUARDED_BY(mutex_);  // lines with their ends
  std::uint64_t waiting_lines_ GUARDED_BY(mutex_) = 0;

  std::atomic<std::uint64_t> pushed_bytes_{0};
  std::atomic<std::uint64_t> done_bytes_{0};  // of these: written, or refused by the descriptor
  std::atomic<std::uint64_t> dropped_{0};
};

// Writes all of `text`, and blocks as long as that takes. Returns false if the descriptor refuses it.
bool write_all(int descriptor, std::string_view text);

}  // namespace ubiety::log
