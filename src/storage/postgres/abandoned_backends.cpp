#include "storage/postgres/abandoned_backends.hpp"

namespace ubiety::postgres {
namespace {

// The time of its start tells a process from a later one of the same number. Waits for two seconds at most. No row
// means that it is gone.
constexpr const char* terminate = R"sql(
  SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2)sql";

}  // namespace

void AbandonedBackends::add(Backend backend) {
  const MutexLock lock(mutex_);
  backends_.push_back(std::move(backend));
}

void AbandonedBackends::end_all(Connection& connection) {
  const MutexLock lock(mutex_);
  while (!backends_.empty()) {
    const auto& [pid, started] = backends_.back();
    const auto rows = connection.query(terminate, {pid, started});
    if (!rows.empty() && !rows[0].boolean(0))
      throw SqlError("", "process " + std::to_string(pid) + " of the server does not end");
    backends_.pop_back();
  }
}

}  // namespace ubiety::postgres
