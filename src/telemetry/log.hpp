// The log: one event a line on standard error, as JSON for machines or as text for a terminal. Whatever a client sent
// is escaped, so that it cannot forge a line. Any thread.
//
// While a service runs the lines are written by a thread of their own: a standard error that nobody reads stops nothing
// else. Lines are then dropped, counted, and their number told in the log.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace ubiety::log {

enum class Level { debug, info, warning, error };
enum class Format { text, json };

// Before the threads start; until then it is info, as text.
void configure(Level least, Format format);

// From now on lines are queued, and written in the background; also before the process dies of a fault of its own.
// Call it once, with the signals blocked that the writing thread is not to get.
void write_in_background();

// Waits, for a second at most, until the lines that were logged so far are written: before a process ends.
void flush();

// Lines that nobody can read: the queue was full.
std::uint64_t dropped_lines();

// Logs everything from now on, or again from the configured level on; gives whether the former. One thread at a time.
bool toggle_debug();

struct Field {
  Field(std::string_view field_name, std::string_view text) : name(field_name), value(text), is_text(true) {}
  Field(std::string_view field_name, const char* text) : Field(field_name, std::string_view(text)) {}
  Field(std::string_view field_name, const std::string& text) : Field(field_name, std::string_view(text)) {}
  Field(std::string_view field_name, bool flag) : name(field_name), value(flag ? "true" : "false") {}
  template <class Number>
  requires(std::integral<Number> || std::floating_point<Number>) Field(std::string_view field_name, Number number)
      : name(field_name), value(std::to_string(number)) {}

  std::string_view name;
  std::string value;
  bool is_text = false;
};
using Fields = std::initializer_list<Field>;

void debug(std::string_view event, Fields fields = {});
void info(std::string_view event, Fields fields = {});
void warning(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});

}  // namespace ubiety::log
