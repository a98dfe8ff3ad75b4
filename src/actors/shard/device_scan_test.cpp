#include "actors/shard/device_scan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <sstream>

#include "support/device_table.hpp"
#include "support/scanned.hpp"
#include "support/updates.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using test::ids_of;
using test::ScanUnderTest;
using test::text_of;
using test::update_of;

void render(std::string& out, std::string_view device_id, const DeviceState&) { out.append(",").append(device_id); }

Deflated deflate(std::string_view json) { return {"(" + std::string(json) + ")", 1, json.size()}; }

class DeviceScanTest : public ::testing::Test {
 protected:
  static constexpr SummaryEncoder encoder{render, deflate};
  using Ids = std::vector<std::string>;

  void add(const DeviceId& device_id, int battery = 50, bool online = true, int received = 0) {
    auto update = update_of(device_id, received, received, battery);
    update.status.online = online;
    table_.apply(update);
  }
  // Not in the order of their ids.
  void fill(int devices) {
    for (int i = 0; i < devices; ++i) add("device-" + std::to_string(i * 7919LL % 1'000'003));
  }

  Ids page(const SummaryQuery& query) {
    part_ = test::scanned(table_, encoder, query);
    for (std::size_t row = 0; row < part_.rows.size(); ++row)
      EXPECT_EQ(part_.rows.json_of(row), "," + std::string(part_.rows.id(row)));
    return ids_of(part_.rows);
  }
  // Without a limit: in no order.
  Ids list(const SummaryQuery& query) {
    part_ = test::scanned(table_, encoder, query);
    return split(text_of(part_));
  }
  Ids list(const DeviceFilter& filter) { return list(SummaryQuery{filter, {}, {}}); }

  static Ids split(const std::string& text) {
    Ids ids;
    std::istringstream stream(text);
    for (std::string id; std::getline(stream, id, ',');) ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  static std::ptrdiff_t count_of_devices(const Ids& ids) {
    return std::count_if(ids.begin(), ids.end(), [](const auto& id) { return id.starts_with("device-"); });
  }

  test::Table table_{encoder};
  SummaryPart part_;
};

const DeviceFilter online_ones{.online = true};

TEST_F(DeviceScanTest, finds_the_first_by_id_and_one_more) {
  for (const auto* device_id : {"d", "b", "e", "a", "c"}) add(device_id);
  EXPECT_EQ(page({{}, 2, {}}), (Ids{"a", "b", "c"}));
  EXPECT_EQ(page({{}, 2, "b"}), (Ids{"c", "d", "e"}));
  EXPECT_EQ(page({{}, 2, "bb"}), (Ids{"c", "d", "e"})) << "the cursor's device need not be there";
  EXPECT_EQ(page({{}, 2, "c"}), (Ids{"d", "e"}));
  EXPECT_EQ(page({{}, 2, "e"}), Ids{});
  EXPECT_EQ(part_.devices, 5u) << "counts are of all, on whichever page";
  EXPECT_EQ(part_.online, 5u);
  EXPECT_EQ(list(SummaryQuery{{}, {}, "c"}), (Ids{"d", "e"}));
  EXPECT_EQ(part_.shard, 3u);
}

TEST_F(DeviceScanTest, finds_no_device_in_an_empty_table) {
  EXPECT_EQ(page({{}, 1, {}}), Ids{});
  EXPECT_EQ(list(online_ones), Ids{});
  EXPECT_EQ(list(DeviceFilter{}), Ids{});
  EXPECT_TRUE(part_.pieces.empty());
}

TEST_F(DeviceScanTest, misses_and_doubles_no_device_that_is_there_throughout) {
  fill(500);
  Ids seen;
  std::string after;
  for (int number = 0;; ++number) {
    auto some = page({{}, 30, after});
    add("new-" + std::to_string(number));
    add("a-new-" + std::to_string(number));
    const bool has_more = some.size() > 30;
    if (has_more) some.resize(30);
    seen.insert(seen.end(), some.begin(), some.end());
    if (!has_more) break;
    after = seen.back();
  }
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
  EXPECT_EQ(count_of_devices(seen), 500);
}

// Each kind of scan, with devices that come and change between its slices.
TEST_F(DeviceScanTest, misses_and_doubles_no_device_while_the_table_changes) {
  constexpr int devices = 40'000;
  fill(devices);
  int changes = 0;
  const auto change = [&] {
    add("0-new-" + std::to_string(++changes));
    add("z-new-" + std::to_string(changes));
    add("device-" + std::to_string(changes * 7919LL % 1'000'003), 1 + changes % 90, true, changes);
  };
  for (const auto& query : {SummaryQuery{}, SummaryQuery{online_ones, {}, {}}, SummaryQuery{{}, 100'000, {}},
                            SummaryQuery{online_ones, 100'000, {}}}) {
    ScanUnderTest scan(table_, encoder, query);
    const auto part = scan.finish(change);
    EXPECT_GT(scan.slices, 10) << "it is to be worked at in slices";
    EXPECT_FALSE(part.version) << "no version has just this";
    const auto ids = query.limit ? ids_of(part.rows) : split(text_of(part));
    EXPECT_EQ(count_of_devices(ids), devices);
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
    EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
  }
}

TEST_F(DeviceScanTest, counts_the_devices_of_the_whole_that_it_lists) {
  fill(10'000);
  int number = 0;
  ScanUnderTest scan(table_, encoder);
  const auto part = scan.finish([&] { add("new-" + std::to_string(++number), 50, false); });
  const auto ids = split(text_of(part));
  EXPECT_EQ(part.devices, ids.size());
  EXPECT_EQ(part.online, static_cast<std::uint64_t>(count_of_devices(ids)));
}

TEST_F(DeviceScanTest, takes_a_few_slices_for_a_page_of_many_devices_in_order) {
  fill(50'000);
  EXPECT_EQ(page({{}, 10, {}}).size(), 11u);
  ScanUnderTest next(table_, encoder, {{}, 10, "device-5"});
  next.finish();
  EXPECT_LE(next.slices, 3) << "the order is kept";
}

TEST_F(DeviceScanTest, has_the_version_of_a_table_that_does_not_change) {
  fill(5'000);
  for (const auto& query : {SummaryQuery{}, SummaryQuery{online_ones, {}, {}}, SummaryQuery{{}, 10, {}}})
    EXPECT_EQ(test::scanned(table_, encoder, query).version, table_.version());
}

TEST_F(DeviceScanTest, ends_without_a_reply_when_no_client_waits) {
  fill(5'000);
  ScanUnderTest abandoned(table_, encoder);
  EXPECT_FALSE(abandoned.advance());
  abandoned.shared->is_abandoned = true;
  EXPECT_TRUE(abandoned.advance());
  EXPECT_EQ(abandoned.replies.size(), 0u);

  ScanUnderTest late(table_, encoder);
  EXPECT_FALSE(late.advance());
  EXPECT_TRUE(late.advance({late.shared->deadline, {}}));
  EXPECT_EQ(late.replies.size(), 0u);
}

TEST_F(DeviceScanTest, stops_when_the_budget_is_full) {
  fill(20'000);
  for (const auto& query : {SummaryQuery{online_ones, {}, {}}, SummaryQuery{{}, 100'000, {}}}) {
    ScanUnderTest scan(table_, encoder, query, false, 100'000);
    ByteBudget::Share other(scan.budget);
    ASSERT_TRUE(other.grow(10'000));
    EXPECT_TRUE(scan.finish().is_too_large);
    EXPECT_LE(scan.budget.held(), 100'000);
    scan.shared.reset();
  }
}

TEST_F(DeviceScanTest, may_have_more_than_the_budget_when_it_is_alone) {
  fill(20'000);
  ScanUnderTest scan(table_, encoder, {online_ones, {}, {}}, false, 100'000);
  const auto part = scan.finish();
  EXPECT_FALSE(part.is_too_large);
  EXPECT_EQ(scan.budget.held(), static_cast<std::int64_t>(text_of(part).size()));
}

// Sorts by battery, and lists so many of the sorted devices.
class SortedScanTest : public DeviceScanTest {
 protected:
  SortedScanTest() { query_.limit = 100; }

  SummaryPart sorted() {
    query_.sort = SummarySort{SummarySort::By::battery_level, false};
    return test::scanned(table_, encoder, query_);
  }
  SummaryPart listed(const SummaryPart& sorted, std::size_t begin, std::size_t end) {
    Answers answers;
    ByteBudget budget(1 << 30);
    ReadSummary request{std::make_shared<SummaryScan>(budget, SteadyTime{} + 1s), query_, false, answers.reply_to(0)};
    // The scan is of shard 3.
    request.spans =
        std::make_shared<std::vector<SortedSpan>>(std::vector<SortedSpan>{{}, {}, {}, {sorted.sorted, begin, end}});
    DeviceScan scan(request);
    while (!scan.advance(3, table_, encoder, {SteadyTime{}, table_.now})) {
    }
    return answers.of(0).value();
  }

  using Answers = test::Answers<SummaryPart>;
  SummaryQuery query_;
};

TEST_F(SortedScanTest, lists_a_span_of_what_it_sorted) {
  for (int level = 0; level < 50; ++level) add("device-" + std::to_string(level), level);
  const auto all = sorted();
  EXPECT_EQ(all.devices, 50u);
  EXPECT_EQ(all.version, table_.version());
  const auto page = listed(all, 10, 13);
  EXPECT_EQ(ids_of(page.rows), (Ids{"device-10", "device-11", "device-12"}));
  EXPECT_EQ(page.rows.json_of(0), ",device-10");
  EXPECT_EQ(page.rows.value(2), 12);
}

TEST_F(SortedScanTest, keeps_the_place_of_a_device_that_no_longer_matches) {
  query_.filter.online = true;
  for (int level = 0; level < 3; ++level) add("device-" + std::to_string(level), level);
  const auto all = sorted();
  add("device-1", 90, false, 1);
  const auto page = listed(all, 0, 3);
  EXPECT_EQ(page.rows.size(), 3u);
  EXPECT_EQ(page.rows.json_of(0), ",device-0");
  EXPECT_EQ(page.rows.json_of(1), "");
  EXPECT_EQ(page.rows.json_of(2), ",device-2");
}

TEST_F(SortedScanTest, lists_nothing_of_another_table) {
  add("a");
  const auto all = sorted();
  EXPECT_FALSE(listed(all, 0, 1).is_outdated);
  table_.continue_after(table_.version());
  EXPECT_TRUE(listed(all, 0, 1).is_outdated);
}

TEST_F(DeviceScanTest, filters_and_counts_what_matches) {
  add("a-1", 10, true, 10);
  add("a-2", 20, false, 20);
  add("b-1", 19, true, 30);
  EXPECT_EQ(list(online_ones), (Ids{"a-1", "b-1"}));
  EXPECT_EQ(part_.devices, 2u);
  EXPECT_EQ(part_.online, 2u);
  EXPECT_EQ(page({online_ones, 1, "a-1"}), Ids{"b-1"});
  EXPECT_EQ(part_.devices, 2u);
  EXPECT_EQ(list({.battery_below = 20}), (Ids{"a-1", "b-1"}));
  EXPECT_EQ(list({.prefix = "a-"}), (Ids{"a-1", "a-2"}));
  EXPECT_EQ(part_.online, 1u);
  table_.now += test::Table::stale_after;
  add("a-2", 20, false, 40);
  add("b-1", 19, true, 50);
  table_.find_silent();
  EXPECT_EQ(list({.stale = true}), Ids{"a-1"});
  EXPECT_EQ(list({.stale = false}), (Ids{"a-2", "b-1"}));
  EXPECT_EQ(list({.online = true, .battery_below = 19, .prefix = "b"}), Ids{});
  EXPECT_EQ(part_.devices, 0u);
}

TEST_F(DeviceScanTest, finds_who_is_silent_for_so_long) {
  add("first");
  table_.now += 1min;
  add("second");
  table_.now += test::Table::stale_after;
  add("third");
  table_.find_silent();
  EXPECT_EQ(list({.silent_for = 0s}), (Ids{"first", "second"}));
  EXPECT_EQ(list({.silent_for = test::Table::stale_after}), (Ids{"first", "second"}));
  EXPECT_EQ(list({.silent_for = test::Table::stale_after + 1s}), Ids{"first"});
  EXPECT_EQ(list({.silent_for = test::Table::stale_after + 61s}), Ids{});
  table_.now += 1s;
  EXPECT_EQ(list({.silent_for = test::Table::stale_after + 61s}), Ids{"first"});
}

}  // namespace
}  // namespace ubiety
