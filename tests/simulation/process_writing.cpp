// The writer and the housekeeper of a Process.
#include <algorithm>
#include <utility>

#include "actors/recovery.hpp"
#include "simulation/process.hpp"

namespace ubiety::simulation {
namespace {

// A batch of its own, with the same rows to write.
std::shared_ptr<Batch> copy_of_rows(const Batch& batch) {
  auto copy = std::make_shared<Batch>();
  copy->shard = batch.shard;
  copy->submissions.reserve(batch.submissions.size());
  for (const auto* lane : {&batch.write.fresh, &batch.write.doubtful})
    for (const auto* update : *lane) {
      copy->submissions.push_back({*update, {}, {}, {}});
      copy->write.doubtful.push_back(&copy->submissions.back().update);
    }
  return copy;
}

}  // namespace

void Process::writer_step() {
  if (in_hand_.empty()) return take_batches();
  world_.note([&] { return "writer commits " + std::to_string(in_hand_.size()) + " batches"; });
  if (committer_.commit(in_hand_)) return give_back(true);
  if (world_.plant == Plant::error_means_not_committed) {
    for (auto& batch : in_hand_)
      for (auto& submission : batch->submissions) submission.outcome = UpdateOutcome::refused;
    return give_back(true);
  }
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

void Process::plant_before_commit() {
  for (auto& batch : in_hand_) {
    if (world_.plant == Plant::acknowledged_before_commit) {
      auto rows = copy_of_rows(*batch);
      mailboxes_[batch->shard].emplace_back(BatchDone{std::exchange(batch, std::move(rows)), true});
    }
    if (world_.plant == Plant::last_row_dropped) {
      auto& [fresh, doubtful] = batch->write;
      (doubtful.empty() ? fresh : doubtful).pop_back();
    }
  }
}

void Process::plant_before_giving_back() {
  if (world_.plant == Plant::batch_forgotten && in_hand_.size() > 1) in_hand_.pop_back();
  if (world_.plant != Plant::expired_dropped_after_commit) return;
  for (auto& batch : in_hand_)
    std::erase_if(batch->submissions, [this](const Submission& submission) {
      const bool expired = submission.deadline <= world_.steady_now;
      if (expired) submission.reply(UpdateOutcome::expired);
      return expired;
    });
}

// The whole rule with `>=` would be the same rule, for two statuses of one rank are one status. So the fault is in the
// part that may be equal: of equal times the one that comes last wins, and a restart reads them in another order.
void Process::take_loosely(const StatusUpdate& update) {
  if (world_.plant != Plant::greater_or_equal) return;
  const auto time_of = [](const Status& status) {
    return std::min(status.timestamp, status.received + std::chrono::minutes(5));
  };
  const auto [place, is_first] = loose_latest_.try_emplace(update.device_id, update.status);
  if (!is_first && time_of(update.status) >= time_of(place->second)) place->second = update.status;
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
