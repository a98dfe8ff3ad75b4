// A session of the embedded store on a file of its own, with the tail that the shards would keep. One thread.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/sqlite/store.hpp"
#include "support/copy_database.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::test {

inline Timestamp at(std::int64_t seconds) {
  return *parse_timestamp("2026-11-24T00:00:00Z") + std::chrono::seconds(seconds);
}

inline StatusUpdate update(const std::string& device_id, std::int64_t timestamp, std::int64_t received,
                           int battery = 50) {
  return {device_id,
          {.timestamp = at(timestamp),
           .received = at(received),
           .rssi = -60,
           .battery_level = static_cast<std::uint8_t>(battery),
           .online = true}};
}

inline UpdateList list_of(const std::vector<StatusUpdate>& updates) {
  UpdateList list;
  for (const auto& each : updates) list.push_back(&each);
  return list;
}

// What the shards keep: the rows that are not merged.
using Tail = std::vector<log::Row>;

inline std::vector<log::UnmergedRecord> unmerged_of(const Tail& tail, const std::string& device_id) {
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
      slice.push_back({.latest = {{node.key(), latest}, newest, latest.received},
                       .records = std::move(records),
                       .may_repeat = true});
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
  void note_damaged_latest(const std::string& reason) override { ADD_FAILURE() << reason; }

  std::map<DeviceId, log::LatestStatus> latest;
  Tail rows;
  std::vector<log::Position> damaged;
};

class SqliteSessionFixture : public ::testing::Test {
 protected:
  SqliteSessionFixture() {
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

}  // namespace ubiety::test
