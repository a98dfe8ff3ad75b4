#include "actors/shard/attention_scan.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace ubiety {
namespace {

constexpr std::size_t visited_at_a_time = 2'000;

constexpr AttentionPlace first_place{.since = {std::numeric_limits<std::int64_t>::min()}};

bool is_of(const AttentionRank& rank, const std::vector<Problem>& problems) {
  return problems.size() == problem_kinds - static_cast<std::size_t>(rank.fewer) &&
         problems.front().kind == rank.worst && problems.front().since == rank.since;
}

}  // namespace

// Behind the end of the last page are devices that are equal to the last one in all but the id.
AttentionScan::AttentionScan(ReadAttention request) : request_(std::move(request)), next_(first_place) {
  const auto& after = request_.query->after;
  if (after && !counts_matches()) next_ = {after->worst, after->fewer, after->since, 0};
}

// A device whose problems change between two slices may be missed.
bool AttentionScan::advance(const DeviceTable& table) {
  const auto& order = table.watch().problems().order();
  AttentionOrder::Walk walk(order, request_.query->problem, next_);
  auto place = walk.next();
  for (auto most = visited_at_a_time; place && most > 0; place = walk.next(), --most) {
    if (is_behind_page(*place) && !counts_matches()) {
      place.reset();
      break;
    }
    if (matches(table, place->device)) consider(table, *place);
  }
  if (place) {
    next_ = *place;
    return false;
  }
  if (!counts_matches()) count_ = order.count(request_.query->problem);
  reply(table);
  return true;
}

bool AttentionScan::matches(const DeviceTable& table, std::uint32_t device) const {
  const auto& query = *request_.query;
  if (query.group && table.watch().group_of(device) != *query.group) return false;
  return query.prefix.empty() || table.at(device).device_id.starts_with(query.prefix);
}

bool AttentionScan::is_behind_page(const AttentionPlace& place) const {
  if (best_.size() <= request_.query->limit) return false;
  const auto& last = best_.front().rank;
  return std::tie(place.worst, place.fewer, place.since) > std::tie(last.worst, last.fewer, last.since);
}

void AttentionScan::consider(const DeviceTable& table, const AttentionPlace& place) {
  ++count_.devices;
  count_.problems += problem_kinds - static_cast<std::size_t>(place.fewer);
  if (is_behind_page(place)) return;
  Candidate candidate{{place.worst, place.fewer, place.since, table.at(place.device).device_id}, place.device};
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

// Leaves out devices whose problems have changed since they were visited: their place is another. A shard that was
// replaced meanwhile has other numbers for its devices.
void AttentionScan::reply(const DeviceTable& table) {
  std::sort_heap(best_.begin(), best_.end());
  AttentionPart part{{}, count_.devices, count_.problems};
  for (auto& [rank, device] : best_) {
    if (device >= table.numbers() || table.at(device).device_id != rank.device_id) continue;
    auto details = table.details_of(device);
    if (is_of(rank, details.problems)) part.rows.push_back({std::move(rank), std::move(details)});
  }
  request_.reply(std::move(part));
}

}  // namespace ubiety
