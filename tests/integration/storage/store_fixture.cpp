#include "store_fixture.hpp"

#include <atomic>
#include <chrono>

#include "storage/postgres/store.hpp"
#include "storage/sqlite/store.hpp"
#include "support/postgres_server.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

std::string new_database() {
  static std::atomic<int> count{0};
  return shared_postgres().create_database("store_" + std::to_string(++count));
}

}  // namespace

std::string name_of(const ::testing::TestParamInfo<StoreKind>& store) {
  return store.param == StoreKind::sqlite ? "sqlite" : "postgresql";
}

EachStore::EachStore()
    : location_(GetParam() == StoreKind::sqlite ? (folder_.path() / "store.db").string() : new_database()),
      store_(open_beside()) {}

std::unique_ptr<Store> EachStore::open_beside() const {
  if (GetParam() == StoreKind::sqlite) return std::make_unique<sqlite::SqliteStore>(location_);
  return std::make_unique<postgres::PostgresStore>(location_, postgres::PartitionSpan::day);
}

std::unique_ptr<Migrator> EachStore::open_migrator() {
  auto migrator = store_->open_migrator();
  EXPECT_TRUE(migrator) << migrator.error().message;
  return std::move(*migrator);
}

std::unique_ptr<Session> EachStore::open_session() {
  const auto migrated = open_migrator()->up();
  EXPECT_TRUE(migrated) << migrated.error().message;
  own(*store_);
  auto session = store_->open();
  EXPECT_TRUE(session) << session.error().message;
  return std::move(*session);
}

bool migrate_down(Store& store) {
  const auto migrator = std::move(store.open_migrator().value());
  const auto newest = migrator->newest_applied().value();
  if (!newest) return false;
  const auto reverted = migrator->down(*newest);
  EXPECT_TRUE(reverted) << reverted.error().message;
  return reverted.ok();
}

void own(Store& store) {
  // The server may take a moment to notice that the owner before is gone.
  ASSERT_TRUE(wait_until(
      [&store] {
        const auto claim = store.ownership().claim();
        return claim && claim->outcome == Claim::Outcome::owned;
      },
      5s));
  const auto taken_over = store.ownership().take_over(at(0));
  ASSERT_TRUE(taken_over) << taken_over.error().message;
}

Timestamp at(std::int64_t seconds) { return *parse_timestamp("2026-11-24T00:00:00Z") + std::chrono::seconds(seconds); }

StatusUpdate update(const std::string& device_id, std::int64_t timestamp_seconds, std::int64_t received_seconds,
                    int battery_level) {
  return {device_id,
          {.timestamp = at(timestamp_seconds),
           .received = at(received_seconds),
           .rssi = -60,
           .battery_level = static_cast<std::uint8_t>(battery_level),
           .online = true}};
}

namespace {

UpdateList pointers_to(const std::vector<StatusUpdate>& updates) {
  UpdateList list;
  for (const auto& each : updates) list.push_back(&each);
  return list;
}

void commit(Session& session, const WriteBatch& batch) {
  const auto committed = session.commit(batch);
  ASSERT_TRUE(committed) << committed.error().message;
}

}  // namespace

void commit_doubtful(Session& session, const std::vector<StatusUpdate>& updates) {
  commit(session, {{}, pointers_to(updates)});
}

void commit_fresh(Session& session, const std::vector<StatusUpdate>& updates) {
  commit(session, {pointers_to(updates), {}});
}

std::vector<Status> history_of(Session& session, const std::string& device_id) {
  const auto page = session.history({.device_id = device_id, .limit = 1000, .since = {}, .before = {}, .after = {}});
  EXPECT_TRUE(page) << page.error().message;
  return page->records;
}

std::vector<Told> told_by(Session& session) {
  std::vector<Told> told;
  const auto loaded = session.load_latest([&](StatusUpdate&& status, Origin origin) {
    told.push_back({std::move(status), origin});
  });
  EXPECT_TRUE(loaded) << loaded.error().message;
  return told;
}

}  // namespace ubiety::test
