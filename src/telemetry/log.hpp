// The log: one event a line on standard error, as JSON for machines or as text for a terminal. Any thread.
//
// While the service runs, a thread of its own writes the lines, so that a blocked standard error blocks nothing else.
// Lines that do not fit the queue are dropped; the log reports their number.
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

// Call it before threads start. The default is Level::info and Format::text.
void configure(Level lowest, Format format);

// Queues lines from now on. Call it once, with those signals blocked that the writing thread must not receive.
void write_in_background();

// Blocks for at most a second until the lines logged so far are written. Call it before the process exits. Safe in a
// signal handler.
void flush();

// Makes a crash of the process flush first. Keeps the handlers of a sanitizer. Call it once.
void flush_before_crash();

// The number of lines that did not fit the queue.
std::uint64_t dropped_lines();

// Switches between logging everything and logging from the configured level on. Returns whether everything is logged
// now. One thread at a time.
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
