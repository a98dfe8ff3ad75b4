#include "actors/store/divided_commit.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <future>
#include <utility>
#include <vector>

namespace ubiety {
namespace {

// Of fewer the price of another commit is too large a share.
constexpr std::size_t updates_for_a_connection = 500;

// When the database granted fewer connections than are wanted.
constexpr std::chrono::seconds time_until_next_attempt{15};

std::vector<WriteBatch> divided(const WriteBatch& write, std::size_t parts) {
  std::vector<WriteBatch> divided(parts);
  // Not of the bits by which devices have their shards, of which one alone may have written all this.
  const auto part_of = [parts](const StatusUpdate& update) {
    return (std::hash<std::string_view>{}(update.device_id) >> 16) % parts;
  };
  for (const auto* update : write.fresh) divided[part_of(*update)].fresh.push_back(update);
  for (const auto* update : write.doubtful) divided[part_of(*update)].doubtful.push_back(update);
  return divided;
}

}  // namespace

DividedCommit::DividedCommit(Store& store, std::size_t connections, StoreConnection::Notice notice,
                             SessionMetrics* sessions)
    : notice_(std::move(notice)) {
  for (std::size_t i = 0; i < std::max<std::size_t>(1, connections); ++i)
    connections_.emplace_back(
        store, "writer", [this](bool available) { return note(available); }, i == 0 ? Sharing::keeps : Sharing::waits,
        sessions);
  granted_ = connections_.size();
}

bool DividedCommit::note(bool available) {
  const MutexLock lock(mutex_);
  part_failed_ = part_failed_ || !available;
  return notice_(!part_failed_);
}

// A part whose connection is taken away in between fails, and is written again with the others.
std::size_t DividedCommit::available_connections(std::size_t wanted) {
  if (wanted < 2 || !connections_.front().can_be_used()) return 1;  // the first one before all others
  const auto now = std::chrono::steady_clock::now();
  if (now >= next_attempt_) granted_ = connections_.size();
  std::size_t usable = 1;
  while (usable < std::min(wanted, granted_) && connections_[usable].can_be_used()) ++usable;
  if (usable < std::min(wanted, granted_)) {
    granted_ = usable;
    next_attempt_ = now + time_until_next_attempt;
  }
  return usable;
}

StoreResult<CommitOutcome> DividedCommit::commit(WriteBatch write) {
  const auto updates = write.fresh.size() + write.doubtful.size();
  const auto parts = available_connections(updates / updates_for_a_connection);
  {
    const MutexLock lock(mutex_);
    part_failed_ = false;
  }
  if (parts < 2) return commit_without_refused(connections_.front(), std::move(write));

  auto writes = divided(write, parts);
  std::vector<std::future<StoreResult<CommitOutcome>>> others;
  for (std::size_t part = 1; part < parts; ++part)
    others.push_back(std::async(std::launch::async, [&connection = connections_[part], &write = writes[part]] {
      return commit_without_refused(connection, std::move(write));
    }));
  auto all = commit_without_refused(connections_.front(), std::move(writes.front()));
  for (auto& other : others) {
    auto settled = other.get();
    if (!all) continue;
    if (!settled) {
      all = std::move(settled);
      continue;
    }
    all->refused.insert(all->refused.end(), settled->refused.begin(), settled->refused.end());
    all->fresh_are_new = all->fresh_are_new && settled->fresh_are_new;
  }
  return all;
}

}  // namespace ubiety
