// How the text of a setting becomes its value: a kind for each sort of setting, which refuses what is no such value and
// says what was expected.
#pragma once

#include <charconv>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/settings.hpp"

namespace ubiety::config {

using Problem = std::optional<std::string>;
using Assign = std::function<Problem(Settings& settings, std::string_view given)>;

std::string lower(std::string_view text);
// For an error message. A text with an @ may be a URL with a password that was given to another setting by mistake: it
// is not quoted.
std::string in_quotes(std::string_view text);

Assign text(std::string Settings::*member);
Assign boolean(bool Settings::*member);
Assign fraction(double Settings::*member);
Assign database_url();
Assign address(std::string Settings::*member);
Assign origins(std::vector<std::string> Settings::*member);
Assign ip_ranges(std::vector<IpRange> Settings::*member);
// The value may hold a password, and is not told.
Assign http_url(std::string Settings::*member);
// Of HTTP's own fields none: they carry something else already.
Assign field_name(std::string Settings::*member);
Assign only(std::string_view value, std::string_view reason);

template <class Value>
Assign integer(Value Settings::*member, std::int64_t lowest, std::int64_t highest) {
  return [=](Settings& settings, std::string_view given) -> Problem {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
    if (error != std::errc{} || end != given.data() + given.size() || value < lowest || value > highest)
      return "expected an integer from " + std::to_string(lowest) + " to " + std::to_string(highest) + ", not " +
             in_quotes(given);
    settings.*member = Value{value};
    return std::nullopt;
  };
}

template <class Value>
Assign choice(Value Settings::*member, std::vector<std::pair<std::string_view, Value>> choices) {
  return [member, choices = std::move(choices)](Settings& settings, std::string_view given) -> Problem {
    const auto word = lower(given);
    std::string expected;
    for (const auto& [name, value] : choices) {
      if (name == word) {
        settings.*member = value;
        return std::nullopt;
      }
      expected.append(expected.empty() ? "" : ", ").append(name);
    }
    return "expected one of " + expected + ", not " + in_quotes(given);
  };
}

}  // namespace ubiety::config
