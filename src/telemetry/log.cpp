#include "telemetry/log.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>

#include "domain/clock.hpp"
#include "telemetry/log_format.hpp"
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

std::string line_of(Level level, std::string_view event, Fields fields) {
  return format_line(configured_format, SystemClock().now(), level, event, fields);
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

// Does not replace the handlers of a sanitizer.
void flush_before_crash() {
  constexpr std::array deadly{SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
  for (const int signal : deadly) {
    struct sigaction before {};
    ::sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_DFL) std::signal(signal, flush_and_crash);
  }
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
  flush_before_crash();
}

void flush() {
  if (const auto* const background = queue.load(std::memory_order_acquire)) background->flush(flush_limit);
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
