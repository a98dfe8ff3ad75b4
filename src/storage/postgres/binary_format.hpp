// PostgreSQL's binary formats: of COPY (manual, chapter COPY, "Binary Format") for rows of
// (device_id, timestamp, battery_level, rssi, online, received), and of a query's columns. They spare the server the
// parsing and writing of texts.
#pragma once

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "domain/status_update.hpp"

namespace ubiety::postgres {

// A row in the database that this service did not write.
class BadRow : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

void append_header(std::string& out);
void append_row(std::string& out, const StatusUpdate& update);
void append_trailer(std::string& out);

// A row of (timestamp, battery_level, rssi, online, received) as a query gives its columns. Throws BadRow.
Status read_columns(const std::array<std::string_view, 5>& columns);

// Reads rows of that shape from the pieces in which COPY TO STDOUT gives them: the header stands before the first row.
class RowReader {
 public:
  // The row in this piece, or nullopt for the trailer. Throws BadRow.
  std::optional<StatusUpdate> read(std::string_view piece);

 private:
  bool header_seen_ = false;
};

}  // namespace ubiety::postgres
