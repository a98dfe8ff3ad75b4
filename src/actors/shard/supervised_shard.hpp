// A shard that is replaced when it fails. The one in its place begins with an empty table and asks for its devices'
// statuses; until it has them it takes updates in, is not read from, and gives nothing to the checkpoint. One thread at
// a time.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string_view>

#include "actors/messages.hpp"
#include "actors/service_state.hpp"
#include "actors/shard/latest_view.hpp"
#include "actors/shard/shard.hpp"

namespace ubiety {

class SupervisedShard {
 public:
  using AskForRecovery = std::function<void(RecoverShard)>;

  // `state`, `view` and `intake` outlive it.
  SupervisedShard(std::unique_ptr<Shard> shard, ServiceState& state, LatestView& view, SubmissionIntake& intake,
                  AskForRecovery ask_for_recovery)
      : state_(state),
        view_(view),
        intake_(intake),
        ask_for_recovery_(std::move(ask_for_recovery)),
        shard_(std::move(shard)) {}
  ~SupervisedShard() { view_.hide(); }
  SupervisedShard(const SupervisedShard&) = delete;
  SupervisedShard& operator=(const SupervisedShard&) = delete;

  // What the action throws is the end of this shard. Requests that it held and did not answer are answered by their
  // deadline.
  template <class Action>
  void use(Action action) {
    try_to(action);
    while (intake_.tell_from(shard_->wants_submissions_from())) try_to([this](Shard& shard) { take_into(shard); });
    view_.note_oldest_waiting(shard_->oldest_waiting());
  }

  // The same for what writes to the latest statuses.
  template <class Action>
  void use_to_write(Action action) {
    use([&](Shard& shard) {
      const auto writing = view_.writing();
      action(shard);
    });
  }

  // The same for what needs all the statuses; nothing is done without them.
  template <class Action>
  void use_complete(Action action) {
    if (complete_) use(action);
  }

  // Takes what is in the intake. To come before whatever may hand over a batch: what has come meanwhile goes with it.
  void take_submissions() {
    use([this](Shard& shard) { take_into(shard); });
  }

  ShardChanges collect_changes(const CollectChanges& request);

  // All statuses that the store has were loaded, since the shard of this incarnation asked, or at a start.
  void recovered(const ShardRecovered& message);

  void replace(std::string_view reason);
  bool complete() const { return complete_; }

 private:
  template <class Action>
  void try_to(Action action) {
    try {
      action(*shard_);
    } catch (const std::exception& error) {
      replace(error.what());
    }
  }

  void take_into(Shard& shard);

  ServiceState& state_;
  LatestView& view_;
  SubmissionIntake& intake_;
  const AskForRecovery ask_for_recovery_;
  std::unique_ptr<Shard> shard_;
  std::uint64_t incarnation_ = 0;
  bool complete_ = true;
};

}  // namespace ubiety
