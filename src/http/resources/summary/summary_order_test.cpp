#include "http/resources/summary/summary_order.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

using namespace std::chrono_literals;
using By = SummarySort::By;

SummaryQuery page(std::size_t offset, By by = By::rssi, std::optional<int> battery_below = {}) {
  SummaryQuery query;
  query.filter.battery_below = battery_below;
  query.limit = 10;
  query.sort = SummarySort{by, false};
  query.offset = offset;
  return query;
}

// A shard's answer with so many devices, whose values are their places times `step`, and with each tenth as a sample.
SummaryPart sorted_part(std::uint32_t shard, std::int64_t devices, std::int64_t step, bool is_whole = true) {
  auto sorted = std::make_shared<SortedDevices>();
  sorted->is_whole = is_whole;
  SummaryPart part;
  part.shard = shard;
  part.version = 7;
  part.devices = static_cast<std::uint64_t>(devices);
  part.online = 1;
  for (std::int64_t place = 0; place < devices; ++place) {
    sorted->keys.push_back({place * step, 0, static_cast<std::uint32_t>(place)});
    const auto count = static_cast<std::size_t>(place + 1);
    if (count % 10 == 0) part.samples.push_back({place * step, std::to_string(shard), count});
  }
  part.sorted = std::move(sorted);
  return part;
}

std::shared_ptr<const SummaryOrder> order_of(const SummaryQuery& query, bool is_whole = true) {
  return std::make_shared<const SummaryOrder>(
      query, std::vector<SummaryPart>{sorted_part(0, 100, 1, is_whole), sorted_part(1, 50, 2)});
}

TEST(SummaryOrderTest, asks_each_shard_for_the_devices_around_a_page) {
  const auto order = order_of(page(0));
  const auto [spans, skipped] = order->page(60, 10);
  ASSERT_EQ(spans->size(), 2u);
  // Two of three devices are the first shard's.
  EXPECT_LE((*spans)[0].begin, 40u);
  EXPECT_GE((*spans)[0].end, 46u);
  EXPECT_LE((*spans)[1].begin, 20u);
  EXPECT_GE((*spans)[1].end, 23u);
  EXPECT_EQ(skipped, 60 - (*spans)[0].begin - (*spans)[1].begin);
  EXPECT_LE(skipped, 20u);
}

TEST(SummaryOrderTest, has_the_pages_of_its_query_alone) {
  const auto order = order_of(page(0));
  EXPECT_TRUE(order->is_for(page(0)));
  EXPECT_TRUE(order->is_for(page(1'000)));
  EXPECT_FALSE(order->is_for(page(0, By::battery_level)));
  EXPECT_FALSE(order->is_for(page(0, By::rssi, 20)));
}

TEST(SummaryOrderTest, has_no_page_behind_what_a_shard_has_sorted) {
  const auto order = order_of(page(0), false);
  EXPECT_FALSE(order->is_whole());
  EXPECT_TRUE(order->is_for(page(90)));
  EXPECT_FALSE(order->is_for(page(91)));
}

TEST(SummaryOrderTest, has_the_counts_and_the_version_when_it_was_made) {
  std::vector<SummaryPart> parts(2);
  parts[0].version = 7;
  parts[1].version = 8;
  order_of(page(0))->complete(parts);
  EXPECT_EQ(parts[0].devices, 100u);
  EXPECT_EQ(parts[1].online, 1u);
  EXPECT_EQ(parts[0].version, 7u);
  EXPECT_FALSE(parts[1].version) << "no version has these devices in this order";
}

class KeptOrdersTest : public ::testing::Test {
 protected:
  void keep(const SummaryQuery& query, bool is_whole = true) { orders_.keep(order_of(query, is_whole), query, now_); }

  KeptOrders orders_;
  SteadyTime now_{};
};

TEST_F(KeptOrdersTest, are_forgotten_after_some_seconds) {
  keep(page(0));
  now_ += KeptOrders::kept_for - 1ms;
  orders_.forget_old(now_);
  EXPECT_NE(orders_.find(page(10), now_), nullptr);
  now_ += 1ms;
  EXPECT_EQ(orders_.find(page(10), now_), nullptr);
}

TEST_F(KeptOrdersTest, replace_each_other_if_they_have_the_same_pages) {
  keep(page(0));
  const auto first = orders_.find(page(10), now_);
  now_ += 1s;
  keep(page(0), false);
  const auto beginning = orders_.find(page(10), now_);
  EXPECT_NE(beginning, first) << "the newest counts";
  EXPECT_EQ(orders_.find(page(500), now_), first) << "the newest does not have this page";
  keep(page(0));
  EXPECT_NE(orders_.find(page(500), now_), first);
}

TEST_F(KeptOrdersTest, are_a_few) {
  keep(page(0));
  for (int level = 1; level <= static_cast<int>(KeptOrders::most); ++level) {
    now_ += 1ms;
    keep(page(0, By::rssi, level));
  }
  EXPECT_EQ(orders_.find(page(10), now_), nullptr) << "the oldest was forgotten";
  EXPECT_NE(orders_.find(page(10, By::rssi, 1), now_), nullptr);
}

TEST_F(KeptOrdersTest, can_be_forgotten) {
  keep(page(0));
  orders_.forget(orders_.find(page(10), now_));
  EXPECT_EQ(orders_.find(page(10), now_), nullptr);
}

}  // namespace
}  // namespace ubiety::http
