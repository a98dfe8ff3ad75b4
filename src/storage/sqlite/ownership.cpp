#include "storage/sqlite/ownership.hpp"

#include <filesystem>
#include <utility>

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/update_log.hpp"

namespace ubiety::sqlite {
namespace {

constexpr std::string_view find_table = "SELECT 1 FROM sqlite_schema WHERE name = 'store_owner'";
constexpr std::string_view find_log = "SELECT 1 FROM sqlite_schema WHERE name = 'node_stream'";
constexpr std::string_view select_owner = "SELECT host, pid, since FROM store_owner";
constexpr std::string_view put_owner = R"sql(
  INSERT INTO store_owner (the_only_row, host, pid, since) VALUES (1, ?1, ?2, ?3)
  ON CONFLICT DO UPDATE SET host = excluded.host, pid = excluded.pid, since = excluded.since)sql";

bool has_tables(Database& database) { return Statement(database, find_log).next(); }

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
  // In this order: what the process has seen by now is in the file when the file is read.
  const auto seen = shared_.seen();
  const Snapshot snapshot(*database_);
  const auto is_as_seen = [&] {
    return sqlite::recorded_owner(*database_) == self_ && UpdateLog(*database_).has(seen);
  };
  if (has_tables(*database_) && is_as_seen()) return {};
  return {.outcome = Claim::Outcome::lost, .reason = path_ + " was replaced by a copy while it was in use"};
}

// A row of an earlier owner cannot follow: its streams are closed.
StoreResult<Done> FileOwnership::take_over(Timestamp now) {
  return guarded([&] {
    auto database = connect_to_existing(path_);
    self_ = this_process(now);
    std::int64_t version = 0;  // that no copy has which was made before
    {
      const WriteTurns::Turn turn(shared_.turns());
      Transaction transaction(database);
      UpdateLog log(database);
      log.close_streams();
      version = log.raise_version();
      record_owner(database, self_);
      transaction.commit();
    }
    shared_.own(version);
    database_.emplace(std::move(database));
    return Done{};
  });
}

}  // namespace ubiety::sqlite
