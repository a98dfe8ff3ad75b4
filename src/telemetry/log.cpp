#include "telemetry/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>

#include "domain/text/utf8.hpp"
#include "json/writer.hpp"
#include "telemetry/log_queue.hpp"

namespace ubiety::log {
namespace {

constexpr std::size_t most_waiting_bytes = 4 << 20;  // some 20,000 lines
constexpr std::chrono::seconds flush_limit{1};

Format chosen_format = Format::text;
Level chosen_level = Level::info;
bool debugs = false;  // by toggle_debug, whatever the level
std::atomic<Level> least_level{Level::info};
std::atomic<LogQueue*> background{nullptr};  // until write_in_background: lines are written at once

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

std::string line_of(Level level, std::string_view event, Fields fields) {
  return chosen_format == Format::json ? json_line(level, event, fields) : text_line(level, event, fields);
}

void write(Level level, std::string_view event, Fields fields) {
  if (level < least_level.load(std::memory_order_relaxed)) return;
  auto line = line_of(level, event, fields);
  if (auto* const queue = background.load(std::memory_order_acquire)) return queue->push(line);
  write_whole(STDERR_FILENO, line += '\n');
}

// The signal then does what it would have done.
void flush_and_die(int signal) {
  flush();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// Not where a sanitizer has its own handler.
void flush_before_death() {
  constexpr std::array deadly{SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
  for (const int signal : deadly) {
    struct sigaction before {};
    ::sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_DFL) std::signal(signal, flush_and_die);
  }
}

}  // namespace

void configure(Level least, Format format) {
  least_level = least;
  chosen_level = least;
  chosen_format = format;
}

void write_in_background() {
  background = &LogQueue::start(STDERR_FILENO, most_waiting_bytes, [](std::uint64_t count) {
    return line_of(Level::warning, "log lines were dropped, standard error was not read", {{"lines", count}});
  });
  flush_before_death();
}

void flush() {
  if (const auto* const queue = background.load(std::memory_order_acquire)) queue->flush(flush_limit);
}

std::uint64_t dropped_lines() {
  const auto* const queue = background.load(std::memory_order_acquire);
  return queue == nullptr ? 0 : queue->dropped();
}

bool toggle_debug() {
  debugs = !debugs;
  least_level = debugs ? Level::debug : chosen_level;
  return debugs;
}

void debug(std::string_view event, Fields fields) { write(Level::debug, event, fields); }
void info(std::string_view event, Fields fields) { write(Level::info, event, fields); }
void warning(std::string_view event, Fields fields) { write(Level::warning, event, fields); }
void error(std::string_view event, Fields fields) { write(Level::error, event, fields); }

}  // namespace ubiety::log
