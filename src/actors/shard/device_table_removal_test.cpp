// A table from which devices are removed: its order, its summary, and its numbers.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "actors/shard/device_table.hpp"
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

class TableWithRemovals : public ::testing::Test {
 protected:
  std::vector<std::string> pieces(bool deflated = false) {
    std::vector<std::string> texts;
    for (const auto& piece : test::scanned(table_, {render, deflate}, {}, deflated).pieces)
      texts.push_back(*piece.bytes);
    return texts;
  }
  std::string summary_text(bool deflated = false) {
    std::string text;
    for (const auto& piece : pieces(deflated)) text += piece;
    return text;
  }

  std::pair<std::uint64_t, std::uint64_t> counts() {
    const auto summary = test::scanned(table_, {render, deflate});
    return {summary.devices, summary.online};
  }

  test::Table table_{{render, deflate}};
};

// Against the obvious: a map. Numbers are used again, chunks become empty and fill again.
TEST_F(TableWithRemovals, has_the_devices_that_are_left_after_removals) {
  std::mt19937 random(1);
  std::map<DeviceId, int> left;
  const auto expect_same = [&] {
    std::string text;
    for (const auto& [device_id, level] : left) text += "," + device_id + ":" + std::to_string(level);
    auto shown = summary_text();
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin < shown.size();) {
      const auto end = std::min(shown.find(',', begin), shown.size());
      parts.push_back("," + shown.substr(begin, end - begin));
      begin = end + 1;
    }
    EXPECT_FALSE(shown.starts_with(',') || shown.ends_with(',') || shown.find(",,") != std::string::npos);
    std::sort(parts.begin(), parts.end());
    shown.clear();
    for (const auto& part : parts) shown += part;
    EXPECT_EQ(shown, text);
    EXPECT_EQ(table_.size(), left.size());
    EXPECT_EQ(table_.online(), left.size());
    EXPECT_EQ(counts(), std::pair(std::uint64_t{left.size()}, std::uint64_t{left.size()}));
    while (!table_.put_in_order(100)) {
    }
    std::vector<DeviceId> ordered, expected;
    table_.for_each_after("", 10'000, [&](std::uint32_t number, const KnownDevice& device) {
      EXPECT_EQ(table_.number_of(device.device_id), number);
      ordered.push_back(device.device_id);
      return true;
    });
    for (const auto& [device_id, level] : left) expected.push_back(device_id);
    EXPECT_EQ(ordered, expected);
  };
  int time = 0;
  for (int round = 0; round < 60; ++round) {
    for (int added = static_cast<int>(random() % 400); added > 0; --added) {
      const auto device_id = "d" + std::to_string(random() % 2'000 + 1'000);
      const int level = static_cast<int>(random() % 101);
      auto update = update_of(device_id, ++time, time, level);
      update.status.online = true;
      table_.apply(update);
      left[device_id] = level;
    }
    if (random() % 2 == 0) expect_same();
    std::vector<std::uint32_t> gone;
    const auto share = random() % 4 == 0 ? 1U : 1 + random() % 5;  // now and then all
    for (auto device = left.begin(); device != left.end();) {
      if (random() % share != 0) {
        ++device;
        continue;
      }
      gone.push_back(*table_.number_of(device->first));
      device = left.erase(device);
    }
    table_.remove(gone);
    expect_same();
    table_.find_silent();  // from here on the numbers may be used again
  }
  EXPECT_LE(table_.numbers(), 2'000U) << "numbers are used again";
}

TEST_F(TableWithRemovals, begins_the_first_chunk_with_devices_without_a_comma) {
  for (int i = 0; i < 600; ++i) table_.apply(update_of("device-" + std::to_string(i), 0));
  std::vector<std::uint32_t> first_chunk(SummaryChunks::devices_per_chunk);
  std::iota(first_chunk.begin(), first_chunk.end(), 0U);
  EXPECT_EQ(pieces().size(), 3U);
  table_.remove(first_chunk);
  table_.find_silent();
  EXPECT_EQ(pieces().size(), 2U);
  EXPECT_TRUE(summary_text().starts_with("device-256:"));
  EXPECT_TRUE(summary_text(true).starts_with("(device-256:"));
  table_.apply(update_of("again", 1));
  EXPECT_EQ(pieces().size(), 3U);
  EXPECT_TRUE(summary_text().starts_with("again:"));
  EXPECT_NE(summary_text().find(",device-256:"), std::string::npos);
}

}  // namespace
}  // namespace ubiety
