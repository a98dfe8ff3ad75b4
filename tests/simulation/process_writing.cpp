// The writers and the forwarder of a Process.
#include <utility>

#include "simulation/process.hpp"

namespace ubiety::simulation {

void Process::writer_step(std::size_t number) {
  auto& writer = writers_[number];
  writer.thread.run([&] { writer.in_hand.empty() ? take_batches(writer) : commit(writer); });
}

// Large batches go beside each other, small ones together to one writer.
void Process::hand_over(std::shared_ptr<Batch> batch) {
  constexpr std::size_t updates_for_a_commit_alone = 4;
  const auto& [fresh, doubtful] = batch->write;
  const bool alone = fresh.size() + doubtful.size() >= updates_for_a_commit_alone;
  writers_[alone ? batch->shard % writers_.size() : 0].waiting.push_back(std::move(batch));
}

// The product's loop asks the same before each slice.
void Process::forwarder_step() {
  if (!loaded() || state_.waiting_in_spool() == 0) return;
  forwarder_.run([this] {
    world_.note([] { return "forward a slice"; });
    spool_forwarder_->forward_slice();
  });
}

void Process::commit(Writer& writer) {
  world_.note([&] { return "writer commits " + std::to_string(writer.in_hand.size()) + " batches"; });
  if (writer.committer.commit(writer.in_hand)) return give_back(writer, true);
  if (world_.plant == Plant::error_means_not_committed) return give_back_as_not_stored(writer);
  if (stopping_) return give_back(writer, false);
  for (auto& batch : writer.in_hand) {
    auto& [fresh, doubtful] = batch->write;
    doubtful.insert(doubtful.end(), fresh.begin(), fresh.end());
    fresh.clear();
  }
}

void Process::take_batches(Writer& writer) {
  writer.in_hand = std::exchange(writer.waiting, {});
  plant_before_commit(writer);
}

void Process::give_back(Writer& writer, bool committed) {
  if (committed) plant_before_giving_back(writer);
  for (auto& batch : writer.in_hand) {
    const auto shard = batch->shard;
    if (world_.plant == Plant::acknowledged_before_commit) continue;
    mailboxes_[shard].emplace_back(BatchDone{std::move(batch), committed});
  }
  writer.in_hand.clear();
}

}  // namespace ubiety::simulation
