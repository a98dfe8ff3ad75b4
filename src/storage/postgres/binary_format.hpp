// PostgreSQL's binary COPY format (manual, chapter COPY, "Binary Format") for rows of
// (device_id, timestamp, battery_level, rssi, online, received). It spares the server the parsing of texts.
#pragma once

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

// Reads rows of that shape from the pieces in which COPY TO STDOUT gives them: the header stands before the first row.
class RowReader {
 public:
  // The row in this piece, or nullopt for the trailer. Throws BadRow.
  std::optional<StatusUpdate> read(std::string_view piece);

 private:
  bool header_seen_ = false;
};

}  // namespace ubiety::postgres
