// The time by which silence is judged: how long the service has listened to the fleet since its first start. It stands
// still while the service is down, stopped or answers 503, and the machine's clock does not change it. Plain values,
// any thread.
#pragma once

#include <chrono>
#include <cstdint>

namespace ubiety {

struct ListeningEpoch {};
using ListeningTime = std::chrono::time_point<ListeningEpoch, std::chrono::milliseconds>;

// A moment of listening, as ListeningClock publishes it to the shards.
struct ListeningMoment {
  ListeningTime now{};
  // When the service last did not listen for a while; the clock's first value if it always did. The service listened
  // throughout a gap that began later.
  ListeningTime interrupted{};
};

// The form in which times and gaps are kept: whole quarters of a second, rounded down. 32 bits last for 34 years.
using QuarterSeconds = std::chrono::duration<std::int64_t, std::ratio<1, 4>>;

}  // namespace ubiety
