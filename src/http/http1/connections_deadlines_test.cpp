#include "http/http1/connections.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <vector>

namespace ubiety::http::gate {
namespace {

using namespace std::chrono_literals;

constexpr auto interval = ConnectionDeadlines::interval;
constexpr TimeLimits limits{.request = 3s, .head = 500ms, .body = 1s};

std::chrono::nanoseconds limit_of(Awaited what) {
  if (what == Awaited::request) return limits.request;
  return what == Awaited::head ? limits.head : limits.body;
}

class Connection final : public WaitingForClient {
 public:
  explicit Connection(ConnectionDeadlines& deadlines) : place_(deadlines) {}

  void wait_for(Awaited what) { place_.wait_for(what, *this); }
  void leave() { place_.leave(); }
  void client_is_late() override { ++times_late; }

  int times_late = 0;

 private:
  ConnectionDeadlines::Place place_;
};

class Deadlines : public ::testing::Test {
 protected:
  // In steps as small as the server's.
  void pass(std::chrono::nanoseconds time) {
    for (const auto end = now_ + time; now_ < end;) {
      now_ += std::min<std::chrono::nanoseconds>(interval, end - now_);
      deadlines_.advance(now_);
    }
  }

  SteadyTime now_{1000s};
  ConnectionDeadlines deadlines_{limits, now_};
};

TEST_F(Deadlines, tell_whose_client_is_late_once) {
  for (const auto what : {Awaited::request, Awaited::head, Awaited::body}) {
    Connection connection(deadlines_);
    connection.wait_for(what);
    pass(limit_of(what));
    EXPECT_EQ(connection.times_late, 0) << "before its time";
    pass(2 * interval);
    EXPECT_EQ(connection.times_late, 1);
    pass(2 * limit_of(what));
    EXPECT_EQ(connection.times_late, 1);
  }
}

TEST_F(Deadlines, are_not_prolonged_by_what_comes_in_drips) {
  Connection connection(deadlines_);
  for (int drip = 0; drip < 7; ++drip) {
    connection.wait_for(Awaited::head);
    pass(interval);
  }
  EXPECT_EQ(connection.times_late, 1);
}

TEST_F(Deadlines, begin_again_with_the_next_thing) {
  Connection connection(deadlines_);
  connection.wait_for(Awaited::head);
  pass(limits.head);
  connection.wait_for(Awaited::body);
  pass(limits.body);
  EXPECT_EQ(connection.times_late, 0);
  connection.leave();
  pass(limits.body);
  connection.wait_for(Awaited::head);
  pass(limits.head);
  EXPECT_EQ(connection.times_late, 0);
  pass(2 * interval);
  EXPECT_EQ(connection.times_late, 1);
}

// An empty line before a head makes it a head that has not begun, for a moment.
TEST_F(Deadlines, are_not_prolonged_by_a_step_back) {
  Connection connection(deadlines_);
  connection.wait_for(Awaited::head);
  connection.wait_for(Awaited::request);
  pass(limits.head + 2 * interval);
  EXPECT_EQ(connection.times_late, 1);
}

TEST_F(Deadlines, forget_connections_that_are_gone) {
  auto connection = std::make_unique<Connection>(deadlines_);
  Connection other(deadlines_);
  connection->wait_for(Awaited::head);
  other.wait_for(Awaited::head);
  connection.reset();
  pass(2 * limits.head);
  EXPECT_EQ(other.times_late, 1);
}

TEST_F(Deadlines, do_not_count_the_time_of_a_loop_that_stood_still) {
  Connection connection(deadlines_);
  connection.wait_for(Awaited::request);
  now_ += 1h;
  deadlines_.advance(now_);
  EXPECT_EQ(connection.times_late, 0);
  pass(limits.request - 1s + 2 * interval);
  EXPECT_EQ(connection.times_late, 1);
}

TEST_F(Deadlines, let_a_late_connection_wait_again) {
  struct Patient final : WaitingForClient {
    explicit Patient(ConnectionDeadlines& deadlines) : place(deadlines) {}
    void client_is_late() override {
      ++times_late;
      place.wait_for(Awaited::head, *this);
    }
    ConnectionDeadlines::Place place;
    int times_late = 0;
  } patient(deadlines_);
  patient.place.wait_for(Awaited::head, patient);
  pass(2 * (limits.head + 2 * interval));
  EXPECT_EQ(patient.times_late, 2);
}

// Against one deadline in a map for each connection, which is looked through in whole.
TEST_F(Deadlines, are_those_of_a_plain_model) {
  constexpr int connections = 40, steps = 20'000;
  struct Expected {
    std::optional<Awaited> what;
    SteadyTime begun{};
    int times_late = 0;
  };
  std::vector<std::unique_ptr<Connection>> actual;
  std::vector<Expected> expected(connections);
  for (int i = 0; i < connections; ++i) actual.push_back(std::make_unique<Connection>(deadlines_));
  std::mt19937 random(20261126);
  const auto below = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
  int late = 0;
  for (int step = 0; step < steps; ++step) {
    const auto index = below(connections);
    auto& connection = actual[index];
    auto& model = expected[index];
    switch (below(8)) {
      case 0:
        connection->leave();
        model.what.reset();
        break;
      case 1:
        connection = std::make_unique<Connection>(deadlines_);
        model = {};
        break;
      case 2:
        now_ += interval;
        deadlines_.advance(now_);
        break;
      default: {
        const auto what = static_cast<Awaited>(below(3));
        connection->wait_for(what);
        if (!model.what || what > *model.what) model = {what, now_, model.times_late};
      }
    }
    for (int i = 0; i < connections; ++i) {
      auto& each = expected[static_cast<std::size_t>(i)];
      if (each.what && now_ >= each.begun + interval + limit_of(*each.what)) {
        each.what.reset();
        ++each.times_late;
        ++late;
      }
      ASSERT_EQ(actual[static_cast<std::size_t>(i)]->times_late, each.times_late) << "step " << step;
    }
  }
  EXPECT_GT(late, 100) << "the model saw too little";
}

}  // namespace
}  // namespace ubiety::http::gate
