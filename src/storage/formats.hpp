// The numbers by which files and databases of ours are recognised, as docs/FORMATS.md has them. Any thread.
#pragma once

#include <cstdint>

namespace ubiety {

// A spool's file: SQLite's application_id ("Ubit") and user_version.
inline constexpr std::int64_t spool_application_id = 0x55626974;
inline constexpr std::int64_t spool_version = 1;

// PostgreSQL's advisory locks for the owner of a schema. The upper half of the 64-bit key names the lock, the lower
// half is the schema's oid. The lock for migrations, 7563189120, stands in its statement.
enum class OwnerLock : std::uint32_t {
  owner = 0x55626931,       // "Ubi1": held by the owner's own session for as long as the process lives
  committers = 0x55626932,  // "Ubi2": held, shared, by every session that commits
};

}  // namespace ubiety
