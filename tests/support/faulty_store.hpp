// A real SQLite store whose calls fail when a test says so, before their effect or after it. Afterwards tests look up
// what the store holds. Its file lies in memory, so that no test waits for a disk.
//
// Each session belongs to one thread. A test sets faults while no call is in flight.
#pragma once

#include <atomic>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/key_store.hpp"
#include "storage/migrations.hpp"
#include "storage/sqlite/store.hpp"
#include "storage/store.hpp"
#include "support/store_failures.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::test {

// A copy of the updates of one call of Session::commit.
struct Commit {
  explicit Commit(const WriteBatch& batch);

  std::vector<StatusUpdate> fresh, doubtful;
};

class FaultyStore final : public Store {
 public:
  enum class Start {
    empty,     // there is no file yet
    migrated,  // the schema is up to date, and no process owns the store
    owned,     // this process owns the store too
  };
  explicit FaultyStore(Start start = Start::owned);

  StoreResult<std::unique_ptr<Session>> open() override;
  StoreResult<std::unique_ptr<Migrator>> open_migrator() override;
  StoreResult<std::unique_ptr<KeyStore>> open_keys() override;
  Ownership& ownership() override { return ownership_; }
  std::string_view name() const override { return real_->name(); }

  // -- what fails --

  bool is_reachable = true;
  int max_sessions = std::numeric_limits<int>::max();  // beyond these, no connection is left
  std::function<Fault(const Commit&)> on_commit = [](const Commit&) { return Fault::none; };  // one call at a time
  Fault checkpoint_fault = Fault::none, watermark_fault = Fault::none, ping_fault = Fault::none,
        claim_fault = Fault::none;
  // Session::load_latest() passes on so many statuses, and then fails.
  std::optional<std::size_t> load_breaks_after;

  // This process loses its lock on the store, as when the connection that holds it breaks. Destroy all sessions first.
  void lose_lock();

  // -- which calls were made --

  int sessions = 0;  // that were opened
  std::atomic<int> open_sessions{0};
  std::vector<Commit> commits;
  std::vector<std::vector<StatusUpdate>> checkpoint_slices;
  std::vector<Timestamp> watermarks;

  // -- what the store holds --

  // The whole history, in the order of its key.
  std::vector<StatusUpdate> rows();
  std::map<DeviceId, Status> checkpoint();
  // 0 before the first one is set.
  Timestamp watermark();
  std::vector<AppliedMigration> applied_migrations();
  // The owner on record; empty if there is none.
  Owner recorded_owner();

  // A session that never fails and does not count.
  std::unique_ptr<Session> open_beside();
  // Runs SQL in the file.
  void execute(const char* sql);
  const std::string& path() const { return path_; }

 private:
  class FaultySession;
  class FaultyOwnership final : public Ownership {
   public:
    explicit FaultyOwnership(FaultyStore& store) : store_(store) {}

    StoreResult<Claim> claim() override;
    StoreResult<Done> take_over(Timestamp now) override { return store_.real_->ownership().take_over(now); }

   private:
    FaultyStore& store_;
  };

  Recovered load(const StatusSink& sink);

  TemporaryDirectory folder_ = TemporaryDirectory::in_memory();
  const std::string path_;
  std::unique_ptr<sqlite::SqliteStore> real_;
  FaultyOwnership ownership_{*this};
  std::mutex mutex_;  // for the calls recorded by commit() and open(), and for on_commit
};

// Another process that owns a store. No session of the store may be open when it is created or destroyed.
class AnotherOwner {
 public:
  AnotherOwner(const FaultyStore& store, const Owner& owner);

 private:
  sqlite::FileLock lock_;
};

}  // namespace ubiety::test
