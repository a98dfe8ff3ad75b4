#include "storage/sqlite/ownership.hpp"

#include <filesystem>
#include <utility>

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/update_log.hpp"

namespace ubiety::sqlite {
namespace {

constexpr std::string_view find_table = "SELECT 1 FROM sqlite_schema WHERE name = 'store_owner'";
constexpr std::string_view select_owner = "SELECT host, pid, since FROM store_owner";
constexpr std::string_view put_owner = R"sql(
  INSERT INTO store_owner (the_only_row, host, pid, since) VALUES (1, ?1, ?2, ?3)
  ON CONFLICT DO UPDATE SET host = excluded.host, pid = excluded.pid, since = excluded.since)sql";

}  // namespace

void record_owner(Database& database, const Owner& owner) {
  Statement(database, put_owner)
      .bind(1, std::string_view(owner.host))
      .bind(2, owner.pid)
      .bind(3, owner.since.microseconds)
      .run();
}

Owner recorded_owner(Database& database) {
  if (!Statement(database, find_table).next()) return {};
  Statement owner(database, select_owner);
  if (!owner.next()) return {};
  return {.host = std::string(owner.text(0)), .pid = owner.integer(1), .since = {owner.integer(2)}};
}

StoreResult<Claim> FileOwnership::claim() {
  return guarded([&] { return database_ ? look_again() : first_claim(); });
}

// Leaves no connection open, because a migration needs exclusive access to the file.
Claim FileOwnership::first_claim() {
  if (lock_.is_elsewhere()) lock_.close();
  if (!std::filesystem::exists(path_)) connect(path_);  // creates it
  if (!lock_.try_lock()) return {.outcome = Claim::Outcome::others, .other = recorded_owner()};
  // SQLite derives the WAL's path from the file's: commits made under another name would be missing.
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
  // In this order: what memory has seen by now is in the file when it is read.
  const auto seen = unmerged_.lock()->seen();
  const Snapshot snapshot(*database_);
  const auto state = UpdateLog(*database_).state();
  if (seen.is_of(state.progress.log_identity, state.progress.version, state.newest_row)) return {};
  return {.outcome = Claim::Outcome::lost, .reason = path_ + " was replaced by a copy while it was in use"};
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
