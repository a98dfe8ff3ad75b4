// The embedded store's log: histories that lie partly in it, merges that are half done, and whoever opens the file
// then.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <random>
#include <thread>
#include <tuple>

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/store.hpp"
#include "store_fixture.hpp"

namespace ubiety::test {
namespace {

using ::testing::SizeIs;

constexpr std::size_t merge_from = 200;  // small, so that merges are many and half done for most of the time

class UpdateLog : public ::testing::Test {
 protected:
  UpdateLog() { open_as_owner(); }

  std::unique_ptr<Session> open(Store& store) { return std::move(store.open().value()); }

  // As a process does that starts after the last one ended.
  void open_as_owner() {
    session_.reset();
    store_.emplace(path_, merge_from);
    EXPECT_TRUE((*store_->open_migrator())->up());
    own(*store_);
    session_ = open(*store_);
  }

  std::int64_t number(const char* sql) {
    sqlite::Database database(path_);
    sqlite::Statement statement(database, sql);
    statement.next();
    return statement.integer(0);
  }

  TemporaryDirectory folder_;
  const std::string path_ = (folder_.path() / "store.db").string();
  std::optional<sqlite::SqliteStore> store_;
  std::unique_ptr<Session> session_;
};

// What a store has to tell, kept in the simplest way.
class Model {
 public:
  void commit(const std::vector<StatusUpdate>& updates) {
    for (const auto& update : updates) {
      auto& received = received_[key_of(update)];
      received = std::max(received, update.status.received);
    }
  }

  std::vector<StatusUpdate> all() const {
    std::vector<StatusUpdate> all;
    for (const auto& [key, received] : received_) {
      const auto& [device_id, timestamp, battery_level] = key;
      all.push_back({device_id, {timestamp, received, -60, static_cast<std::uint8_t>(battery_level), true}});
    }
    return all;
  }

  std::vector<Status> history(const HistoryQuery& query) const {
    std::vector<Status> records;
    for (const auto& update : all())
      if (update.device_id == query.device_id && (!query.since || update.status.timestamp > *query.since) &&
          (!query.before || update.status.timestamp < *query.before))
        records.push_back(update.status);
    std::sort(records.begin(), records.end(), [](const Status& left, const Status& right) {
      return std::tie(left.timestamp, left.received, left.battery_level) >
             std::tie(right.timestamp, right.received, right.battery_level);
    });
    return records;
  }

 private:
  using Key = std::tuple<DeviceId, Timestamp, int>;
  static Key key_of(const StatusUpdate& update) {
    return {update.device_id, update.status.timestamp, update.status.battery_level};
  }
  std::map<Key, Timestamp> received_;
};

class UpdateLogModel : public UpdateLog, public ::testing::WithParamInterface<unsigned> {
 protected:
  int below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }

  // Newer ones, late ones, repetitions; now and then in the lane where they do not belong.
  void commit_some() {
    std::map<std::pair<std::string, std::int64_t>, StatusUpdate> batch;
    for (int i = below(60); i >= 0; --i) {
      const auto device = below(7);
      const bool newer = below(10) < 8;
      const auto timestamp = newer ? ++newest_[device] : newest_[device] - below(20);
      const auto name = std::string("device-") + std::to_string(device);
      batch.insert_or_assign({name, timestamp}, update(name, timestamp, ++received_, 50 + (newer ? 0 : below(2))));
    }
    std::vector<StatusUpdate> updates;
    updates.reserve(batch.size());
    for (const auto& [key, each] : batch) updates.push_back(each);
    WriteBatch write;
    for (const auto& each : updates) (below(10) < 8 ? write.fresh : write.doubtful).push_back(&each);
    ASSERT_TRUE(session_->commit(write));
    model_.commit(updates);
  }

  // Pages through it.
  void expect_history(Session& session, HistoryQuery query) {
    const auto expected = model_.history(query);
    std::vector<Status> read;
    for (;;) {
      const auto page = session.history(query);
      ASSERT_TRUE(page) << page.error().message;
      EXPECT_EQ(page->total_records, expected.size());
      read.insert(read.end(), page->records.begin(), page->records.end());
      if (!page->has_more) break;
      query.after = page->records.back();
    }
    EXPECT_EQ(read, expected);
  }

  HistoryQuery any_query() {
    HistoryQuery query{.device_id = "device-" + std::to_string(below(7)),
                       .limit = static_cast<std::size_t>(1 + below(100)),
                       .since = {},
                       .before = {},
                       .after = {}};
    if (below(2) == 0) query.since = at(below(300));
    if (below(2) == 0) query.before = at(below(300));
    return query;
  }

  void expect_all(Session& session) {
    std::vector<StatusUpdate> told;
    ASSERT_TRUE(session.read_all([&](StatusUpdate&& update, Origin) { told.push_back(std::move(update)); }));
    expect_same(std::move(told));
  }

  // In whatever order. Matchers that do not mind the order take a minute for so many under a sanitizer.
  void expect_same(std::vector<StatusUpdate> told) {
    const auto key = [](const StatusUpdate& update) {
      return std::tie(update.device_id, update.status.timestamp, update.status.battery_level, update.status.received);
    };
    const auto before = [key](const StatusUpdate& left, const StatusUpdate& right) { return key(left) < key(right); };
    auto expected = model_.all();
    std::sort(told.begin(), told.end(), before);
    std::sort(expected.begin(), expected.end(), before);
    EXPECT_TRUE(told == expected) << told.size() << " told, " << expected.size() << " expected";
  }

  std::mt19937 random_{GetParam()};
  std::array<std::int64_t, 7> newest_{};
  std::int64_t received_ = 0;
  Model model_;
};
INSTANTIATE_TEST_SUITE_P(Seeds, UpdateLogModel, ::testing::Range(1U, 6U));

TEST_P(UpdateLogModel, tells_the_same_as_a_table) {
  sqlite::SqliteStore beside(path_, merge_from);
  const auto watching = open(beside);
  for (int step = 0; step < 80; ++step) {
    commit_some();
    for (auto* session : {session_.get(), watching.get()})
      ASSERT_NO_FATAL_FAILURE(expect_history(*session, any_query()));
    if (step % 20 != 7) continue;
    sqlite::SqliteStore reopened(path_, merge_from);
    const auto late = open(reopened);
    ASSERT_NO_FATAL_FAILURE(expect_history(*late, any_query()));
    for (auto* session : {session_.get(), watching.get(), late.get()}) ASSERT_NO_FATAL_FAILURE(expect_all(*session));
  }
  EXPECT_GT(number("SELECT version FROM update_log_progress"), 10);
}

TEST_P(UpdateLogModel, takes_updates_from_one_owner_after_the_other) {
  sqlite::SqliteStore beside(path_, merge_from);
  const auto watching = open(beside);
  for (int step = 0; step < 60; ++step) {
    commit_some();
    ASSERT_NO_FATAL_FAILURE(expect_history(*watching, any_query()));
    if (step % 7 == 3) open_as_owner();
  }
  expect_all(*session_);
  expect_all(*watching);
}

TEST_P(UpdateLogModel, survives_a_migration_down_and_up) {
  for (int step = 0; step < 15; ++step) commit_some();
  session_.reset();
  store_.emplace(path_, merge_from);  // an owner would keep the file open
  const std::size_t before_the_log = 1;
  for (auto applied = sqlite_migrations().size(); applied > before_the_log; --applied)
    ASSERT_TRUE(migrate_down(*store_));
  open_as_owner();
  expect_all(*session_);
  std::vector<StatusUpdate> received;
  for (const auto& told : told_by(*session_)) received.push_back(told.update);
  expect_same(std::move(received));
  commit_some();
  expect_all(*session_);
}

TEST_F(UpdateLog, is_trimmed_once_the_checkpoint_and_the_table_have_it) {
  for (int i = 1; i <= 400; ++i) commit_fresh(*session_, {update("sensor", i, i)});
  ASSERT_TRUE(session_->set_watermark(at(250)));
  const auto merged_through = number("SELECT merged_through FROM update_log_progress");
  EXPECT_GT(merged_through, 0);
  EXPECT_EQ(number("SELECT min(id) FROM update_log"), std::min<std::int64_t>(merged_through + 1, 250));
  EXPECT_THAT(history_of(*session_, "sensor"), SizeIs(400));
}

TEST_F(UpdateLog, gives_no_number_twice_after_it_was_emptied) {
  commit_fresh(*session_, {update("sensor", 1, 1)});
  ASSERT_TRUE(session_->expire(at(-1)));  // merges first
  ASSERT_TRUE(session_->set_watermark(at(10)));
  EXPECT_EQ(number("SELECT count(*) FROM update_log"), 0);
  open_as_owner();
  commit_fresh(*session_, {update("sensor", 2, 20)});
  EXPECT_EQ(number("SELECT max(id) FROM update_log"), 2);
  EXPECT_THAT(history_of(*session_, "sensor"), SizeIs(2));
}

// Somebody restored the file below a running service: it cannot serve histories, and must not look for them for ever.
TEST_F(UpdateLog, fails_when_it_is_older_than_what_was_read_of_it) {
  for (int i = 1; i <= 400; ++i) commit_fresh(*session_, {update("sensor", i, i)});
  ASSERT_GT(number("SELECT version FROM update_log_progress"), 0);
  number("UPDATE update_log_progress SET version = version - 1");
  const auto page = session_->history({.device_id = "sensor", .limit = 5, .since = {}, .before = {}, .after = {}});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().kind, StoreFailure::Kind::unavailable);
  EXPECT_THAT(page.error().message, ::testing::HasSubstr("put back"));
  const auto later = update("sensor", 401, 401);
  const auto committed = session_->commit({.fresh = {&later}, .doubtful = {}});
  ASSERT_FALSE(committed);
  EXPECT_THAT(committed.error().message, ::testing::HasSubstr("put back"));
}

TEST_F(UpdateLog, is_read_consistently_while_it_is_merged) {
  std::atomic<bool> writing = true;
  std::atomic<int> committed = 0;
  std::jthread reading([&] {
    const auto reader = open(*store_);
    while (writing) {
      const auto least = static_cast<std::uint64_t>(committed.load());
      const auto page = reader->history({.device_id = "sensor", .limit = 5, .since = {}, .before = {}, .after = {}});
      const auto most = static_cast<std::uint64_t>(committed.load()) + 1;
      ASSERT_TRUE(page) << page.error().message;
      ASSERT_GE(page->total_records, least);
      ASSERT_LE(page->total_records, most);
      if (page->total_records > 0) {
        ASSERT_EQ(page->records.front().timestamp, at(static_cast<std::int64_t>(page->total_records)));
      }
    }
  });
  for (int i = 1; i <= 2'000; ++i) {
    commit_fresh(*session_, {update("sensor", i, i)});
    committed = i;
  }
  writing = false;
}

}  // namespace
}  // namespace ubiety::test
