#include "json/rapidjson_stream.hpp"

#include <algorithm>
#include <optional>

#include "domain/text.hpp"

namespace ubiety::json {
namespace {

constexpr std::size_t escape_size = 6;  // \u and four hexadecimal digits

bool pass_digits(std::string_view& text) {
  const auto digits = std::find_if_not(text.begin(), text.end(), ascii::is_digit) - text.begin();
  text.remove_prefix(static_cast<std::size_t>(digits));
  return digits > 0;
}

bool pass_any_of(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// RFC 8259, section 6.
bool is_number(std::string_view text) {
  pass_any_of(text, "-");
  if (!pass_any_of(text, "0") && !pass_digits(text)) return false;
  if (pass_any_of(text, ".") && !pass_digits(text)) return false;
  if (pass_any_of(text, "eE")) {
    pass_any_of(text, "+-");
    if (!pass_digits(text)) return false;
  }
  return text.empty();
}

// The code unit of a `\u` escape at the front of the text.
std::optional<unsigned> code_unit(std::string_view text) {
  if (text.size() < escape_size || !text.starts_with("\\u")) return std::nullopt;
  int unit = 0;
  for (const char c : text.substr(2, escape_size - 2)) {
    const int digit = hexadecimal_value(c);
    if (digit < 0) return std::nullopt;
    unit = unit * 16 + digit;
  }
  return static_cast<unsigned>(unit);
}

bool is_between(std::optional<unsigned> unit, unsigned first, unsigned last) {
  return unit && *unit >= first && *unit <= last;
}

}  // namespace

char RapidJsonStream::take_substitute() {
  const char taken = substitute_.front();
  substitute_.remove_prefix(1);
  if (substitute_.empty()) {
    at_ = substitute_end_;
    look();
  }
  return taken;
}

void RapidJsonStream::look_at_escape() {
  const auto rest = text_.substr(at_);
  const auto unit = code_unit(rest);
  const bool is_high_surrogate = is_between(unit, 0xD800, 0xDBFF);
  if (!is_high_surrogate || is_between(code_unit(rest.substr(escape_size)), 0xDC00, 0xDFFF)) {
    plain_until_ = at_ + 2;
    return;
  }
  surrogate_[0] = '\xED';
  surrogate_[1] = static_cast<char>(0x80 | (*unit >> 6 & 0x3F));
  surrogate_[2] = static_cast<char>(0x80 | (*unit & 0x3F));
  substitute({surrogate_, sizeof surrogate_}, escape_size);
}

// A malformed number gets no substitute, so that RapidJSON finds the fault.
void RapidJsonStream::look_at_number() {
  const auto rest = text_.substr(at_);
  const std::string_view run(rest.begin(), std::find_if_not(rest.begin(), rest.end(), may_be_in_number));
  if (!is_number(run)) {
    plain_until_ = at_ + run.size();
    return;
  }
  number_ = run;
  substitute("0", run.size());
}

void RapidJsonStream::substitute(std::string_view shown, std::size_t replaced) {
  substitute_ = shown;
  substitute_end_ = at_ + replaced;
}

}  // namespace ubiety::json
