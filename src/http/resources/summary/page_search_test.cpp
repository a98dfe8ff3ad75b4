#include "http/resources/summary/page_search.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

namespace ubiety::http {
namespace {

using Device = std::pair<std::int64_t, std::string>;
using Devices = std::vector<Device>;

struct Before {
  SummarySort sort;
  bool operator()(const Device& left, const Device& right) const {
    return sorts_before(left.first, left.second, right.first, right.second, sort);
  }
};

SampledShard sampled(const Devices& devices, std::size_t step) {
  SampledShard shard{devices.size(), {}};
  for (auto count = step; count <= devices.size(); count += step)
    shard.samples.push_back({devices[count - 1].first, devices[count - 1].second, count});
  return shard;
}

// The page, by what the places say: all within them in one order, without those that come before the page.
Devices page_of(const std::vector<Devices>& shards, const std::vector<PlaceInShard>& places, const Before& before,
                std::size_t offset, std::size_t limit) {
  Devices within;
  for (std::size_t shard = 0; shard < shards.size(); ++shard) {
    offset -= places[shard].begin;
    for (auto at = places[shard].begin; at < places[shard].end; ++at) within.push_back(shards[shard][at]);
  }
  std::sort(within.begin(), within.end(), before);
  const auto at = [&](std::size_t place) {
    return within.begin() + static_cast<std::ptrdiff_t>(std::min(place, within.size()));
  };
  return {at(offset), at(offset + limit)};
}

RC_GTEST_PROP(PageSearch, finds_the_page_of_all_devices, ()) {
  const Before before{
      {*rc::gen::element(SummarySort::By::device_id, SummarySort::By::rssi), *rc::gen::arbitrary<bool>()}};
  std::vector<Devices> shards(*rc::gen::inRange<std::size_t>(1, 5));
  Devices all;
  for (int number = *rc::gen::inRange(0, 200); number > 0; --number) {
    all.emplace_back(*rc::gen::inRange(0, 4), std::to_string(number * 7919 % 1009));
    shards[*rc::gen::inRange<std::size_t>(0, shards.size())].push_back(all.back());
  }
  std::sort(all.begin(), all.end(), before);
  std::vector<SampledShard> samples;
  for (auto& devices : shards) {
    std::sort(devices.begin(), devices.end(), before);
    samples.push_back(sampled(devices, *rc::gen::inRange<std::size_t>(1, 10)));
  }
  const auto offset = *rc::gen::inRange<std::size_t>(0, 220), limit = *rc::gen::inRange<std::size_t>(1, 50);
  const auto places = find_page(samples, before.sort, offset, limit);
  const auto begin = std::min(offset, all.size()), end = std::min(offset + limit, all.size());
  const Devices expected(all.begin() + static_cast<std::ptrdiff_t>(begin),
                         all.begin() + static_cast<std::ptrdiff_t>(end));
  RC_ASSERT(page_of(shards, places, before, offset, limit) == expected);
}

TEST(PageSearch, looks_at_few_devices_around_the_page) {
  std::vector<Devices> shards(4);
  for (int number = 100'000; number < 200'000; ++number)
    shards[static_cast<std::size_t>(number * 7919LL % 4)].emplace_back(0, std::to_string(number));
  std::vector<SampledShard> samples;
  for (const auto& devices : shards) samples.push_back(sampled(devices, 25));
  std::size_t looked_at = 0;
  for (const auto& [begin, end] : find_page(samples, {}, 50'000, 200)) looked_at += end - begin;
  EXPECT_GE(looked_at, 200U);
  EXPECT_LE(looked_at, 600U);
}

TEST(PageSearch, sorts_by_id_among_equal_values) {
  const SummarySort rising{SummarySort::By::rssi, false}, falling{SummarySort::By::rssi, true},
      ids{SummarySort::By::device_id, true};
  EXPECT_TRUE(sorts_before(1, "b", 2, "a", rising));
  EXPECT_TRUE(sorts_before(1, "a", 1, "b", rising));
  EXPECT_FALSE(sorts_before(1, "a", 1, "a", rising));
  EXPECT_TRUE(sorts_before(1, "a", 1, "b", falling)) << "the values are complements, the ids are not";
  EXPECT_TRUE(sorts_before(0, "b", 0, "a", ids));
}

}  // namespace
}  // namespace ubiety::http
