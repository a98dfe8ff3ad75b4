#include "fleet/attention_order.hpp"

#include <algorithm>
#include <limits>

namespace ubiety {
namespace {

constexpr int kinds = static_cast<int>(problem_kinds);

// Calls visit(set) with each set that has the problem, or with each that has any.
template <class Visit>
void for_each_set(std::optional<ProblemKind> problem, const Visit& visit) {
  for (unsigned bits = 1; bits < 1U << problem_kinds; ++bits)
    if (const ProblemSet set(static_cast<std::uint8_t>(bits)); !problem || set.has(*problem)) visit(set);
}

}  // namespace

AttentionCount AttentionOrder::count(std::optional<ProblemKind> problem) const {
  AttentionCount count;
  for_each_set(problem, [&](ProblemSet set) {
    const auto devices = by_set_[set.bits()].size();
    count.devices += devices;
    count.problems += devices * static_cast<std::size_t>(set.size());
  });
  return count;
}

AttentionOrder::Walk::Walk(const AttentionOrder& order, std::optional<ProblemKind> problem, const AttentionPlace& first)
    : order_(order), problem_(problem), worst_(first.worst), fewer_(first.fewer) {
  open({first.since, first.device});
}

void AttentionOrder::Walk::open(const Entry& first) {
  for_each_set(problem_, [&](ProblemSet set) {
    if (set.worst() != worst_ || kinds - set.size() != fewer_) return;
    const auto& entries = order_.by_set_[set.bits()];
    if (const auto next = entries.lower_bound(first); next != entries.end()) runs_.push_back({next, entries.end()});
  });
}

std::optional<AttentionPlace> AttentionOrder::Walk::next() {
  while (runs_.empty()) {
    if (++fewer_ >= kinds) {
      if (worst_ == ProblemKind{problem_kinds - 1}) return std::nullopt;
      fewer_ = 0;
      worst_ = static_cast<ProblemKind>(static_cast<int>(worst_) + 1);
    }
    open({.since = {std::numeric_limits<std::int64_t>::min()}});
  }
  const auto run = std::min_element(runs_.begin(), runs_.end(),
                                    [](const Run& left, const Run& right) { return *left.next < *right.next; });
  const auto [since, device] = *run->next;
  if (++run->next == run->end) runs_.erase(run);
  return AttentionPlace{worst_, fewer_, since, device};
}

}  // namespace ubiety
