#include "support/faulty_store.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "domain/status.hpp"
#include "support/generators.hpp"

namespace ubiety::test {
namespace {

template <class Value>
Value expected(StoreResult<Value> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

// An empty store with the current schema. Tests copy it instead of migrating each time.
const std::string& migrated_file() {
  static const std::string content = [] {
    const auto folder = TemporaryDirectory::in_memory();
    const auto path = (folder.path() / "store.db").string();
    sqlite::SqliteStore store(path);
    expected(expected(store.open_migrator())->up());
    return read_file(path);
  }();
  return content;
}

std::vector<StatusUpdate> copies_of(const UpdateList& updates) {
  std::vector<StatusUpdate> copies;
  for (const auto* update : updates) copies.push_back(*update);
  return copies;
}

}  // namespace

Commit::Commit(const WriteBatch& batch) : fresh(copies_of(batch.fresh)), doubtful(copies_of(batch.doubtful)) {}

class FaultyStore::FaultySession final : public Session {
 public:
  FaultySession(FaultyStore& store, std::unique_ptr<Session> real) : store_(store), real_(std::move(real)) {
    ++store_.open_sessions;
  }
  ~FaultySession() override { --store_.open_sessions; }

  StoreResult<Committed> commit(const WriteBatch& batch) override {
    return with_fault(fault_of(batch), [&] { return real_->commit(batch); });
  }

  StoreResult<Recovered> load_latest(const StatusSink& sink) override {
    if (!store_.load_breaks_after) return real_->load_latest(sink);
    const auto loaded =
        real_->load_latest([&, left = *store_.load_breaks_after](StatusUpdate&& status, Origin origin) mutable {
          if (left == 0) return;
          --left;
          sink(std::move(status), origin);
        });
    return loaded ? unavailable() : Failure{loaded.error()};
  }

  StoreResult<Done> write_checkpoint(std::span<const StatusUpdate> statuses) override {
    store_.checkpoint_slices.emplace_back(statuses.begin(), statuses.end());
    return with_fault(store_.checkpoint_fault, [&] { return real_->write_checkpoint(statuses); });
  }

  StoreResult<Done> set_watermark(Timestamp watermark) override {
    store_.watermarks.push_back(watermark);
    return with_fault(store_.watermark_fault, [&] { return real_->set_watermark(watermark); });
  }

  StoreResult<Done> ping() override {
    return with_fault(store_.ping_fault, [&] { return real_->ping(); });
  }

  StoreResult<HistoryPage> history(const HistoryQuery& query) override { return real_->history(query); }
  StoreResult<Done> read_all(const StatusSink& sink) override { return real_->read_all(sink); }
  StoreResult<Done> ensure_partitions(Timestamp now) override { return real_->ensure_partitions(now); }
  StoreResult<Expired> expire(Timestamp expired_before) override { return real_->expire(expired_before); }
  StoreResult<std::string> identity() override { return real_->identity(); }

 private:
  Fault fault_of(const WriteBatch& batch) {
    const std::lock_guard lock(store_.mutex_);
    store_.commits.emplace_back(batch);
    return store_.on_commit(store_.commits.back());
  }

  FaultyStore& store_;
  const std::unique_ptr<Session> real_;
};

FaultyStore::FaultyStore(Start start) : path_((folder_.path() / "store.db").string()) {
  if (start != Start::empty) write_file(path_, migrated_file());
  real_ = std::make_unique<sqlite::SqliteStore>(path_);
  if (start != Start::owned) return;
  expected(real_->ownership().claim());
  expected(real_->ownership().take_over(noon));
}

StoreResult<std::unique_ptr<Session>> FaultyStore::open() {
  const std::lock_guard lock(mutex_);
  if (open_sessions >= max_sessions) return no_connection_left();
  if (!is_reachable) return unavailable();
  auto real = real_->open();
  if (!real) return real;
  ++sessions;
  return std::unique_ptr<Session>(std::make_unique<FaultySession>(*this, std::move(*real)));
}

StoreResult<std::unique_ptr<Migrator>> FaultyStore::open_migrator() {
  if (!is_reachable) return unavailable();
  return real_->open_migrator();
}

StoreResult<std::unique_ptr<KeyStore>> FaultyStore::open_keys() {
  if (!is_reachable) return unavailable();
  return real_->open_keys();
}

StoreResult<Claim> FaultyStore::FaultyOwnership::claim() {
  return with_fault(store_.claim_fault, [this] { return store_.real_->ownership().claim(); });
}

void FaultyStore::lose_lock() {
  real_.reset();
  real_ = std::make_unique<sqlite::SqliteStore>(path_);
}

std::vector<StatusUpdate> FaultyStore::rows() {
  std::vector<StatusUpdate> rows;
  expected(open_beside()->read_all([&](StatusUpdate&& row, Origin) { rows.push_back(std::move(row)); }));
  std::sort(rows.begin(), rows.end(), key_before);
  return rows;
}

std::map<DeviceId, Status> FaultyStore::checkpoint() {
  std::map<DeviceId, Status> checkpoint;
  load([&](StatusUpdate&& update, Origin origin) {
    if (origin == Origin::checkpoint) checkpoint[update.device_id] = update.status;
  });
  return checkpoint;
}

Timestamp FaultyStore::watermark() {
  return load([](StatusUpdate&&, Origin) {}).watermark;
}

Recovered FaultyStore::load(const StatusSink& sink) { return expected(open_beside()->load_latest(sink)); }

std::vector<AppliedMigration> FaultyStore::applied_migrations() {
  return expected(sqlite::migration_target(path_)->applied());
}

Owner FaultyStore::recorded_owner() {
  auto database = sqlite::connect_to_existing(path_);
  return sqlite::recorded_owner(database);
}

std::unique_ptr<Session> FaultyStore::open_beside() { return expected(real_->open()); }

void FaultyStore::execute(const char* sql) { sqlite::connect_to_existing(path_).execute(sql); }

AnotherOwner::AnotherOwner(const FaultyStore& store, const Owner& owner) : lock_(store.path()) {
  auto database = sqlite::connect_to_existing(store.path());
  sqlite::record_owner(database, owner);
  if (!lock_.try_lock()) throw std::logic_error("the store has an owner already");
}

}  // namespace ubiety::test
