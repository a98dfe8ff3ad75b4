// Reads what simdjson's DOM refuses. Some of it is JSON: numbers beyond 64 bits or a double, unpaired surrogates, more
// than 1024 levels of arrays and objects. Of the rest, the second reader says what is wrong, and where. It is slower,
// and meets only texts that simdjson refused. One thread.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "domain/report.hpp"
#include "domain/result.hpp"
#include "json/read_error.hpp"

namespace ubiety::json {

class SecondReader {
 public:
  // One report. Its texts are views into this reader: valid until the next read.
  Result<Report, ReadError> read_document(std::string_view text);

  // Several values, one after another. `text` has to stay where it is. Returns the error of a text that is not UTF-8.
  std::optional<ReadError> begin(std::string_view text);
  // The next value as a report. Its texts are valid until the next read.
  Result<Report, ReadError> read();
  // Passes over white space, then over `expected`; false when something else stands there.
  bool pass(char expected);
  // Passes over white space. What stands behind it is an error; nullopt at the end of the text.
  std::optional<ReadError> end();
  // not_json, at this place.
  ReadError error(std::string message) const;

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::deque<std::string> kept_;  // of the report that was read last
};

}  // namespace ubiety::json
