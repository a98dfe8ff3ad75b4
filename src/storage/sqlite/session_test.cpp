// What is SQLite's alone: damaged rows, earlier owners, a file that was restored, the WAL, and sessions side by side.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/sqlite_session.hpp"

namespace ubiety::test {
namespace {

using ::testing::SizeIs;

class SqliteSessionTest : public SqliteSessionFixture {};

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
