#include "actors/shard/update_order.hpp"

#include <algorithm>

#include "domain/status_order.hpp"

namespace ubiety {

void sort_and_dedup(UpdateList& updates) {
  const auto before = [](const auto* left, const auto* right) { return key_before(*left, *right); };
  const auto same = [](const auto* left, const auto* right) {
    return left->device_id == right->device_id && same_report(left->status, right->status);
  };
  std::sort(updates.begin(), updates.end(), before);
  updates.erase(std::unique(updates.begin(), updates.end(), same), updates.end());
}

}  // namespace ubiety
