#include "actors/shard/attention_scan.hpp"

#include <gtest/gtest.h>

#include "support/device_table.hpp"
#include "support/updates.hpp"

namespace ubiety {
namespace {

class AttentionScanTest : public ::testing::Test {
 protected:
  void report(const DeviceId& device_id, int level, int rssi = -60) {
    auto update = test::update_of(device_id, ++seconds_);
    update.status.battery_level = static_cast<std::uint8_t>(level);
    update.status.rssi = static_cast<std::int16_t>(rssi);
    table_.apply(update);
  }

  AttentionPart list(AttentionQuery query) {
    AttentionPart found;
    const auto deliver = [](void* part, std::uint64_t, AttentionPart&& answer) {
      *static_cast<AttentionPart*>(part) = std::move(answer);
    };
    AttentionScan scan({std::make_shared<const AttentionQuery>(std::move(query)), {deliver, &found, 0}});
    while (!scan.advance(table_)) {
    }
    return found;
  }
  static std::vector<DeviceId> ids_of(const AttentionPart& part) {
    std::vector<DeviceId> ids;
    for (const auto& row : part.rows) ids.push_back(row.rank.device_id);
    return ids;
  }
  using Ids = std::vector<DeviceId>;

  int seconds_ = 0;
  test::Table table_{SummaryEncoder{}};
};

TEST_F(AttentionScanTest, lists_the_worst_first) {
  report("fine", 80);
  report("weak", 80, -100);
  report("low later", 10);
  report("low and weak", 10, -100);
  report("low later still", 10);
  const auto part = list({});
  EXPECT_EQ(ids_of(part), (Ids{"low and weak", "low later", "low later still", "weak"}));
  EXPECT_EQ(part.total, 4u);
  EXPECT_EQ(part.problems, 5u);
  EXPECT_EQ(part.rows[0].details.problems.size(), 2u);
}

TEST_F(AttentionScanTest, has_pages_that_miss_and_repeat_no_device) {
  constexpr int devices = 5'000;  // more than a slice
  for (int i = 0; i < devices; ++i) report("device-" + std::to_string(i), 10, i % 3 == 0 ? -100 : -60);
  const auto all = ids_of(list({.limit = devices}));
  ASSERT_EQ(all.size(), std::size_t{devices});
  Ids paged;
  AttentionQuery query{.limit = 700};
  for (;;) {
    const auto part = list(query);
    EXPECT_EQ(part.total, std::uint64_t{devices});
    const auto count = std::min(part.rows.size(), query.limit);
    for (std::size_t i = 0; i < count; ++i) paged.push_back(part.rows[i].rank.device_id);
    if (part.rows.size() <= query.limit) break;
    query.after = part.rows[count - 1].rank;
  }
  EXPECT_EQ(paged, all);
}

TEST_F(AttentionScanTest, selects_by_problem_and_prefix) {
  report("a-1", 10);
  report("b-1", 10, -100);
  report("b-2", 80, -100);
  EXPECT_EQ(ids_of(list({.problem = ProblemKind::weak_signal})), (Ids{"b-1", "b-2"}));
  EXPECT_EQ(ids_of(list({.prefix = "b-"})), (Ids{"b-1", "b-2"}));
  EXPECT_EQ(list({.problem = ProblemKind::battery_low, .prefix = "b-"}).total, 1u);
  EXPECT_EQ(list({.group = 7}).total, 0u);
}

}  // namespace
}  // namespace ubiety
