// What all threads may know of the service's condition. Every member is atomic; any thread.
#pragma once

#include <atomic>
#include <cstdint>

#include "domain/timestamp.hpp"

namespace ubiety {

class ServiceState {
 public:
  // Whether the latest map is complete. Before that nothing is served.
  bool loaded() const { return loaded_.load(std::memory_order_acquire); }
  void set_loaded() { loaded_.store(true, std::memory_order_release); }

  // Whether the store answers and takes commits, as far as was last seen.
  bool store_connected() const {
    return store_answers_.load(std::memory_order_relaxed) && commits_succeed_.load(std::memory_order_relaxed);
  }

  // What the housekeeper sees when it asks the store. True when this changed something.
  bool set_store_answers(bool answers) {
    return store_answers_.exchange(answers, std::memory_order_relaxed) != answers;
  }
  // What the writer sees: a store may answer and yet take nothing, when its disk is full. The writer tries a batch
  // again until it succeeds, so that false never stays for lack of a commit. True when this changed something.
  bool set_commits_succeed(bool succeed) {
    return commits_succeed_.exchange(succeed, std::memory_order_relaxed) != succeed;
  }

  // Whether updates and queries can be taken now.
  bool serving() const { return loaded() && store_connected(); }

  // Every update that was received up to this time is with its shard already, or will never be: what the checkpoint's
  // watermark is made of.
  Timestamp handed_over() const { return {handed_over_.load(std::memory_order_acquire)}; }
  void set_handed_over(Timestamp received) { handed_over_.store(received.microseconds, std::memory_order_release); }

 private:
  std::atomic<bool> loaded_{false};
  std::atomic<bool> store_answers_{false};
  std::atomic<bool> commits_succeed_{true};
  std::atomic<std::int64_t> handed_over_{0};
};

}  // namespace ubiety
