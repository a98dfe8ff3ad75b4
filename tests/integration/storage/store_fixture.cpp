#include "store_fixture.hpp"

#include <atomic>
#include <chrono>
#include <random>

#include "storage/postgres/store.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/store.hpp"
#include "support/postgres_server.hpp"
#include "support/unmerged_updates.hpp"
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

StoreOfKind::StoreOfKind(StoreKind kind)
    : kind_(kind),
      location_(kind_ == StoreKind::sqlite ? (folder_.path() / "store.db").string() : new_database()),
      store_(open_beside()) {}

std::unique_ptr<Store> StoreOfKind::open_beside() const {
  if (kind_ == StoreKind::sqlite) return std::make_unique<sqlite::SqliteStore>(location_);
  return std::make_unique<postgres::PostgresStore>(location_, postgres::PartitionSpan::day);
}

std::unique_ptr<Migrator> StoreOfKind::open_migrator() { return expected(store_->open_migrator()); }

std::unique_ptr<Session> StoreOfKind::open_session() {
  expected(open_migrator()->up());
  own(*store_);
  return expected(store_->open());
}

std::string StoreOfKind::execute(const std::string& sql) const {
  if (kind_ == StoreKind::postgresql)
    return shared_postgres().execute(location_.substr(location_.rfind('/') + 1), sql).value_or("");
  sqlite::Database database(location_);
  sqlite::Statement statement(database, sql);
  return statement.next() ? std::string(statement.text(0)) : "";
}

void StoreOfKind::damage_row(log::Position position) const {
  const auto stream = std::to_string(position.stream), sequence = std::to_string(position.sequence);
  if (kind_ == StoreKind::sqlite)
    execute("UPDATE update_log SET updates = x'0102' WHERE place = " + sequence +
            " + (SELECT number << 40 FROM node_stream WHERE id = " + stream + ")");
  else
    execute("UPDATE update_log SET timestamps = '{}' WHERE stream = " + stream + " AND sequence = " + sequence);
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
  // The server may need a moment to notice that the owner before has ended.
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

UpdateList pointers_to(const std::vector<StatusUpdate>& updates) {
  UpdateList list;
  for (const auto& each : updates) list.push_back(&each);
  return list;
}

log::StreamId new_stream() {
  static std::mt19937_64 random;
  return static_cast<log::StreamId>(random() >> 1);
}

StoreResult<Done> try_to_append(Session& session, const std::vector<StatusUpdate>& updates) {
  const log::Position first{new_stream(), 1};
  if (auto opened = session.open_stream(first.stream); !opened) return opened;
  return session.append(first, pointers_to(updates));
}

log::Position append(Session& session, const std::vector<StatusUpdate>& updates) {
  const log::Position first{new_stream(), 1};
  expected(session.open_stream(first.stream));
  expected(session.append(first, pointers_to(updates)));
  return first;
}

void store_merged(Session& session, const std::vector<StatusUpdate>& updates) {
  UnmergedUpdates unmerged;
  const auto position = append(session, updates);
  unmerged.add(position, updates);
  log::Positions through;
  through.raise_to(position);
  EXPECT_TRUE(expected(session.merge(through, unmerged)).has(position));
}

std::vector<Status> merged_history_of(Session& session, const std::string& device_id) {
  return expected(session.history({.device_id = device_id, .limit = 1000}, {})).records;
}

std::vector<Status> records_of(Session& session, const std::string& device_id) {
  std::vector<Status> records;
  expected(session.read_all({.device_id = device_id}, [&](StatusUpdate&& record) {
    EXPECT_EQ(record.device_id, device_id);
    records.push_back(record.status);
  }));
  return records;
}

void Loaded::take_latest(log::LatestStatus&& status) {
  EXPECT_TRUE(rows.empty()) << "the latest statuses are first";
  latest.push_back(std::move(status));
}

void Loaded::take_row(log::Row&& row) { rows.push_back(std::move(row)); }

void Loaded::note_damage(log::Position position, const std::string& reason) { damaged.push_back({position, reason}); }

void Loaded::note_damaged_latest(const std::string& reason) { damaged_latest.push_back(reason); }

Loaded load(Session& session) {
  Loaded loaded;
  expected(session.load(loaded));
  return loaded;
}

std::optional<log::LatestStatus> latest_of(Session& session, const DeviceId& device_id) {
  for (const auto& latest : load(session).latest)
    if (latest.update.device_id == device_id) return latest;
  return std::nullopt;
}

log::Positions through(log::Position position) {
  log::Positions through;
  through.raise_to(position);
  return through;
}

}  // namespace ubiety::test
