#include "storage/sqlite/connection.hpp"

namespace ubiety::sqlite {
namespace {

// synchronous=FULL: NORMAL could lose the last commits at a power failure.
// secure_delete=OFF: Debian compiles it in, and overwriting freed pages doubles the writes of every change.
// page_size, wal_autocheckpoint: rows of many devices touch a page each, and each commit writes whole pages to the WAL.
// Beside 4 KiB and a checkpoint at 16 MiB, bench/run measured 1.35 times the batches of 1,000, and as many single
// reports. An existing file keeps its page size. journal_size_limit: a WAL that grew under load shrinks again at the
// next checkpoint.
// cache_size: 32 MiB a connection took more memory than a large fleet, and was no faster: the kernel keeps the pages.
constexpr const char* set_up =
    "PRAGMA busy_timeout = 5000;"
    "PRAGMA page_size = 8192;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA secure_delete = OFF;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -2048;"
    "PRAGMA wal_autocheckpoint = 8000;"
    "PRAGMA journal_size_limit = 67108864;"
    "SELECT 1 FROM sqlite_schema LIMIT 1;";  // opens the WAL

Database with_settings(Database database) {
  database.execute(set_up);
  database.note_place();
  return database;
}

}  // namespace

Database connect(const std::string& path) { return with_settings(Database(path, Database::IfMissing::make)); }

Database connect_to_existing(const std::string& path) {
  return with_settings(Database(path, Database::IfMissing::fail));
}

StoreFailure failure_of(const Error& error) {
  const bool rejected =
      error.code() == SQLITE_CONSTRAINT || error.code() == SQLITE_MISMATCH || error.code() == SQLITE_TOOBIG;
  return {rejected ? StoreFailure::Kind::rejected : StoreFailure::Kind::unavailable, error.what()};
}

}  // namespace ubiety::sqlite
