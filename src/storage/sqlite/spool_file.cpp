#include "storage/sqlite/spool_file.hpp"

#include <algorithm>
#include <utility>

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/ownership.hpp"

namespace ubiety::sqlite {
namespace {

// SQLite's application_id ("Ubit") and user_version, by which a spool is recognised; see docs/FORMATS.md.
constexpr std::int64_t spool_application_id = 0x55626974;
constexpr std::int64_t spool_version = 1;

constexpr const char* create_tables = R"sql(
  CREATE TABLE IF NOT EXISTS waiting (
    place         INTEGER PRIMARY KEY,
    device_id     TEXT    NOT NULL,
    timestamp     INTEGER NOT NULL,
    battery_level INTEGER NOT NULL,
    rssi          INTEGER NOT NULL,
    online        INTEGER NOT NULL,
    received_at   INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS received_floor (
    the_only_row INTEGER NOT NULL PRIMARY KEY CHECK (the_only_row = 1),
    received_at  INTEGER NOT NULL
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
  INSERT INTO waiting (device_id, timestamp, battery_level, rssi, online, received_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6))sql";

constexpr std::string_view select_oldest_waiting = R"sql(
  SELECT timestamp, battery_level, rssi, online, received_at, device_id, place FROM waiting ORDER BY place LIMIT ?1)sql";

constexpr std::string_view remove_waiting = "DELETE FROM waiting WHERE place <= ?1";

constexpr std::string_view put_received_floor = R"sql(
  INSERT INTO received_floor (the_only_row, received_at) VALUES (1, ?1)
  ON CONFLICT DO UPDATE SET received_at = excluded.received_at)sql";

constexpr std::string_view put_bound_to = "INSERT OR REPLACE INTO bound_to (the_only_row, database) VALUES (1, ?1)";

// Finds bound_to, which was added after the other tables: a file with it has all tables.
constexpr std::string_view find_binding = "SELECT 1 FROM sqlite_schema WHERE name = 'bound_to'";

constexpr std::string_view count_tables = "SELECT count(*) FROM sqlite_schema";
constexpr std::string_view count_waiting = "SELECT count(*) FROM waiting";
constexpr std::string_view select_received_floor = "SELECT received_at FROM received_floor";
constexpr std::string_view select_bound_to = "SELECT database FROM bound_to";

constexpr std::int64_t all_rows = -1;  // for LIMIT

std::int64_t single_integer(Statement& statement) {
  if (!statement.next()) throw Error(SQLITE_EMPTY, "a statement that always returns a row returned none");
  const auto value = statement.integer(0);
  statement.reset();
  return value;
}

std::int64_t single_integer(Database& database, std::string_view sql) {
  Statement statement(database, sql);
  return single_integer(statement);
}

// SQLite takes no parameters in a PRAGMA, so the value is put into its text.
void set_pragma(Database& database, const std::string& name, std::int64_t value) {
  database.execute(("PRAGMA " + name + " = " + std::to_string(value)).c_str());
}

void create_spool(Database& database) {
  set_pragma(database, "application_id", spool_application_id);
  set_pragma(database, "user_version", spool_version);
  database.execute(create_tables);
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
  if (!Statement(database, find_binding).next()) create_spool(database);
  const auto page_size = single_integer(database, "PRAGMA page_size");
  set_pragma(database, "max_page_count", max_bytes / page_size);
  return database;
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
      select_oldest_(database_, select_oldest_waiting),
      remove_(database_, remove_waiting),
      put_floor_(database_, put_received_floor),
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
    record_owner(database_, this_process(now));
    read_what_waits();  // the previous owner may have left updates
    return {};
  });
}

void SpoolFile::read_what_waits() {
  Statement select_floor(database_, select_received_floor);
  if (select_floor.next()) floor_ = Timestamp{select_floor.integer(0)};
  Statement select_binding(database_, select_bound_to);
  if (select_binding.next()) bound_to_ = select_binding.text(0);
  note_size();
  waiting_.store(static_cast<std::uint64_t>(single_integer(database_, count_waiting)), std::memory_order_relaxed);
}

// The file keeps the pages of removed rows for reuse.
void SpoolFile::note_size() {
  const auto pages = single_integer(count_pages_) - single_integer(count_free_pages_);
  used_bytes_.store(static_cast<std::uint64_t>(pages) * page_size_, std::memory_order_relaxed);
}

StoreResult<Done> SpoolFile::append(const UpdateList& updates) {
  return guarded([&] {
    const MutexLock lock(mutex_);
    Transaction transaction(database_);
    for (const auto* update : updates) {
      bind_update(insert_, *update);
      insert_.run();
    }
    note_size();
    transaction.commit();
    waiting_.fetch_add(updates.size(), std::memory_order_relaxed);
    return Done{};
  });
}

StoreResult<SpoolSlice> SpoolFile::oldest(std::size_t max_updates) {
  return guarded([&] {
    const MutexLock lock(mutex_);
    SpoolSlice slice;
    select_oldest_.bind(1, static_cast<std::int64_t>(max_updates));
    while (select_oldest_.next()) {
      slice.updates.push_back({DeviceId(select_oldest_.text(5)), status_in(select_oldest_)});
      slice.last = select_oldest_.integer(6);
    }
    return slice;
  });
}

StoreResult<Done> SpoolFile::remove_through(std::int64_t last) {
  return guarded([&] {
    const MutexLock lock(mutex_);
    remove_.bind(1, last).run();
    waiting_.fetch_sub(static_cast<std::uint64_t>(sqlite3_changes64(database_.handle())), std::memory_order_relaxed);
    note_size();
    return Done{};
  });
}

StoreResult<Done> SpoolFile::read_all(const StatusSink& sink) {
  return guarded([&] {
    const MutexLock lock(mutex_);
    select_oldest_.bind(1, all_rows);
    while (select_oldest_.next()) sink({DeviceId(select_oldest_.text(5)), status_in(select_oldest_)}, Origin::history);
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

std::optional<Timestamp> SpoolFile::received_floor() const {
  const MutexLock lock(mutex_);
  return floor_;
}

StoreResult<Done> SpoolFile::set_received_floor(Timestamp received) {
  return guarded([&] {
    const MutexLock lock(mutex_);
    put_floor_.bind(1, received.microseconds).run();
    floor_ = received;
    return Done{};
  });
}

}  // namespace ubiety::sqlite
