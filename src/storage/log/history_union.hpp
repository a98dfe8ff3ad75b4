// A page of a history, from the store's segments and the updates that are not merged yet. Both may have the same
// record, and segments may overlap. One thread at a time.
#pragma once

#include <cstddef>
#include <vector>

#include "domain/status.hpp"
#include "storage/store.hpp"

namespace ubiety::log {

class HistoryUnion {
 public:
  // `unmerged`: the device's updates that may be missing from the segments, in any order.
  HistoryUnion(const HistoryQuery& query, std::vector<Status> unmerged);

  // Whether the page needs a segment whose newest record has this timestamp. Ask for segments in the order of their
  // newest records, newest first: after false, no further segment is needed.
  bool needs(Timestamp newest) const;

  // Adds the records of such a segment.
  void add(const std::vector<Status>& records);

  // Returns the page, with total_records left to the caller. Call it last.
  HistoryPage page() const;

 private:
  // The records of the page and behind it: how many there are at the front of records_.
  std::size_t wanted() const;

  const HistoryQuery query_;
  std::vector<Status> records_;  // of the span, and no newer than the position; by oldest_first, without repetitions
};

}  // namespace ubiety::log
