// The order of receipt, on which the checkpoint's watermark rests. The loop assigns rising times of receipt; they step
// back after a clock that was ahead is corrected. The housekeeper writes watermarks. See docs/RECOVERY.md.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "domain/thread_safety.hpp"
#include "domain/timestamp.hpp"

namespace ubiety {

class ReceiptOrder {
 public:
  // -- any thread --

  // Any watermark up to the floor is true: what was received before it is in the checkpoint, and nothing will be
  // received before it.
  Timestamp floor() const { return {floor_.load(std::memory_order_acquire)}; }

  // The newest time of receipt that was found in the store, or given.
  Timestamp newest() const { return std::max({newest_stored(), handed_over(), Timestamp{newest_before_step_.load()}}); }

  // How often the times of receipt stepped back.
  std::uint64_t steps_back() const { return steps_back_.load(std::memory_order_relaxed); }

  // Every update that was received up to this time, and since the last step back, is with its shard or never will be.
  Timestamp handed_over() const { return {handed_over_.load(std::memory_order_acquire)}; }

  // Times of receipt go on after this one: nothing that a start found was received later.
  Timestamp newest_stored() const { return {newest_stored_.load(std::memory_order_acquire)}; }

  // -- the thread that takes updates in --

  void set_handed_over(Timestamp received) { handed_over_.store(received.microseconds, std::memory_order_release); }

  // Asks to give times of receipt from `now` on, which is earlier than some that were given. All updates that have one
  // are handed over. Returns false while a watermark later than `now` may be stored.
  bool step_back(Timestamp now) {
    if (floor() > now) return false;
    const MutexLock lock(mutex_);
    if (floor() > now) return false;
    newest_before_step_.store(newest().microseconds);
    steps_back_.fetch_add(1, std::memory_order_relaxed);
    set_handed_over(now - std::chrono::microseconds(1));
    return true;
  }

  // -- the housekeeper --

  // At a start: what the store, or the spool, has. The floor is the stored watermark.
  void begin(Timestamp newest_stored, Timestamp watermark, bool takes_updates_already) {
    newest_stored_.store(std::max(newest_stored, this->newest_stored()).microseconds, std::memory_order_release);
    floor_.store(watermark.microseconds, std::memory_order_release);
    if (!takes_updates_already) set_handed_over(newest_stored);
  }

  // A checkpoint's round, from before the shards are asked until the watermark is written.
  struct Round {
    Timestamp handed_over;
    std::uint64_t steps_back;
  };
  Round begin_round() const {
    const MutexLock lock(mutex_);
    return {handed_over(), steps_back()};
  }

  // The checkpoint has what was received before `watermark`: to be called before it is written. Returns false, and
  // leaves the floor as it is, when the times of receipt stepped back since the round began.
  bool raise_floor(Timestamp watermark, const Round& round) {
    const MutexLock lock(mutex_);
    if (round.steps_back != steps_back()) return false;
    floor_.store(std::max(watermark, floor()).microseconds, std::memory_order_release);
    return true;
  }

  // The stored watermark is no later than this.
  void lower_floor(Timestamp watermark) { floor_.store(watermark.microseconds, std::memory_order_release); }

 private:
  mutable Mutex mutex_;  // of a step back and of what a round relies on
  std::atomic<std::int64_t> floor_{0}, newest_stored_{0}, handed_over_{0}, newest_before_step_{0};
  std::atomic<std::uint64_t> steps_back_{0};
};

}  // namespace ubiety
