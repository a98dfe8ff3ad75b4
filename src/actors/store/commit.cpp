#include "actors/store/commit.hpp"

#include <utility>

#include "telemetry/log.hpp"

namespace ubiety {

void move_all_to_doubtful(WriteBatch& write) {
  write.doubtful.insert(write.doubtful.end(), write.fresh.begin(), write.fresh.end());
  write.fresh.clear();
}

StoreResult<CommitOutcome> commit_without_refused(StoreConnection& connection, WriteBatch write) {
  const auto committed = connection.use([&](Session& session) { return session.commit(write); });
  if (committed) return CommitOutcome{{}, committed->fresh_are_new};
  if (committed.error().kind != StoreFailure::Kind::rejected) return Failure{committed.error()};

  move_all_to_doubtful(write);
  auto& updates = write.doubtful;
  if (updates.empty()) return Failure{committed.error()};
  if (updates.size() == 1) {
    log::error("the store refuses an update",
               {{"device_id", updates.front()->device_id}, {"reason", committed.error().message}});
    return CommitOutcome{updates};
  }
  const auto middle = updates.begin() + static_cast<std::ptrdiff_t>(updates.size() / 2);
  auto settled = commit_without_refused(connection, {{}, UpdateList(updates.begin(), middle)});
  if (!settled) return settled;
  auto more = commit_without_refused(connection, {{}, UpdateList(middle, updates.end())});
  if (!more) return more;
  settled->refused.insert(settled->refused.end(), more->refused.begin(), more->refused.end());
  return settled;
}

}  // namespace ubiety
