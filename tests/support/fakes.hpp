// A store and a spool in memory that fail as a test says.
#pragma once

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/key_store.hpp"
#include "storage/migrations.hpp"
#include "storage/spool.hpp"
#include "storage/store.hpp"
#include "support/store_failures.hpp"
#include "support/updates.hpp"

namespace ubiety::test {

// The updates of a commit.
struct Commit {
  std::vector<StatusUpdate> fresh, doubtful;
};

// Of a store that no other process can reach, unless the test says otherwise.
class FakeOwnership : public Ownership {
 public:
  StoreResult<Claim> claim() override { return on_claim(); }
  StoreResult<Done> take_over(Timestamp) override { return on_take_over(); }

  std::function<StoreResult<Claim>()> on_claim = [] { return Claim{}; };
  std::function<StoreResult<Done>()> on_take_over = [] { return Done{}; };
};

// Every call is noted, and answered by the function of its name. Commits may come from several threads.
class FakeStore : public Store {
 public:
  StoreResult<std::unique_ptr<Session>> open() override;
  StoreResult<std::unique_ptr<Migrator>> open_migrator() override;
  StoreResult<std::unique_ptr<KeyStore>> open_keys() override { return unavailable(); }
  FakeOwnership& ownership() override { return ownership_; }
  std::string_view name() const override { return "fake"; }

  std::function<StoreResult<Done>(const Commit&)> on_commit = [](const Commit&) { return Done{}; };
  std::function<StoreResult<Done>()> on_checkpoint = [] { return Done{}; };
  std::function<StoreResult<Done>()> on_watermark = [] { return Done{}; };
  std::function<StoreResult<Recovered>(const StatusSink&)> on_load = [](const StatusSink&) { return Recovered{}; };
  bool reachable = true;
  int most_open = std::numeric_limits<int>::max();  // beyond, no connection is left

  std::mutex mutex;  // of what commits do

  int sessions = 0;  // that were opened
  std::atomic<int> open_sessions{0};
  std::vector<Commit> commits;
  std::vector<std::vector<StatusUpdate>> checkpoint_slices;
  std::vector<Timestamp> watermarks;

  std::vector<Migration> known_migrations{{1, "one", "up 1", "down 1"}, {2, "two", "up 2", "down 2"}};
  std::vector<AppliedMigration> applied_migrations;

 private:
  FakeOwnership ownership_;
};

class FakeSession : public Session {
 public:
  explicit FakeSession(FakeStore& store) : store_(store) { ++store_.open_sessions; }
  ~FakeSession() override { --store_.open_sessions; }

  StoreResult<Committed> commit(const WriteBatch& batch) override {
    const auto copied = [](const UpdateList& updates) {
      std::vector<StatusUpdate> copies;
      for (const auto* update : updates) copies.push_back(*update);
      return copies;
    };
    const std::lock_guard lock(store_.mutex);
    store_.commits.push_back({copied(batch.fresh), copied(batch.doubtful)});
    if (const auto committed = store_.on_commit(store_.commits.back()); !committed) return Failure{committed.error()};
    return Committed{.fresh_are_new = true};
  }
  StoreResult<HistoryPage> history(const HistoryQuery&) override { return HistoryPage{}; }
  StoreResult<Recovered> load_latest(const StatusSink& sink) override { return store_.on_load(sink); }
  StoreResult<Done> write_checkpoint(std::span<const StatusUpdate> statuses) override {
    store_.checkpoint_slices.emplace_back(statuses.begin(), statuses.end());
    return store_.on_checkpoint();
  }
  StoreResult<Done> set_watermark(Timestamp watermark) override {
    store_.watermarks.push_back(watermark);
    return store_.on_watermark();
  }
  StoreResult<Done> ensure_partitions(Timestamp) override { return Done{}; }
  StoreResult<std::string> identity() override { return std::string("the fake one"); }
  StoreResult<Expired> expire(Timestamp) override { return Expired{}; }
  StoreResult<Done> read_all(const StatusSink&) override { return Done{}; }
  StoreResult<Done> ping() override { return Done{}; }

 private:
  FakeStore& store_;
};

// A spool in memory, that takes nothing when it is told so.
class FakeSpool : public Spool {
 public:
  StoreResult<Claim> claim(Timestamp) override { return Claim{}; }
  StoreResult<Done> append(const UpdateList& updates) override {
    if (full) return unavailable();
    for (const auto* update : updates) queue.push_back(*update);
    return Done{};
  }
  StoreResult<SpoolSlice> oldest(std::size_t most) override {
    SpoolSlice slice;
    for (; slice.updates.size() < std::min(most, queue.size()); ++slice.last)
      slice.updates.push_back(queue[slice.updates.size()]);
    slice.last += removed_;
    return slice;
  }
  StoreResult<Done> remove_through(std::int64_t last) override {
    for (; removed_ < last; ++removed_) queue.pop_front();
    return Done{};
  }
  StoreResult<Done> read_all(const StatusSink& sink) override {
    for (auto update : queue) sink(std::move(update), Origin::history);
    return Done{};
  }
  std::uint64_t waiting() const override { return queue.size(); }
  SpoolSize size() const override { return {}; }
  std::optional<std::string> database() const override { return bound_to; }
  StoreResult<Done> bind_to(const std::string& database) override {
    bound_to = database;
    return Done{};
  }
  std::optional<Timestamp> received_floor() const override { return floor; }
  StoreResult<Done> set_received_floor(Timestamp received) override {
    floor = received;
    return Done{};
  }

  bool full = false;
  std::deque<StatusUpdate> queue;
  std::optional<Timestamp> floor;
  std::optional<std::string> bound_to;

 private:
  std::int64_t removed_ = 0;
};

class FakeMigrationTarget : public MigrationTarget {
 public:
  explicit FakeMigrationTarget(FakeStore& store) : store_(store) {}

  const std::vector<Migration>& known() const override { return store_.known_migrations; }
  StoreResult<Done> lock() override { return Done{}; }
  StoreResult<std::vector<AppliedMigration>> applied() override { return store_.applied_migrations; }
  StoreResult<Done> apply(const Migration& migration) override {
    store_.applied_migrations.push_back({migration.number, checksum_of(migration)});
    return Done{};
  }
  StoreResult<Done> revert(const Migration&) override {
    store_.applied_migrations.pop_back();
    return Done{};
  }

 private:
  FakeStore& store_;
};

inline StoreResult<std::unique_ptr<Session>> FakeStore::open() {
  if (open_sessions >= most_open)
    return Failure{StoreFailure{StoreFailure::Kind::no_connection_left, "too many, as the test wants it"}};
  if (!reachable) return unavailable();
  const std::lock_guard lock(mutex);
  ++sessions;
  return std::unique_ptr<Session>(std::make_unique<FakeSession>(*this));
}

inline StoreResult<std::unique_ptr<Migrator>> FakeStore::open_migrator() {
  if (!reachable) return unavailable();
  return std::make_unique<Migrator>(std::make_unique<FakeMigrationTarget>(*this));
}

}  // namespace ubiety::test
