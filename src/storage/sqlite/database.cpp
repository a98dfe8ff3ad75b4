#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {
namespace {

[[noreturn]] void fail(sqlite3* handle, int code) { throw Error(code, sqlite3_errmsg(handle)); }

// synchronous=FULL: NORMAL could lose the last commits in a power failure.
// secure_delete=OFF: Debian turns it on, and overwriting freed pages doubles the writes of each change.
// page_size, wal_autocheckpoint: rows of many devices touch a page each, and a commit writes whole pages to the WAL.
// Compared with 4 KiB and a checkpoint at 16 MiB, bench/run measured 1.35 times the batches of 1,000, and as many
// single reports. auto_vacuum: Compaction shrinks the file. An existing file keeps its page size and its auto_vacuum.
// journal_size_limit: after load the WAL shrinks at the next checkpoint. cache_size: 32 MiB per connection took more
// memory than a large fleet and was no faster, as the kernel caches pages.
constexpr const char* set_up =
    "PRAGMA busy_timeout = 5000;"
    "PRAGMA page_size = 8192;"
    "PRAGMA auto_vacuum = INCREMENTAL;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA secure_delete = OFF;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -2048;"
    "PRAGMA wal_autocheckpoint = 8000;"
    "PRAGMA journal_size_limit = 67108864;"
    "SELECT 1 FROM sqlite_schema LIMIT 1;";  // opens the WAL

// SQLite counts the memory that it allocates under one mutex of the process, for which all sessions would wait.
void stop_counting_memory() {
  static const int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)code;  // too late if another part of the process uses SQLite: then it counts, which does no harm
}

Database with_settings(Database database) {
  database.execute(set_up);
  database.note_place();
  return database;
}

}  // namespace

Database::Database(const std::string& path, IfMissing missing) : path_(path) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (missing == IfMissing::make ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);  // a failed open returns a handle too, which has to be closed
  if (code != SQLITE_OK) throw Error(code, path + ": " + sqlite3_errmsg(handle));
}

// The last connection to close checkpoints the WAL and removes it by name. It must not do so to another file that has
// taken its place.
Database::~Database() {
  if (handle_ == nullptr || !place_ || place_->has_wal()) return;
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void Database::note_place() { place_.emplace(path_, sqlite3_filename_wal(sqlite3_db_filename(handle_.get(), "main"))); }

void Database::expect_in_place() const {
  if (const auto change = change_of_place()) throw Error(SQLITE_IOERR, *change);
}

void Database::execute(const char* sql) const {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(handle_.get(), code);
}

Statement::Statement(const Database& database, std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (code != SQLITE_OK) fail(database.handle(), code);
  handle_.reset(handle);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  check(sqlite3_bind_int64(handle_.get(), parameter, value));
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view value) {
  check(sqlite3_bind_text(handle_.get(), parameter, value.data(), static_cast<int>(value.size()), SQLITE_STATIC));
  return *this;
}

Statement& Statement::bind_or_null(int parameter, std::optional<std::int64_t> value) {
  if (value) return bind(parameter, *value);
  check(sqlite3_bind_null(handle_.get(), parameter));
  return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
  check(sqlite3_bind_blob(handle_.get(), parameter, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC));
  return *this;
}

bool Statement::next() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  sqlite3_reset(handle_.get());
  if (code != SQLITE_DONE) fail(sqlite3_db_handle(handle_.get()), code);
  return false;
}

std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

std::string_view Statement::blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) fail(sqlite3_db_handle(handle_.get()), code);
}

std::int64_t single_integer(Statement& statement) {
  if (!statement.next()) throw Error(SQLITE_EMPTY, "a statement that always returns a row returned none");
  const auto value = statement.integer(0);
  statement.reset();
  return value;
}

std::int64_t single_integer(const Database& database, std::string_view sql) {
  Statement statement(database, sql);
  return single_integer(statement);
}

Database connect(const std::string& path) {
  stop_counting_memory();
  return with_settings(Database(path, Database::IfMissing::make));
}

Database connect_to_existing(const std::string& path) {
  stop_counting_memory();
  return with_settings(Database(path, Database::IfMissing::fail));
}

StoreFailure failure_of(const Error& error) {
  const bool rejected =
      error.code() == SQLITE_CONSTRAINT || error.code() == SQLITE_MISMATCH || error.code() == SQLITE_TOOBIG;
  return {rejected ? StoreFailure::Kind::rejected : StoreFailure::Kind::unavailable, error.what()};
}

}  // namespace ubiety::sqlite
