#include "actors/shard/supervised_shard.hpp"

#include <utility>

#include "telemetry/log.hpp"

namespace ubiety {

void SupervisedShard::take_parcels() {
  auto parcels = port_.take();
  if (!parcels.empty()) try_to([&](Shard& shard) { shard.submit(std::move(parcels)); });
}

void SupervisedShard::replace(std::string_view reason) {
  port_.view().hide();
  shard_ = shard_->successor();
  ++incarnation_;
  if (std::exchange(complete_, false)) state_.readiness.shard_lost();
  const auto restarts = ++state_.metrics.restarts;
  log::error("a shard failed and is replaced",
             {{"shard", shard_->number()}, {"reason", reason}, {"restarts", restarts}});
  ask_for_recovery_({shard_->number(), incarnation_});
}

void SupervisedShard::recovered(const ShardRecovered& message) {
  if (message.incarnation != incarnation_) return;
  port_.view().show(shard_->table());
  if (std::exchange(complete_, true)) return;
  state_.readiness.shard_found();
  log::info("a shard is recovered", {{"shard", shard_->number()}});
}

// A table that lacks devices may take an old status for the latest: the checkpoint must not have that.
ShardChanges SupervisedShard::collect_changes(const CollectChanges& request) {
  ShardChanges changes{nullptr, {}};
  use_complete([&](Shard& shard) { changes = shard.collect_changes(request); });
  return changes;
}

}  // namespace ubiety
