// A row of the log as bytes: the updates of one commit, in the order in which they were written. SQLite and the spool
// keep rows so; PostgreSQL has columns, which SQL can read. Pure functions, any thread. See docs/FORMATS.md.
#pragma once

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

}  // namespace ubiety::log
