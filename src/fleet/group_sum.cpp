#include "fleet/group_sum.hpp"

#include <algorithm>

namespace ubiety {
namespace {

bool is_larger(const GroupSum::NumberedTotals& left, const GroupSum::NumberedTotals& right) {
  if (left.totals.devices != right.totals.devices) return left.totals.devices > right.totals.devices;
  return left.group < right.group;
}

}  // namespace

void GroupSum::add(std::span<const GroupTotals> groups) {
  const MutexLock lock(mutex_);
  if (groups.size() > sums_.size()) sums_.resize(groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i) sums_[i] += groups[i];
}

// Most groups are smaller than the smallest of the largest, and cost a comparison.
GroupSum::Largest GroupSum::largest(std::size_t most) const {
  const MutexLock lock(mutex_);
  std::vector<NumberedTotals> heap;  // its first is the smallest
  std::size_t groups = 0;
  for (std::size_t i = std::size_t{whole_fleet} + 1; i < sums_.size(); ++i) {
    if (sums_[i].devices == 0) continue;
    ++groups;
    const NumberedTotals each{static_cast<GroupNumber>(i), sums_[i]};
    if (heap.size() == most) {
      if (heap.empty() || !is_larger(each, heap.front())) continue;
      std::pop_heap(heap.begin(), heap.end(), is_larger);
      heap.pop_back();
    }
    heap.push_back(each);
    std::push_heap(heap.begin(), heap.end(), is_larger);
  }
  std::sort_heap(heap.begin(), heap.end(), is_larger);
  const auto left_out = groups - heap.size();
  return {std::move(heap), left_out};
}

}  // namespace ubiety
