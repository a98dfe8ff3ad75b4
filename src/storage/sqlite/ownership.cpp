#include "storage/sqlite/ownership.hpp"

#include <filesystem>
#include <utility>

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/owner_record.hpp"
#include "storage/sqlite/update_log.hpp"

namespace ubiety::sqlite {

StoreResult<Claim> FileOwnership::claim() {
  return guarded([&] { return database_ ? look_again() : first_claim(); });
}

// No connection stays open: a migration needs the file for itself.
Claim FileOwnership::first_claim() {
  if (lock_.is_elsewhere()) lock_.close();
  if (!std::filesystem::exists(path_)) connect(path_);  // makes it
  if (!lock_.try_lock()) return {.outcome = Claim::Outcome::others, .other = recorded_owner()};
  // SQLite finds the WAL by the file's name: what was committed under another name would be missing.
  if (lock_.names() > 1)
    throw Error(SQLITE_MISMATCH, path_ + " has more than one name (hard links); a database may have only one");
  return {};
}

Owner FileOwnership::recorded_owner() const {
  if (lock_.names() > 1) return {};
  auto database = connect_to_existing(path_);
  return sqlite::recorded_owner(database);
}

Claim FileOwnership::look_again() {
  if (const auto change = database_->change_of_place()) return {.outcome = Claim::Outcome::lost, .reason = *change};
  // In this order: whatever memory has by then, the file has when it is read.
  const auto seen = unmerged_.lock()->seen();
  const Snapshot snapshot(*database_);
  const auto state = UpdateLog(*database_).state();
  if (seen.is_of(state.progress.log_identity, state.progress.version, state.newest_row)) return {};
  return {.outcome = Claim::Outcome::lost, .reason = path_ + " was put back from a copy while it was in use"};
}

StoreResult<Done> FileOwnership::take_over(Timestamp now) {
  return guarded([&] {
    auto database = connect_to_existing(path_);
    Transaction transaction(database);
    const auto identity = UpdateLog(database).renew_identity();
    record_owner(database, this_process(now));
    transaction.commit();
    unmerged_.lock()->own(identity);
    database_.emplace(std::move(database));
    return Done{};
  });
}

}  // namespace ubiety::sqlite
