// What the benchmarks are about: updates of a fleet, and the texts that say them. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/status.hpp"

namespace ubiety::micro {

// 2026-01-01T00:00:00Z.
inline constexpr Timestamp new_year{1'767'225'600'000'000};

// The `nth` update of a device, later by a second than the one before.
StatusUpdate update_of(std::uint32_t device, std::int64_t nth = 0);

// One of each of so many devices.
std::vector<StatusUpdate> fleet(std::uint32_t devices);

// The report that says this update.
std::string report_text(const StatusUpdate& update);

}  // namespace ubiety::micro
