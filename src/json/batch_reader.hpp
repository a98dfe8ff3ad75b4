// Reads the reports of a batch one after another, so that whoever reads can pause between them. One reader a thread.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string_view>

#include "json/report_reader.hpp"

namespace ubiety::json {

enum class BatchForm {
  lines,  // NDJSON: a report a line. A line without anything but white space is none
  array,  // a JSON array of reports
};

class BatchReader {
 public:
  // Begins with another batch, whose text has to stay where it is until its end. Gives what is wrong with all of it.
  std::optional<ReadError> begin(std::string_view text, BatchForm form);

  // The next report, or why it is none; nullopt after the last. A report's texts are valid until the next call.
  std::optional<Result<Report, ReadError>> next();

 private:
  std::optional<ReadError> begin_array(std::string_view text);

  BatchForm form_ = BatchForm::lines;

  // Of lines: each is parsed for itself, so that one which is no JSON does not take the others with it.
  std::string_view lines_left_;
  ReportReader line_reader_;

  // Of an array: it is parsed as a whole, as one that is no JSON in the end is none from the beginning.
  DocumentParser parser_;
  simdjson::dom::array::iterator element_, end_;
};

}  // namespace ubiety::json
