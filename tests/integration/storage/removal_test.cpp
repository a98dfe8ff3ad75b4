// What the stores promise about removed devices. What a removal takes away is at first hidden and then deleted.
#include <gmock/gmock.h>

#include "node.hpp"
#include "store_fixture.hpp"

namespace ubiety::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Keeps the removals that a start loads.
struct LoadedRemovals final : LoadSink {
  void take_removal(log::Removal&& removal) override {
    EXPECT_FALSE(is_latest_seen) << "the removals are first";
    removals.push_back(std::move(removal));
  }
  void take_latest(log::LatestStatus&&) override { is_latest_seen = true; }
  void take_row(log::Row&&) override {}
  void note_damage(log::Position, const std::string&) override {}
  void note_damaged_latest(const std::string&) override {}

  std::vector<log::Removal> removals;
  bool is_latest_seen = false;
};

class RemovedDevice : public EachStore {
 protected:
  void remove(const std::string& device_id, std::int64_t second) {
    const log::Removal removal{device_id, at(second)};
    expected(session_->remove_devices({&removal, 1}));
  }

  // Returns what all steps did.
  Swept sweep() {
    Swept all;
    for (int steps = 0; steps < 10'000; ++steps) {
      const auto swept = expected(session_->sweep());
      all.devices += swept.devices;
      all.segments += swept.segments;
      if (!swept.has_more) return all;
    }
    ADD_FAILURE() << "it never ends";
    return all;
  }

  void forget(std::int64_t before) {
    for (int steps = 0; steps < 10'000; ++steps)
      if (expected(session_->forget_removals(at(before)))) return;
    ADD_FAILURE() << "it never ends";
  }

  std::vector<log::Removal> removals() {
    LoadedRemovals loaded;
    expected(session_->load(loaded));
    return loaded.removals;
  }

  void merge(const std::vector<StatusUpdate>& updates) {
    node_.append(updates);
    node_.merge();
  }

  std::string count(const std::string& table) const { return execute("SELECT count(*) || '' FROM " + table); }

  // The records of a device that was removed at this second, oldest first.
  std::vector<Status> span(const std::string& device_id, std::int64_t removed) {
    std::vector<std::vector<Status>> pieces;
    expected(session_->read_span({.device_id = device_id, .removed = at(removed)}, node_.unmerged().of(device_id),
                                 [&](std::span<const Status> records) {
                                   pieces.insert(pieces.begin(), {records.begin(), records.end()});
                                   return true;
                                 }));
    std::vector<Status> records;
    for (const auto& piece : pieces) records.insert(records.end(), piece.begin(), piece.end());
    return records;
  }

  std::unique_ptr<Session> session_ = open_session();
  Node node_{*session_};
};
UBIETY_WITH_EACH_STORE(RemovedDevice);

TEST_P(RemovedDevice, has_no_latest_status_and_no_record_at_once) {
  merge({update("a", 1, 1), update("b", 1, 1)});
  node_.append({update("a", 2, 2), update("b", 2, 2)});
  remove("a", 5);
  EXPECT_EQ(latest_of(*session_, "a"), std::nullopt);
  EXPECT_THAT(records_of(*session_, "a"), IsEmpty());
  EXPECT_THAT(records_of(*session_, "b"), SizeIs(2));
  const auto rows = load(*session_).rows;
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_THAT(rows.front().updates, ElementsAre(update("b", 2, 2)));
}

TEST_P(RemovedDevice, is_loaded_as_removed) {
  merge({update("a", 1, 1)});
  remove("a", 5);
  EXPECT_THAT(removals(), ElementsAre(log::Removal{"a", at(5)}));
}

TEST_P(RemovedDevice, is_still_removed_for_the_next_process) {
  merge({update("a", 1, 1)});
  remove("a", 5);
  session_.reset();
  store_ = open_beside();
  own(*store_);
  session_ = expected(store_->open());
  EXPECT_EQ(latest_of(*session_, "a"), std::nullopt);
  EXPECT_THAT(removals(), ElementsAre(log::Removal{"a", at(5)}));
}

TEST_P(RemovedDevice, loses_its_rows_in_the_tables_by_a_sweep) {
  merge({update("a", 1, 1), update("b", 1, 1)});
  remove("a", 5);
  const auto swept = sweep();
  EXPECT_EQ(swept.devices, 1U);
  EXPECT_EQ(swept.segments, 1U);
  EXPECT_EQ(count("device_latest"), "1");
  EXPECT_EQ(count("device_history"), "1");
  EXPECT_THAT(node_.history("b"), SizeIs(1));
  EXPECT_EQ(sweep().devices, 0U);
}

TEST_P(RemovedDevice, stays_removed_when_an_old_report_comes_late) {
  merge({update("a", 1, 1)});
  remove("a", 5);
  sweep();
  node_.append({update("a", 2, 9), update("a", 9, 3)});  // a timestamp of before; received before
  EXPECT_THAT(records_of(*session_, "a"), IsEmpty());
  EXPECT_THAT(load(*session_).rows.front().updates, IsEmpty());
}

TEST_P(RemovedDevice, comes_back_by_a_newer_report_without_its_old_records) {
  merge({update("a", 1, 1)});
  remove("a", 5);
  sweep();
  merge({update("a", 6, 6)});
  EXPECT_EQ(latest_of(*session_, "a")->update, update("a", 6, 6));
  EXPECT_THAT(node_.history("a"), ElementsAre(update("a", 6, 6).status));
  EXPECT_THAT(records_of(*session_, "a"), ElementsAre(update("a", 6, 6).status));
}

TEST_P(RemovedDevice, loses_records_of_a_clock_that_ran_ahead) {
  ASSERT_TRUE(session_->ensure_partitions(at(0)));
  merge({update("a", 100, 1), update("a", 3, 3), update("a", 200, 9)});  // one segment, of before and after
  remove("a", 5);
  EXPECT_THAT(span("a", 5), ElementsAre(update("a", 200, 9).status));
  sweep();
  EXPECT_THAT(merged_history_of(*session_, "a"), ElementsAre(update("a", 200, 9).status));
  EXPECT_EQ(latest_of(*session_, "a")->update, update("a", 200, 9));
}

TEST_P(RemovedDevice, hides_its_old_records_from_a_reader_before_they_are_swept) {
  merge({update("a", 1, 1), update("a", 100, 2)});
  node_.append({update("a", 3, 3)});
  remove("a", 5);
  node_.append({update("a", 6, 6)});
  EXPECT_THAT(span("a", 5), ElementsAre(update("a", 6, 6).status));
}

TEST_P(RemovedDevice, keeps_a_repetition_that_came_after_the_removal) {
  merge({update("a", 100, 1)});  // its clock runs ahead
  remove("a", 5);
  node_.append({update("a", 100, 9)});
  EXPECT_THAT(records_of(*session_, "a"), ElementsAre(update("a", 100, 9).status));
  EXPECT_THAT(span("a", 5), ElementsAre(update("a", 100, 9).status));
}

TEST_P(RemovedDevice, is_gone_from_the_view_at_once) {
  if (kind_ == StoreKind::sqlite) GTEST_SKIP() << "SQLite has no view";
  merge({update("a", 1, 1), update("b", 1, 1), update("a", 100, 2), update("a", 100, 9)});
  node_.append({update("a", 2, 2), update("b", 2, 2)});
  remove("a", 5);
  node_.append({update("a", 6, 6), update("a", 7, 3)});
  for (const auto* rows : {"device_status", "device_status_between('2026-11-23', '2026-11-25')"}) {
    EXPECT_EQ(count(std::string(rows) + " WHERE device_id = 'a'"), "1") << rows;
    EXPECT_EQ(count(std::string(rows) + " WHERE device_id = 'b'"), "2") << rows;
  }
}

TEST_P(RemovedDevice, may_be_written_by_a_merge_that_began_before) {
  node_.append({update("a", 1, 1)});
  remove("a", 5);
  node_.merge();
  EXPECT_EQ(latest_of(*session_, "a"), std::nullopt);
  EXPECT_THAT(records_of(*session_, "a"), IsEmpty());
  sweep();
  EXPECT_EQ(count("device_latest"), "0");
  EXPECT_EQ(count("device_history"), "0");
}

TEST_P(RemovedDevice, is_removed_again_by_a_later_removal_only) {
  merge({update("a", 1, 1)});
  remove("a", 5);
  sweep();
  merge({update("a", 6, 6)});
  remove("a", 4);
  EXPECT_THAT(removals(), ElementsAre(log::Removal{"a", at(5)}));
  EXPECT_TRUE(latest_of(*session_, "a"));
  remove("a", 7);
  EXPECT_THAT(removals(), ElementsAre(log::Removal{"a", at(7)}));
  sweep();
  EXPECT_EQ(count("device_latest"), "0");
  EXPECT_EQ(count("device_history"), "0");
}

TEST_P(RemovedDevice, need_not_exist) {
  remove("unknown", 5);
  EXPECT_EQ(sweep().segments, 0U);
}

TEST_P(RemovedDevice, is_forgotten_after_a_last_sweep) {
  merge({update("a", 1, 1), update("b", 1, 1)});
  remove("a", 5);
  remove("b", 500);
  sweep();
  node_.append({update("a", 2, 9)});  // a merge that had it in hand
  node_.merge();
  forget(100);
  EXPECT_THAT(removals(), ElementsAre(log::Removal{"b", at(500)}));
  EXPECT_EQ(count("device_latest"), "0");
  EXPECT_EQ(count("device_history"), "0");
}

TEST_P(RemovedDevice, has_neighbours_that_compaction_still_finds) {
  std::vector<StatusUpdate> updates;
  for (int i = 0; i < 4; ++i) merge({update("a", 10 * i, 10 * i), update("b", 10 * i, 10 * i)});
  remove("a", 1'000);
  expected(session_->compact(at(3 * day)));
  sweep();
  while (expected(session_->compact(at(3 * day))).has_more) {
  }
  EXPECT_THAT(merged_history_of(*session_, "a"), IsEmpty());
  EXPECT_THAT(merged_history_of(*session_, "b"), SizeIs(4));
}

TEST_P(RemovedDevice, is_swept_in_steps_when_there_are_many) {
  constexpr int devices = 3'000;
  std::vector<StatusUpdate> updates;
  std::vector<log::Removal> removals;
  for (int i = 0; i < devices; ++i) {
    updates.push_back(update("sensor-" + std::to_string(i), 1, 1));
    if (i % 3 != 0) removals.push_back({updates.back().device_id, at(5)});
  }
  node_.unmerged().devices_at_once = 500;
  merge(updates);
  expected(session_->remove_devices(removals));
  EXPECT_THAT(load(*session_).latest, SizeIs(devices / 3));
  EXPECT_TRUE(expected(session_->sweep()).has_more);
  sweep();
  EXPECT_EQ(count("device_history"), std::to_string(devices / 3));
  EXPECT_EQ(count("device_latest"), std::to_string(devices / 3));
}

TEST_P(RemovedDevice, needs_the_owner_of_the_store) {
  const auto other = open_beside();
  const auto session = expected(other->open());
  const log::Removal removal{"a", at(5)};
  EXPECT_FALSE(session->remove_devices({&removal, 1}));
  EXPECT_FALSE(session->sweep());
  EXPECT_FALSE(session->forget_removals(at(5)));
}

}  // namespace
}  // namespace ubiety::test
