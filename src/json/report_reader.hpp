// Reads a device's report: from JSON text to the fields that domain/report.hpp validates. One reader a thread.
#pragma once

#include <memory>
#include <string_view>

#include "domain/result.hpp"
#include "json/read_error.hpp"

namespace ubiety {
struct Report;
}

namespace ubiety::json {

class ReportReader {
 public:
  ReportReader();
  ~ReportReader();

  // The texts of the report are views into this reader, valid until the next read.
  Result<Report, ReadError> read(std::string_view text);

 private:
  struct Parsers;
  const std::unique_ptr<Parsers> parsers_;
};

}  // namespace ubiety::json
