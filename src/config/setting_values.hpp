// The kinds of settings. Each converts the text of a setting to its value, or says what was expected instead. Pure
// functions, any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/settings.hpp"
#include "domain/result.hpp"
#include "domain/text.hpp"

namespace ubiety::config {

// Quotes a text for an error message. A text with an @ may be a URL with a password, given to the wrong setting: it is
// not shown.
std::string in_quotes(std::string_view text);

// ["a","b"], as pydantic reads lists, or a, b. The empty text and [] are the empty list. nullopt for anything else.
std::optional<std::vector<std::string>> parse_list(std::string_view text);

// Whether `text` is scheme://host or scheme://host:port as browsers send it: in lower case, without a path, and without
// the scheme's default port (RFC 6454, 6.1).
bool is_origin(std::string_view text);

// Parses DATABASE_URL: which store to use, and where it is.
// PostgreSQL: postgresql://… or postgres://…, with or without an SQLAlchemy driver (postgresql+psycopg2://…), which is
// dropped; or keyword=value pairs. libpq checks the rest.
// SQLite: sqlite:PATH, or sqlite:/// and a path as in SQLAlchemy: three slashes for a relative path, four for an
// absolute one. The error is for a person. It quotes nothing, because the text may hold a password.
Result<DatabaseUrl, std::string> parse_database_url(std::string_view text);

namespace setting {

using Problem = std::optional<std::string>;  // for a person, without the name of the setting
using Assign = std::function<Problem(Settings& settings, std::string_view given)>;

Assign text(std::string Settings::*member);
Assign boolean(bool Settings::*member);
Assign fraction(double Settings::*member);  // from 0 to 1
Assign database_url();
Assign address(std::string Settings::*member);
Assign origins(std::vector<std::string> Settings::*member);
Assign group_rule(GroupRule Settings::*member);
Assign ip_ranges(std::vector<IpRange> Settings::*member);
// The URL may hold a password, so no message shows it.
Assign http_url(std::string Settings::*member);
// The name of a header field that HTTP itself does not use.
Assign field_name(std::string Settings::*member);
// For a setting that exists only for compatibility.
Assign only(std::string_view value, std::string_view reason);

template <class Value>
Assign integer(Value Settings::*member, std::int64_t min, std::int64_t max) {
  return [=](Settings& settings, std::string_view given) -> Problem {
    const auto value = parse_integer<std::int64_t>(given);
    if (!value || *value < min || *value > max)
      return "expected an integer from " + std::to_string(min) + " to " + std::to_string(max) + ", not " +
             in_quotes(given);
    settings.*member = Value{*value};
    return std::nullopt;
  };
}

template <class Value>
Assign one_of(Value Settings::*member, std::vector<std::pair<std::string_view, Value>> choices) {
  return [member, choices = std::move(choices)](Settings& settings, std::string_view given) -> Problem {
    std::string expected;
    for (const auto& [name, value] : choices) {
      if (ascii::equal_ignoring_case(name, given)) {
        settings.*member = value;
        return std::nullopt;
      }
      expected.append(expected.empty() ? "" : ", ").append(name);
    }
    return "expected one of " + expected + ", not " + in_quotes(given);
  };
}

}  // namespace setting
}  // namespace ubiety::config
