// What all threads may know of the service's condition. Every member is atomic; any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "actors/history_metrics.hpp"
#include "actors/problems.hpp"
#include "actors/receipt_order.hpp"
#include "actors/store/commit_metrics.hpp"
#include "actors/store/expiry_metrics.hpp"
#include "actors/store/store_metrics.hpp"
#include "domain/timestamp.hpp"
#include "storage/ownership.hpp"
#include "storage/spool.hpp"

namespace ubiety {

class ServiceState {
 public:
  // `spool` is nullptr where there is none, else it outlives the state.
  explicit ServiceState(Spool* spool = nullptr) : spool_(spool) {}

  // -- what may be served --

  // Whether the latest map is complete. Before that nothing is read from it.
  bool loaded() const { return loaded_.load(std::memory_order_acquire); }
  void set_loaded() {
    loaded_.store(true, std::memory_order_release);
    set_accepting();
  }

  // Whether the latest map can be read: it is loaded, and no shard is being recovered.
  bool readable() const { return loaded() && lost_shards_.load(std::memory_order_acquire) == 0; }
  void shard_lost() { lost_shards_.fetch_add(1, std::memory_order_acq_rel); }
  void shard_found() { lost_shards_.fetch_sub(1, std::memory_order_acq_rel); }

  // How often an actor or the store's side of it failed and was begun anew.
  std::uint64_t restarts() const { return restarts_.load(std::memory_order_relaxed); }
  void note_restart() { restarts_.fetch_add(1, std::memory_order_relaxed); }

  // Whether updates can be given a time of receipt and a shard: with a spool that knows its floor before the store
  // has been seen, else from loaded() on.
  bool accepting() const { return accepting_.load(std::memory_order_acquire); }
  void set_accepting() { accepting_.store(true, std::memory_order_release); }

  // Whether updates can be made durable now: in the store, or in the spool.
  bool takes_updates() const {
    return accepting() && commits_succeed_.load(std::memory_order_relaxed) && (spool() != nullptr || store_answers());
  }

  // Whether the store has the whole history and answers.
  bool has_history() const { return loaded() && store_answers() && waiting_in_spool() == 0; }

  // Whether requests can be told by their keys: the keys are loaded, or nobody needs one. Waited for from before the
  // first request on.
  bool knows_keys() const { return knows_keys_.load(std::memory_order_acquire); }
  void wait_for_keys() { knows_keys_.store(false, std::memory_order_release); }
  void set_knows_keys() { knows_keys_.store(true, std::memory_order_release); }

  // Whether updates and queries can be taken now.
  bool serving() const { return readable() && takes_updates() && knows_keys(); }

  // -- who owns the store --

  // The process for which this one waits, since that owns the store; nullptr when there is none.
  std::shared_ptr<const Owner> standing_by_for() const { return standing_by_for_.load(std::memory_order_acquire); }
  void stand_by_for(std::shared_ptr<const Owner> owner) {
    owner_.store(false, std::memory_order_relaxed);
    standing_by_for_.store(std::move(owner), std::memory_order_release);
  }

  // Whether this process owns the store.
  bool is_owner() const { return owner_.load(std::memory_order_relaxed); }
  void set_owner() {
    owner_.store(true, std::memory_order_relaxed);
    standing_by_for_.store(nullptr, std::memory_order_release);
  }

  // Why what was loaded is no longer what the store has; nullptr while it is. Nothing may be served from then on.
  std::shared_ptr<const std::string> store_lost() const { return store_lost_.load(std::memory_order_acquire); }
  // False when it was lost before.
  bool lose_store(const std::string& reason) {
    owner_.store(false, std::memory_order_relaxed);
    accepting_.store(false, std::memory_order_release);
    loaded_.store(false, std::memory_order_release);
    return store_lost_.exchange(std::make_shared<const std::string>(reason)) == nullptr;
  }

  // -- the store and the spool --

  // Whether the store answers and takes commits, as far as was last seen.
  bool store_connected() const {
    return store_answers() && commits_succeed_.load(std::memory_order_relaxed) && !spooling();
  }

  // What the housekeeper sees when it asks the store. True when this changed something.
  bool set_store_answers(bool answers) {
    return store_answers_.exchange(answers, std::memory_order_relaxed) != answers;
  }
  bool store_answers() const { return store_answers_.load(std::memory_order_relaxed); }

  // What the writer sees: a store may answer and yet take nothing, when its disk is full. The writer tries a batch
  // again until it is durable, so that false never stays for lack of a commit. True when this changed something.
  bool set_commits_succeed(bool succeed) {
    return commits_succeed_.exchange(succeed, std::memory_order_relaxed) != succeed;
  }

  // Whether the writer's commits go to the spool: from a commit that the store did not take until it is seen to take
  // one. True when this changed something.
  bool set_spooling(bool spooling) { return spooling_.exchange(spooling, std::memory_order_relaxed) != spooling; }
  bool spooling() const { return spooling_.load(std::memory_order_relaxed); }

  // The spool that takes updates; nullptr where there is none, or none that may be used.
  Spool* spool() const { return spool_.load(std::memory_order_acquire); }
  // To come before accepting().
  void leave_spool() { spool_.store(nullptr, std::memory_order_release); }

  // Updates that were acknowledged and that the store does not have yet.
  std::uint64_t waiting_in_spool() const {
    const auto* used = spool();
    return used == nullptr ? 0 : used->waiting();
  }

  // Bytes that the spool's file uses, and may.
  SpoolSize spool_size() const {
    const auto* used = spool();
    return used == nullptr ? SpoolSize{} : used->size();
  }

  CommitMetrics& commit_metrics() { return commit_metrics_; }
  const CommitMetrics& commit_metrics() const { return commit_metrics_; }
  StoreMetrics& store_metrics() { return store_metrics_; }
  const StoreMetrics& store_metrics() const { return store_metrics_; }
  ExpiryMetrics& expiry_metrics() { return expiry_metrics_; }
  const ExpiryMetrics& expiry_metrics() const { return expiry_metrics_; }
  HistoryMetrics& history_metrics() { return history_metrics_; }
  const HistoryMetrics& history_metrics() const { return history_metrics_; }

  // -- times of receipt --

  Problems& problems() { return problems_; }
  const Problems& problems() const { return problems_; }

  ReceiptOrder& receipts() { return receipts_; }
  const ReceiptOrder& receipts() const { return receipts_; }

 private:
  std::atomic<Spool*> spool_;
  std::atomic<bool> loaded_{false};
  std::atomic<bool> knows_keys_{true};
  std::atomic<int> lost_shards_{0};
  std::atomic<std::uint64_t> restarts_{0};
  std::atomic<bool> accepting_{false};
  std::atomic<bool> owner_{false};
  std::atomic<std::shared_ptr<const Owner>> standing_by_for_;
  std::atomic<std::shared_ptr<const std::string>> store_lost_;
  std::atomic<bool> store_answers_{false};
  std::atomic<bool> commits_succeed_{true};
  std::atomic<bool> spooling_{false};
  Problems problems_;
  ReceiptOrder receipts_;
  CommitMetrics commit_metrics_;
  StoreMetrics store_metrics_;
  HistoryMetrics history_metrics_;
  ExpiryMetrics expiry_metrics_;
};

}  // namespace ubiety
