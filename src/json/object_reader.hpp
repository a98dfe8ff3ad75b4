// Reads a small JSON object of any fields, for requests that come seldom. One reader a thread.
#pragma once

#include <string_view>
#include <vector>

#include "domain/report.hpp"
#include "domain/result.hpp"
#include "json/document_parser.hpp"
#include "json/read_error.hpp"
#include "json/report_reader.hpp"

namespace ubiety::json {

struct Member {
  std::string_view name;
  FieldValue value;  // Composite for a list
  bool is_list = false;
  std::vector<FieldValue> items;  // of a list
};

class ObjectReader {
 public:
  // In the order in which they stand there. Views into this reader: valid until the next read.
  Result<std::vector<Member>, ReadError> read(std::string_view text);

 private:
  DocumentParser parser_;
};

}  // namespace ubiety::json
