// The thread that runs the server, as the parts that live on it see it.
#pragma once

#include <chrono>
#include <functional>

namespace ubiety::http {

class EventLoop {
 public:
  virtual ~EventLoop() = default;

  // Runs `task` on the loop's thread, after what is ready now. Any thread.
  virtual void post(std::function<void()> task) = 0;

  // Runs `task` on the loop's thread again and again. Before the loop starts.
  virtual void every(std::chrono::milliseconds interval, std::function<void()> task) = 0;
};

}  // namespace ubiety::http
