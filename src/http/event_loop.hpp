// The thread that runs the server, as the parts that run on it see it.
#pragma once

#include <chrono>
#include <functional>

namespace ubiety::http {

class EventLoop {
 public:
  virtual ~EventLoop() = default;

  // Runs `task` on the loop's thread, after the tasks that are ready now, and then calls Engine::end_turn. Any thread.
  virtual void post(std::function<void()> task) = 0;

  // Runs `task` on the loop's thread after each interval. Call it before the loop starts.
  virtual void every(std::chrono::milliseconds interval, std::function<void()> task) = 0;
};

}  // namespace ubiety::http
