#include "node.hpp"

#include <algorithm>
#include <utility>

namespace ubiety::test {
namespace {

// Returns, for each update, whether the history has its report. Asks the store only about those that may repeat one.
std::vector<bool> repeats(Session& session, const UnmergedUpdates& unmerged, const std::vector<StatusUpdate>& updates) {
  UpdateList doubtful;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < updates.size(); ++i)
    if (unmerged.may_repeat(updates[i])) {
      doubtful.push_back(&updates[i]);
      places.push_back(i);
    }
  std::vector<bool> repeats(updates.size(), false);
  if (doubtful.empty()) return repeats;
  const auto found = expected(session.has_records(doubtful));
  EXPECT_EQ(found.size(), doubtful.size());
  for (std::size_t i = 0; i < places.size(); ++i) repeats[places[i]] = found.at(i);
  return repeats;
}

Timestamp newest_received(const log::Row& row) {
  Timestamp newest{};
  for (const auto& update : row.updates) newest = std::max(newest, update.status.received);
  return newest;
}

}  // namespace

Node::Node(Session& session) : session_(&session) {
  auto loaded = load(session);
  for (const auto& latest : loaded.latest) unmerged_.add_latest(latest);
  // Streams may come in any order. Of repeated reports the first received decides the latest status.
  std::stable_sort(loaded.rows.begin(), loaded.rows.end(), [](const log::Row& left, const log::Row& right) {
    return newest_received(left) < newest_received(right);
  });
  for (const auto& [position, updates] : loaded.rows) {
    unmerged_.add(position, updates, repeats(session, unmerged_, updates));
    appended_.raise_to(position);
  }
  expected(session.open_stream(next_.stream));
}

log::Position Node::append(const std::vector<StatusUpdate>& updates) {
  const auto position = next_;
  ++next_.sequence;
  expected(session_->append(position, pointers_to(updates)));
  unmerged_.add(position, updates, repeats(*session_, unmerged_, updates));
  appended_.raise_to(position);
  return position;
}

StoreResult<log::Positions> Node::merge(const log::Positions& through) {
  try {
    auto merged = session_->merge(through, unmerged_);
    if (merged) unmerged_.trim(*merged);
    return merged;
  } catch (const log::MergeInterrupted& interrupted) {
    return Failure{StoreFailure{StoreFailure::Kind::unavailable, interrupted.what()}};
  }
}

void Node::merge() {
  // A call may only return what was merged before, or finish an interrupted merge.
  for (int calls = 0; calls == 0 || (unmerged_.size() != 0 && calls < 3); ++calls) expected(merge(appended_));
  EXPECT_EQ(unmerged_.size(), 0U);
}

HistoryPage Node::page(const HistoryQuery& query, Session& reader) {
  const auto unmerged = unmerged_.of(query.device_id);
  auto page = expected(reader.history(query, unmerged));
  if (query.since || query.before) return page;
  // The page is the same if the store need not look for what is known.
  const bool shows_newest = !query.after && !page.records.empty();
  auto informed = query;
  informed.known = {page.total_records, shows_newest ? page.records.front().timestamp : latest_timestamp};
  const auto same = expected(reader.history(informed, unmerged));
  EXPECT_EQ(same.records, page.records);
  EXPECT_EQ(same.total_records, page.total_records);
  EXPECT_EQ(same.has_more, page.has_more);
  return page;
}

std::vector<Status> Node::history(const std::string& device_id) {
  return page({.device_id = device_id, .limit = 1000}).records;
}

}  // namespace ubiety::test
