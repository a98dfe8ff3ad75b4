// What tests of the real engine have in common: its options, and the wait for what it answers.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <stdexcept>
#include <string>

#include "actors/engine.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {

inline constexpr std::chrono::seconds engine_patience{20};

inline EngineOptions engine_options(std::uint32_t shards, SummaryEncoder encoder) {
  return {.shards = shards,
          .scheduler_threads = shards,
          .readers = 1,
          .max_in_flight = {1000, 1'000'000},
          .max_shard_in_flight = {1000, 1'000'000},
          .max_unread_bytes = 1'000'000,
          .max_clock_skew = std::chrono::seconds(300),
          .commit_linger = std::chrono::milliseconds(2),
          .stale_after = std::chrono::minutes(10),
          .learning_patience = std::chrono::hours(25),
          .group_by = {},
          .tail_memory = 1 << 20,
          .retention = std::chrono::days(0),
          .may_migrate = true,
          .keeps_keys = false,
          .encoder = encoder,
          .give_up = [](const std::string& reason) { ADD_FAILURE() << reason; }};
}

inline void start_and_wait(Engine& engine) {
  engine.start();
  ASSERT_TRUE(wait_until([&] { return engine.state().readiness.is_ready(); }, engine_patience));
}

// An answer of an actor's, on its way.
template <class Outcome>
class Awaited {
 public:
  Reply<Outcome> reply() {
    return {[](void* awaited, std::uint64_t, Outcome&& outcome) {
              static_cast<Awaited*>(awaited)->promise_.set_value(std::move(outcome));
            },
            this, 0};
  }
  bool has_come(std::chrono::seconds within) { return outcome_.wait_for(within) == std::future_status::ready; }
  Outcome get() {
    if (!has_come(engine_patience)) throw std::runtime_error("no answer");
    return outcome_.get();
  }

 private:
  std::promise<Outcome> promise_;
  std::future<Outcome> outcome_ = promise_.get_future();
};

}  // namespace ubiety::test
