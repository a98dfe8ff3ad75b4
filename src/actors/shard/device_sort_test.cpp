#include "actors/shard/device_sort.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "support/device_table.hpp"
#include "support/updates.hpp"
#include "support/verification.hpp"

namespace ubiety {
namespace {

using test::update_of;
using By = SummarySort::By;
using Ids = std::vector<std::string>;

class DeviceSortTest : public ::testing::Test {
 protected:
  void add(const DeviceId& device_id, int battery, int rssi = -60, int timestamp = 0, int received = 0) {
    auto update = update_of(device_id, timestamp, received, battery);
    update.status.rssi = static_cast<std::int16_t>(rssi);
    update.status.online = battery % 2 == 0;
    table_.apply(update);
  }
  // Not in the order of their ids, and many equal in one member or another.
  void fill(std::uint32_t devices) {
    for (std::uint32_t i = 0; i < devices; ++i) add_random("device-" + std::to_string(i * 7919ULL % 1'000'003));
  }
  void add_random(const DeviceId& device_id) {
    const auto number = [this](std::uint32_t most) { return static_cast<int>(random_() % most); };
    add(device_id, number(101), -number(100), number(1000), number(1000));
  }

  DeviceSort sorted(
      const SummaryQuery& query, const std::function<void()>& between = [] {}) {
    DeviceSort sort(query, table_.now);
    for (slices_ = 1; !sort.advance(table_); ++slices_) between();
    return sort;
  }
  Ids ids_of(const DeviceSort& sort) const {
    Ids ids;
    for (const auto& key : sort.devices()->keys) ids.push_back(table_.at(key.device).device_id);
    return ids;
  }
  Ids ids(const SummarySort& sort, const DeviceFilter& filter = {}) { return ids_of(sorted(page(sort, 0, filter))); }

  static SummaryQuery page(const SummarySort& sort, std::size_t offset, const DeviceFilter& filter = {}) {
    SummaryQuery query;
    query.filter = filter;
    query.limit = 100;
    query.sort = sort;
    query.offset = offset;
    return query;
  }

  // By the rule, without slices.
  Ids expected(const SummarySort& sort, const DeviceFilter& filter = {}) const {
    std::vector<std::tuple<std::int64_t, std::string>> keys;
    for (std::uint32_t device = 0; device < table_.numbers(); ++device)
      if (table_.has(device) && table_.matches(filter, device, table_.now))
        keys.emplace_back(value_of(device, sort), table_.at(device).device_id);
    std::sort(keys.begin(), keys.end());
    Ids ids;
    for (auto& [value, id] : keys) ids.push_back(std::move(id));
    if (sort.by == By::device_id && sort.is_descending) std::reverse(ids.begin(), ids.end());
    return ids;
  }
  std::int64_t value_of(std::uint32_t device, const SummarySort& sort) const {
    const auto status = table_.at(device).status();
    const auto value = sort.by == By::battery_level ? status.battery_level
                       : sort.by == By::rssi        ? status.rssi
                       : sort.by == By::last_heard  ? table_.last_heard(device).microseconds
                       : sort.by == By::last_update ? status.timestamp.microseconds
                                                    : 0;
    return sort.is_descending ? -value : value;
  }

  std::mt19937 random_{test::new_seed()};
  test::Table table_{SummaryEncoder{}};
  int slices_ = 0;
};

TEST_F(DeviceSortTest, sorts_by_each_member) {
  add("b", 30, -70, 20, 300);
  add("a", 10, -90, 30, 200);
  add("c", 20, -80, 10, 100);
  EXPECT_EQ(ids({By::device_id, false}), (Ids{"a", "b", "c"}));
  EXPECT_EQ(ids({By::device_id, true}), (Ids{"c", "b", "a"}));
  EXPECT_EQ(ids({By::battery_level, false}), (Ids{"a", "c", "b"}));
  EXPECT_EQ(ids({By::rssi, true}), (Ids{"b", "c", "a"}));
  EXPECT_EQ(ids({By::last_heard, false}), (Ids{"c", "a", "b"}));
  EXPECT_EQ(ids({By::last_update, false}), (Ids{"c", "b", "a"}));
}

TEST_F(DeviceSortTest, sorts_equal_devices_by_their_ids_in_both_orders) {
  for (const auto* device_id : {"b", "c", "a"}) add(device_id, 50);
  EXPECT_EQ(ids({By::rssi, false}), (Ids{"a", "b", "c"}));
  EXPECT_EQ(ids({By::rssi, true}), (Ids{"a", "b", "c"}));
}

TEST_F(DeviceSortTest, sorts_many_in_slices) {
  fill(30'000);
  for (const auto by : {By::device_id, By::battery_level, By::rssi, By::last_heard, By::last_update})
    for (const bool is_descending : {false, true}) {
      const SummarySort sort{by, is_descending};
      const auto all = sorted(page(sort, 20'000));
      EXPECT_TRUE(all.devices()->is_whole);
      EXPECT_EQ(ids_of(all), expected(sort));
      EXPECT_GT(slices_, 7);
    }
}

TEST_F(DeviceSortTest, sorts_what_matches_and_counts_it) {
  fill(30'000);
  const DeviceFilter filter{.battery_below = 40, .part = "7"};
  const SummarySort by_signal{By::rssi, false};
  const auto some = sorted(page(by_signal, 0, filter));
  const auto all_ids = expected(by_signal, filter);
  EXPECT_EQ(ids_of(some), all_ids);
  EXPECT_EQ(some.matches(), all_ids.size());
  const auto online = expected(by_signal, {.online = true, .battery_below = 40, .part = "7"});
  EXPECT_EQ(some.online(), online.size());
}

TEST_F(DeviceSortTest, sorts_only_the_first_ones_for_an_early_page) {
  fill(50'000);
  for (const auto by : {By::device_id, By::battery_level, By::last_heard}) {
    const SummarySort sort{by, true};
    const auto first = sorted(page(sort, DeviceSort::few - 100));
    EXPECT_FALSE(first.devices()->is_whole);
    EXPECT_EQ(first.matches(), 50'000u);
    auto ids = expected(sort);
    ids.resize(DeviceSort::few);
    EXPECT_EQ(ids_of(first), ids);
    EXPECT_TRUE(sorted(page(sort, DeviceSort::few - 99)).devices()->is_whole);
  }
}

TEST_F(DeviceSortTest, sorts_each_device_once_while_others_come_and_change) {
  fill(30'000);
  int number = 0;
  const auto all = sorted(page({By::last_update, true}, 20'000), [&] {
    add("0-new-" + std::to_string(++number), 50);
    add("device-" + std::to_string(number * 7919LL % 1'000'003), 50, -60, 2000 + number, 2000 + number);
  });
  auto ids = ids_of(all);
  EXPECT_GE(number, 10);
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
  std::erase_if(ids, [](const std::string& id) { return id.starts_with("0-new-"); });
  EXPECT_EQ(ids.size(), 30'000u);
}

TEST_F(DeviceSortTest, leaves_out_removed_devices) {
  for (const auto* device_id : {"a", "b", "c"}) add(device_id, 50);
  const std::vector<std::uint32_t> removed{1};
  table_.remove(removed);
  EXPECT_EQ(ids({By::rssi, false}), (Ids{"a", "c"}));
  add("d", 50);
  EXPECT_EQ(ids({By::rssi, false}), (Ids{"a", "c", "d"}));
}

TEST_F(DeviceSortTest, has_samples_in_equal_steps) {
  fill(5'000);
  const auto all = sorted(page({By::rssi, false}, 0));
  const auto samples = all.samples(table_);
  const auto& keys = all.devices()->keys;
  ASSERT_EQ(samples.size(), 1000u);
  EXPECT_LE(samples.size(), DeviceSort::most_samples);
  for (const auto& sample : samples) {
    EXPECT_EQ(sample.count % 5, 0u);
    EXPECT_EQ(sample.value, keys[sample.count - 1].value);
    EXPECT_EQ(sample.device_id, table_.at(keys[sample.count - 1].device).device_id);
  }
}

TEST_F(DeviceSortTest, finds_nothing_in_an_empty_table) {
  const auto none = sorted(page({By::rssi, false}, 0));
  EXPECT_TRUE(none.devices()->keys.empty());
  EXPECT_TRUE(none.samples(table_).empty());
  EXPECT_EQ(none.matches(), 0u);
}

}  // namespace
}  // namespace ubiety
