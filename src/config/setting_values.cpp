#include "config/setting_values.hpp"

#include <algorithm>
#include <array>

namespace ubiety::config {
namespace {

bool is_quoted(std::string_view item) { return item.size() >= 2 && item.front() == '"' && item.back() == '"'; }

bool is_plain(std::string_view item) {
  return !item.empty() && item.find_first_of("\"\\[] ") == std::string_view::npos;
}

// A name or an IPv4 address; or an IPv6 address in brackets, in the form that browsers write.
bool is_host(std::string_view text) {
  if (text.starts_with('[')) {
    const auto inner = text.ends_with(']') ? text.substr(1, text.size() - 2) : std::string_view{};
    const auto address = parse_ip_address(inner);
    return address && to_string(*address) == inner && inner.find(':') != std::string_view::npos;
  }
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return ascii::is_lower(c) || ascii::is_digit(c) || c == '.' || c == '-' || c == '_';
  });
}

// Browsers send neither the scheme's default port nor leading zeros, so an origin with them would never match.
bool is_port_in_origin(std::string_view scheme, std::string_view text) {
  const auto port = parse_integer<std::uint16_t>(text);
  if (!port || text.starts_with('0')) return false;
  return !(scheme == "http" && port == 80) && !(scheme == "https" && port == 443);
}

std::optional<bool> parse_boolean(std::string_view given) {
  const auto word = ascii::to_lower(given);
  if (word == "true" || word == "1" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "0" || word == "no" || word == "off") return false;
  return std::nullopt;
}

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

std::string in_quotes(std::string_view text) {
  const bool may_hold_password = text.find('@') != std::string_view::npos;
  return may_hold_password ? "what was given" : "\"" + std::string(text) + "\"";
}

std::optional<std::vector<std::string>> parse_list(std::string_view text) {
  text = trimmed(text);
  const bool is_json = text.starts_with('[');
  if (is_json) {
    if (text.size() < 2 || !text.ends_with(']')) return std::nullopt;
    text = trimmed(text.substr(1, text.size() - 2));
  }
  std::vector<std::string> list;
  while (!text.empty()) {
    const auto comma = text.find(',');
    auto item = trimmed(text.substr(0, comma));
    if (is_json != is_quoted(item)) return std::nullopt;
    if (is_json) item = item.substr(1, item.size() - 2);
    if (!is_plain(item)) return std::nullopt;
    list.emplace_back(item);
    if (comma == std::string_view::npos) break;
    text = trimmed(text.substr(comma + 1));
    if (text.empty()) return std::nullopt;
  }
  return list;
}

bool is_origin(std::string_view text) {
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos || scheme_end == 0 || !ascii::is_lower(text.front())) return false;
  const auto scheme = text.substr(0, scheme_end);
  const auto may_be_in_scheme = [](char c) { return ascii::is_lower(c) || ascii::is_digit(c) || c == '+' || c == '-'; };
  if (!std::all_of(scheme.begin(), scheme.end(), may_be_in_scheme)) return false;
  const auto authority = text.substr(scheme_end + 3);
  const auto host_end = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
  if (!is_host(authority.substr(0, host_end))) return false;
  return host_end == std::string_view::npos || is_port_in_origin(scheme, authority.substr(host_end + 1));
}

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

namespace setting {

Assign text(std::string Settings::*member) {
  return [member](Settings& settings, std::string_view given) -> Problem {
    settings.*member = given;
    return std::nullopt;
  };
}

Assign boolean(bool Settings::*member) {
  return [member](Settings& settings, std::string_view given) -> Problem {
    const auto value = parse_boolean(given);
    if (!value) return "expected true or false, not " + in_quotes(given);
    settings.*member = *value;
    return std::nullopt;
  };
}

Assign fraction(double Settings::*member) {
  return [member](Settings& settings, std::string_view given) -> Problem {
    const auto number = parse_number(given);
    const double value = number ? std::visit([](auto any) { return static_cast<double>(any); }, *number) : -1;
    if (!(value >= 0 && value <= 1)) return "expected a number from 0 to 1, not " + in_quotes(given);
    settings.*member = value;
    return std::nullopt;
  };
}

Assign database_url() {
  return [](Settings& settings, std::string_view given) -> Problem {
    auto url = parse_database_url(given);
    if (!url) return url.error();
    settings.database_url = std::move(*url);
    return std::nullopt;
  };
}

Assign group_rule(GroupRule Settings::*member) {
  return [member](Settings& settings, std::string_view given) -> Problem {
    auto rule = group_rule_from(given);
    if (!rule) return "expected prefix:<separator>, prefix:<separator>:<n>, or key, not " + in_quotes(given);
    settings.*member = std::move(*rule);
    return std::nullopt;
  };
}

Assign address(std::string Settings::*member) {
  return [member](Settings& settings, std::string_view given) -> Problem {
    if (!parse_ip_address(given)) return "expected an IPv4 or IPv6 address, not " + in_quotes(given);
    settings.*member = given;
    return std::nullopt;
  };
}

Assign origins(std::vector<std::string> Settings::*member) {
  return [member](Settings& settings, std::string_view given) -> Problem {
    const auto list = parse_list(given);
    if (!list) return "expected a list such as [\"https://a.example\"], not " + in_quotes(given);
    for (const auto& origin : *list)
      if (!is_origin(origin) && !(origin == "*" && list->size() == 1))
        return "expected origins as https://host or https://host:port, or a single *, not " + in_quotes(origin);
    settings.*member = *list;
    return std::nullopt;
  };
}

Assign ip_ranges(std::vector<IpRange> Settings::*member) {
  return [member](Settings& settings, std::string_view given) -> Problem {
    const auto list = parse_list(given);
    if (!list) return "expected a list such as 10.0.0.0/8, ::1, not " + in_quotes(given);
    (settings.*member).clear();
    for (const auto& text : *list) {
      const auto range = parse_ip_range(text);
      if (!range) return "expected addresses and ranges such as 10.0.0.0/8 or ::1, not " + in_quotes(text);
      (settings.*member).push_back(*range);
    }
    return std::nullopt;
  };
}

Assign http_url(std::string Settings::*member) {
  return [member](Settings& settings, std::string_view given) -> Problem {
    if (!given.empty() && !given.starts_with("http://") && !given.starts_with("https://"))
      return "expected http://host:port or https://host:port";
    settings.*member = given;
    return std::nullopt;
  };
}

Assign field_name(std::string Settings::*member) {
  return [member](Settings& settings, std::string_view given) -> Problem {
    constexpr std::array<std::string_view, 8> taken{"authorization", "connection", "content-length",    "content-type",
                                                    "cookie",        "host",       "transfer-encoding", "upgrade"};
    if (!std::all_of(given.begin(), given.end(), ascii::is_token))
      return "expected the name of a header field, not " + in_quotes(given);
    if (std::find(taken.begin(), taken.end(), ascii::to_lower(given)) != taken.end())
      return "expected a header field that HTTP does not use itself, not " + in_quotes(given);
    settings.*member = given;
    return std::nullopt;
  };
}

Assign only(std::string_view value, std::string_view reason) {
  return [=](Settings&, std::string_view given) -> Problem {
    if (given == value) return std::nullopt;
    return "must be " + in_quotes(value) + ": " + std::string(reason);
  };
}

}  // namespace setting

}  // namespace ubiety::config
