// Reads a device's report: JSON text to the fields that domain/report.hpp judges. One reader a thread.
#pragma once

#include <simdjson.h>

#include <string_view>

#include "domain/report.hpp"
#include "domain/result.hpp"
#include "json/document_parser.hpp"
#include "json/read_error.hpp"
#include "json/second_reader.hpp"

namespace ubiety::json {

// A value as domain/report.hpp judges it; a view into its parser.
FieldValue value_of(simdjson::dom::element element);

// The fields of an object that is parsed already; views into its parser.
Result<Report, ReadError> report_in(simdjson::dom::element value);

class ReportReader {
 public:
  // The report's texts are views into this reader: valid until the next read.
  Result<Report, ReadError> read(std::string_view text);

 private:
  DocumentParser parser_;
  SecondReader second_reader_;
};

}  // namespace ubiety::json
