// What the service can do now, and why not if it cannot. It depends on a phase that the housekeeper moves, on the
// shards that are being recovered, and on the state of the store and the spool. How a request is answered:
//
//   phase         update              read          history
//   starting      starting            starting      starting
//   standing_by   standing_by         standing_by   standing_by
//   accepting     yes, or store_away  starting *    starting *
//   loaded        yes, or store_away  yes, or       yes, or recovering, store_away
//                                     recovering
//   store_lost    store_lost          store_lost    store_lost
//
//   * standing_by, if that was the phase before
//
// Any thread may ask. The housekeeper moves the phase; the other setters name their callers.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "storage/ownership.hpp"
#include "storage/spool.hpp"

namespace ubiety {

enum class Phase : std::uint8_t {
  starting,     // the latest map is not loaded
  standing_by,  // another process owns the store
  accepting,    // not loaded, but the spool takes updates
  loaded,       // the latest map is complete
  store_lost,   // the store no longer has what was loaded: nothing may be served
};

enum class Activity { update, read, history };

// Why a request cannot be answered.
enum class Obstacle {
  starting,
  standing_by,
  store_lost,
  store_away,  // the store does not answer, or neither store nor spool takes commits
  recovering,  // a shard failed and is being loaded
};

class Readiness {
 public:
  // `spool` may be nullptr; else it outlives the object.
  explicit Readiness(Spool* spool = nullptr) : spool_(spool) {}

  // -- questions --

  // Returns nullopt when such a request can be answered.
  std::optional<Obstacle> why_not(Activity activity) const;
  bool can(Activity activity) const { return !why_not(activity); }

  // Whether all requests are served, as /health/ready reports.
  bool is_ready() const { return can(Activity::read) && can(Activity::update) && knows_keys(); }

  bool is_loaded() const { return phase() == Phase::loaded; }
  bool is_accepting() const { return phase() == Phase::accepting || phase() == Phase::loaded; }
  // Returns nullopt when the latest map is loaded.
  std::optional<Obstacle> why_not_loaded() const;

  // -- the phase: moved by the housekeeper --

  Phase phase() const { return phase_.load(std::memory_order_acquire); }
  void set_accepting() {
    if (phase() < Phase::accepting) set(Phase::accepting);
  }
  void set_loaded() { set(Phase::loaded); }

  // The owner of the store for which this process waits; nullptr when it does not wait.
  std::shared_ptr<const Owner> standing_by_for() const { return standing_by_for_.load(std::memory_order_acquire); }
  void stand_by_for(std::shared_ptr<const Owner> owner);

  bool is_owner() const { return owner_.load(std::memory_order_relaxed); }
  void set_owner();

  // Why the store is lost; nullptr while it is not.
  std::shared_ptr<const std::string> store_lost() const { return store_lost_.load(std::memory_order_acquire); }
  // Returns false if it was lost already.
  bool lose_store(const std::string& reason);

  // -- the shards and the keys: set by their actors --

  void shard_lost() { lost_shards_.fetch_add(1, std::memory_order_acq_rel); }
  void shard_found() { lost_shards_.fetch_sub(1, std::memory_order_acq_rel); }

  // Whether the keys of requests can be checked: the keys are loaded, or no request needs one.
  bool knows_keys() const { return knows_keys_.load(std::memory_order_acquire); }
  void wait_for_keys() { knows_keys_.store(false, std::memory_order_release); }
  void set_knows_keys() { knows_keys_.store(true, std::memory_order_release); }

  // -- the store and the spool, as the housekeeper and the writer last saw them --

  // Whether the store answers and takes commits.
  bool store_connected() const {
    return store_answers() && commits_succeed_.load(std::memory_order_relaxed) && !spooling();
  }

  // Called by the housekeeper after each ping. Returns whether the value changed.
  bool set_store_answers(bool answers) {
    return store_answers_.exchange(answers, std::memory_order_relaxed) != answers;
  }
  bool store_answers() const { return store_answers_.load(std::memory_order_relaxed); }

  // Called by the writer after each commit: a store with a full disk answers pings but takes no commits. The writer
  // repeats a batch until it is durable, so false does not outlast the fault. Returns whether the value changed.
  bool set_commits_succeed(bool succeed) {
    return commits_succeed_.exchange(succeed, std::memory_order_relaxed) != succeed;
  }

  // Whether commits go to the spool: from the first that the store did not take until the store takes one again.
  // Returns whether the value changed.
  bool set_spooling(bool spooling) { return spooling_.exchange(spooling, std::memory_order_relaxed) != spooling; }
  bool spooling() const { return spooling_.load(std::memory_order_relaxed); }

  // The spool that takes updates; nullptr when there is none, or none that may be used.
  Spool* spool() const { return spool_.load(std::memory_order_acquire); }
  // Only before the service accepts updates.
  void leave_spool() { spool_.store(nullptr, std::memory_order_release); }

  // Acknowledged updates that the store does not have yet.
  std::uint64_t waiting_in_spool() const;
  // The bytes that the spool's file uses, and may use.
  SpoolSize spool_size() const;

 private:
  void set(Phase phase) { phase_.store(phase, std::memory_order_release); }

  std::atomic<Phase> phase_{Phase::starting};
  std::atomic<Spool*> spool_;
  std::atomic<bool> knows_keys_{true};
  std::atomic<int> lost_shards_{0};
  std::atomic<bool> owner_{false};
  std::atomic<std::shared_ptr<const Owner>> standing_by_for_;
  std::atomic<std::shared_ptr<const std::string>> store_lost_;
  std::atomic<bool> store_answers_{false};
  std::atomic<bool> commits_succeed_{true};
  std::atomic<bool> spooling_{false};
};

}  // namespace ubiety
