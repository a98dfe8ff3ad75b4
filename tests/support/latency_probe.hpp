// LatencyProbe: asks for one path again and again, on a connection and a thread of its own, and notes how long each
// answer takes.
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "support/latencies.hpp"

namespace ubiety::test {

class LatencyProbe {
 public:
  struct Result {
    Latencies answers;
    std::size_t failures;  // other than 200, or none
  };

  LatencyProbe(int port, std::string path);
  ~LatencyProbe();

  Result finish();

 private:
  void run(int port, const std::string& path);

  std::atomic<bool> is_stopping_ = false;
  Result result_{};  // the thread's, until its end
  std::thread thread_;
};

}  // namespace ubiety::test
