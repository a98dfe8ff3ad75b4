// Reads texts that simdjson's DOM refused. Some of them are JSON: with numbers beyond 64 bits or a double, with
// unpaired surrogates, or with more than 1024 levels of arrays and objects. Of the others, it reports what is wrong and
// where. It is slower than simdjson. One reader a thread.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "domain/report.hpp"
#include "domain/result.hpp"
#include "json/reader.hpp"

namespace ubiety::json {

class SecondReader {
 public:
  // Reads one report. Its texts are views into this reader, valid until the next read.
  Result<Report, ReadError> read_document(std::string_view text);

  // Begins to read several values one after another. `text` must stay in place. Returns the error of a text that is not
  // UTF-8.
  std::optional<ReadError> begin(std::string_view text);
  // Reads the next value as a report. Its texts are valid until the next read.
  Result<Report, ReadError> read();
  // Skips white space, then `expected`; returns false if another character is there.
  bool pass(char expected);
  // Skips white space. Returns nullopt at the end of the text, otherwise the error that text follows.
  std::optional<ReadError> end();
  // The error not_json at the current place.
  ReadError error(std::string message) const;

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::deque<std::string> kept_;  // the texts of the last report
};

}  // namespace ubiety::json
