#include "storage/log/history_union.hpp"

#include <algorithm>
#include <iterator>

#include "domain/status.hpp"
#include "storage/log/merge_plan.hpp"

namespace ubiety::log {

HistoryUnion::HistoryUnion(const HistoryQuery& query, std::vector<Status> unmerged) : query_(query) { add(unmerged); }

// The page is complete when it has one record more than its limit, all of them newer than every segment that is left.
bool HistoryUnion::needs(Timestamp newest) const {
  if (query_.since && newest <= *query_.since) return false;
  const auto found = wanted();
  return found <= query_.limit || records_[found - 1 - query_.limit].timestamp <= newest;
}

void HistoryUnion::add(const std::vector<Status>& records) {
  const auto is_of_span = [this](const Status& record) {
    if (query_.since && record.timestamp <= *query_.since) return false;
    if (query_.before && record.timestamp >= *query_.before) return false;
    return !query_.after || record.timestamp <= query_.after->timestamp;
  };
  std::copy_if(records.begin(), records.end(), std::back_inserter(records_), is_of_span);
  sort_and_fold(records_);
}

HistoryPage HistoryUnion::page() const {
  const auto found = wanted();
  const auto count = std::min(found, query_.limit);
  const auto newest = std::make_reverse_iterator(records_.begin() + static_cast<std::ptrdiff_t>(found));
  HistoryPage page;
  page.has_more = found > query_.limit;
  page.records.assign(newest, newest + static_cast<std::ptrdiff_t>(count));
  return page;
}

// Repetitions are folded first: the one that was received first decides where a record stands.
std::size_t HistoryUnion::wanted() const {
  if (!query_.after) return records_.size();
  const auto end = std::partition_point(records_.begin(), records_.end(),
                                        [this](const Status& record) { return oldest_first(record, *query_.after); });
  return static_cast<std::size_t>(end - records_.begin());
}

}  // namespace ubiety::log
