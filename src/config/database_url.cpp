#include "config/database_url.hpp"

namespace ubiety::config {
namespace {

using Outcome = Result<DatabaseUrl, std::string>;

Outcome postgres_url(std::string_view rest) {
  if (!rest.starts_with("//")) return Failure{std::string("postgresql: is to be followed by //host/database")};
  return DatabaseUrl{DatabaseUrl::Kind::postgresql, "postgresql:" + std::string(rest)};
}

Outcome sqlite_url(std::string_view path) {
  if (path.starts_with("///"))
    path.remove_prefix(3);
  else if (path.starts_with("//"))
    return Failure{std::string("sqlite: is to be followed by a path, or by /// and a path")};
  if (path.empty()) return Failure{std::string("sqlite: is to be followed by a path")};
  if (path == ":memory:") return Failure{std::string("a store in memory would keep nothing; name a file")};
  return DatabaseUrl{DatabaseUrl::Kind::sqlite, std::string(path)};
}

}  // namespace

Outcome parse_database_url(std::string_view text) {
  const auto colon = text.find(':');
  const auto scheme = text.substr(0, colon);
  const auto dialect = scheme.substr(0, scheme.find('+'));
  if (colon != std::string_view::npos) {
    if (dialect == "postgresql" || dialect == "postgres") return postgres_url(text.substr(colon + 1));
    if (dialect == "sqlite") return sqlite_url(text.substr(colon + 1));
  }
  return Failure{std::string("expected postgresql://user:password@host:port/database or sqlite:PATH")};
}

}  // namespace ubiety::config
