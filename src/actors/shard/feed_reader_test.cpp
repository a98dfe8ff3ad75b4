#include "actors/shard/feed_reader.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "support/device_table.hpp"
#include "support/updates.hpp"

namespace ubiety {
namespace {

using test::update_of;

int rendered = 0;

void render_status(std::string& out, std::string_view device_id, const DeviceState& state) {
  ++rendered;
  out.append(device_id).append("=").append(std::to_string(state.status.battery_level)).append(" ");
}
void render_left(std::string& out, std::string_view device_id) { out.append("-").append(device_id).append(" "); }
void render_in_summary(std::string&, std::string_view, const DeviceState&) {}
Deflated deflate(std::string_view) { return {}; }

const DeviceFilter low_ones{.battery_below = 20};

class FeedReaderTest : public ::testing::Test {
 protected:
  using Words = std::vector<std::string>;
  static constexpr std::size_t plenty = 1 << 20;

  FeedReaderTest() { rendered = 0; }

  void report(const DeviceId& device_id, int battery) {
    ++second_;
    table_.apply(update_of(device_id, second_, second_, battery));
  }
  static std::string id(std::size_t device) { return "device-" + std::to_string(device); }
  void fill(std::size_t devices) {
    for (std::size_t device = 0; device < devices; ++device) report(id(device), 50);
  }

  // Reads for this channel, which goes on from there.
  Words read(const DeviceFilter& filter = {}, std::size_t most_bytes = plenty) {
    const auto view = std::make_shared<const FeedView>(FeedView{true, filter, render_status, render_left});
    news_ = FeedReader(table_, table_.now).read({view, news_.cursor, std::move(news_.memory), most_bytes});
    return words_of(news_.text);
  }
  // Reads until nothing is left.
  Words read_all(const DeviceFilter& filter = {}, std::size_t most_bytes = plenty) {
    Words all;
    do {
      const auto words = read(filter, most_bytes);
      all.insert(all.end(), words.begin(), words.end());
    } while (news_.is_behind && !news_.is_lost);
    return all;
  }
  static Words words_of(const std::string& text) {
    std::istringstream stream(text);
    Words words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
  }

  test::Table table_{{render_in_summary, deflate}};
  ChannelNews news_{};
  int second_ = 0;
};

TEST_F(FeedReaderTest, begins_now_without_a_cursor) {
  report("a", 50);
  EXPECT_EQ(read(), Words{});
  EXPECT_EQ(news_.cursor.next, 1u);
  report("b", 60);
  EXPECT_EQ(read(), Words{"b=60"});
  EXPECT_EQ(read(), Words{});
}

TEST_F(FeedReaderTest, shows_the_current_state_of_each_device_that_changed_once) {
  fill(3);
  read();
  report(id(2), 40);
  report(id(0), 30);
  report(id(2), 20);
  EXPECT_EQ(read(), (Words{"device-2=20", "device-0=30"}));
  EXPECT_EQ(news_.text.substr(news_.last_event), "device-0=30 ");
  EXPECT_FALSE(news_.is_behind);
}

TEST_F(FeedReaderTest, shows_no_report_that_changes_nothing) {
  const auto update = update_of("a", 1);
  table_.apply(update);
  read();
  table_.apply(update);
  table_.apply(update_of("a", 0));
  EXPECT_EQ(read(), Words{});
}

TEST_F(FeedReaderTest, shows_a_device_that_fell_silent) {
  report("a", 50);
  read();
  table_.now += std::chrono::hours(1);
  table_.find_silent();
  EXPECT_EQ(read(), Words{"a=50"});
}

TEST_F(FeedReaderTest, shows_a_device_that_matches_by_time_alone) {
  const DeviceFilter long_silent{.silent_for = std::chrono::hours(2)};
  report("a", 50);
  report("b", 50);
  table_.now += std::chrono::hours(1);
  table_.find_silent();
  read_all(long_silent);
  EXPECT_EQ(read(long_silent), Words{});
  table_.now += std::chrono::hours(1);
  EXPECT_EQ(read(long_silent), (Words{"a=50", "b=50"}));
  EXPECT_EQ(news_.text.substr(news_.last_event), "b=50 ");
  EXPECT_EQ(read(long_silent), Words{});
  report("a", 51);
  EXPECT_EQ(read(long_silent), Words{"-a"});
}

TEST_F(FeedReaderTest, stops_at_a_number_of_bytes_and_goes_on_there) {
  fill(10);
  news_.cursor.next = 0;
  EXPECT_EQ(read({}, 25).size(), 3u) << "12 bytes each";
  EXPECT_TRUE(news_.is_behind);
  EXPECT_EQ(news_.cursor.next, 3u);
  EXPECT_EQ(read_all({}, 1).size(), 7u);
  EXPECT_FALSE(news_.is_behind);
}

TEST_F(FeedReaderTest, is_lost_when_the_ring_has_passed_its_cursor) {
  fill(5);
  news_.cursor.next = 2;
  for (std::size_t change = 0; change < ChangeRing::fewest; ++change) report(id(0), static_cast<int>(change % 100));
  EXPECT_EQ(read(), Words{});
  EXPECT_TRUE(news_.is_lost);
  EXPECT_EQ(news_.cursor.next, 2u);
}

TEST_F(FeedReaderTest, is_lost_in_changes_to_come) {
  fill(5);
  news_.cursor.next = 6;
  read();
  EXPECT_TRUE(news_.is_lost);
}

TEST_F(FeedReaderTest, passes_over_all_devices_and_then_shows_what_changed_meanwhile) {
  fill(100);
  news_.cursor = FeedCursor::of_everything();
  auto words = read({}, 600);
  EXPECT_GT(words.size(), 40u);
  EXPECT_LT(words.size(), 60u) << "12 bytes each, or one more";
  EXPECT_TRUE(news_.is_behind);
  report(id(3), 33);
  report(id(77), 44);
  report("new", 55);
  const auto rest = read_all({}, 600);
  words.insert(words.end(), rest.begin(), rest.end());
  std::map<std::string, std::string> latest;
  for (const auto& word : words) latest[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
  ASSERT_EQ(latest.size(), 101u);
  for (const auto& [device, battery] : latest)
    EXPECT_EQ(battery, device == id(3) ? "33" : device == id(77) ? "44" : device == "new" ? "55" : "50") << device;
  EXPECT_EQ(news_.cursor, (FeedCursor{table_.version(), {}}));
}

TEST_F(FeedReaderTest, passes_over_removed_devices) {
  fill(4);
  read();
  const std::vector<std::uint32_t> removed{1, 2};
  report(id(1), 20);
  table_.remove(removed);
  report(id(3), 30);
  EXPECT_EQ(read_all(), Words{"device-3=30"}) << "the fleet's board has removals";
  news_.cursor = FeedCursor::of_everything();
  EXPECT_EQ(read_all(), (Words{"device-0=50", "device-3=30"}));
  table_.find_silent();  // the numbers may be used again
  report("new", 60);
  EXPECT_EQ(read_all(), Words{"new=60"});
}

TEST_F(FeedReaderTest, shows_only_what_matches) {
  for (const auto* device_id : {"a-1", "b-1", "a-2"}) report(device_id, 50);
  news_.cursor.next = 0;
  const DeviceFilter a_ones{.prefix = "a-"};
  EXPECT_EQ(read(a_ones), (Words{"a-1=50", "a-2=50"}));
  report("b-1", 10);
  EXPECT_EQ(read(a_ones), Words{}) << "a device that can never match does not leave";
}

TEST_F(FeedReaderTest, names_a_device_that_left) {
  report("high", 50);
  report("low", 10);
  EXPECT_EQ(read_all(low_ones), Words{});
  report("low", 9);
  EXPECT_EQ(read(low_ones), Words{"low=9"});
  report("low", 90);
  EXPECT_EQ(read(low_ones), Words{"-low"});
  EXPECT_EQ(news_.text.substr(news_.last_event), "-low ");
  report("low", 91);
  report("high", 60);
  EXPECT_EQ(read(low_ones), Words{}) << "they had left, or never matched";
}

TEST_F(FeedReaderTest, names_what_may_have_left_while_it_does_not_know) {
  report("high", 50);
  news_.cursor.next = 0;
  EXPECT_EQ(read(low_ones), Words{"-high"});
}

TEST_F(FeedReaderTest, shows_nothing_to_those_who_want_no_statuses) {
  report("a", 50);
  const auto view = std::make_shared<const FeedView>(FeedView{false, {}, render_status, render_left});
  const auto news = FeedReader(table_, table_.now).read({view, {0, {}}, {}, plenty});
  EXPECT_EQ(news.text, "");
  EXPECT_EQ(news.cursor, (FeedCursor{1, {}}));
}

TEST_F(FeedReaderTest, renders_a_device_once_for_all_channels) {
  fill(10);
  const auto view = [](const DeviceFilter& filter) {
    return std::make_shared<const FeedView>(FeedView{true, filter, render_status, render_left});
  };
  const DeviceFilter prefix{.prefix = "device"};
  std::vector<ChannelRead> channels;
  for (int i = 0; i < 3; ++i) channels.push_back({view(i == 1 ? prefix : DeviceFilter()), {0, {}}, {}, plenty});
  const auto news = read_feed(table_, table_.now, channels);
  ASSERT_EQ(news.size(), 3u);
  for (const auto& one : news) EXPECT_EQ(words_of(one.text).size(), 10u);
  EXPECT_EQ(rendered, 10);
}

TEST_F(FeedReaderTest, has_a_bound_for_all_channels_together) {
  fill(3000);
  std::vector<ChannelRead> channels;
  const auto view = std::make_shared<const FeedView>(FeedView{true, {}, render_status, render_left});
  for (int i = 0; i < 10; ++i) channels.push_back({view, FeedCursor::of_everything(), {}, plenty});
  const auto news = read_feed(table_, table_.now, channels);
  EXPECT_LE(rendered, 3000);
  EXPECT_FALSE(news.front().text.empty());
  EXPECT_EQ(news.back().text, "");
  EXPECT_TRUE(news.back().is_behind);
  EXPECT_EQ(news.back().cursor.sweep, 0u) << "it begins the next time";
}

// Whatever is read, and wherever it stops: what the client has in the end is what the table has.
TEST_F(FeedReaderTest, ends_with_what_matches_in_the_table) {
  std::uint64_t random = 1;
  const auto next = [&random](std::uint64_t below) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (random >> 33) % below;
  };
  for (int round = 0; round < 50; ++round) {
    std::set<std::string> client;
    news_ = {};
    news_.cursor = FeedCursor::of_everything();
    const auto take = [&](const Words& words) {
      for (const auto& word : words)
        word[0] == '-' ? void(client.erase(word.substr(1))) : void(client.insert(word.substr(0, word.find('='))));
    };
    for (int step = 0; step < 30; ++step) {
      for (auto reports = next(40); reports != 0; --reports) report(id(next(60)), static_cast<int>(next(40)));
      take(read(low_ones, 1 + next(200)));
      ASSERT_FALSE(news_.is_lost);
    }
    take(read_all(low_ones));
    std::set<std::string> expected;
    for (std::size_t device = 0; device < table_.numbers(); ++device)
      if (table_.at(device).status().battery_level < 20) expected.insert(table_.at(device).device_id);
    ASSERT_EQ(client, expected) << round;
  }
}

}  // namespace
}  // namespace ubiety
