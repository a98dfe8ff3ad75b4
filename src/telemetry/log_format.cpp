#include "telemetry/log_format.hpp"

#include <algorithm>

#include "domain/text/characters.hpp"
#include "json/writer.hpp"

namespace ubiety::log {
namespace {

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "info";
}

// Whether a terminal or an editor may interpret the character instead of showing it: DEL and the C1 controls, marks
// that change the direction of text, and separators that begin a new line.
bool is_unsafe_to_display(std::string_view character) {
  return character == "\x7F" || (character >= "\xC2\x80" && character <= "\xC2\x9F") ||
         (character >= "\xE2\x80\x8E" && character <= "\xE2\x80\x8F") ||
         (character >= "\xE2\x80\xA8" && character <= "\xE2\x80\xAE") ||
         (character >= "\xE2\x81\xA6" && character <= "\xE2\x81\xA9");
}

// Appends a JSON string. Malformed UTF-8 is replaced, because it would make the line malformed JSON.
void append_text(std::string& line, std::string_view text) {
  constexpr std::string_view replacement = "\uFFFD";
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const auto size = first_character_size(text);
    const auto character = text.substr(0, size);
    shown += size == 0 || is_unsafe_to_display(character) ? replacement : character;
    text.remove_prefix(std::max<std::size_t>(1, size));
  }
  json::append_string(line, shown);
}

void append_value(std::string& line, const Field& field) {
  if (field.is_text)
    append_text(line, field.value);
  else
    line += field.value;
}

std::string json_line(Timestamp time, Level level, std::string_view event, Fields fields) {
  std::string line;
  json::append_object(line, [&](json::Object& object) {
    object.member("time", time);
    object.member("level", name_of(level));
    object.member("event", event);
    for (const auto& field : fields) append_value(object.begin_member(field.name), field);
  });
  return line;
}

std::string text_line(Timestamp time, Level level, std::string_view event, Fields fields) {
  auto line = format_timestamp(time);
  line.append(" ").append(name_of(level)).append(" ").append(event);
  for (const auto& field : fields) {
    line.append(" ").append(field.name).append("=");
    append_value(line, field);
  }
  return line;
}

}  // namespace

std::string format_line(Format format, Timestamp time, Level level, std::string_view event, Fields fields) {
  return format == Format::json ? json_line(time, level, event, fields) : text_line(time, level, event, fields);
}

}  // namespace ubiety::log
