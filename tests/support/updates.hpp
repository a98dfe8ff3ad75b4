// Status updates in few words, as tests of the actors' logic write them. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "domain/status.hpp"
#include "support/generators.hpp"

namespace ubiety::test {

inline std::chrono::microseconds seconds(int number) { return std::chrono::seconds(number); }

// A report made `timestamp` seconds after noon. It was received at the same time unless `received` says otherwise.
inline StatusUpdate update_of(std::string device_id, int timestamp, std::optional<int> received = {},
                              int battery = 76) {
  return {std::move(device_id),
          {noon + seconds(timestamp), noon + seconds(received.value_or(timestamp)), -60,
           static_cast<std::uint8_t>(battery), true}};
}

}  // namespace ubiety::test
