// A location is one that the stores take, and stands for itself; an error gives nothing of a password away.
#include "config/setting_values.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "fuzzing.hpp"

using namespace ubiety;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using Kind = config::DatabaseUrl::Kind;
  const auto url = config::parse_database_url(fuzz::text_of(data, size));
  if (!url) {
    static const auto errors = [](auto... texts) {
      return std::vector<std::string>{config::parse_database_url(texts).error()...};
    }("", "postgresql:", "sqlite:", "sqlite://host", "sqlite::memory:", "sqlite:a?b", "sqlite:a/");
    fuzz::require(std::find(errors.begin(), errors.end(), url.error()) != errors.end(), "an error is a fixed text");
    return 0;
  }
  const auto& location = url->location;
  if (url->kind == Kind::postgresql)
    fuzz::require(location.starts_with("postgresql://") || location.find('=') != std::string::npos,
                  "libpq takes a URL, or keywords with values");
  else
    fuzz::require(!location.empty() && location != ":memory:", "SQLite is given a file");
  const auto again = config::parse_database_url(url->kind == Kind::sqlite ? "sqlite:///" + location : location);
  fuzz::require(again && again->kind == url->kind && again->location == location, "a location stands for itself");
  return 0;
}
