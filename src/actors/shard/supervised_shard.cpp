#include "actors/shard/supervised_shard.hpp"

#include <utility>

#include "telemetry/log.hpp"

namespace ubiety {

void SupervisedShard::replace(std::string_view reason) {
  view_.hide();
  shard_ = shard_->successor();
  ++incarnation_;
  if (std::exchange(complete_, false)) state_.shard_lost();
  state_.note_restart();
  log::error("a shard failed and is made anew",
             {{"shard", shard_->number()}, {"reason", reason}, {"restarts", state_.restarts()}});
  ask_for_recovery_({shard_->number(), incarnation_});
}

void SupervisedShard::take_into(Shard& shard) {
  auto taken = intake_.take();
  if (!taken.submissions.empty()) shard.submit(taken.submissions, taken.more_expected);
}

void SupervisedShard::recovered(const ShardRecovered& message) {
  if (message.incarnation != incarnation_) return;
  view_.show(shard_->table());
  if (std::exchange(complete_, true)) return;
  state_.shard_found();
  log::info("a shard is recovered", {{"shard", shard_->number()}});
}

// What was put into the intake before the question was asked counts as handed over. A table that is not complete may
// take an old status for the latest: the checkpoint must not have that.
ShardChanges SupervisedShard::collect_changes(const CollectChanges& request) {
  take_submissions();
  ShardChanges changes{nullptr, {}};
  use_complete([&](Shard& shard) { changes = shard.collect_changes(request); });
  return changes;
}

}  // namespace ubiety
