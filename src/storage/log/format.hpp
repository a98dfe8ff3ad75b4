// A row of the log and a segment of the history, and how both are written as bytes. SQLite and the spool keep them so;
// PostgreSQL has columns and arrays, which SQL can read. Pure functions, any thread. See docs/FORMATS.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.hpp"
#include "domain/status.hpp"
#include "storage/log/bytes.hpp"
#include "storage/log/position.hpp"

namespace ubiety {

// Updates that the caller keeps.
using UpdateList = std::vector<const StatusUpdate*>;

}  // namespace ubiety

namespace ubiety::log {

// The updates of one commit, in the order in which they were written.
struct Row {
  Position position;
  std::vector<StatusUpdate> updates;

  // Valid as long as the row.
  UpdateList pointers() const {
    UpdateList pointers;
    pointers.reserve(updates.size());
    for (const auto& update : updates) pointers.push_back(&update);
    return pointers;
  }
};

std::string encode_row(const UpdateList& updates);

// Returns the updates, each of which is valid, or why the bytes are no row.
Result<std::vector<StatusUpdate>, Damage> decode_row(std::string_view bytes);

// A segment has updates of one device and one day. `records`: at least one, sorted by oldest_first.
std::string encode_segment(std::span<const Status> records);

// Returns the records in their order, each of which is valid, or why the bytes are no segment.
Result<std::vector<Status>, Damage> decode_segment(std::string_view bytes);

}  // namespace ubiety::log
