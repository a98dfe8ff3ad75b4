// Reads the reports of a batch one after another, so that the caller can pause between them. One reader a thread.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string_view>

#include "json/document_parser.hpp"
#include "json/report_reader.hpp"
#include "json/second_reader.hpp"

namespace ubiety::json {

enum class BatchForm {
  lines,  // NDJSON: a report on each line. A line of nothing but white space is none
  array,  // a JSON array of reports
};

class BatchReader {
 public:
  // Begins with another batch, whose text has to stay where it is until its end. Returns what is wrong with all of it.
  std::optional<ReadError> begin(std::string_view text, BatchForm form);

  // The next report, or why it is none; nullopt after the last, and when error() is set. A report's texts are valid
  // until the next call.
  std::optional<Result<Report, ReadError>> next();

  // What is wrong with all of the batch, where only next() could find it.
  const std::optional<ReadError>& error() const { return error_; }

 private:
  std::optional<Result<Report, ReadError>> next_line();
  std::optional<ReadError> begin_array(std::string_view text);
  std::optional<ReadError> begin_refused_array(std::string_view text);
  std::optional<Result<Report, ReadError>> next_of_refused_array();
  void end_refused_array();

  enum class Source { lines, parsed_array, refused_array } source_ = Source::lines;
  std::optional<ReadError> error_;

  // Of lines: each is parsed by itself, so that one which is no JSON does not take the others with it.
  std::string_view lines_left_;
  ReportReader line_reader_;

  // Of an array that simdjson parsed, as a whole.
  DocumentParser parser_;
  simdjson::dom::array::iterator element_, end_;

  // Of an array that simdjson refused: its elements are read one after another.
  SecondReader second_reader_;
  bool is_closed_ = false;
};

}  // namespace ubiety::json
