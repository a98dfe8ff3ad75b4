#include "storage/log/history.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "storage/log/merge_plan.hpp"
#include "storage/log/repetitions.hpp"

namespace ubiety::log {
namespace {

// The records that a page may show, from all sources.
class Candidates {
 public:
  explicit Candidates(const HistoryQuery& query) : query_(query) {}

  // Whether the page needs a segment whose newest record has this timestamp. It is complete when it has one record more
  // than its limit, all of them newer than every segment that is left.
  bool need(Timestamp newest) const {
    if (query_.since && newest <= *query_.since) return false;
    const auto found = wanted();
    return found <= query_.limit || records_[found - 1 - query_.limit].timestamp <= newest;
  }

  // Takes what no segment has, by oldest_first: the page never needs more than its limit and one record.
  void begin_with(const std::vector<Status>& missing) {
    add(missing);
    const auto found = wanted();
    if (found <= query_.limit) return;
    records_.erase(records_.begin(), records_.begin() + static_cast<std::ptrdiff_t>(found - query_.limit - 1));
  }

  void add(const std::vector<Status>& records) {
    const auto may_show = [this](const Status& record) {
      return query_.is_in_span(record.timestamp) && (!query_.after || record.timestamp <= query_.after->timestamp);
    };
    // Each segment usually ends before those that were read earlier, and so nothing has to be sorted.
    const auto later = std::exchange(records_, {});
    std::copy_if(records.begin(), records.end(), std::back_inserter(records_), may_show);
    records_.insert(records_.end(), later.begin(), later.end());
    sort_and_fold(records_);
  }

  // Returns the page, without total_records.
  HistoryPage page() const {
    const auto found = wanted();
    const auto count = std::min(found, query_.limit);
    const auto newest = std::make_reverse_iterator(records_.begin() + static_cast<std::ptrdiff_t>(found));
    HistoryPage page;
    page.has_more = found > query_.limit;
    page.records.assign(newest, newest + static_cast<std::ptrdiff_t>(count));
    return page;
  }

 private:
  // How many records at the front of records_ belong to the page or follow it. Repetitions are folded first: the one
  // that was received first decides where a record stands.
  std::size_t wanted() const {
    if (!query_.after) return records_.size();
    const auto end = std::partition_point(records_.begin(), records_.end(),
                                          [this](const Status& record) { return oldest_first(record, *query_.after); });
    return static_cast<std::size_t>(end - records_.begin());
  }

  const HistoryQuery& query_;
  std::vector<Status> records_;  // by oldest_first, without repetitions
};

// Returns the updates within the span that the snapshot has not merged, without repetitions. `doubtful` gets those that
// may repeat a record of a segment.
std::vector<Status> not_merged(const HistoryQuery& query, const std::vector<UnmergedRecord>& unmerged,
                               SegmentReader& segments, std::vector<Status>& doubtful) {
  std::vector<Status> found;
  for (const auto& [status, position, may_repeat] : unmerged) {
    if (!query.selects(status) || segments.has_merged(position)) continue;
    found.push_back(status);
    if (may_repeat) doubtful.push_back(status);
  }
  sort_and_fold(found);
  return found;
}

// Returns the records that no segment has, without repetitions.
std::vector<Status> missing_records(const HistoryQuery& query, const std::vector<UnmergedRecord>& unmerged,
                                    SegmentReader& segments) {
  std::vector<Status> doubtful;
  auto missing = not_merged(query, unmerged, segments, doubtful);
  if (!doubtful.empty()) drop_stored(missing, segments.records_at(times_of(doubtful)));
  return missing;
}

// Takes from the records, by oldest_first, those that are newer than `time`; without a time all.
std::vector<Status> take_newer(std::vector<Status>& records, std::optional<Timestamp> time) {
  const auto is_kept = [time](const Status& record) { return time && record.timestamp <= *time; };
  const auto first = std::partition_point(records.begin(), records.end(), is_kept);
  std::vector<Status> newer(first, records.end());
  records.erase(first, records.end());
  return newer;
}

// Adds the records to `sorted`. Both are sorted by oldest_first.
void merge_into(std::vector<Status>& sorted, std::vector<Status> records) {
  const auto middle = static_cast<std::ptrdiff_t>(records.size());
  records.insert(records.end(), sorted.begin(), sorted.end());
  std::inplace_merge(records.begin(), records.begin() + middle, records.end(), oldest_first);
  sorted = std::move(records);
}

}  // namespace

HistoryPage page_of(const HistoryQuery& query, const std::vector<UnmergedRecord>& unmerged, SegmentReader& segments) {
  const auto missing = missing_records(query, unmerged, segments);
  Candidates candidates(query);
  candidates.begin_with(missing);
  bool are_all_read = false;
  for (;;) {
    const auto newest = segments.next();
    are_all_read = !newest;
    if (!newest || !candidates.need(*newest)) break;
    candidates.add(segments.records());
  }
  auto page = candidates.page();
  const bool are_all_shown = are_all_read && !page.has_more && !query.after;
  if (are_all_shown)
    page.total_records = page.records.size();
  else if (query.wants_total)
    page.total_records = query.known ? query.known->total : segments.count() + missing.size();
  return page;
}

void read_span(const HistoryQuery& query, const std::vector<UnmergedRecord>& unmerged, SegmentReader& segments,
               const RecordSink& sink) {
  // What repeats a record of a segment is folded when that segment is read, so it need not be looked for.
  std::vector<Status> doubtful;
  auto missing = not_merged(query, unmerged, segments, doubtful);
  std::vector<Status> waiting;  // of the segments
  for (;;) {
    auto newest = segments.next();
    if (query.since && newest && *newest <= *query.since) newest.reset();
    // What is newer than every segment that is left has no repetition in them.
    auto piece = take_newer(missing, newest);
    merge_into(piece, take_newer(waiting, newest));
    sort_and_fold(piece);
    if (!piece.empty() && !sink(piece)) return;
    if (!newest) return;
    auto records = segments.records();
    std::erase_if(records, [&](const Status& record) { return !query.selects(record); });
    merge_into(waiting, std::move(records));
  }
}

// Records before the removal are not even looked at.
HistoryQuery PageOfSpan::query() const {
  auto query = query_;
  if (query.removed) query.since = std::max(query.since, query.removed);
  if (query.after && !query.wants_total) {
    const Timestamp behind{query.after->timestamp.microseconds + 1};
    query.before = query.before ? std::min(*query.before, behind) : behind;
  }
  query.after.reset();  // the total counts the pages before, too
  return query;
}

bool PageOfSpan::add(std::span<const Status> records) {
  page_.total_records += records.size();
  for (auto left = records.size(); left > 0; --left) {
    const auto& record = records[left - 1];
    if (query_.after && !oldest_first(record, *query_.after)) continue;
    page_.has_more = page_.records.size() == query_.limit;
    if (page_.has_more) break;
    page_.records.push_back(record);
  }
  return query_.wants_total || !page_.has_more;
}

}  // namespace ubiety::log
