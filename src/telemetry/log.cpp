#include "telemetry/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "domain/utf8.hpp"
#include "json/writer.hpp"

namespace ubiety::log {
namespace {

Format chosen_format = Format::text;
Level chosen_level = Level::info;
bool debugs = false;  // by toggle_debug, whatever the level

// Never destroyed: a detached thread may have something to say while the process ends.
spdlog::logger& logger() {
  static auto* const instance = [] {
    auto* const created = new spdlog::logger("ubietyd", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    created->set_pattern("%v");
    return created;
  }();
  return *instance;
}

spdlog::level::level_enum level_of(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "info";
}

// Whether a terminal, or an editor that shows the log, might do something else with it than to show it: DEL and the C1
// controls, marks that turn the direction of text, separators that begin a new line.
bool is_treacherous(std::string_view character) {
  return character == "\x7F" || (character >= "\xC2\x80" && character <= "\xC2\x9F") ||
         (character >= "\xE2\x80\x8E" && character <= "\xE2\x80\x8F") ||
         (character >= "\xE2\x80\xA8" && character <= "\xE2\x80\xAE") ||
         (character >= "\xE2\x81\xA6" && character <= "\xE2\x81\xA9");
}

// As a JSON string. What is no UTF-8 is replaced, or the line would be no JSON.
void append_text(std::string& line, std::string_view text) {
  constexpr std::string_view replacement = "\uFFFD";
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const auto size = first_character_size(text);
    const auto character = text.substr(0, size);
    shown += size == 0 || is_treacherous(character) ? replacement : character;
    text.remove_prefix(std::max<std::size_t>(1, size));
  }
  json::append_string(line, shown);
}

Timestamp now() {
  using namespace std::chrono;
  return {duration_cast<microseconds>(system_clock::now().time_since_epoch()).count()};
}

std::string json_line(Level level, std::string_view event, Fields fields) {
  std::string line = "{\"time\":";
  json::append_timestamp(line, now());
  line.append(R"(,"level":")").append(name_of(level)).append(R"(","event":)");
  json::append_string(line, event);
  for (const auto& field : fields) {
    line += ',';
    json::append_string(line, field.name);
    line += ':';
    if (field.is_text)
      append_text(line, field.value);
    else
      line += field.value;
  }
  line += '}';
  return line;
}

std::string text_line(Level level, std::string_view event, Fields fields) {
  auto line = format_timestamp(now());
  line.append(" ").append(name_of(level)).append(" ").append(event);
  for (const auto& field : fields) {
    line.append(" ").append(field.name).append("=");
    if (field.is_text)
      append_text(line, field.value);
    else
      line += field.value;
  }
  return line;
}

void write(Level level, std::string_view event, Fields fields) {
  if (!logger().should_log(level_of(level))) return;
  const auto line = chosen_format == Format::json ? json_line(level, event, fields) : text_line(level, event, fields);
  logger().log(level_of(level), "{}", line);
}

}  // namespace

void configure(Level least, Format format) {
  logger().set_level(level_of(least));
  chosen_level = least;
  chosen_format = format;
}

bool toggle_debug() {
  debugs = !debugs;
  logger().set_level(level_of(debugs ? Level::debug : chosen_level));
  return debugs;
}

void debug(std::string_view event, Fields fields) { write(Level::debug, event, fields); }
void info(std::string_view event, Fields fields) { write(Level::info, event, fields); }
void warning(std::string_view event, Fields fields) { write(Level::warning, event, fields); }
void error(std::string_view event, Fields fields) { write(Level::error, event, fields); }

}  // namespace ubiety::log
