// A device's history: the query, a page, and how a page, or all records of a span, are made of the store's segments and
// the updates that are not merged yet. Both may have the same record, and segments may overlap. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "domain/status.hpp"
#include "storage/log/position.hpp"

namespace ubiety {

struct HistoryQuery {
  DeviceId device_id;
  std::size_t limit = 50;             // 1 to 1000
  std::optional<Timestamp> since{};   // exclusive
  std::optional<Timestamp> before{};  // exclusive
  std::optional<Status> after{};      // the last record of the page before
  // When the device was removed, before it reported again: its records of before do not count. Only for read_span().
  std::optional<Timestamp> removed{};

  // What is known of the device's whole history, so that the store need not look for it. It must be true of the moment
  // at which the store is read.
  struct Known {
    std::uint64_t total;  // of the records, merged or not
    Timestamp newest;     // no record has a later timestamp
  };
  std::optional<Known> known{};  // only without since and before
  bool wants_total = true;

  bool is_in_span(Timestamp time) const { return (!since || time > *since) && (!before || time < *before); }
  bool selects(const Status& record) const {
    return is_in_span(record.timestamp) && (!removed || !is_removed(record, *removed));
  }
};

// Takes some of a history's records, by oldest_first. Returns whether it wants the ones before them too.
using RecordSink = std::function<bool(std::span<const Status> records)>;

struct HistoryPage {
  std::vector<Status> records;  // newest first; of equal timestamps the last received first
  std::uint64_t total_records =
      0;                  // all that match since and before, on all pages; without meaning if it is not wanted
  bool has_more = false;  // older records match too
};

}  // namespace ubiety

namespace ubiety::log {

// An update that the log has, or had until a merge moved it into the history.
struct UnmergedRecord {
  Status status;
  Position position;        // of its row in the log
  bool may_repeat = false;  // false only if no earlier update of the device has a timestamp as late
};

// The segments of the query's device, in one snapshot of the store. Each store implements it.
class SegmentReader {
 public:
  virtual ~SegmentReader() = default;

  // Whether the segments have the device's updates of this row of the log.
  virtual bool has_merged(Position position) = 0;

  // Moves to the next segment: newest first by their last timestamps, those alone that may have a record of the page.
  // Returns the segment's last timestamp; nullopt behind the last segment.
  virtual std::optional<Timestamp> next() = 0;
  // The records of that segment, sorted by oldest_first.
  virtual std::vector<Status> records() = 0;

  // The number of records within the query's span, in all segments.
  virtual std::uint64_t count() = 0;

  // The records of these times, in all segments, in any order. `times`: sorted, at least one. Reads no segment twice.
  virtual std::vector<Status> records_at(std::span<const Timestamp> times) = 0;
};

// Returns the page. `unmerged`: the device's updates that are not merged, or were not when they were looked up, in any
// order. Look them up before the snapshot is taken, or the page may miss what is merged in between.
HistoryPage page_of(const HistoryQuery& query, const std::vector<UnmergedRecord>& unmerged, SegmentReader& segments);

// Passes all records within the query's span to `sink`, without repetitions, in pieces: the newest piece first. The
// query's other members do not count. Keeps in memory what is not merged, and the segments that overlap.
void read_span(const HistoryQuery& query, const std::vector<UnmergedRecord>& unmerged, SegmentReader& segments,
               const RecordSink& sink);

// Makes a page of what read_span() passes: for a device that was removed, whose segments may have more than it shows.
class PageOfSpan {
 public:
  // The query of the page.
  explicit PageOfSpan(HistoryQuery query) : query_(std::move(query)) {}

  // The query for read_span().
  HistoryQuery query() const;
  // Takes the next piece. Returns whether the page needs more.
  bool add(std::span<const Status> records);
  HistoryPage take() { return std::move(page_); }

 private:
  const HistoryQuery query_;
  HistoryPage page_;
};

}  // namespace ubiety::log
