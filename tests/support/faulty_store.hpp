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
  std::function<Fault(const log::Row&)> on_append = [](const log::Row&) { return Fault::none; };  // one call at a time
  std::function<Fault(const log::Row&)> on_append_once = [](const log::Row&) { return Fault::none; };
  std::function<void()> on_history = [] {};  // before each page, and each span
  Fault open_stream_fault = Fault::none, settle_fault = Fault::none, merge_fault = Fault::none,
        has_records_fault = Fault::none, ping_fault = Fault::none, claim_fault = Fault::none,
        remove_fault = Fault::none;
  // What Session::last_appended() returns, as after a failover to a standby that lacks rows.
  std::optional<std::int64_t> last_appended;
  // Session::load() passes on so many latest statuses and rows, and then fails.
  std::optional<std::size_t> load_breaks_after;
  std::optional<std::string> damaged_latest;  // Session::load() says that some cannot be read

  // Merges the whole log.
  void merge_all();

  // Closes all open streams, as a take-over by another process does.
  void close_streams();

  // This process loses its lock on the store, as when the connection that holds it breaks. Destroy all sessions first.
  void lose_lock();

  // -- which calls were made --

  int sessions = 0;  // that were opened
  std::atomic<int> open_sessions{0};
  std::vector<log::Row> appends;  // of Session::append
  std::vector<log::Positions> merges;

  // -- what the store holds --

  // All records of history and log, without repetitions, in the order of read_all.
  std::vector<StatusUpdate> records();
  // The rows of the log that are not merged, those of a stream in their order.
  std::vector<log::Row> log_rows();
  // The latest statuses, without the log.
  std::map<DeviceId, log::LatestStatus> latest();
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

  TemporaryDirectory folder_ = TemporaryDirectory::in_memory();
  const std::string path_;
  std::unique_ptr<sqlite::SqliteStore> real_;
  FaultyOwnership ownership_{*this};
  std::mutex mutex_;  // for the calls recorded by append() and open(), and for on_append
};

// Another process that owns a store. No session of the store may be open when it is created or destroyed.
class AnotherOwner {
 public:
  AnotherOwner(const FaultyStore& store, const Owner& owner);

 private:
  sqlite::FileLock lock_;
};

}  // namespace ubiety::test
