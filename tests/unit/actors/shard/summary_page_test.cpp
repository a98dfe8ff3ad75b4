#include "actors/shard/summary_page.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/actors/fakes.hpp"

namespace ubiety {
namespace {

using test::update_of;

void render(std::string& out, std::string_view device_id, const Status&) { out.append(",").append(device_id); }

class SummaryPageTest : public ::testing::Test {
 protected:
  static constexpr SummaryEncoder encoder{render, nullptr};

  void add(const DeviceId& device_id, int battery, bool online, int received = 0) {
    auto update = update_of(device_id, received, received, battery);
    update.status.online = online;
    table_.apply(update);
  }

  std::vector<std::string> ids(const SummaryQuery& query) {
    page_ = page_of(table_, query, encoder);
    std::vector<std::string> ids;
    for (const auto& entry : page_.entries) {
      EXPECT_EQ(entry.json, "," + entry.device_id);
      ids.push_back(entry.device_id);
    }
    if (!query.limit) std::sort(ids.begin(), ids.end());
    return ids;
  }
  std::vector<std::string> ids_of(const DeviceFilter& filter) { return ids(SummaryQuery{filter, {}, {}}); }

  using Ids = std::vector<std::string>;

  DeviceTable table_{NewerThan(test::seconds(300)), encoder};
  SummaryPage page_;
};

TEST_F(SummaryPageTest, GivesTheFirstByIdAndOneMore) {
  for (const auto* device_id : {"d", "b", "e", "a", "c"}) add(device_id, 50, true);
  EXPECT_EQ(ids({{}, 2, {}}), (Ids{"a", "b", "c"}));
  EXPECT_EQ(ids({{}, 2, "b"}), (Ids{"c", "d", "e"}));
  EXPECT_EQ(ids({{}, 2, "c"}), (Ids{"d", "e"}));
  EXPECT_EQ(ids({{}, 2, "e"}), Ids{});
  EXPECT_EQ(page_.devices, 5u) << "counts are of all, on whichever page";
  EXPECT_EQ(ids({{}, {}, "c"}), (Ids{"d", "e"}));
}

TEST_F(SummaryPageTest, MissesAndDoublesNobodyWhoIsThereThroughout) {
  for (int i = 0; i < 500; ++i) add("device-" + std::to_string(i * 7919 % 1000), 50, true);
  Ids seen;
  std::string after;
  for (int page = 0;; ++page) {
    auto some = ids({{}, 30, after});
    add("new-" + std::to_string(page), 50, true);
    const bool has_more = some.size() > 30;
    if (has_more) some.resize(30);
    seen.insert(seen.end(), some.begin(), some.end());
    if (!has_more) break;
    after = seen.back();
  }
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
  EXPECT_EQ(std::count_if(seen.begin(), seen.end(), [](const auto& id) { return id.starts_with("device-"); }), 500);
}

TEST_F(SummaryPageTest, FiltersAndCountsWhatMatches) {
  add("a-1", 10, true, 10);
  add("a-2", 20, false, 20);
  add("b-1", 19, true, 30);
  EXPECT_EQ(ids_of({.online = true, .battery_below = {}, .staleness = {}, .prefix = {}}), (Ids{"a-1", "b-1"}));
  EXPECT_EQ(page_.devices, 2u);
  EXPECT_EQ(page_.online, 2u);
  EXPECT_EQ(ids_of({.online = {}, .battery_below = 20, .staleness = {}, .prefix = {}}), (Ids{"a-1", "b-1"}));
  EXPECT_EQ(ids_of({.online = {}, .battery_below = {}, .staleness = {}, .prefix = "a-"}), (Ids{"a-1", "a-2"}));
  EXPECT_EQ(page_.online, 1u);
  const auto since = [](bool is_stale) {
    return DeviceFilter{
        .online = {}, .battery_below = {}, .staleness = {{is_stale, noon + test::seconds(20)}}, .prefix = {}};
  };
  EXPECT_EQ(ids_of(since(true)), Ids{"a-1"});
  EXPECT_EQ(ids_of(since(false)), (Ids{"a-2", "b-1"}));
  EXPECT_EQ(ids_of({.online = true, .battery_below = 19, .staleness = {}, .prefix = "b"}), Ids{});
  EXPECT_EQ(page_.devices, 0u);
}

}  // namespace
}  // namespace ubiety
