// Bounds what streams send, so that they leave the processors to reports: bytes a second, of all streams together. One
// thread at a time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "domain/clock.hpp"

namespace ubiety::http {

class SendBudget {
 public:
  // Up to one second's bytes are saved for later.
  SendBudget(std::int64_t bytes_a_second, SteadyTime now) : rate_(bytes_a_second), left_(rate_), last_(now) {}

  // What may be sent now; 0 or less while the budget is spent.
  std::int64_t left(SteadyTime now) {
    const auto passed = std::min<std::chrono::duration<double>>(now - last_, std::chrono::seconds(2));
    left_ = std::min(rate_, left_ + static_cast<std::int64_t>(passed.count() * static_cast<double>(rate_)));
    last_ = now;
    return left_;
  }

  // May exceed what is left: then time has to pass.
  void spend(std::int64_t bytes) { left_ -= bytes; }

 private:
  const std::int64_t rate_;
  std::int64_t left_;
  SteadyTime last_;
};

}  // namespace ubiety::http
