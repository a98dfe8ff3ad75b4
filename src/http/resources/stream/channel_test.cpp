#include "http/resources/stream/channel.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

constexpr std::uint64_t run = 0xAB;
constexpr std::size_t shards = 2;

DeviceFilter low_ones() { return {.battery_below = 20}; }
DeviceFilter a_ones() { return {.prefix = "a"}; }

using Kind = FleetNewsItem::Kind;

class ChannelTest : public ::testing::Test {
 protected:
  Channel channel(ChannelPlace place, const DeviceFilter& filter = {}, StreamKinds kinds = {}) {
    return Channel(std::make_shared<const FeedView>(FeedView{true, filter, append_status_event, append_left_event}),
                   kinds, std::move(place));
  }
  Channel channel_from_now() { return channel(ChannelPlace::from_now(shards, news_.last_number())); }

  static ChannelNews news(std::uint64_t next, std::string text = {}) {
    ChannelNews news;
    news.cursor.next = next;
    news.text = std::move(text);
    return news;
  }
  static ChannelNews lost() {
    auto lost = news(1);
    lost.is_lost = true;
    return lost;
  }
  // A step in which the shards answer so.
  std::string step(Channel& channel, ChannelNews first, ChannelNews second) {
    channel.begin_step(news_);
    for (std::uint32_t shard = 0; shard < shards; ++shard) channel.question_to(shard, 1);
    channel.take(0, std::move(first));
    channel.take(1, std::move(second));
    return channel.end_step(run);
  }
  static std::string current(std::string_view id) {
    return "id: " + std::string(id) + "\nevent: current\ndata: {}\n\n";
  }

  FleetNews news_;
};

TEST_F(ChannelTest, says_once_that_its_clients_have_caught_up) {
  auto now = channel_from_now();
  EXPECT_EQ(now.position(run), "") << "not known yet";
  EXPECT_EQ(step(now, news(5), news(6)), current("1-ab-0-5-6"));
  EXPECT_EQ(step(now, news(5), news(6)), "");
  EXPECT_EQ(step(now, news(7, "event: x\ndata: 1\n\n"), news(8)), "id: 1-ab-0-7-8\nevent: x\ndata: 1\n\n");
  EXPECT_FALSE(now.is_behind());
  EXPECT_EQ(now.position(run), "1-ab-0-7-8");
}

TEST_F(ChannelTest, goes_on_after_a_position_of_its_run) {
  const auto place = ChannelPlace::after({FeedPosition{run, 0, {3, 4}}}, run, shards, news_.last_number());
  EXPECT_FALSE(place.owes_reset);
  auto after = channel(place);
  EXPECT_EQ(after.question_to(1, 1).cursor, (FeedCursor{4, {}}));
  EXPECT_EQ(step(after, news(5), news(6)), current("1-ab-0-5-6"));
}

TEST_F(ChannelTest, begins_again_after_a_position_that_is_not_known) {
  const auto nothing = ChannelPlace::from_nothing(shards, news_.last_number());
  EXPECT_EQ(ChannelPlace::after({}, run, shards, news_.last_number()), nothing);
  EXPECT_EQ(ChannelPlace::after({FeedPosition{run + 1, 0, {3, 4}}}, run, shards, news_.last_number()), nothing);
  EXPECT_EQ(ChannelPlace::after({FeedPosition{run, 0, {3}}}, run, shards, news_.last_number()), nothing);
}

TEST_F(ChannelTest, shows_all_devices_behind_a_reset) {
  auto again = channel(ChannelPlace::from_nothing(shards, news_.last_number()));
  EXPECT_EQ(again.question_to(0, 1).cursor, FeedCursor::of_everything());
  auto more = news(5, "event: x\ndata: 1\n\n");
  more.cursor.sweep = 7;
  more.is_behind = true;
  EXPECT_EQ(step(again, more, news(6)), "event: reset\ndata: {}\n\nevent: x\ndata: 1\n\n")
      << "no id, because a client that loses the connection now lacks devices";
  EXPECT_TRUE(again.is_behind());
  EXPECT_EQ(step(again, news(5, "event: y\ndata: 2\n\n"), news(6)), "event: y\ndata: 2\n\n" + current("1-ab-0-5-6"));
}

TEST_F(ChannelTest, that_is_lost_shows_all_devices_of_that_shard) {
  auto lagging = channel_from_now();
  step(lagging, news(1), news(2));
  EXPECT_EQ(step(lagging, lost(), news(3)), "");
  EXPECT_TRUE(lagging.is_behind());
  EXPECT_EQ(lagging.question_to(0, 1).cursor, FeedCursor::of_everything());
  EXPECT_EQ(lagging.question_to(1, 1).cursor, (FeedCursor{3, {}}));
}

TEST_F(ChannelTest, that_is_lost_begins_again_if_devices_may_have_left) {
  auto lagging = channel(ChannelPlace::from_now(shards, news_.last_number()), low_ones());
  step(lagging, news(1), news(2));
  EXPECT_EQ(step(lagging, lost(), news(3, "event: x\ndata: 1\n\n")), "event: reset\ndata: {}\n\n");
  EXPECT_EQ(lagging.question_to(1, 1).cursor, FeedCursor::of_everything());
  EXPECT_EQ(step(lagging, news(5), news(6)), current("1-ab-0-5-6"));
}

TEST_F(ChannelTest, has_the_events_of_the_fleet_in_their_order) {
  auto now = channel_from_now();
  step(now, news(1), news(2));
  news_.add({Kind::problem, "a", "1"});
  news_.add({Kind::outage, {}, "2"});
  news_.add({Kind::removed, "a", "3"});
  news_.add({Kind::action, {}, "4"});
  EXPECT_EQ(step(now, news(4, "event: status\ndata: 5\n\n"), news(2)),
            "event: problem\ndata: 1\n\nevent: outage\ndata: 2\n\nevent: removed\ndata: 3\n\n"
            "event: action\ndata: 4\n\nid: 1-ab-4-4-2\nevent: status\ndata: 5\n\n")
      << "a device that was removed may have reported again";
  EXPECT_EQ(step(now, news(4), news(2)), "");
}

TEST_F(ChannelTest, has_only_the_events_that_its_clients_want) {
  auto outages = channel(ChannelPlace::from_now(shards, 0), a_ones(), {false, false, true, false, false});
  auto of_a = channel(ChannelPlace::from_now(shards, 0), a_ones(), {true, true, false, false, false});
  step(outages, news(1), news(2));
  step(of_a, news(1), news(2));
  for (const auto* device_id : {"a1", "b1"}) {
    news_.add({Kind::problem, device_id, device_id});
    news_.add({Kind::removed, device_id, device_id});
  }
  news_.add({Kind::outage, {}, "gone"});
  news_.add({Kind::action, {}, "done"});
  EXPECT_EQ(step(outages, news(1), news(2)), "id: 1-ab-6-1-2\nevent: outage\ndata: gone\n\n");
  EXPECT_EQ(step(of_a, news(1), news(2)), "event: problem\ndata: a1\n\nid: 1-ab-6-1-2\nevent: removed\ndata: a1\n\n");
}

TEST_F(ChannelTest, begins_again_when_it_missed_events_of_the_fleet) {
  auto lagging = channel_from_now();
  step(lagging, news(1), news(2));
  for (std::size_t i = 0; i <= FleetBoard::kept_changes; ++i) news_.add({Kind::problem, "a", "1"});
  EXPECT_EQ(step(lagging, news(1), news(2)), "id: 1-ab-4001-1-2\nevent: reset\ndata: {}\n\n");
  EXPECT_EQ(lagging.place().last_event, news_.last_number());
}

TEST_F(ChannelTest, has_the_overview_when_it_is_new) {
  news_.set_overview(R"({"time":1,"devices":5})");
  auto now = channel_from_now();
  auto of_outages = channel(ChannelPlace::from_now(shards, 0), {}, {false, false, true, false, false});
  EXPECT_EQ(step(now, news(1), news(2)),
            "event: overview\ndata: {\"time\":1,\"devices\":5}\n\n" + current("1-ab-0-1-2"));
  news_.set_overview(R"({"time":2,"devices":5})");
  EXPECT_EQ(step(now, news(1), news(2)), "") << "only its time is new";
  news_.set_overview(R"({"time":3,"devices":6})");
  EXPECT_EQ(step(now, news(1), news(2)), "id: 1-ab-0-1-2\nevent: overview\ndata: {\"time\":3,\"devices\":6}\n\n");
  EXPECT_EQ(step(of_outages, news(1), news(2)), current("1-ab-0-1-2"));
}

TEST_F(ChannelTest, keeps_its_place_where_a_shard_does_not_answer) {
  auto now = channel_from_now();
  step(now, news(1), news(2));
  now.begin_step(news_);
  now.question_to(0, 1);
  now.question_to(1, 1);
  now.take(0, news(5));
  EXPECT_EQ(now.end_step(run), "");
  EXPECT_EQ(now.position(run), "1-ab-0-5-2");
  EXPECT_EQ(now.place_before().cursors.front(), (FeedCursor{1, {}}));
}

}  // namespace
}  // namespace ubiety::http
