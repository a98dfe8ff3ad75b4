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

  // Whether the store answered when it was last asked.
  bool store_connected() const { return store_connected_.load(std::memory_order_relaxed); }
  // True when this changed something.
  bool set_store_connected(bool connected) {
    return store_connected_.exchange(connected, std::memory_order_relaxed) != connected;
  }

  // Whether updates and queries can be taken now.
  bool serving() const { return loaded() && store_connected(); }

  // Every update that was received up to this time is with its shard already, or will never be: what the checkpoint's
  // watermark is made of.
  Timestamp handed_over() const { return {handed_over_.load(std::memory_order_acquire)}; }
  void set_handed_over(Timestamp received) { handed_over_.store(received.microseconds, std::memory_order_release); }

 private:
  std::atomic<bool> loaded_{false};
  std::atomic<bool> store_connected_{false};
  std::atomic<std::int64_t> handed_over_{0};
};

}  // namespace ubiety
