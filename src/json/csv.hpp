// Lines of CSV (RFC 4180). One thread at a time.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "domain/timestamp.hpp"
#include "json/writer.hpp"

namespace ubiety::json {

class CsvWriter {
 public:
  // `line_break`, a literal: CRLF as RFC 4180 has it, or LF as programs on Unix expect it.
  explicit CsvWriter(std::string& out, std::string_view line_break = "\r\n") : out_(out), line_break_(line_break) {}

  // An empty optional is an empty field. Numbers and times are written as JSON writes them, times without quotes.
  template <class... Values>
  void line(const Values&... values) {
    bool is_first = true;
    (field(values, is_first), ...);
    out_ += line_break_;
  }

 private:
  template <class Value>
  void field(const Value& value, bool& is_first) {
    if (!is_first) out_ += ',';
    is_first = false;
    append(value);
  }

  void append(std::string_view text);
  void append(Timestamp instant) { out_ += format_timestamp(instant); }
  void append(double value) { append_decimal(out_, value); }
  template <std::integral Value>
  void append(Value value) {
    json::append(out_, value);
  }
  template <class Value>
  void append(const std::optional<Value>& value) {
    if (value) append(*value);
  }

  std::string& out_;
  std::string_view line_break_;
};

}  // namespace ubiety::json
