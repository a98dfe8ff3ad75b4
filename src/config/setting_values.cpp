#include "config/setting_values.hpp"

#include <algorithm>
#include <array>

#include "config/list.hpp"

namespace ubiety::config {
namespace {

std::optional<bool> boolean_of(std::string_view given) {
  const auto word = lower(given);
  if (word == "true" || word == "1" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "0" || word == "no" || word == "off") return false;
  return std::nullopt;
}

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::string in_quotes(std::string_view text) {
  const bool may_hold_password = text.find('@') != std::string_view::npos;
  return may_hold_password ? "what was given" : "\"" + std::string(text) + "\"";
}

Assign text(std::string Settings::*member) {
  return [member](Settings& settings, std::string_view given) -> Problem {
    settings.*member = given;
    return std::nullopt;
  };
}

Assign boolean(bool Settings::*member) {
  return [member](Settings& settings, std::string_view given) -> Problem {
    const auto value = boolean_of(given);
    if (!value) return "expected true or false, not " + in_quotes(given);
    settings.*member = *value;
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

Assign field_name(std::string Settings::*member) {
  return [member](Settings& settings, std::string_view given) -> Problem {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    constexpr std::array<std::string_view, 8> taken{"authorization", "connection", "content-length",    "content-type",
                                                    "cookie",        "host",       "transfer-encoding", "upgrade"};
    const bool is_token = std::all_of(given.begin(), given.end(), [=](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
             marks.find(c) != std::string_view::npos;
    });
    if (!is_token) return "expected the name of a field, not " + in_quotes(given);
    if (std::find(taken.begin(), taken.end(), lower(given)) != taken.end())
      return "expected a field that HTTP has no other use for, not " + in_quotes(given);
    settings.*member = given;
    return std::nullopt;
  };
}

Assign fraction(double Settings::*member) {
  return [member](Settings& settings, std::string_view given) -> Problem {
    double value = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
    if (error != std::errc{} || end != given.data() + given.size() || !(value >= 0 && value <= 1))
      return "expected a number from 0 to 1, not " + in_quotes(given);
    settings.*member = value;
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

Assign only(std::string_view value, std::string_view reason) {
  return [=](Settings&, std::string_view given) -> Problem {
    if (given == value) return std::nullopt;
    return "only " + in_quotes(value) + " is possible: " + std::string(reason);
  };
}

}  // namespace ubiety::config
