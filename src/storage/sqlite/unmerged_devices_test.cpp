#include "storage/sqlite/unmerged_devices.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace ubiety::sqlite {
namespace {

using ::testing::ElementsAre;

Logged logged(std::int64_t row) { return {{{row}, {row}, -60, 50, true}, row}; }

std::vector<std::int64_t> rows(const LoggedList& list) {
  std::vector<std::int64_t> rows;
  for (const auto& each : list.all()) rows.push_back(each.row);
  return rows;
}

TEST(LoggedList, keeps_one_as_it_keeps_several) {
  LoggedList list;
  EXPECT_TRUE(list.empty());
  for (std::int64_t row = 1; row <= 4; ++row) {
    list.push_back(logged(row));
    EXPECT_EQ(list.all().size(), static_cast<std::size_t>(row));
  }
  EXPECT_EQ(list.erase_if([](const Logged& each) { return each.row % 2 == 0; }), 2U);
  EXPECT_THAT(rows(list), ElementsAre(1, 3));
  EXPECT_EQ(list.erase_if([](const Logged& each) { return each.row == 1; }), 1U);
  EXPECT_THAT(rows(list), ElementsAre(3));
  EXPECT_EQ(list.erase_if([](const Logged& each) { return each.row == 1; }), 0U);
  list.push_back(logged(5));
  EXPECT_EQ(list.erase_if([](const Logged&) { return true; }), 2U);
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.erase_if([](const Logged&) { return true; }), 0U);
}

// Beside a std::map, which cannot be wrong.
class UnmergedDevicesBesideAMap : public ::testing::TestWithParam<unsigned> {
 protected:
  std::string any_id() { return std::to_string(any_(random_) % 3'000); }

  void insert() {
    const auto id = any_id();
    EXPECT_EQ(devices_.find(id) != nullptr, expected_.contains(id));
    if (expected_.contains(id)) return;
    ++row_;
    devices_.insert({id, {row_}}).logged.push_back(logged(row_));
    expected_[id] = row_;
  }

  void remove_between() {
    const auto [first, last] = std::minmax({any_id(), any_id()});
    const bool to_the_end = row_ % 7 == 0;
    const auto gone = [&](std::int64_t row) { return row % 5 != 0; };
    devices_.change_and_sweep(
        first, to_the_end ? std::nullopt : std::optional<std::string_view>(last),
        [&](UnmergedDevice& device) { device.logged.erase_if([&](const Logged& each) { return gone(each.row); }); });
    std::erase_if(expected_, [&, from = first, to = last](const auto& each) {
      return each.first >= from && (to_the_end || each.first <= to) && gone(each.second);
    });
  }

  void expect_the_same(const std::string& from) {
    std::vector<std::pair<std::string, std::int64_t>> told;
    devices_.for_each_from(from, [&](const UnmergedDevice& device) {
      told.emplace_back(device.id, device.newest.microseconds);
      return true;
    });
    EXPECT_TRUE(std::equal(
        told.begin(), told.end(), expected_.lower_bound(from), expected_.end(),
        [](const auto& left, const auto& right) { return left.first == right.first && left.second == right.second; }));
    EXPECT_EQ(devices_.size(), expected_.size());
  }

  std::mt19937 random_{GetParam()};
  std::uniform_int_distribution<> any_{0};
  std::int64_t row_ = 0;
  UnmergedDevices devices_;
  std::map<std::string, std::int64_t> expected_;
};

TEST_P(UnmergedDevicesBesideAMap, have_what_it_has) {
  for (int turn = 0; turn < 60; ++turn) {
    for (int i = 0; i < 150; ++i) insert();
    expect_the_same({});
    if (turn % 2 == 1) remove_between();
    expect_the_same(any_id());
  }
  devices_.clear();
  expected_.clear();
  expect_the_same({});
}

INSTANTIATE_TEST_SUITE_P(Seeds, UnmergedDevicesBesideAMap, ::testing::Range(0U, 5U));

}  // namespace
}  // namespace ubiety::sqlite
