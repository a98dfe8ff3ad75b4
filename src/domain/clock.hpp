// The service's clock. Whatever needs the time is handed a Clock, so that tests control it.
#pragma once

#include <chrono>

#include "domain/timestamp.hpp"

namespace ubiety {

class Clock {
 public:
  virtual ~Clock() = default;

  // The time of day in UTC. It jumps if the machine's clock is set. Any thread.
  virtual Timestamp now() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  Timestamp now() const override {
    using namespace std::chrono;
    return {duration_cast<microseconds>(system_clock::now().time_since_epoch()).count()};
  }
};

// For deadlines: never jumps.
using SteadyTime = std::chrono::steady_clock::time_point;

}  // namespace ubiety
