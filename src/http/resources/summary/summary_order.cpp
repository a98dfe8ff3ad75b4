#include "http/resources/summary/summary_order.hpp"

#include <algorithm>
#include <utility>

namespace ubiety::http {

SummaryOrder::SummaryOrder(const SummaryQuery& query, std::vector<SummaryPart> parts)
    : filter_(query.filter), sort_(*query.sort), parts_(std::move(parts)) {
  for (auto& part : parts_) {
    const auto& devices = *part.sorted;
    if (!devices.is_whole) reach_ = std::min(reach_, devices.keys.size());
    shards_.push_back({devices.keys.size(), std::move(part.samples)});
  }
}

bool SummaryOrder::is_for(const SummaryQuery& query) const {
  return query.filter == filter_ && query.sort == sort_ && query.offset + query.limit.value_or(0) <= reach_;
}

SummaryOrder::Page SummaryOrder::page(std::size_t offset, std::size_t limit) const {
  auto spans = std::make_shared<std::vector<SortedSpan>>();
  Page page{nullptr, offset};
  const auto places = find_page(shards_, sort_, offset, limit);
  for (std::size_t shard = 0; shard < places.size(); ++shard) {
    page.skipped -= places[shard].begin;
    spans->push_back({parts_[shard].sorted, places[shard].begin, places[shard].end});
  }
  page.spans = std::move(spans);
  return page;
}

void SummaryOrder::complete(std::vector<SummaryPart>& parts) const {
  for (std::size_t shard = 0; shard < parts.size(); ++shard) {
    parts[shard].devices = parts_[shard].devices;
    parts[shard].online = parts_[shard].online;
    if (parts[shard].version != parts_[shard].version) parts[shard].version.reset();
  }
}

std::shared_ptr<const SummaryOrder> KeptOrders::find(const SummaryQuery& query, SteadyTime now) const {
  const auto newest = std::find_if(kept_.rbegin(), kept_.rend(), [&](const Kept& kept) {
    return now - kept.since < kept_for && kept.order->is_for(query);
  });
  return newest == kept_.rend() ? nullptr : newest->order;
}

void KeptOrders::keep(std::shared_ptr<const SummaryOrder> order, const SummaryQuery& query, SteadyTime now) {
  std::erase_if(kept_, [&](const Kept& kept) {
    return kept.order->is_for(query) && kept.order->is_whole() == order->is_whole();
  });
  if (kept_.size() == most) kept_.erase(kept_.begin());
  kept_.push_back({std::move(order), now});
}

void KeptOrders::forget(const std::shared_ptr<const SummaryOrder>& order) {
  std::erase_if(kept_, [&](const Kept& kept) { return kept.order == order; });
}

void KeptOrders::forget_old(SteadyTime now) {
  std::erase_if(kept_, [&](const Kept& kept) { return now - kept.since >= kept_for; });
}

}  // namespace ubiety::http
