#include "http/resources/stream/channels.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ubiety::http {
namespace {

using Numbers = std::vector<std::uint64_t>;

class ChannelsTest : public ::testing::Test {
 protected:
  static FeedView view(std::string prefix = {}) {
    return {true, {.prefix = std::move(prefix)}, append_status_event, append_left_event};
  }
  ChannelPlace place(std::uint64_t next) const {
    auto place = ChannelPlace::from_now(1, 0);
    place.cursors.front().next = next;
    return place;
  }
  void open(std::uint64_t stream, std::uint64_t next, std::string prefix = {}) {
    channels_.open(stream, view(std::move(prefix)), {}, place(next));
  }

  // A step in which all channels read up to this change, but for the busy streams.
  std::vector<Numbers> step(std::uint64_t next) {
    std::vector<Numbers> read;
    for (auto* channel : channels_.begin_step([this](std::uint64_t stream) { return !busy_.contains(stream); })) {
      auto streams = channel->streams;
      std::sort(streams.begin(), streams.end());
      read.push_back(streams);
      channel->begin_step(news_);
      channel->question_to(0, 1);
      ChannelNews news;
      news.cursor.next = next;
      channel->take(0, std::move(news));
      channel->end_step(1);
    }
    std::sort(read.begin(), read.end());
    return read;
  }

  FleetNews news_;
  Channels channels_;
  std::set<std::uint64_t> busy_;
};

TEST_F(ChannelsTest, join_streams_that_want_the_same_once_they_are_equally_far) {
  open(1, 5);
  open(2, 7);
  open(3, 5, "a");
  open(4, 5);
  EXPECT_EQ(step(9), (std::vector<Numbers>{{1, 4}, {2}, {3}}));
  EXPECT_EQ(step(9), (std::vector<Numbers>{{1, 2, 4}, {3}}));
  EXPECT_EQ(channels_.size(), 2u);
}

TEST_F(ChannelsTest, divide_busy_streams_from_the_others) {
  for (std::uint64_t stream = 1; stream <= 4; ++stream) open(stream, 1);
  busy_ = {2, 3};
  EXPECT_EQ(step(5), (std::vector<Numbers>{{1, 4}}));
  EXPECT_EQ(channels_.of(2).place(), place(1)) << "it lacks what the others got";
  busy_ = {2};
  EXPECT_EQ(step(8), (std::vector<Numbers>{{1, 4}, {3}}));
  EXPECT_EQ(step(9), (std::vector<Numbers>{{1, 3, 4}}));
  busy_ = {};
  EXPECT_EQ(step(9), (std::vector<Numbers>{{1, 3, 4}, {2}}));
  EXPECT_EQ(step(9), (std::vector<Numbers>{{1, 2, 3, 4}}));
}

TEST_F(ChannelsTest, wait_for_streams_that_are_all_busy) {
  open(1, 1);
  busy_ = {1};
  EXPECT_EQ(step(5), std::vector<Numbers>{});
  EXPECT_EQ(channels_.of(1).place(), place(1));
}

TEST_F(ChannelsTest, set_a_stream_back_to_where_its_step_began) {
  open(1, 1);
  open(2, 1);
  step(5);
  channels_.set_back(2);
  EXPECT_EQ(channels_.of(2).place(), place(1));
  EXPECT_EQ(channels_.of(1).place().cursors.front().next, 5u);
  channels_.set_back(3);  // it was closed meanwhile
}

TEST_F(ChannelsTest, end_with_their_streams) {
  open(1, 1);
  open(2, 1);
  channels_.close(1);
  EXPECT_EQ(step(2), (std::vector<Numbers>{{2}}));
  channels_.close(2);
  channels_.close(2);
  EXPECT_EQ(step(3), std::vector<Numbers>{});
  EXPECT_EQ(channels_.size(), 0u);
  EXPECT_EQ(channels_.streams(), 0u);
}

}  // namespace
}  // namespace ubiety::http
