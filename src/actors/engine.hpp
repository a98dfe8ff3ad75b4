// The engine owns all actors and the state that they share. It starts them, stops them in order, and alone sends them
// messages, so its callers need no actor library.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/admission.hpp"
#include "actors/feed.hpp"
#include "actors/parcel.hpp"
#include "actors/requests.hpp"
#include "actors/service_state.hpp"
#include "actors/summary.hpp"
#include "domain/clock.hpp"
#include "keys/key_ring.hpp"
#include "storage/spool.hpp"
#include "storage/store.hpp"

namespace ubiety {

struct EngineOptions {
  std::uint32_t shards;
  std::size_t scheduler_threads;
  std::size_t readers;
  Load max_in_flight;             // to all shards
  Load max_shard_in_flight;       // to each
  std::int64_t max_unread_bytes;  // see Engine::unread
  std::chrono::microseconds max_clock_skew;
  std::chrono::microseconds commit_linger;
  std::chrono::seconds stale_after;        // a device that was not heard for this long may be silent, see SilenceWatch
  std::chrono::seconds learning_patience;  // see SilenceWatch
  GroupRule group_by;
  std::uint64_t tail_memory;    // bytes of updates that are not merged yet; a merge begins beyond
  std::chrono::days retention;  // 0 keeps the history for ever
  bool may_migrate;
  bool keeps_keys;  // whether requests need API keys
  SummaryEncoder encoder;
  // Called from a thread of the engine when the store cannot be used without an operator.
  std::function<void(const std::string& reason)> give_up;
  // Called from a thread of the engine when another process took over the store, or another store took its place. What
  // was loaded is wrong then: a new engine has to start.
  std::function<void(const std::string& reason)> start_over = [](const std::string&) {};
  // Called from a thread of the engine when much memory was freed that will not be needed soon.
  std::function<void()> give_back_memory = [] {};
};

class Engine {
 public:
  // Spawns the actors. `spool` may be nullptr. Store, spool and clock outlive the engine.
  Engine(Store& store, Spool* spool, const Clock& clock, const EngineOptions& options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Returns at once. The housekeeper then connects to the store and loads the latest map; see Readiness.
  void start();

  // Stops the actors. No update may be in flight, except while neither store nor spool
  // takes commits: such updates are answered "unavailable".
  void stop();

  // -- any thread --

  std::uint32_t shards() const { return options_.shards; }
  std::uint32_t shard_of(std::string_view device_id) const;

  // Identifies this run of the engine, among all: its shards count their changes from 0.
  std::uint64_t run() const { return run_; }

  ServiceState& state() { return state_; }
  const ServiceState& state() const { return state_; }
  Admission& admission() { return admission_; }
  // The bytes of long answers that wait for their clients to read them.
  ByteBudget& unread() { return unread_; }
  const ByteBudget& unread() const { return unread_; }
  // Whether connected clients wait for no answer, and so may send a request at any moment; see Linger.
  void set_clients_may_send(bool may_send);
  // When the oldest update that waits for its commit was received; latest_timestamp when none waits.
  Timestamp oldest_waiting() const;
  // The updates in memory that are not merged into the history yet, of all shards.
  TailSize tail() const;
  std::chrono::seconds stale_after() const { return options_.stale_after; }
  // Beyond so many bytes a merge begins.
  std::uint64_t tail_memory() const { return options_.tail_memory; }

  // Returns the device's state, or no state for an unknown device. Returns nullopt, and never blocks, when its
  // shard must be asked: see read_latest.
  std::optional<std::optional<DeviceDetails>> try_latest(std::string_view device_id);
  // Returns how often the latest statuses have changed, by shard; nullopt when a shard must be asked.
  std::optional<std::vector<std::uint64_t>> try_versions();

  void read_history(ReadHistory request);
  // Each shard replies.
  void read_devices(const ReadDevices& request);
  // Asks one shard.
  void read_feed(std::uint32_t shard, ReadFeed request);
  // These four ask each shard, and each replies.
  void read_summary(const ReadSummary& request);
  void count_fleet(const CountFleet& request);
  void read_attention(const ReadAttention& request);
  void prove_alive(const Reply<Alive>& reply);
  // Replies when the removal is durable, and the devices are gone.
  void remove_devices(RemoveDevices message);
  void manage_mutes(ManageMutes message);
  // Only with EngineOptions::keeps_keys.
  void manage_keys(ManageKeys message);

  // -- the loop's thread: one at a time --

  // These two gather requests until end_turn, so that a shard gets all requests of a turn together. The parcel has at
  // least one update, and a credit that was admitted to its shard.
  void submit(ParcelPointer parcel);
  void read_latest(LatestQuery query);
  // Sends the gathered requests. The event loop calls it after each of its tasks.
  void end_turn();

  // For the one thread that checks requests.
  keys::PublishedKeys& published_keys() { return published_keys_; }

 private:
  struct Actors;

  const EngineOptions options_;
  const std::uint64_t run_;
  Admission admission_;
  ByteBudget unread_;
  ServiceState state_;
  keys::PublishedKeys published_keys_;
  std::unique_ptr<Actors> actors_;

  // The loop's thread.
  std::vector<Parcels> parcels_;                   // by shard
  std::vector<std::vector<LatestQuery>> queries_;  // by shard
  bool has_gathered_ = false;
  std::optional<Timestamp> last_received_;  // of the parcels
};

}  // namespace ubiety
