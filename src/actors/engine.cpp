#include "actors/engine.hpp"

#include <caf/actor_cast.hpp>
#include <caf/atom.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>

#include "actors/shard/shard_actor.hpp"
#include "actors/store/forwarder.hpp"
#include "actors/store/housekeeper.hpp"
#include "actors/store/key_keeper.hpp"
#include "actors/store/reader.hpp"
#include "actors/store/writer.hpp"

namespace ubiety {
namespace {

// By default CAF lets a busy actor never yield.
constexpr std::size_t messages_per_turn = 300;

}  // namespace

Engine::Engine(Store& store, Spool* spool, const Clock& clock, const EngineOptions& options)
    : spool_(spool),
      clock_(clock),
      options_(options),
      admission_(options.max_in_flight, options.shards, options.max_shard_in_flight),
      unread_(options.max_unread_bytes),
      state_(spool),
      store_(store, state_.store_metrics()),
      views_(options.shards),
      intakes_(options.shards) {
  if (options.keeps_keys) state_.wait_for_keys();
  config_.set("scheduler.max-threads", options.scheduler_threads);
  config_.set("scheduler.max-throughput", messages_per_turn);
  // CAF's default, work stealing, polls: idle workers sleep 50 us at a time, which a GET then waits for.
  config_.set("scheduler.policy", caf::atom("sharing"));
  system_ = std::make_unique<caf::actor_system>(config_);

  // The writer has to know shards that do not exist yet, and a shard its housekeeper.
  const auto tell_shard = [this](std::uint32_t shard, BatchDone done) {
    caf::anon_send(shards_[shard], std::move(done));
  };
  const auto ask_for_recovery = [this](RecoverShard lost) { caf::anon_send(housekeeper_, lost); };
  writer_ = spawn_writer(*system_, store_, state_, stopping_.get_token(), options.writer_connections, tell_shard);
  const auto tell_shard_history = [this](KeepHistory read) {
    const auto shard = shard_of(read.device_id, static_cast<std::uint32_t>(shards_.size()));
    caf::anon_send(shards_[shard], std::move(read));
  };
  for (std::size_t i = 0; i < options.readers; ++i)
    readers_.push_back(spawn_reader(*system_, store_, state_, tell_shard_history));
  shards_.reserve(options.shards);
  for (std::uint32_t number = 0; number < options.shards; ++number)
    shards_.push_back(system_->spawn(
        shard, ShardOptions{number, options.max_clock_skew, options.commit_linger,
                            (options.remembered_histories + options.shards - 1) / options.shards, options.encoder,
                            writer_, readers_, &state_, &views_[number], &intakes_[number], ask_for_recovery}));
  // It waits for the latest statuses by itself. Http may ask for it from the first request on.
  if (options_.keeps_keys) key_keeper_ = spawn_key_keeper(*system_, store_, state_, clock_, published_keys_);
}

void Engine::submit(std::uint32_t shard, std::vector<Submission>&& submissions, bool more_expected) {
  if (intakes_[shard].put(std::move(submissions), more_expected)) caf::anon_send(shards_[shard], TakeSubmissions{});
}

Timestamp Engine::oldest_waiting() const {
  auto oldest = latest_timestamp;
  for (const auto& view : views_) oldest = std::min(oldest, view.oldest_waiting());
  return oldest;
}

void Engine::start() {
  housekeeper_ = spawn_housekeeper(*system_, store_, state_, clock_,
                                   {options_.may_migrate, options_.checkpoint_interval, options_.retention, shards_,
                                    options_.give_up, options_.start_over, options_.give_back_memory});
  if (spool_ != nullptr) forwarder_ = spawn_forwarder(*system_, store_, *spool_, state_);
}

void Engine::manage_keys(ManageKeys message) { caf::anon_send(key_keeper_, std::move(message)); }

void Engine::end(const caf::actor& actor) {
  caf::scoped_actor self{*system_};
  self->send_exit(actor, caf::exit_reason::user_shutdown);
  self->wait_for(actor);
}

void Engine::stop() {
  if (!system_) return;
  stopping_.request_stop();
  if (housekeeper_) end(caf::actor_cast<caf::actor>(housekeeper_));
  if (key_keeper_) end(caf::actor_cast<caf::actor>(key_keeper_));
  if (forwarder_) end(forwarder_);
  for (const auto& reader : readers_) end(caf::actor_cast<caf::actor>(reader));
  end(caf::actor_cast<caf::actor>(writer_));
  for (const auto& shard : shards_) end(caf::actor_cast<caf::actor>(shard));
  housekeeper_ = nullptr;
  key_keeper_ = nullptr;
  forwarder_ = nullptr;
  readers_.clear();
  writer_ = nullptr;
  shards_.clear();
  system_.reset();
}

}  // namespace ubiety
