// The last removals that became durable, to write them again if a failover loses them. One thread: the remover's.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

#include "domain/clock.hpp"
#include "storage/log/removals.hpp"

namespace ubiety {

class RecentRemovals {
 public:
  using Removals = std::vector<log::Removal>;

  // A standby is rarely further behind.
  static constexpr std::chrono::minutes kept_for{10};
  // About 80 bytes each. The oldest are forgotten first.
  static constexpr std::size_t most_devices = 100'000;

  void add(Removals removals, SteadyTime now) {
    devices_ += removals.size();
    kept_.push_back({now, std::move(removals)});
    while (devices_ > most_devices) forget_oldest();
    forget_old(now);
  }

  // In the order in which they were added.
  std::vector<Removals> get(SteadyTime now) {
    forget_old(now);
    std::vector<Removals> all;
    for (const auto& [added, removals] : kept_) all.push_back(removals);
    return all;
  }

  std::size_t devices() const { return devices_; }

 private:
  struct Kept {
    SteadyTime added;
    Removals removals;
  };

  void forget_old(SteadyTime now) {
    while (!kept_.empty() && now - kept_.front().added > kept_for) forget_oldest();
  }
  void forget_oldest() {
    devices_ -= kept_.front().removals.size();
    kept_.pop_front();
  }

  std::deque<Kept> kept_;
  std::size_t devices_ = 0;
};

}  // namespace ubiety
