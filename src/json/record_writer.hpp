// Records of histories as lines of text, each complete by itself: NDJSON or CSV (RFC 4180). Exports and answers have
// the same columns. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/status.hpp"

namespace ubiety::json {

class RecordWriter {
 public:
  enum class Format : std::uint8_t { ndjson, csv };

  // `csv_line_break`, a literal, ends the lines of CSV: CRLF as RFC 4180 has it, or LF as programs on Unix expect it.
  explicit RecordWriter(Format format, std::string_view csv_line_break = "\r\n")
      : format_(format), csv_line_break_(csv_line_break) {}

  // The line with the names of CSV's columns; nothing for NDJSON.
  void append_header(std::string& out) const;

  void append(std::string& out, std::string_view device_id, const Status& status) const;

 private:
  Format format_;
  std::string_view csv_line_break_;
};

}  // namespace ubiety::json
