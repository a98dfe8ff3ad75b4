// A segment as bytes: updates of one device and one day, oldest first. SQLite keeps segments so; PostgreSQL has arrays,
// which SQL can read. Pure functions, any thread. See docs/FORMATS.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.hpp"
#include "domain/status.hpp"
#include "storage/log/bytes.hpp"

namespace ubiety::log {

// `records`: at least one, sorted by oldest_first.
std::string encode_segment(std::span<const Status> records);

// Returns the records in their order, each of which is valid, or why the bytes are no segment.
Result<std::vector<Status>, Damage> decode_segment(std::string_view bytes);

}  // namespace ubiety::log
