#include "telemetry/log_queue.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <thread>
#include <vector>

#include "support/wait_until.hpp"
#include "telemetry/log.hpp"

namespace ubiety::log {
namespace {

using namespace std::chrono_literals;

// A queue that writes into a pipe. Its thread never ends, so the pipe stays open too.
class LogQueueTest : public ::testing::Test {
 protected:
  static constexpr std::size_t most_bytes = 100'000;

  LogQueueTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    reading_ = ends[0];
    ::fcntl(reading_, F_SETFL, O_NONBLOCK);
    EXPECT_GT(::fcntl(reading_, F_SETPIPE_SZ, 4096), 0);  // less than the queue takes
    queue_ =
        &LogQueue::start(ends[1], most_bytes, [](std::uint64_t count) { return "dropped " + std::to_string(count); });
  }

  std::string read_some() {
    std::string text(65536, '\0');
    const auto size = ::read(reading_, text.data(), text.size());
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
  }

  int reading_ = -1;
  LogQueue* queue_ = nullptr;
};

TEST_F(LogQueueTest, writes_lines_in_their_order) {
  queue_->push("one");
  queue_->push("two");
  EXPECT_TRUE(queue_->flush(5s));
  EXPECT_EQ(read_some(), "one\ntwo\n");
}

TEST_F(LogQueueTest, drops_rather_than_waits) {
  const std::string line(99, 'x');
  constexpr std::uint64_t lines = 10'000;  // ten times what fits
  for (std::uint64_t i = 0; i < lines; ++i) queue_->push(line);
  EXPECT_GT(queue_->dropped(), lines / 2);
  EXPECT_FALSE(queue_->flush(20ms)) << "no thread reads";

  std::string text;
  std::uint64_t written = 0, dropped = 0;
  const auto all_is_told = [&] {
    text += read_some();
    written = dropped = 0;
    std::istringstream all(text);
    for (std::string one; std::getline(all, one);) {
      if (one.starts_with("dropped ")) dropped += std::stoull(one.substr(8));
      written += one == line ? 1 : 0;
    }
    return text.ends_with('\n') && written + dropped == lines;
  };
  EXPECT_TRUE(test::wait_until(all_is_told, 5s)) << written << " and " << dropped;
  EXPECT_EQ(dropped, queue_->dropped());
}

TEST_F(LogQueueTest, keeps_the_lines_of_each_thread_whole_and_in_order) {
  constexpr std::size_t threads = 4, lines = 1'000;  // less than the queue takes
  std::vector<std::jthread> pushing;
  for (std::size_t thread = 0; thread < threads; ++thread) {
    pushing.emplace_back([this, thread] {
      for (std::size_t i = 0; i < lines; ++i) queue_->push(std::to_string(thread) + " " + std::to_string(i));
    });
  }
  std::string text;
  const auto all_have_come = [&] {
    text += read_some();
    return std::count(text.begin(), text.end(), '\n') == threads * lines;
  };
  ASSERT_TRUE(test::wait_until(all_have_come, 10s));
  EXPECT_EQ(queue_->dropped(), 0u);
  std::array<std::size_t, threads> next{};
  std::istringstream all(text);
  for (std::size_t thread = 0, number = 0; all >> thread >> number;) {
    ASSERT_LT(thread, threads);
    ASSERT_EQ(number, next.at(thread)++);
  }
}

TEST_F(LogQueueTest, counts_what_cannot_be_written) {
  std::signal(SIGPIPE, SIG_IGN);
  ::close(reading_);
  queue_->push("lost");
  EXPECT_TRUE(queue_->flush(5s));
  EXPECT_EQ(queue_->dropped(), 1u);
}

TEST(LogInTheBackgroundDeathTest, is_written_before_an_abort) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        write_in_background();
        flush_before_crash();
        for (int i = 0; i < 5'000; ++i) info("an event", {{"number", i}});
        std::abort();
      },
      ::testing::KilledBySignal(SIGABRT), "number=4999");
}

}  // namespace
}  // namespace ubiety::log
