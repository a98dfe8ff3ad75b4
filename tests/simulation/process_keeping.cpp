// The housekeeper of a Process: the start, the checkpoint's rounds, what lost shards need.
#include <algorithm>
#include <utility>

#include "actors/recovery.hpp"
#include "simulation/process.hpp"

namespace ubiety::simulation {

void Process::housekeeper_step() {
  housekeeper_.run([this] {
    if (!loaded()) return start();
    if (in_round_) return go_on_with_round();
    if (has_lost_shards()) return recover_lost_shards();
    begin_round();
  });
}

void Process::start() {
  world_.note([] { return "start"; });
  const auto recovered = load_shards(connection_, shards(), [this](std::uint32_t shard, LoadStatuses statuses) {
    mailboxes_[shard].emplace_back(std::move(statuses));
  });
  if (!recovered) return;
  state_.raise_received_floor(recovered->newest_received);
  state_.set_handed_over(recovered->newest_received);
  state_.set_loaded();
  for (auto& mailbox : mailboxes_) mailbox.emplace_back(ShardRecovered{0});
  world_.checker.loaded();
  ask_after_start();
}

void Process::begin_round() {
  in_round_ = true;
  handed_over_ = state_.handed_over();
  answers_.clear();
  asked_ = 0;
  go_on_with_round();
}

void Process::go_on_with_round() {
  const auto answered = static_cast<std::uint32_t>(answers_.size());
  if (answered == shards()) return finish_round();
  if (asked_ == answered) mailboxes_[asked_++].emplace_back(CollectChanges{handed_over_});
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
