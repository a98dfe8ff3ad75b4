// LatencyProbe: asks for one path again and again, on a connection and a thread of its own, and notes how long each
// answer takes.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace ubiety::test {

class LatencyProbe {
 public:
  struct Result {
    std::size_t answers = 0;
    std::size_t failures = 0;  // other than 200, or none
    std::chrono::microseconds p99{0}, slowest{0};
  };

  LatencyProbe(int port, std::string path);
  ~LatencyProbe();

  Result finish();

 private:
  void run(int port, const std::string& path);

  std::atomic<bool> is_stopping_ = false;
  std::size_t failures_ = 0;                     // the thread's, until its end
  std::vector<std::chrono::microseconds> took_;  // likewise
  std::thread thread_;
};

}  // namespace ubiety::test
