// Bulk transfer of statuses by binary COPY. One thread, that of the connection.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "storage/postgres/connection.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

// Sends encoded rows through a COPY … FROM STDIN (FORMAT binary). Gives the number of rows that the server counted:
// compare it, for a COPY can end early with success. Throws SqlError.
std::size_t copy_in(Connection& connection, const char* statement, const std::string& rows);

// Throws SqlError unless the server took all rows.
void expect_count(std::size_t counted, std::size_t sent);

// Tells the sink, as coming from `origin`, the rows of a COPY … TO STDOUT (FORMAT binary). Throws SqlError.
void copy_out(Connection& connection, const char* statement, Origin origin, const StatusSink& sink);

// Rows as copy_in sends them, header and trailer about them.
void encode(std::string& out, const UpdateList& updates);
void encode(std::string& out, std::span<const StatusUpdate> updates);

}  // namespace ubiety::postgres
