#include "http/message/query.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <limits>

#include "domain/text.hpp"
#include "http/message/header_fields.hpp"

namespace ubiety::http {
namespace {

bool is_unreserved(char c) { return ascii::is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

std::optional<std::string> decode(std::string_view text) {
  std::string with_spaces(text);
  std::replace(with_spaces.begin(), with_spaces.end(), '+', ' ');
  return percent_decode(with_spaces);
}

// Reads decimal digits as Python's int() does: a sign and white space around them are accepted. nullopt when the text
// is not an integer. An integer that does not fit the type becomes the type's smallest or largest.
std::optional<std::int64_t> integer_of(std::string_view text) {
  text = trimmed(text, " \t\n\v\f\r");
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (stopped != end || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc::result_out_of_range)
    return text.starts_with('-') ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
  return value;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return ascii::equal_ignoring_case(text, word); });
}

// An unescaped `+` arrives as a space, as in `+00:00` and `1e+9`. An intended space separates date and time,
// before the first colon.
std::optional<Timestamp> time_of(std::string_view text) {
  const auto colon = text.find(':');
  const auto first_plus = colon == std::string_view::npos ? 0 : colon;
  std::string repaired(text);
  std::replace(repaired.begin() + static_cast<std::ptrdiff_t>(first_plus), repaired.end(), ' ', '+');
  return parse_timestamp(repaired);
}

std::optional<std::chrono::seconds> unit_of(char letter) {
  switch (letter) {
    case 's': return std::chrono::seconds(1);
    case 'm': return std::chrono::minutes(1);
    case 'h': return std::chrono::hours(1);
    case 'd': return std::chrono::days(1);
    default: return std::nullopt;
  }
}

std::optional<std::chrono::seconds> duration_of(std::string_view text) {
  constexpr std::chrono::seconds longest = 100 * std::chrono::days(366);
  const auto unit = text.empty() ? std::nullopt : unit_of(text.back());
  if (unit) text.remove_suffix(1);
  const auto number = parse_integer<std::uint32_t>(text);
  if (!number || *number > longest / unit.value_or(std::chrono::seconds(1))) return std::nullopt;
  return *number * unit.value_or(std::chrono::seconds(1));
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hexadecimal_value(text[i + 1]), low = hexadecimal_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4];
    encoded += digits[byte & 0xF];
  }
  return encoded;
}

QueryReader::QueryReader(std::string_view query) {
  for_each_part(query, '&', [this](std::string_view pair) {
    if (pair.empty()) return true;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = decode(pair.substr(0, equals));
    auto value = decode(pair.substr(std::min(equals + 1, pair.size())));
    if (name && value) {
      parameters_.emplace_back(std::move(*name), std::move(*value));
      return true;
    }
    // The answer's JSON can name only a parameter that is valid UTF-8.
    fault(name && count_characters(*name) ? *name : "", pydantic::bad_percent_encoding());
    parameters_.clear();
    return false;
  });
}

std::optional<std::int64_t> QueryReader::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  const auto value = integer_of(*given);
  auto problem = value ? pydantic::outside(*value, min, max) : pydantic::not_an_integer();
  if (!problem) return value;
  fault(name, std::move(*problem));
  return std::nullopt;
}

std::optional<bool> QueryReader::boolean(std::string_view name) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  if (is_one_of(*given, {"true", "1", "yes", "on", "t", "y"})) return true;
  if (is_one_of(*given, {"false", "0", "no", "off", "f", "n"})) return false;
  fault(name, pydantic::not_a_boolean());
  return std::nullopt;
}

std::optional<std::size_t> QueryReader::one_of(std::string_view name, std::span<const std::string_view> names) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), *given);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  fault(name, pydantic::not_one_of(names));
  return std::nullopt;
}

std::optional<Timestamp> QueryReader::time(std::string_view name) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  const auto value = time_of(*given);
  if (!value) fault(name, pydantic::bad_time());
  return value;
}

std::optional<std::chrono::seconds> QueryReader::duration(std::string_view name) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  const auto value = duration_of(*given);
  if (!value) fault(name, pydantic::bad_duration());
  return value;
}

std::optional<std::string_view> QueryReader::text(std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [key, value] : parameters_) {
    if (key != name) continue;
    if (found) return fault(name, pydantic::repeated_parameter()), std::nullopt;
    found = value;
  }
  return found;
}

std::optional<std::string_view> QueryReader::utf8_text(std::string_view name) {
  const auto given = text(name);
  if (!given || count_characters(*given)) return given;
  fault(name, {"the text is not valid UTF-8", "value_error.url"});
  return std::nullopt;
}

bool QueryReader::has(std::string_view name) const {
  return std::any_of(parameters_.begin(), parameters_.end(), [name](const auto& given) { return given.first == name; });
}

void QueryReader::fault(std::string_view name, ValidationMessage message) {
  faults_.push_back({"query", std::string(name), std::move(message)});
}

std::optional<Answer> QueryReader::refusal() const {
  if (faults_.empty()) return std::nullopt;
  auto answer = parameters_answer(faults_);
  const auto is_missing = [](const ParameterFault& fault) { return fault.message.type == pydantic::missing().type; };
  if (std::any_of(faults_.begin(), faults_.end(), is_missing)) answer.status = 422;
  return answer;
}

}  // namespace ubiety::http
