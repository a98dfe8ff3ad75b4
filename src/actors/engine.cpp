#include "actors/engine.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <deque>
#include <stop_token>
#include <utility>

#include "actors/fleet/fleet_keeper.hpp"
#include "actors/parcel.hpp"
#include "actors/shard/port.hpp"
#include "actors/shard/shard_actor.hpp"
#include "actors/store/spawn.hpp"
#include "domain/random.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

// By default CAF lets a busy actor never yield.
constexpr std::size_t messages_per_turn = 300;

}  // namespace

// The actors and the wiring between them.
struct Engine::Actors {
  Actors(Store& the_store, Spool* the_spool, const Clock& the_clock, const EngineOptions& the_options,
         ServiceState& state, keys::PublishedKeys& published_keys);

  void start_keepers();
  void stop();
  TailSize tail() const;
  void resend_lost(log::StreamId stream, std::int64_t kept_through);
  void end(const caf::actor& actor);

  template <class Message>
  void ask_all(const Message& message) {
    for (auto& port : ports) port.ask(message);
  }

  Spool* const spool;
  const Clock& clock;
  const EngineOptions& options;
  ServiceState& state;
  Store& store;
  std::stop_source stopping;
  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system;
  std::deque<ShardPort> ports;  // by shard
  std::atomic<bool> clients_may_send{false};
  std::vector<ShardActor> shards;
  std::vector<ReaderActor> readers;
  WriterActor writer;
  HousekeeperActor housekeeper;
  KeyKeeperActor key_keeper;
  RemoverActor remover;
  MuteKeeperActor mute_keeper;
  caf::actor merger, forwarder, fleet_keeper;
};

Engine::Actors::Actors(Store& the_store, Spool* the_spool, const Clock& the_clock, const EngineOptions& the_options,
                       ServiceState& the_state, keys::PublishedKeys& published_keys)
    : spool(the_spool),
      clock(the_clock),
      options(the_options),
      state(the_state),
      store(the_store),
      ports(options.shards) {
  if (options.keeps_keys) state.readiness.wait_for_keys();
  config.set("scheduler.max-threads", options.scheduler_threads);
  config.set("scheduler.max-throughput", messages_per_turn);
  // CAF's default, work stealing, polls: idle workers sleep 50 us at a time, and a GET would wait for them.
  config.set("scheduler.policy", caf::atom("sharing"));
  system = std::make_unique<caf::actor_system>(config);

  // The writer has to know shards that do not exist yet, and a shard its housekeeper.
  const auto keep_in_shard = [this](KeepTotal counted) {
    auto& port = ports[ubiety::shard_of(counted.device_id, options.shards)];
    port.ask(std::move(counted));
  };
  writer = spawn_writer(
      *system, store, state, stopping.get_token(),
      [this](std::uint32_t shard, BatchDone done) { ports[shard].ask(std::move(done)); },
      [this](log::StreamId stream, std::int64_t kept_through) { resend_lost(stream, kept_through); }, keep_in_shard);
  for (std::size_t i = 0; i < options.readers; ++i)
    readers.push_back(spawn_reader(*system, store, state, writer, keep_in_shard));
  const auto ask_for_recovery = [this](RecoverShard lost) { caf::anon_send(housekeeper, lost); };
  for (std::uint32_t number = 0; number < options.shards; ++number) {
    const ShardOptions shard{number,
                             NewerThan(options.max_clock_skew),
                             options.encoder,
                             options.commit_linger,
                             &clients_may_send,
                             &state.history_changes,
                             &state.listening,
                             &state.groups,
                             options.stale_after,
                             options.learning_patience};
    auto& port = ports[number];
    shards.push_back(
        system->spawn(shard_actor, ShardActorOptions{shard, writer, readers, &state, &port, ask_for_recovery}));
    port.connect(shards.back());
  }
  remover = spawn_remover(*system, store, state, clock, shards);
  mute_keeper = spawn_mute_keeper(*system, store, state, clock, shards);
  // It waits for the latest statuses by itself. Http may ask for it from the first request on.
  if (options.keeps_keys) key_keeper = spawn_key_keeper(*system, store, state, clock, published_keys);
}

void Engine::Actors::start_keepers() {
  housekeeper = spawn_housekeeper(
      *system, store, state, clock,
      {options.may_migrate, options.retention, shards, options.give_up, options.start_over, options.give_back_memory});
  merger = spawn_merger(*system, store, state, clock,
                        {shards, [this] { return tail(); }, options.tail_memory, options.give_back_memory});
  fleet_keeper = spawn_fleet_keeper(*system, state, clock, shards);
  if (spool != nullptr) forwarder = spawn_forwarder(*system, store, *spool, state);
}

TailSize Engine::Actors::tail() const {
  TailSize all;
  for (const auto& port : ports) {
    const auto [updates, bytes, oldest_received] = port.tail();
    all.updates += updates;
    all.bytes += bytes;
    all.oldest_received = std::min(all.oldest_received, oldest_received);
  }
  return all;
}

// Called on the writer's thread. The rows are not merged any more, because the store does not have them.
void Engine::Actors::resend_lost(log::StreamId stream, std::int64_t kept_through) {
  state.committed.forget(stream);
  state.committed.raise_to({stream, kept_through});
  state.problems.set(ServiceProblem::lost_commits, true);
  log::error("the store has lost acknowledged updates; those in memory are written again",
             {{"store", store.name()}, {"stream", stream}, {"kept_through", kept_through}});
  ask_all(ResendLost{stream, kept_through});
}

void Engine::Actors::end(const caf::actor& actor) {
  caf::scoped_actor self{*system};
  self->send_exit(actor, caf::exit_reason::user_shutdown);
  self->wait_for(actor);
}

void Engine::Actors::stop() {
  if (!system) return;
  stopping.request_stop();
  if (housekeeper) end(caf::actor_cast<caf::actor>(housekeeper));
  if (key_keeper) end(caf::actor_cast<caf::actor>(key_keeper));
  end(caf::actor_cast<caf::actor>(remover));
  end(caf::actor_cast<caf::actor>(mute_keeper));
  if (merger) end(merger);
  if (fleet_keeper) end(fleet_keeper);
  if (forwarder) end(forwarder);
  for (const auto& reader : readers) end(caf::actor_cast<caf::actor>(reader));
  end(caf::actor_cast<caf::actor>(writer));
  for (const auto& shard : shards) end(caf::actor_cast<caf::actor>(shard));
  housekeeper = nullptr;
  key_keeper = nullptr;
  remover = nullptr;
  mute_keeper = nullptr;
  merger = nullptr;
  fleet_keeper = nullptr;
  forwarder = nullptr;
  readers.clear();
  writer = nullptr;
  shards.clear();
  for (auto& port : ports) port.disconnect();
  system.reset();
}

Engine::Engine(Store& store, Spool* spool, const Clock& clock, const EngineOptions& options)
    : options_(options),
      run_(random_secret()),
      admission_(options.max_in_flight, options.shards, options.max_shard_in_flight),
      unread_(options.max_unread_bytes),
      state_(spool, options.group_by),
      actors_(std::make_unique<Actors>(store, spool, clock, options_, state_, published_keys_)),
      parcels_(options.shards),
      queries_(options.shards) {}

Engine::~Engine() { stop(); }

void Engine::start() { actors_->start_keepers(); }

void Engine::stop() { actors_->stop(); }

std::uint32_t Engine::shard_of(std::string_view device_id) const {
  return ubiety::shard_of(device_id, options_.shards);
}

// Written only when it changes: the shards read it for each batch.
void Engine::set_clients_may_send(bool may_send) {
  auto& current = actors_->clients_may_send;
  if (current.load(std::memory_order_relaxed) != may_send) current.store(may_send, std::memory_order_relaxed);
}

Timestamp Engine::oldest_waiting() const {
  auto oldest = latest_timestamp;
  for (const auto& port : actors_->ports) oldest = std::min(oldest, port.oldest_waiting());
  return oldest;
}

TailSize Engine::tail() const { return actors_->tail(); }

std::optional<std::optional<DeviceDetails>> Engine::try_latest(std::string_view device_id) {
  return actors_->ports[shard_of(device_id)].try_latest(device_id);
}

std::optional<std::vector<std::uint64_t>> Engine::try_versions() {
  std::vector<std::uint64_t> versions;
  versions.reserve(options_.shards);
  for (auto& port : actors_->ports) {
    const auto version = port.try_version();
    if (!version) return std::nullopt;
    versions.push_back(*version);
  }
  return versions;
}

void Engine::read_history(ReadHistory request) {
  auto& port = actors_->ports[shard_of(request.query.device_id)];
  port.ask(std::move(request));
}

void Engine::read_devices(const ReadDevices& request) { actors_->ask_all(request); }

void Engine::read_feed(std::uint32_t shard, ReadFeed request) { actors_->ports[shard].ask(std::move(request)); }

void Engine::read_summary(const ReadSummary& request) { actors_->ask_all(request); }

void Engine::count_fleet(const CountFleet& request) { actors_->ask_all(request); }

void Engine::read_attention(const ReadAttention& request) { actors_->ask_all(request); }

void Engine::prove_alive(const Reply<Alive>& reply) { actors_->ask_all(ProveAlive{reply}); }

void Engine::manage_mutes(ManageMutes message) { caf::anon_send(actors_->mute_keeper, std::move(message)); }

void Engine::remove_devices(RemoveDevices message) { caf::anon_send(actors_->remover, std::move(message)); }

void Engine::manage_keys(ManageKeys message) { caf::anon_send(actors_->key_keeper, std::move(message)); }

void Engine::submit(ParcelPointer parcel) {
  last_received_ = parcel->updates().back().update.status.received;
  has_gathered_ = true;
  parcels_[parcel->shard].push_back(std::move(parcel));
}

void Engine::read_latest(LatestQuery query) {
  has_gathered_ = true;
  queries_[shard_of(query.device_id)].push_back(std::move(query));
}

void Engine::end_turn() {
  if (!std::exchange(has_gathered_, false)) return;
  for (std::uint32_t shard = 0; shard < options_.shards; ++shard) {
    auto& port = actors_->ports[shard];
    if (!parcels_[shard].empty()) port.submit(std::exchange(parcels_[shard], {}));
    if (!queries_[shard].empty())
      port.ask(ReadLatest{std::make_shared<std::vector<LatestQuery>>(std::exchange(queries_[shard], {}))});
  }
  if (last_received_) state_.receipts.note_assigned(*std::exchange(last_received_, std::nullopt));
}

}  // namespace ubiety
