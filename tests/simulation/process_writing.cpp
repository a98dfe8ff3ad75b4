// The writer and the housekeeper of a Process.
#include <utility>

#include "actors/recovery.hpp"
#include "simulation/process.hpp"

namespace ubiety::simulation {
void Process::writer_step() {
  if (in_hand_.empty()) return take_batches();
  world_.note([&] { return "writer commits " + std::to_string(in_hand_.size()) + " batches"; });
  if (committer_.commit(in_hand_)) return give_back(true);
  if (world_.plant == Plant::error_means_not_committed) return give_back_as_not_stored();
  if (stopping_) return give_back(false);
  for (auto& batch : in_hand_) {
    auto& [fresh, doubtful] = batch->write;
    doubtful.insert(doubtful.end(), fresh.begin(), fresh.end());
    fresh.clear();
  }
}

void Process::take_batches() {
  in_hand_ = std::exchange(for_writer_, {});
  plant_before_commit();
}

void Process::give_back(bool committed) {
  if (committed) plant_before_giving_back();
  for (auto& batch : in_hand_) {
    const auto shard = batch->shard;
    if (world_.plant == Plant::acknowledged_before_commit) continue;
    mailboxes_[shard].emplace_back(BatchDone{std::move(batch), committed});
  }
  in_hand_.clear();
}

void Process::housekeeper_step() {
  if (!loaded()) return;
  if (!in_round_ && has_lost_shards()) return recover_lost_shards();
  if (!in_round_) {
    in_round_ = true;
    handed_over_ = state_.handed_over();
    answers_.clear();
    asked_ = 0;
  }
  const auto answered = static_cast<std::uint32_t>(answers_.size());
  if (answered < shards()) {
    if (asked_ > answered) return;
    mailboxes_[asked_++].emplace_back(CollectChanges{handed_over_});
    return;
  }
  finish_round();
}

void Process::finish_round() {
  in_round_ = false;
  bool complete = true;
  for (auto& changes : answers_) {
    complete = complete && changes.statuses != nullptr;
    if (changes.statuses == nullptr) continue;
    if (world_.plant == Plant::watermark_too_far) changes.watermark = std::max(last_received_, changes.watermark);
    checkpoint_.take(changes);
  }
  if (!complete) return;
  if (!checkpoint_.write(connection_) && world_.plant == Plant::changes_forgotten) checkpoint_ = {};
}

void Process::recover_lost_shards() {
  world_.note([&] { return std::to_string(lost_shards_.size()) + " shards are to be recovered"; });
  const auto read = load_shards(connection_, shards(), [this](std::uint32_t shard, LoadStatuses statuses) {
    if (lost_shards_.contains(shard)) mailboxes_[shard].emplace_back(std::move(statuses));
  });
  if (!read) return;
  for (const auto& [shard, incarnation] : std::exchange(lost_shards_, {}))
    mailboxes_[shard].emplace_back(ShardRecovered{incarnation});
}

}  // namespace ubiety::simulation
