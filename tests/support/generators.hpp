// Generators of statuses for rapidcheck. The ranges are narrow, so that ties and late reports are frequent. Any thread.
#pragma once

#include <rapidcheck.h>

#include <chrono>
#include <ostream>

#include "domain/status.hpp"
#include "domain/timestamp.hpp"

namespace ubiety {

// Noon of some day, which tests take as the current time.
inline constexpr Timestamp noon{1'764'000'000'000'000};

inline void showValue(const Timestamp& instant, std::ostream& out) { out << format_timestamp(instant); }

inline void showValue(const Status& status, std::ostream& out) {
  out << "{timestamp " << format_timestamp(status.timestamp) << ", received " << format_timestamp(status.received)
      << ", battery " << int{status.battery_level} << ", rssi " << status.rssi << (status.online ? ", on}" : ", off}");
}

}  // namespace ubiety

namespace ubiety::test {

// Any instant that RFC 3339 can express.
inline rc::Gen<Timestamp> any_instant() {
  const auto bounded = rc::gen::inRange(earliest_timestamp.microseconds, latest_timestamp.microseconds + 1);
  return rc::gen::map(bounded, [](std::int64_t microseconds) { return Timestamp{microseconds}; });
}

// Whole seconds around noon.
inline rc::Gen<Timestamp> instant_near_noon(int seconds_before, int seconds_after) {
  return rc::gen::map(rc::gen::inRange(-seconds_before, seconds_after + 1),
                      [](int seconds) { return noon + std::chrono::seconds(seconds); });
}

// Times of clocks that are late, right and ahead, some by more than the maximum clock skew of five minutes.
inline rc::Gen<Timestamp> device_time() {
  return rc::gen::oneOf(instant_near_noon(3, 3), instant_near_noon(0, 310),
                        rc::gen::element(latest_timestamp, latest_timestamp - std::chrono::seconds(1)));
}

inline rc::Gen<Status> any_status() {
  return rc::gen::apply(
      [](Timestamp timestamp, Timestamp received, int battery_level, int rssi, bool online) {
        return Status{timestamp, received, static_cast<std::int16_t>(rssi), static_cast<std::uint8_t>(battery_level),
                      online};
      },
      device_time(), instant_near_noon(3, 3), rc::gen::inRange(50, 52), rc::gen::inRange(-61, -59),
      rc::gen::arbitrary<bool>());
}

}  // namespace ubiety::test
