#include "telemetry/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>

#include "domain/clock.hpp"
#include "domain/text.hpp"
#include "json/writer.hpp"
#include "telemetry/log_queue.hpp"

namespace ubiety::log {
namespace {

constexpr std::size_t max_waiting_bytes = 4 << 20;  // some 20,000 lines
constexpr std::chrono::seconds flush_limit{1};

// One log for the process, because every room writes to it.
Format configured_format = Format::text;
Level configured_level = Level::info;
bool is_debugging = false;  // see toggle_debug
std::atomic<Level> lowest_level{Level::info};
std::atomic<LogQueue*> queue{nullptr};  // until write_in_background: lines are written at once

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

// Without a line end. What a client sent is escaped, so that it can neither forge a line nor control a terminal.
std::string line_of(Level level, std::string_view event, Fields fields) {
  const auto now = SystemClock().now();
  return configured_format == Format::json ? json_line(now, level, event, fields)
                                           : text_line(now, level, event, fields);
}

void write(Level level, std::string_view event, Fields fields) {
  if (level < lowest_level.load(std::memory_order_relaxed)) return;
  auto line = line_of(level, event, fields);
  if (auto* const background = queue.load(std::memory_order_acquire)) return background->push(line);
  write_all(STDERR_FILENO, line += '\n');
}

void flush_and_crash(int signal) {
  flush();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

void configure(Level lowest, Format format) {
  lowest_level = lowest;
  configured_level = lowest;
  configured_format = format;
}

void write_in_background() {
  queue = &LogQueue::start(STDERR_FILENO, max_waiting_bytes, [](std::uint64_t count) {
    return line_of(Level::warning, "log lines were dropped: standard error is read too slowly", {{"lines", count}});
  });
}

void flush() {
  if (const auto* const background = queue.load(std::memory_order_acquire)) background->flush(flush_limit);
}

void flush_before_crash() {
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
    struct sigaction before {};
    ::sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_DFL) std::signal(signal, flush_and_crash);
  }
}

std::uint64_t dropped_lines() {
  const auto* const background = queue.load(std::memory_order_acquire);
  return background == nullptr ? 0 : background->dropped();
}

bool toggle_debug() {
  is_debugging = !is_debugging;
  lowest_level = is_debugging ? Level::debug : configured_level;
  return is_debugging;
}

void debug(std::string_view event, Fields fields) { write(Level::debug, event, fields); }
void info(std::string_view event, Fields fields) { write(Level::info, event, fields); }
void warning(std::string_view event, Fields fields) { write(Level::warning, event, fields); }
void error(std::string_view event, Fields fields) { write(Level::error, event, fields); }

}  // namespace ubiety::log
