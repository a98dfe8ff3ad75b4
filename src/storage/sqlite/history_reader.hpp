// Reads the history: the segments of one device, for a page or a span, and all selected records, for an export. Both in
// the open snapshot. Each call throws Error. One thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "storage/log/history.hpp"
#include "storage/sqlite/segment_table.hpp"
#include "storage/sqlite/update_log.hpp"
#include "storage/store.hpp"

namespace ubiety::sqlite {

// For log::page_of and log::read_span.
class DeviceSegments final : public log::SegmentReader {
 public:
  // One reader at a time uses the tables. `progress` is that of the snapshot.
  DeviceSegments(const HistoryQuery& query, SegmentTable& segments, UpdateLog& log, UpdateLog::Progress progress);
  ~DeviceSegments() override { segments_.newest_first().reset(); }
  DeviceSegments(const DeviceSegments&) = delete;
  DeviceSegments& operator=(const DeviceSegments&) = delete;

  bool has_merged(log::Position position) override;
  std::optional<Timestamp> next() override;
  std::vector<Status> records() override { return segments_.records(query_.device_id, current_); }
  std::uint64_t count() override;
  std::vector<Status> records_at(std::span<const Timestamp> times) override {
    return segments_.records_at(query_.device_id, times);
  }

 private:
  const HistoryQuery& query_;
  SegmentTable& segments_;
  UpdateLog& log_;
  const UpdateLog::Progress progress_;
  log::StreamId stream_id_ = 0;  // of stream_
  std::optional<UpdateLog::Stream> stream_;
  bool has_begun_ = false;
  std::int64_t current_ = 0;  // the segment at which next() is
};

// See Session::read_all. Reads history and log in the order of the device ids, and keeps the selected updates of the
// log in memory.
void read_selected(const Selection& selection, SegmentTable& segments, UpdateLog& log, const log::Removals& removals,
                   const StatusSink& sink);

}  // namespace ubiety::sqlite
