#include "actors/shard/tail.hpp"

#include <algorithm>

namespace ubiety {
namespace {

// Counts as merged in any Positions.
constexpr log::Position no_row{};

}  // namespace

void Tail::begin_row(log::Position position) { rows_.push_back({position, end()}); }

bool Tail::has_row(log::Position position) const {
  return merged_.has(position) ||
         std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) { return row.position == position; });
}

void Tail::add(std::uint32_t device, const Status& status, bool may_repeat) {
  if (device >= newest_.size()) newest_.resize(device + 1, first_ - 1);
  const auto number = end();
  const auto before = newest_[device];
  const auto distance = is_in_tail(before) ? number - before : 0;
  entries_.push_back(
      {status.timestamp, status.received, distance, status.rssi, status.battery_level, status.online, may_repeat});
  newest_[device] = number;
}

// When an update that is no repetition had the latest timestamp of all, no record was as late: whatever is as late or
// later was applied after it, and has been visited.
Tail::Knowledge Tail::look_for(std::uint32_t device, const Status& status) const {
  auto knowledge = Knowledge::unknown;
  std::size_t searched = 0;
  for_each_of(device, [&](Number, const Entry& entry) {
    if (same_report(entry.status(), status)) {
      knowledge = Knowledge::repeats;
      return false;
    }
    if (!entry.may_repeat && entry.timestamp <= status.timestamp) {
      knowledge = Knowledge::is_new;
      return false;
    }
    return ++searched < max_searched;
  });
  return knowledge;
}

// An update can be in two rows, of which a merge that was interrupted takes the one that was applied later: then the
// other one repeats what is in the history.
void Tail::append_unmerged(std::uint32_t device, std::vector<log::UnmergedRecord>& records) const {
  bool may_be_merged = false;
  for_each_of(device, [&](Number number, const Entry& entry) {
    const auto& position = position_of(number);
    if (!merged_.has(position))
      records.push_back({entry.status(), position, entry.may_repeat || may_be_merged});
    else
      may_be_merged = may_be_merged || entry.may_repeat;
    return true;
  });
}

// Whatever is as late as an update that is no repetition was applied after it, see look_for().
bool Tail::append_newest(std::uint32_t device, std::size_t count, std::vector<Status>& records) const {
  std::vector<Status> visited;
  bool are_certain = false;
  for_each_of(device, [&](Number, const Entry& entry) {
    visited.push_back(entry.status());
    if (entry.may_repeat || visited.size() < count) return true;
    const auto as_late = static_cast<std::size_t>(std::count_if(
        visited.begin(), visited.end(), [&](const Status& status) { return status.timestamp >= entry.timestamp; }));
    are_certain = as_late >= count;
    if (are_certain) std::erase_if(visited, [&](const Status& status) { return status.timestamp < entry.timestamp; });
    return !are_certain && visited.size() < max_visited;
  });
  if (!are_certain) return false;
  records.insert(records.end(), visited.begin(), visited.end());
  return true;
}

Tail::RowsToMerge::RowsToMerge(const Tail& tail, const log::Positions& through) : tail_(tail), through_(through) {
  const auto is_left = [this](const Row& row) { return !is_wanted(row.position); };
  const auto gap = std::find_if(tail.rows_.begin(), tail.rows_.end(), is_left);
  oldest_updates_ = tail.first_of(gap) - tail.first_;
  others_ = !std::all_of(gap, tail.rows_.end(), is_left);
}

Tail::RowsToMerge Tail::rows_to_merge(const log::Positions& through) const { return {*this, through}; }

void Tail::collect(const RowsToMerge& rows, std::vector<Collected>& devices) const {
  struct Walk {
    Number next;
    Collected* to;
    bool may_be_merged = false;  // see append_unmerged()
  };
  std::vector<Walk> walks;
  for (auto& device : devices)
    if (has(device.device)) walks.push_back({newest_[device.device], &device});
  const auto step = [&](Walk& walk) {  // returns whether the walk ends
    const auto& entry = at(walk.next);
    if (rows.have(walk.next)) {
      walk.to->records.push_back(entry.status());
      walk.to->may_repeat = walk.to->may_repeat || entry.may_repeat || walk.may_be_merged;
    } else {
      walk.may_be_merged = walk.may_be_merged || entry.may_repeat;
    }
    walk.next -= entry.distance;
    return entry.distance == 0 || !is_in_tail(walk.next);
  };
  while (!walks.empty())
    for (std::size_t i = 0; i < walks.size();) {
      if (step(walks[i])) {
        walks[i] = walks.back();
        walks.pop_back();
      } else {
        ++i;
      }
    }
  for (auto& device : devices) std::reverse(device.records.begin(), device.records.end());
}

// A merged row stays behind one that is not merged: a row of the spool, which reaches the store later.
void Tail::drop_merged(const log::Positions& merged) {
  merged_.raise_to(merged);
  const auto kept =
      std::find_if(rows_.begin(), rows_.end(), [this](const Row& row) { return !merged_.has(row.position); });
  const auto first_kept = first_of(kept);
  rows_.erase(rows_.begin(), kept);
  entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(first_kept - first_));
  first_ = first_kept;
  forget_dropped_devices();
}

std::vector<Tail::Lost> Tail::take_lost(log::StreamId stream, std::int64_t kept_through) {
  std::vector<Lost> lost;
  const auto is_lost = [&](Number number) {
    const auto& position = position_of(number);
    return position.stream == stream && position.sequence > kept_through;
  };
  for (std::uint32_t device = 0; device < newest_.size(); ++device)
    for_each_of(device, [&](Number number, const Entry& entry) {
      if (is_lost(number)) lost.push_back({device, entry.status()});
      return true;
    });
  for (auto& row : rows_)
    if (row.position.stream == stream && row.position.sequence > kept_through) row.position = no_row;
  return lost;
}

// The number of a dropped update would be in use again after 2^32 further updates.
void Tail::forget_dropped_devices() {
  for (auto& number : newest_)
    if (!is_in_tail(number)) number = first_ - 1;
}

const log::Position& Tail::position_of(Number number) const {
  const auto is_after = [this](Number left, const Row& row) { return left - first_ < row.first - first_; };
  return std::prev(std::upper_bound(rows_.begin(), rows_.end(), number, is_after))->position;
}

}  // namespace ubiety
