// The summary's JSON, of which the shards write the devices and http the rest. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/status_update.hpp"

namespace ubiety::http {

inline constexpr std::string_view summary_beginning = "{\"devices\":[";

// One device, after a comma: SummaryEncoder::render.
void render_summary_device(std::string& out, std::string_view device_id, const Status& status);

// What follows the devices, up to the object's end, which is not there yet.
void append_summary_counts(std::string& out, std::uint64_t devices, std::uint64_t online);

}  // namespace ubiety::http
