#include "config/database_url.hpp"

namespace ubiety::config {
namespace {

using Outcome = Result<DatabaseUrl, std::string>;

Outcome refusal(std::string_view reason) { return Failure{std::string(reason)}; }

Outcome postgres_url(std::string_view rest) {
  if (!rest.starts_with("//")) return refusal("postgresql: must be followed by //host/database");
  return DatabaseUrl{DatabaseUrl::Kind::postgresql, "postgresql:" + std::string(rest)};
}

Outcome sqlite_url(std::string_view path) {
  if (path.starts_with("//")) {
    if (!path.starts_with("///"))
      return refusal(
          "sqlite:// takes no host: write sqlite:///PATH for a relative path, sqlite:////PATH for an absolute one");
    path.remove_prefix(3);
  }
  if (path.find('?') != std::string_view::npos) return refusal("sqlite: takes no parameters after a ?");
  if (path.empty()) return refusal("sqlite: must be followed by the path of a file");
  if (path == ":memory:") return refusal("a store in memory would lose everything: name a file");
  if (path.ends_with('/')) return refusal("sqlite: needs the path of a file, not of a directory");
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
  const bool has_scheme = text.find("://") < text.find('=');
  if (!has_scheme && text.find('=') != std::string_view::npos)
    return DatabaseUrl{DatabaseUrl::Kind::postgresql, std::string(text)};
  return refusal("expected postgresql://user:password@host:port/database or sqlite:PATH");
}

}  // namespace ubiety::config
