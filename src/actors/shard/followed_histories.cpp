#include "actors/shard/followed_histories.hpp"

#include <algorithm>
#include <iterator>

#include "domain/status.hpp"

namespace ubiety {
namespace {

constexpr std::size_t least_followed = 10'000;

bool is_for_a_span(const HistoryQuery& query) { return query.since || query.before; }

}  // namespace

FollowedHistories::FollowedHistories(std::size_t most_remembered)
    : most_remembered_(most_remembered), most_followed_(std::max(most_remembered, least_followed)) {}

FollowedHistories::Known FollowedHistories::ask(const HistoryQuery& query, bool batch_is_on_its_way) {
  auto* history = find(query.device_id);
  if (history == nullptr && !is_for_a_span(query)) history = follow(query.device_id, batch_is_on_its_way);
  if (history == nullptr || history->on_its_way) return {};
  if (auto page = page_of(*history, query)) return {.page = std::move(page)};
  if (is_for_a_span(query)) return {};
  const bool worth_remembering = most_remembered_ != 0 && !query.after && query.limit <= most_remembered_rows;
  const bool to_be_kept = !history->rows || worth_remembering;
  return {.rows = history->rows, .version = to_be_kept ? std::optional(history->version) : std::nullopt};
}

void FollowedHistories::keep(const DeviceId& device_id, std::uint64_t version, std::uint64_t rows,
                             const std::vector<Status>& newest) {
  auto* history = find(device_id);
  if (history == nullptr || history->version != version) return;
  history->rows = rows;
  if (newest.empty() || most_remembered_ == 0) return;
  if (history->newest.empty() && remembered_ == most_remembered_)
    for (auto& [other, full] : histories_) forget_rows(full);
  remembered_ += history->newest.empty() ? 1 : 0;
  const auto kept = std::min(newest.size(), most_remembered_rows);
  history->newest.reserve(most_remembered_rows);
  history->newest.assign(newest.rend() - static_cast<std::ptrdiff_t>(kept), newest.rend());
}

void FollowedHistories::handed_over(const WriteBatch& write) {
  if (histories_.empty()) return;
  for (const auto* lane : {&write.fresh, &write.doubtful})
    for (const auto* update : *lane)
      if (auto* history = find(update->device_id)) {
        history->version = ++last_version_;
        note_on_its_way(*history);
      }
}

void FollowedHistories::done(const WriteBatch& write, bool fresh_are_new) {
  if (!histories_.empty()) {
    for (const auto* update : write.fresh)
      if (auto* history = find(update->device_id)) {
        if (fresh_are_new)
          add(*history, update->status);
        else
          forget(*history);
      }
    for (const auto* update : write.doubtful)
      if (auto* history = find(update->device_id)) forget(*history);
  }
  for (auto* history : on_their_way_) history->on_its_way = false;
  on_their_way_.clear();
}

void FollowedHistories::forget() {
  for (auto& [device_id, history] : histories_) {
    forget(history);
    history.version = ++last_version_;
  }
}

FollowedHistories::History* FollowedHistories::find(const DeviceId& device_id) {
  const auto found = histories_.find(device_id);
  return found == histories_.end() ? nullptr : &found->second;
}

// nullptr when there are too many.
FollowedHistories::History* FollowedHistories::follow(const DeviceId& device_id, bool batch_is_on_its_way) {
  if (histories_.size() == most_followed_ && on_their_way_.empty()) {
    histories_.clear();
    remembered_ = 0;
  }
  if (histories_.size() == most_followed_) return nullptr;
  auto& history = histories_[device_id];
  history.version = ++last_version_;
  if (batch_is_on_its_way) note_on_its_way(history);  // its updates may be among it
  return &history;
}

void FollowedHistories::note_on_its_way(History& history) {
  if (history.on_its_way) return;
  history.on_its_way = true;
  on_their_way_.push_back(&history);
}

// A fresh update is later than the device's latest, but not than the rows of a clock that ran ahead once.
void FollowedHistories::add(History& history, const Status& row) {
  if (!history.rows) return;
  const bool was_whole = history.is_whole();
  ++*history.rows;
  if (history.newest.empty()) return;
  auto& newest = history.newest;
  const auto place = std::upper_bound(newest.begin(), newest.end(), row, [](const Status& left, const Status& right) {
    return newest_first(right, left);
  });
  if (place == newest.begin() && !was_whole) return;  // older ones that are not remembered may be newer than it
  if (newest.size() < most_remembered_rows) {
    newest.insert(place, row);
  } else if (place != newest.begin()) {
    std::move(newest.begin() + 1, place, newest.begin());
    *(place - 1) = row;
  }
}

void FollowedHistories::forget(History& history) {
  history.rows.reset();
  forget_rows(history);
}

void FollowedHistories::forget_rows(History& history) {
  remembered_ -= history.newest.empty() ? 0 : 1;
  history.newest = {};
}

std::optional<HistoryPage> FollowedHistories::page_of(const History& history, const HistoryQuery& query) {
  const auto& newest = history.newest;
  if (newest.empty() || query.after) return std::nullopt;
  const bool covered = history.is_whole() || (query.since && newest.front().timestamp <= *query.since) ||
                       (!is_for_a_span(query) && query.limit <= newest.size());
  if (!covered) return std::nullopt;

  const auto begin = std::partition_point(
      newest.begin(), newest.end(), [&](const Status& row) { return query.since && row.timestamp <= *query.since; });
  const auto end = std::partition_point(
      begin, newest.end(), [&](const Status& row) { return !query.before || row.timestamp < *query.before; });
  const auto first = end - std::min(end - begin, static_cast<std::ptrdiff_t>(query.limit));
  HistoryPage page;
  page.records.assign(std::make_reverse_iterator(end), std::make_reverse_iterator(first));
  page.total_records = is_for_a_span(query) ? static_cast<std::uint64_t>(end - begin) : *history.rows;
  page.has_more = page.total_records > page.records.size();
  return page;
}

}  // namespace ubiety
