// Proves regularly that requests can be answered: a message goes from the loop to every shard and back, as a request's
// does. While the loop or a shard hangs, there is no beat. The loop's thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

#include "actors/engine.hpp"
#include "http/event_loop.hpp"
#include "http/outbox.hpp"

namespace ubiety::http {

struct HeartbeatOptions {
  std::chrono::milliseconds interval{};
  std::function<void()> beat{};  // called each time all shards have answered; without it there is no heartbeat
};

class Heartbeat {
 public:
  // `loop` and `engine` outlive the heartbeat; the shards live until stop().
  Heartbeat(EventLoop& loop, Engine& engine, HeartbeatOptions options);

  void stop() { stopped_ = true; }

 private:
  void ask();
  void note_answer();

  Engine& engine_;
  const HeartbeatOptions options_;
  Outbox<Alive> answers_;
  std::size_t missing_answers_ = 0;
  bool stopped_ = false;
};

}  // namespace ubiety::http
