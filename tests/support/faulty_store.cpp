#include "support/faulty_store.hpp"

#include <stdexcept>
#include <utility>

#include "support/generators.hpp"
#include "support/unmerged_updates.hpp"

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

log::Row copy_of(log::Position position, const UpdateList& updates) {
  log::Row row{position, {}};
  for (const auto* update : updates) row.updates.push_back(*update);
  return row;
}

// Passes a number of calls on, and drops the others.
class BreakingSink final : public LoadSink {
 public:
  BreakingSink(LoadSink& sink, std::size_t calls) : sink_(sink), calls_left_(calls) {}

  void take_removal(log::Removal&& removal) override { sink_.take_removal(std::move(removal)); }
  void take_latest(log::LatestStatus&& latest) override {
    if (is_alive()) sink_.take_latest(std::move(latest));
  }
  void take_row(log::Row&& row) override {
    if (is_alive()) sink_.take_row(std::move(row));
  }
  void note_damage(log::Position position, const std::string& reason) override {
    if (is_alive()) sink_.note_damage(position, reason);
  }
  void note_damaged_latest(const std::string& reason) override { sink_.note_damaged_latest(reason); }

 private:
  bool is_alive() { return calls_left_ > 0 && calls_left_-- > 0; }

  LoadSink& sink_;
  std::size_t calls_left_;
};

// What a start finds.
struct Content final : LoadSink {
  void take_latest(log::LatestStatus&& status) override { latest[status.update.device_id] = status; }
  void take_row(log::Row&& row) override { rows.push_back(std::move(row)); }
  void note_damage(log::Position, const std::string& reason) override { throw std::runtime_error(reason); }
  void note_damaged_latest(const std::string& reason) override { throw std::runtime_error(reason); }

  std::map<DeviceId, log::LatestStatus> latest;
  std::vector<log::Row> rows;
};

Content content_of(Session& session) {
  Content content;
  expected(session.load(content));
  return content;
}

}  // namespace

class FaultyStore::FaultySession final : public Session {
 public:
  FaultySession(FaultyStore& store, std::unique_ptr<Session> real) : store_(store), real_(std::move(real)) {
    ++store_.open_sessions;
  }
  ~FaultySession() override { --store_.open_sessions; }

  StoreResult<Done> open_stream(log::StreamId stream) override {
    return with_fault(store_.open_stream_fault, [&] { return real_->open_stream(stream); });
  }

  StoreResult<Done> append(log::Position position, const UpdateList& updates) override {
    return with_fault(fault_of(copy_of(position, updates)), [&] { return real_->append(position, updates); });
  }

  StoreResult<std::int64_t> last_appended(log::StreamId stream) override {
    if (store_.last_appended) return *store_.last_appended;
    return with_fault(store_.settle_fault, [&] { return real_->last_appended(stream); });
  }

  StoreResult<Done> append_once(const std::vector<log::Row>& rows) override {
    auto fault = Fault::none;
    for (const auto& row : rows)
      if (fault == Fault::none) fault = store_.on_append_once(row);
    return with_fault(fault, [&] { return real_->append_once(rows); });
  }

  StoreResult<Done> load(LoadSink& sink) override {
    if (store_.damaged_latest) sink.note_damaged_latest(*store_.damaged_latest);
    if (!store_.load_breaks_after) return real_->load(sink);
    BreakingSink breaking(sink, *store_.load_breaks_after);
    auto loaded = real_->load(breaking);
    return loaded ? unavailable() : loaded;
  }

  StoreResult<std::vector<bool>> has_records(const UpdateList& updates) override {
    return with_fault(store_.has_records_fault, [&] { return real_->has_records(updates); });
  }

  StoreResult<log::Positions> merge(const log::Positions& through, log::MergeSource& source) override {
    store_.merges.push_back(through);
    return with_fault(store_.merge_fault, [&] { return real_->merge(through, source); });
  }

  StoreResult<Done> ping() override {
    return with_fault(store_.ping_fault, [&] { return real_->ping(); });
  }

  StoreResult<HistoryPage> history(const HistoryQuery& query,
                                   const std::vector<log::UnmergedRecord>& unmerged) override {
    store_.on_history();
    return real_->history(query, unmerged);
  }
  StoreResult<Done> read_span(const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged,
                              const RecordSink& sink) override {
    store_.on_history();
    return real_->read_span(query, unmerged, sink);
  }
  StoreResult<Done> read_all(const Selection& selection, const StatusSink& sink) override {
    return real_->read_all(selection, sink);
  }
  StoreResult<log::Positions> lost_merges() override { return real_->lost_merges(); }
  StoreResult<Done> remove_devices(std::span<const log::Removal> removals) override {
    return with_fault(store_.remove_fault, [&] { return real_->remove_devices(removals); });
  }
  StoreResult<Swept> sweep() override { return real_->sweep(); }
  StoreResult<bool> forget_removals(Timestamp before) override { return real_->forget_removals(before); }
  StoreResult<Compacted> compact(Timestamp now) override { return real_->compact(now); }
  StoreResult<Done> write_latest(std::span<const log::LatestStatus> statuses) override {
    return real_->write_latest(statuses);
  }
  StoreResult<Done> rewrite_latest(std::span<const log::LatestStatus> statuses) override {
    return real_->rewrite_latest(statuses);
  }
  StoreResult<std::optional<ListeningClock::Saved>> listening() override { return real_->listening(); }
  StoreResult<Done> save_listening(const ListeningClock::Saved& saved) override { return real_->save_listening(saved); }
  StoreResult<FleetPast> fleet_past() override { return real_->fleet_past(); }
  StoreResult<Done> save_fleet_past(const FleetPast& past) override { return real_->save_fleet_past(past); }
  StoreResult<std::vector<Mute>> mutes() override { return real_->mutes(); }
  StoreResult<Done> save_mute(const Mute& mute) override { return real_->save_mute(mute); }
  StoreResult<Done> remove_mutes(std::span<const MuteTarget> targets) override { return real_->remove_mutes(targets); }
  StoreResult<Done> ensure_partitions(Timestamp now) override { return real_->ensure_partitions(now); }
  StoreResult<Expired> expire(Timestamp expired_before) override { return real_->expire(expired_before); }
  StoreResult<std::string> identity() override { return real_->identity(); }

 private:
  Fault fault_of(log::Row row) {
    const std::lock_guard lock(store_.mutex_);
    store_.appends.push_back(std::move(row));
    return store_.on_append(store_.appends.back());
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

void FaultyStore::merge_all() {
  const auto session = open_beside();
  UnmergedUpdates unmerged;
  log::Positions through;
  for (const auto& [id, latest] : content_of(*session).latest) unmerged.add_latest(latest);
  for (const auto& row : content_of(*session).rows) {
    unmerged.add(row.position, row.updates);
    through.raise_to(row.position);
  }
  expected(session->merge(through, unmerged));
}

void FaultyStore::close_streams() { expected(real_->ownership().take_over(noon)); }

std::vector<StatusUpdate> FaultyStore::records() {
  std::vector<StatusUpdate> records;
  expected(open_beside()->read_all({}, [&](StatusUpdate&& record) { records.push_back(std::move(record)); }));
  return records;
}

std::vector<log::Row> FaultyStore::log_rows() { return content_of(*open_beside()).rows; }

std::map<DeviceId, log::LatestStatus> FaultyStore::latest() { return content_of(*open_beside()).latest; }

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
