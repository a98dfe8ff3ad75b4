#include "actors/shard/device_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "actors/parcel.hpp"
#include "support/device_table.hpp"
#include "support/scanned.hpp"
#include "support/updates.hpp"

namespace ubiety {
namespace {

using test::update_of;

// Nothing of deflate but that it is another form.
Deflated deflate(std::string_view json) { return {"(" + std::string(json) + ")", 7, json.size()}; }

void render(std::string& out, std::string_view device_id, const DeviceState& state) {
  out.append(",").append(device_id).append(":").append(std::to_string(state.status.battery_level));
}

StatusUpdate with_online(StatusUpdate update, bool online) {
  update.status.online = online;
  return update;
}

class DeviceTableTest : public ::testing::Test {
 protected:
  void fill(int devices) {
    for (int i = 0; i < devices; ++i) table_.apply(update_of("device-" + std::to_string(i), 0));
  }

  using Texts = std::vector<std::shared_ptr<const std::string>>;

  Texts pieces(bool deflated = false) {
    Texts texts;
    for (const auto& piece : test::scanned(table_, {render, deflate}, {}, deflated).pieces)
      texts.push_back(piece.bytes);
    return texts;
  }
  std::string summary_text(bool deflated = false) {
    std::string text;
    for (const auto& piece : pieces(deflated)) text += *piece;
    return text;
  }

  Timestamp newest(std::string_view device_id) { return table_.newest_timestamp(*table_.number_of(device_id)); }

  std::pair<std::uint64_t, std::uint64_t> counts() {
    const auto summary = test::scanned(table_, {render, deflate});
    EXPECT_EQ(table_.online(), summary.online);
    return {summary.devices, summary.online};
  }

  test::Table table_{{render, deflate}};
};

TEST_F(DeviceTableTest, knows_no_device_at_first) {
  EXPECT_FALSE(table_.find("a"));
  EXPECT_EQ(table_.size(), 0u);
  EXPECT_TRUE(pieces().empty());
  EXPECT_EQ(counts(), std::pair(0ul, 0ul));
  EXPECT_FALSE(table_.number_of("a"));
}

TEST_F(DeviceTableTest, distinguishes_stored_late_and_duplicate) {
  EXPECT_EQ(table_.apply(update_of("a", 10)).outcome, UpdateOutcome::stored);
  EXPECT_EQ(table_.apply(update_of("a", 20)).outcome, UpdateOutcome::stored);
  EXPECT_EQ(table_.apply(update_of("a", 15, 21)).outcome, UpdateOutcome::late);
  EXPECT_EQ(table_.find("a")->timestamp, noon + test::seconds(20));
  EXPECT_EQ(table_.apply(update_of("a", 20, 22)).outcome, UpdateOutcome::duplicate);
  EXPECT_EQ(table_.apply(update_of("b", 5, 23)).outcome, UpdateOutcome::stored);
  EXPECT_EQ(table_.size(), 2u);
}

TEST_F(DeviceTableTest, takes_other_values_of_the_same_time_for_another_update) {
  table_.apply(update_of("a", 10, 10, 50));
  EXPECT_EQ(table_.apply(update_of("a", 10, 11, 40)).outcome, UpdateOutcome::stored);
  EXPECT_EQ(table_.apply(update_of("a", 10, 9, 60)).outcome, UpdateOutcome::late);
  EXPECT_EQ(table_.find("a")->battery_level, 40);
}

TEST_F(DeviceTableTest, keeps_the_first_receipt_of_a_duplicate) {
  table_.apply(update_of("a", 10, 11));
  EXPECT_EQ(table_.apply(update_of("a", 10, 15)).outcome, UpdateOutcome::duplicate);
  EXPECT_EQ(table_.find("a")->received, noon + test::seconds(11));
}

TEST_F(DeviceTableTest, says_whether_an_update_may_repeat_an_earlier_one) {
  EXPECT_FALSE(table_.apply(update_of("a", 10)).may_repeat);
  EXPECT_TRUE(table_.apply(update_of("a", 10, 11, 50)).may_repeat);
  EXPECT_TRUE(table_.apply(update_of("a", 5, 12)).may_repeat);
  EXPECT_FALSE(table_.apply(update_of("a", 11)).may_repeat);
  EXPECT_FALSE(table_.apply(update_of("b", 1)).may_repeat);
}

TEST_F(DeviceTableTest, remembers_the_newest_timestamp_of_a_clock_that_ran_ahead) {
  table_.apply(update_of("a", 3600, 0));
  EXPECT_EQ(newest("a"), noon + test::seconds(3600));
  EXPECT_FALSE(table_.apply(update_of("b", 1)).may_repeat);
  EXPECT_TRUE(table_.apply(update_of("a", 400)).may_repeat);
  EXPECT_EQ(table_.find("a")->timestamp, noon + test::seconds(400));
  EXPECT_EQ(newest("a"), noon + test::seconds(3600));
  EXPECT_EQ(newest("b"), noon + test::seconds(1));
  EXPECT_FALSE(table_.apply(update_of("a", 3601)).may_repeat);
  EXPECT_EQ(newest("a"), noon + test::seconds(3601));
}

TEST_F(DeviceTableTest, lets_a_clock_ahead_hold_the_latest_for_the_skew_only) {
  table_.apply(update_of("a", 80'000, 0));
  EXPECT_EQ(table_.apply(update_of("a", 299)).outcome, UpdateOutcome::late);
  EXPECT_EQ(table_.apply(update_of("a", 301)).outcome, UpdateOutcome::stored);
}

TEST_F(DeviceTableTest, finds_every_device_after_it_grew) {
  fill(5000);
  EXPECT_EQ(table_.size(), 5000u);
  for (int i = 0; i < 5000; ++i) ASSERT_TRUE(table_.find("device-" + std::to_string(i)));
  EXPECT_FALSE(table_.find("device-5000"));
}

TEST_F(DeviceTableTest, counts_devices_that_are_online) {
  table_.apply(with_online(update_of("a", 1), true));
  table_.apply(with_online(update_of("b", 1), false));
  EXPECT_EQ(counts(), std::pair(2ul, 1ul));
  table_.apply(with_online(update_of("b", 2), true));
  table_.apply(with_online(update_of("a", 2), true));
  EXPECT_EQ(counts(), std::pair(2ul, 2ul));
  table_.apply(with_online(update_of("a", 3), false));
  EXPECT_EQ(counts(), std::pair(2ul, 1ul));
  table_.apply(with_online(update_of("a", 2, 4, 1), true));  // late
  EXPECT_EQ(counts(), std::pair(2ul, 1ul));
}

TEST_F(DeviceTableTest, shows_each_device_once_as_it_is_latest) {
  table_.apply(update_of("b", 1, 1, 10));
  table_.apply(update_of("a", 1, 1, 20));
  EXPECT_EQ(summary_text(), "b:10,a:20");
  table_.apply(update_of("b", 2, 2, 30));
  table_.apply(update_of("a", 0, 2, 40));  // late
  EXPECT_EQ(summary_text(), "b:30,a:20");
  table_.apply(update_of("c", 2, 2, 50));
  EXPECT_EQ(summary_text(), "b:30,a:20,c:50");
}

TEST_F(DeviceTableTest, renders_only_the_chunk_that_changed) {
  fill(600);
  const auto before = pieces();
  ASSERT_GT(before.size(), 2u);
  table_.apply(update_of("device-300", 1, 1, 42));
  const auto after = pieces();
  ASSERT_EQ(after.size(), before.size());
  std::size_t rendered_again = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (after[i] == before[i]) continue;
    ++rendered_again;
    EXPECT_NE(after[i]->find(",device-300:42"), std::string::npos);
  }
  EXPECT_EQ(rendered_again, 1u);
}

TEST_F(DeviceTableTest, renders_only_the_last_chunk_for_a_new_device) {
  fill(300);
  const auto before = pieces();
  table_.apply(update_of("new", 1, 1, 42));
  const auto after = pieces();
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i + 1 < before.size(); ++i) EXPECT_EQ(after[i], before[i]);
  EXPECT_TRUE(after.back()->ends_with(",new:42"));
}

TEST_F(DeviceTableTest, keeps_every_piece_when_nothing_changed) {
  fill(300);
  const auto before = pieces();
  table_.apply(update_of("device-7", -1, 0));  // late, and heard no later
  EXPECT_EQ(pieces(), before);
}

TEST_F(DeviceTableTest, deflates_only_the_chunk_that_changed) {
  fill(300);
  const auto before = pieces(true);
  EXPECT_EQ(summary_text(true).substr(0, 13), "(device-0:76,");
  table_.apply(update_of("device-200", 1, 1, 42));
  const auto after = pieces(true);
  ASSERT_EQ(after.size(), before.size());
  std::size_t other = 0;
  for (std::size_t i = 0; i < before.size(); ++i) other += after[i] == before[i] ? 0 : 1;
  EXPECT_EQ(other, 1u);
}

TEST_F(DeviceTableTest, has_another_version_whenever_its_summary_is_another) {
  const auto version = [this] { return table_.version(); };
  const auto none = version();
  table_.apply(update_of("a", 1, 1, 10));
  const auto one = version();
  EXPECT_NE(one, none);
  table_.apply(update_of("a", 0, 1, 20));  // late, and heard no later
  EXPECT_EQ(version(), one);
  table_.apply(update_of("a", 0, 2, 20));
  const auto two = version();
  EXPECT_NE(two, one) << "it was heard later";
  table_.apply(update_of("a", 2, 2, 20));
  EXPECT_NE(version(), two);
}

TEST_F(DeviceTableTest, never_changes_a_piece_it_has_returned) {
  fill(1);
  const auto given = pieces().front();
  table_.apply(update_of("device-0", 1, 1, 42));
  EXPECT_EQ(*given, "device-0:76");
  EXPECT_EQ(summary_text(), "device-0:42");
}

TEST_F(DeviceTableTest, has_what_a_start_found) {
  table_.load({with_online(update_of("a", 1), true), noon + test::seconds(1)});
  table_.load({with_online(update_of("b", 1), false), noon + test::seconds(9)});
  table_.load({with_online(update_of("a", 5), false), noon + test::seconds(5)});
  EXPECT_EQ(table_.find("a")->timestamp, noon + test::seconds(5));
  EXPECT_EQ(newest("a"), noon + test::seconds(5));
  EXPECT_EQ(newest("b"), noon + test::seconds(9));
  EXPECT_TRUE(table_.apply(update_of("b", 8)).may_repeat);
  EXPECT_EQ(counts(), std::pair(2ul, 1ul));
}

TEST_F(DeviceTableTest, has_heard_a_device_by_late_and_repeated_updates_too) {
  const auto last_heard = [this] { return table_.last_heard(0); };
  table_.apply(update_of("a", 5, 5));
  EXPECT_EQ(last_heard(), noon + test::seconds(5));
  table_.apply(update_of("a", 1, 6));
  EXPECT_EQ(last_heard(), noon + test::seconds(6)) << "late";
  table_.apply(update_of("a", 5, 7));
  EXPECT_EQ(last_heard(), noon + test::seconds(7)) << "a repetition of the latest";
  table_.note_heard(0, update_of("a", 1, 8).status, {});
  EXPECT_EQ(last_heard(), noon + test::seconds(8)) << "a repetition of an earlier one";
  table_.apply(update_of("a", 2, 3));
  EXPECT_EQ(last_heard(), noon + test::seconds(8));
  table_.apply(update_of("a", 9, 9));
  EXPECT_EQ(last_heard(), noon + test::seconds(9));
  EXPECT_EQ(table_.latest_of(0).last_heard, noon + test::seconds(9));
}

TEST_F(DeviceTableTest, says_who_is_silent) {
  table_.apply(update_of("a", 1));
  table_.apply(update_of("b", 1));
  const auto version = table_.version();
  table_.now += test::Table::stale_after - std::chrono::seconds(1);
  table_.apply(update_of("b", 2));
  EXPECT_TRUE(table_.find_silent().fell_silent.empty());
  table_.now += std::chrono::seconds(1);
  ASSERT_EQ(table_.find_silent().fell_silent.size(), 1u);
  EXPECT_NE(table_.version(), version);
  EXPECT_TRUE(table_.state_of(0).is_stale());
  EXPECT_FALSE(table_.state_of(1).is_stale());
  table_.apply(update_of("a", -100, 700));
  EXPECT_FALSE(table_.state_of(0).is_stale()) << "it is heard, though its clock is wrong";
}

TEST_F(DeviceTableTest, continues_the_silence_that_a_start_found) {
  table_.now += std::chrono::hours(1);
  const auto found = [](const char* device_id, ListeningTime heard) {
    return log::LatestStatus{update_of(device_id, 1), noon, noon + test::seconds(9), SavedWatch{{.heard = heard}}};
  };
  table_.load(found("a", table_.now - test::Table::stale_after + std::chrono::seconds(2)));
  table_.load(found("b", table_.now));
  EXPECT_EQ(table_.last_heard(0), noon + test::seconds(9));
  table_.now += std::chrono::seconds(2);
  table_.find_silent();
  EXPECT_TRUE(table_.is_silent(0));
  EXPECT_FALSE(table_.is_silent(1));
}

TEST(ShardOf, divides_devices_among_all_shards) {
  std::vector<int> devices(8);
  for (int i = 0; i < 1000; ++i) {
    const auto name = "device-" + std::to_string(i);
    const auto shard = shard_of(name, 8);
    ASSERT_LT(shard, 8u);
    EXPECT_EQ(shard_of(name, 8), shard);
    EXPECT_EQ(shard_of(name, 1), 0u);
    ++devices[shard];
  }
  for (const auto count : devices) EXPECT_GT(count, 1000 / 8 / 2);
}

TEST(DeviceOrderTest, is_that_of_the_ids_whatever_the_step) {
  for (const std::size_t at_a_time : {1U, 2U, 7U, 256U, 5000U}) {
    ChunkedVector<KnownDevice> devices;
    DeviceOrder order(devices);
    EXPECT_TRUE(order.catch_up(at_a_time)) << "there is no device";
    for (int i = 0; i < 1000; ++i) {
      devices.emplace_back(StatusUpdate{std::to_string(i * 7919 % 1009), {}});
      if (i % 300 == 299)
        while (!order.catch_up(at_a_time)) {
        }
    }
    while (!order.catch_up(at_a_time)) {
    }
    std::vector<std::string> expected, found;
    for (std::size_t device = 0; device < devices.size(); ++device) expected.push_back(devices[device].device_id);
    std::sort(expected.begin(), expected.end());
    for (auto at = order.after(""); at != order.end(); ++at) found.push_back(devices[*at].device_id);
    EXPECT_EQ(found, expected) << at_a_time;
    EXPECT_EQ(devices[*order.after("500")].device_id, *std::upper_bound(expected.begin(), expected.end(), "500"));
    EXPECT_EQ(order.after(expected.back()), order.end());
  }
}

TEST(DeviceOrderTest, has_all_devices_after_a_start_with_many) {
  ChunkedVector<KnownDevice> devices;
  DeviceOrder order(devices);
  const auto add = [&](int from, int to) {
    for (int i = from; i < to; ++i) devices.emplace_back(StatusUpdate{std::to_string(i * 7919 % 100'003), {}});
  };
  const auto fill_gap = [&](std::uint32_t device, const std::string& id) {
    devices[device] = KnownDevice(StatusUpdate{id, {}});
    order.add(device);
  };
  const auto empty = [&](std::uint32_t device) {
    const std::vector<std::uint32_t> removed{device};
    order.remove(removed);
    devices[device] = KnownDevice(StatusUpdate{});
  };
  add(0, 20'000);
  for (int slice = 0; slice < 5; ++slice) EXPECT_FALSE(order.catch_up(256));
  empty(7);
  for (int slice = 0; slice < 5; ++slice) EXPECT_FALSE(order.catch_up(256));
  fill_gap(7, "filled");
  for (int slice = 0; slice < 5; ++slice) EXPECT_FALSE(order.catch_up(256));
  add(20'000, 20'500);
  while (!order.catch_up(256)) {
  }
  empty(8);
  fill_gap(8, "filled, too");
  while (!order.catch_up(256)) {
  }
  std::vector<std::string> expected, found;
  for (std::size_t device = 0; device < devices.size(); ++device) expected.push_back(devices[device].device_id);
  std::sort(expected.begin(), expected.end());
  for (auto at = order.after(""); at != order.end(); ++at) found.push_back(devices[*at].device_id);
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace ubiety
