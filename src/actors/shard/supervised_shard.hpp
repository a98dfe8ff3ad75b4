// A shard that is replaced when it fails. Its successor begins with an empty table and asks for its devices' statuses.
// Until it has them it takes updates, but is not read from and gives nothing to the checkpoint. One thread at a time.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string_view>

#include "actors/messages.hpp"
#include "actors/service_state.hpp"
#include "actors/shard/port.hpp"
#include "actors/shard/shard.hpp"

namespace ubiety {

class SupervisedShard {
 public:
  using AskForRecovery = std::function<void(RecoverShard)>;

  // `state` and `port` outlive it.
  SupervisedShard(std::unique_ptr<Shard> shard, ServiceState& state, ShardPort& port, AskForRecovery ask_for_recovery)
      : state_(state), port_(port), ask_for_recovery_(std::move(ask_for_recovery)), shard_(std::move(shard)) {}
  ~SupervisedShard() { port_.view().hide(); }
  SupervisedShard(const SupervisedShard&) = delete;
  SupervisedShard& operator=(const SupervisedShard&) = delete;

  // Every message is handled by one of these three. What was submitted before comes first, so that it is in the next
  // batch. An exception of the action ends this shard; requests that it held are answered by their deadline.
  template <class Action>
  void use(Action action) {
    take_parcels();
    try_to(action);
    while (port_.set_wake_threshold(shard_->wake_threshold())) take_parcels();
    port_.note_oldest_waiting(shard_->oldest_waiting());
  }

  // For an action that writes latest statuses.
  template <class Action>
  void use_to_write(Action action) {
    use([&](Shard& shard) { port_.view().while_hidden([&] { action(shard); }); });
  }

  // For an action that needs the statuses of all devices: does nothing without them.
  template <class Action>
  void use_complete(Action action) {
    if (complete_) use(action);
  }

  // For a message that says only that parcels wait.
  void look_for_parcels() {
    use([](const Shard&) {});
  }

  ShardChanges collect_changes(const CollectChanges& request);

  // All stored statuses were loaded: at a start, or since the shard of this incarnation asked for them.
  void recovered(const ShardRecovered& message);

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

  void take_parcels();
  void replace(std::string_view reason);

  ServiceState& state_;
  ShardPort& port_;
  const AskForRecovery ask_for_recovery_;
  std::unique_ptr<Shard> shard_;
  std::uint64_t incarnation_ = 0;
  bool complete_ = true;
};

}  // namespace ubiety
