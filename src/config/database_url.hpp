// DATABASE_URL: which store, and where. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "domain/result.hpp"

namespace ubiety::config {

struct DatabaseUrl {
  enum class Kind { sqlite, postgresql } kind;
  std::string location;  // the file's path, or the URL for libpq
};

// postgresql://… and postgres://…, also with an SQLAlchemy driver (postgresql+psycopg2://…), which is dropped;
// sqlite:PATH, and SQLAlchemy's sqlite:///PATH. The error is for a person.
Result<DatabaseUrl, std::string> parse_database_url(std::string_view text);

}  // namespace ubiety::config
