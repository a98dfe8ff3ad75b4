// Reads all selected records of history and log, in the order of the device ids. One thread.
#pragma once

#include "storage/sqlite/segment_table.hpp"
#include "storage/sqlite/update_log.hpp"
#include "storage/store.hpp"

namespace ubiety::sqlite {

// See Session::read_all. Call it in a snapshot. Keeps the selected updates of the log in memory. Throws Error.
void read_selected(const Selection& selection, SegmentTable& segments, UpdateLog& log, const StatusSink& sink);

}  // namespace ubiety::sqlite
