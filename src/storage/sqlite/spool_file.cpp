#include "storage/sqlite/spool_file.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "storage/log/format.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/ownership.hpp"

namespace ubiety::sqlite {
namespace {

// SQLite's application_id ("Ubit") and user_version, by which a spool is recognised; see docs/FORMATS.md.
constexpr std::int64_t spool_application_id = 0x55626974;
constexpr std::int64_t spool_version = 2;

// What oldest() returns at once.
constexpr std::size_t most_rows = 256;
constexpr std::size_t enough_bytes = 1 << 20;

constexpr const char* create_tables = R"sql(
  CREATE TABLE IF NOT EXISTS spool (
    place    INTEGER PRIMARY KEY,
    stream   INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    count    INTEGER NOT NULL,
    updates  BLOB    NOT NULL,
    UNIQUE (stream, sequence)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS spool_set_aside (
    place    INTEGER PRIMARY KEY,
    stream   INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    count    INTEGER NOT NULL,
    updates  BLOB    NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS store_owner (
    the_only_row INTEGER NOT NULL PRIMARY KEY CHECK (the_only_row = 1),
    host         TEXT    NOT NULL,
    pid          INTEGER NOT NULL,
    since        INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS bound_to (
    the_only_row INTEGER NOT NULL PRIMARY KEY CHECK (the_only_row = 1),
    database     TEXT    NOT NULL
  ) STRICT;)sql";

constexpr std::string_view insert_waiting = R"sql(
  INSERT OR IGNORE INTO spool (stream, sequence, count, updates) VALUES (?1, ?2, ?3, ?4))sql";

constexpr std::string_view select_waiting = R"sql(
  SELECT stream, sequence, updates, place FROM spool ORDER BY place)sql";

constexpr std::string_view remove_waiting = "DELETE FROM spool WHERE stream = ?1 AND sequence = ?2 RETURNING count";

constexpr std::string_view copy_to_damaged = R"sql(
  INSERT INTO spool_set_aside (stream, sequence, count, updates)
  SELECT stream, sequence, count, updates FROM spool WHERE stream = ?1 AND sequence = ?2)sql";

constexpr std::string_view put_bound_to = "INSERT OR REPLACE INTO bound_to (the_only_row, database) VALUES (1, ?1)";

// Finds the table that was created last: a file with it has all tables.
constexpr std::string_view find_rows = "SELECT 1 FROM sqlite_schema WHERE name = 'spool'";

constexpr std::string_view count_tables = "SELECT count(*) FROM sqlite_schema";
constexpr std::string_view count_waiting = "SELECT ifnull(sum(count), 0) FROM spool";
constexpr std::string_view count_damaged = "SELECT count(*) FROM spool_set_aside";
constexpr std::string_view select_bound_to = "SELECT database FROM bound_to";

// Version 1 had a row for each update.
constexpr std::string_view find_updates = "SELECT 1 FROM sqlite_schema WHERE name = 'waiting'";
constexpr std::string_view select_updates = R"sql(
  SELECT timestamp, battery_level, rssi, online, received_at, device_id, place FROM waiting ORDER BY place
  LIMIT 1000)sql";
constexpr std::string_view delete_updates = "DELETE FROM waiting WHERE place <= ?1";
constexpr std::string_view make_random = "SELECT random() & 9223372036854775807";
constexpr const char* drop_version_1 = "DROP TABLE waiting; DROP TABLE IF EXISTS received_floor;";

// SQLite takes no parameters in a PRAGMA, so the value is put into its text.
void set_pragma(Database& database, const std::string& name, std::int64_t value) {
  database.execute(("PRAGMA " + name + " = " + std::to_string(value)).c_str());
}

// Does not change the version of a spool of version 1, which another process may own.
void create_spool(Database& database, bool is_empty) {
  Transaction transaction(database);
  if (is_empty) {
    set_pragma(database, "application_id", spool_application_id);
    set_pragma(database, "user_version", spool_version);
  }
  database.execute(create_tables);
  transaction.commit();
}

// Turns an empty file into a spool.
Database prepared(const std::string& path, std::int64_t max_bytes) {
  auto database = connect(path);
  const bool is_empty = single_integer(database, count_tables) == 0;
  if (!is_empty && single_integer(database, "PRAGMA application_id") != spool_application_id)
    throw Error(SQLITE_MISMATCH, path + " is not a spool");
  if (single_integer(database, "PRAGMA user_version") > spool_version)
    throw Error(SQLITE_MISMATCH, path + " was written by a later version");
  // A complete spool is not written to, so that on a full disk its updates can still be read and forwarded.
  if (!Statement(database, find_rows).next()) create_spool(database, is_empty);
  const auto page_size = single_integer(database, "PRAGMA page_size");
  set_pragma(database, "max_page_count", max_bytes / page_size);
  return database;
}

void insert_row(Statement& insert, log::Position position, const UpdateList& updates) {
  const auto bytes = log::encode_row(updates);
  insert.bind(1, position.stream)
      .bind(2, position.sequence)
      .bind(3, static_cast<std::int64_t>(updates.size()))
      .bind_blob(4, bytes)
      .run();
}

// Returns the first updates of a spool of version 1, and the place of the last of them.
std::pair<std::vector<StatusUpdate>, std::int64_t> first_updates(Statement& select) {
  std::vector<StatusUpdate> updates;
  std::int64_t last = 0;
  while (select.next()) {
    updates.push_back({DeviceId(select.text(5)),
                       {.timestamp = {select.integer(0)},
                        .received = {select.integer(4)},
                        .rssi = static_cast<std::int16_t>(select.integer(2)),
                        .battery_level = static_cast<std::uint8_t>(select.integer(1)),
                        .online = select.integer(3) != 0}});
    last = select.integer(6);
  }
  return {std::move(updates), last};
}

// Turns the updates of a spool of version 1 into rows of a stream of their own. The space of what is moved is used
// again at once, so that the file does not grow.
void convert_version_1(Database& database) {
  if (!Statement(database, find_updates).next()) return;
  Transaction transaction(database);
  {
    log::Position position{.stream = single_integer(database, make_random)};
    Statement select(database, select_updates), remove(database, delete_updates), insert(database, insert_waiting);
    for (;;) {
      const auto [updates, last] = first_updates(select);
      if (updates.empty()) break;
      UpdateList list;
      for (const auto& update : updates) list.push_back(&update);
      remove.bind(1, last).run();
      ++position.sequence;
      insert_row(insert, position, list);
    }
  }
  database.execute(drop_version_1);
  set_pragma(database, "user_version", spool_version);
  transaction.commit();
}

}  // namespace

StoreResult<std::unique_ptr<Spool>> SpoolFile::open(const std::string& path, std::int64_t max_bytes) {
  return guarded([&] { return std::unique_ptr<Spool>(new SpoolFile(path, max_bytes)); });
}

SpoolFile::SpoolFile(const std::string& path, std::int64_t max_bytes)
    : max_bytes_(static_cast<std::uint64_t>(max_bytes)),
      lock_(path),
      database_(prepared(path, max_bytes)),
      insert_(database_, insert_waiting),
      select_(database_, select_waiting),
      remove_(database_, remove_waiting),
      set_aside_row_(database_, copy_to_damaged),
      put_binding_(database_, put_bound_to),
      count_pages_(database_, "PRAGMA page_count"),
      count_free_pages_(database_, "PRAGMA freelist_count"),
      page_size_(static_cast<std::uint64_t>(single_integer(database_, "PRAGMA page_size"))) {
  read_what_waits();
}

StoreResult<Claim> SpoolFile::claim(Timestamp now) {
  return guarded([&]() -> Claim {
    const MutexLock lock(mutex_);
    const bool had_it = lock_.is_locked();
    if (!lock_.try_lock()) return {.outcome = Claim::Outcome::others, .other = recorded_owner(database_)};
    if (const auto change = database_.change_of_place()) return {.outcome = Claim::Outcome::lost, .reason = *change};
    if (had_it) return {};
    convert_version_1(database_);
    record_owner(database_, this_process(now));
    read_what_waits();  // the previous owner may have left rows
    return {};
  });
}

void SpoolFile::read_what_waits() {
  Statement select_binding(database_, select_bound_to);
  if (select_binding.next()) bound_to_ = select_binding.text(0);
  note_size();
  waiting_.store(static_cast<std::uint64_t>(single_integer(database_, count_waiting)), std::memory_order_relaxed);
  set_aside_.store(static_cast<std::uint64_t>(single_integer(database_, count_damaged)), std::memory_order_relaxed);
}

// The file keeps the pages of removed rows for reuse.
void SpoolFile::note_size() {
  const auto pages = single_integer(count_pages_) - single_integer(count_free_pages_);
  used_bytes_.store(static_cast<std::uint64_t>(pages) * page_size_, std::memory_order_relaxed);
}

StoreResult<Done> SpoolFile::append(log::Position position, const UpdateList& updates) {
  return guarded([&] {
    const MutexLock lock(mutex_);
    Transaction transaction(database_);
    insert_row(insert_, position, updates);
    const bool is_new = sqlite3_changes64(database_.handle()) > 0;
    note_size();
    transaction.commit();
    if (is_new) waiting_.fetch_add(updates.size(), std::memory_order_relaxed);
    return Done{};
  });
}

StoreResult<std::vector<log::Row>> SpoolFile::oldest() {
  return guarded([&] {
    const MutexLock lock(mutex_);
    std::vector<log::Row> rows;
    std::vector<log::Position> damaged;
    std::size_t bytes = 0;
    while (rows.size() < most_rows && bytes < enough_bytes && select_.next()) {
      const log::Position position{select_.integer(0), select_.integer(1)};
      const auto encoded = select_.blob(2);
      if (auto updates = log::decode_row(encoded)) {
        rows.push_back({position, std::move(*updates)});
        bytes += encoded.size();
      } else {
        damaged.push_back(position);
      }
    }
    select_.reset();
    for (const auto& position : damaged) set_row_aside(position);
    return rows;
  });
}

void SpoolFile::set_row_aside(log::Position position) {
  Transaction transaction(database_);
  set_aside_row_.bind(1, position.stream).bind(2, position.sequence).run();
  const auto count = remove_row(position);
  transaction.commit();
  waiting_.fetch_sub(count, std::memory_order_relaxed);
  set_aside_.fetch_add(1, std::memory_order_relaxed);
}

// Returns the number of its updates.
std::uint64_t SpoolFile::remove_row(log::Position position) {
  remove_.bind(1, position.stream).bind(2, position.sequence);
  if (!remove_.next()) return 0;
  const auto count = static_cast<std::uint64_t>(remove_.integer(0));
  remove_.run();
  return count;
}

StoreResult<Done> SpoolFile::remove(const std::vector<log::Position>& positions) {
  return guarded([&] {
    const MutexLock lock(mutex_);
    Transaction transaction(database_);
    std::uint64_t count = 0;
    for (const auto& position : positions) count += remove_row(position);
    note_size();
    transaction.commit();
    waiting_.fetch_sub(count, std::memory_order_relaxed);
    return Done{};
  });
}

StoreResult<Done> SpoolFile::read_all(const std::function<void(log::Row&&)>& sink) {
  return guarded([&] {
    const MutexLock lock(mutex_);
    Statement rows(database_, select_waiting);
    while (rows.next())
      if (auto updates = log::decode_row(rows.blob(2))) sink({{rows.integer(0), rows.integer(1)}, std::move(*updates)});
    return Done{};
  });
}

std::optional<std::string> SpoolFile::database() const {
  const MutexLock lock(mutex_);
  return bound_to_;
}

StoreResult<Done> SpoolFile::bind_to(const std::string& database) {
  return guarded([&] {
    const MutexLock lock(mutex_);
    put_binding_.bind(1, database).run();
    bound_to_ = database;
    return Done{};
  });
}

}  // namespace ubiety::sqlite
