#include "actors/store/checkpoint.hpp"

#include <algorithm>
#include <utility>

namespace ubiety {

StoreResult<Done> Checkpoint::begin(StoreConnection& connection) {
  watermark_ = latest_timestamp;
  return write_part(connection);
}

StoreResult<Done> Checkpoint::write(const ShardChanges& changes, StoreConnection& connection) {
  unwritten_ = std::move(*changes.statuses);
  watermark_ = std::min(watermark_, changes.watermark);
  return write_part(connection);
}

StoreResult<Done> Checkpoint::finish(StoreConnection& connection) {
  return connection.use([&](Session& session) { return session.advance_watermark(watermark_); });
}

StoreResult<Done> Checkpoint::write_part(StoreConnection& connection) {
  if (unwritten_.empty()) return Done{};
  auto written = connection.use([&](Session& session) { return session.write_checkpoint(unwritten_); });
  if (written) unwritten_.clear();
  return written;
}

}  // namespace ubiety
