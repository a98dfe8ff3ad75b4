#include "http/message/parameter_reader.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <limits>

#include "domain/text/ascii.hpp"
#include "domain/text/utf8.hpp"
#include "http/message/list_field.hpp"

namespace ubiety::http {
namespace {

// As Python's int() reads decimal digits: a sign and white space around are allowed. nullopt when the text is not an
// integer; one that is too large for the type is the type's largest.
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
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) { return is_same_word(text, word); });
}

// An unescaped `+` arrives as a space, as in `+00:00` and `1e+9`. The one space that is meant as such stands between
// date and time, which is before the first colon.
std::optional<Timestamp> time_of(std::string_view text) {
  const auto colon = text.find(':');
  const auto first_plus = colon == std::string_view::npos ? 0 : colon;
  std::string repaired(text);
  std::replace(repaired.begin() + static_cast<std::ptrdiff_t>(first_plus), repaired.end(), ' ', '+');
  return parse_timestamp(repaired);
}

}  // namespace

std::optional<std::int64_t> ParameterReader::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  const auto value = integer_of(*given);
  if (!value) {
    fault(name, "value is not a valid integer", "type_error.integer");
    return std::nullopt;
  }
  if (*value < least)
    fault(name, "ensure this value is greater than or equal to " + std::to_string(least), "value_error.number.not_ge",
          least);
  else if (*value > most)
    fault(name, "ensure this value is less than or equal to " + std::to_string(most), "value_error.number.not_le",
          most);
  else
    return value;
  return std::nullopt;
}

std::optional<bool> ParameterReader::boolean(std::string_view name) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  if (is_one_of(*given, {"true", "1", "yes", "on", "t", "y"})) return true;
  if (is_one_of(*given, {"false", "0", "no", "off", "f", "n"})) return false;
  fault(name, "value could not be parsed to a boolean", "type_error.bool");
  return std::nullopt;
}

std::optional<Timestamp> ParameterReader::time(std::string_view name) {
  const auto given = text(name);
  if (!given) return std::nullopt;
  const auto value = time_of(*given);
  if (!value) fault(name, "invalid datetime format", "value_error.datetime");
  return value;
}

std::optional<std::string_view> ParameterReader::text(std::string_view name) {
  auto value = parameters_.find(name);
  if (value) return *value;
  faults_.push_back(std::move(value.error()));
  return std::nullopt;
}

std::optional<std::string_view> ParameterReader::utf8_text(std::string_view name) {
  const auto given = text(name);
  if (!given || count_characters(*given)) return given;
  fault(name, "the text is not valid UTF-8", "value_error.url");
  return std::nullopt;
}

void ParameterReader::fault(std::string_view name, std::string_view message, std::string_view type,
                            std::optional<std::int64_t> limit) {
  faults_.push_back({"query", std::string(name), std::string(message), type, limit});
}

}  // namespace ubiety::http
