#include "json/rapidjson_stream.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace ubiety::json {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool pass_digits(std::string_view& text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(digits);
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

// Of an escape `\uXXXX` at the front of the text.
std::optional<unsigned> code_unit(std::string_view text) {
  constexpr std::size_t size = 6;
  if (text.size() < size || !text.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  const auto* end = text.data() + size;
  const auto read = std::from_chars(text.data() + 2, end, unit, 16);
  if (read.ptr != end) return std::nullopt;
  return unit;
}

bool is_between(std::optional<unsigned> unit, unsigned first, unsigned last) {
  return unit && *unit >= first && *unit <= last;
}

}  // namespace

char RapidJsonStream::Take() {
  const char taken = Peek();
  if (at_ == text_.size()) return taken;
  if (substitute_.empty()) {
    if (taken == '"' && at_ >= plain_until_) in_string_ = !in_string_;
    ++at_;
  } else {
    substitute_.remove_prefix(1);
    if (!substitute_.empty()) return taken;
    at_ = substitute_end_;
  }
  look();
  return taken;
}

void RapidJsonStream::look() {
  if (at_ < plain_until_ || at_ == text_.size()) return;
  const char c = text_[at_];
  if (in_string_) {
    if (c == '\\') look_at_escape();
  } else if (c == '-' || is_digit(c)) {
    look_at_number();
  }
}

void RapidJsonStream::look_at_escape() {
  const auto rest = text_.substr(at_);
  const auto unit = code_unit(rest);
  const bool is_high_surrogate = is_between(unit, 0xD800, 0xDBFF);
  if (!is_high_surrogate || is_between(code_unit(rest.substr(6)), 0xDC00, 0xDFFF)) {
    plain_until_ = at_ + 2;
    return;
  }
  surrogate_[0] = '\xED';
  surrogate_[1] = static_cast<char>(0x80 | (*unit >> 6 & 0x3F));
  surrogate_[2] = static_cast<char>(0x80 | (*unit & 0x3F));
  substitute({surrogate_, sizeof surrogate_}, 6);
}

// What is not a number as a whole is shown as it is, so that RapidJSON finds the fault.
void RapidJsonStream::look_at_number() {
  const auto rest = text_.substr(at_);
  const auto run = rest.substr(0, rest.find_first_not_of("0123456789+-.eE"));
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
