#include "http/outbox.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

namespace ubiety::http {
namespace {

// A loop whose turns the test runs.
class QueueLoop final : public EventLoop {
 public:
  void post(std::function<void()> task) override {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  void every(std::chrono::milliseconds, std::function<void()>) override {}

  // Returns how many tasks it ran.
  std::size_t run() {
    std::vector<std::function<void()>> tasks;
    {
      const std::lock_guard lock(mutex_);
      tasks.swap(tasks_);
    }
    for (const auto& task : tasks) task();
    return tasks.size();
  }

 private:
  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;
};

TEST(OutboxTest, wakes_the_loop_once_for_all_that_gathers) {
  QueueLoop loop;
  std::vector<std::uint64_t> delivered;
  Outbox<int> outbox(loop, [&](std::uint64_t ticket, int&&) { delivered.push_back(ticket); });
  for (std::uint64_t ticket = 0; ticket < 3; ++ticket) outbox.reply_to(ticket)(7);
  EXPECT_EQ(loop.run(), 1u);
  EXPECT_EQ(delivered, (std::vector<std::uint64_t>{0, 1, 2}));
}

TEST(OutboxTest, lets_the_loop_do_other_tasks_between_many_outcomes) {
  QueueLoop loop;
  std::size_t delivered = 0;
  Outbox<int> outbox(loop, [&](std::uint64_t, int&&) { ++delivered; });
  for (std::uint64_t ticket = 0; ticket < 100; ++ticket) outbox.reply_to(ticket)(7);
  std::size_t delivered_before = 0;
  loop.run();
  loop.post([&] { delivered_before = delivered; });
  while (loop.run() != 0) {
  }
  EXPECT_GT(delivered_before, 0u);
  EXPECT_LT(delivered_before, 100u);
  EXPECT_EQ(delivered, 100u);
}

TEST(OutboxTest, delivers_the_rest_though_one_delivery_fails) {
  QueueLoop loop;
  std::vector<std::uint64_t> delivered;
  Outbox<int> outbox(loop, [&](std::uint64_t ticket, int&&) {
    if (ticket == 1) throw std::runtime_error("one answer fails");
    delivered.push_back(ticket);
  });
  for (std::uint64_t ticket = 0; ticket < 3; ++ticket) outbox.reply_to(ticket)(7);
  EXPECT_THROW(loop.run(), std::runtime_error);
  outbox.reply_to(3)(7);
  while (loop.run() != 0) {
  }
  EXPECT_EQ(delivered, (std::vector<std::uint64_t>{0, 2, 3}));
}

TEST(OutboxTest, delivers_each_answer_of_many_threads_once) {
  constexpr std::uint64_t answers = 10'000;
  constexpr std::uint64_t threads = 3;
  QueueLoop loop;
  std::vector<int> delivered(threads * answers);
  Outbox<std::uint64_t> outbox(
      loop, [&](std::uint64_t ticket, std::uint64_t&& outcome) { delivered[ticket] += outcome == ticket ? 1 : 1000; });
  std::atomic<std::uint64_t> running{threads};
  std::vector<std::thread> actors;
  for (std::uint64_t thread = 0; thread < threads; ++thread)
    actors.emplace_back([&, thread] {
      for (auto ticket = thread * answers; ticket < (thread + 1) * answers; ++ticket) outbox.reply_to(ticket)(ticket);
      --running;
    });
  while (running != 0) loop.run();
  for (auto& actor : actors) actor.join();
  while (loop.run() != 0) {
  }
  EXPECT_EQ(delivered, std::vector<int>(threads * answers, 1));
}

}  // namespace
}  // namespace ubiety::http
