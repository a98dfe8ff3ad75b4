// The writer and the forwarder of a Process.
#include <utility>

#include "simulation/process.hpp"

namespace ubiety::simulation {

void Process::writer_step() {
  writer_.run([this] { in_hand_.empty() ? take_batches() : commit(); });
}

// The product's loop asks the same before each slice.
void Process::forwarder_step() {
  if (!loaded() || !has_spooled()) return;
  forwarder_.run([this] {
    world_.note([] { return "forward a piece of the spool"; });
    spool_forwarder_->forward_piece();
  });
}

void Process::commit() {
  world_.note([&] { return "writer commits " + std::to_string(in_hand_.size()) + " batches"; });
  store_.begin_commit();
  if (committer_.commit(in_hand_)) {
    if (world_.plant == Plant::merged_before_applied) {
      committer_.note_applied();
      world_.let_others_go_on();
    }
    give_back(true);
    return committer_.note_applied();
  }
  leave_out_stored();
  if (world_.plant == Plant::error_means_not_committed) return give_back_as_not_stored();
  if (!stopping_) return;
  committer_.give_up();
  give_back(false);
}

// The product asks the store once for what looks like repetitions, and then appends the same row until it has it.
void Process::leave_out_stored() {
  for (auto& batch : in_hand_) {
    batch->doubtful.clear();
    for (const auto& parcel : batch->parcels)
      for (const auto& each : parcel->updates())
        if (each.outcome == UpdateOutcome::duplicate) std::erase(batch->write, &each.update);
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

}  // namespace ubiety::simulation
