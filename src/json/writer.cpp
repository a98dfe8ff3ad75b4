#include "json/writer.hpp"

#include <algorithm>
#include <limits>

#include "domain/text.hpp"

namespace ubiety::json {
namespace {

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: out += "\\u00"; append_hexadecimal(out, {&c, 1});
  }
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  out += '"';
  while (true) {
    const auto special = std::find_if(text.begin(), text.end(), needs_escape);
    out.append(text.begin(), special);
    if (special == text.end()) break;
    append_escape(out, *special);
    text.remove_prefix(static_cast<std::size_t>(special - text.begin()) + 1);
  }
  out += '"';
}

void append_decimal(std::string& out, double value) {
  constexpr int digits_behind_point = 6;
  char text[std::numeric_limits<double>::max_exponent10 + digits_behind_point + 4];
  auto* end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits_behind_point).ptr;
  while (end[-1] == '0') --end;
  if (end[-1] == '.') --end;
  const std::string_view number(text, static_cast<std::size_t>(end - text));
  out += number == "-0" ? std::string_view("0") : number;
}

void append_timestamp(std::string& out, Timestamp instant) {
  char text[max_timestamp_length + 2];
  text[0] = '"';
  const auto length = format_timestamp(instant, text + 1);
  text[length + 1] = '"';
  out.append(text, length + 2);
}

}  // namespace ubiety::json
