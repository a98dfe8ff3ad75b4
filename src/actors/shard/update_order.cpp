#include "actors/shard/update_order.hpp"

#include <algorithm>
#include <tuple>

namespace ubiety {
namespace {

auto key_of(const StatusUpdate& update) {
  const auto& status = update.status;
  return std::tie(update.device_id, status.timestamp, status.battery_level, status.rssi, status.online);
}

bool key_before(const StatusUpdate* left, const StatusUpdate* right) {
  const auto order = left->device_id.compare(right->device_id);
  if (order != 0) return order < 0;
  if (key_of(*left) != key_of(*right)) return key_of(*left) < key_of(*right);
  return left->status.received > right->status.received;
}

bool same_key(const StatusUpdate* left, const StatusUpdate* right) { return key_of(*left) == key_of(*right); }

}  // namespace

void sort_without_repetitions(UpdateList& updates) {
  std::sort(updates.begin(), updates.end(), key_before);
  updates.erase(std::unique(updates.begin(), updates.end(), same_key), updates.end());
}

}  // namespace ubiety
