// Bulk transfer of statuses by binary COPY. The connection's thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "storage/postgres/connection.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

// Sends encoded rows through a COPY … FROM STDIN (FORMAT binary). Returns the number of rows that the server took.
// Check it: a COPY can end early and still succeed. Throws SqlError.
std::size_t copy_in(Connection& connection, const char* statement, const std::string& rows);

// Throws SqlError unless the server took all rows.
void expect_count(std::size_t counted, std::size_t sent);

// Passes the rows of a COPY … TO STDOUT (FORMAT binary) to `sink`, with their origin. Throws SqlError.
void copy_out(Connection& connection, const char* statement, Origin origin, const StatusSink& sink);

// Replaces `out` by rows for copy_in, between header and trailer.
void encode(std::string& out, const UpdateList& updates);
void encode(std::string& out, std::span<const StatusUpdate> updates);

}  // namespace ubiety::postgres
