#include "support/latency_probe.hpp"

#include <algorithm>

#include "support/http_client.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {

LatencyProbe::LatencyProbe(int port, std::string path)
    : thread_([this, port, path = std::move(path)] { run(port, path); }) {}

LatencyProbe::~LatencyProbe() {
  is_stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void LatencyProbe::run(int port, const std::string& path) {
  const std::chrono::milliseconds interval{5};
  try {
    HttpClient client(port);
    while (!is_stopping_) {
      const auto began = std::chrono::steady_clock::now();
      failures_ += client.get(path).status != 200;
      const auto took = std::chrono::steady_clock::now() - began;
      took_.push_back(std::chrono::duration_cast<std::chrono::microseconds>(took));
      wait_until([this] { return is_stopping_.load(); }, interval);
    }
  } catch (const HttpError&) {
    ++failures_;
  }
}

LatencyProbe::Result LatencyProbe::finish() {
  is_stopping_ = true;
  thread_.join();
  std::sort(took_.begin(), took_.end());
  Result result{.answers = took_.size(), .failures = failures_};
  if (!took_.empty()) {
    result.p99 = took_[(took_.size() - 1) * 99 / 100];
    result.slowest = took_.back();
  }
  return result;
}

}  // namespace ubiety::test
