#include "support/latency_probe.hpp"

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
      result_.failures += client.get(path).status != 200;
      result_.answers.add(std::chrono::steady_clock::now() - began);
      wait_until([this] { return is_stopping_.load(); }, interval);
    }
  } catch (const HttpError&) {
    ++result_.failures;
  }
}

LatencyProbe::Result LatencyProbe::finish() {
  is_stopping_ = true;
  thread_.join();
  return std::move(result_);
}

}  // namespace ubiety::test
