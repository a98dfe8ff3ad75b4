// Reads all records of history and log in PostgreSQL, as exports and checks do. The connection's thread.
#pragma once

#include "storage/postgres/connection.hpp"
#include "storage/postgres/removed_table.hpp"
#include "storage/postgres/segment_table.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

// See Session::read_all. Throws SqlError and BadRow.
void read_all_records(Connection& connection, SegmentTable& segments, RemovedTable& removed, const Selection& selection,
                      const StatusSink& sink);

}  // namespace ubiety::postgres
