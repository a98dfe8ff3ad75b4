#include "actors/shard/attention_scan.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ubiety {
namespace {

constexpr std::size_t visited_at_a_time = 2'000;

int fewer_than_all(const Troubled& troubled) { return static_cast<int>(problem_kinds) - troubled.problems.size(); }

AttentionRank rank_of(const DeviceTable& table, const Troubled& troubled) {
  const auto worst = troubled.problems.worst();
  return {worst, fewer_than_all(troubled), troubled.of(worst).since, table.at(troubled.device).device_id};
}

}  // namespace

// A device that comes to have problems meanwhile may be missed. One that moves to the place of another was visited.
bool AttentionScan::advance(const DeviceTable& table) {
  const auto troubled = table.watch().problems().troubled();
  left_ = std::min(left_.value_or(troubled.size()), troubled.size());
  for (auto most = visited_at_a_time; most > 0 && *left_ > 0; --most) {
    const auto& each = troubled[--*left_];
    if (matches(table, each)) consider(table, each);
  }
  if (*left_ > 0) return false;
  reply(table);
  return true;
}

bool AttentionScan::matches(const DeviceTable& table, const Troubled& troubled) const {
  const auto& query = *request_.query;
  if (troubled.is_muted) return false;
  if (query.problem && !troubled.problems.has(*query.problem)) return false;
  if (query.group && table.watch().group_of(troubled.device) != *query.group) return false;
  return query.prefix.empty() || table.at(troubled.device).device_id.starts_with(query.prefix);
}

// Whether more than the page has are surely worse. Most devices are passed over by this, without a look at their ids.
bool AttentionScan::is_behind_page(const Troubled& troubled) const {
  if (best_.size() <= request_.query->limit) return false;
  const auto place = [](ProblemKind worst, int fewer, Timestamp since) { return std::tuple(worst, fewer, since); };
  const auto worst = troubled.problems.worst();
  const auto& last = best_.front().rank;
  return place(worst, fewer_than_all(troubled), troubled.of(worst).since) > place(last.worst, last.fewer, last.since);
}

void AttentionScan::consider(const DeviceTable& table, const Troubled& troubled) {
  ++total_;
  problems_ += static_cast<std::uint64_t>(troubled.problems.size());
  if (is_behind_page(troubled)) return;
  Candidate candidate{rank_of(table, troubled), troubled.device};
  const auto& query = *request_.query;
  if (query.after && candidate.rank <= *query.after) return;
  if (best_.size() > query.limit) {
    if (best_.front() < candidate) return;
    std::pop_heap(best_.begin(), best_.end());
    best_.pop_back();
  }
  best_.push_back(std::move(candidate));
  std::push_heap(best_.begin(), best_.end());
}

// A shard that was replaced meanwhile has other numbers for its devices.
void AttentionScan::reply(const DeviceTable& table) {
  std::sort_heap(best_.begin(), best_.end());
  AttentionPart part{{}, total_, problems_};
  for (auto& [rank, device] : best_)
    if (device < table.numbers() && table.at(device).device_id == rank.device_id)
      part.rows.push_back({std::move(rank), table.details_of(device)});
  request_.reply(std::move(part));
}

}  // namespace ubiety
