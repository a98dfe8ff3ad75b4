// Parses DATABASE_URL: which store to use, and where it is. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "domain/result.hpp"

namespace ubiety::config {

// The folder of the default DATABASE_URL, in the working directory. The service creates this folder, and no other.
constexpr std::string_view default_store_folder = "data";

struct DatabaseUrl {
  enum class Kind { sqlite, postgresql } kind;
  std::string location;  // the path of the file, or a URL or keyword=value pairs for libpq
};

// PostgreSQL: postgresql://… or postgres://…, with or without an SQLAlchemy driver (postgresql+psycopg2://…), which is
// dropped; or keyword=value pairs. libpq checks the rest.
// SQLite: sqlite:PATH, or sqlite:/// and a path as in SQLAlchemy: three slashes for a relative path, four for an
// absolute one. The error is for a person. It quotes nothing, because the text may hold a password.
Result<DatabaseUrl, std::string> parse_database_url(std::string_view text);

}  // namespace ubiety::config
