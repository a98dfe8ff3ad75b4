#include "storage/postgres/owner_epoch.hpp"

namespace ubiety::postgres {
namespace {

// The schema in which the tables are, or will be made.
constexpr const char* select_schema = R"sql(
  SELECT coalesce((SELECT relnamespace FROM pg_class WHERE oid = to_regclass('device_status')),
                  (SELECT oid FROM pg_namespace WHERE nspname = current_schema())))sql";

// False while somebody waits for the lock: a process that takes the store over.
constexpr const char* try_lock = "SELECT pg_try_advisory_lock_shared($1)";

constexpr const char* select_epoch = "SELECT epoch FROM store_owner";

}  // namespace

std::int64_t key_of(OwnerLock lock, Connection& connection) {
  const auto rows = connection.query(select_schema);
  if (rows[0].is_null(0)) throw SqlError("", "the search_path leads to no schema");
  return (static_cast<std::int64_t>(lock) << 32) | rows[0].number(0);
}

void OwnerEpoch::admit(Connection& connection) const {
  const auto epoch = get();
  if (epoch == 0) throw SqlError("", "this process does not own the store");
  const auto key = key_of(OwnerLock::committers, connection);
  if (!connection.query(try_lock, {key})[0].boolean(0)) throw SqlError("", "another process takes the store over");
  // Read in a statement of its own: its snapshot is then later than the lock.
  if (connection.query(select_epoch)[0].number(0) != epoch) throw SqlError("", "another process took the store over");
}

}  // namespace ubiety::postgres
