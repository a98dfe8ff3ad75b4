// DATABASE_URL: which store, and where. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "domain/result.hpp"

namespace ubiety::config {

// In the working directory; of the default DATABASE_URL. The only folder that a start makes.
constexpr std::string_view default_store_folder = "data";

struct DatabaseUrl {
  enum class Kind { sqlite, postgresql } kind;
  std::string location;  // the file's path, or what libpq takes: a URL or keyword=value pairs
};

// PostgreSQL: postgresql://…, postgres://…, either with an SQLAlchemy driver (postgresql+psycopg2://…), which is
// dropped, or keyword=value pairs. libpq checks the rest.
// SQLite: sqlite:PATH, or sqlite:/// and a path as in SQLAlchemy: three slashes for a relative path, four for an
// absolute one. The error is for a person and quotes nothing, because the text may hold a password.
Result<DatabaseUrl, std::string> parse_database_url(std::string_view text);

}  // namespace ubiety::config
