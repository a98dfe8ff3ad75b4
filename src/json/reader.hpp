// Reads JSON texts that clients send: a report, a batch of reports, or a small object. Each reader belongs to one
// thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/field_value.hpp"
#include "domain/result.hpp"

namespace ubiety {
struct Report;  // domain/report.hpp
}

namespace ubiety::json {

// Why a text cannot be read.
struct ReadError {
  enum class Kind {
    empty,
    not_json,
    trailing_text,  // after the document
    not_an_object,
    not_an_array,
  } kind;
  std::string message{};                  // of not_json: for a person
  std::optional<std::size_t> position{};  // of not_json and trailing_text: the number of characters before the fault
};

// Reads a device's report: from JSON text to the fields that domain/report.hpp validates.
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

enum class BatchForm {
  lines,  // NDJSON: one report a line. Lines of white space are skipped
  array,  // a JSON array of reports
};

// Reads the reports of a batch one after another, so that the caller can pause between them.
class BatchReader {
 public:
  BatchReader();
  ~BatchReader();

  // Begins another batch. `text` must stay in place until the last call of next(). Returns the error of a batch that
  // cannot be read at all.
  std::optional<ReadError> begin(std::string_view text, BatchForm form);

  // Returns the next report, or why it cannot be read; nullopt after the last report, and once error() is set. The
  // texts of the report are valid until the next call.
  std::optional<Result<Report, ReadError>> next();

  // What is wrong with the batch as a whole, if only next() could find it.
  const std::optional<ReadError>& error() const;

 private:
  class Implementation;
  const std::unique_ptr<Implementation> implementation_;
};

struct Member {
  std::string_view name;
  FieldValue value;  // Composite for a list
  bool is_list = false;
  std::vector<FieldValue> items;  // of a list
};

// Reads an object of any fields, for requests that are rare.
class ObjectReader {
 public:
  ObjectReader();
  ~ObjectReader();

  // The members in their order in the text. They are views into this reader, valid until the next read.
  Result<std::vector<Member>, ReadError> read(std::string_view text);

 private:
  const std::unique_ptr<class DocumentParser> parser_;
};

}  // namespace ubiety::json
