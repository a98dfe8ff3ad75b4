// How many reports come in a second: the mean of the last ten seconds. One thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

#include "domain/clock.hpp"

namespace ubiety {

class ReportRate {
 public:
  static constexpr std::chrono::seconds span{10};

  // So many reports were accepted by now. Returns the rate. A count that falls starts over: a shard was replaced.
  double note(SteadyTime now, std::uint64_t reports) {
    if (!counts_.empty() && reports < counts_.back().reports) counts_.clear();
    counts_.push_back({now, reports});
    while (counts_.size() > 2 && now - counts_[1].at >= span) counts_.pop_front();
    const std::chrono::duration<double> elapsed = now - counts_.front().at;
    const auto more = reports - counts_.front().reports;
    return elapsed.count() > 0 ? static_cast<double>(more) / elapsed.count() : 0;
  }

 private:
  struct Count {
    SteadyTime at;
    std::uint64_t reports = 0;
  };
  std::deque<Count> counts_;  // the oldest first
};

}  // namespace ubiety
