#include "support/store_sql.hpp"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>

#include "support/postgres_server.hpp"

namespace ubiety::test {
namespace {

std::optional<std::string> execute_in_file(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* opened = nullptr;
  const int opening = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database(opened, &sqlite3_close);
  const auto fail = [&] { throw std::runtime_error(std::string(sqlite3_errmsg(opened)) + ": " + sql); };
  if (opening != SQLITE_OK) fail();
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(opened, sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) fail();
  const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(prepared, &sqlite3_finalize);
  const int stepped = sqlite3_step(prepared);
  if (stepped == SQLITE_DONE) return std::nullopt;
  if (stepped != SQLITE_ROW) fail();
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared, 0));
  if (text == nullptr) return std::nullopt;
  return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(prepared, 0)));
}

}  // namespace

std::optional<std::string> execute_in_store_of(ServiceProcess& service, const std::string& sql) {
  const auto url = service.settings().find("DATABASE_URL");
  if (url == service.settings().end()) return execute_in_file(service.folder() / "data/ubiety.db", sql);
  return shared_postgres().execute(url->second.substr(url->second.rfind('/') + 1), sql);
}

}  // namespace ubiety::test
