// Takes the log's lines to a file descriptor without making anybody wait: a bounded queue, and a thread that writes.
// Whoever reads the log too slowly loses lines, and is told how many.
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
  // `tell_dropped` makes the line that says how many were dropped; the writing thread calls it.
  using TellDropped = std::function<std::string(std::uint64_t count)>;

  // The thread lasts as long as the process, since nothing can call it back from a descriptor that blocks: so does
  // this.
  static LogQueue& start(int descriptor, std::size_t most_bytes, TellDropped tell_dropped);

  // Any thread. Never waits for the descriptor; drops the line when the queue is full.
  void push(std::string_view line);

  // Waits until all that was pushed before is written, or the limit has passed; gives whether it is. Any thread, and
  // fit for a signal's handler.
  bool flush(std::chrono::milliseconds limit) const;

  // Lines, also those that could not be written.
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  LogQueue(int descriptor, std::size_t most_bytes, TellDropped tell_dropped);
  void write_forever();

  const int descriptor_;
  const std::size_t most_bytes_;
  const TellDropped tell_dropped_;

  Mutex mutex_;
  ConditionVariable came_;
  std::string waiting_ GUARDED_BY(mutex_);  // the lines, each with its end
  std::uint64_t waiting_lines_ GUARDED_BY(mutex_) = 0;

  std::atomic<std::uint64_t> pushed_{0};   // bytes
  std::atomic<std::uint64_t> settled_{0};  // of those: written, or given up
  std::atomic<std::uint64_t> dropped_{0};
};

// Writes all of it, waiting as long as that takes; false if the descriptor takes no more.
bool write_whole(int descriptor, std::string_view text);

}  // namespace ubiety::log
