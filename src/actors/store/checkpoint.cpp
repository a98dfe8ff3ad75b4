#include "actors/store/checkpoint.hpp"

#include <algorithm>
#include <utility>

#include "domain/clock.hpp"
#include "telemetry/log.hpp"

namespace ubiety {

// What was received since a start by the spool alone lies behind the floor that the spool had.
StoreResult<Done> Checkpoint::go_on_after_store(const Recovered& recovered, Timestamp now, bool takes_updates,
                                                StoreConnection& connection) {
  auto watermark = recovered.watermark;
  if (watermark > now + ReceiveClock::max_ahead) watermark = now;
  if (takes_updates) watermark = std::min(watermark, receipts_.floor());
  if (watermark < recovered.watermark) {
    log::warning("the stored watermark is lowered",
                 {{"from", format_timestamp(recovered.watermark)}, {"to", format_timestamp(watermark)}});
    if (auto lowered = set_watermark(watermark, connection); !lowered) return lowered;
  }
  // A spool on a full disk takes no floor. A start by that spool alone is then put right by the lines above.
  if (const auto set = set_floor_of_spool(watermark); !set)
    log::warning("the spool cannot be written", {{"reason", set.error().message}});
  receipts_.begin(recovered.newest_received, watermark, takes_updates);
  return Done{};
}

StoreResult<Done> Checkpoint::begin(StoreConnection& connection) {
  round_ = receipts_.begin_round();
  watermark_ = latest_timestamp;
  return write_part(connection);
}

StoreResult<Done> Checkpoint::write(const ShardChanges& changes, StoreConnection& connection) {
  unwritten_ = std::move(*changes.statuses);
  watermark_ = std::min(watermark_, changes.watermark);
  return write_part(connection);
}

StoreResult<Done> Checkpoint::finish(Timestamp latest, StoreConnection& connection) {
  if (!receipts_.raise_floor(std::min(watermark_, latest), round_))
    return Failure{StoreFailure{StoreFailure::Kind::unavailable, "the clock was set back during the checkpoint"}};
  // A start that has only the spool must not give a time of receipt that lies before the store's watermark.
  if (auto set = set_floor_of_spool(receipts_.floor()); !set) return set;
  return set_watermark(receipts_.floor(), connection);
}

// Whatever happens in between, neither floor is before the stored watermark.
StoreResult<Done> Checkpoint::lower_watermark(Timestamp to, StoreConnection& connection) {
  if (auto set = set_watermark(to, connection); !set) return set;
  receipts_.lower_floor(to);
  return set_floor_of_spool(to);
}

StoreResult<Done> Checkpoint::set_watermark(Timestamp watermark, StoreConnection& connection) {
  return connection.use([&](Session& session) { return session.set_watermark(watermark); });
}

StoreResult<Done> Checkpoint::set_floor_of_spool(Timestamp floor) {
  return spool_ == nullptr ? Done{} : spool_->set_received_floor(floor);
}

StoreResult<Done> Checkpoint::write_part(StoreConnection& connection) {
  if (unwritten_.empty()) return Done{};
  auto written = connection.use([&](Session& session) { return session.write_checkpoint(unwritten_); });
  if (written) unwritten_.clear();
  return written;
}

}  // namespace ubiety
