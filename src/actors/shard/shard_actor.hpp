// Runs a Shard as an actor, and replaces it when it fails. The protocol is ShardActor, in actors/messages.hpp.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/messages.hpp"
#include "actors/service_state.hpp"
#include "actors/shard/port.hpp"
#include "actors/shard/shard.hpp"

namespace ubiety {

// A shard that is replaced when it fails. Its successor begins with an empty table and asks for its devices' statuses.
// Until they are loaded it takes updates, but is neither read nor merged. One thread at a time.
class SupervisedShard {
 public:
  using AskForRecovery = std::function<void(RecoverShard)>;

  // `state` and `port` outlive it.
  SupervisedShard(std::unique_ptr<Shard> shard, ServiceState& state, ShardPort& port, AskForRecovery ask_for_recovery)
      : state_(state), port_(port), ask_for_recovery_(std::move(ask_for_recovery)), shard_(std::move(shard)) {}
  ~SupervisedShard() { port_.view().hide(); }
  SupervisedShard(const SupervisedShard&) = delete;
  SupervisedShard& operator=(const SupervisedShard&) = delete;

  // Every message is handled by one of these three. They take the parcels submitted before the message first, so that
  // these are in the next batch. An exception of the action replaces the shard; the requests that it held time out.
  template <class Action>
  void use(Action action) {
    take_parcels();
    try_to(action);
    while (port_.set_wake_threshold(shard_->wake_threshold())) take_parcels();
    port_.note_oldest_waiting(shard_->oldest_waiting());
    const auto& tail = shard_->tail();
    port_.note_tail({tail.size(), tail.bytes(), tail.oldest_received()});
  }

  // For an action that changes latest statuses.
  template <class Action>
  void use_to_write(Action action) {
    use([&](Shard& shard) { port_.view().while_hidden([&] { action(shard); }); });
  }

  // For an action that needs the statuses of all devices; does nothing until they are loaded.
  template <class Action>
  void use_complete(Action action) {
    if (complete_) use(action);
  }

  // For TakeParcels.
  void look_for_parcels() {
    use([](const Shard&) {});
  }

  UnmergedDevices collect(const CollectUnmerged& request);
  FoundDevices find(const FindDevices& request);
  FleetChanges find_changes(const FindChanges& message);
  Census census(const TakeCensus& message);

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

struct ShardActorOptions {
  ShardOptions shard;
  WriterActor writer;
  std::vector<ReaderActor> readers;  // at least one
  ServiceState* state;
  ShardPort* port;  // of this shard
  std::function<void(RecoverShard)> ask_for_recovery;
};

ShardActor::behavior_type shard_actor(ShardActor::pointer self, ShardActorOptions options);

}  // namespace ubiety
