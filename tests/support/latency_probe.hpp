// Requests one path repeatedly, on its own connection and thread, and records the latency of each answer. One thread
// uses the object.
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
    std::size_t failures;  // answers other than 200, and requests without an answer
  };

  LatencyProbe(int port, std::string path);
  ~LatencyProbe();

  Result finish();

 private:
  void run(int port, const std::string& path);

  std::atomic<bool> is_stopping_ = false;
  Result result_{};  // belongs to the thread until it ends
  std::thread thread_;
};

}  // namespace ubiety::test
