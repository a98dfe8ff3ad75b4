// Reads the reports of a batch one after another, so that the caller can pause between them. One reader a thread.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "domain/result.hpp"
#include "json/read_error.hpp"

namespace ubiety {
struct Report;
}

namespace ubiety::json {

enum class BatchForm {
  lines,  // NDJSON: one report a line. Lines of white space are skipped
  array,  // a JSON array of reports
};

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

}  // namespace ubiety::json
