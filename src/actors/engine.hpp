// The engine: all actors, and the state that they share with the world outside. It starts them and ends them in order.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "actors/admission.hpp"
#include "actors/byte_budget.hpp"
#include "actors/interfaces.hpp"
#include "actors/service_state.hpp"
#include "actors/shard/device_table.hpp"
#include "actors/shard/latest_view.hpp"
#include "actors/shard/submission_intake.hpp"
#include "actors/store/counted_store.hpp"
#include "domain/clock.hpp"
#include "keys/published_keys.hpp"
#include "storage/spool.hpp"
#include "storage/store.hpp"

namespace ubiety {

struct EngineOptions {
  std::uint32_t shards;
  std::size_t scheduler_threads;
  std::size_t writer_connections;  // more than one if the store takes several commits at a time
  std::size_t readers;
  Weight max_in_flight;           // to all shards
  Weight max_shard_in_flight;     // to each
  std::int64_t max_unread_bytes;  // see Engine::unread
  std::chrono::microseconds max_clock_skew;
  std::chrono::microseconds commit_linger;
  std::size_t remembered_histories;  // of all shards, see FollowedHistories
  std::chrono::seconds checkpoint_interval;
  std::chrono::days retention;  // 0 keeps the history for ever
  bool may_migrate;
  bool keeps_keys;  // whether requests need API keys
  SummaryEncoder encoder;
  // Called, from a thread of the engine, when the store can never be used as it is.
  std::function<void(const std::string& reason)> give_up;
  // The same, when another process took the store over, or another store came into its place: what was loaded is of no
  // use, and another engine has to begin from what is there.
  std::function<void(const std::string& reason)> start_over = [](const std::string&) {};
  // The same, when much memory was freed that will not be needed soon.
  std::function<void()> give_back_memory = [] {};
};

class Engine {
 public:
  // Makes the actors. `spool` is nullptr where there is none; store, spool and clock outlive the engine.
  Engine(Store& store, Spool* spool, const Clock& clock, const EngineOptions& options);
  ~Engine() { stop(); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Returns at once: the housekeeper connects to the store and loads the latest map, and serving() says when that is
  // done.
  void start();

  // Any thread.
  const std::vector<ShardActor>& shards() const { return shards_; }
  LatestView& latest_of_shard(std::uint32_t shard) { return views_[shard]; }
  // To be made durable; all belong to the shard. `more_expected`: clients are connected that wait for no answer.
  void submit(std::uint32_t shard, std::vector<Submission>&& submissions, bool more_expected = false);
  // When the oldest update was received that waits for its commit; latest_timestamp when none does.
  Timestamp oldest_waiting() const;
  ServiceState& state() { return state_; }
  Admission& admission() { return admission_; }
  // What is held of long answers until their clients have read them.
  ByteBudget& unread() { return unread_; }
  const ByteBudget& unread() const { return unread_; }
  // Only with EngineOptions::keeps_keys.
  void manage_keys(ManageKeys message);

  // For the one thread that checks requests.
  keys::PublishedKeys& published_keys() { return published_keys_; }

  // Writes a last checkpoint and ends the actors. No update may be on its way any more, but while nothing can be made
  // durable: those are answered "unavailable".
  void stop();

 private:
  void end(const caf::actor& actor);

  Spool* const spool_;
  const Clock& clock_;
  const EngineOptions options_;
  Admission admission_;
  ByteBudget unread_;
  ServiceState state_;
  keys::PublishedKeys published_keys_;
  CountedStore store_;
  std::stop_source stopping_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::deque<LatestView> views_;          // of the shards
  std::deque<SubmissionIntake> intakes_;  // the same
  std::vector<ShardActor> shards_;
  std::vector<ReaderActor> readers_;
  WriterActor writer_;
  HousekeeperActor housekeeper_;
  KeyKeeperActor key_keeper_;
  caf::actor forwarder_;
};

}  // namespace ubiety
