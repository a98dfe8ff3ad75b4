// PostgreSQL's binary formats, which save the server the parsing and formatting of text: COPY (manual, chapter COPY,
// "Binary Format") with rows of (device_id, timestamp, battery_level, rssi, online, received), and a query's columns.
// Any thread.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "domain/status.hpp"

namespace ubiety::postgres {

// The database contains a row that this service did not write.
class BadRow : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

void append_header(std::string& out);
void append_row(std::string& out, const StatusUpdate& update);
void append_trailer(std::string& out);

// Replaces `out` by the rows of a COPY, between header and trailer.
void encode(std::string& out, std::span<const StatusUpdate* const> updates);
void encode(std::string& out, std::span<const StatusUpdate> updates);

// A row of (timestamp, battery_level, rssi, online, received) from a query. Throws BadRow.
Status read_columns(const std::array<std::string_view, 5>& columns);

// Reads the pieces that COPY TO STDOUT sends: a row each, the first behind the header. One thread.
class RowReader {
 public:
  // Returns the row in this piece; nullopt if it is the trailer. Throws BadRow.
  std::optional<StatusUpdate> read(std::string_view piece);

 private:
  bool header_seen_ = false;
};

}  // namespace ubiety::postgres
