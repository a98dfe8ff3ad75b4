// Spawns the actors that have their own threads, all of which an exit message ends. Their protocols are in
// actors/messages.hpp. The arguments outlive the actors. The engine's thread.
#pragma once

#include <caf/actor_system.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "actors/messages.hpp"
#include "actors/service_state.hpp"
#include "actors/store/store_connection.hpp"
#include "actors/store/writer.hpp"
#include "domain/clock.hpp"
#include "keys/key_ring.hpp"
#include "storage/spool.hpp"
#include "storage/store.hpp"

namespace ubiety {

// Sends a shard its batch back.
using NotifyShard = std::function<void(std::uint32_t shard, BatchDone done)>;

// Sends the total of a history to the device's shard.
using KeepInShard = std::function<void(KeepTotal counted)>;

// `stopping` ends the attempts to commit.
WriterActor spawn_writer(caf::actor_system& system, Store& store, ServiceState& state, std::stop_token stopping,
                         NotifyShard notify_shard, ReportLost report_lost, KeepInShard keep_in_shard);

// Runs the action on a connection to the store.
using ReadWith =
    std::function<StoreResult<HistoryOutcome>(const std::function<StoreResult<HistoryOutcome>(Session&)>&)>;

// Reads a page or buckets. A page is read once more if what the shard knew of the history may be outdated. Buckets are
// given up, as unavailable, when the deadline passes.
StoreResult<HistoryOutcome> read_history(const ReadWith& read_with, ReadHistory& message,
                                         const HistoryChanges& changes);

// Answers a history, unless there is no connection for it: then returns false.
bool answer_history(const ReadWith& read_with, ReadHistory& message, ServiceState& state,
                    const KeepInShard& keep_in_shard);

// When the database grants no connection, the writer reads.
ReaderActor spawn_reader(caf::actor_system& system, Store& store, ServiceState& state, WriterActor writer,
                         KeepInShard keep_in_shard);

struct HousekeeperOptions {
  bool may_migrate = true;
  std::chrono::days retention{0};  // of the history; 0 keeps it for ever
  std::vector<ShardActor> shards;
  // Called on the housekeeper's thread when the store cannot be used without an operator.
  std::function<void(const std::string& reason)> give_up;
  // Called on that thread when the store no longer has what was loaded, see StoreClaim.
  std::function<void(const std::string& reason)> start_over;
  // Called on that thread after a start, which frees much memory.
  std::function<void()> give_back_memory;
};

HousekeeperActor spawn_housekeeper(caf::actor_system& system, Store& store, ServiceState& state, const Clock& clock,
                                   HousekeeperOptions options);

KeyKeeperActor spawn_key_keeper(caf::actor_system& system, Store& store, ServiceState& state, const Clock& clock,
                                keys::PublishedKeys& published);

MuteKeeperActor spawn_mute_keeper(caf::actor_system& system, Store& store, ServiceState& state, const Clock& clock,
                                  std::vector<ShardActor> shards);

RemoverActor spawn_remover(caf::actor_system& system, Store& store, ServiceState& state, const Clock& clock,
                           std::vector<ShardActor> shards);

struct MergerOptions {
  std::vector<ShardActor> shards;
  std::function<TailSize()> tail;          // of all shards together
  std::uint64_t tail_memory;               // a merge begins when the tail is this large, in bytes
  std::function<void()> give_back_memory;  // called on the merger's thread after a merge, which frees much memory
};

caf::actor spawn_merger(caf::actor_system& system, Store& store, ServiceState& state, const Clock& clock,
                        MergerOptions options);

caf::actor spawn_forwarder(caf::actor_system& system, Store& store, Spool& spool, ServiceState& state);

}  // namespace ubiety
