#include "actors/checkpoint.hpp"

namespace ubiety {
namespace {

constexpr std::size_t statuses_per_slice = 2000;

}  // namespace

void Checkpoint::take(const ShardChanges& changes) {
  for (const auto& [device_id, status] : *changes.statuses) unwritten_.insert_or_assign(device_id, status);
  watermark_ = std::min(watermark_, changes.watermark);
}

StoreResult<Done> Checkpoint::write(StoreConnection& connection) {
  if (auto written = write_statuses(connection); !written) return written;
  auto advanced = connection.use([&](Session& session) { return session.advance_watermark(watermark_); });
  watermark_ = latest_timestamp;
  return advanced;
}

StoreResult<Done> Checkpoint::write_statuses(StoreConnection& connection) {
  std::vector<StatusUpdate> slice;
  while (!unwritten_.empty()) {
    slice.clear();
    for (auto it = unwritten_.begin(); it != unwritten_.end() && slice.size() < statuses_per_slice; ++it)
      slice.push_back({it->first, it->second});
    auto written = connection.use([&](Session& session) { return session.write_checkpoint(slice); });
    if (!written) return written;
    for (const auto& update : slice) unwritten_.erase(update.device_id);
  }
  return Done{};
}

}  // namespace ubiety
