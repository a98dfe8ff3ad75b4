// Proves regularly that requests can be answered: a message goes from the loop to every shard and back, as a request's
// does. While the loop or a shard hangs, there is no beat. The loop's thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include "actors/engine.hpp"
#include "http/outbox.hpp"

namespace ubiety::http {

struct HeartbeatOptions {
  std::chrono::milliseconds interval{};
  std::function<void()> beat{};  // called each time all shards have answered; without it there is no heartbeat
};

class Heartbeat {
 public:
  // `loop` and `engine` outlive the heartbeat; the shards live until stop().
  Heartbeat(EventLoop& loop, Engine& engine, HeartbeatOptions options)
      : engine_(engine),
        options_(std::move(options)),
        answers_(loop, [this](std::uint64_t, Alive&&) { note_answer(); }) {
    if (options_.beat) loop.every(options_.interval, [this] { ask(); });
  }

  void stop() { stopped_ = true; }

 private:
  // Asks only when all shards have answered, so that a shard that hangs does not find many messages afterwards.
  void ask() {
    if (stopped_ || missing_answers_ != 0) return;
    missing_answers_ = engine_.shards();
    engine_.prove_alive(answers_.reply_to(0));
  }
  void note_answer() {
    if (--missing_answers_ == 0 && !stopped_) options_.beat();
  }

  Engine& engine_;
  const HeartbeatOptions options_;
  Outbox<Alive> answers_;
  std::size_t missing_answers_ = 0;
  bool stopped_ = false;
};

}  // namespace ubiety::http
