#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {
namespace {

[[noreturn]] void fail(sqlite3* handle, int code) { throw Error(code, sqlite3_errmsg(handle)); }

}  // namespace

Database::Database(const std::string& path, IfMissing missing) : path_(path) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (missing == IfMissing::make ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);  // also a failed open gives a handle that wants closing
  if (code != SQLITE_OK) throw Error(code, path + ": " + sqlite3_errmsg(handle));
}

// The last connection that closes writes the WAL into the file and removes it by its name: not one that has come into
// its place.
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

}  // namespace ubiety::sqlite
