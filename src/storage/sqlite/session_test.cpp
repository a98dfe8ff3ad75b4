// What is SQLite's alone: a merge in slices, its progress, compaction, and a file that was restored.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "storage/sqlite/store.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Timestamp at(std::int64_t seconds) { return *parse_timestamp("2026-11-24T00:00:00Z") + std::chrono::seconds(seconds); }

StatusUpdate update(const std::string& device_id, std::int64_t timestamp, std::int64_t received, int battery = 50) {
  return {device_id,
          {.timestamp = at(timestamp),
           .received = at(received),
           .rssi = -60,
           .battery_level = static_cast<std::uint8_t>(battery),
           .online = true}};
}

UpdateList list_of(const std::vector<StatusUpdate>& updates) {
  UpdateList list;
  for (const auto& each : updates) list.push_back(&each);
  return list;
}

// What the shards keep: the rows that are not merged.
using Tail = std::vector<log::Row>;

std::vector<log::UnmergedRecord> unmerged_of(const Tail& tail, const std::string& device_id) {
  std::vector<log::UnmergedRecord> unmerged;
  for (const auto& row : tail)
    for (const auto& update : row.updates)
      if (update.device_id == device_id) unmerged.push_back({update.status, row.position, true});
  return unmerged;
}

// Merges from a tail, `at_once` devices a slice, and stops after `most_slices`.
class TailSource final : public log::MergeSource {
 public:
  TailSource(const Tail& tail, std::size_t at_once, std::size_t most_slices = SIZE_MAX)
      : tail_(tail), at_once_(at_once), slices_left_(most_slices) {}

  void begin(const log::Positions& through, std::string_view after) override {
    for (const auto& row : tail_)
      if (through.has(row.position))
        for (const auto& update : row.updates)
          if (update.device_id > after) devices_[update.device_id].push_back(update.status);
    after_ = after;
  }
  std::vector<log::DeviceToMerge> next() override {
    if (slices_left_-- == 0) throw log::MergeInterrupted("enough");
    std::vector<log::DeviceToMerge> slice;
    while (slice.size() < at_once_ && !devices_.empty()) {
      auto node = devices_.extract(devices_.begin());
      auto records = std::move(node.mapped());
      const auto latest = *std::max_element(records.begin(), records.end(),
                                            [](const Status& a, const Status& b) { return NewerThan()(b, a); });
      log::sort_and_fold(records);
      const auto newest = records.back().timestamp;
      slice.push_back({.latest = {{node.key(), latest}, newest}, .records = std::move(records), .may_repeat = true});
    }
    return slice;
  }
  const std::string& after() const { return after_; }

 private:
  const Tail& tail_;
  const std::size_t at_once_;
  std::size_t slices_left_;
  std::string after_;
  std::map<DeviceId, std::vector<Status>> devices_;
};

class Loaded final : public LoadSink {
 public:
  void take_latest(log::LatestStatus&& one) override { latest[one.update.device_id] = one; }
  void take_row(log::Row&& row) override { rows.push_back(std::move(row)); }
  void note_damage(log::Position position, const std::string&) override { damaged.push_back(position); }

  std::map<DeviceId, log::LatestStatus> latest;
  Tail rows;
  std::vector<log::Position> damaged;
};

void copy_database(const std::string& from, const std::string& to) {
  sqlite3 *source = nullptr, *target = nullptr;
  ASSERT_EQ(sqlite3_open(from.c_str(), &source), SQLITE_OK);
  ASSERT_EQ(sqlite3_open(to.c_str(), &target), SQLITE_OK);
  auto* backup = sqlite3_backup_init(target, "main", source, "main");
  ASSERT_NE(backup, nullptr) << sqlite3_errmsg(target);
  EXPECT_EQ(sqlite3_backup_step(backup, -1), SQLITE_DONE);
  EXPECT_EQ(sqlite3_backup_finish(backup), SQLITE_OK);
  sqlite3_close(source);
  sqlite3_close(target);
}

class SqliteSessionTest : public ::testing::Test {
 protected:
  SqliteSessionTest() {
    EXPECT_TRUE((*store_->open_migrator())->up());
    own();
  }

  void own() {
    const auto claim = store_->ownership().claim();
    ASSERT_TRUE(claim) << claim.error().message;
    ASSERT_EQ(claim->outcome, Claim::Outcome::owned);
    const auto taken_over = store_->ownership().take_over(at(0));
    ASSERT_TRUE(taken_over) << taken_over.error().message;
    session_ = std::move(store_->open().value());
    tail_ = load().rows;
    ++stream_;
    sequence_ = 0;
    ASSERT_TRUE(session_->open_stream(stream_));
  }

  void restart() {
    session_.reset();
    store_.emplace(file_);
    own();
  }

  Loaded load() {
    Loaded loaded;
    const auto done = session_->load(loaded);
    EXPECT_TRUE(done) << done.error().message;
    return loaded;
  }

  void append(const std::vector<StatusUpdate>& updates) {
    const log::Position position{stream_, ++sequence_};
    const auto appended = session_->append(position, list_of(updates));
    ASSERT_TRUE(appended) << appended.error().message;
    tail_.push_back({position, updates});
  }

  // Of all rows of the tail.
  void merge(std::size_t at_once = 2, std::size_t most_slices = SIZE_MAX) {
    log::Positions through;
    for (const auto& row : tail_) through.raise_to(row.position);
    TailSource source(tail_, at_once, most_slices);
    try {
      const auto merged = session_->merge(through, source);
      ASSERT_TRUE(merged) << merged.error().message;
      std::erase_if(tail_, [&](const log::Row& row) { return merged->has(row.position); });
    } catch (const log::MergeInterrupted&) {
    }
    merged_after_ = source.after();
  }

  std::vector<Status> history(const std::string& device_id) {
    const auto page = session_->history({.device_id = device_id, .limit = 1000}, unmerged_of(tail_, device_id));
    EXPECT_TRUE(page) << page.error().message;
    if (!page) return {};
    EXPECT_EQ(page->total_records, page->records.size());
    return page->records;
  }

  std::int64_t number(const char* sql) {
    auto database = sqlite::connect(file_);
    sqlite::Statement statement(database, sql);
    EXPECT_TRUE(statement.next());
    return statement.integer(0);
  }

  TemporaryDirectory folder_ = TemporaryDirectory::in_memory();
  const std::string file_ = folder_.path() / "store.db";
  std::optional<sqlite::SqliteStore> store_{file_};
  std::unique_ptr<Session> session_;
  log::StreamId stream_ = 1'000'000;
  std::int64_t sequence_ = 0;
  Tail tail_;
  std::string merged_after_;
};

TEST_F(SqliteSessionTest, returns_what_is_appended_and_merged) {
  append({update("a", 1, 1), update("b", 1, 1)});
  append({update("a", 2, 2)});
  EXPECT_THAT(history("a"), SizeIs(2));
  merge();
  EXPECT_THAT(tail_, IsEmpty());
  EXPECT_EQ(number("SELECT count(*) FROM update_log"), 0);
  append({update("a", 3, 3), update("a", 1, 4)});
  EXPECT_THAT(history("a"), ElementsAre(update("", 3, 3).status, update("", 2, 2).status, update("", 1, 1).status));
  merge();
  EXPECT_THAT(history("a"), SizeIs(3)) << "the repetition is folded";
  const auto loaded = load();
  EXPECT_THAT(loaded.rows, IsEmpty());
  EXPECT_EQ(loaded.latest.at("a").update, update("a", 3, 3));
}

TEST_F(SqliteSessionTest, an_interrupted_merge_goes_on_where_it_stopped) {
  append({update("a", 1, 1), update("b", 1, 1), update("c", 1, 1), update("d", 1, 1)});
  merge(1, 2);
  EXPECT_THAT(tail_, SizeIs(1));
  append({update("a", 2, 2), update("d", 2, 2)});
  for (const auto* device : {"a", "b", "c", "d"})
    EXPECT_THAT(history(device), SizeIs(*device == 'a' || *device == 'd' ? 2 : 1)) << device;
  restart();
  ASSERT_THAT(tail_, SizeIs(2));
  EXPECT_THAT(tail_[0].updates, ElementsAre(update("c", 1, 1), update("d", 1, 1)));
  EXPECT_THAT(tail_[1].updates, ElementsAre(update("a", 2, 2), update("d", 2, 2)));
  EXPECT_EQ(load().latest.size(), 2U);
  merge();
  EXPECT_EQ(merged_after_, "b");
  EXPECT_THAT(tail_, SizeIs(1)) << "what came after the merge had begun";
  for (const auto* device : {"a", "b", "c", "d"})
    EXPECT_THAT(history(device), SizeIs(*device == 'a' || *device == 'd' ? 2 : 1)) << device;
  merge();
  EXPECT_THAT(tail_, IsEmpty());
  EXPECT_THAT(history("d"), SizeIs(2));
}

// The rows that are merged are deleted last, in pieces.
TEST_F(SqliteSessionTest, rows_that_a_crash_left_behind_a_merge_count_as_merged) {
  append({update("a", 1, 1)});
  append({update("a", 2, 2)});
  auto database = sqlite::connect(file_);
  database.execute("CREATE TABLE copy AS SELECT * FROM update_log");
  merge();
  database.execute("INSERT INTO update_log SELECT * FROM copy; DROP TABLE copy");
  restart();
  EXPECT_THAT(tail_, IsEmpty());
  EXPECT_THAT(history("a"), SizeIs(2));
  std::size_t read = 0;
  ASSERT_TRUE(session_->read_all({}, [&](StatusUpdate&&) { ++read; }));
  EXPECT_EQ(read, 2U);
  EXPECT_EQ(session_->last_appended(stream_).value(), 0);
  merge();
  EXPECT_EQ(number("SELECT count(*) FROM update_log"), 0);
}

// Before each slice the file is as a crash would leave it.
TEST_F(SqliteSessionTest, a_crash_at_each_step_of_a_merge_loses_and_repeats_nothing) {
  std::vector<std::string> copies;
  class Copying final : public log::MergeSource {
   public:
    Copying(const Tail& tail, std::function<void()> copy) : source_(tail, 1), copy_(std::move(copy)) {}
    void begin(const log::Positions& through, std::string_view after) override { source_.begin(through, after); }
    std::vector<log::DeviceToMerge> next() override {
      copy_();
      return source_.next();
    }

   private:
    TailSource source_;
    std::function<void()> copy_;
  };
  append({update("a", 1, 1), update("b", 1, 1), update("c", 1, 1)});
  append({update("b", 2, 2), update("d", 1, 2)});
  Copying source(tail_, [&] {
    copies.push_back(folder_.path() / ("copy" + std::to_string(copies.size())));
    copy_database(file_, copies.back());
  });
  log::Positions through;
  through.raise_to(tail_.back().position);
  ASSERT_TRUE(session_->merge(through, source));
  ASSERT_THAT(copies, SizeIs(5));
  for (const auto& copy : copies) {
    SCOPED_TRACE(copy);
    session_.reset();
    store_.emplace(copy);
    own();
    EXPECT_THAT(history("b"), SizeIs(2));
    merge(2);
    EXPECT_THAT(tail_, IsEmpty());
    for (const auto* device : {"a", "b", "c", "d"}) EXPECT_THAT(history(device), SizeIs(*device == 'b' ? 2 : 1));
    EXPECT_EQ(load().latest.size(), 4U);
  }
}

TEST_F(SqliteSessionTest, a_damaged_row_stays_and_costs_itself_alone) {
  append({update("a", 1, 1)});
  append({update("a", 2, 2)});
  append({update("a", 3, 3)});
  sqlite::connect(file_).execute("UPDATE update_log SET updates = x'0102' WHERE place % 4 = 2");
  restart();
  EXPECT_THAT(tail_, SizeIs(2));
  merge();
  EXPECT_THAT(history("a"), SizeIs(2));
  EXPECT_THAT(load().damaged, SizeIs(1));
  EXPECT_EQ(number("SELECT count(*) FROM update_log"), 1);
}

TEST_F(SqliteSessionTest, a_stream_of_an_earlier_owner_is_closed) {
  append({update("a", 1, 1)});
  const auto stream = stream_;
  restart();
  const auto one = update("a", 2, 2);
  const auto appended = session_->append({stream, 2}, {&one});
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, StoreFailure::Kind::stream_closed);
  EXPECT_EQ(session_->last_appended(stream).error().kind, StoreFailure::Kind::stream_closed);
  EXPECT_EQ(session_->last_appended(stream_).value(), 0);
  ASSERT_TRUE(session_->append_once({{{stream, 1}, {one}}}));
  EXPECT_THAT(load().rows, SizeIs(1)) << "the store has that row";
  ASSERT_TRUE(session_->append_once({{{stream, 2}, {one}}}));
  ASSERT_TRUE(session_->append_once({{{77, 1}, {one}}}));
  EXPECT_THAT(load().rows, SizeIs(3));
}

TEST_F(SqliteSessionTest, closed_days_are_compacted_and_late_data_too) {
  for (int i = 0; i < 20; ++i) {
    append({update("a", i, i), update("b", i, i)});
    merge();
  }
  EXPECT_EQ(number("SELECT count(*) FROM device_history"), 40);
  EXPECT_FALSE(session_->compact(at(100))->has_more) << "the day is not closed";
  Compacted all;
  for (bool has_more = true; has_more;) {
    const auto step = session_->compact(at(86'400));
    ASSERT_TRUE(step) << step.error().message;
    all.segments_before += step->segments_before;
    all.segments_after += step->segments_after;
    has_more = step->has_more;
  }
  EXPECT_EQ(all.segments_before, 40U);
  EXPECT_EQ(all.segments_after, 2U);
  EXPECT_THAT(history("a"), SizeIs(20));
  EXPECT_EQ(session_->compact(at(86'400))->backlog, 0U);
  append({update("b", 5, 90'000, 7), update("c", 5, 90'000)});
  merge();
  EXPECT_EQ(number("SELECT count(*) FROM device_history"), 4);
  EXPECT_FALSE(session_->compact(at(86'400))->has_more);
  EXPECT_EQ(number("SELECT count(*) FROM device_history"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM segment"), 3);
  EXPECT_THAT(history("b"), SizeIs(21));
}

TEST_F(SqliteSessionTest, whole_days_expire) {
  append({update("a", -100'000, 1), update("a", -1, 1), update("a", 0, 1), update("b", -1, 1)});
  EXPECT_EQ(session_->expire(at(0))->records, 0U) << "the log stays";
  merge();
  const auto expired = session_->expire(at(0));
  ASSERT_TRUE(expired) << expired.error().message;
  EXPECT_EQ(expired->records, 3U);
  EXPECT_FALSE(expired->has_more);
  EXPECT_THAT(history("a"), SizeIs(1));
  EXPECT_THAT(history("b"), IsEmpty());
  EXPECT_EQ(number("SELECT count(*) FROM history_day"), 1);
  EXPECT_EQ(load().latest.size(), 2U);
}

TEST_F(SqliteSessionTest, notices_a_restored_copy) {
  append({update("a", 1, 1)});
  const auto copy = folder_.path() / "copy.db";
  const auto expect_noticed = [&](const char* when) {
    SCOPED_TRACE(when);
    copy_database(copy, file_);
    EXPECT_EQ(store_->ownership().claim()->outcome, Claim::Outcome::lost);
    const auto one = update("a", 9, 9);
    const auto appended = session_->append({stream_, sequence_ + 1}, {&one});
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().kind, StoreFailure::Kind::unavailable);
    EXPECT_FALSE(session_->history({.device_id = "a"}, {}));
    EXPECT_FALSE(session_->merge({}, *std::make_unique<TailSource>(tail_, 1)));
    restart();
  };
  copy_database(file_, copy);
  append({update("a", 2, 2)});
  expect_noticed("before an append");
  append({update("a", 2, 2)});
  copy_database(file_, copy);
  merge();
  expect_noticed("before a merge");
  append({update("a", 2, 2)});
  copy_database(file_, copy);
  ASSERT_TRUE(session_->write_latest(std::vector{log::LatestStatus{update("a", 1, 1), at(1)}}));
  expect_noticed("before a latest status");
}

// A row takes a page of the WAL at least. It is checkpointed from 8,000 pages on.
TEST_F(SqliteSessionTest, begins_the_wal_again_while_rows_are_appended) {
  const auto one = update("a", 1, 1);
  std::uint64_t rows = 0;
  const auto is_begun_again = [&] { return rows * 8'192 > 2 * std::filesystem::file_size(file_ + "-wal"); };
  while (!is_begun_again() && rows < 100'000)
    for (int i = 0; i < 1'000; ++i) {
      const auto appended = session_->append({stream_, static_cast<std::int64_t>(++rows)}, {&one});
      ASSERT_TRUE(appended) << appended.error().message;
    }
  EXPECT_TRUE(is_begun_again());
}

// Each thread has a session: one appends, one merges and compacts, one reads what was acknowledged.
TEST_F(SqliteSessionTest, writes_and_reads_at_the_same_time) {
  constexpr int rows = 400;
  std::mutex mutex;  // of tail_, which the shards guard
  std::atomic<int> acknowledged{0};
  std::jthread merging([&] {
    const auto session = std::move(store_->open().value());
    while (acknowledged < rows) {
      Tail tail;
      {
        const std::lock_guard lock(mutex);
        tail = tail_;
      }
      log::Positions through;
      for (const auto& row : tail) through.raise_to(row.position);
      TailSource source(tail, 1);
      const auto merged = session->merge(through, source);
      ASSERT_TRUE(merged) << merged.error().message;
      ASSERT_TRUE(session->compact(at(2 * 86'400)));
      const std::lock_guard lock(mutex);
      std::erase_if(tail_, [&](const log::Row& row) { return merged->has(row.position); });
    }
  });
  std::jthread reading([&] {
    const auto session = std::move(store_->open().value());
    while (acknowledged < rows) {
      const auto least = static_cast<std::uint64_t>(acknowledged.load());
      std::vector<log::UnmergedRecord> unmerged;
      {
        const std::lock_guard lock(mutex);
        unmerged = unmerged_of(tail_, "b");
      }
      const auto page = session->history({.device_id = "b", .limit = 5}, unmerged);
      ASSERT_TRUE(page) << page.error().message;
      ASSERT_GE(page->total_records, least);
      ASSERT_LE(page->total_records, static_cast<std::uint64_t>(acknowledged + 1));
    }
  });
  for (int i = 1; i <= rows; ++i) {
    const log::Row row{{stream_, i}, {update("a", i, i), update("b", i, i), update("c", i, i)}};
    ASSERT_TRUE(session_->append(row.position, list_of(row.updates)));
    const std::lock_guard lock(mutex);
    tail_.push_back(row);
    acknowledged = i;
  }
  merging.join();
  reading.join();
  EXPECT_THAT(history("b"), SizeIs(rows));
  EXPECT_EQ(store_->ownership().claim()->outcome, Claim::Outcome::owned);
}

// Everything at random, against a model that keeps all updates.
TEST_F(SqliteSessionTest, agrees_with_a_model) {
  std::mt19937 random(11);
  const auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
  std::map<std::string, std::vector<Status>> model;
  std::int64_t now = 0;
  for (int step = 0; step < 4'000; ++step) {
    now += below(100);
    const auto device = std::string(1, static_cast<char>('a' + below(8)));
    switch (below(20)) {
      case 0: restart(); break;
      case 1: merge(static_cast<std::size_t>(1 + below(3)), static_cast<std::size_t>(below(6))); break;
      case 2: merge(); break;
      case 3: ASSERT_TRUE(session_->compact(at(now))); break;
      case 4: {
        const auto cutoff = at(now / 86'400 * 86'400 - 86'400);
        bool is_all_merged = tail_.empty();
        while (session_->expire(cutoff)->has_more) continue;
        if (is_all_merged) {
          for (auto& [id, records] : model)
            std::erase_if(records, [&](const Status& one) { return one.timestamp < cutoff; });
          break;
        }
        // A call may only return what was merged before, or finish an interrupted merge.
        for (int calls = 0; calls < 3; ++calls) merge();
        while (session_->expire(cutoff)->has_more) continue;
        for (auto& [id, records] : model)
          std::erase_if(records, [&](const Status& one) { return one.timestamp < cutoff; });
        break;
      }
      case 5:
      case 6:
      case 7:
      case 8: {
        auto expected = model[device];
        log::sort_and_fold(expected);
        HistoryQuery query{.device_id = device, .limit = static_cast<std::size_t>(1 + below(10))};
        if (below(2) == 0) query.since = at(now - below(100'000));
        if (below(2) == 0) query.before = at(now - below(100'000));
        std::erase_if(expected, [&](const Status& one) { return !query.is_in_span(one.timestamp); });
        std::reverse(expected.begin(), expected.end());
        std::vector<Status> all;
        for (bool has_more = true; has_more;) {
          const auto page = session_->history(query, unmerged_of(tail_, device));
          ASSERT_TRUE(page) << page.error().message;
          all.insert(all.end(), page->records.begin(), page->records.end());
          ASSERT_EQ(page->total_records, expected.size()) << "step " << step;
          has_more = page->has_more;
          if (has_more) query.after = page->records.back();
        }
        ASSERT_EQ(all, expected) << "step " << step;
        break;
      }
      case 9: {
        std::vector<StatusUpdate> expected, read;
        for (auto& [id, records] : model) {
          log::sort_and_fold(records);
          for (const auto& record : records)
            if (id >= device) expected.push_back({id, record});
        }
        std::erase_if(expected, [&](const StatusUpdate& one) { return one.device_id != device; });
        ASSERT_TRUE(session_->read_all({.prefix = device}, [&](StatusUpdate&& one) { read.push_back(one); }));
        ASSERT_EQ(read, expected) << "step " << step;
        break;
      }
      default: {
        std::vector<StatusUpdate> updates;
        for (int i = 0; i < 1 + below(5); ++i) {
          const auto id = std::string(1, static_cast<char>('a' + below(8)));
          const auto late = below(4) == 0 ? below(200'000) : below(5);
          ++now;
          updates.push_back(update(id, now - late, now, below(3)));
          auto& records = model[id];
          if (!records.empty() && below(4) == 0) {
            auto& repeated = updates.back().status;
            const auto received = repeated.received;
            repeated = records[static_cast<std::size_t>(below(static_cast<int>(records.size())))];
            repeated.received = received;
          }
          records.push_back(updates.back().status);
        }
        append(updates);
      }
    }
  }
}

}  // namespace
}  // namespace ubiety::test
